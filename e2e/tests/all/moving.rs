//! A moving hotspot sits on its product in the picture, whatever the picture's place in the page.

use crate::pages;
use e2e::{Context, Result, Stage, Value, ensure, json};

e2e::engines!(
    on_the_product_in_every_fit,
    where_a_screenshot_shows_it,
    follows_the_box,
    follows_the_stream,
    on_the_demo_s_products
);

/// The clip's picture.
const NATURAL: (f64, f64) = (640.0, 360.0);
/// Classes of the video: `object-fit` and `object-position`, and how the oracle reads them.
const FITS: [(&str, &str, Position); 8] = [
    ("fit-contain", "contain", MIDDLE),
    ("fit-cover", "cover", MIDDLE),
    ("fit-fill", "fill", MIDDLE),
    ("fit-none", "none", MIDDLE),
    ("fit-scale-down", "scale-down", MIDDLE),
    ("fit-contain at-corner", "contain", [(0.0, 0.0), (1.0, 0.0)]),
    ("fit-cover at-odd", "cover", [(0.25, 0.0), (0.0, 12.0)]),
    ("fit-contain framed", "contain", MIDDLE),
];
/// A share of the free space and pixels, across and down.
type Position = [(f64, f64); 2];
const MIDDLE: Position = [(0.5, 0.0), (0.5, 0.0)];
/// Classes of the player: its sizes.
const SIZES: [&str; 4] = ["box", "box wide", "box tall", "box small"];
/// The centre of the clip's box at a time, in pixels of the picture; as ffmpeg drew it.
pub fn truth(time: f64) -> (f64, f64) {
    (88.0 + 74.0 * time, 156.0 + 40.0 * (2.0 * time).sin())
}

/// A hotspot on the clip's box, with a keyframe every 0.2 s.
pub fn tracked() -> Value {
    let keyframes: Vec<Value> = (0..=29)
        .map(|tick| {
            let time = f64::from(tick) * 0.2;
            let (x, y) = truth(time);
            json!({ "time": time, "x": x / 6.4, "y": y / 3.6, "w": 15.0, "h": 20.0 })
        })
        .collect();
    pages::file(vec![json!({
        "id": "box", "label": "Box", "products": ["lamp"], "start": 0.0, "end": 6.0, "shape": "rect",
        "interpolation": "catmull-rom", "keyframes": keyframes,
    })])
}

/// A rectangle in the viewport.
#[derive(Debug, Clone, Copy)]
struct Box {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// Where CSS puts the picture in the video's content box.
fn picture(content: Box, natural: (f64, f64), fit: &str, position: Position) -> Box {
    let scales = (content.w / natural.0, content.h / natural.1);
    let contain = scales.0.min(scales.1);
    let (across, down) = match fit {
        "fill" => scales,
        "cover" => (scales.0.max(scales.1), scales.0.max(scales.1)),
        "none" => (1.0, 1.0),
        "scale-down" => (contain.min(1.0), contain.min(1.0)),
        _ => (contain, contain),
    };
    let (w, h) = (natural.0 * across, natural.1 * down);
    let [(share_x, pixels_x), (share_y, pixels_y)] = position;
    Box {
        x: content.x + (content.w - w) * share_x + pixels_x,
        y: content.y + (content.h - h) * share_y + pixels_y,
        w,
        h,
    }
}

pub fn numbers(value: &Value) -> Result<Vec<f64>> {
    let list = value.as_array().context("a list of numbers is needed")?;
    Ok(list.iter().filter_map(Value::as_f64).collect())
}

/// The video's content box and the hotspot's centre, after two frames.
const LOOK: &str = "await probe.frames(2); \
    const video = probe.video(), style = getComputedStyle(video), box = video.getBoundingClientRect(); \
    const side = (name) => parseFloat(style[`padding${name}`]) + parseFloat(style[`border${name}Width`]); \
    const spot = probe.spot(args)?.getBoundingClientRect(); \
    return spot && [box.x + side('Left'), box.y + side('Top'), box.width - side('Left') - side('Right'), \
      box.height - side('Top') - side('Bottom'), spot.x + spot.width / 2, spot.y + spot.height / 2];";

/// How far, in pixels, the hotspot's centre is from a place given in shares of the picture.
fn distance(
    stage: &Stage,
    id: &str,
    fit: &str,
    position: Position,
    place: (f64, f64),
    natural: (f64, f64),
) -> Result<(f64, f64)> {
    let seen = stage.browser.js_with(LOOK, json!(id))?;
    let seen = numbers(&seen).with_context(|| format!("the hotspot {id} is not there"))?;
    let content = Box {
        x: seen[0],
        y: seen[1],
        w: seen[2],
        h: seen[3],
    };
    let picture = picture(content, natural, fit, position);
    let wanted = (
        picture.x + place.0 * picture.w,
        picture.y + place.1 * picture.h,
    );
    Ok(((seen[4] - wanted.0).hypot(seen[5] - wanted.1), content.w))
}

fn dress(stage: &Stage, size: &str, fit: &str) -> Result<()> {
    let script = "const video = probe.video(); video.className = args[1]; video.parentElement.className = args[0]; \
        dispatchEvent(new Event('resize')); await probe.frames(2);";
    stage.browser.js_with(script, json!([size, fit])).map(drop)
}

fn on_the_product_in_every_fit(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &tracked())?;
    let mut worst: f64 = 0.0;
    for (index, size) in SIZES.iter().enumerate() {
        for (class, fit, position) in FITS {
            dress(stage, size, class)?;
            // Ten times in all for each fit, spread over the sizes.
            for step in 0..3 {
                let time = 0.35 + f64::from(step) * 1.9 + index as f64 * 0.37;
                stage
                    .browser
                    .js_with("await probe.seek(args);", json!(time))?;
                let (x, y) = truth(time);
                let place = (x / NATURAL.0, y / NATURAL.1);
                let (off, width) = distance(stage, "box", fit, position, place, NATURAL)?;
                worst = worst.max(off / width);
                ensure!(
                    off <= width / 100.0,
                    "{size}, {class}, {time} s: {off:.1} px beside the product"
                );
            }
        }
    }
    eprintln!(
        "  at worst {:.2} % of the video's width beside the product",
        worst * 100.0
    );
    Ok(())
}

/// The centre of what has the box's colour in a screenshot, in CSS pixels.
pub const FIND: &str = "const bytes = Uint8Array.from(atob(args), (letter) => letter.charCodeAt(0)); \
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' })); \
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d'); \
    pen.drawImage(image, 0, 0); const { data } = pen.getImageData(0, 0, image.width, image.height); \
    let left = 1e9, right = -1, top = 1e9, bottom = -1; \
    for (let i = 0; i < data.length; i += 4) { \
      if (Math.abs(data[i] - 216) < 24 && Math.abs(data[i + 1] - 162) < 24 && Math.abs(data[i + 2] - 74) < 40) { \
        const x = i / 4 % image.width, y = Math.floor(i / 4 / image.width); \
        left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y); } } \
    const scale = innerWidth / image.width; \
    return right < 0 ? null : [(left + right + 1) / 2 * scale, (top + bottom + 1) / 2 * scale];";

fn where_a_screenshot_shows_it(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &tracked())?;
    for (size, class) in [
        ("box", "fit-contain"),
        ("box tall", "fit-fill"),
        ("box wide", "fit-cover"),
        ("box tall", "fit-contain at-corner"),
        ("box wide", "fit-contain framed"),
    ] {
        dress(stage, size, class)?;
        // In the middle of the clip all of the box is in every crop.
        stage.browser.js("await probe.seek(2.88);")?;
        let spot = stage.browser.js_with(LOOK, json!("box"))?;
        let spot = numbers(&spot)?;
        let picture = stage.browser.screenshot_text()?;
        let found = stage.browser.js_with(FIND, json!(picture))?;
        let found = numbers(&found)
            .with_context(|| format!("{size}, {class}: no box in the screenshot"))?;
        let off = (found[0] - spot[4]).hypot(found[1] - spot[5]);
        // The clip's frame at 2.88 s is exact; a pixel each for the blur and the rounding.
        ensure!(
            off < 4.0,
            "{size}, {class}: the picture has the box at {found:?}, the hotspot is at {:?}",
            &spot[4..]
        );
    }
    Ok(())
}

fn follows_the_box(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &tracked())?;
    stage.browser.js("await probe.seek(2);")?;
    let (x, y) = truth(2.0);
    let place = (x / NATURAL.0, y / NATURAL.1);
    // No event and no seek tells the overlay: it must see for itself.
    for change in [
        "probe.video().parentElement.className = 'box wide'",
        "probe.video().parentElement.className = 'box tall'",
        "document.body.insertBefore(document.createElement('h1'), document.body.firstChild).textContent = 'More above'",
        "scrollTo(0, 60)",
    ] {
        stage
            .browser
            .js(&format!("{change}; await probe.frames(2);"))?;
        let (off, width) = distance(stage, "box", "contain", MIDDLE, place, NATURAL)?;
        ensure!(
            off <= width / 100.0,
            "after `{change}`: {off:.1} px beside the product"
        );
    }
    Ok(())
}

/// The source changes to a picture of another shape: `tall.webm`, 180 by 320, its square at 60, 230.
fn follows_the_stream(stage: &mut Stage) -> Result<()> {
    let place = [60.0 / 1.8, 230.0 / 3.2, 33.0, 18.0];
    let spot = pages::still("square", 0.0, 6.0, place, json!({ "shape": "rect" }));
    pages::open(stage, &pages::file(vec![spot]))?;
    stage.browser.js(
        "const video = probe.video(); \
         const loaded = new Promise((done) => video.addEventListener('loadeddata', done, { once: true })); \
         video.src = '/e2e/tall.webm'; await loaded; await probe.seek(1);",
    )?;
    for fit in ["contain", "cover"] {
        dress(stage, "box", &format!("fit-{fit}"))?;
        let share = (60.0 / 180.0, 230.0 / 320.0);
        let (off, width) = distance(stage, "square", fit, MIDDLE, share, (180.0, 320.0))?;
        ensure!(
            off <= width / 100.0,
            "{fit}: {off:.1} px beside the product"
        );
    }
    Ok(())
}

fn on_the_demo_s_products(stage: &mut Stage) -> Result<()> {
    stage.open_demo()?;
    let browser = &stage.browser;
    let truth = browser.js("return await (await fetch('/media/spring.truth.json')).json();")?;
    let rows = read_truth(&truth)?;
    browser.wait("probe.video().readyState > 1")?;
    let style = browser.js(
        "const video = probe.video(), style = getComputedStyle(video); \
         return [style.objectFit, style.objectPosition, video.videoWidth, video.videoHeight];",
    )?;
    ensure!(
        style[1] == "50% 50%",
        "the demo's object-position is {}",
        style[1]
    );
    let fit = style[0].as_str().unwrap_or_default();
    let natural = style[2]
        .as_f64()
        .zip(style[3].as_f64())
        .context("no picture")?;
    let mut times = Vec::new();
    for (time, id, place) in &rows {
        if times.last() != Some(time) {
            browser.js_with("await probe.seek(args);", json!(time))?;
            times.push(*time);
        }
        if browser.get(&format!("!!probe.spot('{id}')"))? == true {
            let (off, width) = distance(stage, id, fit, MIDDLE, *place, natural)?;
            let near = off <= width / 100.0;
            ensure!(near, "{id} at {time} s: {off:.1} px beside the product");
        } else {
            times.pop();
        }
    }
    times.dedup();
    ensure!(
        times.len() >= 10,
        "only at {times:?} a product had its hotspot on screen"
    );
    Ok(())
}

/// The true places of the demo's products: time, hotspot, place in shares of the picture.
type Truth = Vec<(f64, String, (f64, f64))>;

/// Reads rows of a time and, by product, `x` and `y` in percent of the picture.
fn read_truth(truth: &Value) -> Result<Truth> {
    let rows = truth.as_array().context("the truth is no list")?;
    let mut places = Vec::new();
    for row in rows {
        let time = row["time"].as_f64().context("a row without a time")?;
        let products = row["products"]
            .as_object()
            .context("a row without products")?;
        for (id, place) in products {
            let share = |key: &str| Some(place[key].as_f64()? / 100.0);
            let (x, y) = share("x")
                .zip(share("y"))
                .context("a product without a place")?;
            places.push((time, id.clone(), (x, y)));
        }
    }
    Ok(places)
}
