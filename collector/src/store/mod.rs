//! The directory: one process writes, to segments that only grow, and an answer waits until the disk has it.

pub mod dir;
pub mod line;
pub mod quarantine;
pub mod recover;
pub mod segment;
pub mod state;
pub mod writer;
