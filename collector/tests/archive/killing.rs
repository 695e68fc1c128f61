//! Killed at any moment: nothing is lost, nothing is there twice.

use crate::directory::{Directory, batch, event};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

const SEGMENTS: u64 = 12;
const EVENTS: usize = 3_000;

/// A segment with events of its own, and some of the segment before again.
fn fill(directory: &Directory, number: u64) {
    let event = |segment: u64, index: usize| -> Value {
        let mut event = event(
            &format!("{segment:02}-{index:04}"),
            &format!("viewer-{}", index % 50),
            (index as i64 % 3 - 1) * 86_400_000,
        );
        event["items"] = json!([{ "item_id": "bag" }]);
        event
    };
    let own = (0..EVENTS).map(|index| event(number, index));
    let again = (0..EVENTS / 10)
        .filter(|_| number > 1)
        .map(|index| event(number - 1, index));
    let events: Vec<_> = own.chain(again).collect();
    let batches: Vec<_> = events
        .chunks(20)
        .map(|events| batch(number as i64, events))
        .collect();
    directory.write(number, &batches);
}

/// Runs a command and kills it after a while; whether it was still running.
fn kill(directory: &Directory, arguments: &[&str], after: Duration) -> bool {
    let mut child = directory
        .command(arguments)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// Moments that differ from run to run, up to `most` milliseconds.
fn moment(most: u64) -> Duration {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Duration::from_micros(u64::from(now.subsec_nanos()) / 7 % (most * 1_000))
}

fn assert_each_once(directory: &Directory) -> HashSet<String> {
    let events = directory.texts("archive", "event_id");
    let set: HashSet<_> = events.iter().cloned().collect();
    assert_eq!(set.len(), events.len(), "an event is there twice");
    let items = directory.texts("archive/items", "event_id");
    assert_eq!(
        items.iter().collect::<HashSet<_>>().len(),
        items.len(),
        "an item is there twice"
    );
    set
}

#[test]
fn compacting_is_killed_again_and_again() {
    let directory = Directory::new();
    for number in 1..=SEGMENTS {
        fill(&directory, number);
    }
    let mut killed = 0;
    for _ in 0..25 {
        killed += u32::from(kill(
            &directory,
            &["compact", "--batch", "0", "--file-rows", "2500"],
            moment(400),
        ));
        let there = assert_each_once(&directory);
        let manifest = std::fs::read(directory.path().join("archive/manifest.json"));
        let manifest: Value = manifest.map_or(json!({ "compacted": [] }), |text| {
            serde_json::from_slice(&text).unwrap()
        });
        for range in manifest["compacted"].as_array().unwrap() {
            for number in range[0].as_u64().unwrap()..=range[1].as_u64().unwrap() {
                for index in 0..EVENTS {
                    assert!(
                        there.contains(&format!("{number:02}-{index:04}")),
                        "{number} is listed, {index} is lost"
                    );
                }
            }
        }
    }
    assert!(killed > 5, "only {killed} of the runs were killed at work");
    directory.said(&["compact", "--batch", "0", "--file-rows", "2500"]);
    assert_eq!(
        assert_each_once(&directory).len(),
        SEGMENTS as usize * EVENTS
    );
    assert_eq!(
        directory.rows("archive/items").len(),
        SEGMENTS as usize * EVENTS
    );
    for table in ["archive", "archive/items"] {
        let files = directory.files(table);
        assert!(
            files.iter().all(|file| file.ends_with(".parquet")),
            "{files:?}"
        );
    }
}

#[test]
fn erasing_is_killed_and_the_next_compaction_ends_it() {
    let directory = Directory::new();
    for number in 1..=SEGMENTS {
        fill(&directory, number);
    }
    directory.said(&["compact"]);
    let mut killed = 0;
    for viewer in 0..15 {
        killed += u32::from(kill(
            &directory,
            &["erase", "--viewer", &format!("viewer-{viewer}")],
            moment(300),
        ));
        assert_each_once(&directory);
    }
    assert!(killed > 3, "only {killed} of the runs were killed at work");
    let remembered =
        std::fs::read_to_string(directory.path().join("erased.ndjson")).unwrap_or_default();
    directory.said(&["compact"]);
    let there = assert_each_once(&directory);
    for viewer in 0..50 {
        let gone = remembered.contains(&format!("\"viewer-{viewer}\""));
        let events = there
            .iter()
            .filter(|id| id[3..].parse::<usize>().unwrap() % 50 == viewer)
            .count();
        assert_eq!(
            events,
            if gone {
                0
            } else {
                SEGMENTS as usize * EVENTS / 50
            },
            "viewer {viewer}"
        );
        let name = format!("\"viewer-{viewer}\"");
        let in_segments = (1..=SEGMENTS).any(|number| {
            std::fs::read_to_string(directory.segment(number))
                .unwrap()
                .contains(&name)
        });
        assert_eq!(in_segments, !gone, "viewer {viewer}");
    }
}
