//! What is too old goes: whole days, and whole segments.

use super::columns::Table;
use super::files;
use super::line::Line;
use super::manifest::Manifest;
use super::time::{day_named, day_of, now, start_of};
use crate::segment_files;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Today and so many days before it.
    pub days: u32,
    /// Segments that are in the archive go after so many days already.
    pub segment_days: Option<u32>,
}

/// What went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Days of the archive.
    pub days: u64,
    /// Segments.
    pub segments: u64,
    /// Days of the quarantine.
    pub quarantine: u64,
}

/// Removes what is older. A collector may write meanwhile: what it writes to stays.
pub fn retain(data: &Path, keep: Keep) -> Result<Removed> {
    let _lock = files::lock(data)?;
    let manifest = Manifest::read(data)?;
    files::clean(data)?;
    let today = day_of(now());
    let first_kept = today - i64::from(keep.days);
    let mut removed = Removed::default();
    for table in Table::ALL {
        for (day, directory) in files::days(data, table)? {
            if day < first_kept {
                remove_day(&directory)?;
                removed.days += u64::from(table == Table::Events);
            }
        }
    }
    for path in files::entries(&data.join("quarantine"))? {
        let day = path.file_stem().and_then(|name| day_named(name.to_str()?));
        if day.is_some_and(|day| day < first_kept) {
            files::remove(&path)?;
            removed.quarantine += 1;
        }
    }
    removed.segments = remove_segments(data, &manifest, keep, today)?;
    Ok(removed)
}

/// File by file, each at once gone or not; a run that is killed is gone on with by the next.
fn remove_day(directory: &Path) -> Result<()> {
    for path in files::entries(directory)? {
        files::remove(&path)?;
    }
    std::fs::remove_dir(directory)
        .with_context(|| format!("{} cannot be removed", directory.display()))?;
    directory.parent().map_or(Ok(()), files::sync_directory)
}

fn remove_segments(data: &Path, manifest: &Manifest, keep: Keep, today: i64) -> Result<u64> {
    let mut removed = 0;
    for segment in segment_files::sealed(data)? {
        let archived = keep.segment_days.filter(|_| manifest.has(segment.number));
        let days = archived.unwrap_or(keep.days).min(keep.days);
        let last = last_received(&segment.path)?;
        if last.is_some_and(|last| last < start_of(today - i64::from(days))) {
            files::remove(&segment.path)?;
            removed += 1;
        }
    }
    if removed > 0 {
        files::sync_directory(&data.join("segments"))?;
    }
    Ok(removed)
}

/// When the last batch of a segment came: the file's own time changes when a person is erased.
fn last_received(path: &Path) -> Result<Option<i64>> {
    let words = || format!("{} cannot be read", path.display());
    let mut file = std::fs::File::open(path).with_context(words)?;
    let length = file.metadata().with_context(words)?.len();
    let mut span = 1 << 16;
    loop {
        let start = length.saturating_sub(span);
        file.seek(SeekFrom::Start(start)).with_context(words)?;
        let mut tail = Vec::new();
        (&mut file)
            .take(span)
            .read_to_end(&mut tail)
            .with_context(words)?;
        let text = tail.trim_ascii_end();
        let line = text
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        if start == 0 || line.len() < text.len() {
            return Ok(Line::read(line).ok().map(|line| line.received_at));
        }
        span *= 8;
    }
}
