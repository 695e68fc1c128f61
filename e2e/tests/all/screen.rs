//! Pages whose video goes into fullscreen, for the tests.

use crate::moving::numbers;
use crate::pages::{self, PLAYER, Tag};
use e2e::{Point, Result, Stage, Value, ensure, json};

/// The box of the overlay lies above the video that is in fullscreen alone.
pub const ABOVE: &str =
    "document.fullscreenElement?.id === 'v' && probe.root().querySelector('.screen:popover-open')";

/// Opens a page with a video with native controls, and a button that puts `what` into fullscreen.
pub fn open(stage: &Stage, config: &Value, what: &str) -> Result<()> {
    pages::serve_config(stage, config);
    let player = PLAYER.replace(" muted", " controls muted");
    stage.open_ready(&pages::serve(stage, "full", &player, &Tag::default()))?;
    prepare(stage, what)
}

/// Browsers put into fullscreen what a click asks for, and nothing else.
pub fn prepare(stage: &Stage, what: &str) -> Result<()> {
    let script = format!(
        "document.querySelector('#before').onclick = () => document.querySelector('{what}').requestFullscreen(); \
         window.taken = []; document.addEventListener('vitrine:add-to-cart', (event) => {{ \
           event.preventDefault(); taken.push(event.detail.items[0].item_id); }});"
    );
    stage.browser.js(&script).map(drop)
}

/// Puts the video alone into fullscreen, until the overlay is above it.
pub fn enter(stage: &Stage) -> Result<()> {
    stage
        .browser
        .click_on("document.querySelector('#before')")?;
    stage.browser.wait(ABOVE)?;
    stage.browser.js("await probe.frames(3);").map(drop)
}

/// Leaves fullscreen, until the overlay is back in the page.
pub fn exit(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    browser.js("await document.exitFullscreen();")?;
    browser.wait("!document.fullscreenElement && !probe.root()?.querySelector('.screen')")?;
    browser.js("await probe.frames(3);").map(drop)
}

/// Where a place of the picture, in percent of it, is on a screen that the video fills.
pub fn on_screen(stage: &Stage, x: f64, y: f64) -> Result<Point> {
    let sizes = stage
        .browser
        .get("[innerWidth, innerHeight, probe.video().videoWidth, probe.video().videoHeight]")?;
    let sizes = numbers(&sizes)?;
    let [width, height, wide, high] = sizes[..] else {
        e2e::bail!("no sizes: {sizes:?}");
    };
    let scale = (width / wide).min(height / high);
    Ok(Point {
        x: (width - wide * scale) / 2.0 + wide * scale * x / 100.0,
        y: (height - high * scale) / 2.0 + high * scale * y / 100.0,
    })
}

/// The hotspot is within two pixels of its place.
pub fn lies(stage: &Stage, id: &str, wanted: Point) -> Result<()> {
    let found = stage.browser.centre(&format!("probe.spot('{id}')"))?;
    let off = (found.x - wanted.x).hypot(found.y - wanted.y);
    ensure!(off < 2.0, "{id} is at {found:?}, not at {wanted:?}");
    Ok(())
}

/// The hotspots that were clicked so far.
pub fn clicks(stage: &Stage) -> Result<Value> {
    let script =
        "probe.said('vitrine:hotspot-click').map(({ detail }) => detail.hotspot_id).join()";
    stage.browser.get(script)
}

/// A lamp at the left, upper part of the picture, and a mug, which comes and goes.
pub fn lamp() -> Value {
    let rect = json!({ "shape": "rect" });
    let mug = json!({ "products": ["mug"] });
    pages::file(vec![
        pages::still("lamp", 0.0, 6.0, [20.0, 30.0, 20.0, 20.0], rect),
        pages::still("mug", 1.0, 3.0, [85.0, 60.0, 10.0, 10.0], mug),
    ])
}
