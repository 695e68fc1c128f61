//! What a link carries, so that another origin knows of the click.

use crate::orders::{events, file, open, order_page, video_page};
use crate::pages;
use e2e::{Context, Result, Stage, ensure, json, one};

e2e::engines!(a_link_carries_the_click, a_hotspot_s_own_link_does_too,);

/// The landing page knows of the click though nothing is stored there.
fn a_link_carries_the_click(stage: &mut Stage) -> Result<()> {
    open(stage, "")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1.5);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('view-product')")?;
    browser.wait("localStorage['vitrine:journey']")?;
    // The tab that it opens is another test's.
    browser.js("probe.root().addEventListener('click', (event) => { const link = event.target.closest('a'); \
        if (link) { event.preventDefault(); window.followed = link.href; } });")?;
    browser.click_on("probe.part('view-product')")?;
    let link = browser.wait("window.followed")?;
    let click = browser.get("probe.said('vitrine:hotspot-click')[0].detail.id")?;
    let link = link.as_str().context("no link")?;
    ensure!(
        link.contains("utm_source=vitrine")
            && link.contains("utm_content=lamp")
            && link.contains("vitrine="),
        "{link}"
    );
    let query = link.split_once('?').context("no query")?.1.to_owned();
    stage.open("/e2e/blank.html")?;
    stage
        .browser
        .js("localStorage.clear(); sessionStorage.clear();")?;
    let page = order_page(stage, &json!({}), "").replace("thanks.html", "thanks.html?") + &query;
    stage.open(&page)?;
    stage.browser.wait("localStorage['vitrine:journey']")?;
    stage
        .browser
        .js("vitrineOrder.push({ order_id: 'G-1', items: [{ item_id: 'lamp' }] });")?;
    let all = events(stage, "purchase")?;
    let way = &one(&all, "purchase")?["items"][0]["attribution"];
    ensure!(
        way["type"] == "influenced" && way["last"]["hotspot_id"] == "lamp",
        "{way}"
    );
    ensure!(way["last"]["event_id"] == click, "{way}");
    Ok(())
}

/// A hotspot that is a link opens at once: its address is ready by then, and keeps what it had.
fn a_hotspot_s_own_link_does_too(stage: &mut Stage) -> Result<()> {
    let mut config = file();
    config["campaign"] = json!({ "source": "newsletter", "name": "spring" });
    config["hotspots"][0]["action"] =
        json!({ "type": "link", "url": "/e2e/blank.html?utm_medium=mine#part" });
    pages::serve_config(stage, &config);
    stage.open_ready(&video_page(stage, ""))?;
    let browser = &stage.browser;
    browser
        .js("window.open = (address) => { window.opened = address; }; await probe.seek(1.5);")?;
    browser.click_on("probe.spot('lamp')")?;
    let link = browser.wait("window.opened")?;
    let link = link.as_str().context("no link")?;
    let parts = [
        "utm_medium=mine&",
        "utm_source=newsletter",
        "utm_campaign=spring",
        "utm_content=lamp",
        "vitrine=",
        "#part",
    ];
    ensure!(parts.iter().all(|part| link.contains(part)), "{link}");
    Ok(())
}
