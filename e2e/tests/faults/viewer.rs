//! What viewers agree to, what their clocks say, and how much they do.

use crate::lab::{Lab, opened};
use e2e::{Result, Stage, Value, ensure, json};
use std::thread::sleep;
use std::time::Duration;

crate::engines!(
    consent_late,
    consent_denied,
    consent_revoked,
    anonymous,
    global_privacy_control,
    consent_managers,
    clock_jumps,
    ten_times_as_much,
    a_hidden_page,
);

const STORED: &str = "Object.keys(localStorage).filter((key) => key.startsWith('vitrine')).length \
    + Object.keys(sessionStorage).filter((key) => key.startsWith('vitrine')).length";

/// Until the viewer agrees nothing is sent and nothing stored; then all of it goes, by the remembered ids.
fn consent_late(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    let viewer = stage.browser.get("lab.line.ids.viewer")?;
    // Chromium freezes a page that is left while it makes its database, and with it everyone who opens that.
    lab.emptied(&stage.browser)?;
    lab.open(&stage.browser, &json!({ "consent": "required" }))?;
    let stored = stage.browser.get(STORED)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(25); lab.line.flush(); return ids;",
    )?;
    sleep(Duration::from_millis(500));
    ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
    ensure!(
        lab.journaled(&stage.browser)? == 0,
        "written before consent"
    );
    ensure!(stored == 2, "what was agreed to before is forgotten");
    stage.browser.js("lab.line.consent('granted');")?;
    lab.settle()?;
    let events = lab.site.events();
    ensure!(
        events.iter().all(|event| event["viewer_id"] == viewer),
        "not by the id {viewer}"
    );
    let said = lab.site.batches();
    ensure!(
        said.iter()
            .all(|batch| batch.body["context"]["consent"] == "granted"),
        "another consent"
    );
    lab.emptied(&stage.browser)
}

/// What an earlier visit left, with consent, goes too.
fn consent_denied(stage: &mut Stage) -> Result<()> {
    let lab = opened(stage, &json!({}))?;
    lab.site.script(xtask::server::Script::status(401, 1));
    stage.browser.js("lab.many(5); lab.line.flush();")?;
    stage.browser.wait("lab.warned.length")?;
    lab.open(&stage.browser, &json!({ "consent": "denied" }))?;
    lab.site.clear();
    let gone = "(await indexedDB.databases()).every(({ name }) => name != 'vitrine')";
    stage.browser.wait(gone)?;
    stage.browser.js("lab.many(25); lab.line.flush();")?;
    ensure!(stage.browser.get(STORED)? == 0, "ids are stored");
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    sleep(Duration::from_millis(300));
    ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
    ensure!(stage.browser.get(gone)? == true, "a database is made");
    Ok(())
}

/// Everything is forgotten, and who agrees again later is another.
fn consent_revoked(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    stage
        .browser
        .js("window.before = lab.line.ids.viewer; lab.many(5);")?;
    sleep(Duration::from_millis(200));
    ensure!(lab.journaled(&stage.browser)? == 5, "not written");
    stage
        .browser
        .js("lab.line.consent('denied'); lab.many(5);")?;
    sleep(Duration::from_millis(200));
    ensure!(
        lab.journaled(&stage.browser)? == 0,
        "the journal is still there"
    );
    ensure!(stage.browser.get(STORED)? == 0, "the ids are still there");
    stage.browser.js("lab.line.consent('granted');")?;
    ensure!(stage.browser.get("lab.renewed")? == 1, "no new view");
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    let before = stage.browser.get("window.before")?;
    let events = lab.site.events();
    ensure!(
        events.len() == 5 && events.iter().all(|event| event["viewer_id"] != before),
        "events of before: {events:?}"
    );
    Ok(())
}

/// A page may ask for events without identifiers of those who deny.
fn anonymous(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({ "consent": "denied", "anonymous": true }))?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    ensure!(stage.browser.get(STORED)? == 0, "ids are stored");
    ensure!(lab.journaled(&stage.browser)? == 0, "written");
    let said = lab.site.batches();
    ensure!(
        said.iter()
            .all(|batch| batch.body["context"]["consent"] == "denied"),
        "another consent"
    );
    Ok(())
}

fn global_privacy_control(stage: &mut Stage) -> Result<()> {
    let signal = "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true, configurable: true });";
    for (consent, sends) in [(Value::Null, false), (json!("granted"), true)] {
        let mut lab = Lab::new()?;
        lab.site.put("/e2e/gpc.mjs", "text/javascript", signal);
        let mut options = json!({ "before": "gpc" });
        if sends {
            options["consent"] = consent;
        }
        lab.open(&stage.browser, &options)?;
        lab.act(
            &stage.browser,
            "const ids = lab.many(5); lab.line.flush(); return ids;",
        )?;
        if sends {
            lab.settle()?;
        } else {
            sleep(Duration::from_millis(300));
            ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
        }
    }
    Ok(())
}

/// The interfaces of consent managers, as a page has them: first undecided, then yes.
fn consent_managers(stage: &mut Stage) -> Result<()> {
    let managers = [
        (
            "tcf",
            "let tell; window.__tcfapi = (command, version, call) => { \
               if (command == 'addEventListener') { tell = (data) => call({ listenerId: 3, gdprApplies: true, ...data }, true); tell({ eventStatus: 'cmpuishown' }); } \
               else if (command == 'removeEventListener') window.removed = true; }; \
             window.agree = () => tell({ eventStatus: 'useractioncomplete', purpose: { consents: { 1: true, 8: true } } }); \
             window.refuse = () => tell({ eventStatus: 'useractioncomplete', purpose: { consents: { 1: true } } });",
        ),
        (
            "google",
            "window.dataLayer = []; window.gtag = function () { dataLayer.push(arguments); }; \
             gtag('consent', 'default', { analytics_storage: 'denied' }); \
             window.agree = () => gtag('consent', 'update', { analytics_storage: 'granted' }); \
             window.refuse = () => gtag('consent', 'update', { analytics_storage: 'denied' });",
        ),
        (
            "shopify",
            "let state = ''; window.Shopify = { loadFeatures(list, done) { \
               Shopify.customerPrivacy = { analyticsProcessingAllowed: () => state == 'yes', shouldShowBanner: () => state == '', currentVisitorConsent: () => ({ analytics: state }) }; done(); } }; \
             const say = (word) => { state = word; document.dispatchEvent(new CustomEvent('visitorConsentCollected')); }; \
             window.agree = () => say('yes'); window.refuse = () => say('no');",
        ),
    ];
    for (name, script) in managers {
        let mut lab = Lab::new()?;
        lab.site.put("/e2e/manager.mjs", "text/javascript", script);
        lab.open(
            &stage.browser,
            &json!({ "before": "manager", "consent": name }),
        )?;
        lab.act(
            &stage.browser,
            "const ids = lab.many(5); lab.line.flush(); return ids;",
        )?;
        sleep(Duration::from_millis(300));
        ensure!(
            lab.answers().is_empty(),
            "{name}: sent before the viewer agreed"
        );
        stage.browser.js("agree();")?;
        lab.settle()?;
        stage
            .browser
            .js("refuse(); lab.many(5); lab.line.flush();")?;
        sleep(Duration::from_millis(300));
        ensure!(
            lab.site.events().len() == 5,
            "{name}: sent after the viewer refused"
        );
        ensure!(
            stage.browser.get("lab.warned.length")? == 0,
            "{name}: {}",
            stage.browser.get("lab.warned")?
        );
    }
    Ok(())
}

/// A day back and a day on, while the page is open: no event is dated out of order, and `sent_at` goes by
/// the same clock.
fn clock_jumps(stage: &mut Stage) -> Result<()> {
    for day in [-86_400_000i64, 86_400_000] {
        let mut lab = opened(stage, &json!({}))?;
        lab.act(
            &stage.browser,
            &format!(
                "const ids = lab.many(3), {{ now }} = Date; Date.now = () => now() + {day}; \
                 await new Promise((done) => setTimeout(done, 50)); ids.push(...lab.many(3)); lab.line.flush(); return ids;"
            ),
        )?;
        lab.settle()?;
        let mut events = lab.site.events();
        events.sort_by_key(|event| event["seq"].as_u64());
        let times: Vec<&str> = events
            .iter()
            .filter_map(|event| event["time"].as_str())
            .collect();
        ensure!(times.is_sorted(), "dated {times:?}");
        let days: std::collections::BTreeSet<&str> =
            times.iter().filter_map(|time| time.get(..13)).collect();
        ensure!(days.len() <= 2, "dated {times:?}");
        let sent = lab
            .site
            .batches()
            .last()
            .map(|batch| batch.body["sent_at"].clone())
            .unwrap_or_default();
        let last = times.last().copied().unwrap_or_default();
        ensure!(
            sent.as_str()
                .is_some_and(|sent| sent >= last && sent.get(..13) == last.get(..13)),
            "sent at {sent}, after {last}"
        );
    }
    Ok(())
}

/// A burst: two hundred events a second for three seconds.
fn ten_times_as_much(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(
        &stage.browser,
        "const ids = []; for (let i = 0; i < 60; i++) { ids.push(...lab.many(10)); await new Promise((done) => setTimeout(done, 50)); } return ids;",
    )?;
    lab.settle()?;
    lab.check_once()?;
    ensure!(lab.answers().len() < 60, "{} requests", lab.answers().len());
    lab.emptied(&stage.browser)
}

/// Hidden and shown again: what went as it was hidden is answered, and does not go again.
fn a_hidden_page(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(
        &stage.browser,
        "const show = (hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }; \
         const ids = lab.many(30); show(true); await new Promise((done) => setTimeout(done, 500)); show(false); ids.push(...lab.many(3)); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    lab.emptied(&stage.browser)?;
    lab.check_once()
}
