//! What was accepted and is not in the archive yet: for readers that do not want to wait for a compaction.

use super::columns::Table;
use super::compact::order_of_new;
use super::erased::Erased;
use super::files;
use super::line::Line;
use super::manifest::Manifest;
use super::rows::Gathered;
use super::time::{day_named, start_of};
use crate::segment_files::{Segment, list};
use anyhow::{Context, Result};
use arrow_array::{RecordBatch, UInt64Array};
use arrow_select::take::take_record_batch;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The rows of segments that are not in the archive.
#[derive(Default)]
pub struct Live {
    /// Of their events; none of them is in the archive.
    pub events: Vec<RecordBatch>,
    /// Of their products.
    pub items: Vec<RecordBatch>,
    /// Bytes of segments that were read.
    pub bytes: u64,
    /// Events that came again.
    pub repeated: u64,
    /// Events of persons who were erased.
    pub erased: u64,
    /// Lines that are no batch, and events without an id.
    pub unusable: u64,
}

/// An erasure that may not have gone through the archive yet.
pub struct Unfinished {
    /// Whose events go.
    pub viewer_id: String,
    /// Epoch milliseconds: what happened or came until then goes.
    pub at: i64,
}

/// Bytes of segments that are not in the archive.
pub fn pending_bytes(data: &Path) -> Result<u64> {
    let sizes = pending(data)?.into_iter().map(|segment| {
        let about = std::fs::metadata(segment.path);
        about.map_or(0, |about| about.len())
    });
    Ok(sizes.sum())
}

fn pending(data: &Path) -> Result<Vec<Segment>> {
    let manifest = Manifest::read(data)?;
    let mut segments = list(data)?;
    segments.retain(|segment| !manifest.has(segment.number));
    Ok(segments)
}

/// Reads them, also the one that is written to. `read` is told each line's bytes.
pub fn live(data: &Path, read: &mut dyn FnMut(u64)) -> Result<Live> {
    let erased = Erased::read(data)?;
    let (mut gathered, mut live) = (Gathered::default(), Live::default());
    for segment in pending(data)? {
        gather(&segment, &erased, &mut gathered, &mut live, read)?;
    }
    live.repeated = gathered.repeated;
    live.erased = gathered.erased;
    live.unusable += gathered.unusable;
    for (day, rows) in std::mem::take(&mut gathered.days) {
        let events = rows.events.finish()?;
        let items = rows.items.finish()?;
        let before = events.num_rows();
        let events = new_rows(data, Table::Events, day, events)?;
        live.repeated += (before - events.num_rows()) as u64;
        live.events.push(events);
        live.items.push(new_rows(data, Table::Items, day, items)?);
    }
    Ok(live)
}

fn gather(
    segment: &Segment,
    erased: &Erased,
    gathered: &mut Gathered,
    live: &mut Live,
    read: &mut dyn FnMut(u64),
) -> Result<()> {
    let words = || format!("{} cannot be read", segment.path.display());
    let file = match std::fs::File::open(&segment.path) {
        // Removed since it was listed: then it is in the archive.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        file => file.with_context(words)?,
    };
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).with_context(words)? > 0 {
        live.bytes += line.len() as u64;
        read(line.len() as u64);
        match Line::read(&line) {
            // A line without its end is being written just now.
            _ if !line.ends_with(b"\n") => {}
            Ok(batch) => {
                gathered.add(&batch, erased)?;
            }
            Err(_) => live.unusable += u64::from(!line.trim_ascii().is_empty()),
        }
        line.clear();
    }
    Ok(())
}

/// Those of a day's rows that are not in the archive: a compaction that was killed may have brought them in.
fn new_rows(data: &Path, table: Table, day: i64, rows: RecordBatch) -> Result<RecordBatch> {
    let order = order_of_new(data, table, day, &rows)?;
    let order: UInt64Array = order.into_iter().map(|row| row as u64).collect();
    take_record_batch(&rows, &order).context("rows cannot be sorted")
}

/// The erasures that were begun and not finished: their persons may still be in the archive.
pub fn unfinished(data: &Path) -> Result<Vec<Unfinished>> {
    let unfinished = Erased::read(data)?.unfinished().into_iter();
    let unfinished = unfinished.map(|erasure| Unfinished {
        viewer_id: erasure.viewer_id,
        at: erasure.at,
    });
    Ok(unfinished.collect())
}

/// The Parquet files of a table with days that have a part in a period of epoch milliseconds, `from` to before `to`.
pub fn archive_files(data: &Path, table: Table, from: i64, to: i64) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for (day, directory) in files::days(data, table)? {
        if start_of(day) < to && start_of(day.saturating_add(1)) > from {
            found.extend(files::parquet_files(&directory)?);
        }
    }
    Ok(found)
}

/// The start of a day that is named as `2026-05-04`, in epoch milliseconds.
pub fn start_of_day(name: &str) -> Option<i64> {
    day_named(name).map(start_of)
}
