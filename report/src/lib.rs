//! Vitrine's report: every figure of the field, from raw events.

pub mod generate;
pub mod stats;
