//! The hotspot JSON: one decoder for every place that reads it.

mod check;
mod decode;
mod hotspot;
mod ids;
mod model;
mod nearest;
mod node;
mod problem;
mod read;
mod text;

pub use decode::{Decoded, decode};
pub use model::*;
pub use node::{Node, quoted};
pub use problem::{Problem, Severity};
