//! Products by reference, and prices and stock as they are when a card opens: from the page, feed or shop to the event at
//! the collector.

#[path = "../all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;
mod prices;

use e2e::{Result, Stage, Value, ensure, json, one};
use pages::Tag;

e2e::engines!(
    what_the_page_says_is_sold,
    a_feed_is_sold,
    shopify_s_own_products_are_sold,
    a_source_that_fails_says_so,
);

fn spot(id: &str, x: f64, product: &str) -> Value {
    let more = json!({ "label": null, "shape": "rect", "products": [product] });
    pages::still(id, 0.0, 6.0, [x, 40.0, 10.0, 14.0], more)
}

/// A lamp and a mug, and a jump that needs neither.
fn file(products: Value) -> Value {
    let more = json!({ "products": [], "action": { "type": "seek", "time": 4 } });
    let jump = pages::still("jump", 0.0, 6.0, [85.0, 40.0, 10.0, 14.0], more);
    let mut file = pages::file(vec![
        spot("lamp", 15.0, "lamp"),
        spot("mug", 35.0, "mug"),
        jump,
    ]);
    file["products"] = products;
    file
}

/// What the file has in these tests, and what is long wrong.
fn old(from: &str, more: Value) -> Value {
    let mut lamp =
        json!({ "id": "lamp", "title": "Brass lamp", "price": "129.00 EUR", "from": from });
    if let (Some(lamp), Value::Object(more)) = (lamp.as_object_mut(), more) {
        lamp.extend(more);
    }
    json!([lamp, { "id": "mug", "title": "Stoneware mug", "price": "18.50 EUR" }])
}

fn open(stage: &Stage, file: &Value, head: &str) -> Result<()> {
    pages::serve_config(stage, file);
    let tag = Tag {
        head,
        ..Tag::default()
    };
    stage.open_ready(&pages::serve(stage, "made", pages::PLAYER, &tag))?;
    stage
        .browser
        .js("localStorage.clear(); await probe.seek(2); \
        document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault());")
        .map(drop)
}

/// What a feed has about the lamp.
fn feed(price: &str, availability: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\"><channel><item><g:id>lamp</g:id><g:title>Brass &amp; glass</g:title>\
         <g:link>javascript:alert(1)</g:link><g:price>{price}</g:price><g:availability>{availability}</g:availability></item>\
         <item><g:id>mug</g:id><g:title>&lt;img src=x onerror=alert(1)&gt;Mug</g:title><g:price>18.50 EUR</g:price></item></channel></rss>"
    )
}

fn put_feed(stage: &Stage, price: &str, availability: &str) {
    stage.site.put(
        "/e2e/feed.xml",
        "application/xml",
        feed(price, availability),
    );
}

/// What the cards that were opened say that the viewer saw.
fn seen_at(stage: &Stage, prices: Value) -> Result<()> {
    let seen = stage.browser.get("probe.said('vitrine:event').map(({ detail }) => detail).filter(({ type }) => type === 'view_item').map(({ value }) => value)")?;
    ensure!(seen == prices, "view_item has {seen}, not {prices}");
    Ok(())
}

fn card(stage: &Stage, spot: &str) -> Result<()> {
    stage.browser.wait(&format!("probe.spot('{spot}')"))?;
    stage.browser.click_on(&format!("probe.spot('{spot}')"))?;
    stage.browser.wait("probe.part('card')").map(drop)
}

fn close(stage: &Stage) -> Result<()> {
    stage.browser.js("probe.part('close').click();")?;
    stage.browser.wait("!probe.part('card')").map(drop)
}

const PRICE: &str = "probe.part('price')?.querySelector('b').textContent";

fn shows(stage: &Stage, price: &str) -> Result<()> {
    stage
        .browser
        .wait(&format!("{PRICE} === '{price}'"))
        .map(drop)
}

/// Adds what the card shows; the event at the collector.
fn add(stage: &Stage) -> Result<Value> {
    stage.browser.click_on("probe.part('add-to-cart')")?;
    stage
        .browser
        .wait("probe.said('vitrine:add-to-cart').length")?;
    let view = stage.flushed("cart_outcome")?;
    Ok(one(&view, "add_to_cart")?.clone())
}

fn sold_at(event: &Value, price: u64) -> Result<()> {
    let item = &event["items"][0];
    ensure!(
        item["price"] == price
            && item["currency"] == "EUR"
            && event["value"] == price
            && item["item_id"] == "lamp",
        "not at {price}: {event}"
    );
    Ok(())
}

fn lines(stage: &Stage) -> Result<Vec<String>> {
    let lines = stage.browser.get("probe.lines()")?;
    Ok(serde_json::from_value(lines)?)
}

const PAGE: &str = "<script type=\"application/ld+json\" id=\"data\">{ \"@context\": \"https://schema.org\", \"@graph\": [\
    { \"@type\": \"Product\", \"sku\": \"lamp\", \"name\": \"Brass lamp\", \"url\": \"/p/lamp\", \"offers\": { \"@type\": \"Offer\", \"price\": \"99.00\", \"priceCurrency\": \"EUR\", \"availability\": \"https://schema.org/InStock\" } },\
    { \"@type\": \"Product\", \"sku\": \"unused\", \"name\": \"Another\" } ] }</script>";

fn what_the_page_says_is_sold(stage: &mut Stage) -> Result<()> {
    open(stage, &file(json!({ "from": "json-ld" })), PAGE)?;
    card(stage, "lamp")?;
    shows(stage, "€99.00")?;
    let link = stage.browser.get("probe.part('view-product').href")?;
    ensure!(link == stage.site.url("/p/lamp"), "the link is {link}");
    close(stage)?;
    // The page's own script changes it: that is what the next card has.
    stage.browser.js("const data = document.querySelector('#data'); data.textContent = data.textContent.replace('99.00', '89.00');")?;
    card(stage, "lamp")?;
    shows(stage, "€89.00")?;
    seen_at(stage, json!([9900, 8900]))?;
    sold_at(&add(stage)?, 8900)?;
    // The mug is nowhere: that is said, and all else works.
    let shown = stage.browser.get("probe.shown()")?;
    ensure!(shown == json!(["jump", "lamp"]), "{shown} is shown");
    let lines = lines(stage)?;
    ensure!(
        lines
            .iter()
            .any(|line| line.contains("json-ld: no \"mug\"")
                && line.contains("\"lamp\", \"unused\"")),
        "{lines:?}"
    );
    let told = stage
        .browser
        .get("probe.said('vitrine:error').map(({ detail }) => detail.problems[0].path)")?;
    ensure!(
        told == json!(["hotspots[1].products[0]"]),
        "the page was told {told}"
    );
    Ok(())
}

fn a_feed_is_sold(stage: &mut Stage) -> Result<()> {
    put_feed(stage, "129.00 EUR", "in stock");
    open(stage, &file(json!({ "from": "/e2e/feed.xml" })), "")?;
    card(stage, "lamp")?;
    shows(stage, "€129.00")?;
    ensure!(
        stage.browser.get("!probe.part('view-product')")? == true,
        "a script became a link"
    );
    sold_at(&add(stage)?, 12900)?;
    close(stage)?;
    card(stage, "mug")?;
    let title = stage.browser.get(
        "[probe.part('title').textContent, probe.root().querySelectorAll('[onerror]').length]",
    )?;
    ensure!(
        title == json!(["<img src=x onerror=alert(1)>Mug", 0]) || title == json!(["Mug", 0]),
        "the title is {title}"
    );
    let asked = stage
        .site
        .requests()
        .iter()
        .filter(|line| line.contains("feed.xml"))
        .count();
    ensure!(
        asked == 1,
        "the feed was read {asked} times within a minute"
    );
    ensure!(lines(stage)?.is_empty(), "{:?}", lines(stage)?);
    Ok(())
}

fn shopify_s_own_products_are_sold(stage: &mut Stage) -> Result<()> {
    let variant = |id: u64, size: &str, price: u64, available: bool| json!({ "id": id, "sku": "", "option1": size, "price": price, "compare_at_price": null, "available": available });
    let lamp = json!({ "id": 8001, "title": "Brass lamp", "handle": "lamp", "price": 12900, "available": true, "options": [{ "name": "Size" }], "url": "/products/lamp",
        "variants": [variant(41, "S", 12900, false), variant(42, "M", 13900, true)] });
    stage
        .site
        .put("/products/lamp.js", "application/json", lamp.to_string());
    open(stage, &file(json!({ "from": "shopify" })), "")?;
    // Without the theme's currency there is no price, and that is said.
    let said = lines(stage)?;
    ensure!(
        said.iter().any(|line| line.contains("no currency"))
            && said
                .iter()
                .any(|line| line.contains("/products/mug.js answered 404")),
        "{said:?}"
    );
    stage.site.put(
        "/e2e/theme.js",
        "text/javascript",
        "window.Shopify = { currency: { active: 'EUR' }, routes: { root: '/' } };",
    );
    open(
        stage,
        &file(json!({ "from": "shopify" })),
        "<script src=\"/e2e/theme.js\"></script>",
    )?;
    card(stage, "lamp")?;
    shows(stage, "€139.00")?;
    let event = add(stage)?;
    sold_at(&event, 13900)?;
    let item = &event["items"][0];
    ensure!(
        item["item_variant"] == "42" && item["platform_id"] == "42",
        "{item}"
    );
    Ok(())
}

fn a_source_that_fails_says_so(stage: &mut Stage) -> Result<()> {
    let not_there = json!({ "from": "/nowhere.xml" });
    stage.site.put(
        "/e2e/page.xml",
        "text/html",
        "<html><body>Sorry</body></html>",
    );
    for (products, words) in [
        (not_there, "nowhere.xml: it answered 404"),
        (json!({ "from": "/e2e/page.xml" }), "it has no products"),
        (json!({ "from": "json-ld" }), "this page has no JSON-LD"),
    ] {
        open(stage, &file(products), "")?;
        let said = lines(stage)?;
        ensure!(said.iter().any(|line| line.contains(words)), "{said:?}");
        stage.browser.wait("probe.shown().join() === 'jump'")?;
        stage.browser.click_on("probe.spot('jump')")?;
        stage.browser.wait("probe.video().currentTime === 4")?;
    }
    stage.browser.js_with(
        "await vitrine.overlays[0].setConfig(args);",
        file(json!({ "from": "json-ld" })),
    )?;
    stage.browser.wait(
        "probe.lines().some((line) => line.includes('setConfig() takes a list of products'))",
    )?;
    Ok(())
}
