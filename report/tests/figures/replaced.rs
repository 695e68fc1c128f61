//! A compaction replaces files while the report reads them.

use crate::support::{block, engine, figure, hand, hand_scope};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

fn parquet(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().is_some_and(|ending| ending == "parquet") {
            true => found.push(path),
            false if path.is_dir() => parquet(&path, found),
            false => {}
        }
    }
}

fn files(data: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    parquet(&data.join("archive"), &mut found);
    assert!(!found.is_empty());
    found
}

fn renamed(file: &Path, turn: usize) -> PathBuf {
    let new = file.with_file_name(format!("renamed-{turn}.parquet"));
    fs::rename(file, &new).unwrap();
    new
}

#[test]
fn files_that_were_renamed_since_are_found_again() {
    let data = hand(crate::support::HAND.lines().count());
    let engine = engine(data.path(), &hand_scope());
    let before = figure(&engine, "overview", &hand_scope());
    for (turn, file) in files(data.path()).iter().enumerate() {
        renamed(file, turn);
    }
    assert_eq!(figure(&engine, "overview", &hand_scope()), before);
}

#[test]
fn one_that_is_broken_and_stays_is_told() {
    let data = hand(crate::support::HAND.lines().count());
    let engine = engine(data.path(), &hand_scope());
    for file in files(data.path()) {
        fs::write(file, "no Parquet").unwrap();
    }
    let overview = vitrine_report::figures::find("overview").unwrap();
    block(engine.figure(overview, &hand_scope())).unwrap_err();
}

#[test]
fn figures_stay_the_same_while_files_are_replaced() {
    const NAMES: [&str; 4] = ["overview", "hctr", "abandoned", "codes"];
    const ANSWERS: usize = 3 * NAMES.len();
    let data = hand(crate::support::HAND.lines().count());
    let engine = engine(data.path(), &hand_scope());
    let before = NAMES.map(|name| figure(&engine, name, &hand_scope()));
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut all = files(data.path());
            for turn in 0..ANSWERS {
                // As a compaction does it: a new file in the place of the old one, by a rename.
                let at = turn % all.len();
                let copy = all[at].with_extension("new");
                fs::copy(&all[at], &copy).unwrap();
                fs::rename(&copy, &all[at]).unwrap();
                if turn % 3 == 0 {
                    all[at] = renamed(&all[at], turn);
                }
                while answered.load(Ordering::Relaxed) <= turn {
                    thread::sleep(Duration::from_millis(5));
                }
            }
        });
        for turn in 0..ANSWERS {
            let name = NAMES[turn % NAMES.len()];
            let found = figure(&engine, name, &hand_scope());
            answered.fetch_add(1, Ordering::Relaxed);
            assert_eq!(found, before[turn % NAMES.len()], "{name}");
        }
    });
}
