//! What comes after a place in the segments.
#![cfg(feature = "forward")]

use std::path::Path;
use vitrine_collector::forward::{Chunk, Position, next};

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
fn after(data: &Path, position: &Position, most: u64) -> (Option<Chunk>, Vec<String>) {
    let mut warnings = Vec::new();
    let chunk = next(data, position, most, &mut |words| warnings.push(words)).unwrap();
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
        assert!(warnings[0].contains("was cut since"), "{warnings:?}");
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
    assert!(
        warnings[0].contains("segment 2 was removed"),
        "{warnings:?}"
    );
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
