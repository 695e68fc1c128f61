//! What was posted: a line for each id, so that no crash makes the file forget or repeat more than the post it broke off.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use vitrine_collector::whole_file::sync_directory;

/// The file, which nobody else has meanwhile.
pub struct Memory {
    path: PathBuf,
    file: File,
    known: HashSet<String>,
}

impl Memory {
    /// Opens it, and makes it where it is missing.
    pub fn open(path: &Path) -> Result<Self> {
        let words = || {
            format!(
                "{} cannot be written; name another file by --state",
                path.display()
            )
        };
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        let mut file = file.with_context(words)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "{}: another run posts by it; stop that one, or name another file by --state",
                    path.display()
                )
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(words),
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        // A line that was broken off says nothing.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut known = HashSet::new();
        for (at, line) in text[..whole].lines().enumerate() {
            let read: Option<Value> = serde_json::from_str(line).ok();
            let id = read.as_ref().and_then(|line| line["id"].as_str());
            let id = id.with_context(|| {
                format!(
                    "{}, line {}: found no id. Is it the file of --state?",
                    path.display(),
                    at + 1
                )
            })?;
            known.insert(id.to_owned());
        }
        file.set_len(whole as u64).with_context(words)?;
        file.seek(SeekFrom::End(0)).with_context(words)?;
        file.sync_all().with_context(words)?;
        // A path without a directory is in this one.
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        sync_directory(parent.unwrap_or(Path::new(".")))?;
        let path = path.to_owned();
        Ok(Self { path, file, known })
    }

    /// Whether it was posted.
    pub fn knows(&self, id: &str) -> bool {
        self.known.contains(id)
    }

    /// Remembers it, durably.
    pub fn remember(&mut self, id: &str, status: u16) -> Result<()> {
        let line = format!("{}\n", json!({ "id": id, "status": status }));
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        written.with_context(|| {
            format!(
                "{} cannot be written: {id} was posted, and may be again",
                self.path.display()
            )
        })?;
        self.known.insert(id.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_broken_off_is_forgotten_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("posted");
        let mut memory = Memory::open(&path).unwrap();
        memory.remember("a", 204).unwrap();
        let error = Memory::open(&path).err().unwrap().to_string();
        assert!(error.contains("another run"), "{error}");
        drop(memory);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"id\":\"b\"");
        std::fs::write(&path, text).unwrap();
        let mut memory = Memory::open(&path).unwrap();
        assert!(memory.knows("a") && !memory.knows("b"));
        memory.remember("c", 422).unwrap();
        drop(memory);
        let memory = Memory::open(&path).unwrap();
        assert!(memory.knows("a") && memory.knows("c") && !memory.knows("b"));
    }

    #[test]
    fn another_file_is_not_written_to() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("other");
        std::fs::write(&path, "a,b\n1,2\n").unwrap();
        assert!(Memory::open(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\n1,2\n");
    }
}
