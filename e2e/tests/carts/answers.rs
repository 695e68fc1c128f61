//! What shops answer besides yes and no.

use crate::doubles::{self, Double, look, serve};
use crate::shops::described;
use crate::{is, pages, press};
use e2e::{Context, Result, Stage, Value, ensure, json};
use xtask::server::Response;

e2e::engines!(
    less_than_asked_and_out_again,
    what_else_shops_answer,
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
