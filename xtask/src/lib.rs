//! Every chore of the project, in Rust: `cargo xtask help` lists them.

pub mod server;
