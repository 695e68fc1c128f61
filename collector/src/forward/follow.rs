//! What comes after a place in the segments.

use super::position::Position;
use crate::segment_files::{Segment, list};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// Whole lines of one segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Of the segment.
    pub segment: u64,
    /// Where in the segment it starts.
    pub start: u64,
    /// The lines, each with its line break.
    pub bytes: Vec<u8>,
    /// Whether no more than this is wanted, or will come, at once.
    pub complete: bool,
    /// The place after it.
    pub after: Position,
}

/// What is odd on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// A segment went before all of it was forwarded.
    Removed(u64),
    /// A segment's end was cut; it is forwarded from its start.
    Cut(u64),
}

impl Odd {
    /// Puts it into the log.
    pub fn tell(self, forwarder: &str) {
        match self {
            Self::Removed(segment) => tracing::error!(
                forwarder,
                segment,
                "removed before all of it was forwarded: what was left of it is lost to this forwarder"
            ),
            Self::Cut(segment) => tracing::warn!(
                forwarder,
                segment,
                "the segment was cut since: it is forwarded from its start"
            ),
        }
    }
}

/// A line without those events that were erased is empty: nobody needs it.
const NOTHING: &[u8] = b"\"events\":[]";

impl Chunk {
    /// The batches, each with its place in the segment and without its line break.
    pub fn batches(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        let mut start = self.start;
        let placed = lines.map(move |line| {
            let place = start;
            start += line.len() as u64;
            (place, line.trim_ascii_end())
        });
        placed.filter(|(_, line)| {
            let empty =
                line.len() < 4_096 && line.windows(NOTHING.len()).any(|part| part == NOTHING);
            !line.is_empty() && !empty
        })
    }
}

/// The next lines after a place, about `most` bytes of them; none where all has been read. What is
/// odd on the way is told to `warn`.
pub fn next(
    data: &Path,
    position: &Position,
    most: u64,
    warn: &mut dyn FnMut(Odd),
) -> Result<Option<Chunk>> {
    let mut position = position.clone();
    loop {
        // Listed before it is read: a segment with another after it is not written to any more.
        let segments = list(data)?;
        let Some(segment) = segments
            .iter()
            .find(|segment| segment.number >= position.segment)
        else {
            return Ok(None);
        };
        let later = segments.iter().find(|next| next.number > segment.number);
        if segment.number > position.segment {
            if position.segment > 0 {
                warn(Odd::Removed(position.segment));
            }
            position = Position {
                segment: segment.number,
                ..Position::default()
            };
        }
        let mut file = match File::open(&segment.path) {
            // Removed just now: look again.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            file => file.with_context(|| format!("{} cannot be read", segment.path.display()))?,
        };
        let words = || format!("{} cannot be read", segment.path.display());
        if !is_place(&mut file, &position).with_context(words)? {
            warn(Odd::Cut(segment.number));
            position = Position {
                segment: segment.number,
                ..Position::default()
            };
        }
        let bytes = read_lines(&mut file, position.offset, most).with_context(words)?;
        if !bytes.is_empty() {
            return Ok(Some(chunk(
                segment,
                &position,
                bytes,
                most,
                later.is_some(),
            )));
        }
        let Some(later) = later else {
            return Ok(None);
        };
        position = Position {
            segment: later.number,
            ..Position::default()
        };
    }
}

fn chunk(segment: &Segment, position: &Position, bytes: Vec<u8>, most: u64, sealed: bool) -> Chunk {
    let last = last_line(&bytes);
    let line = bytes.get(last.clone()).unwrap_or_default();
    Chunk {
        segment: segment.number,
        start: position.offset,
        complete: sealed || bytes.len() as u64 >= most / 2,
        after: Position {
            segment: segment.number,
            offset: position.offset + bytes.len() as u64,
            line_length: last.len() as u64,
            received_at: received_at(line),
        },
        bytes,
    }
}

fn last_line(bytes: &[u8]) -> Range<usize> {
    let before = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    start..bytes.len()
}

fn received_at(line: &[u8]) -> i64 {
    #[derive(Deserialize)]
    struct Received {
        received_at: i64,
    }
    serde_json::from_slice(line).map_or(0, |line: Received| line.received_at)
}

/// Whether the line before the place is still the one that it was: after a power failure the end
/// of a segment may have been cut, and others written in its place.
fn is_place(file: &mut File, position: &Position) -> std::io::Result<bool> {
    if position.offset == 0 {
        return Ok(true);
    }
    let start = position.offset.saturating_sub(position.line_length);
    file.seek(SeekFrom::Start(start))?;
    let mut line = Vec::new();
    file.take(position.line_length).read_to_end(&mut line)?;
    let whole = line.len() as u64 == position.line_length && line.ends_with(b"\n");
    Ok(whole && received_at(&line) == position.received_at)
}

/// Whole lines from a place on: as many as `most` bytes hold, but at least one.
fn read_lines(file: &mut File, offset: u64, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset))?;
    loop {
        let count = (&mut *file).take(most).read_to_end(&mut bytes)?;
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            bytes.truncate(end + 1);
            return Ok(bytes);
        }
        if count == 0 {
            return Ok(Vec::new());
        }
    }
}
