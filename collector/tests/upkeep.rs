//! A collector that compacts by itself, and removes what is too old: nothing is lost, nothing is there twice, whoever is killed.
#![allow(clippy::unwrap_used)]

#[path = "archive/directory.rs"]
#[allow(dead_code)]
mod directory;
mod support;

use directory::{Directory, TIME};
use serde_json::json;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use support::{Client, Collector, batch, event};
use vitrine_collector::archive::time::{day_name, day_of, now};

const VIEW: &str = "0190f3a1-0000-7abc-8def-000000000009";
const EAGER: [&str; 4] = ["--compact-every", "1", "--segment-bytes", "200000"];

/// Waits until it holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Batches of 20 until it is told to end or nobody listens; the ids of those that were answered.
fn load(
    address: SocketAddr,
    known: &Arc<Mutex<HashSet<String>>>,
    ends: &Arc<AtomicBool>,
) -> JoinHandle<()> {
    let (known, ends) = (Arc::clone(known), Arc::clone(ends));
    thread::spawn(move || {
        let mut client = Client::new(address);
        while !ends.load(Relaxed) {
            let events: Vec<_> = (0..20).map(|seq| event(VIEW, seq)).collect();
            let answer = client.post(batch(&events).to_string());
            if answer.is_none_or(|answer| answer.status != 204) {
                return;
            }
            let ids = events.iter().map(|event| event["id"].as_str().unwrap());
            known.lock().unwrap().extend(ids.map(str::to_owned));
            thread::sleep(Duration::from_millis(1));
        }
    })
}

/// The process that it has started for a compaction, if there is one.
fn child(collector: &Collector) -> Option<String> {
    let pid = collector.pid();
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
    let of_threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let all = of_threads
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    all.chain([children])
        .find_map(|list| list.split_whitespace().next().map(str::to_owned))
}

fn archived(directory: &Directory) -> Vec<String> {
    directory.texts("archive", "event_id")
}

/// Everything that was answered is in the archive, once.
fn assert_all_once(directory: &Directory, known: &HashSet<String>) {
    let there = archived(directory);
    let set: BTreeSet<&String> = there.iter().collect();
    assert_eq!(set.len(), there.len(), "an event is in the archive twice");
    let lost = known.iter().filter(|id| !set.contains(id)).count();
    assert_eq!(lost, 0, "of {}", known.len());
}

/// All that is there is sealed by a collector that is started once more, and then compacted.
fn compact_all(directory: &Directory) {
    let path = directory.path();
    let collector = Collector::start(path, &["--compact-every", "0", "--segment-bytes", "1"]);
    let segments = || fs::read_dir(path.join("segments")).unwrap().count();
    let before = segments();
    assert_eq!(
        collector
            .client()
            .post(batch(&[event(VIEW, 0)]).to_string())
            .unwrap()
            .status,
        204
    );
    // It answers first, and seals then.
    until("its segment is sealed", || segments() > before);
    drop(collector);
    // The run of a collector that was killed may take a moment to see it.
    until("the archive is free", || {
        directory.run(&["compact"]).status.success()
    });
}

#[test]
fn it_compacts_while_it_serves_and_says_so() {
    let directory = Directory::new();
    let collector = Collector::start(directory.path(), &EAGER);
    let (known, ends) = (Arc::default(), Arc::new(AtomicBool::new(false)));
    let loads = load(collector.address, &known, &ends);
    until("two compactions with events", || {
        collector.log().matches("\"compacted\"").count() > 1
            && collector.metric("vitrine_compacted_events_total") > 1_000
    });
    ends.store(true, Relaxed);
    loads.join().unwrap();
    assert!(collector.metric("vitrine_compactions_total") > 1);
    assert_eq!(collector.metric("vitrine_compactions_failed_total"), 0);
    assert!(collector.metric("vitrine_compaction_last_success_seconds") > 1_700_000_000);
    assert!(
        archived(&directory).len() as i64 >= collector.metric("vitrine_compacted_events_total")
    );
    drop(collector);
    compact_all(&directory);
    assert_all_once(&directory, &known.lock().unwrap());
}

#[test]
fn none_where_none_is_asked_for() {
    let directory = Directory::new();
    let collector = Collector::start(
        directory.path(),
        &["--compact-every", "0", "--segment-bytes", "1"],
    );
    for seq in 0..3 {
        assert_eq!(
            collector
                .client()
                .post(batch(&[event(VIEW, seq)]).to_string())
                .unwrap()
                .status,
            204
        );
    }
    thread::sleep(Duration::from_millis(1_500));
    assert!(!directory.path().join("archive").exists());
    assert_eq!(collector.metric("vitrine_compactions_total"), 0);
}

/// Moments that differ from run to run.
fn moment(most: u64) -> Duration {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Duration::from_micros(u64::from(since.unwrap().subsec_nanos()) / 7 % (most * 1_000))
}

/// Now the compaction alone, now the collector, whose compaction then ends by itself.
#[test]
fn killed_at_any_moment() {
    let directory = Directory::new();
    let known = Arc::default();
    let (mut compactions, mut collectors) = (0, 0);
    for round in 0..6 {
        let collector = Collector::start(directory.path(), &EAGER);
        let ends = Arc::new(AtomicBool::new(false));
        let loads = load(collector.address, &known, &ends);
        let mut running = None;
        until("a compaction", || {
            running = child(&collector);
            running.is_some()
        });
        let compaction = running.unwrap();
        thread::sleep(moment(60));
        if round % 2 == 0 {
            let killed = Command::new("kill")
                .args(["-KILL", &compaction])
                .stderr(Stdio::null())
                .status();
            if killed.unwrap().success()
                && child(&collector).is_some_and(|other| other == compaction)
            {
                compactions += 1;
                until("words of it, and another", || {
                    let log = collector.log();
                    log.contains("not compacted")
                        && log.rfind("\"compacted\"") > log.rfind("not compacted")
                });
                assert!(collector.metric("vitrine_compactions_failed_total") > 0);
            }
            ends.store(true, Relaxed);
        } else {
            collectors += u32::from(Path::new(&format!("/proc/{compaction}")).exists());
        }
        collector.kill();
        loads.join().unwrap();
        until("its compaction ends with it", || {
            let state = fs::read_to_string(format!("/proc/{compaction}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        });
        let there = archived(&directory);
        assert_eq!(
            there.iter().collect::<HashSet<_>>().len(),
            there.len(),
            "twice"
        );
    }
    println!("killed at work: {compactions} compactions, {collectors} collectors");
    compact_all(&directory);
    assert_all_once(&directory, &known.lock().unwrap());
}

/// Again and again, while events of that person and of others come, and the collector compacts: in the end nothing of
/// the person is anywhere, and everything of the others is there once.
#[test]
fn a_person_is_erased_while_it_serves() {
    let directory = Directory::new();
    let collector = Collector::start(directory.path(), &EAGER);
    let (known, ends) = (Arc::default(), Arc::new(AtomicBool::new(false)));
    let loads = load(collector.address, &known, &ends);
    let (mut client, mut erased) = (collector.client(), 0);
    let limit = Instant::now() + Duration::from_secs(60);
    let mut ann = Vec::new();
    let mut compactions = 0;
    while erased < 4 || compactions < 2 {
        compactions = collector.metric("vitrine_compactions_total");
        assert!(Instant::now() < limit, "erased {erased} times");
        let mut event = event(VIEW, 0);
        event["viewer_id"] = json!("ann");
        ann.push(event["id"].as_str().unwrap().to_owned());
        let mixed = [event, self::event(VIEW, 1)];
        known
            .lock()
            .unwrap()
            .insert(mixed[1]["id"].as_str().unwrap().to_owned());
        assert_eq!(client.post(batch(&mixed).to_string()).unwrap().status, 204);
        // One after the other would leave a compaction no turn.
        if ann.len() % 20 == 0 && erased < 2 * (compactions + 1) {
            let output = directory.run(&["erase", "--viewer", "ann"]);
            let words = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{words}");
            erased += 1;
        }
    }
    ends.store(true, Relaxed);
    loads.join().unwrap();
    drop(collector);
    compact_all(&directory);
    assert_all_once(&directory, &known.lock().unwrap());
    let there: HashSet<_> = archived(&directory).into_iter().collect();
    assert!(ann.iter().all(|id| !there.contains(id)), "in the archive");
    let segments = support::lines(directory.path());
    let text = segments.iter().map(ToString::to_string).collect::<String>();
    assert!(ann.iter().all(|id| !text.contains(id)), "in a segment");
}

/// A compaction of much, so that it is under way: a stop does not wait for it, and leaves none behind.
#[test]
fn a_stop_gives_it_up() {
    let directory = Directory::new();
    for number in 1..=6 {
        let events: Vec<_> = (0..20_000)
            .map(|index| directory::event(&format!("{number}-{index}"), "ann", index))
            .collect();
        let batches: Vec<_> = events
            .chunks(100)
            .map(|events| directory::batch(0, events))
            .collect();
        directory.write(number, &batches);
    }
    let mut collector = Collector::start(directory.path(), &["--compact-every", "1"]);
    let mut running = None;
    until("a compaction", || {
        running = child(&collector);
        running.is_some()
    });
    thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    collector.terminate();
    assert!(collector.ended(Duration::from_secs(3)).unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(
        collector.log().contains("is given up for the stop"),
        "{}",
        collector.log()
    );
    assert!(!Path::new(&format!("/proc/{}", running.unwrap())).exists());
    directory.said(&["compact"]);
    assert_eq!(archived(&directory).len(), 120_000);
}

/// A batch of one event that came so many days ago, after the start of the day.
fn day_event(days: i64, id: &str) -> serde_json::Value {
    let ago = (day_of(now()) - days) * 86_400_000 + 1_000 - TIME;
    directory::batch(ago, &[directory::event(id, "ann", ago)])
}

/// Forty days with three files each, a segment and a day in quarantine for each.
fn many_days(directory: &Directory) {
    for days in (1..=40_u64).rev() {
        let number = 41 - days;
        directory.write(number, &[day_event(days as i64, &format!("{days}"))]);
        let name = day_name(day_of(now()) - days as i64);
        fs::write(
            directory.path().join(format!("quarantine/{name}.ndjson")),
            "{}\n",
        )
        .unwrap();
    }
    directory.said(&["compact"]);
}

/// What is left: events, segments without the open one, days in quarantine.
fn left(directory: &Directory) -> (Vec<String>, usize, usize) {
    let count = |folder: &str| fs::read_dir(directory.path().join(folder)).unwrap().count();
    (
        archived(directory),
        count("segments") - 1,
        count("quarantine"),
    )
}

#[test]
fn retaining_is_killed_again_and_again() {
    let directory = Directory::new();
    many_days(&directory);
    let mut killed = 0;
    for round in 0..20 {
        let mut retain = directory.command(&["retain", "--days", "10"]);
        let mut child = retain.stdout(Stdio::null()).spawn().unwrap();
        // From its very start to about its end.
        thread::sleep(Duration::from_micros(round * 1_500));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let (events, segments, quarantine) = left(&directory);
        for day in 1..=10 {
            assert!(events.contains(&day.to_string()), "day {day} is gone");
        }
        assert!(segments >= 10 && quarantine >= 10);
    }
    assert!(killed > 3, "only {killed} were killed at work");
    directory.said(&["retain", "--days", "10"]);
    let (events, segments, quarantine) = left(&directory);
    assert_eq!((events.len(), segments, quarantine), (10, 10, 10));
}

#[test]
fn it_removes_what_is_too_old_by_itself() {
    let directory = Directory::new();
    many_days(&directory);
    let flags = ["--compact-every", "1", "--retain-days", "10"];
    let collector = Collector::start(directory.path(), &flags);
    until("words of it", || {
        collector.log().contains("what was too old is removed")
    });
    let (events, segments, quarantine) = left(&directory);
    assert_eq!((events.len(), segments, quarantine), (10, 10, 10));
    let refused = support::command(directory.path(), &["--retain-days", "6"])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("retain_days is 6"), "{words}");
    assert_eq!(collector.metric("vitrine_retain_failed_total"), 0);
    assert_eq!(collector.metric("vitrine_compactions_failed_total"), 0);
}
