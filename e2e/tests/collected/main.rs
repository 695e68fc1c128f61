//! The same faults in front of the collector: the sink of `tests/faults` is a proxy here, which injects status, delay,
//! reset and half an answer, and passes on what it would take. Then faults of the collector's own, to which pages send
//! directly. What counts in the end is what the collector has on disk, what it says is missing, and how many repeats it dropped.
//!
//! Left out: `cost`, where nothing arrives anywhere.

#[path = "../faults/answers.rs"]
mod answers;
mod behind;
#[path = "../faults/browser.rs"]
mod browser;
#[path = "../faults/ends.rs"]
mod ends;
#[path = "../faults/lab.rs"]
mod lab;
mod own;
#[path = "../faults/storage.rs"]
mod storage;
#[path = "../faults/viewer.rs"]
mod viewer;

use e2e::{Engine, Scenario};
use std::env;

/// Cases that the collector sees nothing new of, and why.
const LEFT_OUT: [(&str, &str); 6] = [
    (
        "killed_after_half_a_minute",
        "to the collector it is killed_without_a_collector, and takes half a minute more",
    ),
    (
        "killed_after_a_second",
        "to the collector it is killed_at_once",
    ),
    ("consent_denied", "nothing may arrive"),
    (
        "global_privacy_control",
        "nothing may arrive, or all as ever",
    ),
    (
        "consent_managers",
        "the page decides; what arrives, arrives as ever",
    ),
    (
        "a_long_burst",
        "ten_times_as_much is the same for a shorter time",
    ),
];

/// Plays the cases in Chromium; in Firefox too where `VITRINE_COLLECTED=firefox`.
fn run(engine: Engine, cases: &[Scenario]) {
    let asked = env::var("VITRINE_COLLECTED").unwrap_or_default();
    if engine != Engine::Chromium && !asked.eq_ignore_ascii_case(&format!("{engine:?}")) {
        eprintln!("skipped: VITRINE_COLLECTED={engine:?} plays these cases there, too");
        return;
    }
    let left_out = |name: &str| LEFT_OUT.iter().any(|(other, _)| *other == name);
    let cases = cases.iter().filter(|(name, _)| !left_out(name));
    e2e::run(engine, &cases.copied().collect::<Vec<_>>());
}

macro_rules! engines {
    ($($case:ident),+ $(,)?) => {
        #[test]
        fn chromium() {
            crate::run(e2e::Engine::Chromium, &[$((stringify!($case), $case)),+]);
        }

        #[test]
        fn firefox() {
            crate::run(e2e::Engine::Firefox, &[$((stringify!($case), $case)),+]);
        }
    };
}
pub(crate) use engines;
