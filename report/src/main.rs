//! `vitrine report …`, which runs this binary.

fn main() {}
