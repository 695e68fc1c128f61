//! How visits end, and what the next one finds.

use crate::lab::{JOURNALED, Lab, opened};
use e2e::{Browser, Engine, Result, Stage, ensure, json};
use std::thread::sleep;
use std::time::Duration;
use xtask::server::Script;

crate::engines!(
    killed_at_once,
    killed_after_a_second,
    killed_after_half_a_minute,
    hidden_then_killed,
    killed_without_a_collector,
    renderer_crash,
    closed_tab,
    navigation_in_flight,
    back_and_forward,
    offline_reload_online,
    an_overlay_destroyed,
);

const ONE_AWAY: &str = "return lab.many(7);";

/// Queues events in a browser of its own, kills all of its processes, and lets the next visit of the
/// same profile find them. WebKit's driver has no profile that lasts.
fn killed(stage: &Stage, wait: Duration, script: &str, away: bool) -> Result<()> {
    let engine = stage.browser.engine();
    if engine == Engine::WebKit {
        return Ok(());
    }
    let profile = tempfile::tempdir()?;
    let mut lab = Lab::new()?;
    let first = Browser::start_with(engine, Some(profile.path()))?;
    lab.open(&first, &json!({}))?;
    if away {
        lab.site.script(Script::status(503, 1_000));
    }
    lab.act(&first, script)?;
    sleep(wait);
    first.kill();
    if away {
        let made = std::mem::take(&mut lab.made);
        lab.site.clear();
        lab.made = made;
    }
    let second = Browser::start_with(engine, Some(profile.path()))?;
    lab.open(&second, &json!({}))?;
    lab.settle()?;
    lab.emptied(&second)
}

/// Firefox takes some 20 ms to write: there, as soon as it has.
fn killed_at_once(stage: &mut Stage) -> Result<()> {
    let written = format!(
        "const ids = lab.many(7); while ((await (async () => {{ {JOURNALED} }})()) < 7); return ids;"
    );
    killed(stage, Duration::ZERO, &written, false)
}

fn killed_after_a_second(stage: &mut Stage) -> Result<()> {
    killed(stage, Duration::from_secs(1), ONE_AWAY, false)
}

/// The collector is away all the time: what one tracker's storage had not written by then was lost.
fn killed_after_half_a_minute(stage: &mut Stage) -> Result<()> {
    killed(stage, Duration::from_secs(30), ONE_AWAY, true)
}

fn hidden_then_killed(stage: &mut Stage) -> Result<()> {
    let hide = "const ids = lab.many(7); Object.defineProperty(document, 'hidden', { value: true, configurable: true }); \
                document.dispatchEvent(new Event('visibilitychange')); return ids;";
    killed(stage, Duration::from_millis(100), hide, false)
}

fn killed_without_a_collector(stage: &mut Stage) -> Result<()> {
    let script = "const ids = lab.many(50); lab.line.flush(); return ids;";
    killed(stage, Duration::from_secs(1), script, true)
}

/// The page's process dies; another page finds what it had.
fn renderer_crash(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        // Their drivers end the session with the process.
        return Ok(());
    }
    let engine = stage.browser.engine();
    let browser = Browser::start(engine)?;
    let mut lab = Lab::new()?;
    lab.open(&browser, &json!({}))?;
    lab.act(
        &browser,
        "const ids = lab.many(7); await new Promise((done) => setTimeout(done, 200)); return ids;",
    )?;
    browser.kill_renderers();
    // The deferred fetch has them, before another page finds them in the journal.
    lab.settle()?;
    browser.in_new_window(|tab| {
        lab.open(tab, &json!({}))?;
        lab.settle()?;
        lab.emptied(tab)
    })
}

/// Of a tab that is closed in the moment of a burst, Firefox loses now and then what is not written yet:
/// there, as soon as it is.
fn closed_tab(stage: &mut Stage) -> Result<()> {
    let written = match stage.browser.engine() {
        Engine::Firefox => format!("while (!(await (async () => {{ {JOURNALED} }})()));"),
        _ => String::new(),
    };
    let script = format!(
        "const ids = lab.many(300, 'hotspot_click', {{ words: 'y'.repeat(200) }}); {written} return ids;"
    );
    stage.browser.goto(&stage.site.url("/e2e/blank.html"))?;
    let mut lab = Lab::new()?;
    stage.browser.in_new_tab(|tab| {
        lab.open(tab, &json!({}))?;
        lab.act(tab, &script)
    })?;
    // More than any page may leave behind: the next one has the rest.
    sleep(Duration::from_millis(300));
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    lab.emptied(&stage.browser)
}

fn navigation_in_flight(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script {
        delay: Duration::from_millis(400),
        ..Script::status(204, 1)
    });
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); await new Promise((done) => setTimeout(done, 100)); ids.push(...lab.many(3)); return ids;",
    )?;
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    if stage.browser.engine() == Engine::Chromium {
        // Nothing has to wait for another visit.
        return lab.settle();
    }
    sleep(Duration::from_millis(700));
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()
}

/// Into the back-forward cache, or out of memory, and back: nothing is lost, and a page that comes between
/// has what was left.
fn back_and_forward(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(&stage.browser, "return lab.many(5);")?;
    stage.browser.js("location.href = '/e2e/blank.html'")?;
    stage
        .browser
        .wait("location.pathname.endsWith('blank.html')")?;
    lab.settle_within(Duration::from_secs(8)).ok();
    stage.browser.js("setTimeout(() => history.back())")?;
    stage.browser.wait("window.lab?.ready")?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    lab.emptied(&stage.browser)
}

/// The network goes, the page is loaded again from a cache (here: the network is back for a moment for
/// everything but events), and comes back.
fn offline_reload_online(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    lab.site.put(
        "/e2e/offline.mjs",
        "text/javascript",
        "let online = false; Object.defineProperty(navigator, 'onLine', { get: () => online, configurable: true }); \
         window.online_again = () => { online = true; dispatchEvent(new Event('online')); };",
    );
    let options = json!({ "before": "offline" });
    lab.open(&stage.browser, &options)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(25); lab.line.flush(); return ids;",
    )?;
    sleep(Duration::from_millis(300));
    lab.open(&stage.browser, &options)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); return ids;",
    )?;
    sleep(Duration::from_millis(300));
    if stage.browser.engine() != Engine::Chromium {
        // The deferred fetch of a page that is left goes whatever the browser believes.
        ensure!(
            lab.answers().is_empty(),
            "sent while offline: {:?}",
            lab.answers()
        );
    }
    stage.browser.js("online_again();")?;
    lab.settle()?;
    lab.emptied(&stage.browser)
}

fn an_overlay_destroyed(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(50); lab.line.close(); lab.line.close(); return ids;",
    )?;
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)?;
    let held = stage
        .browser
        .wait("(await navigator.locks.query()).held.length === 0")?;
    ensure!(held == true, "a lock is left");
    // Another overlay on the same page begins anew.
    lab.act(
        &stage.browser,
        "lab.line = await lab.open(); const ids = lab.many(3); lab.line.flush(); return ids;",
    )?;
    lab.settle()
}
