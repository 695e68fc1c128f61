//! From a hotspot into the carts of shops, and what the collector hears of it.

mod doubles;
mod mini;
#[path = "../all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;

use doubles::{Double, Shared, look, serve};
use e2e::{Context, Engine, Result, Stage, Value, caused, ensure, json};
use std::time::Duration;
use xtask::server::{Options, Response, Server};

e2e::engines!(
    shopify,
    shopify_without_its_theme,
    woocommerce,
    woocommerce_on_another_origin,
    bigcommerce,
    magento,
    http_and_graphql,
    less_than_asked_and_out_again,
    what_else_shops_answer,
    a_callback_s_partial_answer,
    a_double_click_buys_once,
    a_slow_shop_can_be_cancelled,
    offline_is_refused,
    wrong_settings_are_named,
);

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

/// The lamp is added, the mug is not; returns the words on the card.
fn lamp_and_mug(stage: &Stage, shop: &Shared, refused: &Value) -> Result<()> {
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
        &json!({ "outcome": "failed", "hotspot_id": "mug" }),
    )?;
    is(&outcome, refused)?;
    let words = refused["reason"].as_str().unwrap_or("Sold out");
    let shown = stage.browser.get("probe.part('status').textContent")?;
    ensure!(shown == words, "the card says {shown}");
    ensure!(look(shop).count("42") == 0, "the shop sold a mug");
    let time = stage.browser.get("probe.video().currentTime")?;
    ensure!(time == 2, "the video went to {time}");
    Ok(())
}

fn shopify(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify" }))?;
    stage.browser.js(
        "const place = document.createElement('a'); place.id = 'cart-icon-bubble'; document.body.append(place);",
    )?;
    let words = "The product 'Mug' is already sold out.";
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": words }),
    )?;
    let asked = look(&shop).asked[0].clone();
    let item = &asked["items"][0];
    ensure!(
        item["id"] == 41 && asked["sections"] == "cart-icon-bubble",
        "asked for {asked}"
    );
    let session = stage.site.events()[0]["session_id"].clone();
    ensure!(
        item["properties"]
            == json!({ "_vitrine_video": "clip", "_vitrine_hotspot": "lamp", "_vitrine_session": session }),
        "attributed by {item}"
    );
    // The theme's own cart icon shows it.
    let icon = stage
        .browser
        .get("document.querySelector('#cart-icon-bubble').innerHTML")?;
    ensure!(icon == "<b>1</b>", "the icon shows {icon}");
    // *Buy now* goes to where the shop is paid.
    let outcome = press(stage, "lamp", "buy-now");
    stage.browser.wait("location.pathname === '/checkout'")?;
    drop(outcome);
    let events = stage.collected("begin_checkout", |events| {
        events.iter().any(|event| event["type"] == "begin_checkout")
    })?;
    let begin = events
        .iter()
        .find(|event| event["type"] == "begin_checkout");
    ensure!(
        begin.is_some_and(|event| event["href"]
            .as_str()
            .is_some_and(|href| href.ends_with("/checkout"))),
        "{begin:?}"
    );
    ensure!(look(&shop).count("41") == 2, "it was not added");
    Ok(())
}

fn shopify_without_its_theme(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::storefront);
    let cart =
        json!({ "platform": "shopify", "url": "/api/graphql.json", "token": "public-token" });
    open(stage, &cart)?;
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": "Only 0 of them are available." }),
    )?;
    let asked = look(&shop).asked[0].clone();
    let line = &asked["variables"]["lines"][0];
    ensure!(
        line["merchandiseId"] == "gid://shopify/ProductVariant/41"
            && line["attributes"][1]["key"] == "_vitrine_hotspot",
        "asked for {asked}"
    );
    // A cart that was paid for is none any more: another is made.
    {
        let mut shop = look(&shop);
        shop.age += 1;
        shop.lines.clear();
    }
    is(
        &press(stage, "lamp", "add-to-cart")?,
        &json!({ "outcome": "confirmed", "cart_count": 1 }),
    )
}

fn woocommerce(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::woocommerce);
    open(stage, &json!({ "platform": "woocommerce" }))?;
    let words =
        "You cannot add \"Mug & Cup\" to the cart because the product is out of stock. View cart";
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": words }),
    )?;
    // The nonce expires between the look at the cart and the request: it is renewed, and one is bought.
    let aged = std::sync::Arc::clone(&shop);
    stage.site.api(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let what = format!("{} {}", request.method, request.path);
        let mut shop = look(&aged);
        if what.ends_with("add-item") && shop.age == 0 {
            shop.age = 1;
        }
        doubles::woocommerce(&mut shop, &what, request, &body)
    });
    is(
        &press(stage, "lamp", "add-to-cart")?,
        &json!({ "outcome": "confirmed", "lines": [{ "id": "41", "quantity": 2 }] }),
    )?;
    let refused = "POST /wp-json/wc/store/v1/cart/add-item 403";
    ensure!(
        stage.site.requests().iter().any(|line| line == refused),
        "the nonce was never refused"
    );
    ensure!(look(&shop).count("41") == 2, "bought twice");
    Ok(())
}

/// There the cart is the token's, as no cookie gets there.
fn woocommerce_on_another_origin(stage: &mut Stage) -> Result<()> {
    let other = Server::start(Options::default())?;
    let (shop, origin) = (Shared::default(), other.url(""));
    let mine = std::sync::Arc::clone(&shop);
    other.api(move |request| {
        let open = |answer: Response| {
            answer
                .with("Access-Control-Allow-Origin", "*")
                .with(
                    "Access-Control-Allow-Headers",
                    "content-type, nonce, cart-token",
                )
                .with("Access-Control-Expose-Headers", "Nonce, Cart-Token")
        };
        if request.method == "OPTIONS" {
            return Some(open(Response::empty(204)));
        }
        let mut shop = look(&mine);
        if request.header("cart-token") != Some("token") {
            shop.lines.clear();
        }
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let what = format!("{} {}", request.method, request.path);
        doubles::woocommerce(&mut shop, &what, request, &body).map(open)
    });
    stage.site.policy(&e2e::policy(&origin));
    let url = format!("{origin}/wp-json/wc/store/v1");
    open(stage, &json!({ "platform": "woocommerce", "url": url }))?;
    for count in 1..=2 {
        is(
            &press(stage, "lamp", "add-to-cart")?,
            &json!({ "outcome": "confirmed", "lines": [{ "id": "41", "quantity": count }] }),
        )?;
    }
    ensure!(look(&shop).count("41") == 2, "the shop has another cart");
    Ok(())
}

fn bigcommerce(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::bigcommerce);
    open(stage, &json!({ "platform": "bigcommerce" }))?;
    let words = "The requested quantity is out of stock";
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": words }),
    )?;
    let asked = look(&shop).asked[0].clone();
    ensure!(
        asked["lineItems"] == json!([{ "productId": 141, "variantId": 41, "quantity": 1 }]),
        "asked for {asked}"
    );
    Ok(())
}

fn magento(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::magento);
    open(stage, &json!({ "platform": "magento" }))?;
    let words = "The requested qty of 42 is not available: 0 left";
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": words }),
    )?;
    // Its cart is forgotten by the shop.
    {
        let mut shop = look(&shop);
        shop.age += 1;
        shop.lines.clear();
    }
    is(
        &press(stage, "lamp", "add-to-cart")?,
        &json!({ "outcome": "confirmed", "cart_count": 1 }),
    )
}

/// A GraphQL shop, described in the hotspot file.
fn described() -> Value {
    let lines = |at: &str| json!({ "success": at, "lines": format!("{at}/lines"), "line_product": "/variant/id", "count": format!("{at}/total") });
    let mut answer = lines("/data/addItem");
    answer["success"] = json!("/data/addItem/lines");
    answer["message"] = json!("/data/addItem/message");
    answer["code"] = json!("/data/addItem/errorCode");
    let request = |query: &str, variables: Value, answer: Value| json!({ "url": "/shop-api", "token_header": "x-session", "body": { "query": query, "variables": variables }, "answer": answer });
    json!({
        "platform": "http", "checkout": "/e2e/blank.html?paid",
        "add": request("mutation { addItem }", json!({ "id": "{{variant.platform_id}}", "quantity": "{{quantity}}" }), answer),
        "read": request("{ order }", json!({}), lines("/data/order")),
        "remove": request("mutation { removeLine }", json!({ "line": "{{line.id}}" }), json!({ "success": "/data/removeLine" })),
    })
}

fn http_and_graphql(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::graphql);
    open(stage, &described())?;
    lamp_and_mug(
        stage,
        &shop,
        &json!({ "failure": "sold_out", "reason": "0 left" }),
    )?;
    let asked = look(&shop).asked[0].clone();
    ensure!(
        asked["variables"] == json!({ "id": "41", "quantity": 1 }),
        "asked for {asked}"
    );
    Ok(())
}

/// More than there is, of each shop, by its adapter alone; then the line is taken out again.
fn less_than_asked_and_out_again(stage: &mut Stage) -> Result<()> {
    let storefront =
        json!({ "platform": "shopify", "url": "/api/graphql.json", "token": "public-token" });
    let shops: [(Value, Double, &str); 5] = [
        (json!({ "platform": "shopify" }), doubles::shopify, "41"),
        (storefront, doubles::storefront, "41"),
        (
            json!({ "platform": "woocommerce" }),
            doubles::woocommerce,
            "43",
        ),
        (
            json!({ "platform": "bigcommerce" }),
            doubles::bigcommerce,
            "41",
        ),
        (described(), doubles::graphql, "41"),
    ];
    stage.open("/e2e/blank.html")?;
    for (settings, double, id) in shops {
        let shop = serve(&stage.site, double);
        stage.browser.js("localStorage.clear();")?;
        let there = if id == "43" { 2 } else { 3 };
        let did = stage.browser.js_with(
            "const [settings, id] = args, { default: open } = await import(`/vitrine/cart/${settings.platform}.mjs`); \
             const { add, read, remove } = open(settings, { blame() { throw 'blamed'; } }); \
             const one = await add([{ id, quantity: 5, product: { platform_id: '141' }, variant: { platform_id: id }, extra: {}, properties: {} }]); \
             const before = await read(), out = await remove(before.cart.lines[0].key); return [one, before, out];",
            json!([settings, id]),
        )?;
        let wanted = json!({ "partial": true, "quantity": there, "requested": 5, "cart_count": there, "lines": [{ "id": id, "quantity": there }] });
        is(&did[0], &wanted).context(settings.to_string())?;
        ensure!(
            did[1]["ok"] == true && did[2]["ok"] == true && look(&shop).lines.is_empty(),
            "{settings}: {did}"
        );
    }
    Ok(())
}

/// A plan, a wrong token, a conflict that comes with the cart, an answer that is lost on its way, and none at all.
fn what_else_shops_answer(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let shopify = json!({ "platform": "shopify" });
    let wrong = json!({ "platform": "shopify", "url": "/api/graphql.json", "token": "old" });
    let woo = json!({ "platform": "woocommerce" });
    let plan = json!({ "selling_plan": 12 });
    let nothing = |_: &mut doubles::Shop, what: &str, _: &xtask::server::Request, _: &Value| {
        what.starts_with("GET /cart.js")
            .then(|| Response::half(200))
    };
    let cases: [(&Value, Double, &str, Value, Value); 7] = [
        (
            &shopify,
            doubles::shopify,
            "77",
            json!({}),
            json!({ "ok": false, "failure": "needs_plan", "reason": "Variant can only be purchased with a selling plan." }),
        ),
        (
            &shopify,
            doubles::shopify,
            "77",
            plan,
            json!({ "ok": true }),
        ),
        (
            &wrong,
            doubles::storefront,
            "41",
            json!({}),
            json!({ "ok": false, "failure": "not_signed_in" }),
        ),
        (
            &woo,
            doubles::woocommerce,
            "44",
            json!({}),
            json!({ "ok": true, "cart_count": 1 }),
        ),
        (
            &woo,
            doubles::woocommerce,
            "45",
            json!({}),
            json!({ "ok": true, "cart_count": 1 }),
        ),
        (
            &woo,
            doubles::woocommerce,
            "46",
            json!({}),
            json!({ "ok": false, "failure": "invalid_variant", "reason": "No such product – sorry." }),
        ),
        (
            &shopify,
            nothing,
            "41",
            json!({}),
            json!({ "ok": false, "failure": "network" }),
        ),
    ];
    for (settings, double, id, extra, wanted) in cases {
        let shop = serve(&stage.site, double);
        let did = stage.browser.js_with(
            "const [settings, id, extra] = args, { default: open } = await import(`/vitrine/cart/${settings.platform}.mjs`); \
             return open(settings, { blame() { throw 'blamed'; } }).add([{ id, quantity: 1, product: {}, variant: { platform_id: id }, extra, properties: {} }]);",
            json!([settings, id, extra]),
        )?;
        is(&did, &wanted).context(format!("{settings} {id}"))?;
        ensure!(
            look(&shop).count(id) == u64::from(wanted["ok"] == true),
            "{id}: the shop has {:?}",
            look(&shop).lines
        );
    }
    Ok(())
}

/// The page's own cart may say that there was less; and what it says besides cannot break the event.
fn a_callback_s_partial_answer(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    let file = pages::file(vec![pages::still(
        "lamp",
        0.0,
        6.0,
        [15.0, 40.0, 10.0, 14.0],
        json!({ "shape": "rect" }),
    )]);
    browser.js_with(
        "window.vitrine = await lab.attach(probe.video(), { config: args, collector: '/events', cart: (event, { signal }) => { \
           const circle = {}; circle.circle = circle; \
           return { partial: !signal.aborted, quantity: 2, requested: 3, lines: circle, failure: circle, cart: circle }; } }); await probe.seek(2);",
        file,
    )?;
    let outcome = press(stage, "lamp", "add-to-cart")?;
    is(
        &outcome,
        &json!({ "outcome": "partial", "quantity": 2, "requested": 3 }),
    )?;
    ensure!(
        browser.get("probe.part('status').textContent")? == "Only 2 could be added.",
        "the card does not say how many"
    );
    Ok(())
}

/// On the button, and on a hotspot that adds at once.
fn a_double_click_buys_once(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    look(&shop).delay = Duration::from_millis(100);
    open(stage, &json!({ "platform": "shopify" }))?;
    let browser = &stage.browser;
    browser.js("const spot = probe.spot('now'); spot.click(); spot.click(); spot.click();")?;
    browser.wait(&format!("({OUTCOMES}).length === 1"))?;
    browser.wait("probe.part('card')")?;
    browser.js("probe.spot('now').click();")?;
    is(&last_outcome(stage)?, &json!({ "outcome": "confirmed" }))?;
    let outcome = press(stage, "lamp", "add-to-cart")?;
    is(&outcome, &json!({ "outcome": "confirmed" }))?;
    browser.js(
        "probe.part('add-to-cart').click(); probe.part('add-to-cart').click(); probe.part('buy-now').click(); \
         await new Promise((done) => setTimeout(done, 400));",
    )?;
    ensure!(
        look(&shop).count("41") == 2 && look(&shop).asked.len() == 2,
        "bought {:?}",
        look(&shop).asked
    );
    Ok(())
}

fn a_slow_shop_can_be_cancelled(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify" }))?;
    look(&shop).delay = Duration::from_secs(3);
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.click_on("probe.spot('now')")?;
    // No card was open: one shows what goes on, and how to stop it.
    browser.wait("probe.part('cancel') && probe.part('add-to-cart').ariaBusy === 'true'")?;
    browser.js("probe.part('cancel').focus();")?;
    browser.click_on("probe.part('cancel')")?;
    browser.wait(&format!("({OUTCOMES}).length === 1"))?;
    browser.wait("!probe.part('cancel') && probe.part('status').textContent === 'Cancelled.'")?;
    ensure!(
        browser.get("probe.root().activeElement === probe.part('add-to-cart')")? == true,
        "the focus was lost with its button"
    );
    ensure!(
        browser.get("probe.video().paused || probe.video().currentTime < 0.2")? == false,
        "the video stopped"
    );
    is(
        &browser.get(&format!("({OUTCOMES}).at(-1)"))?,
        &json!({ "outcome": "failed", "failure": "cancelled" }),
    )?;
    look(&shop).delay = Duration::ZERO;
    browser.js("await probe.seek(2);")?;
    is(
        &press(stage, "lamp", "add-to-cart")?,
        &json!({ "outcome": "confirmed" }),
    )
}

fn offline_is_refused(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify" }))?;
    let browser = &stage.browser;
    let chromium = browser.engine() == Engine::Chromium;
    let cut = |offline: bool| -> Result<()> {
        if chromium {
            let rules = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
            browser.devtools("Network.enable", json!({}))?;
            browser.devtools("Network.emulateNetworkConditions", rules)?;
            return browser
                .wait(&format!("navigator.onLine === {}", !offline))
                .map(drop);
        }
        // The others cannot be cut off alone: requests fail as they do then.
        browser
            .js_with(
                "window.real ||= fetch; window.fetch = args ? async () => { throw new TypeError('offline'); } : real; \
                 Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !args });",
                json!(offline),
            )
            .map(drop)
    };
    cut(true)?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser
        .wait("probe.part('status').textContent === 'You are offline, so nothing was added.'")?;
    cut(false)?;
    // It was not kept for later.
    let outcome = last_outcome(stage)?;
    is(
        &outcome,
        &json!({ "outcome": "failed", "failure": "offline" }),
    )?;
    ensure!(look(&shop).asked.is_empty(), "it was added later");
    is(
        &press(stage, "lamp", "add-to-cart")?,
        &json!({ "outcome": "confirmed" }),
    )
}

/// The core does not read the cart's settings; what is wrong with them is said all the same.
fn wrong_settings_are_named(stage: &mut Stage) -> Result<()> {
    for (cart, path) in [
        (json!({ "platform": "shopify", "tokn": "x" }), "cart.tokn"),
        (json!({ "platform": "Shopfy" }), "cart.platform"),
        (json!({ "platform": "http" }), "cart.add"),
    ] {
        open(stage, &cart)?;
        stage.browser.wait(&format!(
            "probe.said('vitrine:error').some(({{ detail }}) => detail.problems.some(({{ path }}) => path === '{path}'))"
        ))?;
    }
    Ok(())
}
