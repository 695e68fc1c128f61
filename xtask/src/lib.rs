//! Every chore of the project, in Rust: `cargo xtask help` lists them.

pub mod bench;
pub mod build;
pub mod collector;
pub mod demo;
pub mod examples;
mod glue;
pub mod package;
pub mod parts;
pub mod report;
pub mod run;
pub mod server;
pub mod size;
pub mod system;
pub mod test;
pub mod tools;

use std::env;
use std::path::{Path, PathBuf};

/// Where things are.
#[derive(Debug, Clone)]
pub struct Repo {
    /// The repository.
    pub root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, or `target/` in the repository.
    pub target: PathBuf,
}

impl Repo {
    /// The repository that this program was built from.
    pub fn here() -> Repo {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(chosen) if !chosen.is_empty() => {
                let started = env::current_dir().unwrap_or_else(|_| root.clone());
                started.join(chosen)
            }
            _ => root.join("target"),
        };
        Repo { root, target }
    }

    /// What a site deploys.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A path in the repository.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
