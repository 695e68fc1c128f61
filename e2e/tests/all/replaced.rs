//! Players take their video out, put it elsewhere, or make another while it plays: the overlay goes
//! along.

use crate::moving::tracked;
use crate::pages;
use e2e::{Result, Stage, ensure, json};

e2e::engines!(
    taken_out_and_put_back,
    wrapped_while_playing,
    replaced_while_playing,
    another_video_in_its_place,
    thrown_out_by_the_player
);

/// The tracked clip, playing.
fn open(stage: &Stage) -> Result<()> {
    pages::open(stage, &tracked())?;
    stage.browser.js(
        "window.v = probe.video(); await probe.play(); \
         window.overlays = () => document.querySelectorAll('vitrine-overlay').length; \
         window.off = (video) => { const spot = probe.spot('box', video)?.getBoundingClientRect(); if (!spot) return 1e9; \
           const box = video.getBoundingClientRect(), t = video.currentTime, y = 156 + 40 * Math.sin(2 * t); \
           return Math.hypot(spot.x + spot.width / 2 - box.x - (88 + 74 * t) / 640 * box.width, \
             spot.y + spot.height / 2 - box.y - y / 360 * box.height) / box.width; };",
    )?;
    stage.browser.wait("v.currentTime > 0.3").map(drop)
}

/// A still video has its hotspot on the product, and the hotspot works.
fn works_on(stage: &Stage, video: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.js(&format!("await probe.seek(2, {video});"))?;
    let off = browser.get(&format!("off({video})"))?;
    ensure!(
        off.as_f64().is_some_and(|off| off < 0.01),
        "the hotspot is {off} of the width beside its product"
    );
    ensure!(browser.get("overlays()")? == 1, "not one overlay");
    browser.click_on(&format!("probe.spot('box', {video})"))?;
    browser.wait(&format!("!!probe.part('card', {video})"))?;
    ensure!(
        browser.get("probe.errors.length")? == 0,
        "errors: {}",
        browser.get("probe.errors")?
    );
    Ok(())
}

fn taken_out_and_put_back(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    let view = stage.view_id()?;
    browser.js("v.remove(); await probe.frames(2);")?;
    ensure!(
        browser.get("overlays()")? == 0,
        "the overlay was left behind"
    );
    browser.js(
        "const place = document.body.appendChild(document.createElement('section')); place.className = 'box'; \
         place.append(v); await probe.frames(3);",
    )?;
    works_on(stage, "v")?;
    ensure!(stage.view_id()? == view, "the same video is the same view");
    // The whole player goes, and comes back.
    browser.js(
        "window.place = v.parentElement; place.remove(); await probe.frames(2); document.body.prepend(place); \
         Object.assign(place.style, { width: '480px', height: '270px' }); await probe.frames(3);",
    )?;
    works_on(stage, "v")?;
    browser
        .js("vitrine.overlays[0].destroy(); v.remove(); place.append(v); await probe.frames(2);")?;
    ensure!(
        browser.get("overlays()")? == 0,
        "a destroyed overlay came back"
    );
    Ok(())
}

fn wrapped_while_playing(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    // As Plyr does when it starts.
    browser.js(
        "const outer = document.createElement('div'), inner = document.createElement('div'); \
         outer.className = 'box small'; v.parentElement.replaceWith(outer); outer.append(inner); \
         inner.append(v); await v.play(); await probe.frames(3);",
    )?;
    browser.wait("v.currentTime > 0.5 && off(v) < 0.02")?;
    works_on(stage, "v")
}

fn replaced_while_playing(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    let first = stage.view_id()?;
    // As video.js does where it cannot move an element: a copy takes its place.
    browser.js(
        "const { attach } = vitrine, fresh = v.cloneNode(); fresh.muted = true; v.before(fresh); v.remove(); \
         window.old = v; window.v = fresh; await fresh.play();",
    )?;
    browser.wait("v.currentTime > 0.4 && off(v) < 0.02")?;
    let second = stage.view_id()?;
    ensure!(second != first, "another video is another view");
    works_on(stage, "v")?;
    let told = browser.get("probe.said('vitrine:hotspot-click').length")?;
    ensure!(told == 1, "{told} clicks were told");
    browser.js("vitrine.flush();")?;
    stage.view(&first, "view_end")?;
    stage.view(&second, "hotspot_click")?;
    // The copy has the overlay, the old one has none any more.
    let refused = browser.js_with(
        "try { await vitrine.attach(v, { config: args }); return ''; } catch (error) { return error.message; }",
        tracked(),
    )?;
    ensure!(
        refused
            .as_str()
            .is_some_and(|text| text.contains("already")),
        "a second overlay on the copy: {refused}"
    );
    browser.js_with(
        "v.parentElement.append(old); (await vitrine.attach(old, { config: args })).destroy(); old.remove(); \
         vitrine.overlays[0].destroy(); (await vitrine.attach(v, { config: args })).destroy();",
        tracked(),
    )?;
    ensure!(
        browser.get("overlays()")? == 0,
        "an overlay was left behind"
    );
    Ok(())
}

/// A page that swaps its films in one box: the hotspots of the one are not shown on the other.
fn another_video_in_its_place(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.js_with(
        "const other = v.cloneNode(); other.id = 'w'; other.muted = true; v.replaceWith(other); window.w = other; \
         for (let n = 0; n < 300 && overlays(); n++) await probe.frames(1); window.left = overlays(); await vitrine.attach(other, { config: args });",
        tracked(),
    )?;
    ensure!(
        browser.get("left")? == 0,
        "the overlay went to another film"
    );
    works_on(stage, "w")
}

/// A player that draws its box anew knows nothing of the overlay in it.
fn thrown_out_by_the_player(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.js("document.querySelector('vitrine-overlay').remove(); await probe.frames(2);")?;
    works_on(stage, "v")?;
    browser.js_with(
        "const player = v.parentElement, markup = args; player.innerHTML = ''; await probe.frames(2); \
         window.left = overlays(); player.append(Object.assign(v.cloneNode(), { muted: true })); \
         window.v = player.querySelector('video'); await v.play();",
        json!(null),
    )?;
    ensure!(browser.get("left")? == 0, "the overlay was left behind");
    browser.wait("v.currentTime > 0.2 && off(v) < 0.02")?;
    works_on(stage, "v")
}
