//! `<vitrine-overlay for="…">` in plain HTML: wherever it stands, whatever the page changes.

use crate::pages::{self, PLAYER};
use crate::trouble::{one_line, told};
use e2e::{Result, Stage, Value, ensure, json};

e2e::engines!(
    element_far_from_its_video,
    element_before_its_video_exists,
    element_of_a_video_further_down,
    element_with_other_attributes,
    element_and_consent,
    element_removed_and_moved,
    element_whose_video_is_replaced,
    element_in_shadow_roots,
    element_beside_a_script_tag,
    element_without_a_hotspot_file,
    element_a_hundred_times,
);

/// The element, as a page has it.
const ELEMENT: &str =
    "<vitrine-overlay for=\"v\" config=\"made.json\" collector=\"/events\"></vitrine-overlay>";

fn config(id: &str) -> Value {
    let place = [30.0, 40.0, 12.0, 16.0];
    pages::file(vec![pages::still(
        id,
        0.0,
        6.0,
        place,
        json!({ "shape": "rect" }),
    )])
}

/// Loads a page with this body, where the element is defined.
fn open(stage: &Stage, body: &str) -> Result<()> {
    pages::serve_config(stage, &config("lamp"));
    let other = config("mug").to_string();
    stage.site.put("/e2e/other.json", "application/json", other);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>The element</title>\
         <link rel=\"stylesheet\" href=\"/e2e/pages.css\"><script src=\"/e2e/census.js\"></script>\
         <script src=\"/e2e/probe.js\"></script><script type=\"module\" src=\"/vitrine/vitrine-element.mjs\"></script>\
         </head><body>{body}</body></html>"
    );
    stage
        .site
        .put("/e2e/element.html", "text/html; charset=utf-8", page);
    stage.open("/e2e/element.html")?;
    stage
        .browser
        .js("window.element = document.querySelector('[for]');")
        .map(drop)
}

/// Waits for these hotspots on the first video, and for one overlay beside it.
fn shows(stage: &Stage, ids: &str) -> Result<()> {
    stage
        .browser
        .wait(&format!("probe.shown().join() === '{ids}'"))?;
    let overlays = stage
        .browser
        .get("document.querySelectorAll('vitrine-overlay:not([for])').length")?;
    ensure!(overlays == 1, "{overlays} overlays");
    Ok(())
}

/// No overlay, no warning, no error; the video plays.
fn nothing_left(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    browser.wait("!document.querySelector('vitrine-overlay:not([for])')")?;
    browser.js("await probe.play();")?;
    quiet(stage)
}

fn quiet(stage: &Stage) -> Result<()> {
    let wrong = stage.browser.get("probe.lines().concat(probe.errors)")?;
    ensure!(wrong == json!([]), "the console has {wrong}");
    Ok(())
}

fn element_far_from_its_video(stage: &mut Stage) -> Result<()> {
    let body = format!("<header><nav>{ELEMENT}</nav></header>{PLAYER}");
    open(stage, &body)?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    let boxes =
        browser.get("element.getClientRects().length + element.parentElement.childNodes.length")?;
    ensure!(
        boxes == 1,
        "the element takes room, or its parent has more children: {boxes}"
    );
    browser.js("element.overlay.flush();")?;
    stage.view(&stage.view_id()?, "hotspot_click")?;
    quiet(stage)
}

fn element_before_its_video_exists(stage: &mut Stage) -> Result<()> {
    open(
        stage,
        &format!("{ELEMENT}<div id=\"player\" class=\"box\"></div>"),
    )?;
    let browser = &stage.browser;
    browser.wait("probe.lines().length")?;
    browser.js(
        "const video = document.createElement('video'); \
         Object.assign(video, { src: '/e2e/clip.webm', muted: true, playsInline: true, preload: 'auto' }); \
         document.querySelector('#player').append(video); await probe.frames(3); video.id = 'v';",
    )?;
    shows(stage, "lamp")?;
    one_line(stage, &["for=\"v\"", "id"])
}

/// Nothing is fetched before the viewer comes near.
fn element_of_a_video_further_down(stage: &mut Stage) -> Result<()> {
    open(
        stage,
        &format!("{ELEMENT}<div class=\"far\"></div>{PLAYER}"),
    )?;
    let browser = &stage.browser;
    browser.js("await probe.frames(20);")?;
    let wasm = |line: &String| line.contains("vitrine_bg");
    ensure!(
        !stage.site.requests().iter().any(wasm),
        "fetched at once: {:?}",
        stage.site.requests()
    );
    browser.js("scrollTo(0, 5000);")?;
    shows(stage, "lamp")?;
    quiet(stage)
}

fn element_with_other_attributes(stage: &mut Stage) -> Result<()> {
    let second = PLAYER
        .replace("\"v\"", "\"w\"")
        .replace("\"player\"", "\"second\"");
    open(stage, &format!("{ELEMENT}{PLAYER}{second}"))?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    browser.js("element.setAttribute('config', 'other.json');")?;
    shows(stage, "mug")?;
    browser.js("element.setAttribute('for', 'w');")?;
    browser.wait("probe.shown(document.querySelector('#w')).join() === 'mug'")?;
    ensure!(
        browser.get("!probe.root()")? == true,
        "the first video has an overlay still"
    );
    // There and back before anything was loaded.
    browser.js("for (const id of ['v', 'w', 'v', 'w', 'v']) { element.setAttribute('for', id); await probe.frames(1); }")?;
    shows(stage, "mug")?;
    browser.js("element.removeAttribute('config');")?;
    browser.wait("probe.lines().length")?;
    browser.js("element.setAttribute('config', 'made.json');")?;
    shows(stage, "lamp")?;
    one_line(stage, &["no hotspot file", "config"])
}

fn element_and_consent(stage: &mut Stage) -> Result<()> {
    let waiting = ELEMENT.replace(" for", " consent=\"required\" for");
    open(stage, &format!("{PLAYER}{waiting}"))?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    browser.js("await probe.play(); element.overlay.flush(); await probe.frames(10);")?;
    let view = stage.view_id()?;
    // The page before may have sent its last ones only now.
    let ours = |event: &Value| event["view_id"] == view;
    ensure!(
        !stage.site.events().iter().any(ours),
        "events were sent without consent"
    );
    browser.js("element.setAttribute('consent', 'granted'); element.overlay.flush();")?;
    // What waited is sent, by the view that goes on.
    let events = stage.view(&view, "play")?;
    ensure!(stage.view_id()? == view, "consent began another view");
    e2e::one(&events, "impression")?;
    quiet(stage)?;
    browser.js("element.setAttribute('consent', 'perhaps');")?;
    one_line(stage, &["consent", "granted"])
}

fn element_removed_and_moved(stage: &mut Stage) -> Result<()> {
    open(stage, &format!("<main></main>{PLAYER}{ELEMENT}"))?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    let view = stage.view_id()?;
    browser.js("document.querySelector('main').append(element); await probe.frames(5);")?;
    shows(stage, "lamp")?;
    ensure!(
        stage.view_id()? == view,
        "a move within the page began another view"
    );
    browser.js("element.remove(); await probe.frames(2);")?;
    nothing_left(stage)?;
    ensure!(
        browser.get("element.overlay === undefined")? == true,
        "the element has an overlay still"
    );
    browser.js("document.body.prepend(element);")?;
    shows(stage, "lamp")?;
    // Its first event waits for what comes after the first hotspot.
    stage.browser.wait(&format!(
        "probe.said('vitrine:event').at(-1).detail.view_id !== '{view}'"
    ))?;
    // Gone while it is being attached.
    browser.js("element.remove(); await probe.frames(2); document.body.append(element); await probe.frames(1); element.remove(); await probe.frames(10);")?;
    nothing_left(stage)
}

fn element_whose_video_is_replaced(stage: &mut Stage) -> Result<()> {
    open(stage, &format!("{ELEMENT}{PLAYER}"))?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    browser.js(
        "const before = probe.video(), after = before.cloneNode(true); window.before = before; before.replaceWith(after);",
    )?;
    browser.wait("probe.said('vitrine:ready').length === 2")?;
    shows(stage, "lamp")?;
    // A player that takes the id for its own box.
    browser.js("const video = probe.video(); video.id = 'inner'; document.querySelector('#player').id = 'v';")?;
    browser.js("await probe.frames(5);")?;
    shows(stage, "lamp")?;
    let ready = browser.get("probe.said('vitrine:ready').length")?;
    ensure!(ready == 2, "the same video was attached to again: {ready}");
    browser.js("probe.video().remove();")?;
    browser.wait("!document.querySelector('vitrine-overlay:not([for])')")?;
    quiet(stage)
}

fn element_in_shadow_roots(stage: &mut Stage) -> Result<()> {
    open(stage, "<div id=\"host\"></div>")?;
    let browser = &stage.browser;
    let attach = "const host = document.querySelector('#host'), root = host.attachShadow({ mode: 'open' }); \
        const video = document.createElement('video'); window.inner = video; \
        Object.assign(video, { id: 'v', src: '/e2e/clip.webm', muted: true, preload: 'auto' }); \
        const element = document.createElement('vitrine-overlay'); \
        for (const [name, value] of [['for', 'v'], ['config', '/e2e/made.json']]) element.setAttribute(name, value); \
        window.element = element; root.append(element); ";
    browser.js(&format!("{attach} root.append(video);"))?;
    browser.wait("probe.shown(inner).join() === 'lamp'")?;
    // The video outside, in the tree around the element's own.
    browser.js("const outer = inner.cloneNode(); inner.remove(); document.body.append(outer);")?;
    shows(stage, "lamp")?;
    let left = browser.get("element.getRootNode().childElementCount")?;
    ensure!(left == 1, "{left} elements are left in the shadow root");
    Ok(())
}

fn element_beside_a_script_tag(stage: &mut Stage) -> Result<()> {
    let tag = "<script async src=\"/vitrine/vitrine.js\" data-config=\"/e2e/other.json\" data-video=\"#w\"></script>";
    let second = PLAYER
        .replace("\"v\"", "\"w\"")
        .replace("\"player\"", "\"second\"");
    open(stage, &format!("{PLAYER}{second}{ELEMENT}{tag}"))?;
    let browser = &stage.browser;
    browser.wait("probe.shown().join() === 'lamp' && probe.shown(document.querySelector('#w')).join() === 'mug'")?;
    browser.js("element.remove(); await probe.frames(3);")?;
    let left = browser.get("[...document.querySelectorAll('vitrine-overlay')].map((one) => one.previousElementSibling.id).join()")?;
    ensure!(left == "w", "the overlays of {left} are left");
    quiet(stage)
}

fn element_without_a_hotspot_file(stage: &mut Stage) -> Result<()> {
    open(
        stage,
        &format!("{PLAYER}{}", ELEMENT.replace("made.json", "missing.json")),
    )?;
    one_line(stage, &["/e2e/missing.json", "404", "config"])?;
    told(stage, false)?;
    stage
        .browser
        .js("element.setAttribute('config', 'made.json');")?;
    shows(stage, "lamp")
}

fn element_a_hundred_times(stage: &mut Stage) -> Result<()> {
    open(stage, &format!("{PLAYER}{ELEMENT}"))?;
    shows(stage, "lamp")?;
    let browser = &stage.browser;
    browser.js(
        "window.round = async (count) => { for (let i = 0; i < count; i++) { \
           element.remove(); await probe.frames(1); document.body.append(element); \
           while (!element.overlay) await probe.frames(1); } };",
    )?;
    browser.js("await round(2);")?;
    // All of the overlay is there. Its one timer and that of its delivery come and go.
    browser.wait("!!probe.part('product-list')")?;
    let count = "(({ timers, ...rest }) => ({ ...rest, timers: timers > 2 }))(census.count())";
    let before = browser.get(count)?;
    browser.js("await round(100);")?;
    let same = e2e::until(e2e::LIMIT, || {
        Ok((browser.get(count)? == before).then_some(()))
    })?;
    ensure!(
        same.is_some(),
        "before: {before}\nafter: {}",
        browser.get(count)?
    );
    shows(stage, "lamp")?;
    quiet(stage)
}
