//! Leaving the page loses nothing.

use crate::pages;
use e2e::{
    Browser, Context, Engine, LIMIT, Result, Stage, Value, caused, ensure, json, one, types,
};
use std::collections::HashMap;

e2e::engines!(
    going_to_another_page,
    closing_the_tab,
    leaving_at_once,
    destroying
);

fn config() -> Value {
    pages::file(vec![pages::still(
        "lamp",
        0.0,
        6.0,
        [30.0, 40.0, 12.0, 16.0],
        json!({ "shape": "rect" }),
    )])
}

/// Plays, opens the card and adds to the cart; all of it waits in the overlay's queue. Returns the
/// view's id and the ids of all events that the page was shown.
fn act(browser: &Browser) -> Result<(String, Vec<Value>)> {
    browser.js(
        "document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault()); await probe.play();",
    )?;
    browser.wait("probe.video().currentTime > 0.4")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser
        .wait("probe.said('vitrine:event').some(({ detail }) => detail.type === 'cart_outcome')")?;
    let shown = browser
        .get("probe.said('vitrine:event').map(({ detail }) => [detail.view_id, detail.id])")?;
    let rows = shown.as_array().context("no events")?;
    let view = rows
        .first()
        .and_then(|row| row[0].as_str())
        .context("no view")?;
    Ok((
        view.to_owned(),
        rows.iter().map(|row| row[1].clone()).collect(),
    ))
}

/// The collector has all of the view, up to its end, and each event in one batch only.
fn check(stage: &Stage, view: &str, shown: &[Value]) -> Result<()> {
    let events = stage.view(view, "view_end")?;
    let missing = shown
        .iter()
        .filter(|id| !events.iter().any(|event| event["id"] == **id))
        .count();
    ensure!(
        missing == 0,
        "{missing} of {} events are missing: {:?}",
        shown.len(),
        types(&events)
    );
    let end = one(&events, "view_end")?;
    ensure!(
        events.last() == Some(end),
        "view_end is not the last: {:?}",
        types(&events)
    );
    let watched = end["watched"][0][1]
        .as_f64()
        .context("view_end tells no watched range")?;
    ensure!(watched > 0.35, "watched until {watched} s");
    caused(one(&events, "add_to_cart")?, one(&events, "hotspot_click")?)?;
    caused(one(&events, "cart_outcome")?, one(&events, "add_to_cart")?)?;
    Ok(())
}

/// No event is in two batches.
fn check_once(stage: &Stage) -> Result<()> {
    let mut sent: HashMap<String, usize> = HashMap::new();
    for batch in stage.site.batches() {
        for event in batch.body["events"].as_array().into_iter().flatten() {
            *sent.entry(event["id"].to_string()).or_default() += 1;
        }
    }
    ensure!(
        sent.values().all(|count| *count == 1),
        "events were sent more than once: {sent:?}"
    );
    Ok(())
}

fn going_to_another_page(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &config())?;
    let (view, shown) = act(&stage.browser)?;
    stage.open("/e2e/blank.html")?;
    check(stage, &view, &shown)
}

/// Four times: Firefox closes many a tab without a word to its page, which then gets no `pagehide`, and
/// of what a `pagehide` sends it may lose some, on pages without an overlay too. What happened before comes
/// with the next visit then, from the journal; only the view's own end, which nobody saw, is not in it.
/// Elsewhere nothing waits for another visit.
fn closing_the_tab(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    pages::serve_config(stage, &config());
    let path = pages::serve(stage, "made", pages::PLAYER, &pages::Tag::default());
    let mut late = Vec::new();
    for _ in 0..4 {
        let mut seen = None;
        stage.browser.in_new_tab(|tab| {
            tab.goto(&stage.site.url(&path))?;
            tab.wait("probe.said('vitrine:ready').length")?;
            seen = Some(act(tab)?);
            Ok(())
        })?;
        let (view, shown) = seen.context("the tab did nothing")?;
        if let Err(error) = check(stage, &view, &shown) {
            ensure!(stage.browser.engine() == Engine::Firefox, "{error}");
            late.push((view, shown));
        }
    }
    if !late.is_empty() {
        stage.open_ready(&path)?;
    }
    for (view, shown) in late {
        let arrived = |events: &[Value]| {
            let mut ids = shown.iter();
            ids.all(|id| events.iter().any(|event| event["id"] == *id))
        };
        let came = stage.site.wait_until(LIMIT, arrived);
        ensure!(came, "the next visit did not bring all of view {view}");
    }
    Ok(())
}

/// The page goes in the same turn in which the last event happens.
fn leaving_at_once(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &config())?;
    let (view, mut shown) = act(&stage.browser)?;
    let last = stage.browser.js(
        "let id; document.addEventListener('vitrine:event', (event) => { id ??= event.detail.id; }); \
         vitrine.track('page_says', { words: 'naïve — 🛍️' }); location.href = '/e2e/blank.html?gone'; return id;",
    )?;
    shown.push(last);
    check(stage, &view, &shown)?;
    stage.browser.wait("location.search === '?gone'")?;
    let events = stage.view(&view, "view_end")?;
    ensure!(
        one(&events, "page_says")?["data"]["words"] == "naïve — 🛍️",
        "the page's data changed"
    );
    Ok(())
}

fn destroying(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &config())?;
    let (view, shown) = act(&stage.browser)?;
    stage
        .browser
        .js("const [overlay] = vitrine.overlays; overlay.destroy(); overlay.destroy();")?;
    ensure!(
        stage.browser.get("!!probe.root()")? == false,
        "the overlay is still there"
    );
    check(stage, &view, &shown)?;
    check_once(stage)
}
