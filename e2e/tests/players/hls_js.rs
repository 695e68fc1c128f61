//! hls.js on a bare `<video controls>`.

use crate::pages::{self, Tag};
use crate::stream;
use e2e::{Engine, Point, Result, Stage, ensure};

e2e::engines!(the_picture_changes_size, the_browser_s_own_controls);

const PLAYER: &str = "<div id=\"player\" class=\"box\"><video id=\"v\" controls muted playsinline></video></div>\
    <script src=\"/players/hls.js/dist/hls.min.js\"></script><script src=\"/e2e/hls.js\"></script>";

/// As in the README of hls.js.
const START: &str = "const hls = window.hls = new Hls({ startLevel: 0, capLevelToPlayerSize: false });\n\
    hls.loadSource('/hls/master.m3u8');\nhls.attachMedia(document.querySelector('#v'));\n";

/// False where the engine cannot play it.
fn open(stage: &mut Stage) -> Result<bool> {
    if !stream::open_site(stage)? {
        return Ok(false);
    }
    stage.site.put("/e2e/hls.js", "text/javascript", START);
    pages::serve_config(stage, &stream::hotspots());
    let tag = Tag {
        head: "<script src=\"/e2e/players.js\"></script>",
        ..Tag::default()
    };
    stage.open_ready(&pages::serve(stage, "hls", PLAYER, &tag))?;
    stage
        .browser
        .wait("hls.levels.length === 2 && probe.video().readyState > 1")?;
    Ok(true)
}

/// The overlay follows a picture that lies in its natural size in the middle of the video.
fn the_picture_changes_size(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    browser.js(
        "const video = probe.video(); video.className = 'fit-none'; hls.nextLevel = 0; \
         players.record(video, true); await probe.play();",
    )?;
    browser.wait("probe.video().videoWidth === 320 && players.rows.length > 5")?;
    browser.js("hls.nextLevel = 1;")?;
    browser.wait("probe.video().videoWidth === 640")?;
    browser.wait("probe.video().currentTime > 3")?;
    browser.js("probe.video().pause();")?;
    let sizes =
        browser.get("[...new Set(players.rows.map(([, width]) => width))].sort().join()")?;
    ensure!(sizes == "320,640", "the picture was {sizes} wide");
    // The frame of the change itself is drawn before anyone is told: one or two may be wrong.
    let wrong = browser.get("players.rows.filter(([off]) => off > 0.03).length")?;
    let frames = browser.get("players.rows.length")?;
    eprintln!("  {wrong} of {frames} frames with the hotspot beside its product");
    ensure!(
        wrong.as_u64().is_some_and(|wrong| wrong <= 3),
        "in {wrong} of {frames} frames the hotspot was beside its product: {}",
        browser.get("players.rows.map(([off, width]) => [+off.toFixed(3), width])")?
    );
    browser.js("await probe.seek(2);")?;
    let off = browser.get("players.off(2, probe.video(), true)")?;
    ensure!(
        off.as_f64().is_some_and(|off| off < 0.01),
        "{off} beside it"
    );
    Ok(())
}

/// Where the engines have their play button, from the video's left and lower edge.
fn play_button(engine: Engine) -> (f64, f64) {
    match engine {
        Engine::Chromium => (24.0, 48.0),
        Engine::Firefox => (25.0, 20.0),
        Engine::WebKit => (61.0, 21.0),
    }
}

/// A hotspot lies where the play button is, and leaves it alone.
fn the_browser_s_own_controls(stage: &mut Stage) -> Result<()> {
    if !open(stage)? {
        return Ok(());
    }
    let browser = &stage.browser;
    browser.js("await probe.seek(1);")?;
    let low = browser.get(
        "probe.video().getBoundingClientRect().bottom - probe.spot('low').getBoundingClientRect().bottom",
    )?;
    ensure!(
        low.as_f64() >= Some(71.9),
        "the lowest hotspot ends {low} px above the video's edge"
    );
    let (left, up) = play_button(browser.engine());
    let corner =
        browser.get("(({ x, bottom }) => [x, bottom])(probe.video().getBoundingClientRect())")?;
    let button = Point {
        x: corner[0].as_f64().unwrap_or_default() + left,
        y: corner[1].as_f64().unwrap_or_default() - up,
    };
    browser.click(button)?;
    browser.wait("!probe.video().paused && probe.video().currentTime > 1.2")?;
    browser.click(button)?;
    browser.wait("probe.video().paused")?;
    ensure!(
        browser.get("probe.said('vitrine:hotspot-click').length")? == 0,
        "the click was a hotspot's"
    );
    // What is above the bar is the hotspot's.
    browser.click_on("probe.spot('low')")?;
    browser.wait("!!probe.part('card')").map(drop)
}
