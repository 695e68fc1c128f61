//! Which variant a viewer sees, and that it stays theirs.

use crate::pages;
use e2e::{Result, Stage, Value, ensure, json, one};

e2e::engines!(
    drawn_by_viewer,
    drawn_for_who_has_not_agreed,
    other_products_for_others,
);

/// Viewers of whom one is drawn the first variant, the other the second.
const VIEWERS: [(&str, &str); 2] = [
    ("01890a5d-ac96-774b-bcce-b302099a8000", "ana"),
    ("01890a5d-ac96-774b-bcce-b302099a8002", "ben"),
];

fn file() -> Value {
    let spot = |id: &str, x: f64, start: f64| {
        pages::still(
            id,
            start,
            6.0,
            [x, 40.0, 12.0, 16.0],
            json!({ "shape": "rect" }),
        )
    };
    let mut file = pages::file(vec![spot("lamp", 25.0, 0.0), spot("both", 60.0, 1.0)]);
    file["experiment"] = json!({ "id": "host-test", "variants": [
        { "id": "ana" },
        { "id": "ben", "video": { "src": "/e2e/clip.webm?ben" }, "theme": { "accent": "#c0ffee" },
          "hotspots": [spot("mug", 75.0, 0.0), spot("both", 60.0, 1.0)] },
    ] });
    file
}

/// What the page shows: its hotspots, the video's address, the theme's colour.
const SHOWN: &str = "[probe.shown().join(), probe.video().currentSrc.split('?')[1] || '', \
    getComputedStyle(probe.root().host).getPropertyValue('--vitrine-accent').trim()].join(' ')";

fn drawn_by_viewer(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &file());
    for (viewer, variant) in VIEWERS {
        stage.open("/e2e/blank.html")?;
        stage.browser.js(&format!(
            "localStorage.clear(); sessionStorage.clear(); localStorage['vitrine:viewer'] = '{viewer}';"
        ))?;
        let path = pages::serve(stage, "made", pages::PLAYER, &pages::Tag::default());
        let wanted = if variant == "ana" {
            "lamp  "
        } else {
            "mug ben #c0ffee"
        };
        for visit in 0..2 {
            stage.open_ready(&path)?;
            stage.browser.wait(&format!("{SHOWN} === '{wanted}'"))?;
            let view = stage.flushed("experiment_exposure")?;
            let exposure = one(&view, "experiment_exposure")?;
            ensure!(
                exposure["experiment"] == json!({ "id": "host-test", "variant": variant }),
                "visit {visit}: {exposure}"
            );
            ensure!(exposure["viewer_id"] == viewer, "{exposure}");
        }
        let lines = stage.browser.get("probe.lines()")?;
        ensure!(lines == json!([]), "the console has {lines}");
    }
    Ok(())
}

/// The id that a variant is drawn for is the one that events have, also when consent comes later.
fn drawn_for_who_has_not_agreed(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &file());
    stage.open("/e2e/blank.html")?;
    stage
        .browser
        .js("localStorage.clear(); sessionStorage.clear();")?;
    let tag = pages::Tag {
        collector: "/events\" data-consent=\"required",
        ..pages::Tag::default()
    };
    stage.open_ready(&pages::serve(stage, "made", pages::PLAYER, &tag))?;
    let browser = &stage.browser;
    browser.wait("probe.shown().length")?;
    let before = browser.get(SHOWN)?;
    ensure!(
        browser.get("Object.keys(localStorage).length")? == 0,
        "stored before consent"
    );
    browser.js("vitrine.consent('granted');")?;
    let view = stage.flushed("experiment_exposure")?;
    let viewer = browser.get("localStorage['vitrine:viewer']")?;
    ensure!(
        view[0]["viewer_id"] == viewer,
        "{} is not {viewer}",
        view[0]["viewer_id"]
    );
    stage.open_ready("/e2e/made.html")?;
    stage
        .browser
        .wait(&format!("{SHOWN} === {before}"))
        .map(drop)
}

/// The variants differ by what a product costs: seen from its first hotspot on, in the card and in what is added.
fn other_products_for_others(stage: &mut Stage) -> Result<()> {
    let spot = |id: &str, x: f64, start: f64, product: &str| {
        let more = json!({ "shape": "rect", "products": [product] });
        pages::still(id, start, 6.0, [x, 40.0, 12.0, 16.0], more)
    };
    let mut file = pages::file(vec![
        spot("mug", 25.0, 0.0, "mug"),
        spot("lamp", 60.0, 2.0, "lamp"),
    ]);
    let mut reduced = file["products"].clone();
    reduced[0]["sale_price"] = json!("79.00 EUR");
    file["experiment"] = json!({ "id": "price-test", "variants": [{ "id": "ana" }, { "id": "ben", "products": reduced }] });
    pages::serve_config(stage, &file);
    let mut seen = Vec::new();
    for number in 0..8 {
        stage.open("/e2e/blank.html")?;
        let viewer = format!("01890a5d-ac96-774b-bcce-b302099a80{number:02}");
        stage.browser.js(&format!(
            "localStorage.clear(); sessionStorage.clear(); localStorage['vitrine:viewer'] = '{viewer}';"
        ))?;
        let path = pages::serve(stage, "made", pages::PLAYER, &pages::Tag::default());
        stage.open_ready(&path)?;
        let browser = &stage.browser;
        let variant = browser.wait("JSON.parse(localStorage['vitrine:variants'])['price-test']")?;
        if seen.contains(&variant) {
            continue;
        }
        browser.js("document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault()); await probe.seek(1);")?;
        browser.wait(
            "probe.said('vitrine:event').some(({ detail }) => detail.type === 'hotspot_exposure')",
        )?;
        let told = "probe.said('vitrine:event').filter(({ detail }) => detail.type === 'experiment_exposure').length";
        ensure!(
            browser.get(told)? == 0,
            "told before there was a difference"
        );
        browser.js("await probe.seek(2.5);")?;
        browser.wait(&format!("{told} === 1"))?;
        // Seen again, it is not told again.
        browser.js("await probe.seek(1); await probe.seek(3);")?;
        browser.click_on("probe.spot('lamp')")?;
        browser.wait("probe.part('price')")?;
        let (price, words) = if variant == "ben" {
            (7900, "€79.00")
        } else {
            (9900, "€99.00")
        };
        let shown = browser.get("probe.part('price').querySelector('b').textContent")?;
        ensure!(shown == words, "{variant} sees {shown}");
        browser.click_on("probe.part('add-to-cart')")?;
        browser.wait("probe.said('vitrine:add-to-cart').length")?;
        let view = stage.flushed("cart_outcome")?;
        let exposure = one(&view, "experiment_exposure")?;
        ensure!(
            exposure["media_time"]
                .as_f64()
                .is_some_and(|time| (2.0..2.6).contains(&time)),
            "{exposure}"
        );
        let added = one(&view, "add_to_cart")?;
        ensure!(
            added["items"][0]["price"] == price
                && added["experiment"] == json!({ "id": "price-test", "variant": variant }),
            "{added}"
        );
        seen.push(variant);
    }
    ensure!(seen.len() == 2, "of eight viewers all saw {seen:?}");
    Ok(())
}
