//! By keys alone, and as axe-core sees it, in each state, light and dark, at three widths.

use crate::desk::Dashboard;
use crate::page::open;
use e2e::{Browser, Context, Engine, Result, ensure, json};
use std::fs;
use xtask::{Repo, tools};

const TAB: char = '\u{e004}';
const END: char = '\u{e010}';
const LEFT: char = '\u{e012}';

/// All that can be worked with a mouse.
const WORKED: &str = "[...document.querySelectorAll('a[href], button, input, select, summary, video, .scroll')].filter((element) => element.getClientRects().length > 0)";

/// Tab comes to everything, and one sees where it is; the playhead moves by keys.
pub fn by_keyboard(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    browser.js(
        "document.querySelector('#contents a').focus(); document.querySelector('#from')?.blur();",
    )?;
    browser.js("window.reached = new Set(); window.unseen = new Set(); document.body.tabIndex = -1; document.body.focus(); scrollTo(0, 0);")?;
    let note = "const now = document.activeElement; reached.add(now); \
        if (now !== document.body && getComputedStyle(now).outlineStyle === 'none') unseen.add(now.outerHTML.slice(0, 90)); \
        return now.matches('#machines summary');";
    // A date has three fields to go through, a video's controls as many as the browser likes.
    for _ in 0..260 {
        browser.press(TAB)?;
        if browser.js(note)? == true {
            break;
        }
    }
    let left = browser.get(&format!(
        "{WORKED}.filter((element) => !reached.has(element) && !element.matches('#door *')).map((element) => element.outerHTML.slice(0, 90))"
    ))?;
    // WebKitGTK's Tab leaves links out, as its users are used to.
    let left = left.as_array().context("no list")?.iter().filter(|html| {
        browser.engine() != Engine::WebKit
            || !html.as_str().is_some_and(|html| html.starts_with("<a "))
    });
    let left: Vec<_> = left.collect();
    ensure!(left.is_empty(), "Tab does not come to {left:?}");
    let unseen = browser.get("[...unseen]")?;
    ensure!(
        unseen == json!([]),
        "one does not see the focus on {unseen}"
    );
    browser.js("document.querySelector('input[type=range]').focus();")?;
    let place = "new DOMMatrix(document.querySelector('.playhead').style.transform).e";
    let before = browser.get(place)?.as_f64().unwrap_or_default();
    browser.press(END)?;
    browser.press(LEFT)?;
    browser.wait(&format!("{place} > {before} + 50"))?;
    // The film is where the keys say.
    browser.wait("Math.abs(document.querySelector('video').currentTime - document.querySelector('input[type=range]').value) < 1")?;
    browser.wait(
        "document.querySelector('input[type=range]').getAttribute('aria-valuetext').includes(':')",
    )?;
    Ok(())
}

/// In Chromium in light and dark and at three widths; elsewhere as the window is.
pub fn axe_finds_nothing(browser: &Browser, dashboards: &[&Dashboard; 2]) -> Result<()> {
    let [dashboard, bare] = dashboards;
    let states = [
        ("full", dashboard.with("by=device")),
        ("bare", bare.address.clone()),
        ("empty", bare.with("from=2020-01-01&to=2020-01-02")),
    ];
    if browser.engine() != Engine::Chromium {
        for (state, address) in &states {
            open(browser, address)?;
            axe(browser).with_context(|| (*state).to_owned())?;
            picture(browser, &format!("{:?}-{state}", browser.engine()))?;
        }
        return Ok(());
    }
    for scheme in ["light", "dark"] {
        for width in [1280, 768, 390] {
            sized(browser, width, 900)?;
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            browser.devtools(
                "Emulation.setEmulatedMedia",
                json!({ "features": features }),
            )?;
            for (state, address) in &states {
                open(browser, address)?;
                let name = format!("{width}-{scheme}-{state}");
                whole(browser, width, &name)?;
                if *state == "full" {
                    browser.js("document.querySelectorAll('details').forEach((details) => { details.open = true; });")?;
                    browser.wait("document.querySelectorAll('td').length > 20")?;
                }
                let wide = browser.get("document.documentElement.scrollWidth <= innerWidth")?;
                ensure!(wide == true, "{name}: the page is wider than its window");
                axe(browser).context(name)?;
            }
        }
        // Who is not let in sees this.
        browser.goto(dashboard.bare())?;
        browser.js("sessionStorage.clear();")?;
        open_door(browser, dashboard)?;
        axe(browser).with_context(|| format!("door, {scheme}"))?;
    }
    Ok(())
}

fn open_door(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    browser.goto("about:blank")?;
    browser.goto(dashboard.bare())?;
    browser.wait("!document.querySelector('#door').hidden")?;
    // The refusal that this is stands in the log.
    browser.log().map(drop)
}

fn sized(browser: &Browser, width: u32, height: u64) -> Result<()> {
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", screen)
        .map(drop)
}

/// What axe-core has against the page as it is.
pub fn axe(browser: &Browser) -> Result<()> {
    let file = tools::npm_tools(&Repo::here())?.join("../axe-core/axe.min.js");
    let source = fs::read_to_string(&file)?;
    browser.js(&format!("{source}\nwindow.axe ??= globalThis.axe;"))?;
    let found = browser.js(
        "const { violations, passes } = await axe.run(); \
         return [violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')), \
           passes.map(({ id }) => id)];",
    )?;
    ensure!(found[0] == json!([]), "axe-core: {}", found[0]);
    let passes = found[1].as_array().context("no passes")?;
    ensure!(
        passes.iter().any(|rule| rule == "color-contrast"),
        "axe-core saw nothing: {passes:?}"
    );
    Ok(())
}

/// A picture of all of the page.
fn whole(browser: &Browser, width: u32, name: &str) -> Result<()> {
    let height = browser.get("document.documentElement.scrollHeight")?;
    sized(browser, width, height.as_u64().unwrap_or(900).min(15_000))?;
    picture(browser, name)?;
    sized(browser, width, 900)
}

/// For whoever wants to look at it.
fn picture(browser: &Browser, name: &str) -> Result<()> {
    let place = Repo::here().target.join("e2e");
    fs::create_dir_all(&place)?;
    let file = place.join(format!("dashboard-{name}.png"));
    Ok(fs::write(file, browser.screenshot()?)?)
}
