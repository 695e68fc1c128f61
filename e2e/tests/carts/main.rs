//! From a hotspot into the carts of shops, and what the collector hears of it.

mod answers;
mod described;
mod doubles;
mod mini;
#[path = "../all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;
mod shops;
mod viewer;

use doubles::{Shared, look};
use e2e::{Context, Result, Stage, Value, caused, ensure, json};

/// A page whose hotspots sell into a shop: the lamp is on stock, the mug is sold out.
fn open(stage: &Stage, cart: &Value) -> Result<()> {
    let spot =
        |id: &str, x: f64, more: Value| pages::still(id, 0.0, 6.0, [x, 40.0, 10.0, 14.0], more);
    let mut file = pages::file(vec![
        spot("lamp", 15.0, json!({ "shape": "rect" })),
        spot("mug", 35.0, json!({ "shape": "rect", "products": ["mug"] })),
        spot(
            "now",
            85.0,
            json!({ "shape": "rect", "action": { "type": "add_to_cart" } }),
        ),
    ]);
    file["products"] = json!([
        { "id": "lamp", "title": "Brass lamp", "price": "99.00 EUR", "platform_id": "141",
          "variants": [{ "id": "brass", "options": { "finish": "brass" }, "platform_id": "41" }] },
        { "id": "mug", "title": "Stoneware mug", "price": "18.50 EUR", "platform_id": "142",
          "variants": [{ "id": "grey", "options": { "color": "grey" }, "platform_id": "42" }] },
    ]);
    file["cart"] = cart.clone();
    pages::open(stage, &file)?;
    // No shop remembers another test's cart.
    stage
        .browser
        .js("localStorage.clear(); await probe.seek(2);")?;
    stage
        .browser
        .js("window.carts = []; document.addEventListener('vitrine:cart', ({ detail }) => carts.push(detail));")
        .map(drop)
}

const OUTCOMES: &str = "probe.said('vitrine:event').map(({ detail }) => detail).filter(({ type }) => type === 'cart_outcome')";

/// Clicks a hotspot and a button of its card; the event of what came of it, as the collector has it.
fn press(stage: &Stage, spot: &str, part: &str) -> Result<Value> {
    let browser = &stage.browser;
    let before = browser.get(&format!("({OUTCOMES}).length"))?;
    browser.js("probe.part('close')?.click();")?;
    browser.wait("!probe.part('card')")?;
    browser.click_on(&format!("probe.spot('{spot}')"))?;
    browser.wait("probe.part('card')")?;
    // For a moment after an answer the buttons are deaf.
    let asked = e2e::until(e2e::LIMIT, || {
        browser.click_on(&format!("probe.part('{part}')"))?;
        let state = format!(
            "probe.part('add-to-cart')?.ariaDisabled === 'true' || ({OUTCOMES}).length > {before}"
        );
        Ok((browser.get(&state)? == true).then_some(()))
    })?;
    ensure!(asked.is_some(), "the button stayed deaf");
    browser.wait(&format!("({OUTCOMES}).length > {before}"))?;
    last_outcome(stage)
}

/// The collector's last outcome, with its causes looked at.
fn last_outcome(stage: &Stage) -> Result<Value> {
    let id = stage.browser.get(&format!("({OUTCOMES}).at(-1).id"))?;
    stage.browser.js("vitrine.flush();")?;
    let events = stage.collected("the outcome", |events| {
        events.iter().any(|event| event["id"] == id)
    })?;
    let find = |id: &Value| {
        let found = events.iter().find(|event| event["id"] == *id);
        found.cloned().context("a cause is missing")
    };
    let outcome = find(&id)?;
    let asked = find(&outcome["cause"])?;
    let click = find(&asked["cause"])?;
    caused(&outcome, &asked)?;
    ensure!(
        click["type"] == "hotspot_click" && outcome["media_time"] == 2,
        "{click} led to {outcome}"
    );
    let same = events
        .iter()
        .filter(|event| event["type"] == "cart_outcome" && event["cause"] == asked["id"]);
    ensure!(same.count() == 1, "more than one outcome of {asked}");
    Ok(outcome)
}

fn is(outcome: &Value, wanted: &Value) -> Result<()> {
    for (key, value) in wanted.as_object().into_iter().flatten() {
        ensure!(outcome[key] == *value, "{key} is not {value} in {outcome}");
    }
    Ok(())
}

/// The lamp is added; the mug is sold out, in these words of the shop.
fn lamp_and_mug(stage: &Stage, shop: &Shared, words: &str) -> Result<()> {
    let outcome = press(stage, "lamp", "add-to-cart")?;
    is(
        &outcome,
        &json!({ "outcome": "confirmed", "hotspot_id": "lamp", "quantity": 1, "cart_count": 1, "lines": [{ "id": "41", "quantity": 1 }] }),
    )?;
    ensure!(look(shop).count("41") == 1, "the shop has no lamp");
    let cart = stage.browser.get("carts.at(-1)")?;
    ensure!(
        cart["cart_count"] == 1 && cart["checkout_url"].is_string(),
        "the page was told {cart}"
    );
    let outcome = press(stage, "mug", "add-to-cart")?;
    is(
        &outcome,
        &json!({ "outcome": "failed", "hotspot_id": "mug", "failure": "sold_out", "reason": words }),
    )?;
    let shown = stage.browser.get("probe.part('status').textContent")?;
    ensure!(shown == words, "the card says {shown}");
    ensure!(look(shop).count("42") == 0, "the shop sold a mug");
    let adapters = stage.browser.get("new Set(performance.getEntriesByType('resource').map(({ name }) => name.match(/\\/cart\\/(\\w+)\\.mjs/)?.[1]).filter(Boolean)).size")?;
    ensure!(adapters == 1, "{adapters} adapters were loaded");
    let time = stage.browser.get("probe.video().currentTime")?;
    ensure!(time == 2, "the video went to {time}");
    Ok(())
}
