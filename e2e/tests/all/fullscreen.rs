//! Fullscreen: of a player's own box, which has the overlay in it, and of the video alone: where and when
//! the hotspots are there, and that nothing stays behind.

use crate::moving::{FIND, numbers, tracked, truth};
use crate::pages::{PLAYER, timed};
use crate::screen::{ABOVE, enter, exit, lamp, lies, on_screen, open, prepare};
use crate::timing;
use e2e::{Context, Engine, Point, Result, Stage, Value, ensure, json};

e2e::engines!(
    in_a_box_of_the_player_s_own,
    by_the_native_button,
    on_the_product_above_the_video,
    on_time_above_the_video,
    destroyed_in_fullscreen,
);

fn in_a_box_of_the_player_s_own(stage: &mut Stage) -> Result<()> {
    open(stage, &lamp(), "#player")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    let before = browser.centre("probe.spot('lamp')")?;
    browser.click_on("document.querySelector('#before')")?;
    // The tests' style sheet gives the box a size that fullscreen does not undo everywhere.
    browser.wait("document.fullscreenElement?.id === 'player'")?;
    browser.js("await probe.frames(5);")?;
    let place = "(() => { const { x, y, width, height } = probe.video().getBoundingClientRect(); \
        return [x, y, width, height, probe.video().videoWidth, probe.video().videoHeight]; })()";
    let sizes = numbers(&browser.get(place)?)?;
    let scale = (sizes[2] / sizes[4]).min(sizes[3] / sizes[5]);
    let wanted = Point {
        x: sizes[0] + sizes[2] / 2.0 - 0.3 * sizes[4] * scale,
        y: sizes[1] + sizes[3] / 2.0 - 0.2 * sizes[5] * scale,
    };
    lies(stage, "lamp", wanted)?;
    ensure!(
        browser.get("!!probe.root().querySelector('.screen')")? == false,
        "the box is not where it always is"
    );
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("taken.join() === 'lamp'")?;
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('card')")?;
    browser.js("await document.exitFullscreen();")?;
    browser.wait("!document.fullscreenElement")?;
    browser.js("await probe.frames(5);")?;
    let after = browser.centre("probe.spot('lamp')")?;
    ensure!(before == after, "back at {after:?} instead of {before:?}");
    Ok(())
}

/// The buttons themselves, where the engine draws them without being asked to.
fn by_the_native_button(stage: &mut Stage) -> Result<()> {
    // From the right and from the lower edge of the video.
    let (right, up) = match stage.browser.engine() {
        Engine::Chromium => (70.0, 44.0),
        Engine::Firefox => (27.0, 20.0),
        Engine::WebKit => return back_by_the_native_button(stage),
    };
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    let corner = browser
        .get("(({ right, bottom }) => [right, bottom])(probe.video().getBoundingClientRect())")?;
    let corner = numbers(&corner)?;
    let button = Point {
        x: corner[0] - right,
        y: corner[1] - up,
    };
    // The first move shows the bar.
    browser.hover(Point {
        y: button.y - 40.0,
        ..button
    })?;
    browser.click(button)?;
    browser.wait(ABOVE)?;
    browser.js("await probe.frames(3);")?;
    lies(stage, "lamp", on_screen(stage, 20.0, 30.0)?)?;
    exit(stage)
}

/// WebKitGTK shows its bar for sure in fullscreen only, with the button that leaves it.
fn back_by_the_native_button(stage: &Stage) -> Result<()> {
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    enter(stage)?;
    let size = numbers(&browser.get("[innerWidth, innerHeight]")?)?;
    let button = Point {
        x: size[0] / 2.0 + 174.0,
        y: size[1] - 75.0,
    };
    browser.hover(Point {
        y: button.y - 200.0,
        ..button
    })?;
    browser.hover(button)?;
    browser.js("await new Promise((done) => setTimeout(done, 500));")?;
    browser.click(button)?;
    browser.wait("!document.fullscreenElement && !probe.root().querySelector('.screen')")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')").map(drop)
}

fn on_the_product_above_the_video(stage: &mut Stage) -> Result<()> {
    open(stage, &tracked(), "#v")?;
    let browser = &stage.browser;
    browser.js("document.querySelector('#v').style.transform = 'scale(1.01)'; scrollTo(0, 30);")?;
    enter(stage)?;
    for time in [0.4, 2.88, 5.2] {
        browser.js_with("await probe.seek(args);", json!(time))?;
        let (x, y) = truth(time);
        lies(stage, "box", on_screen(stage, x / 6.4, y / 3.6)?)?;
    }
    // MiniBrowser's pictures of a fullscreen video are black, with and without an overlay.
    if browser.engine() != Engine::WebKit {
        browser.js("await probe.seek(2.88);")?;
        let picture = browser.screenshot_text()?;
        let found = numbers(&browser.js_with(FIND, json!(picture))?)?;
        let spot = browser.centre("probe.spot('box')")?;
        let off = (found[0] - spot.x).hypot(found[1] - spot.y);
        ensure!(
            off < 6.0,
            "the picture has the box at {found:?}, the hotspot is at {spot:?}"
        );
    }
    exit(stage)
}

fn on_time_above_the_video(stage: &mut Stage) -> Result<()> {
    open(stage, &timed(), "#v")?;
    let browser = &stage.browser;
    enter(stage)?;
    browser.js("probe.record(); await probe.play();")?;
    browser.wait("probe.video().ended")?;
    let count = timing::check(&browser.get("probe.samples")?)?;
    ensure!(count > 40, "only {count} of the clip's frames were drawn");
    exit(stage)
}

fn destroyed_in_fullscreen(stage: &mut Stage) -> Result<()> {
    let player = PLAYER.replace(" muted", " controls muted");
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Census</title>\
         <link rel=\"stylesheet\" href=\"/e2e/pages.css\"><script src=\"/e2e/census.js\"></script>\
         <script src=\"/e2e/probe.js\"></script><script type=\"module\" src=\"/e2e/lab.mjs\"></script></head>\
         <body><button id=\"before\">Before</button>{player}</body></html>"
    );
    stage
        .site
        .put("/e2e/census-full.html", "text/html; charset=utf-8", page);
    stage.open("/e2e/census-full.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab && probe.video().readyState > 1")?;
    prepare(stage, "#v")?;
    let mut before = Value::Null;
    // The first round loads what all share.
    for round in 0..3 {
        browser.js_with(
            "lab.overlay = await lab.attach(probe.video(), { config: args }); await probe.seek(2);",
            lamp(),
        )?;
        enter(stage)?;
        if round == 2 {
            browser.click(on_screen(stage, 20.0, 30.0)?)?;
            browser.wait("probe.part('card')")?;
        }
        browser.js("lab.overlay.destroy();")?;
        ensure!(
            browser.get("document.fullscreenElement?.id")? == "v",
            "the video is not in fullscreen any more"
        );
        browser.js("await document.exitFullscreen(); await probe.frames(5);")?;
        browser.wait("!document.fullscreenElement")?;
        if round == 0 {
            browser.js("await new Promise((done) => setTimeout(done, 500));")?;
            before = browser.get("census.count()")?;
        }
    }
    let same = e2e::until(e2e::LIMIT, || {
        Ok((browser.get("census.count()")? == before).then_some(()))
    })?;
    same.with_context(|| {
        format!(
            "before: {before}\nafter: {:?}",
            browser.get("census.count()")
        )
    })
}
