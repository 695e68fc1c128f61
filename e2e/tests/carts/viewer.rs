//! What a viewer does while a shop thinks, and what they and the page are told.

use crate::doubles::{self, look, serve};
use crate::{OUTCOMES, is, last_outcome, open, pages, press};
use e2e::{Engine, Result, Stage, Value, ensure, json};
use std::time::Duration;

e2e::engines!(
    a_double_click_buys_once,
    a_quick_shop_shows_no_progress,
    a_slow_shop_can_be_cancelled,
    offline_is_refused,
    wrong_settings_are_named,
);

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

/// Within 300 ms nothing is said of waiting; the shop is where the theme says.
fn a_quick_shop_shows_no_progress(stage: &mut Stage) -> Result<()> {
    let shop = serve(&stage.site, doubles::shopify);
    let mine = std::sync::Arc::clone(&shop);
    stage.site.api(move |request| {
        let path = request.path.strip_prefix("/de")?;
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        doubles::shopify(
            &mut look(&mine),
            &format!("{} {path}", request.method),
            request,
            &body,
        )
    });
    stage.site.put(
        "/e2e/theme.js",
        "text/javascript",
        "window.Shopify = { routes: { root: '/de/' } };",
    );
    let file = pages::file(vec![pages::still(
        "lamp",
        0.0,
        6.0,
        [15.0, 40.0, 10.0, 14.0],
        json!({ "shape": "rect" }),
    )]);
    let mut file = file;
    file["products"][0]["platform_id"] = json!("41");
    file["cart"] = json!({ "platform": "shopify" });
    pages::serve_config(stage, &file);
    let tag = pages::Tag {
        head: "<script src=\"/e2e/theme.js\"></script>",
        ..pages::Tag::default()
    };
    stage.open_ready(&pages::serve(stage, "made", pages::PLAYER, &tag))?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.js(
        "window.waits = 0; window.asked = performance.now(); document.addEventListener('vitrine:cart', () => window.took = performance.now() - asked); \
         new MutationObserver(() => waits += !!probe.part('cancel')).observe(probe.root(), { childList: true, subtree: true, attributes: true });",
    )?;
    browser.click_on("probe.part('add-to-cart')")?;
    is(
        &last_outcome_told(stage)?,
        &json!({ "outcome": "confirmed" }),
    )?;
    let told = browser.get("[took, waits]")?;
    ensure!(
        told[1] == 0 || told[0].as_f64() >= Some(300.0),
        "after {} ms it showed that it waits",
        told[0]
    );
    ensure!(look(&shop).count("41") == 1, "it went to another shop");
    Ok(())
}

fn last_outcome_told(stage: &Stage) -> Result<Value> {
    stage.browser.wait(&format!("({OUTCOMES}).length === 1"))?;
    last_outcome(stage)
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
