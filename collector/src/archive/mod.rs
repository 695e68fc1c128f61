//! For analysis: sealed segments become Parquet, persons are erased, and what is too old goes.

pub mod columns;
pub mod command;
mod compact;
mod erase;
mod erased;
mod files;
mod gently;
mod groups;
mod line;
pub mod live;
mod manifest;
mod object;
mod parquet_files;
mod retain;
mod rows;
mod scrub;
pub mod time;
pub mod upkeep;

pub use compact::{Compacted, Limits, compact};
pub use erase::{Gone, erase};
pub use manifest::Manifest;
pub use retain::{Keep, Removed, retain};
