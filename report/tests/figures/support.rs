//! Directories as a collector writes them.

use std::fs;
use std::path::Path;
use tempfile::TempDir;
use vitrine_collector::archive::{Limits, compact};
use vitrine_report::engine::Engine;
use vitrine_report::figures::{ALL, Figure};
use vitrine_report::frame::{Frame, Value};
use vitrine_report::scope::Scope;

/// Thirteen batches, small enough to work out every figure by hand.
pub const HAND: &str = include_str!("../data/hand.ndjson");

/// Writes segments, each of some lines.
pub fn segments(data: &Path, segments: &[&[&str]]) {
    let directory = data.join("segments");
    fs::create_dir_all(&directory).unwrap();
    for (number, lines) in (1..).zip(segments) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(directory.join(format!("{number:020}.ndjson")), text).unwrap();
    }
}

/// The batches by hand: so many of them in the archive, the others in the segment that is written to.
pub fn hand(archived: usize) -> TempDir {
    let data = tempfile::tempdir().unwrap();
    fs::write(
        data.path().join("erased.ndjson"),
        "{\"viewer_id\":\"gil\",\"at\":1777999999999}\n",
    )
    .unwrap();
    let lines: Vec<_> = HAND.lines().collect();
    let (old, new) = lines.split_at(archived);
    segments(data.path(), &[old, new]);
    if archived > 0 {
        compact(data.path(), Limits::default()).unwrap();
    }
    data
}

/// An hour after the last of them: 5 May 2026, 10:00 UTC.
pub fn hand_scope() -> Scope {
    let end = 1_777_975_200_000;
    Scope {
        to: end,
        as_of: end,
        ..Scope::default()
    }
}

/// The engine on a directory.
pub fn engine(data: &Path, scope: &Scope) -> Engine {
    block(Engine::open(data, scope, &mut |_, _, _| {})).unwrap()
}

/// A figure of a directory.
pub fn figure(engine: &Engine, name: &str, scope: &Scope) -> Frame {
    let figure = vitrine_report::figures::find(name).unwrap();
    block(engine.figure(figure, scope)).unwrap()
}

/// Waits for the engine.
pub fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(future)
}

/// Every figure by each of its dimensions.
pub fn everything(scope: &Scope) -> Vec<(&'static Figure, Scope)> {
    let mut all = Vec::new();
    for figure in ALL {
        let by = figure.head().unwrap().by;
        match by.is_empty() {
            true => all.push((figure, scope.clone())),
            false => all.extend(by.iter().map(|by| (figure, scope.clone().by(by)))),
        }
    }
    all
}

/// Whether two engines mean the same.
pub fn same(here: &Value, there: &Value) -> bool {
    match (here.real(), there.real()) {
        (Some(here), Some(there)) => {
            (here - there).abs() <= 1e-9 * here.abs().max(there.abs()).max(1e-9)
        }
        _ => here == there,
    }
}
