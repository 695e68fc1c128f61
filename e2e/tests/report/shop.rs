//! The demo shop, its collector, and the dashboard over what that writes: a click in the video moves a figure.

use crate::desk::{Dashboard, figure, rows};
use crate::page::{open, tile};
use e2e::{Browser, Engine, Result, Value, ensure, json, site};
use std::time::Duration;
use xtask::Repo;
use xtask::collector::{self, Collector};
use xtask::server::{Options, Server};

/// The collector answers once it has written; the page asks each five seconds.
const SOON: Duration = Duration::from_secs(60);

/// As `cargo xtask demo` and `cargo xtask report` have it, with pages in one browser.
pub fn a_click_moves_a_figure(engine: Engine) -> Result<()> {
    let (repo, folder) = (Repo::here(), tempfile::tempdir()?);
    let data = folder.path().join("events");
    collector::build(&repo)?;
    let collector = Collector::start(&repo, &data, &[])?;
    let shop = Server::start(Options {
        collector: Some(collector.address),
        ..site()?
    })?;
    let browser = Browser::start(engine)?;
    visit(&browser, &shop, 0)?;
    let dashboard = Dashboard::start(&data, "spring-look", &[])?;
    open(&browser, &dashboard.address)?;
    browser.js("document.querySelector('#live').click();")?;
    let before = tile(&browser, "ctr")?;
    ensure!(before.contains("0 of 1"), "before the click: {before}");
    visit(&browser, &shop, 1)?;
    browser.wait_for(
        "document.querySelector('#tile-overview-ctr').textContent.includes('1 of 2')",
        SOON,
    )?;
    let (events, total) = (figure(&data, &["hctr"])?, "clicked_views");
    let clicked: i64 = rows(&events)
        .iter()
        .filter_map(|row| row[total].as_i64())
        .sum();
    ensure!(clicked == 1, "{clicked} clicks of one");
    let (name, wanted) = (json!(rows(&events)[0]["video"]), json!("spring-look"));
    ensure!(name == wanted, "the click is of {name}");
    browser.wait("document.querySelector('#hctr > div').textContent.includes('1 of ')")?;
    Ok(())
}

/// A view in a tab of its own, with so many clicks on hotspots; its events are on disk when this returns.
fn visit(browser: &Browser, shop: &Server, clicks: usize) -> Result<()> {
    let count =
        |events: &[Value], of: &str| events.iter().filter(|event| event["type"] == of).count();
    let before = shop.events();
    let (ends, hits) = (count(&before, "view_end"), count(&before, "hotspot_click"));
    let mut came = false;
    browser.in_new_tab(|browser| {
        browser.goto(&shop.url("/"))?;
        let spot = "[...document.querySelector('vitrine-overlay')?.shadowRoot.querySelectorAll('[data-hotspot]') ?? []].find((spot) => spot.checkVisibility())";
        browser.js("const video = document.querySelector('video'); video.muted = true; await video.play();")?;
        browser.wait(&format!("{spot} && document.querySelector('video').currentTime > 1.5"))?;
        browser.js("document.querySelector('video').pause();")?;
        for _ in 0..clicks {
            browser.click_on(&format!("({spot})"))?;
            browser.wait("document.querySelector('vitrine-overlay').shadowRoot.querySelector('[part~=card]')")?;
        }
        // Who leaves ends the view. A tab that is closed at once may take its last words along, until the site's next page.
        browser.goto("about:blank")?;
        came = shop.wait_until(SOON, |events| {
            count(events, "view_end") > ends && count(events, "hotspot_click") >= hits + clicks
        });
        Ok(())
    })?;
    let types: Vec<_> = shop.events()[before.len()..]
        .iter()
        .map(|event| event["type"].clone())
        .collect();
    ensure!(came, "of the view came {types:?}");
    Ok(())
}
