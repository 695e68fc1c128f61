//! Which segments are in the archive: `archive/manifest.json`.

use super::files::replace;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// Of the columns and the order of the files, too.
const VERSION: u32 = 2;

/// What is in the archive.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
pub struct Manifest {
    /// Of this file's form, and of the archive's.
    pub version: u32,
    /// First and last number of the segments that are in the archive, ascending.
    pub compacted: Vec<(u64, u64)>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            version: VERSION,
            compacted: Vec::new(),
        }
    }
}

impl Manifest {
    /// As it was written last; empty where there is none.
    pub fn read(data: &Path) -> Result<Self> {
        let path = data.join("archive").join("manifest.json");
        match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            text => text
                .map_err(Into::into)
                .and_then(|text| Self::parse(&text))
                .with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// Reads its text.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let read: Self = serde_json::from_slice(text)?;
        let found = read.version;
        if found != VERSION {
            bail!(
                "found an archive of version {found}, and this program has version {VERSION}. Move the directory archive away and run `compact`: the segments have all events"
            );
        }
        Ok(read)
    }

    /// Writes it, durably.
    pub fn write(&self, data: &Path) -> Result<()> {
        let path = data.join("archive").join("manifest.json");
        replace(&path, |out| {
            out.write_all(&serde_json::to_vec(self)?)?;
            Ok(true)
        })
    }

    /// Whether a segment is in the archive.
    pub fn has(&self, number: u64) -> bool {
        let mut ranges = self.compacted.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&number))
    }

    /// Notes that a segment is.
    pub fn add(&mut self, number: u64) {
        if self.has(number) {
            return;
        }
        self.compacted.push((number, number));
        self.compacted.sort_unstable();
        self.compacted.dedup_by(|next, before| {
            let joins = before.1.checked_add(1) == Some(next.0);
            if joins {
                before.1 = next.1;
            }
            joins
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[test]
    fn an_archive_of_another_version_is_told() {
        let error = Manifest::parse(br#"{"version":1,"compacted":[[1,3]]}"#).unwrap_err();
        let words = error.to_string();
        assert!(words.contains("version 1") && words.contains("run `compact`"));
        assert!(Manifest::parse(br#"{"version":2,"compacted":[[1,3]]}"#).is_ok());
    }

    #[test]
    fn neighbours_become_one_range() {
        let mut manifest = Manifest::default();
        for number in [3, 1, 7, 2, 2] {
            manifest.add(number);
        }
        assert_eq!(manifest.compacted, [(1, 3), (7, 7)]);
        assert!(manifest.has(2) && manifest.has(7) && !manifest.has(4));
    }
}
