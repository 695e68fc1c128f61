//! What trackers are put through: the cases of `tests/faults/`, as far as they are about loss and repeats.

use crate::answers;
use crate::tracker::Tracker;
use crate::trial::Trial;
use anyhow::Result;
use e2e::{Engine, json};
use std::thread::sleep;
use std::time::Duration;
use xtask::server::Script;

/// One case.
pub struct Case {
    /// What happens.
    pub name: &'static str,
    /// The tracker has so long before another visit begins.
    pub limit: Duration,
    /// Why it says nothing about this tracker, or in this engine.
    pub applies: fn(Tracker, Engine) -> Result<(), &'static str>,
    /// Does it.
    pub run: fn(&mut Trial) -> Result<()>,
}

/// What is sent again, if at all, within seconds.
pub const SOON: u64 = 15;
/// Ours tries again within seconds, PostHog's third try may come after half a minute.
pub const PATIENT: u64 = 45;

/// A case for everyone.
pub const fn case(name: &'static str, seconds: u64, run: fn(&mut Trial) -> Result<()>) -> Case {
    Case {
        name,
        limit: Duration::from_secs(seconds),
        applies: |_, _| Ok(()),
        run,
    }
}

const fn chromium(name: &'static str, seconds: u64, run: fn(&mut Trial) -> Result<()>) -> Case {
    Case {
        applies: |_, engine| match engine {
            Engine::Chromium => Ok(()),
            _ => Err("Chromium's tools only"),
        },
        ..case(name, seconds, run)
    }
}

/// All of them, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = answers::answers();
    cases.extend(ends());
    cases.extend(storage());
    cases.extend(viewers());
    cases
}

/// The collector is away until the browser is killed.
fn killed_away(trial: &mut Trial, events: usize, wait: u64) -> Result<()> {
    trial.visit()?;
    trial.site.script(Script::status(503, 10_000));
    trial.make(events)?;
    sleep(Duration::from_secs(wait));
    trial.kill();
    trial.site.well();
    Ok(())
}

const HIDE: &str = "const show = (hidden) => { \
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); \
    Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true }); \
    document.dispatchEvent(new Event('visibilitychange')); };";

fn ends() -> Vec<Case> {
    vec![
        case("browser killed 0.1 s after 7 events", 2, |trial| {
            trial.visit()?;
            trial.make(7)?;
            sleep(Duration::from_millis(100));
            trial.kill();
            Ok(())
        }),
        case("browser killed after 1 s", 2, |trial| {
            trial.visit()?;
            trial.make(7)?;
            sleep(Duration::from_secs(1));
            trial.kill();
            Ok(())
        }),
        case("collector away, browser killed after 1 s", 2, |trial| {
            killed_away(trial, 50, 1)
        }),
        case("collector away, browser killed after 30 s", 2, |trial| {
            killed_away(trial, 50, 30)
        }),
        case("hidden, then the browser killed", 2, |trial| {
            trial.visit()?;
            trial.act(&format!(
                "{HIDE} const labels = bench.many(7); show(true); return labels;"
            ))?;
            sleep(Duration::from_millis(100));
            trial.kill();
            Ok(())
        }),
        chromium("the page's process killed after 0.2 s", 5, |trial| {
            trial.visit()?;
            trial.make(7)?;
            sleep(Duration::from_millis(200));
            trial.browser()?.kill_renderers();
            // The next visit is one of another window.
            sleep(Duration::from_secs(1));
            trial.kill();
            Ok(())
        }),
        case("tab closed with 300 events", 5, |trial| {
            trial.leave()?;
            let address = trial.address();
            let mut labels = json!([]);
            trial.browser()?.in_new_tab(|tab| {
                tab.goto(&address)?;
                tab.wait("window.bench?.ready")?;
                labels =
                    tab.js("return bench.many(300, 'progress', { words: 'y'.repeat(200) });")?;
                sleep(Duration::from_millis(50));
                Ok(())
            })?;
            trial.note(&labels);
            Ok(())
        }),
        case("left with a request under way", SOON, |trial| {
            trial.visit()?;
            let script = Script {
                delay: Duration::from_millis(1_500),
                ..Script::status(200, 1)
            };
            trial.site.script(script);
            trial.make(5)?;
            // By then each has begun to send: ours waits five seconds for more, PostHog three.
            sleep(Duration::from_millis(match trial.tracker {
                Tracker::Vitrine => 5_500,
                Tracker::Snowplow => 300,
                Tracker::PostHog => 3_500,
            }));
            trial.make(3)?;
            trial.leave()
        }),
        case("left, and back", SOON, |trial| {
            trial.visit()?;
            trial.make(5)?;
            trial.browser()?.js("location.href = '/e2e/blank.html'")?;
            trial
                .browser()?
                .wait("location.pathname.endsWith('blank.html')")?;
            sleep(Duration::from_secs(1));
            trial.browser()?.js("setTimeout(() => history.back())")?;
            trial.browser()?.wait("window.bench?.ready")?;
            trial.make(5)
        }),
        chromium("offline, loaded again, online", PATIENT, |trial| {
            trial.visit()?;
            // The page comes from elsewhere, as from a service worker: only the collector is out of reach.
            trial.site.script(Script::status(0, 10_000));
            trial.make(25)?;
            sleep(Duration::from_secs(6));
            trial.visit()?;
            trial.make(5)?;
            sleep(Duration::from_secs(6));
            trial.site.well();
            trial
                .browser()?
                .js("dispatchEvent(new Event('online'));")
                .map(drop)
        }),
        chromium("the network gone for 8 s", PATIENT, |trial| {
            trial.visit()?;
            trial.network(true)?;
            trial.make(25)?;
            sleep(Duration::from_secs(8));
            trial.network(false)
        }),
        chromium("the network gone, and the browser killed", 2, |trial| {
            trial.visit()?;
            trial.network(true)?;
            trial.make(25)?;
            sleep(Duration::from_secs(8));
            trial.kill();
            Ok(())
        }),
    ]
}

/// Frames are documents like tabs; all but one go.
fn tabs(trial: &mut Trial, count: usize) -> Result<()> {
    trial.leave()?;
    trial.site.script(Script::status(503, count as u64));
    let labels = trial.browser()?.js_with(
        "const [address, count] = args, labels = [], frames = []; \
         for (let i = 0; i < count; i++) { \
           const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame); frames.push(frame); \
         } \
         const until = async (test) => { while (!test()) await new Promise((done) => setTimeout(done, 20)); }; \
         for (const frame of frames) await until(() => frame.contentWindow.bench?.ready); \
         for (let i = 0; i < 40; i++) { \
           for (const frame of frames) labels.push(frame.contentWindow.bench.add('progress')); \
           if (i % 10 == 9) await new Promise((done) => setTimeout(done, 50)); \
         } \
         for (const frame of frames.splice(1)) frame.remove(); \
         return labels;",
        json!([trial.address(), count]),
    )?;
    trial.note(&labels);
    Ok(())
}

const REFUSE: &str = "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError'); }; \
    IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };";

const FULL: &str = "const full = () => { throw new DOMException('full', 'QuotaExceededError'); }; \
    Storage.prototype.setItem = full; \
    IDBObjectStore.prototype.put = function () { this.transaction.abort(); full(); };";

fn storage() -> Vec<Case> {
    vec![
        case("storage refused, 503 once", PATIENT, |trial| {
            trial.visit_after(REFUSE)?;
            trial.site.script(Script::status(503, 1));
            trial.make(5)
        }),
        case("storage full, 503 once", PATIENT, |trial| {
            trial.visit_after(FULL)?;
            trial.site.script(Script::status(503, 1));
            trial.make(5)
        }),
        case("what is stored is broken", SOON, |trial| {
            trial.visit_after(
                "localStorage.setItem('snowplowOutQueue_sp', '[{'); localStorage.setItem('ph_phc_bench_posthog', '{{'); \
                 const request = indexedDB.open('vitrine', 1); \
                 request.onupgradeneeded = () => { request.result.createObjectStore('events', { keyPath: ['tab', 'n'] }); request.result.createObjectStore('aside', { autoIncrement: true }); }; \
                 const db = await new Promise((done) => request.onsuccess = () => done(request.result)); \
                 db.transaction('events', 'readwrite').objectStore('events').put({ tab: 'x', n: 1, at: 1, json: '{', context: '{', to: [] }); db.close();",
            )?;
            trial.make(5)
        }),
        case("two documents, one goes, 503 at first", 30, |trial| {
            tabs(trial, 2)
        }),
        case("five documents, four go, 503 at first", 30, |trial| {
            tabs(trial, 5)
        }),
        case("5 MB of events while a request is under way", 45, |trial| {
            trial.visit()?;
            trial.site.script(Script {
                delay: Duration::from_secs(2),
                ..Script::status(503, 1)
            });
            trial.act("return [bench.add('purchase'), ...bench.many(1100, 'progress', { words: 'z'.repeat(4500) })];")
        }),
        case("left with 64 KiB of multibyte text", 5, |trial| {
            trial.visit()?;
            trial.act("return bench.many(60, 'progress', { words: '🛍️ß€'.repeat(300) });")?;
            trial.leave()
        }),
    ]
}

fn viewers() -> Vec<Case> {
    vec![
        case("200 events a second for 3 s", 30, |trial| {
            trial.visit()?;
            trial.act("const labels = []; for (let i = 0; i < 60; i++) { labels.push(...bench.many(10)); await new Promise((done) => setTimeout(done, 50)); } return labels;")
        }),
        case("hidden and shown again", SOON, |trial| {
            trial.visit()?;
            trial.act(&format!(
                "{HIDE} const labels = bench.many(30); show(true); await new Promise((done) => setTimeout(done, 500)); show(false); return [...labels, ...bench.many(3)];"
            ))
        }),
        case("left while the browser takes no beacon", 3, |trial| {
            trial.visit_after("navigator.sendBeacon = () => false;")?;
            trial.make(7)?;
            trial.leave()
        }),
        case("the clock a day back, then on", SOON, |trial| {
            trial.visit()?;
            trial.act(
                "const labels = bench.many(3), { now } = Date; Date.now = () => now() - 864e5; labels.push(...bench.many(3)); \
                 Date.now = now; return [...labels, ...bench.many(3)];",
            )
        }),
    ]
}
