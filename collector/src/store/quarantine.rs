//! Where refused events go.

use super::dir::DataDir;
use super::line;
use super::writer::Job;
use crate::time;
use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

/// Events that are refused are kept here for who mends their sender.
#[derive(Default)]
pub struct Quarantine {
    hasher: RandomState,
    /// A sender that looks for the event at fault sends it again and again.
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

/// So many refused events are known when they come again.
const KNOWN: usize = 10_000;

impl Quarantine {
    /// Writes what is new of a group, and returns when the disk has it.
    pub fn write(&mut self, data: &DataDir, group: &[Job]) -> io::Result<()> {
        let mut out = Vec::new();
        let mut new = Vec::new();
        let invalid = group
            .iter()
            .flat_map(|job| job.batch.invalid.iter().map(move |one| (job, one)));
        for (job, one) in invalid {
            let text = one.text.as_ref().map(|text| job.batch.bytes(text));
            let hash = self.hasher.hash_one((
                text,
                one.problem.path,
                one.problem.reason,
                &job.sender.site,
            ));
            if self.known.contains(&hash) || new.contains(&hash) {
                continue;
            }
            new.push(hash);
            let head = format!(
                "{{\"received_at\":{},\"site\":{},\"index\":{},\"reason\":{},\"path\":{},\"event\":",
                job.received_at,
                line::quoted(&job.sender.site),
                one.index,
                line::quoted(one.problem.reason),
                line::quoted(one.problem.path),
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(text.unwrap_or(b"null"));
            out.extend_from_slice(b"}\n");
        }
        let Some(first) = group.first().filter(|_| !out.is_empty()) else {
            return Ok(());
        };
        let path = data
            .quarantine()
            .join(format!("{}.ndjson", time::date(first.received_at)));
        let mut file = File::options()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let length = file.metadata()?.len();
        let mut last = [b'\n'];
        if length > 0 && file.read_at(&mut last, length - 1).is_ok() && last != *b"\n" {
            // The process before was killed in the middle of a line.
            out.insert(0, b'\n');
        }
        if let Err(error) = file.write_all(&out).and_then(|()| file.sync_data()) {
            file.set_len(length)?;
            return Err(error);
        }
        for hash in new {
            self.known.insert(hash);
            self.order.push_back(hash);
        }
        while self.order.len() > KNOWN {
            if let Some(hash) = self.order.pop_front() {
                self.known.remove(&hash);
            }
        }
        Ok(())
    }
}
