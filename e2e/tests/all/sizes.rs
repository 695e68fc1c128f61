//! Pictures of every shape in boxes of every shape, and what is kept free of hotspots in them.

use crate::moving::{FIND, numbers, truth};
use crate::pages;
use e2e::{Context, Engine, Result, Stage, Value, ensure, json};
use std::fs;
use std::process::Command;
use std::time::Duration;
use xtask::Repo;

e2e::engines!(
    on_the_product_in_every_shape,
    in_every_form_of_object_position,
    large_enough_to_hit,
    off_what_the_page_keeps_free,
    a_sheet_on_a_narrow_screen
);

/// When the clip's box is whole in all of these pictures, and one of its frames.
pub const TIME: f64 = 2.88;

/// A picture cut from the clip: what it begins with, its size, and ffmpeg's filter.
struct Cut {
    name: &'static str,
    from: (f64, f64),
    size: (f64, f64),
    filter: &'static str,
}

const CUTS: [Cut; 5] = [
    Cut {
        name: "portrait.webm",
        from: (200.0, 0.0),
        size: (202.0, 360.0),
        filter: "crop=202:360:200:0",
    },
    Cut {
        name: "square.webm",
        from: (140.0, 0.0),
        size: (360.0, 360.0),
        filter: "crop=360:360:140:0",
    },
    Cut {
        name: "ultra-wide.webm",
        from: (0.0, 60.0),
        size: (640.0, 160.0),
        filter: "crop=640:160:0:60",
    },
    // Pixels that are a third wider than high.
    Cut {
        name: "anamorphic.webm",
        from: (0.0, 0.0),
        size: (640.0, 360.0),
        filter: "scale=480:360,setsar=4/3",
    },
    Cut {
        name: "anamorphic.mp4",
        from: (0.0, 0.0),
        size: (640.0, 360.0),
        filter: "scale=480:360,setsar=4/3",
    },
];

/// Makes a picture's clip and returns its address.
fn cut(stage: &Stage, cut: &Cut) -> Result<String> {
    let repo = Repo::here();
    let place = repo.target.join("e2e/made");
    fs::create_dir_all(&place)?;
    let name = format!("{:?}-{}", stage.browser.engine(), cut.name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]);
    ffmpeg.arg(repo.at("e2e/pages/clip.webm"));
    ffmpeg.args(["-t", "4", "-an", "-vf", cut.filter]);
    let codec = match cut.name.ends_with("mp4") {
        true => "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25",
        false => "-c:v libvpx-vp9 -b:v 0 -crf 40 -g 25 -deadline realtime -cpu-used 8",
    };
    ffmpeg.args(codec.split(' '));
    let done = ffmpeg
        .arg(place.join(&name))
        .status()
        .context("ffmpeg is not installed; run: apt-get install ffmpeg")?;
    ensure!(done.success(), "ffmpeg did not cut the {} clip", cut.name);
    Ok(format!("/made/{name}"))
}

/// The hotspot's centre.
pub const SPOT: &str = "(({ x, y, width, height }) => [x + width / 2, y + height / 2])(probe.spot('box').getBoundingClientRect())";

/// A screenshot has the product where the hotspot is.
pub fn on_the_product(stage: &Stage, what: &str) -> Result<()> {
    let browser = &stage.browser;
    let spot = numbers(&browser.get(SPOT)?)?;
    // Chromium and Firefox paint a frame that was sought a little after they say so.
    let mut found = Value::Null;
    let there = e2e::until(Duration::from_secs(5), || {
        found = browser.js_with(FIND, json!(browser.screenshot_text()?))?;
        let near =
            numbers(&found).is_ok_and(|found| (found[0] - spot[0]).hypot(found[1] - spot[1]) < 5.0);
        Ok(near.then_some(()))
    })?;
    ensure!(
        there.is_some(),
        "{what}: the picture has the product at {found}, the hotspot is at {spot:?}"
    );
    Ok(())
}

fn on_the_product_in_every_shape(stage: &mut Stage) -> Result<()> {
    for shape in &CUTS {
        let address = cut(stage, shape)?;
        let (x, y) = truth(TIME);
        let place = [
            (x - shape.from.0) / shape.size.0 * 100.0,
            (y - shape.from.1) / shape.size.1 * 100.0,
            20.0,
            20.0,
        ];
        let spot = pages::still("box", 0.0, 6.0, place, json!({ "shape": "rect" }));
        pages::serve_config(stage, &pages::file(vec![spot]));
        let body = pages::PLAYER.replace("/e2e/clip.webm", &address);
        stage.open_ready(&pages::serve(stage, "cut", &body, &pages::Tag::default()))?;
        let browser = &stage.browser;
        browser.js_with("await probe.seek(args);", json!(TIME))?;
        for size in ["box", "box wide", "box tall", "box small"] {
            browser.js_with(
                "probe.video().parentElement.className = args; await probe.frames(4);",
                json!(size),
            )?;
            let what = format!("{} in {size}", shape.name);
            on_the_product(stage, &what)?;
        }
        let natural =
            browser.get("[probe.video().videoWidth, probe.video().videoHeight].join()")?;
        eprintln!("  {}: videoWidth, videoHeight are {natural}", shape.name);
    }
    Ok(())
}

/// Forms of `object-position`, in boxes that leave space on either side, and that crop either.
fn in_every_form_of_object_position(stage: &mut Stage) -> Result<()> {
    let (x, y) = truth(TIME);
    let place = [x / 6.4, y / 3.6, 15.0, 20.0];
    let spot = pages::still("box", 0.0, 6.0, place, json!({ "shape": "rect" }));
    pages::open(stage, &pages::file(vec![spot]))?;
    let browser = &stage.browser;
    browser.js_with("await probe.seek(args);", json!(TIME))?;
    for position in [
        "left bottom",
        "right 12px bottom 10%",
        "calc(20% + 14px) calc(100% - 1em)",
        "min(30%, 9px) max(10%, 40px)",
        "clamp(10px, 60%, 30px) min(80%, 50% + 8px)",
        "max(min(90%, 70px), 3px) calc(50% + max(5px, 10%))",
    ] {
        for dress in ["wide contain", "tall contain", "wide cover", "tall none"] {
            browser.js_with(
                "const video = probe.video(), [size, fit] = args[0].split(' '); video.parentElement.className = 'box ' + size; \
                 Object.assign(video.style, { objectFit: fit, objectPosition: args[1] }); await probe.frames(4);",
                json!([dress, position]),
            )?;
            let what = format!("{position}, {dress}");
            let spot = numbers(&browser.get(SPOT)?)?;
            let player = numbers(&browser.get(
                "(({ left, top, right, bottom }) => [left, top, right, bottom])(document.querySelector('#player').getBoundingClientRect())",
            )?)?;
            // What is cropped is not to be compared.
            let whole = spot[0] - 50.0 > player[0]
                && spot[1] - 90.0 > player[1]
                && spot[0] + 50.0 < player[2]
                && spot[1] + 90.0 < player[3];
            if whole || !dress.contains("cover") && !dress.contains("none") {
                on_the_product(stage, &what)?;
            }
        }
    }
    Ok(())
}

/// Small hotspots, in the middle and in the corners.
fn dots() -> Value {
    let mut spots = Vec::new();
    for (id, x, y) in [
        ("middle", 50.0, 50.0),
        ("first", 0.0, 0.0),
        ("last", 100.0, 100.0),
    ] {
        let point = [x, y, 0.0, 0.0];
        let region = [x, y, 0.5, 0.5];
        spots.push(pages::still(id, 0.0, 6.0, point, json!({})));
        spots.push(pages::still(
            &format!("{id}-region"),
            0.0,
            6.0,
            region,
            json!({ "shape": "ellipse" }),
        ));
    }
    pages::file(spots)
}

/// What of a hotspot lies within the player, across and down.
const REACH: &str = "Object.fromEntries(probe.shown().map((id) => { const spot = probe.spot(id).getBoundingClientRect(), \
    box = document.querySelector('#player').getBoundingClientRect(); \
    return [id, [Math.min(spot.right, box.right) - Math.max(spot.left, box.left), \
      Math.min(spot.bottom, box.bottom) - Math.max(spot.top, box.top)]]; }))";

fn large_enough_to_hit(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &dots())?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1);")?;
    for size in ["box", "box small"] {
        browser.js_with(
            "document.querySelector('#player').className = args; await probe.frames(4);",
            json!(size),
        )?;
        let reach = browser.get(REACH)?;
        let spots = reach.as_object().context("no hotspots")?;
        ensure!(spots.len() == 6, "only {reach}");
        for (id, sides) in spots {
            let least = if id.contains("region") { 24.0 } else { 44.0 };
            // In a letterboxed picture the corners are inside the player.
            let sides = numbers(sides)?;
            ensure!(
                sides.iter().all(|side| *side > least - 0.1),
                "{size}: {sides:?} px of {id} can be hit, not {least}"
            );
        }
    }
    Ok(())
}

fn off_what_the_page_keeps_free(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &dots())?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1);")?;
    // Its own controls have a button there.
    let roof = match browser.engine() {
        Engine::WebKit => 44.0,
        _ => 0.0,
    };
    // The distance of the lowest hotspot from the player's lower edge, of the first from its upper one.
    let free = "(({ top, bottom }) => [probe.spot('first').getBoundingClientRect().top - top, \
        bottom - probe.spot('last').getBoundingClientRect().bottom])(document.querySelector('#player').getBoundingClientRect())";
    for (change, above, below) in [
        (
            "player.style.setProperty('--vitrine-safe-area-bottom', '60px')",
            0.0,
            60.0,
        ),
        (
            "player.style.setProperty('--vitrine-safe-area-top', 'calc(1px + 2vw)')",
            26.6,
            60.0,
        ),
        (
            "player.style.cssText = ''; video.controls = true",
            roof,
            72.0,
        ),
        (
            "player.style.setProperty('--vitrine-safe-area-bottom', '0px')",
            roof,
            0.0,
        ),
        (
            "player.style.cssText = ''; video.controls = false",
            0.0,
            0.0,
        ),
        // A bar that the page says is a player's.
        (
            "const bar = player.appendChild(document.createElement('div')); bar.className = 'vjs-control-bar'; \
             Object.assign(bar.style, { position: 'absolute', left: 0, right: 0, bottom: 0, height: '33px' })",
            0.0,
            33.0,
        ),
        (
            "player.querySelector('.vjs-control-bar').style.display = 'none'; player.classList.add('ended')",
            0.0,
            0.0,
        ),
        // Another player's.
        (
            "Object.assign(player.querySelector('.vjs-control-bar').style, { display: '', left: '700px', right: '-700px' }); player.classList.add('next')",
            0.0,
            0.0,
        ),
    ] {
        browser.js(&format!(
            "const player = document.querySelector('#player'), video = probe.video(); {change}; await probe.frames(4);"
        ))?;
        let got = numbers(&browser.get(free)?)?;
        ensure!(
            (got[0] - above).abs() < 0.6 && (got[1] - below).abs() < 0.6,
            "after `{change}` {got:?} px are free, not {above} and {below}"
        );
    }
    Ok(())
}

fn a_sheet_on_a_narrow_screen(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &dots())?;
    let browser = &stage.browser;
    let inside = "(() => { const card = probe.part('card').getBoundingClientRect(), box = args; return \
        card.left >= box.left - 0.5 && card.top >= box.top - 0.5 && card.right <= box.right + 0.5 && card.bottom <= box.bottom + 0.5 \
        ? '' : JSON.stringify([card, box]); })()";
    for (size, id) in [
        ("box", "middle"),
        ("box", "first"),
        ("box", "last"),
        ("box wide", "last"),
        ("box tall", "middle"),
        ("box small", "last"),
    ] {
        browser.js_with(
            "document.querySelector('#player').className = args; await probe.seek(1);",
            json!(size),
        )?;
        browser.js(&format!("probe.spot('{id}').click();"))?;
        browser.wait("!!probe.part('card')")?;
        let sheet = browser.get("probe.part('card').classList.contains('sheet')")?;
        ensure!(
            sheet == matches!(size, "box tall" | "box small"),
            "{size}: sheet is {sheet}"
        );
        // A card is in the picture, a sheet on the screen.
        let script = format!(
            "const args = probe.part('card').classList.contains('sheet') \
               ? {{ left: 0, top: 0, right: innerWidth, bottom: innerHeight }} \
               : document.querySelector('#player').getBoundingClientRect(); return {inside};"
        );
        let out = browser.js(&script)?;
        ensure!(out == "", "{size}, {id}: the card is outside: {out}");
        browser.press('\u{e00c}')?;
        browser.wait("!probe.part('card')")?;
    }
    Ok(())
}
