//! Vitrine's collector.

pub mod segment_files;
pub mod whole_file;

#[cfg(feature = "archive")]
pub mod archive;
#[cfg(feature = "forward")]
pub mod forward;
