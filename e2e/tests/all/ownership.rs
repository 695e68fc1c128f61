//! What an overlay attaches it detaches; overlays do not know of each other; the page stays the page.

use crate::pages::{self, Tag};
use e2e::{Context, Result, Stage, Value, ensure, json};

e2e::engines!(
    a_thousand_times,
    two_on_a_page,
    adding_and_removing_the_video
);

const TWO: &str = "<div class=\"box small\"><video id=\"one\" src=\"/e2e/clip.webm\" muted playsinline preload=\"auto\"></video></div>\
    <div class=\"box small\"><video id=\"two\" src=\"/e2e/clip.webm\" muted playsinline preload=\"auto\"></video></div>";

fn config(id: &str) -> Value {
    pages::file(vec![pages::still(
        id,
        0.0,
        6.0,
        [50.0, 50.0, 20.0, 30.0],
        json!({ "shape": "rect" }),
    )])
}

fn a_thousand_times(stage: &mut Stage) -> Result<()> {
    let body = pages::PLAYER;
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Census</title>\
         <link rel=\"stylesheet\" href=\"/e2e/pages.css\"><script src=\"/e2e/census.js\"></script>\
         <script src=\"/e2e/probe.js\"></script><script type=\"module\" src=\"/e2e/lab.mjs\"></script></head>\
         <body>{body}</body></html>"
    );
    stage
        .site
        .put("/e2e/census.html", "text/html; charset=utf-8", page);
    stage.open("/e2e/census.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab && probe.video().readyState > 1")?;
    browser.js_with(
        "lab.config = args; lab.round = async (count) => { for (let i = 0; i < count; i++) { \
           const overlay = await lab.attach(probe.video(), { config: lab.config, collector: i % 10 ? null : '/events' }); \
           if (i % 50 === 0) { probe.spot('lamp').click(); await probe.frames(2); } \
           overlay.destroy(); } };",
        config("lamp"),
    )?;
    // The first one loads what all share.
    browser.js("await lab.round(1); await probe.frames(3);")?;
    let before = browser.get("census.count()")?;
    browser.js(
        "const overlay = await lab.attach(probe.video(), { config: lab.config }); \
        lab.during = census.count(); overlay.destroy();",
    )?;
    ensure!(
        browser.get("lab.during.listeners")?.as_u64() > before["listeners"].as_u64(),
        "the census sees no listener"
    );
    browser.js("await lab.round(500);")?;
    browser.js("await lab.round(500); await probe.frames(3);")?;
    let same = e2e::until(e2e::LIMIT, || {
        Ok((browser.get("census.count()")? == before).then_some(()))
    })?;
    ensure!(
        same.is_some(),
        "before a thousand overlays: {before}\nafter them: {}",
        browser.get("census.count()")?
    );
    // And it still works.
    browser.js("lab.overlay = await lab.attach(probe.video(), { config: lab.config }); await probe.seek(1);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')").map(drop)
}

fn two_on_a_page(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &config("first"));
    stage.site.put(
        "/e2e/second.json",
        "application/json",
        config("second").to_string(),
    );
    let more = "<script async src=\"/vitrine/vitrine.js\" data-video=\"#two\" data-config=\"/e2e/second.json\" \
        data-collector=\"/events\"></script>";
    let tag = Tag {
        video: "#one",
        ..Tag::default()
    };
    let path = pages::serve(stage, "two", &format!("{TWO}{more}"), &tag);
    stage.open(&path)?;
    let browser = &stage.browser;
    browser.wait(
        "probe.said('vitrine:ready').map(({ target }) => target).sort().join() === 'one,two'",
    )?;
    browser.js(
        "window.one = document.querySelector('#one'); window.two = document.querySelector('#two'); \
        await probe.seek(1, one); await probe.play(two);",
    )?;
    ensure!(
        browser.get("probe.shown(one).join() + probe.shown(two).join()")? == "firstsecond",
        "each video has its own"
    );
    browser.click_on("probe.spot('second', two)")?;
    browser.wait("probe.part('card', two)")?;
    ensure!(
        browser.get("!!probe.part('card', one)")? == false,
        "the other overlay opened its card too"
    );
    let told =
        browser.get("probe.said('vitrine:hotspot-click').map(({ target }) => target).join()")?;
    ensure!(told == "two", "the click was told by {told}");
    browser.js("vitrine.overlays.find((overlay) => overlay).destroy();")?;
    let left = browser.get("[...document.querySelectorAll('vitrine-overlay')].length")?;
    ensure!(
        left == 1,
        "{left} overlays are left after one was destroyed"
    );
    browser.wait("two.currentTime > 0.5 && !two.paused")?;
    let views = browser
        .get("[...new Set(probe.said('vitrine:event').map(({ detail }) => detail.view_id))]")?;
    browser.js("vitrine.flush();")?;
    for view in views.as_array().context("no views")? {
        stage.view(view.as_str().unwrap_or_default(), "impression")?;
    }
    ensure!(
        views.as_array().map(Vec::len) == Some(2),
        "two videos are two views, not {views}"
    );
    Ok(())
}

fn adding_and_removing_the_video(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &config("lamp"))?;
    let browser = &stage.browser;
    // A page that throws its player away, with the overlay in it, and goes on.
    browser.js(
        "await probe.play(); document.querySelector('#player').remove(); await probe.frames(5);",
    )?;
    ensure!(
        browser.get("probe.errors.length")? == 0,
        "errors: {}",
        browser.get("probe.errors")?
    );
    browser.click_on("document.querySelector('#after')")?;
    Ok(())
}
