//! From a click to an order on another page, or on the same one.

use crate::pages::{self, Tag};
use e2e::{Context, Result, Stage, Value, caused, ensure, json, one, types};
use std::fs;
use xtask::Repo;
use xtask::server::{Options, Script, Server};

e2e::engines!(
    watched_here_and_ordered_there,
    the_collector_is_away_on_the_order_page,
    ordered_without_a_word_stored,
    ordered_on_the_video_s_own_page,
    watched_alone_or_named_by_a_code,
    shopify_s_pixel,
);

/// A clean browser, and a hotspot file with a lamp and a mug.
pub fn open(stage: &Stage, extra: &str) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage
        .browser
        .js("localStorage.clear(); sessionStorage.clear();")?;
    pages::serve_config(stage, &file());
    stage.open_ready(&video_page(stage, extra))
}

pub fn file() -> Value {
    pages::file(vec![
        pages::still(
            "lamp",
            0.0,
            6.0,
            [25.0, 30.0, 12.0, 16.0],
            json!({ "shape": "rect" }),
        ),
        pages::still(
            "mug",
            0.0,
            6.0,
            [75.0, 70.0, 12.0, 16.0],
            json!({ "products": ["mug"] }),
        ),
    ])
}

/// The page with the video; `extra` is more of the tag.
pub fn video_page(stage: &Stage, extra: &str) -> String {
    let collector = format!("/events\" {extra} data-x=\"");
    let tag = Tag {
        collector: &collector,
        ..Tag::default()
    };
    pages::serve(stage, "made", pages::PLAYER, &tag)
}

/// An order page, as a shop's template writes it.
pub fn order_page(stage: &Stage, order: &Value, extra: &str) -> String {
    let data = order.to_string().replace('\'', "&#39;");
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Thank you</title>\
         <script src=\"/e2e/probe.js\"></script>\
         <script async src=\"/vitrine/vitrine-order.js\" data-collector=\"/events\" data-order='{data}' {extra}></script>\
         </head><body>Thank you</body></html>"
    );
    let path = "/e2e/thanks.html";
    stage.site.put(path, "text/html; charset=utf-8", page);
    path.to_owned()
}

pub fn order(id: &str, items: &[&str]) -> Value {
    let items: Vec<Value> = items
        .iter()
        .map(|id| json!({ "item_id": id, "quantity": 1, "price": 9900 }))
        .collect();
    json!({ "order_id": id, "items": items, "value": 9900, "currency": "EUR" })
}

/// At 1.5 seconds adds the lamp; where the journey is kept, until it is.
pub fn add(stage: &Stage, kept: bool) -> Result<()> {
    let browser = &stage.browser;
    browser.js("document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault()); await probe.seek(1.5);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser
        .wait("probe.said('vitrine:event').some(({ detail }) => detail.type === 'cart_outcome')")?;
    if kept {
        browser.wait("/\"kind\":\"add\"/.test(localStorage['vitrine:journey'])")?;
    }
    Ok(())
}

/// The sink's events of this viewer, each once, as it got them first: what an earlier page left unconfirmed may come
/// again meanwhile.
pub fn events(stage: &Stage, what: &str) -> Result<Vec<Value>> {
    let viewer = stage.browser.wait("localStorage['vitrine:viewer']")?;
    let came = stage.collected(what, |events| {
        let mut own = events.iter().filter(|event| event["viewer_id"] == viewer);
        own.any(|event| event["type"] == what)
    })?;
    let came = came
        .into_iter()
        .filter(|event| event["viewer_id"] == viewer);
    let mut known: Vec<String> = Vec::new();
    let mut first = Vec::new();
    for event in came {
        let id = event["id"].to_string();
        if !known.contains(&id) {
            known.push(id);
            first.push(event);
        }
    }
    Ok(first)
}

fn watched_here_and_ordered_there(stage: &mut Stage) -> Result<()> {
    open(stage, "")?;
    let browser = &stage.browser;
    add(stage, true)?;
    browser.click_on("probe.part('close')")?;
    browser.click_on("probe.spot('mug')")?;
    browser.wait(
        "(localStorage['vitrine:journey'].match(/\"kind\":\"click\"/g) || []).length === 2",
    )?;
    let page = order_page(stage, &order("A-100", &["lamp", "mug", "vase"]), "");
    stage.open(&page)?;
    let all = events(stage, "purchase")?;
    let (purchase, added) = (one(&all, "purchase")?, one(&all, "add_to_cart")?);
    let ways: Vec<&Value> = (0..3)
        .map(|line| &purchase["items"][line]["attribution"])
        .collect();
    ensure!(
        ways[0]["type"] == "direct" && ways[1]["type"] == "influenced" && ways[2].is_null(),
        "{purchase}"
    );
    let last = &ways[0]["last"];
    ensure!(
        last["video_id"] == "clip"
            && last["hotspot_id"] == "lamp"
            && last["event_id"] == added["id"],
        "{last}"
    );
    // First it was clicked, then added; both are told.
    let clicked = all
        .iter()
        .find(|event| event["type"] == "hotspot_click" && event["hotspot_id"] == "lamp");
    let clicked = &clicked.context("no click")?["id"];
    ensure!(
        ways[0]["first"]["event_id"] == *clicked
            && ways[0]["chain"]
                .as_array()
                .is_some_and(|chain| chain.ends_with(&[clicked.clone(), added["id"].clone()])),
        "{}",
        ways[0]
    );
    let second = last["media_time"].as_f64().context("no second")?;
    ensure!((1.4..1.6).contains(&second), "added at {second} s");
    caused(purchase, added)?;
    for same in ["viewer_id", "session_id"] {
        ensure!(purchase[same] == added[same], "another {same}");
    }
    ensure!(
        purchase["view_id"] != added["view_id"] && purchase["seq"] == 0,
        "{purchase}"
    );
    // Once more, and in another tab: it is the same order.
    stage
        .browser
        .wait("!/\"batch\":/.test(localStorage['vitrine:journey'])")?;
    stage.open(&page)?;
    stage.browser.wait("vitrineOrder.push !== [].push")?;
    stage.browser.in_new_tab(|tab| {
        tab.goto(&stage.site.url(&page))?;
        tab.wait("window.vitrineOrder").map(drop)
    })?;
    // An order that comes later shows that nothing came before it.
    stage
        .browser
        .js("vitrineOrder.push({ order_id: 'A-101', items: [{ item_id: 'lamp' }] });")?;
    let all = stage.collected("two purchases", |events| {
        events.iter().any(|event| event["order_id"] == "A-101")
    })?;
    let ours = ["A-100", "A-101"].map(|id| json!(id));
    let orders: Vec<&Value> = all
        .iter()
        .filter(|event| event["type"] == "purchase" && ours.contains(&event["order_id"]))
        .collect();
    ensure!(orders.len() == 2, "{orders:?}");
    // What was added was sold: the next order of it is not direct.
    ensure!(
        orders[1]["items"][0]["attribution"]["type"] == "influenced",
        "{}",
        orders[1]
    );
    Ok(())
}

fn the_collector_is_away_on_the_order_page(stage: &mut Stage) -> Result<()> {
    // No overlay, so that the next batch is the order's.
    stage.open("/e2e/blank.html")?;
    stage.browser.js("localStorage.clear();")?;
    let page = order_page(stage, &order("B-1", &["lamp"]), "");
    stage.site.script(Script::status(503, 1));
    stage.open(&page)?;
    let waits = "/\"batch\":/.test(localStorage['vitrine:journey'])";
    stage.browser.wait(waits)?;
    stage.open("/e2e/blank.html")?;
    stage.open(&page)?;
    let all = events(stage, "purchase")?;
    ensure!(one(&all, "purchase")?["order_id"] == "B-1", "{all:?}");
    stage.browser.wait(&format!("!{waits}")).map(drop)
}

fn ordered_without_a_word_stored(stage: &mut Stage) -> Result<()> {
    open(stage, "data-consent=\"required\"")?;
    let browser = &stage.browser;
    add(stage, false)?;
    let stored = "Object.keys(localStorage).length";
    ensure!(browser.get(stored)? == 0, "stored without consent");
    browser.js("vitrine.consent('granted'); vitrine.track('page_says');")?;
    browser.wait("/\"kind\":\"add\"/.test(localStorage['vitrine:journey'])")?;
    browser.js("vitrine.consent('denied');")?;
    browser.wait(&format!("{stored} === 0"))?;
    browser.js("vitrine.track('page_says');")?;
    ensure!(browser.get(stored)? == 0, "stored after it was denied");
    // On the order page: nothing is told before the viewer agrees.
    let page = order_page(stage, &order("C-1", &["lamp"]), "data-consent=\"required\"");
    stage.open(&page)?;
    browser.wait("window.vitrineOrder")?;
    ensure!(browser.get(stored)? == 0, "stored on the order page");
    stage.site.clear();
    browser.js("vitrineOrder.push({ consent: 'granted' });")?;
    let all = events(stage, "purchase")?;
    let purchase = one(&all, "purchase")?;
    ensure!(
        purchase["items"][0].get("attribution").is_none(),
        "{purchase}"
    );
    Ok(())
}

fn ordered_on_the_video_s_own_page(stage: &mut Stage) -> Result<()> {
    open(stage, "")?;
    add(stage, true)?;
    stage.browser.js(
        "for (const type of ['__proto__', 'constructor', 'cart_outcome']) vitrine.track(type, {});",
    )?;
    let lines = stage.browser.get("probe.lines()")?;
    ensure!(lines == json!([]), "the console has {lines}");
    let buy = "vitrine.purchase({ order_id: 'F-1', items: [{ item_id: 'lamp' }], coupon: 'TEN' }); vitrine.flush();";
    stage.browser.js(buy)?;
    let all = events(stage, "purchase")?;
    caused(one(&all, "purchase")?, one(&all, "add_to_cart")?)?;
    ensure!(
        one(&all, "purchase")?["items"][0]["attribution"]["type"] == "direct",
        "{all:?}"
    );
    // Loaded again, and on the order's page: it is known.
    stage.open_ready("/e2e/made.html")?;
    stage.browser.js(buy)?;
    let lines = stage.browser.get("probe.lines()")?;
    ensure!(lines == json!([]), "the console has {lines}");
    stage.open(&order_page(stage, &order("F-1", &["lamp"]), ""))?;
    stage.browser.wait("window.vitrineOrder")?;
    stage
        .browser
        .js("vitrineOrder.push({ order_id: 'F-2' });")?;
    let all = stage.collected("the last order", |events| {
        events.iter().any(|event| event["order_id"] == "F-2")
    })?;
    let mut ids: Vec<&Value> = Vec::new();
    ensure!(
        !types(&all).iter().any(|kind| kind.contains("intent")),
        "an intent was given up: {:?}",
        types(&all)
    );
    for event in all.iter().filter(|event| event["order_id"] == "F-1") {
        if !ids.contains(&&event["id"]) {
            ids.push(&event["id"]);
        }
    }
    ensure!(ids.len() == 1, "F-1 was told as {}", json!(all));
    Ok(())
}

/// The mug was seen in the film, and no more; the vase is nowhere, but its order has the code that one video named.
fn watched_alone_or_named_by_a_code(stage: &mut Stage) -> Result<()> {
    open(stage, "")?;
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.wait("probe.said('vitrine:event').some(({ detail }) => detail.type === 'progress')")?;
    browser.wait("/\"kind\":\"watch\"/.test(localStorage['vitrine:journey'])")?;
    let mut sold = order("H-1", &["mug", "vase"]);
    sold["coupon"] = json!("ana10");
    let codes =
        r#"data-codes='{ "ANA10": { "video_id": "spring", "campaign": { "source": "ana" } } }'"#;
    stage.open(&order_page(stage, &sold, codes))?;
    let all = events(stage, "purchase")?;
    let purchase = one(&all, "purchase")?;
    let ways = [0, 1].map(|line| &purchase["items"][line]["attribution"]);
    ensure!(
        ways[0]["type"] == "assisted"
            && ways[0]["last"]["video_id"] == "clip"
            && ways[0]["last"]["hotspot_id"] == "mug",
        "{purchase}"
    );
    ensure!(
        ways[1]["type"] == "influenced"
            && ways[1]["code"] == "ANA10"
            && ways[1]["last"]["campaign"]["source"] == "ana",
        "{purchase}"
    );
    Ok(())
}

/// The custom pixel of the examples, as it is but for its two addresses, in a frame without an origin.
fn shopify_s_pixel(stage: &mut Stage) -> Result<()> {
    // Where the pixel runs, the policy is Shopify's.
    let site = Server::start(Options {
        csp: None,
        ..e2e::site()?
    })?;
    let mut config = file();
    config["products"][0]["platform_id"] = json!("4051");
    site.put("/e2e/made.json", "application/json", config.to_string());
    let html = "text/html; charset=utf-8";
    let page = pages::html(pages::PLAYER, &Tag::default());
    site.put("/e2e/made.html", html, page);
    let pixel = fs::read_to_string(Repo::here().at("www/examples/shopify/order-pixel.js"))?;
    let ours = pixel
        .replace("https://cdn.example", &site.url(""))
        .replace("https://collect.example", &site.url(""));
    ensure!(!ours.contains(".example"), "the pixel has other addresses");
    site.put("/e2e/order-pixel.js", "text/javascript", ours);
    let with = |body: &str| {
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Thank you</title>\
             <script src=\"/e2e/pixel.js\"></script></head><body>{body}</body></html>"
        )
    };
    site.put(
        "/e2e/thanks.html",
        html,
        with("<iframe sandbox=\"allow-scripts\" title=\"pixel\" src=\"/e2e/frame.html\"></iframe>"),
    );
    site.put(
        "/e2e/frame.html",
        html,
        with("<script src=\"/e2e/order-pixel.js\"></script>"),
    );

    stage.check_policy()?;
    let browser = &stage.browser;
    browser.goto(&site.url("/e2e/made.html"))?;
    browser.wait("probe.said('vitrine:ready').length")?;
    add(stage, true)?;
    let viewer = browser.get("localStorage['vitrine:viewer']")?;
    browser.goto(&site.url("/e2e/thanks.html"))?;
    browser.wait("document.readyState === 'complete'")?;
    let money = json!({ "amount": 99.0, "currencyCode": "EUR" });
    let order = json!({ "checkout": {
        "order": { "id": "gid://shopify/Order/77" }, "totalPrice": money, "currencyCode": "EUR",
        "discountApplications": [{ "type": "DISCOUNT_CODE", "title": "TEN" }],
        "lineItems": [{ "title": "Brass lamp", "quantity": 1, "variant": {
            "id": "gid://shopify/ProductVariant/4051", "price": money, "product": { "id": "gid://shopify/Product/9" } } }],
    } });
    browser.js_with(
        "publish('payment_info_submitted', {}); publish('checkout_completed', args[0]); publish('checkout_completed', args[0]);",
        json!([order]),
    )?;
    // What the frame noted comes back to the shop's storage.
    browser.wait("/\"order_id\":\"77\"/.test(localStorage['vitrine:journey'])")?;
    let came = site.wait_until(e2e::LIMIT, |events| {
        events.iter().any(|event| event["type"] == "purchase")
    });
    let all = site.events();
    ensure!(came, "the sink has {:?}", types(&all));
    let purchase = one(&all, "purchase")?;
    ensure!(
        purchase["order_id"] == "77"
            && purchase["value"] == 9900
            && purchase["coupon"] == "TEN"
            && purchase["viewer_id"] == viewer,
        "{purchase}"
    );
    ensure!(
        purchase["items"][0]["attribution"]["type"] == "direct",
        "{purchase}"
    );
    ensure!(
        one(&all, "checkout_step")?["data"]["step"] == "payment_submitted",
        "{:?}",
        types(&all)
    );
    stage.open("/e2e/blank.html")
}
