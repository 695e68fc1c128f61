//! `cargo xtask build`: from the sources to `dist/`.

use crate::Repo;
use crate::package;
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

/// Exactly what `dist/` holds.
pub const DIST: [&str; 7] = [
    "hotspots.schema.json",
    "package.json",
    "vitrine-element.mjs",
    "vitrine.d.ts",
    "vitrine.js",
    "vitrine.mjs",
    "vitrine_bg.wasm",
];

/// Never `--all-features`: binaryen then emits modules that Chromium rejects.
const WASM_OPT: [&str; 13] = [
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

const TARGET: &str = "wasm32-unknown-unknown";

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

    let css = minify_css(repo, &npm, &work)?;
    let wasm = compile(repo, profile, &css)?;
    let stage = work.join("stage");
    stage_glue(repo, &wasm, &stage)?;

    let out = work.join("dist");
    empty_dir(&out)?;
    say("shrinking the wasm with wasm-opt -Oz");
    let mut wasm_opt = Command::new(npm.join("wasm-opt"));
    wasm_opt
        .args(WASM_OPT)
        .arg(stage.join("glue/vitrine_bg.wasm"))
        .arg("-o")
        .arg(out.join("vitrine_bg.wasm"));
    let names = capture(&mut wasm_opt)?;
    let glue = stage.join("glue/vitrine.js");
    rename(&glue, &names)?;
    leave_loading_to_us(&glue)?;
    say("bundling the modules and the loader with esbuild");
    esbuild(&npm, &stage.join("module.mjs"), &out.join("vitrine.mjs"))
        .args(["--bundle", "--format=esm"])
        .run()?;
    esbuild(&npm, &repo.at("www/vitrine.js"), &out.join("vitrine.js")).run()?;
    let element = out.join("vitrine-element.mjs");
    esbuild(&npm, &repo.at("www/element.mjs"), &element).run()?;
    for name in ["vitrine.d.ts", "hotspots.schema.json"] {
        copy(&repo.at("www").join(name), &out.join(name))?;
    }
    package::write_manifest(repo, &out)?;
    deploy(&out, &repo.dist())?;
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

struct Esbuild(Command);

/// esbuild on one file: minified, for browsers from 2022 on.
fn esbuild(npm: &Path, from: &Path, to: &Path) -> Esbuild {
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
    fn args<const N: usize>(mut self, args: [&str; N]) -> Esbuild {
        self.0.args(args);
        self
    }

    fn run(mut self) -> Result<()> {
        run(&mut self.0)
    }
}

/// The overlay's style sheet, minified: the wasm carries it. Touched only when it changes.
fn minify_css(repo: &Repo, npm: &Path, work: &Path) -> Result<PathBuf> {
    let fresh = work.join("overlay.new.css");
    esbuild(npm, &repo.at("www/overlay.css"), &fresh).run()?;
    let css = work.join("overlay.min.css");
    let text = fs::read(&fresh).with_context(|| format!("{} cannot be read", fresh.display()))?;
    write(&css, text.trim_ascii_end())?;
    Ok(css)
}

/// Compiles the overlay; gives back the wasm.
fn compile(repo: &Repo, profile: Profile, css: &Path) -> Result<PathBuf> {
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
    say("compiling the overlay to WebAssembly");
    cargo
        .current_dir(&repo.root)
        .args(["rustc", "--release", "--lib", "--package", "vitrine"])
        // Alone: beside an rlib, cargo silently leaves out the link-time optimisation.
        .args(["--crate-type", "cdylib"])
        .args(["--target", TARGET, "--quiet"])
        .env("CARGO_TARGET_DIR", &target)
        .env("VITRINE_CSS", css);
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
fn shorter_paths(repo: &Repo) -> String {
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

/// Lays out what the bundler reads: our modules, and wasm-bindgen's glue beside them.
fn stage_glue(repo: &Repo, wasm: &Path, stage: &Path) -> Result<()> {
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    empty_dir(stage)?;
    say("writing the glue with wasm-bindgen");
    let mut command = Command::new(wasm_bindgen);
    command
        .args([
            "--target",
            "web",
            "--no-typescript",
            "--out-name",
            "vitrine",
        ])
        .args(["--remove-name-section", "--remove-producers-section"])
        .arg("--out-dir")
        .arg(stage.join("glue"))
        .arg(wasm);
    run(&mut command)?;
    let www = repo.at("www");
    for entry in fs::read_dir(&www).with_context(|| format!("{} cannot be read", www.display()))? {
        let file = entry?.path();
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let script = name.ends_with(".mjs") || name.starts_with("host") && name.ends_with(".js");
        if script && file.is_file() {
            copy(&file, &stage.join(name))?;
        }
    }
    Ok(())
}

/// Gives the glue the short names that wasm-opt gave to what the wasm imports and exports: the long
/// ones end in hashes, which no compression shortens, once in each file.
fn rename(glue: &Path, names: &str) -> Result<()> {
    let names: serde_json::Value = serde_json::from_str(names)
        .with_context(|| format!("wasm-opt printed no table of names but {names:?}"))?;
    let mut text =
        fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    // `["module", "long", "short"]` of imports, `["long", "short"]` of exports.
    let of = |list: &str| names[list].as_array().cloned().unwrap_or_default();
    for (list, before, after) in [("imports", "        ", ":"), ("exports", "wasm.", "")] {
        for entry in of(list) {
            let mut entry: Vec<&str> = entry
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|n| n.as_str())
                .collect();
            let (Some(short), Some(long)) = (entry.pop(), entry.pop()) else {
                continue;
            };
            if entry
                .pop()
                .is_some_and(|module| module != "./vitrine_bg.js")
            {
                bail!(
                    "{long} is imported past the glue, and would lose its name; make it a method of Host"
                );
            }
            let mut replaced = String::with_capacity(text.len());
            let mut rest = text.as_str();
            let name = format!("{before}{long}{after}");
            while let Some(at) = rest.find(&name) {
                let (head, tail) = rest.split_at(at);
                let tail = &tail[name.len()..];
                replaced.push_str(head);
                // `wasm.free` is not the beginning of `wasm.free_all`.
                let whole = !tail.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric());
                replaced.push_str(&if whole {
                    format!("{before}{short}{after}")
                } else {
                    name.clone()
                });
                rest = tail;
            }
            replaced.push_str(rest);
            text = replaced;
        }
    }
    // wasm-opt calls the one module that is imported from `a`.
    let text = text.replace("\"./vitrine_bg.js\":", "\"a\":");
    write(glue, text.as_bytes())
}

/// Cuts off how the glue fetches and starts the wasm: `module.mjs` does it, and says in words what went wrong.
fn leave_loading_to_us(glue: &Path) -> Result<()> {
    let text = read(glue)?;
    let start = text.find("async function __wbg_load(");
    let parts = [
        "function __wbg_get_imports(",
        "function __wbg_finalize_init(",
    ];
    let (Some(start), true) = (start, parts.iter().all(|part| text.contains(part))) else {
        bail!(
            "the glue of this wasm-bindgen ends otherwise; see {}, and adapt `leave_loading_to_us` to it",
            glue.display()
        );
    };
    let exports = "export { __wbg_get_imports as imports, __wbg_finalize_init as finish };\n";
    write(glue, format!("{}{exports}", &text[..start]).as_bytes())
}

/// Puts the finished files in place, and nothing else beside them.
fn deploy(from: &Path, dist: &Path) -> Result<()> {
    fs::create_dir_all(dist).with_context(|| format!("{} cannot be made", dist.display()))?;
    for entry in fs::read_dir(dist).with_context(|| format!("{} cannot be read", dist.display()))? {
        let old = entry?.path();
        let ours = old
            .file_name()
            .is_some_and(|name| DIST.iter().any(|file| name == *file));
        let removed = match (ours, old.is_dir()) {
            (true, _) => Ok(()),
            (false, true) => fs::remove_dir_all(&old),
            (false, false) => fs::remove_file(&old),
        };
        removed.with_context(|| format!("{} cannot be removed", old.display()))?;
    }
    for name in DIST {
        // A page that loads just now gets the old file or the new one, never half of one.
        let half = dist.join(format!(".{name}.new"));
        copy(&from.join(name), &half)?;
        fs::rename(&half, dist.join(name))
            .with_context(|| format!("dist/{name} cannot be replaced"))?;
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
        for name in DIST {
            fs::write(from.join(name), name).unwrap();
        }
        deploy(&from, &dist).unwrap();
        let mut names: Vec<String> = fs::read_dir(&dist)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, DIST);
        assert_eq!(fs::read(dist.join("vitrine.js")).unwrap(), b"vitrine.js");
    }
}
