//! The hotspot JSON: one decoder for every place that reads it.

mod build;
mod check;
mod choices;
mod decode;
mod field;
mod ids;
mod model;
mod nearest;
mod node;
mod note;
mod problem;
mod row;
mod table;

pub use decode::{Decoded, decode, skim};
pub use model::*;
pub use node::{Node, quoted};
pub use problem::{Problem, Severity};
