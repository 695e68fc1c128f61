//! The real program on directories as the collector writes them.
#![cfg(feature = "archive")]
#![recursion_limit = "256"]

mod compacting;
mod directory;
mod erasing;
mod killing;
mod retaining;
