//! For everyone: the focus, what is said aloud, what assistive technology sees, and what readers prefer.

use crate::list::{ENTER, ESCAPE, file, focused, list, open};
use crate::pages::{self, Tag};
use e2e::{Browser, Context, Engine, Result, Stage, Value, ensure, json};
use std::fs;
use std::thread::sleep;
use std::time::Duration;
use xtask::Repo;

e2e::engines!(
    the_focus_is_never_lost,
    new_hotspots_are_announced,
    axe_finds_nothing,
    the_accessibility_tree,
    letters_twice_as_large,
    what_the_reader_prefers,
    targets_are_large_enough,
);

fn the_focus_is_never_lost(stage: &mut Stage) -> Result<()> {
    open(stage, 1.5)?;
    let browser = &stage.browser;
    // A hotspot that leaves gives it to the next one, then to the pill.
    browser.js("probe.spot('lamp').focus(); await probe.seek(2.5);")?;
    focused(browser, "mug")?;
    browser.js("await probe.seek(3.2);")?;
    focused(browser, "product-list")?;
    // As does a card whose hotspot has left.
    browser.js("await probe.seek(1.5); probe.spot('lamp').focus();")?;
    browser.press(ENTER)?;
    browser.wait("probe.part('card')")?;
    browser.js("await probe.seek(5.8);")?;
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('card')")?;
    focused(browser, "product-list")?;
    // And one whose hotspot file is replaced; a list too.
    let replace = "await vitrine.overlays[0].setConfig(args);";
    for opened in ["card", "drawer"] {
        browser.js("await probe.seek(1.5);")?;
        browser.wait("probe.shown().length === 2")?;
        browser.js(if opened == "card" {
            "probe.spot('lamp').focus();"
        } else {
            "probe.part('product-list').focus();"
        })?;
        browser.press(ENTER)?;
        browser.wait(&format!("probe.part('{opened}')"))?;
        browser.js_with(replace, file())?;
        browser.wait(&format!("!probe.part('{opened}')"))?;
        focused(browser, "product-list")?;
    }
    // But what the page has is the page's.
    browser.js("probe.spot('mug').focus();")?;
    browser.press(ENTER)?;
    browser.wait("probe.part('card')")?;
    browser.js("document.querySelector('#after').focus();")?;
    browser.js_with(replace, file())?;
    browser.wait("!probe.part('card')")?;
    focused(browser, "after")
}

fn new_hotspots_are_announced(stage: &mut Stage) -> Result<()> {
    let spot =
        |id: &str, start: f64| pages::still(id, start, 5.9, [30.0, 40.0, 12.0, 16.0], json!({}));
    pages::open(
        stage,
        &pages::file(vec![
            spot("Ada", 0.3),
            spot("Bea", 0.32),
            spot("Cleo", 2.0),
            spot("Dora", 3.0),
            spot("Eva", 4.0),
        ]),
    )?;
    let browser = &stage.browser;
    browser.wait("probe.part('product-list')")?;
    browser.js(
        "const live = probe.root().querySelector('.box > [role=status]'); window.said = []; \
         new MutationObserver(() => said.push([performance.now(), live.textContent, !!probe.part('card')])) \
           .observe(live, { childList: true, characterData: true, subtree: true }); \
         await probe.seek(0.5);",
    )?;
    browser.wait("said.length === 1")?;
    // Each of these alone would come at once.
    browser.js("await probe.seek(2.2); await probe.seek(3.2);")?;
    browser.wait("said.length === 2")?;
    browser.js("await probe.seek(4.2);")?;
    browser.click_on("probe.part('product-list')")?;
    browser.wait("probe.part('drawer')")?;
    browser.press(ESCAPE)?;
    browser.js("probe.spot('Ada').click();")?;
    browser.wait("probe.part('card')")?;
    sleep(Duration::from_millis(5500));
    ensure!(
        browser.get("said.length")? == 2,
        "it spoke while the card is open: {}",
        browser.get("said")?
    );
    browser.js("probe.part('close').click();")?;
    browser.wait("said.length === 3")?;
    // A hotspot that comes again is not new.
    browser.js("await probe.seek(0.1); await probe.seek(0.5);")?;
    sleep(Duration::from_millis(5500));
    let said = browser.get("said")?;
    let said = said.as_array().context("nothing")?;
    let texts: Vec<&Value> = said.iter().map(|entry| &entry[1]).collect();
    ensure!(
        texts
            == [
                "Now in the video: Ada and Bea",
                "Now in the video: Cleo and Dora",
                "Now in the video: Eva"
            ],
        "{texts:?}"
    );
    for pair in said.windows(2) {
        let gap = pair[1][0].as_f64().unwrap_or_default() - pair[0][0].as_f64().unwrap_or_default();
        ensure!(gap >= 4990.0, "{gap} ms between two announcements");
    }
    Ok(())
}

/// Brings axe-core into the page, past its policy.
pub fn inject_axe(browser: &Browser) -> Result<()> {
    let file = Repo::here().at("tools/node_modules/axe-core/axe.min.js");
    let source = fs::read_to_string(&file)
        .with_context(|| format!("{} is missing; run: cargo xtask build", file.display()))?;
    browser.js(&format!("{source}\nwindow.axe ??= globalThis.axe;"))?;
    ensure!(
        browser.get("typeof window.axe?.run")? == "function",
        "axe-core did not start"
    );
    Ok(())
}

/// Runs axe-core on the overlay, in light and in dark, with all of its rules.
pub fn axe(browser: &Browser, state: &str) -> Result<()> {
    for scheme in ["light", "dark"] {
        let found = browser.js_with(
            "document.querySelector('vitrine-overlay').style.setProperty('color-scheme', args); \
             await Promise.all(probe.root().getAnimations().map((animation) => animation.finished.catch(() => {}))); \
             const { violations, passes } = await axe.run({ include: ['vitrine-overlay'] }); \
             return [violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')), \
               passes.map(({ id }) => id)];",
            json!(scheme),
        )?;
        ensure!(
            found[0] == json!([]),
            "axe-core in the state {state}, {scheme}: {}",
            found[0]
        );
        let looked = found[1].as_array().context("no passes")?;
        ensure!(
            looked.iter().any(|rule| rule == "button-name"),
            "axe-core saw no button in the state {state}: {looked:?}"
        );
    }
    Ok(())
}

fn axe_finds_nothing(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    inject_axe(browser)?;
    browser.js_with(
        "lab.overlay = await lab.attach(probe.video(), { config: args, cart: () => new Promise((done) => { lab.answer = done; }) }); await probe.seek(0.1);",
        file(),
    )?;
    browser.wait("probe.part('product-list')")?;
    axe(browser, "idle")?;
    browser.js("await probe.seek(1.5);")?;
    axe(browser, "hotspots")?;
    browser.js("probe.spot('lamp').focus();")?;
    axe(browser, "a hotspot with the focus")?;
    browser.js("probe.spot('lamp').click();")?;
    browser.wait("probe.part('card')")?;
    axe(browser, "card of one product")?;
    browser.js("probe.part('add-to-cart').click();")?;
    browser.wait("lab.answer")?;
    axe(browser, "adding")?;
    browser.js("lab.answer({ ok: false, reason: 'Only one left.' }); await probe.frames(2);")?;
    axe(browser, "refused")?;
    // Once the button listens again.
    e2e::until(e2e::LIMIT, || {
        browser.js(
            "probe.part('add-to-cart').click(); lab.answer({ ok: true }); await probe.frames(3);",
        )?;
        let text = browser.get("probe.part('add-to-cart').textContent")?;
        Ok((text == "Added").then_some(()))
    })?
    .context("it was not added")?;
    axe(browser, "added")?;
    browser.js("probe.part('close').click(); await probe.seek(4);")?;
    list(browser)?;
    axe(browser, "list")?;
    browser.js("probe.root().querySelectorAll('[part=entry]')[2].click();")?;
    browser.wait("probe.part('card')")?;
    axe(browser, "card of several products with variants")?;
    browser.js(
        "probe.part('close').click(); Object.assign(document.querySelector('#player').style, { width: '240px', height: '160px' }); await probe.frames(3);",
    )?;
    list(browser)?;
    browser.wait("probe.part('drawer').matches('.sheet')")?;
    axe(browser, "list as a sheet")?;
    browser.js("probe.root().querySelectorAll('[part=entry]')[2].click();")?;
    browser.wait("probe.part('card').matches('.sheet')")?;
    axe(browser, "card as a sheet")?;
    let mut arabic = file();
    arabic["locale"] = json!("ar");
    browser.js_with("await lab.overlay.setConfig(args);", arabic)?;
    browser.wait("probe.root().querySelector('.box').dir === 'rtl'")?;
    list(browser)?;
    axe(browser, "list in Arabic")?;
    // What cannot be used leaves the page as it was.
    pages::serve_config(stage, &json!({ "version": 2 }));
    stage.open(&pages::serve(
        stage,
        "broken",
        pages::PLAYER,
        &Tag::default(),
    ))?;
    let browser = &stage.browser;
    browser.wait("probe.said('vitrine:error').length")?;
    inject_axe(browser)?;
    let found = browser.js("return (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map(({ id }) => id);")?;
    ensure!(
        found == json!([]),
        "axe-core on a page with a broken file: {found}"
    );
    Ok(())
}

fn the_accessibility_tree(stage: &mut Stage) -> Result<()> {
    open(stage, 1.5)?;
    let browser = &stage.browser;
    let is = |element: &str, role: &str, name: &str| -> Result<()> {
        let found = browser.computed(&format!("probe.root().querySelector('{element}')"))?;
        let found = (found.0, plain(&found.1));
        ensure!(
            found == (role.to_owned(), name.to_owned()),
            "{element} is {found:?}, not {role} {name:?}"
        );
        Ok(())
    };
    is("[part=product-list]", "button", "3 products in this video")?;
    is(".stage", "group", "Products in this video")?;
    is("[data-hotspot=lamp]", "button", "lamp, €99.00")?;
    is(".box > [role=status]", "status", "")?;
    list(browser)?;
    is("[part=drawer]", "dialog", "Products in this video")?;
    is("[part=drawer] ul", "list", "")?;
    is("[part=close]", "button", "Close")?;
    is(
        "[part=entry]",
        "button",
        "Brass lamp, now €99.00 instead of €129.00, 0:00, On screen",
    )?;
    nodes(
        browser,
        &[
            ("button", "Stoneware mug, €18.50, 0:01, On screen", &[]),
            ("dialog", "Products in this video", &[]),
        ],
    )?;
    browser.js("probe.root().querySelectorAll('[part=entry]')[2].click();")?;
    browser.wait("probe.part('card')")?;
    is("[part=card]", "dialog", "Oak tray")?;
    is("[part=add-to-cart]", "button", "Add to cart")?;
    nodes(
        browser,
        &[
            ("group", "Products", &[]),
            ("button", "Oak tray", &[("pressed", json!("true"))]),
            ("button", "Stoneware mug", &[("pressed", json!("false"))]),
            ("group", "Options", &[]),
            ("button", "small", &[("pressed", json!("true"))]),
            ("button", "large", &[("disabled", json!(true))]),
            (
                "button",
                "3 products in this video",
                &[("hasPopup", json!("dialog"))],
            ),
        ],
    )
}

/// A name without what engines put between its pieces.
pub fn plain(name: &str) -> String {
    name.split(',')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A role, a name, and states.
type Node<'a> = (&'a str, &'a str, &'a [(&'a str, Value)]);

/// Roles, names and states, as Chromium's own tree has them.
fn nodes(browser: &Browser, wanted: &[Node<'_>]) -> Result<()> {
    if browser.engine() != Engine::Chromium {
        return Ok(());
    }
    browser.devtools("Accessibility.enable", json!({}))?;
    let tree = browser.devtools("Accessibility.getFullAXTree", json!({}))?;
    let tree = tree["nodes"].as_array().context("no tree")?;
    let seen = |node: &&Value| node["ignored"] == false;
    for (role, name, states) in wanted {
        let is = |node: &&Value| {
            node["role"]["value"] == *role
                && node["name"]["value"]
                    .as_str()
                    .is_some_and(|text| plain(text) == *name)
        };
        let names: Vec<String> = tree
            .iter()
            .filter(seen)
            .map(|node| format!("{} {}", node["role"]["value"], node["name"]["value"]))
            .collect();
        let node = tree
            .iter()
            .filter(seen)
            .find(is)
            .with_context(|| format!("no {role} {name:?} in {names:?}"))?;
        for (state, value) in *states {
            let properties = node["properties"].as_array().context("no properties")?;
            let found = properties
                .iter()
                .find(|property| property["name"] == *state);
            ensure!(
                found.is_some_and(|found| found["value"]["value"] == *value),
                "{role} {name:?}: {state} is {found:?}"
            );
        }
    }
    Ok(())
}

/// What is cut off: wider than its own box, but for the pill's larger target and the card's pointer, or outside of what it is part of.
const CUT: &str = "[...probe.root().querySelectorAll('.layer *, .bar *')].filter((element) => { \
    if (element.closest('.sr, svg') || !element.getClientRects().length) return false; \
    const box = element.getBoundingClientRect(), frame = element.closest('.card, .drawer, .pill').getBoundingClientRect(); \
    return !element.matches('.pill, .card') && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline' \
      || box.left < frame.left - 1 || box.right > frame.right + 1; }).map((element) => element.outerHTML.slice(0, 120))";

fn letters_twice_as_large(stage: &mut Stage) -> Result<()> {
    open(stage, 4.0)?;
    let browser = &stage.browser;
    let size = "parseFloat(getComputedStyle(probe.part('product-list')).fontSize)";
    ensure!(
        browser.get(size)? == 14,
        "letters of {}",
        browser.get(size)?
    );
    browser.js("document.documentElement.style.fontSize = '10px';")?;
    ensure!(
        browser.get(size)? == 14,
        "a page's small rem makes letters of {}",
        browser.get(size)?
    );
    browser.js("document.documentElement.style.fontSize = '32px';")?;
    ensure!(
        browser.get(size)? == 28,
        "letters of {}",
        browser.get(size)?
    );
    for size in [(640, 360), (240, 160), (330, 600), (900, 300)] {
        browser.js_with(
            "const [width, height] = args; Object.assign(document.querySelector('#player').style, \
            { width: width + 'px', height: height + 'px' }); await probe.frames(3);",
            json!(size),
        )?;
        let cut = browser.get(CUT)?;
        ensure!(cut == json!([]), "{size:?}, pill: {cut}");
        list(browser)?;
        let cut = browser.get(CUT)?;
        ensure!(cut == json!([]), "{size:?}, list: {cut}");
        browser.js("probe.root().querySelectorAll('[part=entry]')[2].click();")?;
        browser.wait("probe.part('card')")?;
        let cut = browser.get(CUT)?;
        ensure!(cut == json!([]), "{size:?}, card: {cut}");
        // The last of it can be scrolled to.
        let reached = browser.get("((body) => { body.scrollTop = 1e5; return body.getBoundingClientRect().bottom - body.lastElementChild.previousElementSibling.getBoundingClientRect().bottom; })(probe.part('card').querySelector('.body'))")?;
        ensure!(
            reached.as_f64().is_some_and(|gap| gap >= 0.0),
            "{size:?}: the card's end is cut off by {reached} px"
        );
        browser.js("probe.part('close').click();")?;
        browser.wait("!probe.part('card')")?;
    }
    Ok(())
}

/// Only Chromium's driver can say what the reader prefers.
fn what_the_reader_prefers(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    open(stage, 0.1)?;
    let browser = &stage.browser;
    let prefer = |name: &str, value: &str| {
        browser.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": name, "value": value }] }),
        )
    };
    let moving = "await probe.seek(0.1); const seen = []; await new Promise((done) => { probe.video().addEventListener('seeked', done, { once: true }); \
        probe.video().currentTime = 1.5; }); await probe.frames(1); return probe.root().getAnimations().length;";
    ensure!(
        browser.js(moving)?.as_u64() > Some(0),
        "nothing moves in any case"
    );
    prefer("prefers-reduced-motion", "reduce")?;
    ensure!(
        browser.js(moving)? == 0,
        "{} animations",
        browser.js(moving)?
    );
    let style = |element: &str, pseudo: &str, name: &str| {
        browser.get(&format!(
            "getComputedStyle(probe.root().querySelector('{element}'), '{pseudo}')['{name}']"
        ))
    };
    ensure!(
        style(".dot", "::before", "opacity")? == "0",
        "the ring shows in any case"
    );
    let border = style("[part=product-list]", "", "borderTopColor")?;
    prefer("prefers-contrast", "more")?;
    ensure!(
        style(".dot", "::before", "opacity")? == "1",
        "more contrast: no solid dot"
    );
    ensure!(
        style("[part=product-list]", "", "borderTopColor")? != border,
        "more contrast: the pill has no edge"
    );
    prefer("forced-colors", "active")?;
    ensure!(
        style(".dot", "::before", "opacity")? == "1",
        "forced colours: no dot"
    );
    for part in ["product-list", "card"] {
        if part == "card" {
            browser.js("probe.spot('mug').click();")?;
            browser.wait("probe.part('card')")?;
        }
        let edge = style(&format!("[part={part}]"), "", "borderTopStyle")?;
        ensure!(
            edge == "solid",
            "forced colours: the edge of the {part} is {edge}"
        );
    }
    prefer("forced-colors", "none").map(drop)
}

fn targets_are_large_enough(stage: &mut Stage) -> Result<()> {
    let mut config = file();
    config["hotspots"][0] = pages::still(
        "lamp",
        0.5,
        2.0,
        [20.0, 50.0, 0.0, 0.0],
        json!({ "shape": "point" }),
    );
    config["hotspots"][1] = pages::still(
        "mug",
        1.0,
        3.0,
        [50.0, 50.0, 1.0, 1.0],
        json!({ "shape": "rect", "products": ["mug", "tray"] }),
    );
    pages::open(stage, &config)?;
    let browser = &stage.browser;
    browser.wait("probe.part('product-list')")?;
    browser.js("await probe.seek(1.5);")?;
    browser.wait("probe.shown().length === 2")?;
    let small = |least: f64, what: &str| -> Result<()> {
        let found = browser.get(&format!(
            "[...probe.root().querySelectorAll('{what}')].filter((element) => element.getClientRects().length) \
              .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()]) \
              .filter(([, box]) => box.width < {least} || box.height < {least})"
        ))?;
        ensure!(found == json!([]), "smaller than {least} px: {found}");
        Ok(())
    };
    small(24.0, "button, a")?;
    small(44.0, "[data-hotspot=lamp]")?;
    // A finger meets the pill beside what is seen of it, too.
    let met = "((box) => probe.root().elementFromPoint(box.left + box.width / 2, box.top - 4)?.getAttribute('part'))(probe.part('product-list').getBoundingClientRect())";
    ensure!(
        browser.get(met)? == "product-list",
        "the pill's target is as small as the pill: {}",
        browser.get(met)?
    );
    list(browser)?;
    small(24.0, "button, a")?;
    small(44.0, "[part=close], [part=entry]")?;
    browser.js("probe.root().querySelectorAll('[part=entry]')[1].click();")?;
    browser.wait("probe.part('card')")?;
    small(24.0, "button, a")?;
    small(44.0, "[part=close], [part=add-to-cart], [part=buy-now]")
}
