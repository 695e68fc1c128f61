//! The harness of the end-to-end tests: real browsers over W3C WebDriver, real video, a real sink.
//!
//! A test file lists its scenarios with [`engines!`]; each engine runs them one after the other in
//! one browser, and every failure is reported, not the first alone. One browser runs at a time.
//! `VITRINE_E2E=word` runs only the scenarios whose name holds the word;
//! `VITRINE_DIST=directory` tests another build than the one in `dist/`.

mod browser;
mod chain;
mod driver;
mod engine;
mod stage;

pub use anyhow::{Context, Error, Result, bail, ensure};
pub use browser::{Browser, LIMIT, Point, until};
pub use chain::{caused, check_seq, one, types};
pub use engine::Engine;
pub use serde_json::{Value, json};
pub use stage::{Scenario, Stage, policy, run, site};

/// A test of its own for each engine, with the named scenarios.
#[macro_export]
macro_rules! engines {
    ($($scenario:ident),+ $(,)?) => {
        #[test]
        fn chromium() {
            $crate::run($crate::Engine::Chromium, &[$((stringify!($scenario), $scenario)),+]);
        }

        #[test]
        fn firefox() {
            $crate::run($crate::Engine::Firefox, &[$((stringify!($scenario), $scenario)),+]);
        }

        #[test]
        fn webkit() {
            $crate::run($crate::Engine::WebKit, &[$((stringify!($scenario), $scenario)),+]);
        }
    };
}
