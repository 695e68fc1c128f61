//! Journals that are refused, full, broken, of a newer version, or shared by many tabs.

use crate::lab::{Lab, opened};
use e2e::{Browser, Engine, Result, Stage, Value, ensure, json};
use std::thread::sleep;
use std::time::Duration;
use xtask::server::{Rule, Script};

crate::engines!(
    storage_refused,
    storage_full,
    a_broken_journal,
    a_newer_journal,
    two_tabs,
    five_tabs,
    at_its_cap,
    multibyte,
    another_visit_keeps_its_context,
    a_format_that_does_not_load,
    a_page_s_own_format_that_does_not_load,
);

const FIVE: &str = "const ids = lab.many(5); lab.line.flush(); return ids;";

/// Opens the page after a script of the case's own.
fn open_after(lab: &Lab, browser: &Browser, script: &str) -> Result<()> {
    lab.site.put("/e2e/first.mjs", "text/javascript", script);
    lab.open(browser, &json!({ "before": "first" }))
}

fn storage_refused(stage: &mut Stage) -> Result<()> {
    let refusals = [
        "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });",
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError'); }; \
         IDBFactory.prototype.open = function () { const request = {}; setTimeout(() => request.onerror?.()); return request; };",
    ];
    for script in refusals {
        let mut lab = Lab::new()?;
        open_after(&lab, &stage.browser, script)?;
        lab.site.script(Script::status(503, 1));
        lab.act(&stage.browser, FIVE)?;
        lab.settle()?;
        lab.act(&stage.browser, "return lab.many(3);")?;
        // What is in memory alone goes as the page is left.
        stage.browser.goto(&stage.site.url("/e2e/blank.html"))?;
        lab.settle()?;
        // Firefox is told twice that a page is left, and sends twice: the half of it gets lost.
        let most = lab.times().values().copied().max().unwrap_or_default();
        ensure!(most <= 2, "an event came {most} times");
    }
    Ok(())
}

/// A write is undone, as where the disk is full; there is room again later.
fn storage_full(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    open_after(
        &lab,
        &stage.browser,
        "const { put } = IDBObjectStore.prototype; window.full = true; \
         IDBObjectStore.prototype.put = function (...words) { \
           if (window.full) { this.transaction.abort(); throw new DOMException('full', 'QuotaExceededError'); } \
           return put.apply(this, words); };",
    )?;
    lab.site.script(Script::status(503, 2));
    lab.act(&stage.browser, FIVE)?;
    sleep(Duration::from_millis(200));
    ensure!(
        lab.journaled(&stage.browser)? == 0,
        "written in spite of all"
    );
    lab.act(&stage.browser, "window.full = false; return lab.many(2);")?;
    ensure!(
        lab.journaled(&stage.browser)? >= 2,
        "not written when there was room again"
    );
    lab.settle()?;
    lab.emptied(&stage.browser)
}

/// A script that opens the journal as `db`.
const OPEN: &str = "const request = indexedDB.open('vitrine', 1); \
    request.onupgradeneeded = () => { request.result.createObjectStore('events', { keyPath: ['tab', 'n'] }); request.result.createObjectStore('aside', { autoIncrement: true }); }; \
    const db = await new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); }); ";

/// What cannot be read is set aside and counted; all else arrives.
fn a_broken_journal(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script::status(401, 1));
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    stage.browser.js(&format!(
        "{OPEN} const store = db.transaction('events', 'readwrite').objectStore('events'); \
         store.put({{ tab: 'x', n: 1, json: '{{' }}); store.put({{ tab: 'x', n: 'y' }}); store.put({{ tab: 7, n: 1, at: 1, json: 'null', context: '{{}}', to: [] }}); \
         await new Promise((done) => store.transaction.oncomplete = done); db.close();"
    ))?;
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    let told = lab.site.wait_until(crate::lab::SOON, |events| {
        events
            .iter()
            .any(|event| event["reasons"] == json!({ "corrupt": 3 }))
    });
    ensure!(
        told,
        "three broken rows, told {:?}",
        stage.browser.get("lab.dropped")?
    );
    lab.emptied(&stage.browser)
}

/// It is left as it is, and another is used.
fn a_newer_journal(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    stage.browser.js(
        "const request = indexedDB.open('vitrine', 7); request.onupgradeneeded = () => request.result.createObjectStore('tomorrow'); \
         await new Promise((done) => request.onsuccess = done); request.result.close();",
    )?;
    lab.open(&stage.browser, &json!({}))?;
    lab.site.script(Script::status(401, 1));
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    // The next visit has what this one could not send.
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    let left = stage.browser.js(
        "const request = indexedDB.open('vitrine'); await new Promise((done) => request.onsuccess = done); \
         const { version, objectStoreNames } = request.result; request.result.close(); return [version, ...objectStoreNames];",
    )?;
    ensure!(
        left == json!([7, "tomorrow"]),
        "the newer journal is now {left}"
    );
    Ok(())
}

/// Frames are documents like tabs, with a lock and a journal of their own each.
fn tabs(stage: &mut Stage, count: usize) -> Result<()> {
    let mut lab = Lab::new()?;
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    let address = lab.address(&json!({}));
    lab.site.script(Script::status(503, count as u64));
    let ids = stage.browser.js_with(
        "const [address, count] = args, ids = []; window.frames_ = []; \
         for (let i = 0; i < count; i++) { \
           const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame); window.frames_.push(frame); \
         } \
         const until = async (test) => { while (!test()) await new Promise((done) => setTimeout(done, 20)); }; \
         for (const frame of window.frames_) await until(() => frame.contentWindow.lab?.ready); \
         for (let i = 0; i < 40; i++) { \
           for (const frame of window.frames_) ids.push(frame.contentWindow.lab.add()); \
           if (i % 10 == 9) await new Promise((done) => setTimeout(done, 50)); \
         } \
         return ids;",
        json!([address, count]),
    )?;
    lab.note(&ids);
    // Half of them go; what they leave, the next page adopts, once.
    stage
        .browser
        .js("for (const frame of window.frames_.splice(1)) frame.remove();")?;
    sleep(Duration::from_millis(200));
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    lab.emptied(&stage.browser)?;
    let most = lab.times().values().copied().max().unwrap_or_default();
    // Each that goes may have sent it, and so may whoever adopted it.
    ensure!(most <= count.max(6), "an event came {most} times");
    Ok(())
}

fn two_tabs(stage: &mut Stage) -> Result<()> {
    tabs(stage, 2)
}

fn five_tabs(stage: &mut Stage) -> Result<()> {
    tabs(stage, 5)
}

/// More than 4 MiB while the collector is away, with a request under way: what gives way is counted, and
/// is none of what matters.
fn at_its_cap(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script {
        delay: Duration::from_secs(2),
        ..Script::status(503, 1)
    });
    lab.act(
        &stage.browser,
        "const words = 'z'.repeat(20000), ids = [lab.add('purchase', { words })]; lab.line.flush(); \
         for (let i = 0; i < 230; i++) ids.push(lab.add(i % 10 ? 'progress' : 'add_to_cart', { words })); return ids;",
    )?;
    lab.settle_within(Duration::from_secs(60))?;
    let events = lab.site.events();
    let of = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
    ensure!(
        of("purchase") == 1 && of("add_to_cart") == 23,
        "{} purchases and {} carts came",
        of("purchase"),
        of("add_to_cart")
    );
    let told: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "dropped")
        .collect();
    ensure!(
        !told.is_empty()
            && told
                .iter()
                .all(|event| event["types"]["progress"] == event["count"]),
        "told {told:?}"
    );
    lab.emptied(&stage.browser)
}

/// 64 KiB are counted in bytes, not in letters; a collector that takes less than that says so.
fn multibyte(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.rule(Some(Rule {
        contains: String::new(),
        longer: 65_536,
        status: 413,
    }));
    lab.act(
        &stage.browser,
        "return lab.many(60, 'hotspot_click', { words: '🛍️ß€'.repeat(300) });",
    )?;
    stage.browser.goto(&stage.site.url("/e2e/blank.html"))?;
    sleep(Duration::from_millis(300));
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()?;
    ensure!(
        lab.site.batches().iter().all(|batch| batch.bytes <= 65_536),
        "a body is too long"
    );
    Ok(())
}

/// Events of another visit go where that one sent them, with what it said of itself.
fn another_visit_keeps_its_context(stage: &mut Stage) -> Result<()> {
    let lab = Lab::new()?;
    let other = lab.other()?;
    other.script(Script::status(401, 1));
    let to = |url: &str| json!({ "collectors": [{ "url": url }] });
    let first = to(&other.url("/events"));
    lab.open(&stage.browser, &first)?;
    stage.browser.js(FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    let page = stage.browser.get("location.href")?;
    lab.open(&stage.browser, &to("/events"))?;
    let came = other.wait_until(crate::lab::SOON, |events| events.len() == 5);
    ensure!(came, "requests: {:?}", other.requests());
    let contexts: Vec<Value> = other
        .batches()
        .iter()
        .map(|batch| batch.body["context"]["page_url"].clone())
        .collect();
    ensure!(
        contexts.iter().all(|context| *context == page),
        "contexts {contexts:?}"
    );
    ensure!(
        lab.site.events().is_empty(),
        "they went to the other collector, too"
    );
    ensure!(
        stage.browser.engine() != Engine::Chromium || contexts.len() <= 2,
        "too many bodies"
    );
    lab.kept()
}

/// What its collector would get waits for a page that can load it; others get theirs.
fn a_format_that_does_not_load(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    let other = lab.other()?;
    let late = json!({ "url": "/events", "format": "late" });
    let options = json!({ "collectors": [late, { "url": other.url("/events") }] });
    lab.open(&stage.browser, &options)?;
    lab.act(&stage.browser, FIVE)?;
    let came = other.wait_until(crate::lab::SOON, |events| events.len() == 5);
    ensure!(came, "requests: {:?}", other.requests());
    let said = stage.browser.get("lab.warned")?;
    ensure!(
        said[0]
            .as_str()
            .is_some_and(|line| line.contains("formats/late.mjs"))
            && said[1].is_null(),
        "said {said}"
    );
    ensure!(lab.answers().is_empty(), "sent: {:?}", lab.answers());
    ensure!(lab.journaled(&stage.browser)? == 5, "not kept");
    lab.site.put(
        "/vitrine/formats/late.mjs",
        "text/javascript",
        "export default () => ({ type: 'text/plain', headers: {}, limits: { events: 100, bytes: 500000, event: 400000, each: 1 }, \
           write: (event, context, json) => json, \
           body: (texts, context, sent_at) => `{\"schema\":\"vitrine/1\",\"sent_at\":${JSON.stringify(sent_at)},\"context\":${JSON.stringify(context)},\"events\":[${texts}]}` });",
    );
    // A browser remembers what it could not import for as long as the page lives.
    lab.open(&stage.browser, &options)?;
    lab.settle()?;
    lab.emptied(&stage.browser)?;
    ensure!(other.events().len() == 5, "the other collector got more");
    Ok(())
}

/// Of what is meant for this page alone nothing can wait: it is counted.
fn a_page_s_own_format_that_does_not_load(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    lab.site
        .put("/vitrine/formats/dataLayer.mjs", "text/plain", "nothing");
    lab.open(
        &stage.browser,
        &json!({ "collectors": [{ "format": "dataLayer" }, { "url": "/events" }] }),
    )?;
    lab.act(&stage.browser, FIVE)?;
    let told = lab.site.wait_until(crate::lab::SOON, |events| {
        let counts = events.iter().map(|event| &event["collectors"]["dataLayer"]);
        counts.filter_map(Value::as_u64).sum::<u64>() == 5
    });
    ensure!(told, "told {}", stage.browser.get("lab.dropped")?);
    ensure!(
        lab.times().len() > 5,
        "the other collector did not get them"
    );
    lab.emptied(&stage.browser)?;
    lab.kept()
}
