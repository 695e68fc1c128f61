//! A person's events go: from segments, quarantine and Parquet.

use super::columns::Table;
use super::erased::{Erased, Erasure, remember};
use super::manifest::Manifest;
use super::time::{day_name, day_named, day_of, now};
use super::{files, parquet_files as parquet, scrub};
use crate::segment_files;
use anyhow::{Context, Result};
use std::fs::File;
use std::path::Path;

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Events of segments.
    pub segment_events: u64,
    /// Events of Parquet files.
    pub archive_events: u64,
    /// Rows of items.
    pub items: u64,
    /// Events that were in quarantine.
    pub quarantined: u64,
    /// Whether a collector writes just now: what it writes to is cleaned when it is compacted.
    pub open_later: bool,
}

/// Erases a person: what happened or came until now. Whoever has that id afterwards is new. Waits for a compaction that is under way.
pub fn erase(data: &Path, viewer: &str) -> Result<Gone> {
    let _lock = files::lock_in_turn(data)?;
    // One of another version is told before anything changes.
    Manifest::read(data)?;
    files::clean(data)?;
    let mut erasure = Erasure {
        viewer_id: viewer.to_owned(),
        at: now(),
        done: false,
    };
    // First of all: whatever happens now, the next run goes on with it.
    remember(data, &erasure)?;
    let gone = carry_out(data, &Erased::of([erasure.clone()]))?;
    erasure.done = true;
    remember(data, &erasure)?;
    Ok(gone)
}

/// Finishes what a killed process began, and cleans what was still written to then.
pub fn finish(data: &Path, erased: &Erased) -> Result<()> {
    let unfinished = erased.unfinished();
    if !unfinished.is_empty() {
        carry_out(data, &Erased::of(unfinished.iter().cloned()))?;
    }
    for mut erasure in unfinished {
        erasure.done = true;
        remember(data, &erasure)?;
    }
    let today = day_of(now());
    for day in erased
        .all()
        .map(|erasure| day_of(erasure.at))
        .collect::<std::collections::BTreeSet<_>>()
    {
        let path = data
            .join("quarantine")
            .join(format!("{}.ndjson", day_name(day)));
        if day < today && path.exists() {
            scrub::quarantine(&path, erased)?;
        }
    }
    Ok(())
}

fn carry_out(data: &Path, erased: &Erased) -> Result<Gone> {
    let writer = no_writer(data)?;
    let mut gone = Gone {
        open_later: writer.is_none(),
        ..Gone::default()
    };
    let segments = match &writer {
        Some(_) => segment_files::list(data)?,
        None => segment_files::sealed(data)?,
    };
    for segment in segments {
        gone.segment_events += scrub::segment(&segment.path, erased)?;
    }
    let today = day_of(now());
    for path in files::entries(&data.join("quarantine"))? {
        let day = path.file_stem().and_then(|name| day_named(name.to_str()?));
        if day.is_some_and(|day| day < today || writer.is_some()) {
            gone.quarantined += scrub::quarantine(&path, erased)?;
        }
    }
    gone.archive_events = from_table(data, Table::Events, erased)?;
    gone.items = from_table(data, Table::Items, erased)?;
    Ok(gone)
}

/// The lock of the collector, if none runs: then what it would write to may be rewritten too.
fn no_writer(data: &Path) -> Result<Option<File>> {
    let path = data.join("lock");
    let file = File::options().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("{} cannot be opened", path.display()))?;
    Ok(file.try_lock().is_ok().then_some(file))
}

fn from_table(data: &Path, table: Table, erased: &Erased) -> Result<u64> {
    let goes = |viewer: Option<&str>, time: i64, received_at: i64| {
        erased.covers(viewer, time, received_at)
    };
    let mut gone = 0;
    for (_, directory) in files::days(data, table)? {
        for path in files::parquet_files(&directory)? {
            let count = parquet::count(&path, &goes)?;
            if count > 0 {
                files::replace(&path, |out| {
                    Ok(parquet::filter(table, &path, &goes, out)? > 0)
                })?;
            }
            gone += count as u64;
        }
    }
    Ok(gone)
}
