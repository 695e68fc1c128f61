//! Vitrine's collector.

pub mod segment_files;

#[cfg(feature = "archive")]
pub mod archive;
