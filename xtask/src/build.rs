//! `cargo xtask build`: from the sources to `dist/`.

use crate::Repo;
use crate::glue::{leave_loading_to_us, rename};
use crate::package;
use crate::parts;
use crate::run::{capture, copy, empty_dir, read, run, say, write};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// How the wasm is compiled.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Profile {
    /// What is deployed and counted: the stable toolchain.
    #[default]
    Release,
    /// The standard library built for size too, and panics that abort at once: a nightly one.
    Tiny,
}

/// What `dist/` always holds; see also [`parts::files`].
pub const DIST: [&str; 22] = [
    "hotspots.schema.json",
    "package.json",
    "vitrine-actions.mjs",
    "vitrine-card.mjs",
    "vitrine-cart.mjs",
    "vitrine-check.mjs",
    "vitrine-check_bg.wasm",
    "vitrine-element.mjs",
    "vitrine-experiment.mjs",
    "vitrine-fullscreen.mjs",
    "vitrine-fullscreen_bg.wasm",
    "vitrine-journey.mjs",
    "vitrine-list.mjs",
    "vitrine-order.js",
    "vitrine-outbox.mjs",
    "vitrine-outbox_bg.wasm",
    "vitrine-products.mjs",
    "vitrine-shop.mjs",
    "vitrine.d.ts",
    "vitrine.js",
    "vitrine.mjs",
    "vitrine_bg.wasm",
];

/// A WebAssembly file of the overlay's crate, and the modules around it.
struct Part {
    /// The crate's feature.
    feature: &'static str,
    /// Of its files.
    name: &'static str,
    /// Where in the stage its glue goes.
    glue: &'static str,
}

const PARTS: [Part; 3] = [
    Part {
        feature: "overlay",
        name: "vitrine",
        glue: "glue",
    },
    Part {
        feature: "check",
        name: "vitrine-check",
        glue: "check",
    },
    Part {
        feature: "fullscreen",
        name: "vitrine-fullscreen",
        glue: "fullscreen",
    },
];

/// What is bundled, from where in the stage to which file; each loads the others where it needs them.
const BUNDLES: [(&str, &str); 11] = [
    ("module.mjs", "vitrine.mjs"),
    ("shop.mjs", "vitrine-shop.mjs"),
    ("actions.mjs", "vitrine-actions.mjs"),
    ("experiment.mjs", "vitrine-experiment.mjs"),
    ("journey.mjs", "vitrine-journey.mjs"),
    ("list.mjs", "vitrine-list.mjs"),
    ("card.mjs", "vitrine-card.mjs"),
    ("cart.mjs", "vitrine-cart.mjs"),
    ("products.mjs", "vitrine-products.mjs"),
    ("check.mjs", "vitrine-check.mjs"),
    ("fullscreen.mjs", "vitrine-fullscreen.mjs"),
];

/// Never `--all-features`: binaryen then emits modules that Chromium rejects.
pub(crate) const WASM_OPT: [&str; 13] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    // Rust's stack begins at 0: nothing lives in the first kilobyte.
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-target-features",
    // Prints the new names: see `rename`.
    "--minify-imports-and-exports-and-modules",
];

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `dist/`.
pub fn build(repo: &Repo, profile: Profile) -> Result<()> {
    let started = Instant::now();
    check_sources(repo)?;
    let npm = tools::npm_tools(repo)?;
    let work = repo.target.join("vitrine");
    fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", work.display()))?;
    // One build at a time in one target directory: another process waits here for its turn.
    let turn = fs::File::create(work.join("lock")).context("the build's lock cannot be made")?;
    turn.lock().context("the build's lock cannot be taken")?;

    let (stage, out) = (work.join("stage"), work.join("dist"));
    empty_dir(&stage)?;
    empty_dir(&out)?;
    for part in PARTS {
        let wasm = compile(repo, profile, &part)?;
        write_glue(repo, &wasm, &part, &stage)?;
        shrink(&npm, &part, &stage, &out)?;
    }
    say("bundling the modules and the loader with esbuild");
    stage_sources(repo, &npm, &stage)?;
    for (from, to) in BUNDLES {
        esbuild(&npm, &stage.join(from), &out.join(to))
            .args(["--bundle", "--format=esm", "--loader:.css=text"])
            .args(BUNDLES.map(|(_, other)| format!("--external:./{other}")))
            .args(parts::loaded_where_named())
            .run()?;
    }
    esbuild(&npm, &repo.at("www/vitrine.js"), &out.join("vitrine.js")).run()?;
    let order = out.join("vitrine-order.js");
    esbuild(&npm, &repo.at("www/order-tag.js"), &order)
        .args(["--bundle", "--format=iife"])
        .run()?;
    let element = out.join("vitrine-element.mjs");
    esbuild(&npm, &repo.at("www/element.mjs"), &element).run()?;
    for name in ["vitrine.d.ts", "hotspots.schema.json"] {
        copy(&repo.at("www").join(name), &out.join(name))?;
    }
    parts::build(repo, &npm, &out)?;
    package::write_manifest(repo, &out)?;
    deploy(&out, &repo.dist(), &parts::files(repo)?)?;
    say(format!(
        "dist/ is built ({:.1} s)",
        started.elapsed().as_secs_f32()
    ));
    Ok(())
}

/// Says at once what is missing, not after minutes of compiling.
fn check_sources(repo: &Repo) -> Result<()> {
    let needed = [
        "www/element.mjs",
        "www/module.mjs",
        "www/vitrine.js",
        "www/overlay.css",
        "www/card.css",
        "www/shop.mjs",
        "www/actions.css",
        "www/actions.mjs",
        "www/experiment.mjs",
        "www/journey.mjs",
        "www/list.mjs",
        "www/card.mjs",
        "www/cart.mjs",
        "www/products.mjs",
        "www/order-tag.js",
        "www/check.mjs",
        "www/fullscreen.mjs",
        "www/vitrine.d.ts",
        "www/hotspots.schema.json",
        "www/package.json",
    ];
    let missing: Vec<&str> = needed
        .into_iter()
        .filter(|name| !repo.at(name).is_file())
        .collect();
    if !missing.is_empty() {
        bail!(
            "the sources are not complete: {} lacks {}",
            repo.root.display(),
            missing.join(", ")
        );
    }
    Ok(())
}

pub(crate) struct Esbuild(Command);

/// esbuild on one file: minified, for browsers from 2022 on.
pub(crate) fn esbuild(npm: &Path, from: &Path, to: &Path) -> Esbuild {
    let mut command = Command::new(npm.join("esbuild"));
    command.arg(from).args([
        "--minify",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=warning",
        // Not that of a folder above the checkout.
        "--tsconfig-raw={}",
    ]);
    command.arg(format!("--outfile={}", to.display()));
    Esbuild(command)
}

impl Esbuild {
    pub(crate) fn args<const N: usize>(mut self, args: [impl AsRef<OsStr>; N]) -> Esbuild {
        self.0.args(args);
        self
    }

    pub(crate) fn run(mut self) -> Result<()> {
        run(&mut self.0)
    }
}

/// Compiles a part; gives back its wasm.
fn compile(repo: &Repo, profile: Profile, part: &Part) -> Result<PathBuf> {
    let mut cargo = match profile {
        Profile::Release => {
            tools::wasm_target()?;
            Command::new("cargo")
        }
        Profile::Tiny => nightly()?,
    };
    let target = match profile {
        Profile::Release => repo.target.clone(),
        Profile::Tiny => repo.target.join("tiny"),
    };
    say(format!("compiling {} to WebAssembly", part.name));
    cargo
        .current_dir(&repo.root)
        .args(["rustc", "--release", "--lib", "--package", "vitrine"])
        // Alone: beside an rlib, cargo silently leaves out the link-time optimisation.
        .args(["--crate-type", "cdylib"])
        .args(["--target", TARGET, "--quiet"])
        .args(["--no-default-features", "--features"])
        .arg(format!("{},lean", part.feature))
        .env("CARGO_TARGET_DIR", &target);
    let mut flags = shorter_paths(repo);
    if profile == Profile::Tiny {
        cargo
            .args(["-Zbuild-std=std,panic_abort"])
            .arg("-Zbuild-std-features=optimize_for_size");
        flags.push_str("\x1f-Zunstable-options\x1f-Cpanic=immediate-abort");
    }
    run(cargo.env("CARGO_ENCODED_RUSTFLAGS", flags))?;
    Ok(target.join(TARGET).join("release/vitrine.wasm"))
}

/// Panics name their source files: by short names, which are also the same on every machine.
pub(crate) fn shorter_paths(repo: &Repo) -> String {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = std::env::home_dir().unwrap_or_default().join(".cargo");
    let mut flags = vec![format!("--remap-path-prefix={}/=", repo.root.display())];
    let sources = cargo_home.unwrap_or(home).join("registry/src");
    for registry in fs::read_dir(sources).into_iter().flatten().flatten() {
        flags.push(format!(
            "--remap-path-prefix={}/=",
            registry.path().display()
        ));
    }
    flags.join("\x1f")
}

/// A nightly cargo with the sources of the standard library.
fn nightly() -> Result<Command> {
    const ADVICE: &str = "--profile tiny needs a nightly Rust with the sources of its standard library; \
         this installs it: rustup toolchain install nightly --profile minimal --component rust-src";
    let mut rustc = Command::new("rustup");
    rustc.args(["run", "nightly", "rustc", "--print", "sysroot"]);
    let sysroot = capture(&mut rustc).context(ADVICE)?;
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std");
    if !sources.is_dir() {
        bail!(ADVICE);
    }
    let mut cargo = Command::new("rustup");
    cargo.args(["run", "nightly", "cargo"]);
    Ok(cargo)
}

/// Writes a part's glue into the stage.
fn write_glue(repo: &Repo, wasm: &Path, part: &Part, stage: &Path) -> Result<()> {
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    say("writing the glue with wasm-bindgen");
    let mut command = Command::new(wasm_bindgen);
    command
        .args(["--target", "web", "--no-typescript"])
        .args(["--out-name", part.name])
        .args(["--remove-name-section", "--remove-producers-section"])
        .arg("--out-dir")
        .arg(stage.join(part.glue))
        .arg(wasm);
    run(&mut command)
}

/// Shrinks a part's wasm on its way from the stage to `out`.
fn shrink(npm: &Path, part: &Part, stage: &Path, out: &Path) -> Result<()> {
    say("shrinking the wasm with wasm-opt -Oz");
    let (glue, wasm) = (stage.join(part.glue), format!("{}_bg.wasm", part.name));
    let mut wasm_opt = Command::new(npm.join("wasm-opt"));
    wasm_opt
        .args(WASM_OPT)
        .arg(glue.join(&wasm))
        .arg("-o")
        .arg(out.join(&wasm));
    let names = capture(&mut wasm_opt)?;
    let glue = glue.join(format!("{}.js", part.name));
    rename(part.name, &glue, &names)?;
    if part.name == "vitrine" {
        leave_loading_to_us(&glue)?;
    }
    Ok(())
}

/// Lays out beside the glue what the bundler reads: our modules, and the style sheets, minified.
fn stage_sources(repo: &Repo, npm: &Path, stage: &Path) -> Result<()> {
    let www = repo.at("www");
    for entry in fs::read_dir(&www).with_context(|| format!("{} cannot be read", www.display()))? {
        let file = entry?.path();
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        match file.extension().and_then(OsStr::to_str) {
            Some("js" | "mjs") => copy(&file, &stage.join(name))?,
            Some("css") => {
                let sheet = stage.join(name);
                esbuild(npm, &file, &sheet).run()?;
                let text = read(&sheet)?;
                write(&sheet, text.trim_ascii_end().as_bytes())?;
            }
            _ => {}
        }
    }
    // The shop's own language; the others are files of their own.
    let inner = [
        "actions/fits.js",
        "actions/words.js",
        "cart/text.js",
        "products/words.js",
        "strings/en.js",
        "strings/later.js",
    ];
    for name in inner {
        let to = stage.join(name);
        let folder = to.parent().unwrap_or(stage);
        fs::create_dir_all(folder).context("the stage's folders cannot be made")?;
        copy(&www.join(name), &to)?;
    }
    Ok(())
}

/// Puts the finished files in place, and nothing else beside them.
fn deploy(from: &Path, dist: &Path, files: &[String]) -> Result<()> {
    fs::create_dir_all(dist).with_context(|| format!("{} cannot be made", dist.display()))?;
    for name in files {
        // A page that loads just now gets the old file or the new one, never half of one.
        let to = dist.join(name);
        let half = dist.join(format!("{name}.new"));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        copy(&from.join(name), &half)?;
        fs::rename(&half, to).with_context(|| format!("dist/{name} cannot be replaced"))?;
    }
    sweep(dist, "", files)
}

/// Removes what is none of the files, nor a folder of one.
fn sweep(folder: &Path, prefix: &str, files: &[String]) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let old = entry?.path();
        let name = old.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let path = format!("{prefix}{name}");
        let inside = format!("{path}/");
        let removed = match old.is_dir() {
            true if files.iter().any(|file| file.starts_with(&inside)) => {
                sweep(&old, &inside, files)?;
                Ok(())
            }
            true => fs::remove_dir_all(&old),
            false if files.contains(&path) => Ok(()),
            false => fs::remove_file(&old),
        };
        removed.with_context(|| format!("{} cannot be removed", old.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dist_holds_exactly_its_files() {
        let here = tempfile::tempdir().unwrap();
        let (from, dist) = (here.path().join("from"), here.path().join("dist"));
        fs::create_dir_all(&from).unwrap();
        fs::create_dir_all(dist.join("old")).unwrap();
        fs::write(dist.join("old.js"), "").unwrap();
        fs::write(dist.join("vitrine.js"), "old").unwrap();
        let files = ["formats/a.mjs", "vitrine.js"].map(str::to_owned);
        fs::create_dir_all(from.join("formats")).unwrap();
        fs::create_dir_all(dist.join("formats/old")).unwrap();
        for name in &files {
            fs::write(from.join(name), name).unwrap();
        }
        deploy(&from, &dist, &files).unwrap();
        let mut names: Vec<String> = fs::read_dir(&dist)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["formats", "vitrine.js"]);
        assert_eq!(fs::read_dir(dist.join("formats")).unwrap().count(), 1);
        assert_eq!(fs::read(dist.join("vitrine.js")).unwrap(), b"vitrine.js");
    }
}
