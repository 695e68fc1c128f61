//! video.js 8 with its own HLS.

use crate::pages::{self, Tag};
use crate::stream;
use e2e::{Engine, Result, Stage, ensure, json};

e2e::engines!(
    on_the_products_while_it_plays,
    its_bar_is_its_own,
    its_menus_and_keys,
    it_is_set_up_after_the_overlay,
    it_goes_and_comes_back
);

/// As in its documentation.
const PLAYER: &str = r#"<video id="my-video" class="video-js" controls muted preload="auto" width="640" height="360"
    data-setup='{"playbackRates": [1, 1.5, 2], "userActions": {"hotkeys": true},
                 "html5": {"vhs": {"enableLowInitialPlaylist": true}}}'>
  <source src="/hls/master.m3u8" type="application/x-mpegURL">
  <track kind="captions" src="/e2e/words.vtt" srclang="en" label="English">
</video>"#;
const SCRIPT: &str = "<script src=\"/players/video.js/dist/video.min.js\"></script>";
const HEAD: &str = "<link rel=\"stylesheet\" href=\"/players/video.js/dist/video-js.css\"><script src=\"/e2e/players.js\"></script>";

/// In WebKitGTK the HLS of video.js stands still after its first frame, with or without an overlay
/// (that of hls.js plays): there it gets a file.
const STREAM: &str = "src=\"/hls/master.m3u8\" type=\"application/x-mpegURL\"";
const FILE: &str = "src=\"/e2e/clip.webm\" type=\"video/webm\"";

fn has_stream(stage: &Stage) -> bool {
    stage.browser.engine() != Engine::WebKit
}

/// Opens a page with the player; false where the engine cannot play it.
fn open_page(stage: &mut Stage, body: &str, tag: &Tag<'_>) -> Result<bool> {
    if !stream::open_site(stage)? {
        return Ok(false);
    }
    let words = "WEBVTT\n\n00:00.000 --> 00:06.000\nA box goes by.\n";
    stage.site.put("/e2e/words.vtt", "text/vtt", words);
    pages::serve_config(stage, &stream::hotspots());
    let tag = Tag {
        head: HEAD,
        ..tag.clone()
    };
    let mut body = body.to_owned();
    if !has_stream(stage) {
        body = body.replace(STREAM, FILE);
    }
    stage.open_ready(&pages::serve(stage, "video-js", &body, &tag))?;
    Ok(true)
}

fn open(stage: &mut Stage) -> Result<bool> {
    let tag = Tag {
        video: "#my-video",
        ..Tag::default()
    };
    if !open_page(stage, &format!("{PLAYER}{SCRIPT}"), &tag)? {
        return Ok(false);
    }
    stage.browser.js("window.player = videojs('my-video');")?;
    stage.browser.wait("player.readyState() > 1")?;
    Ok(true)
}

/// Its big button, by a real click.
fn start(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    browser.click_on("document.querySelector('.vjs-big-play-button')")?;
    browser
        .wait("!player.paused() && player.currentTime() > 0.3")
        .map(drop)
}

fn on_the_products_while_it_plays(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    browser.js("players.record();")?;
    start(stage)?;
    browser.wait("player.currentTime() > 4 && player.videoWidth() === 640")?;
    // For the window, too: the player is fluid in it.
    browser.js("player.fluid(true); await probe.frames(3);")?;
    browser.wait("player.currentTime() > 4.6")?;
    // It begins with the small picture and finds that it could have the large one.
    let sizes =
        browser.get("[...new Set(players.rows.map(([, width]) => width))].sort().join()")?;
    ensure!(
        sizes == "320,640" || !has_stream(stage),
        "the picture was {sizes} wide"
    );
    let wrong = browser.get("players.rows.filter(([off]) => off > 0.02).length")?;
    let frames = browser.get("players.rows.length")?;
    eprintln!("  {wrong} of {frames} frames with the hotspot beside its product");
    ensure!(
        wrong.as_f64() <= frames.as_f64().map(|frames| frames * 0.1),
        "in {wrong} of {frames} frames the hotspot was beside its product: {}",
        browser.get("players.rows.map(([off]) => +off.toFixed(3))")?
    );
    browser.js("player.pause(); await probe.seek(2.2);")?;
    let off = browser.get("players.off(2.2)")?;
    ensure!(
        off.as_f64().is_some_and(|off| off < 0.01),
        "{off} beside it"
    );
    Ok(())
}

fn its_bar_is_its_own(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    start(stage)?;
    browser.js("player.pause(); player.currentTime(1); await probe.frames(5);")?;
    browser.wait("probe.shown().join() === 'box,corner,low,menu'")?;
    let bar = "document.querySelector('.vjs-control-bar')";
    let covered = browser.get(&format!(
        "players.covered({bar}.querySelectorAll('button, .vjs-progress-holder'))"
    ))?;
    ensure!(covered == json!([]), "hotspots cover {covered}");
    let low = browser.get(&format!(
        "{bar}.getBoundingClientRect().top - probe.spot('low').getBoundingClientRect().bottom"
    ))?;
    ensure!(
        low.as_f64().is_some_and(|gap| (-0.1..2.0).contains(&gap)),
        "the lowest hotspot ends {low} px above the bar"
    );
    browser.click_on("document.querySelector('.vjs-play-control')")?;
    browser.wait("!player.paused()")?;
    browser.click_on("document.querySelector('.vjs-play-control')")?;
    browser.wait("player.paused()")?;
    // A click on the picture is the player's, one on a hotspot is not.
    browser.click(browser.centre("document.querySelector('#my-video')")?)?;
    browser.wait("!player.paused()")?;
    browser.click(browser.centre("document.querySelector('#my-video')")?)?;
    browser.wait("player.paused()")?;
    ensure!(
        browser.get("probe.said('vitrine:hotspot-click').length")? == 0,
        "a click was a hotspot's"
    );
    browser.click_on("probe.spot('low')")?;
    browser.wait("!!probe.part('card')")?;
    ensure!(
        browser.get("player.paused()")? == true,
        "the click was the player's too"
    );
    Ok(())
}

fn its_menus_and_keys(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    start(stage)?;
    browser.js("player.pause(); player.currentTime(1);")?;
    // It opens over a hotspot.
    browser.click_on("document.querySelector('.vjs-subs-caps-button > button')")?;
    let item = "[...document.querySelectorAll('.vjs-subs-caps-button .vjs-menu-item')].find((item) => item.textContent.includes('English'))";
    browser.wait(&format!("{item}?.getBoundingClientRect().height > 0"))?;
    browser.js("await probe.frames(3);")?;
    ensure!(
        browser.get(&format!("players.covered([{item}])"))? == json!([]),
        "a hotspot covers the menu"
    );
    browser.click_on(item)?;
    browser.wait("Array.from(player.textTracks()).some(({ label, mode }) => label === 'English' && mode === 'showing')")?;
    // With the focus on the player: its keys.
    browser.js("player.el().focus();")?;
    browser.press(' ')?;
    browser.wait("!player.paused()")?;
    browser.press('k')?;
    browser.wait("player.paused()")?;
    browser
        .js("document.querySelector('.vjs-progress-holder').focus(); player.currentTime(0.2);")?;
    browser.wait("!player.seeking()")?;
    browser.press('\u{e014}')?;
    browser.wait("player.currentTime() > 3")?;
    // With the focus on a hotspot: the hotspot's.
    browser.js("await probe.seek(1); probe.spot('corner').focus();")?;
    browser.press(' ')?;
    browser.wait("!!probe.part('card')")?;
    ensure!(
        browser.get("player.paused()")? == true,
        "the key was the player's too"
    );
    Ok(())
}

/// The page makes its player only once the overlay is there: the video is wrapped under it.
fn it_is_set_up_after_the_overlay(stage: &mut Stage) -> Result<()> {
    let plain = PLAYER.replace("data-setup", "data-later");
    let tag = Tag {
        video: "#my-video",
        ..Tag::default()
    };
    if !open_page(stage, &format!("{plain}{SCRIPT}"), &tag)? {
        return Ok(());
    }
    let browser = &stage.browser;
    browser.js("window.player = videojs('my-video', {});")?;
    browser.wait("player.readyState() > 1")?;
    start(stage)?;
    browser.js("player.pause(); await probe.seek(2.2);")?;
    browser.wait("players.off(2.2) < 0.01")?;
    browser.click_on("probe.spot('box')")?;
    browser.wait("!!probe.part('card')").map(drop)
}

/// Its `reset` makes the video anew; disposing of the player takes everything along.
fn it_goes_and_comes_back(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    start(stage)?;
    browser.js(
        "window.old = probe.video(); const source = player.currentSource(); player.reset(); await probe.frames(3); \
         player.src(source);",
    )?;
    ensure!(
        browser.get("old.isConnected || old === probe.video()")? == false,
        "video.js kept its video"
    );
    browser.wait("player.readyState() > 1")?;
    browser.js("await probe.seek(2.2);")?;
    browser.wait("players.off(2.2) < 0.01")?;
    browser.js("player.dispose(); await probe.frames(3);")?;
    let left = browser.get("document.querySelectorAll('vitrine-overlay').length")?;
    ensure!(left == 0, "{left} overlays are left behind");
    ensure!(
        browser.get("probe.errors.length")? == 0,
        "errors: {}",
        browser.get("probe.errors")?
    );
    Ok(())
}
