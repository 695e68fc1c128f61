//! What shops answer besides yes and no.

use crate::doubles::{self, Double, look, serve};
use crate::shops::described;
use crate::{is, pages, press};
use e2e::{Context, Result, Stage, Value, ensure, json};
use xtask::server::Response;

e2e::engines!(
    less_than_asked_and_out_again,
    what_else_shops_answer,
    pages_instead_of_answers,
    options_without_ids,
    renewed_once_and_no_more,
    lines_of_each_kind_in_and_out,
    a_callback_s_partial_answer,
);

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
    let magento = json!({ "platform": "magento" });
    let option = json!({ "product_option": { "extension_attributes": { "custom_options": [{ "option_id": "1", "option_value": "2" }] } } });
    let cases: [(&Value, Double, &str, Value, Value); 8] = [
        (
            &magento,
            doubles::magento,
            "88",
            option,
            json!({ "ok": true }),
        ),
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
        for (key, value) in extra.as_object().into_iter().flatten() {
            let asked = json!(look(&shop).asked).to_string();
            ensure!(
                asked.contains(&format!("\"{key}\":{value}")),
                "{key} is not in {asked}"
            );
        }
    }
    Ok(())
}

/// Each shop, described, with its double.
fn every_shop() -> [(Value, Double); 6] {
    let storefront =
        json!({ "platform": "shopify", "url": "/api/graphql.json", "token": "public-token" });
    [
        (json!({ "platform": "shopify" }), doubles::shopify),
        (storefront, doubles::storefront),
        (json!({ "platform": "woocommerce" }), doubles::woocommerce),
        (json!({ "platform": "bigcommerce" }), doubles::bigcommerce),
        (json!({ "platform": "magento" }), doubles::magento),
        (described(), doubles::graphql),
    ]
}

/// Adds one lamp by an adapter alone.
pub const ADD: &str = "const [settings, id = '41', more = {}, quantity = 1] = args, { default: open } = await import(`/vitrine/cart/${settings.platform}.mjs`); \
    const shop = open(settings, { blame() { throw 'blamed'; } }); \
    const add = (id, quantity) => shop.add([{ id, quantity, product: { platform_id: '141' }, variant: { platform_id: id, ...more }, extra: {}, properties: {} }]); \
    const one = await add(id, quantity);";

pub fn say(kind: &str, body: &str) -> Response {
    Response::bytes(200, kind, body.as_bytes().to_vec())
}

/// A page with an apology, a login, or rubbish, each with the status of success: nothing was added, and nothing is sold out.
fn pages_instead_of_answers(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let html = "text/html; charset=utf-8";
    stage
        .site
        .put("/account/login", html, "<h1>Please sign in</h1>");
    // What is answered, and what that is called; rubbish may be called anything.
    type Answer = fn() -> Response;
    let answers: [(Answer, &str); 5] = [
        (
            || say("text/html", "<h1>Sorry, we are upgrading</h1>"),
            "other",
        ),
        (
            || Response::empty(302).with("Location", "/account/login"),
            "not_signed_in",
        ),
        (
            || say("application/json", "[[\"img\",{\"onerror\":\"x\"}],{}]"),
            "",
        ),
        (|| say("application/json", "\"42\""), ""),
        (|| say("application/json", "null"), ""),
    ];
    for (settings, double) in every_shop() {
        for (answer, failure) in answers {
            let shop = serve(&stage.site, double);
            let mine = std::sync::Arc::clone(&shop);
            stage.site.api(move |request| {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let what = format!("{} {}", request.method, request.path);
                let reads = body["query"]
                    .as_str()
                    .is_some_and(|query| !query.contains("mutation"));
                // What Magento makes first is its cart.
                let makes = request.path.ends_with("guest-carts");
                if request.method == "POST" && request.path != "/events" && !reads && !makes {
                    return Some(answer());
                }
                double(&mut look(&mine), &what, request, &body)
            });
            stage.browser.js("localStorage.clear();")?;
            let did = stage
                .browser
                .js_with(&format!("{ADD} return one;"), json!([settings]))?;
            let told = did["failure"].as_str().unwrap_or_default();
            ensure!(
                did["ok"] == false && did.get("partial").is_none(),
                "{settings} believes it: {did}"
            );
            ensure!(
                failure.is_empty() || told == failure,
                "{settings}: {did}, not {failure}"
            );
        }
    }
    Ok(())
}

/// WooCommerce finds the variation by its attributes, and the cart has that one's id: it was added, not sold out.
fn options_without_ids(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let shop = serve(&stage.site, doubles::woocommerce);
    let brass = json!({ "platform_id": null, "options": { "finish": "brass" } });
    let add = |quantity: u64| {
        stage.browser.js_with(
            &format!("{ADD} return one;"),
            json!([{ "platform": "woocommerce" }, "141", brass, quantity]),
        )
    };
    is(
        &add(1)?,
        &json!({ "ok": true, "quantity": 1, "lines": [{ "id": "41", "quantity": 1 }] }),
    )?;
    ensure!(
        look(&shop).asked[0]["variation"] == json!([{ "attribute": "finish", "value": "brass" }]),
        "{:?}",
        look(&shop).asked
    );
    // Of three there are two left.
    let short = add(5)?;
    ensure!(
        short["partial"] == true && short["quantity"] == 2 && look(&shop).count("41") == 3,
        "{short}"
    );
    Ok(())
}

/// A nonce that is wrong for good is renewed once, and the refusal is told.
fn renewed_once_and_no_more(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let shop = serve(&stage.site, doubles::woocommerce);
    let mine = std::sync::Arc::clone(&shop);
    stage.site.api(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let what = format!("{} {}", request.method, request.path);
        let mut shop = look(&mine);
        // Older with each request, so that no nonce is ever the one of now.
        shop.age += u32::from(request.method == "POST");
        doubles::woocommerce(&mut shop, &what, request, &body)
    });
    stage.site.clear();
    let did = stage.browser.js_with(
        &format!("{ADD} return one;"),
        json!([{ "platform": "woocommerce" }]),
    )?;
    is(&did, &json!({ "ok": false, "failure": "not_signed_in" }))?;
    let tries = stage
        .site
        .requests()
        .iter()
        .filter(|line| line.contains("add-item"))
        .count();
    ensure!(tries == 2, "it was tried {tries} times");
    ensure!(look(&shop).count("41") == 0, "it was added all the same");
    Ok(())
}

/// The last line takes BigCommerce's cart with it, and what comes next has a new one; what is downloaded is a line, too; and
/// each shop takes its line out by its own way.
fn lines_of_each_kind_in_and_out(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    for (settings, double) in every_shop() {
        for id in ["41", "88"] {
            let shop = serve(&stage.site, double);
            stage.browser.js("localStorage.clear();")?;
            let did = stage.browser.js_with(
                &format!(
                    "{ADD} const before = await shop.read(), out = await shop.remove(before.cart.lines[0].key), none = await shop.read(), again = await add(id, 1); \
                     return [one.ok, before.cart.lines.length, out.ok, none.cart?.lines?.length ?? 0, again.ok, again.cart_count];"
                ),
                json!([settings, id]),
            )?;
            ensure!(
                did == json!([true, 1, true, 0, true, 1]) && look(&shop).count(id) == 1,
                "{settings} {id}: {did}, {:?}",
                look(&shop).lines
            );
        }
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
