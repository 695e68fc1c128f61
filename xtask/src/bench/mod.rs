//! `cargo xtask bench …`: side by side with others, in one run.

mod chrome;
mod collector;
mod faults;
mod frames;
mod hotspots;
mod kept;
mod overlay;
mod report;
mod site;
mod stats;
mod table;

pub use faults::faults;

use crate::Repo;
use crate::build::{Profile, build};
use crate::run::{read, say, write};
use crate::system;
use anyhow::Result;
use overlay::Effort;
use std::fs;
use std::time::Instant;
use table::Results;

/// Serves the pages of the bench as `dist/` is now, to look at them or to profile them by hand.
pub fn serve(repo: &Repo) -> Result<()> {
    site::install_peer(repo)?;
    let site = site::Site::start(repo)?;
    for page in site.pages() {
        println!("{page}");
    }
    say("Ctrl-C stops");
    site.wait();
    Ok(())
}

/// The collector beside nginx: prints a table of events a second.
pub fn collector(repo: &Repo, quick: bool) -> Result<()> {
    collector::measure(repo, if quick { 3 } else { 20 })
}

/// The collector alone, for so many minutes at so many events a second: prints its memory each minute.
pub fn collector_minutes(repo: &Repo, minutes: u64, rate: u64) -> Result<()> {
    collector::minutes(repo, minutes, rate)
}

/// Vitrine beside its nearest peer: prints a table of medians and ratios.
pub fn overlay(repo: &Repo, quick: bool) -> Result<()> {
    build(repo, Profile::Release)?;
    system::ensure_chromium()?;
    let version = site::install_peer(repo)?;
    let site = site::Site::start(repo)?;
    let started = Instant::now();
    let place = repo.target.join("bench");
    fs::create_dir_all(&place)?;
    let file = place.join("overlay.md");
    let keep = |results: &Results| {
        let text = format!(
            "Vitrine {} and {} {version} in {}; a cell is the median (and the middle half), or p50 / p99.\n\n{}",
            env!("CARGO_PKG_VERSION"),
            site::PEER,
            results.browser,
            results.table()
        );
        write(&file, text.as_bytes())
    };
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let results = overlay::measure(&site, effort, keep)?;
    keep(&results)?;
    say(format!(
        "done in {} s; the table is also in {}",
        started.elapsed().as_secs(),
        file.display()
    ));
    print!("{}", read(&file)?);
    Ok(())
}

/// Every figure of the report beside DuckDB: prints a table of seconds and ratios.
pub fn report(repo: &Repo, events: u64) -> Result<()> {
    print!("{}", report::measure(repo, events)?);
    Ok(())
}
