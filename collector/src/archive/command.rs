//! `compact`, `erase` and `retain` on the command line.

use super::{Keep, Limits, compact, erase, retain};
use crate::config::LogFormat;
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
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
    /// How log lines look.
    #[arg(
        long,
        env = "VITRINE_LOG",
        value_name = "FORMAT",
        default_value = "json"
    )]
    log: LogFormat,
}

/// How a run behaves that nobody watches.
#[derive(Args, Debug)]
pub struct Manner {
    /// Leaves processor and disk to others where they want them.
    #[arg(long)]
    gently: bool,
    /// Ends at once when the standard input ends: with the program that started this one.
    #[arg(long)]
    with_parent: bool,
    /// Says what was done in JSON.
    #[arg(long)]
    json: bool,
}

impl Manner {
    fn begin(&self) {
        if self.gently {
            super::gently::begin();
        }
        if self.with_parent {
            std::thread::spawn(|| {
                // An error is an end, too.
                drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
                std::process::exit(1);
            });
        }
    }

    fn say(&self, done: &impl Serialize, words: String) -> Result<()> {
        match self.json {
            true => println!("{}", serde_json::to_string(done)?),
            false => println!("{words}"),
        }
        Ok(())
    }
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
    #[command(flatten)]
    manner: Manner,
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
    #[command(flatten)]
    manner: Manner,
}

impl Command {
    /// Does it, and prints what was done.
    pub fn run(self) -> Result<()> {
        let (Self::Compact(Compact { data, .. })
        | Self::Erase(Erase { data, .. })
        | Self::Retain(Retain { data, .. })) = &self;
        crate::serve::log(data.log);
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
        self.manner.begin();
        let done = compact(&self.data.data, limits)?;
        let words = format!(
            "{} segments: {} events, {} items; left out: {} repeated, {} erased, {} unusable; {:.1} s",
            done.segments,
            done.events,
            done.items,
            done.repeated,
            done.erased,
            done.unusable,
            start.elapsed().as_secs_f64()
        );
        self.manner.say(&done, words)
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
        self.manner.begin();
        let removed = retain(
            &self.data.data,
            Keep {
                days: self.days,
                segment_days: self.segment_days,
            },
        )?;
        let words = format!(
            "removed: {} days of the archive, {} segments, {} days of the quarantine",
            removed.days, removed.segments, removed.quarantine
        );
        self.manner.say(&removed, words)
    }
}
