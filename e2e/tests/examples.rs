//! The pages of `www/examples/`, built and rendered as their users would, in real browsers.

use e2e::{Context, Result, Stage, Value, ensure, json};
use std::fs;
use std::sync::OnceLock;
use std::time::Duration;
use xtask::Repo;
use xtask::examples;

e2e::engines!(react, react_in_strict_mode, vue, shopify, wordpress);

/// Builds the examples once for all engines, and loads one of them.
fn open(stage: &Stage, name: &str) -> Result<()> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let repo = Repo::here();
    let build = || examples::build(&repo).map_err(|error| format!("{error:#}"));
    BUILT.get_or_init(build).clone().map_err(e2e::Error::msg)?;
    let page = examples::built(&repo).join(name).join("index.html");
    let page = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
    let head = "<head>";
    let scripts =
        "<head><script src=\"/e2e/census.js\"></script><script src=\"/e2e/probe.js\"></script>";
    ensure!(
        page.matches(head).count() == 1,
        "{name}: the page has no <head>"
    );
    let path = format!("/examples/{name}/probed.html");
    let page = page.replace(head, scripts);
    stage.site.put(&path, "text/html; charset=utf-8", page);
    stage.open_ready(&path)
}

/// Modules that only some hotspot files name are built, too: the bundler has found their imports.
fn has_all_modules(name: &str) -> Result<()> {
    let assets = examples::built(&Repo::here()).join(name).join("assets");
    let files = fs::read_dir(&assets).with_context(|| assets.display().to_string())?;
    let files: Vec<_> = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    for module in ["woocommerce", "snowplow", "tcf", "coupon", "vitrine-card"] {
        ensure!(
            files
                .iter()
                .any(|file| file.starts_with(&format!("{module}-"))),
            "{name}: no {module} among {files:?}"
        );
    }
    Ok(())
}

/// Nothing but this on the console, and no error.
fn quiet(stage: &Stage) -> Result<()> {
    let wrong = stage.browser.get("probe.lines().concat(probe.errors)")?;
    ensure!(wrong == json!([]), "the console has {wrong}");
    Ok(())
}

/// Clicks a hotspot and its card's button.
fn add(stage: &Stage, spot: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.wait(&format!("probe.shown().includes('{spot}')"))?;
    // A press may miss while the page is still being laid out.
    let opened = e2e::until(e2e::LIMIT, || {
        browser.click_on(&format!("probe.spot('{spot}')"))?;
        let card = browser.wait_for("probe.part('card')", Duration::from_secs(5));
        Ok(card.is_ok().then_some(()))
    })?;
    ensure!(opened.is_some(), "no press opened the card");
    browser.click_on("probe.part('add-to-cart')").map(drop)
}

/// What the page's cart shows.
fn in_cart(stage: &Stage, ids: &str) -> Result<()> {
    let shown = "[...document.querySelectorAll('#cart li')].map((one) => one.dataset.id).join()";
    let state = format!(
        "{shown} === '{ids}' && document.querySelector('#count').textContent == {shown}.split(',').length"
    );
    stage.browser.wait(&state).map(drop)
}

/// An application: what is bought reaches its state, which lives on while its parts come and go.
fn application(stage: &Stage, name: &str) -> Result<()> {
    open(stage, name)?;
    has_all_modules(name)?;
    let browser = &stage.browser;
    let press = |id: &str| browser.click_on(&format!("document.querySelector('#{id}')"));
    let overlays = |count: usize| {
        let state = format!("document.querySelectorAll('vitrine-overlay').length === {count}");
        browser.wait(&state).map(drop)
    };
    browser.js("await probe.seek(2);")?;
    add(stage, "bag")?;
    in_cart(stage, "bag-01")?;
    // That its state changed is no reason for another view.
    let view = stage.view_id()?;
    confirmed(stage)?;
    ensure!(stage.view_id()? == view, "the overlay was attached anew");
    // Another hotspot file.
    press("change")?;
    add(stage, "only-lamp")?;
    in_cart(stage, "bag-01,lamp-01")?;
    overlays(1)?;
    // Without the video nothing is left, however often it comes and goes.
    press("toggle")?;
    overlays(0)?;
    browser.js("await probe.frames(3);")?;
    let rounds = "window.rounds = async (count) => { for (let i = 0; i < count; i++) { \
        document.querySelector('#toggle').click(); \
        while (!probe.video() || !probe.shown().length) await probe.frames(1); \
        document.querySelector('#toggle').click(); \
        while (probe.video()) await probe.frames(1); } };";
    browser.js(&format!("{rounds} await rounds(2); await probe.frames(5);"))?;
    let before = browser.get("census.count()")?;
    browser.js("await rounds(10);")?;
    let same = e2e::until(e2e::LIMIT, || {
        Ok((browser.get("census.count()")? == before).then_some(()))
    })?;
    ensure!(
        same.is_some(),
        "before: {before}\nafter: {}",
        browser.get("census.count()")?
    );
    overlays(0)?;
    in_cart(stage, "bag-01,lamp-01")?;
    // Gone before it was loaded, and there again.
    browser.js(
        "for (let i = 0; i < 5; i++) { document.querySelector('#toggle').click(); await null; }",
    )?;
    browser.wait("probe.shown().join() === 'only-lamp'")?;
    overlays(1)?;
    quiet(stage)?;
    stage.collected("the purchase intent", |events| {
        events
            .iter()
            .any(|event| event["type"] == "add_to_cart" && event["view_id"] == view)
    })?;
    Ok(())
}

fn react(stage: &mut Stage) -> Result<()> {
    application(stage, "react")
}

/// React's development build mounts every component twice.
fn react_in_strict_mode(stage: &mut Stage) -> Result<()> {
    application(stage, "react-strict")
}

fn vue(stage: &mut Stage) -> Result<()> {
    application(stage, "vue")
}

/// A page of a shop system: what is bought is posted to the shop's API, whose words are shown.
fn shop(stage: &Stage, name: &str, api: &str, wanted: &Value, refusal: &Value) -> Result<()> {
    let hotspots = json!({
        "version": 1,
        "video": { "id": "a-day-at-home" },
        "products": [{ "id": "lamp-01", "title": "Table lamp", "price": "189.00 EUR", "platform_id": "4051" }],
        "hotspots": [{ "id": "lamp", "products": ["lamp-01"], "start": 0, "end": 18, "shape": "point",
                       "keyframes": [{ "time": 0, "x": 30, "y": 50 }] }],
    });
    stage
        .site
        .put("/e2e/made.json", "application/json", hotspots.to_string());
    stage.site.put(api, "application/json", "{}");
    open(stage, name)?;
    let browser = &stage.browser;
    browser.js_with(
        "window.asked = []; window.refused = true; const { fetch } = window, [api, refusal] = args; \
         window.fetch = async (address, options) => { \
           if (!String(address).endsWith(api)) return fetch(address, options); \
           asked.push([String(address), JSON.parse(options.body), options.headers]); \
           return refused ? new Response(JSON.stringify(refusal), { status: 422 }) : fetch(address, options); };",
        json!([api, refusal]),
    )?;
    add(stage, "lamp")?;
    // The shop's words why not are on the card; then it takes it.
    browser.wait("probe.part('card').textContent.includes('All sold out')")?;
    browser.js("window.refused = false;")?;
    // For a moment after an answer the button is deaf, so that a double click buys one.
    let again = e2e::until(e2e::LIMIT, || {
        browser.click_on("probe.part('add-to-cart')")?;
        Ok((browser.get("asked.length")? == 2).then_some(()))
    })?;
    ensure!(again.is_some(), "the button stayed deaf");
    confirmed(stage)?;
    let asked = browser.get("asked")?;
    for request in asked.as_array().context("no list")? {
        let kind = &request[2]["content-type"];
        ensure!(
            request[0] == api && request[1] == *wanted && kind == "application/json",
            "asked for {asked}"
        );
    }
    let came = format!("POST {api} 200");
    ensure!(
        stage.site.requests().contains(&came),
        "the shop was asked {:?}",
        stage.site.requests()
    );
    quiet(stage)
}

/// Waits until the overlay has been told that the cart took it.
fn confirmed(stage: &Stage) -> Result<()> {
    let outcome = "probe.said('vitrine:event').some(({ detail }) => \
        detail.type === 'cart_outcome' && detail.outcome === 'confirmed')";
    stage.browser.wait(outcome).map(drop)
}

fn shopify(stage: &mut Stage) -> Result<()> {
    let wanted = json!({ "items": [{ "id": "4051", "quantity": 1 }] });
    let refusal = json!({ "status": 422, "message": "Cart Error", "description": "All sold out" });
    shop(stage, "shopify", "/cart/add.js", &wanted, &refusal)
}

fn wordpress(stage: &mut Stage) -> Result<()> {
    let api = "/wp-json/wc/store/v1/cart/add-item";
    let refusal =
        json!({ "code": "woocommerce_rest_product_out_of_stock", "message": "All sold out" });
    shop(
        stage,
        "wordpress",
        api,
        &json!({ "id": 4051, "quantity": 1 }),
        &refusal,
    )?;
    let nonce = stage.browser.get("asked[0][2].nonce")?;
    ensure!(
        nonce.as_str().is_some_and(|text| text.len() == 10),
        "the nonce is {nonce}"
    );
    // The thank-you page of an order with what was bought here.
    stage
        .browser
        .wait("/\"kind\":\"add\"/.test(localStorage['vitrine:journey'])")?;
    stage
        .browser
        .goto(&stage.site.url("/examples/wordpress/order.html"))?;
    let all = stage.collected("the order", |events| {
        events.iter().any(|event| event["type"] == "purchase")
    })?;
    let order = all
        .iter()
        .find(|event| event["type"] == "purchase")
        .context("no order")?;
    let amounts = ["value", "coupon", "order_id"].map(|name| &order[name]);
    ensure!(
        amounts == [&json!(39790), &json!("ana10"), &json!("1001")],
        "{order}"
    );
    let lines = [0, 1].map(|line| &order["items"][line]);
    ensure!(
        lines[0]["attribution"]["type"] == "direct" && lines[0]["price"] == 18900,
        "{order}"
    );
    ensure!(
        lines[1]["attribution"].is_null() && lines[1]["item_name"] == "Ana's mug",
        "{order}"
    );
    Ok(())
}
