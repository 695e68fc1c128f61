//! The archive's files as they were when the tables were made: a compaction replaces them while they are read.

use crate::scope::Scope;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use vitrine_collector::archive::columns::Table;
use vitrine_collector::archive::live::archive_files;

/// Each file with its size and time; nothing where it is gone.
#[derive(PartialEq)]
pub struct Listed(Vec<(PathBuf, Option<Stamp>)>);

type Stamp = (u64, Option<SystemTime>);

impl Listed {
    /// The files of the period.
    pub fn now(data: &Path, scope: &Scope) -> Result<Self> {
        let mut files = archive_files(data, Table::Events, scope.from, scope.to)?;
        files.extend(archive_files(data, Table::Items, scope.from, scope.to)?);
        let stamped = files.into_iter().map(|file| {
            let stamp = stamp(&file);
            (file, stamp)
        });
        Ok(Self(stamped.collect()))
    }

    /// Whether none of them was replaced or removed. Further ones do no harm: no table has them.
    pub fn is_as_it_was(&self) -> bool {
        self.0
            .iter()
            .all(|(file, was)| was.is_some() && stamp(file) == *was)
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.len(), about.modified().ok()))
}
