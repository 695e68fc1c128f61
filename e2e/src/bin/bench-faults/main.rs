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

use anyhow::{Context, Result, anyhow};
use e2e::Engine;
use std::{env, fs, thread};
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
        // Side by side: most of the time is waiting.
        let play = |tracker: Tracker| match (case.applies)(tracker, engine) {
            Err(reason) => Ok(Err(reason)),
            Ok(()) => Trial::new(engine, tracker)
                .and_then(|trial| trial.play(&case))
                .map(Ok)
                .with_context(|| format!("{tracker:?}: {}", case.name)),
        };
        let cells = thread::scope(|scope| {
            let begun = trackers.iter().map(|&it| scope.spawn(move || play(it)));
            let begun: Vec<_> = begun.collect();
            let ended = begun.into_iter().map(|it| it.join());
            ended.collect::<Vec<_>>()
        });
        for (&tracker, cell) in trackers.iter().zip(cells) {
            row.add(tracker, cell.map_err(|_| anyhow!("{tracker:?} panicked"))??);
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
