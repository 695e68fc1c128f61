//! Sealed segments become Parquet, by day, each event once.
//!
//! A day has files that are full and at most one that is not. New rows are merged into that one, and it is replaced by
//! a rename. So at no moment do two files have the same event, and a reader needs no list of
//! files. What is in the archive already is left out by its id: a run that was killed is simply
//! done again. The manifest, written last, only spares the work.

use super::columns::{Rows, Table};
use super::erased::Erased;
use super::files;
use super::line::Line;
use super::manifest::Manifest;
use super::parquet_files as parquet;
use super::rows::Gathered;
use super::scrub;
use crate::segment_files::{Segment, sealed};
use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// How much is done at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of segments that are held in memory as rows.
    pub segment_bytes: u64,
    /// Rows of a file that is full.
    pub file_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            segment_bytes: 128 << 20,
            file_rows: 1_000_000,
        }
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compacted {
    /// Segments that are in the archive now.
    pub segments: u64,
    /// Events that were added.
    pub events: u64,
    /// Rows of items that were added.
    pub items: u64,
    /// Events that came again, or were in the archive already.
    pub repeated: u64,
    /// Events of persons who were erased.
    pub erased: u64,
    /// Lines that are no batch, and events without an id: left in their segment.
    pub unusable: u64,
}

/// Brings all sealed segments into the archive. A collector may write meanwhile.
pub fn compact(data: &Path, limits: Limits) -> Result<Compacted> {
    let _lock = files::lock(data)?;
    let mut manifest = Manifest::read(data)?;
    files::clean(data)?;
    let erased = Erased::read(data)?;
    super::erase::finish(data, &erased)?;
    let mut done = Compacted::default();
    let pending = sealed(data)?.into_iter();
    let pending = pending
        .filter(|segment| !manifest.has(segment.number))
        .collect();
    for group in groups(pending, limits.segment_bytes) {
        bring(data, &group, &erased, limits, &mut done)?;
        group
            .iter()
            .for_each(|segment| manifest.add(segment.number));
        manifest.write(data)?;
    }
    Ok(done)
}

/// Segments that are held in memory together.
fn groups(pending: Vec<Segment>, most: u64) -> Vec<Vec<Segment>> {
    let mut groups: Vec<Vec<Segment>> = Vec::new();
    let mut bytes = 0_u64;
    for segment in pending {
        let size = std::fs::metadata(&segment.path).map_or(0, |about| about.len());
        bytes = bytes.saturating_add(size);
        match groups.last_mut().filter(|_| bytes <= most) {
            Some(group) => group.push(segment),
            None => {
                bytes = size;
                groups.push(vec![segment]);
            }
        }
    }
    groups
}

/// Brings some segments into the archive, as far as they are not there already.
fn bring(
    data: &Path,
    group: &[Segment],
    erased: &Erased,
    limits: Limits,
    done: &mut Compacted,
) -> Result<()> {
    let mut gathered = Gathered::default();
    for segment in group {
        let of_erased = read(segment, erased, &mut gathered, done)?;
        if of_erased > 0 {
            scrub::segment(&segment.path, erased)?;
        }
    }
    done.segments += group.len() as u64;
    done.erased += gathered.erased;
    done.unusable += gathered.unusable;
    done.repeated += gathered.repeated;
    for (day, rows) in std::mem::take(&mut gathered.days) {
        let events = rows.events.count() as u64;
        let added = write(data, Table::Events, day, rows.events, limits)?;
        done.events += added;
        done.repeated += events - added;
        done.items += write(data, Table::Items, day, rows.items, limits)?;
    }
    Ok(())
}

/// Reads a segment. Says how many events in it are of erased persons.
fn read(
    segment: &Segment,
    erased: &Erased,
    gathered: &mut Gathered,
    done: &mut Compacted,
) -> Result<u64> {
    let words = || format!("{} cannot be read", segment.path.display());
    let file = std::fs::File::open(&segment.path).with_context(words)?;
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let (mut line, mut number, mut of_erased) = (Vec::new(), 0_u64, 0);
    while reader.read_until(b'\n', &mut line).with_context(words)? > 0 {
        number += 1;
        match Line::read(&line) {
            Ok(batch) => of_erased += gathered.add(&batch, erased)?,
            Err(_) if line.trim_ascii().is_empty() => {}
            Err(error) => {
                done.unusable += 1;
                tracing::warn!(
                    segment = segment.number,
                    line = number,
                    %error,
                    "left out: this line is no batch"
                );
            }
        }
        line.clear();
    }
    Ok(of_erased)
}

/// The rows of a day in their order, without those that the archive has.
pub(super) fn order_of_new(
    data: &Path,
    table: Table,
    day: i64,
    rows: &RecordBatch,
) -> Result<Vec<usize>> {
    let mut known = parquet::Ids::new();
    let ids = parquet::ids(rows);
    // The same event may have come with another correction of its time, hours apart.
    for near in day.saturating_sub(1)..=day.saturating_add(1) {
        for file in files::parquet_files(&files::day_directory(data, table, near))? {
            parquet::known_ids(&file, &ids, &mut known)?;
        }
    }
    parquet::order(rows, &known)
}

/// Adds the rows of a day to its files; says how many were not there yet.
fn write(data: &Path, table: Table, day: i64, rows: Rows, limits: Limits) -> Result<u64> {
    let new = rows.finish()?;
    let order = order_of_new(data, table, day, &new)?;
    if order.is_empty() {
        return Ok(0);
    }
    let directory = files::day_directory(data, table, day);
    files::make_directory(&directory)?;
    let present = files::parquet_files(&directory)?;
    let mut old = None;
    for file in &present {
        if parquet::row_count(file)? < limits.file_rows {
            old = Some(file.clone());
        }
    }
    let target = old
        .clone()
        .unwrap_or_else(|| directory.join(next_name(&present)));
    files::replace(&target, |out| {
        parquet::merge(table, old.as_deref(), &new, &order, out)?;
        Ok(true)
    })?;
    Ok(order.len() as u64)
}

/// After the highest number in use, `part-00001.parquet` and so on.
fn next_name(present: &[std::path::PathBuf]) -> String {
    let number = |path: &std::path::PathBuf| -> Option<u64> {
        path.file_stem()?
            .to_str()?
            .strip_prefix("part-")?
            .parse()
            .ok()
    };
    let last = present.iter().filter_map(number).max().unwrap_or(0);
    format!("part-{:05}.parquet", last + 1)
}
