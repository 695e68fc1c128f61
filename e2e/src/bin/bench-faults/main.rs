//! The fault matrix for other trackers beside Vitrine's outbox: `cargo xtask bench faults` runs it.
//!
//! `VITRINE_E2E=word` runs only the cases whose name holds the word, `VITRINE_TRACKER=name` only one tracker.

mod answers;
mod cases;
mod cost;
mod readers;
mod table;
mod tracker;
mod trial;

use anyhow::{Context, Result};
use e2e::Engine;
use std::{env, fs};
use table::Row;
use tracker::Tracker;
use trial::Trial;
use xtask::Repo;

fn main() -> Result<()> {
    let place = Repo::here().target.join("bench");
    let filter = env::var("VITRINE_E2E").unwrap_or_default();
    let only = env::var("VITRINE_TRACKER").unwrap_or_default();
    let trackers = Tracker::ALL.into_iter();
    let trackers: Vec<Tracker> = trackers.filter(|it| it.file().contains(&only)).collect();
    let engine = match env::var("VITRINE_ENGINE").as_deref() {
        Ok("firefox") => Engine::Firefox,
        _ => Engine::Chromium,
    };
    let mut rows = Vec::new();
    for case in cases::all()
        .into_iter()
        .filter(|case| case.name.contains(&filter))
    {
        let mut row = Row::new(case.name);
        for &tracker in &trackers {
            let cell = match (case.applies)(tracker, engine) {
                Err(reason) => Err(reason),
                Ok(()) => Ok(Trial::new(engine, tracker)?
                    .play(&case)
                    .with_context(|| format!("{tracker:?}: {}", case.name))?),
            };
            row.add(tracker, cell);
        }
        eprintln!("{}", row.line());
        rows.push(row);
    }
    let mut text = table::table(&rows, &trackers);
    if engine == Engine::Chromium && "cost".contains(&filter) {
        text.push('\n');
        text.push_str(&cost::measure(&trackers)?);
    }
    let file = place.join(format!("faults-{engine:?}.md").to_lowercase());
    fs::write(&file, &text).with_context(|| format!("{} cannot be written", file.display()))?;
    println!("{text}\nalso in {}", file.display());
    Ok(())
}
