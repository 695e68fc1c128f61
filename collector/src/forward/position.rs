//! How far a forwarder is: `forward/<name>.position`.

use crate::whole_file::replace;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How the file of a place ends.
pub const ENDING: &str = ".position";

/// A place after a line of a segment.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Of the segment.
    pub segment: u64,
    /// Bytes of it that have been forwarded.
    pub offset: u64,
    /// How long the line before this place is; 0 at the segment's start.
    pub line_length: u64,
    /// When the batch of that line came.
    pub received_at: i64,
}

/// The file of a forwarder's place, and the lock that makes it the only one of its name.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    _lock: File,
}

impl Keeper {
    /// Takes the lock, or says that another process has it.
    pub fn open(data: &Path, name: &str) -> Result<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if name.is_empty() || !name.bytes().all(allowed) {
            bail!("--name: found {name:?}. Use letters, digits, - and _.");
        }
        if !data.is_dir() {
            bail!(
                "{}: found no directory. Use the directory that the collector writes to.",
                data.display()
            );
        }
        let directory = data.join("forward");
        let words = || format!("{} cannot be written", directory.display());
        std::fs::create_dir_all(&directory).with_context(words)?;
        let lock = File::create(directory.join(format!("{name}.lock"))).with_context(words)?;
        if lock.try_lock().is_err() {
            bail!(
                "{}: another process forwards under the name {name} just now.",
                data.display()
            );
        }
        Ok(Self {
            path: directory.join(format!("{name}{ENDING}")),
            _lock: lock,
        })
    }

    /// As it was saved last; the very start where it never was.
    pub fn read(&self) -> Result<Position> {
        match std::fs::read(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Position::default()),
            text => text
                .and_then(|text| Ok(serde_json::from_slice(&text)?))
                .with_context(|| format!("{} cannot be read", self.path.display())),
        }
    }

    /// Saves it, durably.
    pub fn save(&self, position: &Position) -> Result<()> {
        replace(&self.path, |out| {
            out.write_all(&serde_json::to_vec(position)?)?;
            Ok(true)
        })
    }
}
