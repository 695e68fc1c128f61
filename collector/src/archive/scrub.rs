//! Takes persons out of files of lines: segments and what is in quarantine.

use super::erased::Erased;
use super::files::replace;
use super::line::Line;
use super::object::Object;
use crate::time::parse;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

/// What becomes of a line: nothing, or a line in its place and how many events went.
type Change = Option<(Vec<u8>, u64)>;

/// Takes the events of erased persons out of a segment; says how many. Every line stays where it
/// is, filled up with blanks, so that a reader that remembers its place goes on there.
pub fn segment(path: &Path, erased: &Erased) -> Result<u64> {
    rewrite(path, |line| {
        let (mut without, count) = without(line, erased)?;
        let length = line.strip_suffix(b"\n").unwrap_or(line).len();
        without.resize(length.max(without.len()), b' ');
        if line.ends_with(b"\n") {
            without.push(b'\n');
        }
        Some((without, count))
    })
}

/// Takes the events of erased persons out of a file of the quarantine; says how many.
pub fn quarantine(path: &Path, erased: &Erased) -> Result<u64> {
    rewrite(path, |line| {
        let mut record = Object::read(std::str::from_utf8(line).ok()?)?;
        let received_at = record.int("received_at").unwrap_or(0);
        let mut event = record.object("event")?;
        let time = event.text("time").and_then(|time| parse(&time));
        let viewer = event.text("viewer_id");
        let goes = erased.covers(viewer.as_deref(), time.unwrap_or(received_at), received_at);
        goes.then(|| (Vec::new(), 1))
    })
}

/// Writes a file anew if a line changes; says how many events went.
fn rewrite(path: &Path, change: impl Fn(&[u8]) -> Change) -> Result<u64> {
    let words = || format!("{} cannot be read", path.display());
    let lines = |each: &mut dyn FnMut(&[u8], Change) -> Result<()>| -> Result<()> {
        let file = std::fs::File::open(path).with_context(words)?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).with_context(words)? > 0 {
            each(&line, change(&line))?;
            line.clear();
        }
        Ok(())
    };
    let mut count = 0;
    lines(&mut |_, change| {
        count += change.map_or(0, |(_, count)| count);
        Ok(())
    })?;
    if count > 0 {
        replace(path, |out| {
            lines(&mut |line, change| {
                Ok(out.write_all(&change.map_or(line.to_vec(), |(line, _)| line))?)
            })?;
            Ok(true)
        })?;
    }
    Ok(count)
}

/// A batch without the events of erased persons, and how many those are; none if it has none.
fn without(line: &[u8], erased: &Erased) -> Change {
    let batch = Line::read(line).ok()?;
    let goes = |event: &&serde_json::value::RawValue| {
        let mut event = Object::read(event.get()).unwrap_or_default();
        let time = event.text("time").and_then(|time| parse(&time));
        let time = time.map_or(batch.received_at, |time| batch.corrected(time));
        erased.covers(event.text("viewer_id").as_deref(), time, batch.received_at)
    };
    let stays: Vec<bool> = batch.events.iter().map(|event| !goes(event)).collect();
    let count = stays.iter().filter(|stays| !**stays).count();
    if count == 0 {
        return None;
    }
    let mut record: Value = serde_json::from_slice(line).ok()?;
    let fields = record.as_object_mut()?;
    if count == batch.events.len() {
        // Nobody is left whom the rest could be about.
        for name in ["ip", "user_agent", "context", "marks"] {
            fields.remove(name);
        }
        fields.insert("events".into(), json!([]));
    } else {
        if let Some(Value::Array(events)) = fields.get_mut("events") {
            let mut stays = stays.iter();
            events.retain(|_| stays.next().copied().unwrap_or(true));
        }
        if let Some(Value::Object(marks)) = fields.remove("marks") {
            let moved: serde_json::Map<_, _> = marks
                .into_iter()
                .filter_map(|(index, words)| {
                    let index: usize = index.parse().ok()?;
                    let place = stays.get(..index)?.iter().filter(|stays| **stays).count();
                    stays.get(index)?.then(|| (place.to_string(), words))
                })
                .collect();
            if !moved.is_empty() {
                fields.insert("marks".into(), moved.into());
            }
        }
    }
    Some((serde_json::to_vec(&record).ok()?, count as u64))
}
