//! Wherever a page has put its video: the hotspot is on the product, as a screenshot shows it, and
//! takes the click there.

use crate::moving::{FIND, numbers, tracked};
use e2e::{Context, Point, Result, Stage, bail, ensure, json};

e2e::engines!(
    in_any_container,
    with_a_transform_of_its_own,
    follows_a_hover_zoom
);

/// A page with a player of the usual size, its overlay attached by the module once `dress` has run.
fn open(stage: &Stage, dress: &str) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab && probe.video().readyState > 1")?;
    let script = format!(
        "const player = document.querySelector('#player'), video = lab.video = probe.video(); \
         Object.assign(player.style, {{ position: 'relative', width: '640px', height: '360px', background: '#111' }}); \
         Object.assign(video.style, {{ display: 'block', width: '100%', height: '100%' }}); \
         {dress}; \
         if (lab.video.readyState < 2) await new Promise((done) => lab.video.addEventListener('loadeddata', done, {{ once: true }})); \
         lab.overlay = await lab.attach(lab.video, {{ config: args }});"
    );
    browser.js_with(&script, tracked())?;
    // The pointer may still be where the last case clicked, and a label would lie on the product.
    browser.click(Point { x: 1250.0, y: 20.0 })?;
    browser
        .js("await probe.seek(2.88, lab.video); await probe.frames(2);")
        .map(drop)
}

/// Where the hotspot is, in the viewport. WebKit says what zoomed boxes were before the zoom.
const SPOT: &str = "await probe.frames(2); \
    const box = probe.spot('box', lab.video)?.getBoundingClientRect(); if (!box) return null; \
    const frame = lab.video.ownerDocument.defaultView.frameElement?.getBoundingClientRect(); \
    const drawn = lab.video.getBoundingClientRect().width === 640 && lab.zoom || 1; \
    return [(box.x + box.width / 2) * drawn + (frame?.x ?? 0), (box.y + box.height / 2) * drawn + (frame?.y ?? 0)];";

/// Compares the hotspot's place with the product's in a screenshot; returns the product's.
fn check(stage: &Stage, what: &str) -> Result<Point> {
    let browser = &stage.browser;
    let spot = numbers(&browser.js(SPOT)?).with_context(|| format!("{what}: no hotspot"))?;
    let found = browser.js_with(FIND, json!(browser.screenshot_text()?))?;
    let found = numbers(&found).with_context(|| format!("{what}: no product in the screenshot"))?;
    let [(x, y), (spot_x, spot_y)] = [(found[0], found[1]), (spot[0], spot[1])];
    let off = (x - spot_x).hypot(y - spot_y);
    ensure!(
        off < 5.0,
        "{what}: the picture has the product at {x:.1}, {y:.1}; the hotspot is at {spot_x:.1}, {spot_y:.1}"
    );
    Ok(Point { x, y })
}

/// Also clicks on the product.
fn check_click(stage: &Stage, what: &str) -> Result<()> {
    let at = check(stage, what)?;
    stage.browser.click(at)?;
    let card = stage.browser.wait("!!probe.part('card', lab.video)");
    card.with_context(|| format!("{what}: a click on the product"))
        .map(drop)
}

/// What a page does around its video.
const CONTAINERS: [(&str, &str); 15] = [
    (
        "a shadow root",
        "const host = document.body.appendChild(document.createElement('div')); \
         host.attachShadow({ mode: 'open' }).append(player)",
    ),
    (
        "the top of a shadow root",
        "const host = document.body.appendChild(document.createElement('div')); \
         video.style.width = '640px'; host.attachShadow({ mode: 'open' }).append(video)",
    ),
    (
        "a frame's document",
        "const frame = document.body.appendChild(document.createElement('iframe')); \
         Object.assign(frame.style, { width: '700px', height: '420px', border: '0' }); \
         const fresh = frame.contentDocument.importNode(player, true); player.remove(); \
         frame.contentDocument.body.append(fresh); lab.video = fresh.querySelector('video'); \
         lab.video.src = new URL('/e2e/clip.webm', location.href).href; lab.video.muted = true",
    ),
    (
        "a scrolled container",
        "const box = document.createElement('div'); player.replaceWith(box); box.append(player); \
         Object.assign(box.style, { height: '300px', width: '500px', overflow: 'auto' }); \
         player.style.marginTop = '90px'; player.style.marginBottom = '300px'; box.scrollTop = 130; box.scrollLeft = 60",
    ),
    (
        "a container that scrolls the video itself",
        "Object.assign(player.style, { height: '300px', width: '500px', overflow: 'auto' }); \
         Object.assign(video.style, { width: '640px', height: '360px' }); player.scrollTop = 40; player.scrollLeft = 60",
    ),
    (
        "a smaller container",
        "player.style.transform = 'scale(0.7)'",
    ),
    (
        "a container that grows from a corner",
        "Object.assign(player.style, { transform: 'scale(1.3, 1.1)', transformOrigin: '0 0' })",
    ),
    (
        "a tilted container",
        "player.style.transform = 'rotate(-8deg)'",
    ),
    (
        "a container in perspective",
        "player.style.transform = 'perspective(900px) rotateY(18deg)'",
    ),
    (
        "a mirrored container",
        "player.style.transform = 'scaleX(-1)'",
    ),
    ("a zoomed container", "player.style.zoom = lab.zoom = 1.4"),
    (
        "a zoomed page",
        "document.documentElement.style.zoom = lab.zoom = 0.8",
    ),
    (
        "centred in a line of text",
        "Object.assign(player.style, { position: 'static', textAlign: 'center', width: '900px' }); \
         Object.assign(video.style, { display: 'inline', width: '533px', height: '300px' })",
    ),
    (
        "a corner of the screen",
        "Object.assign(video.style, { position: 'fixed', right: '16px', bottom: '16px', width: '480px', height: '270px' })",
    ),
    (
        "a page from right to left",
        "document.documentElement.dir = 'rtl'; Object.assign(video.style, { width: '533px', height: '300px' })",
    ),
];

/// Runs each case and names all that fail.
fn all(
    stage: &Stage,
    cases: &[(&str, &str)],
    run: impl Fn(&Stage, &str, &str) -> Result<()>,
) -> Result<()> {
    let mut failed = Vec::new();
    for (name, dress) in cases {
        if let Err(error) = run(stage, name, dress) {
            failed.push(format!("{error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

fn in_any_container(stage: &mut Stage) -> Result<()> {
    all(stage, &CONTAINERS, |stage, name, dress| {
        open(stage, dress)?;
        check_click(stage, name)
    })
}

/// What a page does to the video.
const TRANSFORMS: [(&str, &str); 8] = [
    ("enlarged", "video.style.transform = 'scale(1.2)'"),
    ("enlarged by its own property", "video.style.scale = '1.15'"),
    ("mirrored", "video.style.transform = 'scaleX(-1)'"),
    ("mirrored by its own property", "video.style.scale = '-1 1'"),
    (
        "mirrored in depth",
        "video.style.transform = 'rotateY(180deg)'",
    ),
    (
        "mirrored, with a border",
        "Object.assign(video.style, { transform: 'scaleX(-1)', boxSizing: 'border-box', border: '8px solid #345', borderLeftWidth: '30px' })",
    ),
    (
        "tilted",
        "video.style.transform = 'rotate(6deg) translate(10px, 5px)'",
    ),
    (
        "enlarged in a tilted container",
        "player.style.transform = 'rotate(-5deg) scale(0.9)'; video.style.transform = 'scale(0.8)'",
    ),
];

fn with_a_transform_of_its_own(stage: &mut Stage) -> Result<()> {
    all(stage, &TRANSFORMS, |stage, name, dress| {
        open(stage, dress)?;
        check_click(stage, name)?;
        // The label is to be read, whichever way the picture is turned.
        let flipped = stage.browser.js(
            "const chip = probe.spot('box', lab.video).querySelector('.chip'); \
             const turned = (element) => { let sign = 1; for (let e = element; e; e = e.parentElement) { \
               const style = getComputedStyle(e); \
               sign *= Math.sign(new DOMMatrix(style.transform).a) * Math.sign(parseFloat(style.scale) || 1); } return sign; }; \
             return turned(chip) < 0;",
        )?;
        ensure!(flipped == false, "{name}: the label is mirrored");
        // And without a word to the overlay.
        open(stage, "")?;
        let script = format!(
            "const video = lab.video, player = video.parentElement; {dress}; await probe.frames(3);"
        );
        stage.browser.js(&script)?;
        check(stage, &format!("{name}, later")).map(drop)
    })
}

/// While the video grows under the pointer, paused, the hotspot stays with its product.
fn follows_a_hover_zoom(stage: &mut Stage) -> Result<()> {
    open(
        stage,
        "const rules = new CSSStyleSheet(); \
         rules.replaceSync('#v { transition: transform 1.2s linear } #player:hover #v { transform: scale(1.4) }'); \
         document.adoptedStyleSheets = [rules]; player.style.overflow = 'hidden'",
    )?;
    let browser = &stage.browser;
    browser.js(
        "lab.seen = []; const note = () => { const spot = probe.spot('box', lab.video).getBoundingClientRect(), \
           box = lab.video.getBoundingClientRect(); \
           lab.seen.push([box.width / 640, (spot.x + spot.width / 2 - box.x) / box.width]); requestAnimationFrame(note); }; note();",
    )?;
    browser.click_on("document.querySelector('#player')")?;
    browser.wait("lab.video.getBoundingClientRect().width > 890")?;
    browser.js("await probe.frames(3);")?;
    let worst = browser
        .get("Math.max(...lab.seen.map(([, share]) => Math.abs(share - lab.seen[0][1])))")?;
    let steps = browser.get("lab.seen.filter(([scale]) => scale > 1.02 && scale < 1.38).length")?;
    ensure!(
        steps.as_f64() > Some(5.0),
        "only {steps} frames of the zoom were seen"
    );
    ensure!(
        worst.as_f64().is_some_and(|worst| worst < 0.015),
        "the hotspot was {worst} of the video's width beside its product"
    );
    check(stage, "zoomed under the pointer").map(drop)
}
