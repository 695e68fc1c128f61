//! The hotspot JSON: one decoder for every place that reads it.

mod model;

pub use model::*;
