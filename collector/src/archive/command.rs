//! `compact`, `erase` and `retain` on the command line.

use super::{Keep, Limits, compact, erase, retain};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Instant;

/// What is done to a data directory.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Brings sealed segments into Parquet, each event once. The collector may run meanwhile.
    Compact(Compact),
    /// Removes a person's events from segments, quarantine and Parquet, and remembers it.
    Erase(Erase),
    /// Removes what is too old: whole days, and whole segments.
    Retain(Retain),
}

/// Where the collector writes to.
#[derive(Args, Debug)]
pub struct Data {
    /// The directory that the collector writes to.
    #[arg(long, value_name = "DIR", env = "VITRINE_DATA")]
    data: PathBuf,
}

/// See [`Command::Compact`].
#[derive(Args, Debug)]
pub struct Compact {
    #[command(flatten)]
    data: Data,
    /// How many MiB of segments are held in memory at a time.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().segment_bytes >> 20)]
    batch: u64,
    /// A file with so many rows is full.
    #[arg(long, value_name = "ROWS", default_value_t = Limits::default().file_rows)]
    file_rows: usize,
}

/// See [`Command::Erase`].
#[derive(Args, Debug)]
pub struct Erase {
    #[command(flatten)]
    data: Data,
    /// The `viewer_id` of the person.
    #[arg(long, value_name = "ID")]
    viewer: String,
}

/// See [`Command::Retain`].
#[derive(Args, Debug)]
pub struct Retain {
    #[command(flatten)]
    data: Data,
    /// Today and so many days before it stay.
    #[arg(long, value_name = "N")]
    days: u32,
    /// Segments that are in the archive go after so many days already. The collector knows repeated
    /// events by its segments: not fewer than its window for duplicates.
    #[arg(long, value_name = "N")]
    segment_days: Option<u32>,
}

impl Command {
    /// Does it, and prints what was done.
    pub fn run(self) -> Result<()> {
        match self {
            Self::Compact(command) => command.run(),
            Self::Erase(command) => command.run(),
            Self::Retain(command) => command.run(),
        }
    }
}

impl Compact {
    fn run(self) -> Result<()> {
        let (limits, start) = (
            Limits {
                segment_bytes: self.batch << 20,
                file_rows: self.file_rows,
            },
            Instant::now(),
        );
        let done = compact(&self.data.data, limits)?;
        println!(
            "{} segments: {} events, {} items; left out: {} repeated, {} erased, {} unusable; {:.1} s",
            done.segments,
            done.events,
            done.items,
            done.repeated,
            done.erased,
            done.unusable,
            start.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

impl Erase {
    fn run(self) -> Result<()> {
        if self.viewer.is_empty() {
            bail!("--viewer: found an empty text. Use a viewer_id.");
        }
        let gone = erase(&self.data.data, &self.viewer)?;
        println!(
            "erased: {} events of segments, {} events and {} items of the archive, {} of the quarantine",
            gone.segment_events, gone.archive_events, gone.items, gone.quarantined
        );
        if gone.open_later {
            println!(
                "A collector runs on this directory: the segment that it writes to, and today's quarantine, are cleaned by the first compaction after they are closed."
            );
        }
        Ok(())
    }
}

impl Retain {
    fn run(self) -> Result<()> {
        let removed = retain(
            &self.data.data,
            Keep {
                days: self.days,
                segment_days: self.segment_days,
            },
        )?;
        println!(
            "removed: {} days of the archive, {} segments, {} days of the quarantine",
            removed.days, removed.segments, removed.quarantine
        );
        Ok(())
    }
}
