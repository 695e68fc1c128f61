//! Only the shape is the target: beside it, the click is the player's.

use crate::pages;
use e2e::{Point, Result, Stage, Value, ensure, json};

e2e::engines!(
    a_polygon_s_own_area,
    an_ellipse_s_own_area,
    the_page_s_own_controls
);

/// The hotspot's box is 256 by 216 pixels of the 640 by 360 player.
const PLACE: [f64; 4] = [50.0, 50.0, 40.0, 60.0];

fn open(stage: &Stage, shape: Value) -> Result<()> {
    pages::open(
        stage,
        &pages::file(vec![pages::still("big", 0.0, 6.0, PLACE, shape)]),
    )?;
    stage.browser.js(
        "window.clicks = 0; probe.video().addEventListener('click', () => { window.clicks += 1; }); await probe.seek(1);",
    )?;
    stage.browser.wait("probe.spot('big')").map(drop)
}

/// A place in shares of the hotspot's bounding box.
fn at(stage: &Stage, x: f64, y: f64) -> Result<Point> {
    let place = stage.browser.js_with(
        "const box = probe.spot('big').getBoundingClientRect(); \
         return [box.x + args[0] * box.width, box.y + args[1] * box.height];",
        json!([x, y]),
    )?;
    Ok(Point {
        x: place[0].as_f64().unwrap_or_default(),
        y: place[1].as_f64().unwrap_or_default(),
    })
}

/// A click at the first place is the player's; one at the second opens the card.
fn check(stage: &Stage, outside: (f64, f64), inside: (f64, f64)) -> Result<()> {
    let browser = &stage.browser;
    browser.click(at(stage, outside.0, outside.1)?)?;
    browser.wait("clicks === 1")?;
    ensure!(
        browser.get("!!probe.part('card')")? == false,
        "a click beside the shape opened the card"
    );
    browser.click(at(stage, inside.0, inside.1)?)?;
    browser.wait("probe.part('card')")?;
    ensure!(
        browser.get("clicks")? == 1,
        "the click on the shape reached the player too"
    );
    ensure!(
        browser.get("probe.said('vitrine:hotspot-click').length")? == 1,
        "not one vitrine:hotspot-click"
    );
    Ok(())
}

fn a_polygon_s_own_area(stage: &mut Stage) -> Result<()> {
    let corner = json!({ "shape": "polygon", "points": [[0, 0], [100, 0], [0, 100]] });
    open(stage, corner)?;
    check(stage, (0.9, 0.9), (0.15, 0.2))
}

fn an_ellipse_s_own_area(stage: &mut Stage) -> Result<()> {
    open(stage, json!({ "shape": "ellipse" }))?;
    check(stage, (0.05, 0.05), (0.25, 0.3))
}

fn the_page_s_own_controls(stage: &mut Stage) -> Result<()> {
    open(stage, json!({ "shape": "rect" }))?;
    let browser = &stage.browser;
    browser.js("window.own = []; document.addEventListener('click', (event) => own.push(event.target.id));")?;
    browser.click_on("document.querySelector('#after')")?;
    // Outside of all hotspots the picture is the player's.
    let corner = at(stage, -0.2, -0.2)?;
    browser.click(corner)?;
    browser.wait("clicks === 1")?;
    ensure!(
        browser.get("own.join()")? == "after,v",
        "the page's listeners got {}",
        browser.get("own")?
    );
    Ok(())
}
