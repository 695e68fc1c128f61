//! Who was erased: `erased.ndjson`.

use crate::time::SKEW_ALLOWED_MS;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A line of the file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Erasure {
    /// Whose events go.
    pub viewer_id: String,
    /// Epoch milliseconds: what happened or came until then goes.
    pub at: i64,
    /// Whether all files of that moment have been gone through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
}

/// The latest erasure of each person.
#[derive(Default)]
pub struct Erased {
    by_viewer: HashMap<String, Erasure>,
}

fn file(data: &Path) -> PathBuf {
    data.join("erased.ndjson")
}

impl Erased {
    /// Reads the file. A torn last line, of a process that was killed, was never promised.
    pub fn read(data: &Path) -> Result<Self> {
        let file = file(data);
        let text = match std::fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            text => text.with_context(|| format!("{} cannot be read", file.display()))?,
        };
        let mut erased = Self::default();
        let lines = text.split(|byte| *byte == b'\n');
        for erasure in lines.filter_map(|line| serde_json::from_slice::<Erasure>(line).ok()) {
            erased.keep(erasure);
        }
        Ok(erased)
    }

    /// Only these.
    pub fn of(erasures: impl IntoIterator<Item = Erasure>) -> Self {
        let mut erased = Self::default();
        erasures
            .into_iter()
            .for_each(|erasure| erased.keep(erasure));
        erased
    }

    fn keep(&mut self, erasure: Erasure) {
        let known = self.by_viewer.get(&erasure.viewer_id);
        if known.is_none_or(|known| known.at <= erasure.at) {
            self.by_viewer.insert(erasure.viewer_id.clone(), erasure);
        }
    }

    /// Whether an event goes: the person was erased after it happened, or after it came.
    pub fn covers(&self, viewer: Option<&str>, time: i64, received_at: i64) -> bool {
        let erasure = viewer.and_then(|viewer| self.by_viewer.get(viewer));
        // An event may be as far ahead of its batch as a clock that is taken for right.
        let time = time.saturating_sub(SKEW_ALLOWED_MS).min(received_at);
        erasure.is_some_and(|erasure| time <= erasure.at)
    }

    /// The erasures that were begun and not finished.
    pub fn unfinished(&self) -> Vec<Erasure> {
        let unfinished = self.by_viewer.values().filter(|erasure| !erasure.done);
        unfinished.cloned().collect()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Erasure> {
        self.by_viewer.values()
    }
}

/// Adds a line, durably.
pub fn remember(data: &Path, erasure: &Erasure) -> Result<()> {
    let path = file(data);
    let words = || format!("{} cannot be written", path.display());
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(words)?;
    // The line break comes first, too: it ends a line that was torn.
    let torn =
        std::fs::read(&path).is_ok_and(|text| text.last().is_some_and(|last| *last != b'\n'));
    let line = format!(
        "{}{}\n",
        if torn { "\n" } else { "" },
        serde_json::to_string(erasure)?
    );
    file.write_all(line.as_bytes()).with_context(words)?;
    file.sync_all().with_context(words)?;
    super::files::sync_directory(data)
}
