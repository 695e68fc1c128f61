//! From a hotspot into each shop's cart, as its documentation describes it.

use crate::doubles::{self, Shared, look, serve};
use crate::{is, lamp_and_mug, open, press};
use e2e::{Result, Stage, Value, ensure, json};
use xtask::server::{Options, Response, Server};

e2e::engines!(
    shopify,
    shopify_without_its_theme,
    woocommerce,
    woocommerce_on_another_origin,
    bigcommerce,
    magento,
    http_and_graphql,
);

fn shopify(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    open(stage, &json!({ "platform": "shopify" }))?;
    stage.browser.js(
        "const place = document.createElement('a'); place.id = 'cart-icon-bubble'; document.body.append(place);",
    )?;
    let words = "The product 'Mug' is already sold out.";
    lamp_and_mug(stage, &shop, words)?;
    let asked = look(&shop).asked[0].clone();
    let item = &asked["items"][0];
    ensure!(
        item["id"] == 41
            && asked["sections"] == "cart-icon-bubble"
            && asked["sections_url"] == "/e2e/made.html",
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
    lamp_and_mug(stage, &shop, "Only 0 of them are available.")?;
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
    lamp_and_mug(stage, &shop, words)?;
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
    lamp_and_mug(stage, &shop, words)?;
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
    lamp_and_mug(stage, &shop, words)?;
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
pub fn described() -> Value {
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
        "update": request("mutation { adjustLine }", json!({ "line": "{{line.id}}", "quantity": "{{quantity}}" }),
            json!({ "success": "/data/adjustLine/lines", "message": "/data/adjustLine/message", "code": "/data/adjustLine/errorCode" })),
    })
}

fn http_and_graphql(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::graphql);
    open(stage, &described())?;
    lamp_and_mug(stage, &shop, "0 left")?;
    let asked = look(&shop).asked[0].clone();
    ensure!(
        asked["variables"] == json!({ "id": "41", "quantity": 1 }),
        "asked for {asked}"
    );
    Ok(())
}
