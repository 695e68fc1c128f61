//! Windows of every size and density: what is in them of hotspots, dots and cards.

use crate::moving::{FIND, numbers};
use crate::pages::{self, Tag};
use crate::sizes::{SPOT, TIME, on_the_product};
use e2e::{Engine, Point, Result, Stage, Value, ensure, json};

e2e::engines!(
    on_the_product_at_every_density,
    on_the_product_on_a_phone,
    the_card_stays_in_the_window,
    dots_stay_above_the_controls,
    the_native_button_at_the_top
);

/// A hotspot on the clip's box.
fn boxed() -> Value {
    let (x, y) = crate::moving::truth(TIME);
    let place = [x / 6.4, y / 3.6, 15.0, 20.0];
    pages::file(vec![pages::still(
        "box",
        0.0,
        6.0,
        place,
        json!({ "shape": "rect" }),
    )])
}

/// Screens of more pixels, and a page that its reader zoomed, which is the same to it in a smaller window. Only
/// Chromium's driver can change them.
fn on_the_product_at_every_density(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    for (wide, dense) in [
        (1280, 1.5),
        (1280, 2.0),
        (390, 3.0),
        (853, 1.5),
        (1600, 0.8),
    ] {
        let screen =
            json!({ "width": wide, "height": 800, "deviceScaleFactor": dense, "mobile": false });
        stage
            .browser
            .devtools("Emulation.setDeviceMetricsOverride", screen)?;
        pages::open(stage, &boxed())?;
        let browser = &stage.browser;
        for size in ["box", "box tall", "box small"] {
            browser.js_with(
                "const player = document.querySelector('#player'); player.className = args[0]; \
                 player.style.maxWidth = 'calc(100vw - 40px)'; await probe.seek(args[1]); await probe.frames(3);",
                json!([size, TIME]),
            )?;
            let got = browser.get("devicePixelRatio")?;
            ensure!(
                got.as_f64().is_some_and(|got| (got - dense).abs() < 0.01),
                "the screen has {got} pixels to one, not {dense}"
            );
            on_the_product(stage, &format!("{size}, {wide} px wide, {dense} to one"))?;
        }
    }
    stage
        .browser
        .devtools("Emulation.clearDeviceMetricsOverride", json!({}))
        .map(drop)
}

/// A page of 390 pixels, in a frame, as no engine makes its window that narrow everywhere.
fn on_the_product_on_a_phone(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &boxed());
    let look = "body { margin: 0 } iframe { display: block; width: 390px; height: 780px; border: 0 } \
        .phone { padding: 0 16px } .phone video { display: block; width: 100%; height: auto }";
    stage.site.put("/e2e/phone.css", "text/css", look);
    let head = "<meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/e2e/phone.css\">";
    let tag = Tag {
        head,
        ..Tag::default()
    };
    let player = "<div class=\"phone\"><video id=\"v\" src=\"/e2e/clip.webm\" controls muted playsinline preload=\"auto\"></video></div>";
    let inner = pages::serve(stage, "phone", player, &tag);
    let outer = format!(
        "<!doctype html><title>A phone</title><link rel=\"stylesheet\" href=\"/e2e/phone.css\">\
         <script src=\"/e2e/probe.js\"></script><iframe src=\"{inner}\"></iframe>"
    );
    stage
        .site
        .put("/e2e/holder.html", "text/html; charset=utf-8", outer);
    stage.open("/e2e/holder.html")?;
    stage.browser.in_frame(0, |browser| {
        browser.wait("probe.said('vitrine:ready').length && probe.part('product-list')")?;
        ensure!(
            browser.get("innerWidth")? == 390,
            "the page is not 390 px wide"
        );
        browser
            .js_with("await probe.seek(args);", json!(TIME))
            .map(drop)
    })?;
    // The frame begins where the window does.
    let mut seen = (Value::Null, Value::Null);
    let there = e2e::until(std::time::Duration::from_secs(8), || {
        let picture = stage.browser.screenshot_text()?;
        seen.0 = stage.browser.js_with(FIND, json!(picture))?;
        stage.browser.in_frame(0, |browser| {
            seen.1 = browser.get(SPOT)?;
            Ok(())
        })?;
        let (Ok(found), Ok(spot)) = (numbers(&seen.0), numbers(&seen.1)) else {
            return Ok(None);
        };
        Ok(((found[0] - spot[0]).hypot(found[1] - spot[1]) < 4.0).then_some(()))
    })?;
    ensure!(
        there.is_some(),
        "the picture has the product at {}, the hotspot is at {}",
        seen.0,
        seen.1
    );
    stage.browser.in_frame(0, |browser| {
        browser.js("probe.spot('box').click();")?;
        browser.wait("probe.part('card')?.classList.contains('sheet')")?;
        let card = numbers(&browser.get(
            "(({ left, right, bottom, top }) => [left, innerWidth - right, innerHeight - bottom, top])(probe.part('card').getBoundingClientRect())",
        )?)?;
        ensure!(card.iter().all(|side| *side > -0.5), "the sheet is {card:?} px inside the window");
        Ok(())
    })
}

/// Where WebKit has its button for fullscreen, from the video's left and upper edge: a press there is not a hotspot's.
fn the_native_button_at_the_top(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::WebKit {
        return Ok(());
    }
    let corner = pages::still("corner", 0.0, 6.0, [4.0, 5.0, 0.0, 0.0], json!({}));
    pages::open(stage, &pages::file(vec![corner]))?;
    let browser = &stage.browser;
    browser.js("probe.video().controls = true; await probe.seek(1); await probe.play();")?;
    let centre = browser.centre("probe.video()")?;
    let top =
        numbers(&browser.get("(({ x, y }) => [x, y])(probe.video().getBoundingClientRect())")?)?;
    browser.hover(centre)?;
    let spot = browser.get("probe.spot('corner').getBoundingClientRect().top - probe.video().getBoundingClientRect().top")?;
    ensure!(
        spot.as_f64() >= Some(43.9),
        "the hotspot begins {spot} px below the upper edge"
    );
    let list = browser.get("probe.part('product-list').getBoundingClientRect().top - probe.video().getBoundingClientRect().top")?;
    ensure!(
        list.as_f64() >= Some(43.9),
        "the list's button is {list} px below the upper edge"
    );
    browser.click(Point {
        x: top[0] + 30.0,
        y: top[1] + 22.0,
    })?;
    browser.wait("document.fullscreenElement === probe.video()")?;
    browser.js("await document.exitFullscreen();").map(drop)
}

/// A video higher than the window, scrolled: the card is in the part of the picture that is in the window.
fn the_card_stays_in_the_window(stage: &mut Stage) -> Result<()> {
    let at = |id, y| pages::still(id, 0.0, 6.0, [50.0, y, 0.0, 0.0], json!({}));
    pages::open(
        stage,
        &pages::file(vec![at("high", 22.0), at("half", 50.0), at("low", 80.0)]),
    )?;
    let browser = &stage.browser;
    browser.js(
        "Object.assign(document.querySelector('#player').style, { width: '700px', height: '1600px' }); \
         probe.video().style.objectFit = 'fill'; document.body.style.paddingBottom = '2000px'; await probe.seek(1);",
    )?;
    // Where the hotspot is in the window then, from its upper edge, as a share.
    for (id, share) in [("high", 0.1), ("half", 0.05), ("half", 0.9), ("low", 0.5)] {
        browser.js_with(
            "scrollBy(0, probe.spot(args[0]).getBoundingClientRect().top - args[1] * innerHeight); await probe.frames(2); \
             probe.spot(args[0]).click();",
            json!([id, share]),
        )?;
        browser.wait("!!probe.part('card')")?;
        let place = browser.get(
            "(({ top, bottom, right }, player) => [top - Math.max(0, player.top), Math.min(innerHeight, player.bottom) - bottom, \
               probe.part('card').classList.contains('sheet') ? 1 : 0])\
             (probe.part('card').getBoundingClientRect(), document.querySelector('#player').getBoundingClientRect())",
        )?;
        ensure!(
            numbers(&place)?[..2].iter().all(|free| *free > 11.0) && place[2] == 0,
            "{id} at {share} of the window: the card ends {place} px inside it"
        );
        browser.press('\u{e00c}')?;
        browser.wait("!probe.part('card')")?;
    }
    // Too little of the picture is left for a card.
    browser.js(
        "const player = document.querySelector('#player'); player.style.height = '1000px'; await probe.frames(3); \
         scrollBy(0, player.getBoundingClientRect().bottom - 120); await probe.frames(2); probe.spot('low').click();",
    )?;
    browser.wait("probe.part('card')?.classList.contains('sheet')")?;
    let bottom = browser.get("innerHeight - probe.part('card').getBoundingClientRect().bottom")?;
    ensure!(
        bottom.as_f64().is_some_and(|bottom| bottom.abs() < 1.0),
        "the sheet ends {bottom} px above the window's edge"
    );
    Ok(())
}

/// Where the native controls lie over a region, its dot is in what is left of it.
fn dots_stay_above_the_controls(stage: &mut Stage) -> Result<()> {
    let region = |id, x, shape: Value| pages::still(id, 0.0, 6.0, [x, 78.0, 20.0, 40.0], shape);
    pages::open(
        stage,
        &pages::file(vec![
            region("rect", 20.0, json!({ "shape": "rect" })),
            region("ellipse", 50.0, json!({ "shape": "ellipse" })),
            region(
                "polygon",
                80.0,
                json!({ "shape": "polygon", "points": [[50, 0], [100, 100], [0, 100]] }),
            ),
        ]),
    )?;
    let browser = &stage.browser;
    browser.js(
        "Object.assign(document.querySelector('#player').style, { width: '358px', height: '201px' }); \
         probe.video().controls = true; await probe.seek(1);",
    )?;
    for id in ["rect", "ellipse", "polygon"] {
        let free = numbers(&browser.get(&format!(
            "(({{ y, height }}, spot, player) => [player.bottom - 72 - y - height / 2, y + height / 2 - spot.top])\
             (probe.spot('{id}').querySelector('.dot').getBoundingClientRect(), probe.spot('{id}').getBoundingClientRect(), \
              document.querySelector('#player').getBoundingClientRect())"
        ))?)?;
        ensure!(
            free[0] > 11.0 && free[1] > -0.1,
            "the middle of the dot of {id} is {free:?} px above the controls and below its region's upper edge"
        );
        browser.click_on(&format!("probe.spot('{id}').querySelector('.dot')"))?;
        browser.wait("!!probe.part('card')")?;
        browser.press('\u{e00c}')?;
        browser.wait("!probe.part('card')")?;
    }
    // What the controls leave of a usual player has room for a card; in WebKit they are at both edges.
    browser.js("document.querySelector('#player').style.cssText = ''; await probe.frames(3); probe.spot('ellipse').click();")?;
    browser.wait("!!probe.part('card')")?;
    ensure!(
        browser.get("probe.part('card').classList.contains('sheet')")?
            == (browser.engine() == Engine::WebKit),
        "a player of 640 × 360 with the browser's own controls has the wrong card"
    );
    Ok(())
}
