//! What the browser itself does: what it refuses, what it slows down, what it believes of the network.

use crate::lab::{Lab, opened};
use e2e::{Browser, Context, Engine, Result, Stage, Value, ensure, json};
use std::env;
use std::thread::sleep;
use std::time::Duration;
use xtask::server::Script;

crate::engines!(
    beacon_refused,
    quota_taken_by_others,
    no_network,
    no_room_on_the_disk,
    in_a_background_tab,
    a_long_burst,
);

/// A browser without keepalive and deferred fetches, whose beacons are refused: nothing can go as the page
/// is left.
fn beacon_refused(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    lab.site.put(
        "/e2e/refuse.mjs",
        "text/javascript",
        "delete Request.prototype.keepalive; delete window.fetchLater; window.asked = 0; \
         navigator.sendBeacon = () => (localStorage.asked = 1, false);",
    );
    lab.open(&stage.browser, &json!({ "before": "refuse" }))?;
    lab.act(&stage.browser, "return lab.many(7);")?;
    // Chromium freezes a page that is left while it makes its database.
    sleep(Duration::from_millis(500));
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    sleep(Duration::from_millis(300));
    ensure!(
        stage.browser.get("localStorage.asked")? == "1",
        "no beacon was tried"
    );
    ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)
}

/// Others' beacons hold what Chromium grants a page, so that it refuses ours.
fn quota_taken_by_others(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        // They have no quota that all share.
        return Ok(());
    }
    let mut lab = Lab::new()?;
    let slow = lab.other()?;
    slow.script(Script {
        delay: Duration::from_secs(4),
        ..Script::status(503, 100)
    });
    lab.site.put(
        "/e2e/early.mjs",
        "text/javascript",
        "delete window.fetchLater;",
    );
    lab.open(&stage.browser, &json!({ "before": "early" }))?;
    let taken = stage.browser.js_with(
        "const [url] = args; let taken = 0; for (const size of [30000, 10000, 1000, 100, 10]) \
           while (taken < 100 && navigator.sendBeacon(url, 'x'.repeat(size))) taken++; return taken;",
        json!([slow.url("/events")]),
    )?;
    ensure!(
        taken.as_u64().is_some_and(|taken| taken < 100),
        "there is no quota: {taken}"
    );
    lab.act(&stage.browser, "return lab.many(7);")?;
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    sleep(Duration::from_millis(300));
    ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)
}

fn network(browser: &Browser, gone: bool) -> Result<Value> {
    let conditions =
        json!({ "offline": gone, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.enable", json!({}))?;
    browser.devtools("Network.emulateNetworkConditions", conditions)
}

/// Chromium's own network goes and comes back; nothing is asked meanwhile.
fn no_network(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    let mut lab = opened(stage, &json!({}))?;
    lab.act(&stage.browser, "return lab.many(3);")?;
    network(&stage.browser, true)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(25); lab.line.flush(); return ids;",
    )?;
    sleep(Duration::from_secs(2));
    let (offline, answers) = (stage.browser.get("!navigator.onLine")?, lab.answers());
    network(&stage.browser, false)?;
    ensure!(offline == true, "the browser does not know");
    ensure!(answers.is_empty(), "sent: {answers:?}");
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)
}

/// Chromium grants the site no room, then some.
fn no_room_on_the_disk(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    let mut lab = Lab::new()?;
    let origin = lab.site.url("");
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    // Before the first write: for half a minute Chromium goes by what it found then.
    let full = json!({ "origin": origin, "quotaSize": 1 });
    stage
        .browser
        .devtools("Storage.overrideQuotaForOrigin", full)?;
    lab.open(&stage.browser, &json!({}))?;
    lab.site.script(Script::status(503, 3));
    lab.act(
        &stage.browser,
        "return lab.many(20, 'hotspot_click', { words: 'x'.repeat(10000) });",
    )?;
    sleep(Duration::from_secs(1));
    let written = lab.journaled(&stage.browser)?;
    stage.browser.devtools(
        "Storage.overrideQuotaForOrigin",
        json!({ "origin": origin }),
    )?;
    ensure!(written == 0, "{written} rows were written in spite of all");
    lab.act(&stage.browser, "return lab.many(1);")?;
    e2e::until(e2e::LIMIT, || {
        Ok((lab.journaled(&stage.browser)? > 1).then_some(()))
    })?
    .context("not written when there was room again")?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(1); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    lab.emptied(&stage.browser)
}

/// Another tab is in front, and the page's timers come once a second: headless browsers do not slow them
/// down, so a script of the page does.
fn in_a_background_tab(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    lab.site.put(
        "/e2e/slow.mjs",
        "text/javascript",
        "const { setTimeout } = window; window.slowed = 0; \
         window.setTimeout = (call, wait = 0, ...more) => setTimeout(call, document.hidden ? (slowed++, Math.ceil(Math.max(wait, 1) / 1e3) * 1e3) : wait, ...more);",
    );
    lab.open(&stage.browser, &json!({ "before": "slow" }))?;
    stage.browser.js(
        "window.behind = 0; const tick = () => { behind += document.hidden; lab.add(); if (!window.over) window.setTimeout(tick, 50); }; tick();",
    )?;
    let mut came = 0;
    stage.browser.in_new_tab(|tab| {
        tab.goto(&lab.site.url("/e2e/blank.html"))?;
        sleep(Duration::from_secs(9));
        came = lab.site.events().len();
        Ok(())
    })?;
    let seen = stage.browser.get("[behind, slowed]")?;
    lab.act(
        &stage.browser,
        "window.over = true; lab.line.flush(); return lab.made;",
    )?;
    if stage.browser.engine() == Engine::Chromium {
        ensure!(
            seen[0]
                .as_u64()
                .is_some_and(|events| (4..=12).contains(&events)),
            "{seen} events and timers in nine seconds behind another tab"
        );
        ensure!(came > 0, "nothing came while the page was behind");
    }
    lab.settle()?;
    lab.emptied(&stage.browser)
}

/// Two hundred events a second for 20 s; for as many as `VITRINE_BURST` says.
fn a_long_burst(stage: &mut Stage) -> Result<()> {
    let seconds = env::var("VITRINE_BURST").ok();
    let seconds: u64 = seconds.and_then(|text| text.parse().ok()).unwrap_or(20);
    let mut lab = opened(stage, &json!({}))?;
    let events = seconds * 200;
    // By the clock: timers come late on a busy machine.
    stage.browser.js_with(
        "const [all, pace] = args, start = performance.now(); window.over = false; \
         (async () => { \
           for (let made = 0; made < all;) { \
             await new Promise((done) => setTimeout(done, 50)); \
             const due = Math.min(all, Math.floor((performance.now() - start) / 1e3 * pace)); \
             if (due > made) lab.many(due - made); \
             made = Math.max(made, due); \
           } \
           window.over = true; \
         })();",
        json!([events, 200]),
    )?;
    let limit = Duration::from_secs(seconds + 30);
    stage.browser.wait_for("window.over", limit)?;
    lab.act(&stage.browser, "lab.line.flush(); return lab.made;")?;
    lab.settle_within(Duration::from_secs(60))?;
    lab.check_once()?;
    let most = events as usize / 10;
    ensure!(
        lab.answers().len() < most,
        "{} requests",
        lab.answers().len()
    );
    lab.emptied(&stage.browser)
}
