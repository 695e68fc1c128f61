//! The mini cart of a shop: from what was added to the shop's checkout.

use crate::doubles::{self, Double, look, serve};
use crate::shops::described;
use crate::{open, press};
use e2e::{Browser, Context, Result, Stage, Value, caused, ensure, json};
use xtask::server::Response;

e2e::engines!(
    a_shop_s_lines_are_changed_and_removed,
    more_and_fewer_in_every_shop,
    what_the_shop_says_goes_before_the_file,
    the_shop_s_checkout,
    a_mini_cart_that_is_not_wanted,
);

const ESCAPE: char = '\u{e00c}';

/// The lines, as they are read.
const LINES: &str = "[...probe.root().querySelectorAll('[part=line]')].map((line) => line.querySelector('.words').innerText.replace(/\\s+/g, ' ').trim()).join('; ')";

fn is(browser: &Browser, what: &str, wanted: &str) -> Result<()> {
    browser.becomes(what, wanted, e2e::LIMIT / 4)
}

/// Presses a control of the mini cart, and waits until the shop has answered.
fn act(browser: &Browser, part: &str) -> Result<()> {
    browser.wait("probe.part('cart-drawer')?.getAttribute('aria-busy') == null")?;
    browser.click_on(&format!("probe.part('{part}')"))?;
    browser
        .wait("probe.part('cart-drawer')?.getAttribute('aria-busy') == null")
        .map(drop)
}

/// The collector's events of a type.
fn collected(stage: &Stage, name: &str, count: usize) -> Result<Vec<Value>> {
    stage.browser.js("window.vitrine?.flush?.();")?;
    let of = |events: &[Value]| {
        events
            .iter()
            .filter(|event| event["type"] == name)
            .cloned()
            .collect::<Vec<_>>()
    };
    let events = stage.collected(name, |events| of(events).len() >= count)?;
    Ok(of(&events))
}

fn a_shop_s_lines_are_changed_and_removed(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify" }))?;
    ensure!(
        stage.browser.get("probe.part('cart')")? == Value::Null,
        "an empty cart has a button"
    );
    press(stage, "lamp", "add-to-cart")?;
    let browser = &stage.browser;
    browser.wait("probe.part('cart')")?;
    is(
        browser,
        "probe.part('cart').getAttribute('aria-label')",
        "Cart: 1",
    )?;
    // From the card, while the film runs: it waits.
    browser.js("await probe.play();")?;
    browser.click_on("probe.part('view-cart')")?;
    browser.wait("probe.part('cart-drawer') && !probe.part('card') && probe.video().paused")?;
    ensure!(
        browser.get("probe.root().activeElement.matches('[part=cart-drawer]')")? == true,
        "the focus is elsewhere"
    );
    is(browser, LINES, "Brass lamp brass 1 × €99.00")?;
    is(
        browser,
        "probe.root().querySelector('[part=subtotal] b').textContent",
        "€99.00",
    )?;
    act(browser, "more")?;
    is(browser, LINES, "Brass lamp brass 2 × €99.00")?;
    act(browser, "more")?;
    is(browser, LINES, "Brass lamp brass 3 × €99.00")?;
    ensure!(look(&shop).count("41") == 3, "the shop has it not");
    // It has no more of them.
    act(browser, "more")?;
    is(browser, LINES, "Brass lamp brass 3 × €99.00")?;
    is(browser, "probe.part('status').textContent", "Sold out")?;
    act(browser, "fewer")?;
    is(browser, LINES, "Brass lamp brass 2 × €99.00")?;
    let stood = browser.get("probe.video().currentTime")?;
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('cart-drawer') && !probe.video().paused")?;
    ensure!(
        browser.get("probe.root().activeElement?.matches('[part=cart]') ?? false")? == true,
        "the focus is lost"
    );
    ensure!(
        browser.get("probe.video().currentTime")?.as_f64() >= stood.as_f64(),
        "it began anew"
    );
    browser.click_on("probe.part('cart')")?;
    browser.wait("probe.part('cart-drawer')")?;
    act(browser, "remove")?;
    is(
        browser,
        "probe.root().querySelector('.empty').textContent",
        "Your cart is empty.",
    )?;
    is(
        browser,
        "probe.part('status').textContent",
        "Brass lamp was removed.",
    )?;
    ensure!(look(&shop).lines.is_empty(), "the shop still has it");
    browser.js("probe.video().pause();")?;
    browser.click_on("probe.part('continue')")?;
    browser.wait("!probe.part('cart-drawer') && !probe.part('cart') && !probe.video().paused")?;
    let views = collected(stage, "view_cart", 2)?;
    let removed = collected(stage, "remove_from_cart", 2)?;
    let added = collected(stage, "add_to_cart", 4)?;
    ensure!(
        views[0]["value"] == 9900
            && views[0]["items"][0]["item_variant"] == "brass"
            && views[1]["value"] == 19800,
        "{views:?}"
    );
    caused(&removed[0], &views[0])?;
    caused(&removed[1], &views[1])?;
    ensure!(
        removed[0]["items"][0]["quantity"] == 1
            && removed[0]["value"] == 9900
            && removed[1]["items"][0]["quantity"] == 2
            && removed[1]["value"] == 19800,
        "{removed:?}"
    );
    caused(&added[1], &views[0])?;
    let outcomes = collected(stage, "cart_outcome", 4)?;
    for (add, outcome) in added
        .iter()
        .zip(["confirmed", "confirmed", "confirmed", "failed"])
    {
        let of: Vec<&Value> = outcomes
            .iter()
            .filter(|event| event["cause"] == add["id"])
            .collect();
        ensure!(
            of.len() == 1 && of[0]["outcome"] == outcome,
            "{add} led to {of:?}"
        );
    }
    Ok(())
}

/// Each shop's own way to make a line more or fewer, from the mini cart to the collector.
fn more_and_fewer_in_every_shop(stage: &mut Stage) -> Result<()> {
    let storefront =
        json!({ "platform": "shopify", "url": "/api/graphql.json", "token": "public-token" });
    let shops: [(Value, Double, &str); 4] = [
        (described(), doubles::graphql, "No more of it"),
        (
            storefront,
            doubles::storefront,
            "No more of them are available.",
        ),
        (
            json!({ "platform": "bigcommerce" }),
            doubles::bigcommerce,
            "The requested quantity is out of stock",
        ),
        (
            json!({ "platform": "magento" }),
            doubles::magento,
            "The requested qty is not available",
        ),
    ];
    for (settings, double, refusal) in shops {
        let shop = serve(&stage.site, double);
        open(stage, &settings)?;
        press(stage, "lamp", "add-to-cart")?;
        let browser = &stage.browser;
        browser.wait("probe.part('cart')")?;
        browser.js("probe.part('close').click();")?;
        browser.click_on("probe.part('cart')")?;
        for (part, count) in [("more", 2), ("more", 3), ("fewer", 2), ("more", 3)] {
            act(browser, part)?;
            is(
                browser,
                LINES,
                &format!("Brass lamp brass {count} × €99.00"),
            )?;
            ensure!(
                look(&shop).count("41") == count,
                "{settings}: the shop has it not"
            );
        }
        act(browser, "more")?;
        is(browser, LINES, "Brass lamp brass 3 × €99.00")?;
        is(browser, "probe.part('status').textContent", refusal)?;
        let view = stage.view_id()?;
        browser.js("vitrine.flush();")?;
        let events = stage.collected("the outcomes", |events| {
            let mine = events
                .iter()
                .filter(|event| event["view_id"] == view.as_str());
            mine.filter(|event| event["type"] == "cart_outcome").count() >= 5
        })?;
        let named = |name: &str| -> Vec<Value> {
            let mine = events
                .iter()
                .filter(|event| event["view_id"] == view.as_str());
            mine.filter(|event| event["type"] == name)
                .cloned()
                .collect()
        };
        let (added, outcomes) = (named("add_to_cart"), named("cart_outcome"));
        let of = |add: &Value| {
            let found = outcomes.iter().find(|event| event["cause"] == add["id"]);
            found.map(|event| event["outcome"].clone())
        };
        let got: Vec<_> = added.iter().map(of).collect();
        let wanted = ["confirmed", "confirmed", "confirmed", "confirmed", "failed"];
        ensure!(
            got == wanted.map(|outcome| Some(json!(outcome))),
            "{settings}: {got:?}"
        );
        let removed = named("remove_from_cart");
        ensure!(
            removed.len() == 1 && removed[0]["items"][0]["quantity"] == 1,
            "{removed:?}"
        );
    }
    Ok(())
}

/// Prices and currency of the shop's own; lines that the file does not know, with markup and rubbish for names.
fn what_the_shop_says_goes_before_the_file(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    let mine = std::sync::Arc::clone(&shop);
    stage.site.api(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let what = format!("{} {}", request.method, request.path);
        let mut shop = look(&mine);
        if what != "GET /cart.js" || shop.lines.is_empty() {
            return doubles::shopify(&mut shop, &what, request, &body);
        }
        let line = |id: u64, title: Value, price: u64| json!({ "key": format!("k{id}"), "variant_id": id, "quantity": 1, "title": title, "final_price": price });
        let items = json!([
            line(41, json!("Lampe"), 8900),
            line(900, json!("<img src=x onerror=alert(1)>Tea &amp; more"), 500),
            line(901, json!(["img", { "src": "x", "onerror": "alert(1)" }]), 99_999_999_999),
        ]);
        let cart = json!({ "items": items, "item_count": 3, "currency": "USD", "items_subtotal_price": 1234 });
        Some(Response::bytes(200, "application/json", cart.to_string().into_bytes()))
    });
    open(stage, &json!({ "platform": "shopify" }))?;
    press(stage, "lamp", "add-to-cart")?;
    let browser = &stage.browser;
    browser.js("probe.part('close').click();")?;
    browser.wait("probe.part('cart')")?;
    browser.click_on("probe.part('cart')")?;
    is(
        browser,
        LINES,
        "Brass lamp brass 1 × $89.00; Tea & more 1 × $5.00; 901 1 × $999,999,999.99",
    )?;
    is(
        browser,
        "[...probe.root().querySelectorAll('[part=subtotal] b')].map((sum) => sum.textContent).join('; ')",
        "$12.34",
    )?;
    ensure!(
        browser.get("probe.root().querySelectorAll('[onerror], [src=x]').length")? == 0,
        "a name became markup"
    );
    let view = collected(stage, "view_cart", 1)?;
    ensure!(
        view[0]["value"] == 1234
            && view[0]["currency"] == "USD"
            && view[0]["items"][0]["price"] == 8900
            && view[0]["items"][0]["currency"] == "USD"
            && view[0]["items"][1]["item_name"] == "Tea & more",
        "{view:?}"
    );
    Ok(())
}

fn the_shop_s_checkout(stage: &mut Stage) -> Result<()> {
    serve(&stage.site, doubles::woocommerce);
    open(
        stage,
        &json!({ "platform": "woocommerce", "checkout": "/e2e/blank.html?pay" }),
    )?;
    press(stage, "lamp", "add-to-cart")?;
    let browser = &stage.browser;
    browser.wait("probe.part('cart')")?;
    browser.js("probe.part('close').click();")?;
    browser.click_on("probe.part('cart')")?;
    browser.wait("probe.part('checkout')")?;
    act(browser, "more")?;
    is(browser, LINES, "Brass lamp brass 2 × €99.00")?;
    browser.click_on("probe.part('checkout')")?;
    browser.wait("location.search === '?pay'")?;
    let begun = collected(stage, "begin_checkout", 1)?;
    let view = collected(stage, "view_cart", 1)?;
    caused(&begun[0], view.first().context("no view_cart")?)?;
    ensure!(
        begun[0]["value"] == 19800
            && begun[0]["currency"] == "EUR"
            && begun[0]["items"][0]["item_id"] == "lamp"
            && begun[0]["href"] == "/e2e/blank.html?pay",
        "{begun:?}"
    );
    Ok(())
}

fn a_mini_cart_that_is_not_wanted(stage: &mut Stage) -> Result<()> {
    serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify", "mini_cart": false }))?;
    press(stage, "lamp", "add-to-cart")?;
    let browser = &stage.browser;
    is(browser, "probe.part('add-to-cart').textContent", "Added")?;
    ensure!(
        browser.get(
            "performance.getEntriesByType('resource').some(({ name }) => /vitrine-cart/.test(name))"
        )? == false,
        "it was loaded"
    );
    ensure!(
        browser.get("probe.part('cart')")? == Value::Null,
        "it is there"
    );
    Ok(())
}
