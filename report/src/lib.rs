//! Vitrine's report: every figure of the field, from raw events.

pub mod bucket;
pub mod cli;
#[cfg(feature = "engine")]
pub mod engine;
pub mod figures;
pub mod frame;
pub mod generate;
pub mod kpi;
#[cfg(feature = "engine")]
pub mod measure;
pub mod output;
pub mod scope;
pub mod serve;
pub mod stats;
#[cfg(feature = "webhook")]
pub mod webhook;
