//! What a viewer does with hotspots, card and the video's own controls while the video alone is in fullscreen.

use crate::moving::numbers;
use crate::pages;
use crate::screen::{ABOVE, clicks, enter, exit, lamp, on_screen, open};
use e2e::{Engine, Point, Result, Stage, ensure, json};

e2e::engines!(
    pressed_above_the_video,
    a_mini_cart_above_the_video,
    only_the_shape_is_hit,
    native_controls_above_all,
    keys_above_the_video,
    an_open_card_goes_along,
    new_hotspots_are_heard,
);

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';

/// The cart's pill, its drawer and its buttons, while the video alone is in fullscreen.
fn a_mini_cart_above_the_video(stage: &mut Stage) -> Result<()> {
    let mut file = lamp();
    file["cart"] = json!({ "mini_cart": true });
    open(stage, &file, "#v")?;
    let browser = &stage.browser;
    browser.js("document.addEventListener('vitrine:remove-from-cart', (event) => event.preventDefault()); await probe.seek(0.5);")?;
    enter(stage)?;
    browser.click(on_screen(stage, 26.0, 36.0)?)?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("probe.part('view-cart')")?;
    browser.click_on("probe.part('close')")?;
    browser.wait(&format!("!probe.part('card') && {ABOVE}"))?;
    browser.wait("probe.part('cart')")?;
    browser.click_on("probe.part('cart')")?;
    let modal = "probe.root().querySelector('.screen').matches(':modal')";
    browser.wait(&format!("probe.part('cart-drawer') && {modal}"))?;
    let state = browser.get(
        "(() => { const { left, top, right, bottom } = probe.part('cart-drawer').getBoundingClientRect(); \
           return [left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight, probe.root().querySelectorAll('[part=line]').length, \
             probe.part('cart-drawer').contains(probe.root().activeElement)]; })()",
    )?;
    ensure!(
        state == json!([true, 1, true]),
        "on the screen, lines, focus: {state}"
    );
    browser.click_on("probe.part('remove')")?;
    browser.wait("probe.root().querySelector('.empty')")?;
    browser.click_on("probe.part('continue')")?;
    browser.wait("!probe.part('cart-drawer') && !probe.video().paused")?;
    ensure!(
        browser.get("document.fullscreenElement?.id")? == "v",
        "it left fullscreen"
    );
    exit(stage)
}

fn pressed_above_the_video(stage: &mut Stage) -> Result<()> {
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(0.5); probe.before = probe.video().outerHTML;")?;
    enter(stage)?;
    // What comes up there is seen there.
    browser.js("await probe.seek(2);")?;
    browser.wait(
        "probe.said('vitrine:event').some(({ detail }) => detail.type === 'hotspot_exposure' && detail.hotspot_id === 'mug')",
    )?;
    let (lamp, mug) = (on_screen(stage, 26.0, 36.0)?, on_screen(stage, 85.0, 60.0)?);
    // The chip of what the mouse is on; where the mouse is on nothing, there is none.
    let chip = "probe.root().querySelector('.hotspot.over')?.dataset.hotspot ?? ''";
    browser.hover(mug)?;
    browser.wait(&format!("({chip}) === 'mug'"))?;
    browser.hover(on_screen(stage, 80.0, 20.0)?)?;
    browser.wait(&format!("!({chip}) && {ABOVE}"))?;
    browser.click(lamp)?;
    browser
        .wait("probe.part('card') && probe.root().querySelector('.screen').matches(':modal')")?;
    ensure!(
        browser.get("!!probe.root().activeElement?.closest('[part=card]')")? == true,
        "the focus is not in the card"
    );
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("taken.join() === 'lamp'")?;
    // Another hotspot while the card is open, then a click beside all.
    browser.click(mug)?;
    browser.wait("probe.part('card').textContent.includes('Stoneware')")?;
    browser.click(on_screen(stage, 50.0, 5.0)?)?;
    browser.wait(&format!("!probe.part('card') && {ABOVE}"))?;
    browser.click_on("probe.part('product-list')")?;
    browser
        .wait("probe.part('drawer') && probe.root().querySelector('.screen').matches(':modal')")?;
    browser.click(on_screen(stage, 30.0, 5.0)?)?;
    browser.wait(&format!("!probe.part('drawer') && {ABOVE}"))?;
    browser.tap(lamp)?;
    browser.wait("probe.part('card')")?;
    // Where on the picture: both presses of the lamp, the mouse's and the finger's.
    let places = browser.get("probe.said('vitrine:event').map(({ detail }) => detail).filter(({ type, hotspot_id }) => type === 'hotspot_click' && hotspot_id === 'lamp').map(({ x, y }) => Math.hypot(x - 26, y - 36))")?;
    ensure!(
        places.as_array().is_some_and(|all| all.len() == 2
            && all
                .iter()
                .all(|off| off.as_f64().is_some_and(|off| off < 1.0))),
        "pressed so far from where it was: {places}"
    );
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('card')")?;
    ensure!(
        clicks(stage)? == "lamp,mug,lamp" && browser.get("probe.video().paused")? == true,
        "clicks: {}; the video may not have been played: {}",
        clicks(stage)?,
        browser.get("probe.video().paused")?
    );
    exit(stage)?;
    ensure!(
        browser.get(
            "probe.video().outerHTML === probe.before && document.adoptedStyleSheets.length"
        )? == 0,
        "the page is not as it was"
    );
    // And in its place it still works.
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')").map(drop)
}

fn only_the_shape_is_hit(stage: &mut Stage) -> Result<()> {
    let place = [30.0, 45.0, 40.0, 60.0];
    let corners = json!([[0, 0], [100, 0], [0, 100]]);
    let shapes = [
        (json!({ "shape": "ellipse" }), (13.0, 19.0), (20.0, 30.0)),
        (
            json!({ "shape": "polygon", "points": corners }),
            (45.0, 70.0),
            (14.0, 20.0),
        ),
    ];
    for (shape, outside, inside) in shapes {
        open(
            stage,
            &pages::file(vec![pages::still("shape", 0.0, 6.0, place, shape)]),
            "#v",
        )?;
        let browser = &stage.browser;
        browser.js("await probe.seek(2);")?;
        enter(stage)?;
        // Beside the shape the click is for the video's own controls, which play it.
        browser.click(on_screen(stage, outside.0, outside.1)?)?;
        browser.wait("!probe.video().paused")?;
        browser.js("probe.video().pause();")?;
        browser.click(on_screen(stage, inside.0, inside.1)?)?;
        browser.wait("probe.part('card')")?;
        ensure!(clicks(stage)? == "shape", "clicks: {}", clicks(stage)?);
        exit(stage)?;
    }
    Ok(())
}

fn native_controls_above_all(stage: &mut Stage) -> Result<()> {
    // Down to the end of the screen, where the picture has bars above and beneath too.
    let place = [50.0, 95.0, 80.0, 40.0];
    let spot = pages::still("low", 0.0, 6.0, place, json!({ "shape": "rect" }));
    open(stage, &pages::file(vec![spot]), "#v")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1);")?;
    enter(stage)?;
    let up = match browser.engine() {
        Engine::Chromium => 14.0,
        Engine::Firefox => 20.0,
        Engine::WebKit => 43.0,
    };
    let size = numbers(&browser.get("[innerWidth, innerHeight]")?)?;
    let bar = Point {
        x: size[0] / 2.0,
        y: size[1] - up,
    };
    browser.hover(Point {
        y: bar.y - 200.0,
        ..bar
    })?;
    browser.hover(bar)?;
    // The bar fades in; a click on it goes to the middle of the clip.
    browser.js("await new Promise((done) => setTimeout(done, 500));")?;
    browser.click(bar)?;
    browser.wait("Math.abs(probe.video().currentTime - 3) < 1")?;
    ensure!(clicks(stage)? == "", "the hotspot took it");
    exit(stage)
}

fn keys_above_the_video(stage: &mut Stage) -> Result<()> {
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    enter(stage)?;
    browser.js("probe.video().focus();")?;
    let focus = "probe.root().activeElement?.dataset.hotspot";
    browser.press('p')?;
    // The list comes first, as in the page.
    let pill = "probe.root().activeElement?.matches('[part~=product-list]')";
    browser.wait(pill)?;
    browser.press(ENTER)?;
    browser.wait("probe.root().activeElement?.closest('[part~=drawer]')")?;
    browser.js("probe.part('close').focus();")?;
    browser.press(ENTER)?;
    browser.wait(&format!("!probe.part('drawer') && {pill}"))?;
    browser.press(TAB)?;
    browser.wait(&format!("{focus} === 'lamp'"))?;
    browser.press(TAB)?;
    browser.wait(&format!("{focus} === 'mug'"))?;
    browser.press(ENTER)?;
    browser.wait("probe.root().activeElement?.closest('[part=card]')")?;
    ensure!(
        browser.get("probe.video().paused")? == true,
        "the key reached the video"
    );
    // A button of the card, too.
    browser.js("probe.part('add-to-cart').focus();")?;
    browser.press(ENTER)?;
    browser.wait("taken.join() === 'mug'")?;
    browser.js("probe.part('close').focus();")?;
    browser.press(ENTER)?;
    browser.wait(&format!("!probe.part('card') && {focus} === 'mug'"))?;
    // The same key gives the video its keys back.
    browser.press('p')?;
    browser.wait(&format!("{ABOVE} && document.activeElement.id === 'v'"))?;
    exit(stage)
}

/// Browsers leave fullscreen by Escape before a page hears of the key; chromedriver's keys
/// alone go to the page at once, and close the card.
fn an_open_card_goes_along(stage: &mut Stage) -> Result<()> {
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    // Else the card would be a sheet, which has no place in the picture.
    browser.js("document.querySelector('#player').style.cssText = 'width:960px;height:540px'; await probe.seek(2);")?;
    browser.click_on("probe.spot('mug')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("document.querySelector('#before')")?;
    browser.wait(
        "document.fullscreenElement && probe.root().querySelector('.screen')?.matches(':modal')",
    )?;
    browser.wait("probe.root().activeElement?.closest('[part=card]')")?;
    browser.press(ESCAPE)?;
    if browser.engine() == Engine::Chromium {
        browser.wait(&format!("!probe.part('card') && {ABOVE}"))?;
        browser.click(on_screen(stage, 85.0, 60.0)?)?;
        browser.wait("probe.part('card')")?;
        browser.js("await document.exitFullscreen();")?;
    }
    browser.wait("!document.fullscreenElement && !probe.root().querySelector('.screen')")?;
    browser.wait("probe.root().activeElement?.closest('[part=card]')")?;
    browser.js("await probe.frames(3);")?;
    let inside = "(() => { const card = probe.part('card').getBoundingClientRect(), video = probe.video().getBoundingClientRect(); \
        return card.left >= video.left && card.right <= video.right && card.top >= video.top && card.bottom <= video.bottom; })()";
    ensure!(browser.get(inside)? == true, "the card is not in its place");
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('card')").map(drop)
}

/// Chromium and Firefox leave out of the accessibility tree what is outside of a video in fullscreen, a live region
/// too, and can have the video itself say it.
fn new_hotspots_are_heard(stage: &mut Stage) -> Result<()> {
    open(stage, &lamp(), "#v")?;
    let browser = &stage.browser;
    browser.js(
        "await probe.seek(0.5); window.heard = []; const { ariaNotify } = probe.video(); \
         if (ariaNotify) probe.video().ariaNotify = function (...words) { heard.push(words[0]); return ariaNotify.apply(this, words); };",
    )?;
    let live = "probe.root().querySelector('.box > [role=status]')";
    let before = browser.wait(&format!("{live}.textContent"))?;
    enter(stage)?;
    browser.js("await probe.seek(2);")?;
    let text = browser.wait(&format!(
        "{live}.textContent !== {before} && {live}.textContent"
    ))?;
    let (role, _) = browser.computed(live)?;
    if role != "status" {
        browser.wait(&format!("heard.join() === {text}"))?;
        let (video, _) = browser.computed("probe.video()")?;
        ensure!(video != "none", "the video is no place to be heard from");
    } else {
        ensure!(browser.get("heard.length")? == 0, "it is said twice");
    }
    exit(stage)?;
    let (role, _) = browser.computed(live)?;
    ensure!(role == "status", "in the page the live region is {role:?}");
    Ok(())
}
