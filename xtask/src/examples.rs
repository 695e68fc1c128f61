//! The example pages of `www/examples/`, built as their users would: with Vitrine as the package that
//! `dist/` is, and everything else from npm by their lock files.

use crate::Repo;
use crate::build::DIST;
use crate::run::{capture, empty_dir, read, say, write};
use crate::tools;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the built examples are: a folder for each, with an `index.html`.
pub fn built(repo: &Repo) -> PathBuf {
    repo.target.join("examples")
}

/// Builds them all.
pub fn build(repo: &Repo) -> Result<()> {
    let out = built(repo);
    fs::create_dir_all(&out).with_context(|| format!("{} cannot be made", out.display()))?;
    // One at a time in one folder: another process waits here for its turn.
    let turn = File::create(out.join("lock")).context("the examples' lock cannot be made")?;
    turn.lock().context("the examples' lock cannot be taken")?;
    for name in ["react", "vue"] {
        let place = install(repo, name)?;
        vite(&place, &out.join(name), "production")?;
    }
    // The one in which React mounts everything twice.
    vite(
        &repo.at("www/examples/react"),
        &out.join("react-strict"),
        "development",
    )?;
    let place = install(repo, "render")?;
    for name in ["shopify", "wordpress"] {
        let to = out.join(name);
        empty_dir(&to)?;
        let mut node = Command::new("node");
        node.arg(format!("{name}.mjs")).arg(&to);
        capture(node.current_dir(&place))?;
    }
    Ok(())
}

/// Installs what an example's lock file says, and `dist/` as it is now. Gives back the example's folder.
fn install(repo: &Repo, name: &str) -> Result<PathBuf> {
    let place = repo.at("www/examples").join(name);
    let wanted = format!("{:x}\n", contents(repo, &place)?);
    let stamp = place.join("node_modules/.vitrine-installed");
    if read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(place);
    }
    say(format!("installing www/examples/{name} by npm"));
    let mut npm = tools::npm()?;
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    capture(npm.current_dir(&place))
        .with_context(|| format!("this would install it: npm ci --prefix www/examples/{name}"))?;
    write(&stamp, wanted.as_bytes())?;
    Ok(place)
}

/// What an installation is made of, as one number.
fn contents(repo: &Repo, place: &Path) -> Result<u64> {
    let dist = DIST.iter().map(|name| repo.dist().join(name));
    let mut hasher = DefaultHasher::new();
    for file in dist.chain([place.join("package-lock.json")]) {
        let bytes = fs::read(&file).with_context(|| {
            format!(
                "{} is missing; `cargo xtask build` writes dist/",
                file.display()
            )
        })?;
        hasher.write(&bytes);
        hasher.write_usize(bytes.len());
    }
    Ok(hasher.finish())
}

fn vite(place: &Path, to: &Path, mode: &str) -> Result<()> {
    let mut vite = Command::new(place.join("node_modules/.bin/vite"));
    vite.args([
        "build",
        "--emptyOutDir",
        "--logLevel",
        "warn",
        "--mode",
        mode,
    ])
    .arg("--outDir")
    .arg(to)
    .env("NODE_ENV", mode);
    capture(vite.current_dir(place)).map(drop)
}
