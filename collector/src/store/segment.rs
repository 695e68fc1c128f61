//! Segments: files of lines by number, of which the highest is open.

use super::dir;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// All segments of a directory with their numbers, in order.
pub fn list(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(digits) = name.strip_suffix(".ndjson")
            && digits.len() == 20
            && let Ok(number) = digits.parse()
        {
            found.push((number, path));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The name of a segment's file.
pub fn name(number: u64) -> String {
    format!("{number:020}.ndjson")
}

/// The open segment.
#[derive(Debug)]
pub struct Segment {
    file: File,
    number: u64,
    /// Bytes that are on disk for sure.
    committed: u64,
}

impl Segment {
    /// Opens a segment to append to it, or makes it.
    pub fn open(folder: &Path, number: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(folder.join(name(number)))?;
        dir::sync(folder)?;
        let committed = file.metadata()?.len();
        Ok(Self {
            file,
            number,
            committed,
        })
    }

    /// Its number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Its length, of what is on disk for sure.
    pub fn len(&self) -> u64 {
        self.committed
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.committed == 0
    }

    /// Writes whole lines, and returns when the disk has them. After an error nothing of them is left, if the disk lets that be done.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self
            .file
            .write_all(lines)
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.committed += lines.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.file.set_len(self.committed)?;
                Err(error)
            }
        }
    }
}
