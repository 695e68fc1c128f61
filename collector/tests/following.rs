//! What comes after a place in the segments.
#![cfg(feature = "forward")]

mod support;

use std::path::Path;
use vitrine_collector::forward::{Chunk, Odd, Position, next};

fn write(data: &Path, number: u64, text: &str) {
    std::fs::create_dir_all(data.join("segments")).unwrap();
    std::fs::write(data.join(format!("segments/{number:020}.ndjson")), text).unwrap();
}

fn line(received_at: u64, filling: usize) -> String {
    format!(
        "{{\"received_at\":{received_at},\"x\":\"{}\"}}\n",
        "x".repeat(filling)
    )
}

/// The next chunk, and what was warned of.
fn after(data: &Path, position: &Position, most: u64) -> (Option<Chunk>, Vec<Odd>) {
    let mut warnings = Vec::new();
    let chunk = next(data, position, most, &mut |odd| warnings.push(odd)).unwrap();
    (chunk, warnings)
}

#[test]
fn every_line_comes_once_whole_and_in_order_however_small_the_chunks() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let texts: Vec<String> = (0..3)
        .map(|segment| {
            (0..20)
                .map(|index| line(segment * 20 + index, index as usize * 5))
                .collect()
        })
        .collect();
    for (number, text) in (1..).zip(&texts) {
        write(data, number, text);
    }
    for most in [1, 64, 100, 1 << 20] {
        let (mut position, mut all) = (Position::default(), String::new());
        while let (Some(chunk), warnings) = after(data, &position, most) {
            assert!(warnings.is_empty() && chunk.bytes.ends_with(b"\n"));
            all.push_str(std::str::from_utf8(&chunk.bytes).unwrap());
            position = chunk.after;
        }
        assert_eq!(all, texts.concat());
    }
}

#[test]
fn a_line_that_is_being_written_waits_for_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    write(data, 1, &(line(1, 0) + "{\"received_at\":2"));
    let (chunk, _) = after(data, &Position::default(), 1 << 20);
    let chunk = chunk.unwrap();
    assert_eq!(chunk.bytes, line(1, 0).as_bytes());
    assert!(after(data, &chunk.after, 1 << 20).0.is_none());
    write(data, 1, &(line(1, 0) + &line(2, 0)));
    assert_eq!(
        after(data, &chunk.after, 1 << 20).0.unwrap().bytes,
        line(2, 0).as_bytes()
    );
}

#[test]
fn where_the_end_was_cut_and_written_again_the_segment_comes_again() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    write(data, 1, &(line(1, 0) + &line(2, 9)));
    let place = after(data, &Position::default(), 1 << 20).0.unwrap().after;
    for text in [
        line(1, 0),
        line(1, 0) + &line(3, 9) + &line(4, 0),
        line(1, 0) + &line(5, 30),
    ] {
        write(data, 1, &text);
        let (chunk, warnings) = after(data, &place, 1 << 20);
        assert_eq!(chunk.unwrap().bytes, text.as_bytes());
        assert_eq!(warnings, [Odd::Cut(1)]);
    }
}

#[test]
fn a_segment_that_is_gone_is_told_and_the_next_comes() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    write(data, 4, &line(4, 0));
    let place = Position {
        segment: 2,
        offset: 10,
        line_length: 10,
        received_at: 1,
    };
    let (chunk, warnings) = after(data, &place, 1 << 20);
    assert_eq!(chunk.unwrap().segment, 4);
    assert_eq!(warnings, [Odd::Removed(2)]);
}

#[test]
fn what_was_erased_is_no_batch() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let erased = "{\"events\":[],\"received_at\":2,\"v\":1}          \n";
    write(data, 1, &(line(1, 0) + erased + &line(3, 0)));
    let chunk = after(data, &Position::default(), 1 << 20).0.unwrap();
    let places: Vec<_> = chunk.batches().map(|(place, _)| place).collect();
    let first = line(1, 0).len() as u64;
    assert_eq!(places, [0, first + erased.len() as u64]);
}

#[test]
fn the_collector_says_how_far_forwarders_are_behind() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let collector = support::Collector::start(data, &[]);
    let send = |seq| {
        let body = support::batch(&[support::event("0190f3a1-0000-7abc-8def-00000000000a", seq)]);
        assert_eq!(
            collector.client().post(body.to_string()).unwrap().status,
            204
        );
    };
    let metrics = || String::from_utf8(collector.get("/metrics").body).unwrap();
    send(0);
    assert!(!metrics().contains("vitrine_forward"), "nobody forwards");
    let segment = data.join("segments/00000000000000000001.ndjson");
    let first = std::fs::metadata(&segment).unwrap().len();
    std::fs::create_dir(data.join("forward")).unwrap();
    let place = |offset: u64| {
        let text =
            format!(r#"{{"segment":1,"offset":{offset},"line_length":{offset},"received_at":1}}"#);
        std::fs::write(data.join("forward/lake.position"), text).unwrap();
    };
    place(first);
    let said = |words: &str| {
        let text = metrics();
        assert!(text.contains(words), "no {words} in {text}");
    };
    said("vitrine_forward_lag_bytes{forwarder=\"lake\"} 0\n");
    said("vitrine_forward_lag_seconds{forwarder=\"lake\"} 0\n");
    send(1);
    let second = std::fs::metadata(&segment).unwrap().len() - first;
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    said(&format!(
        "vitrine_forward_lag_bytes{{forwarder=\"lake\"}} {second}\n"
    ));
    // Since the batch that waits came, not since the one before it.
    said("vitrine_forward_lag_seconds{forwarder=\"lake\"} 1.");
    place(first + second);
    said("vitrine_forward_lag_bytes{forwarder=\"lake\"} 0\n");
}
