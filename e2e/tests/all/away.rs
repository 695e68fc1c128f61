//! The picture is elsewhere: in a window of its own, or in the system's player.

use crate::pages::{self, PLAYER, Tag};
use e2e::{Engine, Result, Stage, Value, ensure, json};

e2e::engines!(in_picture_in_picture, in_the_system_s_player);

/// Lets the tests see the overlay's host when it becomes that of `vitrine-shop.mjs`.
const SPY: &str = "const set = Object.setPrototypeOf; Object.setPrototypeOf = (target, type) => { \
    if (target.anchor) window.host = Object.assign(target, \
      { openList(list) { window.listed = list; return type.openList.call(target, list); } }); \
    return set(target, type); };";

/// At first there is no hotspot; then one after the other.
fn two() -> Value {
    let rect = || json!({ "shape": "rect" });
    pages::file(vec![
        pages::still("last", 5.0, 6.0, [50.0, 70.0, 20.0, 20.0], rect()),
        pages::still("early", 2.0, 3.0, [50.0, 30.0, 20.0, 20.0], rect()),
        pages::still(
            "late",
            3.0,
            5.0,
            [50.0, 70.0, 20.0, 20.0],
            json!({ "shape": "rect", "products": ["mug"] }),
        ),
    ])
}

fn open(stage: &Stage) -> Result<()> {
    pages::serve_config(stage, &two());
    stage.site.put("/e2e/spy.js", "text/javascript", SPY);
    let tag = Tag {
        head: "<script src=\"/e2e/spy.js\"></script>",
        ..Tag::default()
    };
    let player = PLAYER.replace(" muted", " controls muted");
    stage.open_ready(&pages::serve(stage, "away", &player, &tag))?;
    stage.browser.wait("window.host")?;
    stage.browser.js("await probe.seek(1);").map(drop)
}

fn exposures(stage: &Stage) -> Result<Value> {
    stage.browser.get(
        "probe.said('vitrine:event').filter(({ detail }) => detail.type === 'hotspot_exposure') \
         .map(({ detail }) => detail.hotspot_id).join()",
    )
}

/// From before the picture goes until it is back.
fn watch_elsewhere(
    stage: &Stage,
    go: &dyn Fn() -> Result<()>,
    back: &dyn Fn() -> Result<()>,
) -> Result<()> {
    let browser = &stage.browser;
    go()?;
    browser.wait("host.stage.hidden")?;
    // Two hotspots, one for longer than an exposure takes.
    browser.js(
        "await probe.seek(2.5); await probe.seek(4); await new Promise((done) => setTimeout(done, 1600));",
    )?;
    ensure!(
        browser.get("probe.shown().join()")? == "",
        "hotspots are shown"
    );
    ensure!(exposures(stage)? == "", "exposed: {}", exposures(stage)?);
    ensure!(
        browser.get("window.listed === undefined")? == true,
        "listed too early"
    );
    back()?;
    browser.wait("window.listed")?;
    let ids = "[listed, [...host.missed]].map((list) => list.map((index) => host.hotspots[index].raw.id).join()).join(' ')";
    ensure!(
        browser.get(ids)? == "early,late early,late",
        "listed: {}",
        browser.get(ids)?
    );
    browser.wait("probe.part('drawer')?.querySelectorAll('[part~=entry]').length === 2")?;
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('drawer')")?;
    // What is still there is seen from now on.
    browser.wait("probe.shown().join() === 'late'")?;
    browser.wait(
        "probe.said('vitrine:event').some(({ detail }) => detail.type === 'hotspot_exposure')",
    )?;
    ensure!(
        exposures(stage)? == "late",
        "exposed: {}",
        exposures(stage)?
    );
    browser.click_on("probe.spot('late')")?;
    browser.wait("probe.part('card')").map(drop)
}

fn in_picture_in_picture(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    // Firefox has it without an interface for pages, WebKitGTK not at all.
    let real = browser.engine() == Engine::Chromium;
    if real {
        browser.js("document.querySelector('#before').onclick = () => probe.video().requestPictureInPicture();")?;
    }
    let go = || {
        if real {
            browser.click_on("document.querySelector('#before')")?;
            browser.wait("document.pictureInPictureElement").map(drop)
        } else {
            fire(stage, "enterpictureinpicture")
        }
    };
    let back = || {
        if real {
            browser
                .js("await document.exitPictureInPicture();")
                .map(drop)
        } else {
            fire(stage, "leavepictureinpicture")
        }
    };
    watch_elsewhere(stage, &go, &back)
}

/// Safari on the iPhone cannot run here: its events can.
fn in_the_system_s_player(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let go = || fire(stage, "webkitbeginfullscreen");
    watch_elsewhere(stage, &go, &|| fire(stage, "webkitendfullscreen"))?;
    // Again, with the one hotspot that is there all the time.
    stage.browser.js("window.listed = undefined;")?;
    fire(stage, "webkitbeginfullscreen")?;
    stage
        .browser
        .wait("host.stage.hidden && host.missed.size === 1")?;
    fire(stage, "webkitendfullscreen")?;
    stage
        .browser
        .wait("!host.stage.hidden && window.listed.join() === '1'")
        .map(drop)
}

fn fire(stage: &Stage, event: &str) -> Result<()> {
    let script = "probe.video().dispatchEvent(new Event(args));";
    stage.browser.js_with(script, json!(event)).map(drop)
}
