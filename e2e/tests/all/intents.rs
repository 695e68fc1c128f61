//! What becomes of an intent without an order.

use crate::orders::{add, events, open, order, order_page, video_page};
use e2e::{Result, Stage, caused, ensure, one, types};

e2e::engines!(
    given_up_and_back,
    told_by_the_next_visit,
    told_by_the_order_s_tag,
);

/// Hidden or shown, as a page is told; a real tab that is hidden is slowed down by browsers.
fn hide(stage: &Stage, hidden: bool) -> Result<()> {
    let show = format!(
        "Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }}); \
         document.dispatchEvent(new Event('visibilitychange'));"
    );
    stage.browser.js(&show).map(drop)
}

fn given_up_and_back(stage: &mut Stage) -> Result<()> {
    open(stage, "data-grace=\"1\"")?;
    let browser = &stage.browser;
    add(stage, true)?;
    browser.js("vitrine.identify(' Ana@Example.com '); vitrine.track('checkout_step', { step: 'payment_shown' });")?;
    browser.wait("/payment_shown/.test(localStorage['vitrine:journey']) && /\"contact\"/.test(localStorage['vitrine:journey'])")?;
    hide(stage, true)?;
    let all = events(stage, "stream_intent_abandoned")?;
    let lost = one(&all, "stream_intent_abandoned")?;
    caused(lost, one(&all, "add_to_cart")?)?;
    ensure!(
        lost["value"] == 9900 && lost["currency"] == "EUR" && lost["items"][0]["item_id"] == "lamp",
        "{lost}"
    );
    ensure!(
        lost["hotspot_id"] == "lamp"
            && lost["video_id"] == "clip"
            && lost["checkout_step"] == "payment_shown",
        "{lost}"
    );
    ensure!(
        lost["contact"] == SHA_OF_ANA,
        "{} is no hash of the key",
        lost["contact"]
    );
    hide(stage, false)?;
    hide(stage, true)?;
    let page = order_page(stage, &order("D-1", &["lamp"]), "");
    stage.open(&page)?;
    let all = events(stage, "intent_recovered")?;
    let (lost, back) = (
        one(&all, "stream_intent_abandoned")?,
        one(&all, "intent_recovered")?,
    );
    caused(back, lost)?;
    ensure!(
        back["order_id"] == "D-1" && back["value"] == 9900 && back["contact"] == SHA_OF_ANA,
        "{back}"
    );
    Ok(())
}

/// `printf ana@example.com | sha256sum`
const SHA_OF_ANA: &str = "8e43ca37701228e74983efdbd0cff5c16b3b1e5d4e29a7c05626d4d25a018e11";

/// A closed tab says nothing; the next page of the site with an overlay, or the order's tag, does.
fn told_by_the_next_visit(stage: &mut Stage) -> Result<()> {
    open(stage, "data-grace=\"1\"")?;
    add(stage, true)?;
    // The page's own key, as it is.
    stage
        .browser
        .js("vitrine.identify('CRM 4711', { hashed: false });")?;
    stage
        .browser
        .wait("/CRM 4711/.test(localStorage['vitrine:journey'])")?;
    stage.open("/e2e/blank.html")?;
    stage
        .browser
        .js("await new Promise((done) => setTimeout(done, 1200));")?;
    stage.open_ready(&video_page(stage, "data-grace=\"1\""))?;
    let all = events(stage, "stream_intent_abandoned")?;
    let lost = one(&all, "stream_intent_abandoned")?;
    caused(lost, one(&all, "add_to_cart")?)?;
    ensure!(
        lost["left_at"].is_string() && lost["contact"] == "CRM 4711",
        "{lost}"
    );
    // Bought here after all.
    stage.browser.js(
        "vitrine.purchase({ order_id: 'E-1', items: [{ item_id: 'lamp' }] }); vitrine.flush();",
    )?;
    let all = events(stage, "intent_recovered")?;
    caused(one(&all, "intent_recovered")?, lost)?;
    ensure!(
        one(&all, "purchase")?["items"][0]["attribution"]["type"] == "direct",
        "{:?}",
        types(&all)
    );
    Ok(())
}

/// A page with the order's tag alone, without an order: the viewer is there, and agrees late.
fn told_by_the_order_s_tag(stage: &mut Stage) -> Result<()> {
    open(stage, "data-grace=\"1\"")?;
    add(stage, true)?;
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.js("await new Promise((done) => setTimeout(done, 1200));")?;
    let tag = "<script async src=\"/vitrine/vitrine-order.js\" data-collector=\"/events\" data-grace=\"1\" data-consent=\"google\"></script>";
    // Twice, as where a theme and a plugin both have it.
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Checkout</title>\
         <script src=\"/e2e/probe.js\"></script>{tag}{tag}</head><body>Pay</body></html>"
    );
    stage
        .site
        .put("/e2e/checkout.html", "text/html; charset=utf-8", page);
    stage.open("/e2e/checkout.html")?;
    browser.wait("window.dataLayer && dataLayer.push !== [].push && window.vitrineOrder")?;
    browser.js("dataLayer.push(['consent', 'update', { analytics_storage: 'granted' }]); vitrineOrder.push({ checkout_step: 'payment_shown' });")?;
    let all = events(stage, "checkout_step")?;
    let told = ["stream_intent_abandoned", "checkout_step"].map(|kind| one(&all, kind));
    let [lost, step] = told;
    caused(lost?, one(&all, "add_to_cart")?)?;
    ensure!(
        step?["data"]["step"] == "payment_shown",
        "{:?}",
        types(&all)
    );
    browser
        .wait("/\"step\":\"payment_shown\"/.test(localStorage['vitrine:journey'])")
        .map(drop)
}
