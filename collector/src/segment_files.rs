//! The segments of a data directory, as those see them who read beside the writer.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A segment: its number, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    /// Segments are written one after the other; the highest number is the one still written to.
    pub number: u64,
    /// `segments/<20 digits>.ndjson`
    pub path: PathBuf,
}

/// All segments, the oldest first. A directory that is not there has none.
pub fn list(data: &Path) -> Result<Vec<Segment>> {
    let directory = data.join("segments");
    let mut segments = Vec::new();
    let entries = match std::fs::read_dir(&directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(segments),
        entries => entries.with_context(|| format!("{} cannot be read", directory.display()))?,
    };
    for entry in entries {
        let path = entry?.path();
        if let Some(number) = number_of(&path) {
            segments.push(Segment { number, path });
        }
    }
    segments.sort_unstable();
    Ok(segments)
}

/// Where a segment is.
pub fn segment_path(data: &Path, number: u64) -> PathBuf {
    data.join("segments").join(format!("{number:020}.ndjson"))
}

fn number_of(path: &Path) -> Option<u64> {
    let digits = path.file_name()?.to_str()?.strip_suffix(".ndjson")?;
    let all = digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten()
}

/// The segments that nobody writes to any more: all but the last.
pub fn sealed(data: &Path) -> Result<Vec<Segment>> {
    let mut segments = list(data)?;
    segments.pop();
    Ok(segments)
}
