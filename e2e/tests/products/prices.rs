//! Prices and stock as they are when a card opens, from each source.

use crate::{
    PAGE, add, card, close, feed, file, lines, old, open, pages, put_feed, seen_at, shows, sold_at,
    spot,
};
use e2e::{Result, Stage, Value, ensure, json, one};
use std::thread;
use std::time::Duration;
use xtask::server::Response;

e2e::engines!(
    an_old_price_is_not_sold_at,
    each_source_has_the_price_of_now,
    what_is_sold_out_meanwhile_cannot_be_added,
    what_came_back_can,
    the_list_has_the_prices_of_now,
    what_is_added_at_once_has_the_price_of_now,
    what_is_added_at_once_may_be_sold_out,
    a_callback_tells_prices,
    a_slow_source_holds_nothing_up,
);

/// The same feed, too late for the card that opens.
fn put_slow_feed(stage: &Stage, price: &'static str, availability: &'static str) {
    stage.site.api(move |request| {
        request.path.starts_with("/slow/").then(|| {
            thread::sleep(Duration::from_millis(900));
            Response::bytes(200, "application/xml", feed(price, availability).into())
        })
    });
}

const SAID: &str = "probe.root().querySelector('.box > .sr').textContent";

fn an_old_price_is_not_sold_at(stage: &mut Stage) -> Result<()> {
    put_slow_feed(stage, "119.00 EUR", "in_stock");
    open(
        stage,
        &file(old("/slow/feed.xml", json!({ "sale_price": "99.00 EUR" }))),
        "",
    )?;
    let chip = "probe.spot('lamp').ariaLabel";
    ensure!(
        stage.browser.get(chip)? == "Brass lamp, €99.00",
        "the file's price is not on the picture"
    );
    card(stage, "lamp")?;
    stage.browser.js("probe.part('add-to-cart').focus();")?;
    shows(stage, "€119.00")?;
    let state = stage.browser.get("[probe.part('price').querySelectorAll('s').length, probe.root().activeElement.getAttribute('part')]")?;
    ensure!(
        state == json!([0, "add-to-cart"]),
        "struck prices, focus: {state}"
    );
    stage
        .browser
        .wait(&format!("{SAID} === 'The price is now €119.00.'"))?;
    ensure!(
        stage.browser.get(chip)? == "Brass lamp, €119.00",
        "the picture has the old price"
    );
    sold_at(&add(stage)?, 11900)?;
    close(stage)?;
    // Not again within a minute, and it stays with another file of the same video.
    card(stage, "lamp")?;
    shows(stage, "€119.00")?;
    seen_at(stage, json!([9900, 11900]))?;
    let asked = stage
        .site
        .requests()
        .iter()
        .filter(|line| line.contains("feed.xml"))
        .count();
    ensure!(asked == 1, "asked {asked} times");
    Ok(())
}

/// A file's old price, and what each source says now: on the card, in `view_item`, in what is added.
fn each_source_has_the_price_of_now(stage: &mut Stage) -> Result<()> {
    put_feed(stage, "99.00 EUR", "in stock");
    stage.site.put(
        "/e2e/feed.tsv",
        "text/tab-separated-values",
        "id\ttitle\tprice\tavailability\nlamp\tBrass lamp\t99.00 EUR\tin_stock\n",
    );
    let lamp = json!({ "id": 8001, "title": "Brass lamp", "handle": "lamp", "price": 9900, "available": true, "options": [], "variants": [] });
    stage
        .site
        .put("/products/lamp.js", "application/json", lamp.to_string());
    stage.site.put(
        "/e2e/theme.js",
        "text/javascript",
        "window.Shopify = { currency: { active: 'EUR' }, routes: { root: '/' } };",
    );
    let head = format!("{PAGE}<script src=\"/e2e/theme.js\"></script>");
    for from in ["json-ld", "/e2e/feed.xml", "/e2e/feed.tsv", "shopify"] {
        open(stage, &file(old(from, json!({}))), &head)?;
        card(stage, "lamp")?;
        shows(stage, "€99.00").map_err(|error| error.context(from))?;
        seen_at(stage, json!([9900]))?;
        sold_at(&add(stage)?, 9900)?;
    }
    Ok(())
}

fn what_is_sold_out_meanwhile_cannot_be_added(stage: &mut Stage) -> Result<()> {
    put_slow_feed(stage, "129.00 EUR", "out of stock");
    open(stage, &file(old("/slow/feed.xml", json!({}))), "")?;
    card(stage, "lamp")?;
    let browser = &stage.browser;
    browser.wait("probe.part('add-to-cart')?.textContent === 'Sold out'")?;
    browser.wait(&format!("{SAID} === 'Sold out'"))?;
    let state = browser.get("[probe.part('add-to-cart').ariaDisabled, !!probe.part('buy-now')]")?;
    ensure!(state == json!(["true", false]), "{state}");
    browser.js("probe.part('add-to-cart').click();")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser.js("probe.part('add-to-cart').focus();")?;
    browser.press('\u{E007}')?;
    close(stage)?;
    let view = stage.flushed("card_close")?;
    let added = view.iter().any(|event| event["type"] == "add_to_cart");
    ensure!(!added, "what is sold out was added");
    Ok(())
}

fn what_came_back_can(stage: &mut Stage) -> Result<()> {
    put_feed(stage, "129.00 EUR", "in stock");
    open(
        stage,
        &file(old(
            "/e2e/feed.xml",
            json!({ "availability": "out_of_stock" }),
        )),
        "",
    )?;
    card(stage, "lamp")?;
    let asked = || {
        Ok(stage
            .site
            .requests()
            .iter()
            .any(|line| line.contains("feed.xml 200"))
            .then_some(()))
    };
    ensure!(
        e2e::until(e2e::LIMIT, asked)?.is_some(),
        "the feed was not asked"
    );
    // Its own request is done by the time that the next one is.
    stage
        .browser
        .js("await fetch('/e2e/feed.xml?after'); await probe.frames(2);")?;
    close(stage)?;
    card(stage, "lamp")?;
    stage
        .browser
        .wait("probe.part('add-to-cart')?.textContent === 'Add to cart'")?;
    sold_at(&add(stage)?, 12900)
}

/// An entry that is pointed at has the price of now, and so has the card that it opens.
fn the_list_has_the_prices_of_now(stage: &mut Stage) -> Result<()> {
    put_feed(stage, "119.00 EUR", "in stock");
    open(stage, &file(old("/e2e/feed.xml", json!({}))), "")?;
    let browser = &stage.browser;
    browser.wait("probe.part('product-list')")?;
    browser.click_on("probe.part('product-list')")?;
    browser.wait("probe.part('drawer')")?;
    let entry = "[...probe.root().querySelectorAll('[part=entry]')].find((entry) => entry.textContent.includes('Brass lamp'))";
    browser.hover(browser.centre(entry)?)?;
    browser.wait(&format!("{entry}.textContent.includes('€119.00')"))?;
    browser.click_on(entry)?;
    browser.wait("probe.part('card')")?;
    seen_at(stage, json!([11900]))?;
    shows(stage, "€119.00")
}

/// The same, with a hotspot that asks no card.
fn at_once(from: &str) -> Value {
    let mut whole = file(old(from, json!({})));
    let now = pages::still(
        "now",
        0.0,
        6.0,
        [60.0, 40.0, 10.0, 14.0],
        json!({ "shape": "rect", "action": { "type": "add_to_cart" } }),
    );
    if let Some(hotspots) = whole["hotspots"].as_array_mut() {
        hotspots.push(now);
    }
    whole
}

fn what_is_added_at_once_has_the_price_of_now(stage: &mut Stage) -> Result<()> {
    // The viewer is faster than the feed.
    put_slow_feed(stage, "119.00 EUR", "in_stock");
    open(stage, &at_once("/slow/feed.xml"), "")?;
    let browser = &stage.browser;
    browser.js("probe.spot('now').click(); probe.spot('now').click();")?;
    browser.wait("probe.said('vitrine:add-to-cart').length")?;
    let view = stage.flushed("cart_outcome")?;
    sold_at(one(&view, "add_to_cart")?, 11900)
}

fn what_is_added_at_once_may_be_sold_out(stage: &mut Stage) -> Result<()> {
    put_feed(stage, "129.00 EUR", "out of stock");
    open(stage, &at_once("/e2e/feed.xml"), "")?;
    let browser = &stage.browser;
    browser.click_on("probe.spot('now')")?;
    // The viewer sees why, where it would have been added, and hears it.
    browser.wait("probe.part('add-to-cart')?.textContent === 'Sold out' && probe.part('card').contains(probe.root().activeElement)")?;
    let view = stage.flushed("view_item")?;
    ensure!(
        view.iter().any(|event| event["type"] == "hotspot_click")
            && !view.iter().any(|event| event["type"] == "add_to_cart"),
        "what is sold out was added"
    );
    Ok(())
}

fn a_callback_tells_prices(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    let mut config = file(old(
        "",
        json!({ "variants": [{ "id": "s", "price": "129.00 EUR" }, { "id": "m", "price": "139.00 EUR" }] }),
    ));
    config["hotspots"] = json!([spot("lamp", 15.0, "lamp")]);
    browser.js_with(
        "window.asked = []; window.vitrine = await lab.attach(probe.video(), { config: args, collector: '/events', products: async (ids, { signal }) => { \
           asked.push([ids, signal.aborted]); return [{ id: 'lamp', price: '79.00 EUR', variants: [{ id: 's', availability: 'out_of_stock', price: '69.00 EUR' }, { id: 'm', price: '79.00 EUR' }] }, null]; } }); \
         await probe.seek(2); document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault());",
        config,
    )?;
    card(stage, "lamp")?;
    shows(stage, "€69.00")?;
    browser.wait("probe.part('add-to-cart')?.textContent === 'Sold out'")?;
    browser.click_on("[...probe.root().querySelectorAll('[part~=choice]')].at(-1)")?;
    shows(stage, "€79.00")?;
    let event = add(stage)?;
    sold_at(&event, 7900)?;
    ensure!(event["items"][0]["item_variant"] == "m", "{event}");
    let asked = browser.get("asked")?;
    ensure!(asked == json!([[["lamp"], false]]), "asked for {asked}");
    Ok(())
}

fn a_slow_source_holds_nothing_up(stage: &mut Stage) -> Result<()> {
    stage.site.api(|request| {
        (request.path == "/slow.xml").then(|| {
            thread::sleep(Duration::from_secs(7));
            Response::bytes(
                200,
                "application/xml",
                feed("1.00 EUR", "in stock").into_bytes(),
            )
        })
    });
    open(stage, &file(old("/slow.xml", json!({}))), "")?;
    card(stage, "lamp")?;
    sold_at(&add(stage)?, 12900)?;
    // Closed: nobody waits for it any more, and nothing is said.
    close(stage)?;
    stage.browser.js("await probe.frames(5);")?;
    ensure!(lines(stage)?.is_empty(), "{:?}", lines(stage)?);
    // Left open: it is given up with words, and the card stays as it is.
    card(stage, "lamp")?;
    stage.browser.wait("probe.lines().some((line) => line.includes('could not be refreshed') && line.includes('5 seconds'))")?;
    shows(stage, "€129.00")
}
