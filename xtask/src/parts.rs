//! What pages load beside the overlay, and only where they need it: the outbox, the formats of other
//! collectors, the words of consent managers, the adapters of shops.

use crate::Repo;
use crate::build::{DIST, TARGET, WASM_OPT, esbuild, shorter_paths};
use crate::run::{run, say};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Folders of modules that pages import by name.
const NAMED: [&str; 6] = [
    "actions", "cart", "consent", "formats", "products", "strings",
];
/// What is in them for others to import: every outbox has the first, every shop the second, every adapter of a shop, and every source of products, the others.
const INNER: [&str; 9] = [
    "json",
    "en",
    "money",
    "common",
    "fits",
    "storefront",
    "later",
    "text",
    "words",
];

/// Exactly what `dist/` holds, sorted.
pub fn files(repo: &Repo) -> Result<Vec<String>> {
    let mut files: Vec<String> = DIST.iter().map(|name| (*name).to_owned()).collect();
    for folder in NAMED {
        let names = modules(repo, folder)?;
        files.extend(names.iter().map(|name| format!("{folder}/{name}.mjs")));
    }
    files.sort_unstable();
    Ok(files)
}

/// The modules of a folder in `www/`, which may not be there, without their ending.
fn modules(repo: &Repo, folder: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(repo.at("www").join(folder))
        .into_iter()
        .flatten()
    {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let name = name.strip_suffix(".js");
        names.extend(name.filter(|name| !INNER.contains(name)).map(str::to_owned));
    }
    Ok(names)
}

/// Builds them into `out`.
pub fn build(repo: &Repo, npm: &Path, out: &Path) -> Result<()> {
    say("compiling the outbox to WebAssembly");
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(&repo.root)
        .args([
            "rustc",
            "--release",
            "--quiet",
            "--package",
            "vitrine-outbox",
        ])
        .args(["--crate-type", "cdylib", "--target", TARGET])
        .env("CARGO_TARGET_DIR", &repo.target)
        .env("CARGO_ENCODED_RUSTFLAGS", shorter_paths(repo));
    run(&mut cargo)?;
    let wasm = repo.target.join(TARGET).join("release/vitrine_outbox.wasm");
    let mut wasm_opt = Command::new(npm.join("wasm-opt"));
    // Its functions are called by their names.
    let flags = WASM_OPT.iter().filter(|flag| !flag.starts_with("--minify"));
    wasm_opt
        .args(flags)
        .args(["--strip-debug", "--strip-producers"])
        .arg(wasm)
        .arg("-o")
        .arg(out.join("vitrine-outbox_bg.wasm"));
    run(&mut wasm_opt)?;
    bundle(repo, npm, "outbox/main", &out.join("vitrine-outbox.mjs"))?;
    for folder in NAMED {
        fs::create_dir_all(out.join(folder)).with_context(|| format!("{folder} cannot be made"))?;
        for name in modules(repo, folder)? {
            let from = format!("{folder}/{name}");
            bundle(repo, npm, &from, &out.join(format!("{from}.mjs")))?;
        }
    }
    Ok(())
}

/// What a bundle leaves to be imported.
pub fn loaded_where_named() -> [String; 6] {
    NAMED.map(|folder| format!("--external:./{folder}/*.mjs"))
}

fn bundle(repo: &Repo, npm: &Path, from: &str, to: &Path) -> Result<()> {
    esbuild(npm, &repo.at(&format!("www/{from}.js")), to)
        .args(["--bundle", "--format=esm"])
        .args(loaded_where_named())
        .run()
}
