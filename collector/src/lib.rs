//! Vitrine's collector: takes the overlay's events, keeps each once, and says what is missing.

#[cfg(feature = "archive")]
pub mod archive;
pub mod batch;
pub mod config;
pub mod door;
pub mod event;
#[cfg(feature = "forward")]
pub mod forward;
pub mod ids;
pub mod json;
pub mod metrics;
pub mod segment_files;
pub mod serve;
pub mod store;
pub mod time;
pub mod views;
pub mod whole_file;
