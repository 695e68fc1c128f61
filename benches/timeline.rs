//! Placeholder until the timeline exists.
fn main() {}
