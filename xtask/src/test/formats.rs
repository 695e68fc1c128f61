//! What is tested in node: actions in `tests/actions/`, choices on the card in `tests/card/`, the adapters of shops in `tests/carts/`, the collector formats in `tests/formats/`, what is
//! kept of a viewer in `tests/journey/`, where products come from in `tests/products/`, the languages in `tests/strings/`.

use crate::Repo;
use crate::run::run;
use crate::tools;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Runs them. The SDKs, trackers and types that they are held against come from `tools/`.
pub fn check(repo: &Repo) -> Result<()> {
    tools::npm_tools(repo)?;
    let mut node = Command::new("node");
    node.arg("--test").args(files(repo)?);
    run(node.current_dir(&repo.root))
}

/// By name: what `--test` makes of a directory differs from one version of node to another.
fn files(repo: &Repo) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let folders = [
        "tests/actions",
        "tests/card",
        "tests/carts",
        "tests/formats",
        "tests/journey",
        "tests/products",
        "tests/strings",
    ];
    for folder in folders.map(|folder| repo.at(folder)) {
        let before = files.len();
        for entry in
            fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?
        {
            let file = entry?.path();
            if file.to_string_lossy().ends_with(".test.mjs") {
                files.push(file);
            }
        }
        if files.len() == before {
            bail!("{} holds no *.test.mjs", folder.display());
        }
    }
    files.sort();
    Ok(files)
}
