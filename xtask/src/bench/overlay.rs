//! `cargo xtask bench overlay`: Vitrine beside its nearest peer, in one browser, one after the other in turns.

use super::chrome::Chrome;
use super::frames::{Lateness, rows};
use super::hotspots::Kind;
use super::site::{COUNTS, LIBRARIES, Library, Site};
use super::table::{Metric, Results};
use crate::run::say;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::thread;
use std::time::{Duration, Instant};

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How often each page is loaded, under each condition.
    pub loads: u32,
    /// How often each page is played.
    pub plays: u32,
    /// So many seconds each time.
    pub seconds: u32,
    /// How long a page plays before its heap is looked at.
    pub heap: Duration,
}

impl Effort {
    /// What the table in `docs/benchmarks.md` is made with.
    pub const FULL: Effort = Effort {
        loads: 5,
        plays: 3,
        seconds: 7,
        heap: Duration::from_secs(600),
    };
    /// Enough to see that something has gone wrong.
    pub const QUICK: Effort = Effort {
        loads: 3,
        plays: 1,
        seconds: 7,
        heap: Duration::from_secs(20),
    };
}

/// Measures everything; `keep` gets what is there after each run, as much can happen in so long a time.
pub fn measure(
    site: &Site,
    effort: Effort,
    keep: impl Fn(&Results) -> Result<()>,
) -> Result<Results> {
    let mut results = Results::default();
    let chrome = Chrome::start()?;
    chrome.cdp("Network.enable", json!({}))?;
    results.browser = chrome.version()?;
    for run in 0..effort.loads {
        say(format!("loading, run {} of {}", run + 1, effort.loads));
        for (library, count) in turns(run) {
            for slow in [false, true] {
                load(&chrome, site, library, count, slow, &mut results)?;
            }
        }
        keep(&results)?;
    }
    condition(&chrome, false)?;
    for run in 0..effort.plays {
        say(format!("playing, run {} of {}", run + 1, effort.plays));
        for (library, count) in turns(run) {
            for kind in [Kind::AtOnce, Kind::Moving] {
                play(
                    &chrome,
                    site,
                    library,
                    count,
                    kind,
                    effort.seconds,
                    &mut results,
                )?;
            }
            for kind in [Kind::Moving, Kind::Static] {
                watch(
                    &chrome,
                    site,
                    library,
                    count,
                    kind,
                    effort.seconds,
                    &mut results,
                )?;
            }
        }
        keep(&results)?;
    }
    drop(chrome);
    say(format!(
        "playing for {} s, for the heap",
        effort.heap.as_secs()
    ));
    heaps(site, effort.heap, &mut results)?;
    Ok(results)
}

/// Each library at each count; the one that comes first takes turns.
fn turns(run: u32) -> Vec<(Library, u32)> {
    let mut libraries = LIBRARIES;
    if run % 2 == 1 {
        libraries.reverse();
    }
    COUNTS
        .iter()
        .flat_map(|count| libraries.map(|library| (library, *count)))
        .collect()
}

/// A phone of the middle class on a slow network, or this machine as it is.
fn condition(chrome: &Chrome, slow: bool) -> Result<()> {
    let rate = if slow { 4 } else { 1 };
    chrome.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate }))?;
    // 9 Mbit/s, 60 ms.
    let bytes = if slow { 1_125_000 } else { -1 };
    let network = json!({ "offline": false, "latency": if slow { 60 } else { 0 },
                          "downloadThroughput": bytes, "uploadThroughput": bytes });
    chrome.cdp("Network.emulateNetworkConditions", network)?;
    Ok(())
}

/// The milliseconds from the script tag to the first hotspot, of a page in a process of its own.
fn open(chrome: &Chrome, site: &Site, page: &str) -> Result<f64> {
    chrome.goto(&site.elsewhere())?;
    chrome.goto(page)?;
    let painted = chrome
        .get("bench.painted")
        .with_context(|| page.to_owned())?;
    painted
        .as_f64()
        .with_context(|| format!("{page} showed no hotspot"))
}

fn load(
    chrome: &Chrome,
    site: &Site,
    library: Library,
    count: u32,
    slow: bool,
    results: &mut Results,
) -> Result<()> {
    let page = site.page(library, Kind::AtOnce, count);
    chrome.goto(&site.elsewhere())?;
    chrome.cdp("Network.clearBrowserCache", json!({}))?;
    condition(chrome, slow)?;
    let cold = open(chrome, site, &page)?;
    if !slow {
        // What comes after the first hotspot has come, too.
        thread::sleep(Duration::from_secs(1));
        let files = chrome.get("bench.files()")?;
        let all: Vec<(f64, f64)> = bytes(&files);
        let sum = |until: f64| {
            all.iter()
                .filter(|file| file.0 < until)
                .map(|file| file.1)
                .sum()
        };
        let shown = chrome.get("bench.shown()")?.as_f64().unwrap_or(cold);
        results.add(Metric::BytesFirst, library, count, sum(shown));
        results.add(Metric::BytesAll, library, count, sum(f64::INFINITY));
    }
    // Once in between, as a browser keeps compiled code only of what it has seen twice.
    open(chrome, site, &page)?;
    let warm = open(chrome, site, &page)?;
    let (first, second) = match slow {
        false => (Metric::Cold, Metric::Warm),
        true => (Metric::ColdSlow, Metric::WarmSlow),
    };
    results.add(first, library, count, cold);
    results.add(second, library, count, warm);
    Ok(())
}

/// When each file was asked for, and its bytes; the probe is no part of the library.
fn bytes(files: &Value) -> Vec<(f64, f64)> {
    let file = |file: &Value| {
        let ours = file[0].as_str()?.ends_with("/probe.js");
        (!ours).then_some((file[1].as_f64()?, file[2].as_f64()?))
    };
    files
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(file)
        .collect()
}

fn play(
    chrome: &Chrome,
    site: &Site,
    library: Library,
    count: u32,
    kind: Kind,
    seconds: u32,
    results: &mut Results,
) -> Result<()> {
    let cost = cost(chrome, site, &site.page(library, kind, count), seconds)?;
    // The peer sends nothing to anybody: what we cost without doing so, beside what we cost.
    let alone = match library {
        Library::Vitrine => self::cost(chrome, site, &site.alone(kind, count), seconds)?.script,
        Library::Peer => cost.script,
    };
    let at_once = kind == Kind::AtOnce;
    let mut add = |all: Metric, some: Metric, value: f64| {
        results.add(if at_once { all } else { some }, library, count, value);
    };
    add(Metric::Script, Metric::ScriptMoving, cost.script);
    add(Metric::ScriptAlone, Metric::ScriptAloneMoving, alone);
    add(Metric::Updates, Metric::UpdatesMoving, cost.updates);
    add(Metric::Task, Metric::TaskMoving, cost.task);
    add(Metric::LongestTask, Metric::LongestTaskMoving, cost.longest);
    Ok(())
}

/// What a page costs for each frame of the video that was shown.
struct Cost {
    /// Milliseconds of script.
    script: f64,
    /// Milliseconds of everything on the main thread.
    task: f64,
    /// How often the library looked where its hotspots should be.
    updates: f64,
    /// The longest task of more than 50 ms since the script tag, in milliseconds.
    longest: f64,
}

fn cost(chrome: &Chrome, site: &Site, page: &str, seconds: u32) -> Result<Cost> {
    open(chrome, site, page)?;
    thread::sleep(Duration::from_secs(1));
    // Milliseconds of the processor, not of the clock: other programs run on this machine too.
    chrome.cdp("Performance.enable", json!({ "timeDomain": "threadTicks" }))?;
    let counters = || chrome.get("[bench.frames(), bench.updates()]");
    let (first, before) = (counters()?, metrics(chrome)?);
    thread::sleep(Duration::from_secs(seconds.into()));
    let (after, last) = (metrics(chrome)?, counters()?);
    chrome.cdp("Performance.disable", json!({}))?;
    let count = |values: &Value, index: usize| values[index].as_f64().unwrap_or(0.0);
    let frames = count(&last, 0) - count(&first, 0);
    if frames < 1.0 {
        bail!("{page} played no frame in {seconds} s");
    }
    let spent = |name: &str| (number(&after, name) - number(&before, name)) * 1000.0;
    let tasks = chrome.get("bench.longTasks")?;
    let long = tasks.as_array().into_iter().flatten();
    Ok(Cost {
        script: spent("ScriptDuration") / frames,
        task: spent("TaskDuration") / frames,
        updates: (count(&last, 1) - count(&first, 1)) / frames,
        longest: long.filter_map(|task| task[1].as_f64()).fold(0.0, f64::max),
    })
}

fn metrics(chrome: &Chrome) -> Result<Value> {
    Ok(chrome.cdp("Performance.getMetrics", json!({}))?["metrics"].take())
}

fn number(metrics: &Value, name: &str) -> f64 {
    let mut all = metrics.as_array().into_iter().flatten();
    let found = all.find(|metric| metric["name"] == name);
    found
        .and_then(|metric| metric["value"].as_f64())
        .unwrap_or(f64::NAN)
}

fn watch(
    chrome: &Chrome,
    site: &Site,
    library: Library,
    count: u32,
    kind: Kind,
    seconds: u32,
    results: &mut Results,
) -> Result<()> {
    open(chrome, site, &site.page(library, kind, count))?;
    let noted = chrome.get(&format!("bench.watch({seconds})"))?;
    let mut lateness = Lateness::default();
    lateness.add(site.set(kind, count), &rows(&noted)?);
    let (come, go) = match kind {
        Kind::Static => (Metric::ComeStatic, Metric::GoStatic),
        _ => (Metric::ComeMoving, Metric::GoMoving),
    };
    results.extend(come, library, count, lateness.come);
    results.extend(go, library, count, lateness.go);
    results.extend(Metric::Place, library, count, lateness.place);
    Ok(())
}

/// How many hotspots come and go while the heap is looked at.
const HEAP_COUNT: u32 = 100;

/// Both play at the same time, each in a browser of its own: only bytes are counted here.
fn heaps(site: &Site, length: Duration, results: &mut Results) -> Result<()> {
    let both: Vec<Result<[f64; 3]>> = thread::scope(|scope| {
        let started = LIBRARIES.map(|library| scope.spawn(move || heap(site, library, length)));
        let ended = started.into_iter().map(|one| one.join());
        ended
            .map(|one| one.unwrap_or_else(|_| bail!("the heap's run panicked")))
            .collect()
    });
    for (library, heap) in LIBRARIES.into_iter().zip(both) {
        let [early, late, elements] = heap?;
        results.add(Metric::Heap, library, HEAP_COUNT, late);
        results.add(Metric::HeapGrowth, library, HEAP_COUNT, late - early);
        results.add(Metric::Nodes, library, HEAP_COUNT, elements);
    }
    Ok(())
}

/// KiB of JavaScript and WebAssembly after a tenth of the time and at its end, and the nodes at its end.
fn heap(site: &Site, library: Library, length: Duration) -> Result<[f64; 3]> {
    let chrome = Chrome::start()?;
    chrome.cdp("Performance.enable", json!({}))?;
    open(&chrome, site, &site.page(library, Kind::Moving, HEAP_COUNT))?;
    let (started, mut early) = (Instant::now(), 0.0);
    for until in [length / 10, length] {
        while started.elapsed() < until {
            let left = until.saturating_sub(started.elapsed());
            thread::sleep(left.min(Duration::from_secs(30)));
            site.forget();
        }
        chrome.cdp("HeapProfiler.collectGarbage", json!({}))?;
        let metrics = metrics(&chrome)?;
        let wasm = chrome.get("bench.wasmBytes()")?.as_f64().unwrap_or(0.0);
        let now = (number(&metrics, "JSHeapUsedSize") + wasm) / 1024.0;
        if until == length {
            return Ok([early, now, number(&metrics, "Nodes")]);
        }
        early = now;
    }
    bail!("no time was given for the heap")
}
