//! What queuing an event costs the page.

use crate::lab::Lab;
use e2e::{Engine, Result, Stage, ensure, json};
use xtask::server::Script;

crate::engines!(queuing_an_event);

/// With 1,000 events that nobody took: one event a task, and what it leaves to the end of the task (the
/// journal's write) in it. Chromium's clock is fine enough to tell.
fn queuing_an_event(stage: &mut Stage) -> Result<()> {
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    let lab = Lab::new()?;
    lab.site.isolate();
    lab.site.script(Script {
        retry_after: Some("600".to_owned()),
        ..Script::status(503, 1_000)
    });
    lab.open(&stage.browser, &json!({}))?;
    let measured = stage.browser.js(
        "lab.many(1000); lab.line.flush(); await new Promise((done) => setTimeout(done, 1500)); \
         const { port1, port2 } = new MessageChannel(), task = () => new Promise((done) => { port1.onmessage = done; port2.postMessage(0); }); \
         const adds = [], all = []; \
         const event = { type: 'hotspot_click', viewer_id: lab.line.ids.viewer, session_id: lab.line.ids.session, view_id: lab.view.id, video_id: 'clip', media_time: 1.25, \
           items: [{ item_id: 'lamp', item_name: 'Brass lamp', price: 9900, quantity: 1 }], value: 9900, currency: 'EUR' }; \
         for (let i = 0; i < 1000; i++) { \
           await task(); \
           const id = crypto.randomUUID(), start = performance.now(); \
           lab.line.add({ ...event, id, seq: lab.view.seq++, time: new Date().toISOString(), elapsed_ms: Math.floor(start) }); \
           adds.push(performance.now() - start); \
           for (let turn = 0; turn < 8; turn++) await null; \
           all.push(performance.now() - start); \
         } \
         const at = (list, part) => Math.round(list.sort((a, b) => a - b)[Math.floor(list.length * part)] * 1e3); \
         return { isolated: crossOriginIsolated, add: [at(adds, 0.5), at(adds, 0.99)], all: [at(all, 0.5), at(all, 0.99)] };",
    )?;
    eprintln!("queuing an event, microseconds at the median and at 99 %: {measured}");
    let of = |name: &str, place: usize| measured[name][place].as_f64().unwrap_or(f64::INFINITY);
    ensure!(measured["isolated"] == true, "the clock is too coarse");
    ensure!(of("add", 0) < 100.0 && of("add", 1) < 1_000.0, "{measured}");
    // The slowest of these say more about what else the machine does.
    ensure!(of("all", 0) < 100.0, "{measured}");
    Ok(())
}
