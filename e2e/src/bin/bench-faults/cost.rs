//! What queuing an event costs the page while 1,000 wait that nobody took.

use crate::tracker::Tracker;
use crate::trial::Trial;
use anyhow::Result;
use e2e::{Engine, Value, json};
use std::fmt::Write as _;
use xtask::server::Script;

/// Each tracker has so many turns.
const TURNS: usize = 3;

/// One event a task: the call, the call with the end of its task, and all script and work of the page's main
/// thread until it is idle again, by the thread's own time.
const SCRIPT: &str = "const [count] = args, { port1, port2 } = new MessageChannel(); \
    const task = () => new Promise((done) => { port1.onmessage = done; port2.postMessage(0); }); \
    const call = [], end = [], data = { hotspot_id: 'lamp', items: [{ item_id: 'lamp', item_name: 'Brass lamp', price: 9900, quantity: 1 }], value: 9900, currency: 'EUR' }; \
    for (let i = 0; i < count; i++) { \
      await task(); \
      const start = performance.now(); \
      bench.track('hotspot_click', { made: crypto.randomUUID(), ...data }); \
      call.push(performance.now() - start); \
      for (let turn = 0; turn < 8; turn++) await null; \
      end.push(performance.now() - start); \
      await new Promise((done) => setTimeout(done, 5)); \
    } \
    return { call, end, isolated: crossOriginIsolated };";

/// The same without events.
const IDLE: &str = "const [count] = args, { port1, port2 } = new MessageChannel(); \
    const task = () => new Promise((done) => { port1.onmessage = done; port2.postMessage(0); }); \
    for (let i = 0; i < count; i++) { await task(); for (let turn = 0; turn < 8; turn++) await null; await new Promise((done) => setTimeout(done, 5)); }";

#[derive(Default)]
struct Sample {
    call: Vec<f64>,
    end: Vec<f64>,
    all: Vec<f64>,
}

fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * part) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().into_iter().flatten();
    list.filter_map(Value::as_f64).collect()
}

/// The main thread's own time so far, in milliseconds.
fn busy(trial: &Trial) -> Result<f64> {
    let metrics = trial
        .browser()?
        .devtools("Performance.getMetrics", json!({}))?;
    let all = metrics["metrics"].as_array().into_iter().flatten();
    let mut task = all.filter(|metric| metric["name"] == "TaskDuration");
    let seconds = task.next().and_then(|metric| metric["value"].as_f64());
    Ok(seconds.unwrap_or(f64::NAN) * 1e3)
}

const COUNT: usize = 500;

fn turn(tracker: Tracker, sample: &mut Sample) -> Result<()> {
    let mut trial = Trial::new(Engine::Chromium, tracker)?;
    trial.site.isolate();
    trial.site.script(Script {
        retry_after: Some("600".to_owned()),
        ..Script::status(503, 1_000_000)
    });
    // PostHog's limit of ten a second would make it a measure of dropping.
    trial.visit_with(json!({ "unlimited": true }))?;
    let browser = trial.browser()?;
    browser.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" }))?;
    browser.js("for (let i = 0; i < 100; i++) { for (let j = 0; j < 10; j++) bench.track('progress', { made: 'x' }); await new Promise((done) => setTimeout(done, 20)); } \
        await new Promise((done) => setTimeout(done, 4000));")?;
    let count = json!([COUNT]);
    let start = busy(&trial)?;
    browser.js_with(IDLE, count.clone())?;
    let idle = busy(&trial)?;
    let measured = browser.js_with(SCRIPT, count)?;
    let end = busy(&trial)?;
    sample.call.extend(numbers(&measured["call"]));
    sample.end.extend(numbers(&measured["end"]));
    sample
        .all
        .push(((end - idle) - (idle - start)) / COUNT as f64);
    Ok(())
}

/// The table of all trackers, in turns.
pub fn measure(trackers: &[Tracker]) -> Result<String> {
    let mut samples: Vec<Sample> = trackers.iter().map(|_| Sample::default()).collect();
    for _ in 0..TURNS {
        for (tracker, sample) in trackers.iter().zip(&mut samples) {
            turn(*tracker, sample)?;
        }
    }
    let mut text = "| queuing one event, 1,000 wait, ms | the call, p50 / p99 | with the end of its task, p50 / p99 | all tasks it causes, mean |\n| --- | ---: | ---: | ---: |\n".to_owned();
    for (tracker, sample) in trackers.iter().zip(&samples) {
        let [call, end] = [&sample.call, &sample.end].map(|values| {
            format!(
                "{:.3} / {:.2}",
                quantile(values, 0.5),
                quantile(values, 0.99)
            )
        });
        writeln!(
            text,
            "| {tracker:?} | {call} | {end} | {:.3} |",
            quantile(&sample.all, 0.5)
        )?;
    }
    Ok(text)
}
