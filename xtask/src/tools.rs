//! The tools that the build and the tests take from rustup, cargo and npm, each of one version.

use crate::Repo;
use crate::run::{capture, read, run, say, which, write};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that `cargo install` builds.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    package: &'static str,
    program: &'static str,
    /// Whether its own lock file still resolves. The other way is tried when this one fails.
    locked: bool,
}

/// Runs the tests of the bindings in a browser.
pub const WASM_PACK: Tool = Tool::new("wasm-pack", "wasm-pack", true);
/// Drives Firefox.
pub const GECKODRIVER: Tool = Tool::new("geckodriver", "geckodriver", true);
/// Checks licences, advisories, duplicates and sources of what we depend on.
pub const CARGO_DENY: Tool = Tool::new("cargo-deny", "cargo-deny", true);
/// Writes the glue; its own lock file names a yanked crate.
pub const WASM_BINDGEN: Tool = Tool::new("wasm-bindgen-cli", "wasm-bindgen", false);

/// The versions that the tests are known to pass with.
const WASM_PACK_VERSION: &str = "0.15.1";
const GECKODRIVER_VERSION: &str = "0.37.1";
const CARGO_DENY_VERSION: &str = "0.20.2";

impl Tool {
    const fn new(package: &'static str, program: &'static str, locked: bool) -> Tool {
        Tool {
            package,
            program,
            locked,
        }
    }

    /// Finds the program, of this version if one is asked for, or installs it.
    fn ensure(self, repo: &Repo, version: &str, exact: bool) -> Result<PathBuf> {
        let ours = bin(repo).join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        // Ours comes first on the path of what we start: if it is there, it is the one to be right.
        let there = if ours.is_file() {
            Some(ours.clone())
        } else {
            which(self.program)
        };
        if let Some(found) = there
            && let Ok(answer) = capture(Command::new(&found).arg("--version"))
            && (!exact || answer.split_whitespace().nth(1) == Some(version))
        {
            return Ok(found);
        }
        say(format!(
            "installing {} {version} by cargo into {} (a few minutes, once)",
            self.package,
            bin(repo).display()
        ));
        let first = self.install(repo, version, self.locked);
        if first.is_err() {
            say(format!(
                "that failed; once more with {} dependencies",
                if self.locked { "newer" } else { "its locked" }
            ));
            self.install(repo, version, !self.locked).with_context(|| {
                let (package, locked) = (self.package, if self.locked { " --locked" } else { "" });
                format!(
                    "{package} could not be installed; this would: \
                     cargo install {package} --version {version}{locked}"
                )
            })?;
        }
        Ok(ours)
    }

    fn install(self, repo: &Repo, version: &str, locked: bool) -> Result<()> {
        let mut command = Command::new("cargo");
        command
            .args(["install", self.package, "--version", version, "--quiet"])
            .arg("--root")
            .arg(repo.target.join("tools"))
            .args(locked.then_some("--locked"))
            .current_dir(&repo.root)
            // They run for seconds: what counts is how soon they are built.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_TARGET_DIR");
        run(&mut command)
    }
}

/// Where our own tools are installed.
pub fn bin(repo: &Repo) -> PathBuf {
    repo.target.join("tools").join("bin")
}

/// wasm-pack, at whatever version is there.
pub fn wasm_pack(repo: &Repo) -> Result<PathBuf> {
    WASM_PACK.ensure(repo, WASM_PACK_VERSION, false)
}

/// geckodriver, at whatever version is there.
pub fn geckodriver(repo: &Repo) -> Result<PathBuf> {
    GECKODRIVER.ensure(repo, GECKODRIVER_VERSION, false)
}

/// cargo-deny, at whatever version is there.
pub fn cargo_deny(repo: &Repo) -> Result<PathBuf> {
    CARGO_DENY.ensure(repo, CARGO_DENY_VERSION, false)
}

/// The wasm-bindgen command of exactly the version that Cargo.lock names.
pub fn wasm_bindgen(repo: &Repo) -> Result<PathBuf> {
    let lock = read(&repo.at("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock names no wasm-bindgen; `cargo generate-lockfile` writes it anew")?;
    WASM_BINDGEN.ensure(repo, version, true)
}

/// The version of a package in the text of a Cargo.lock.
pub fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"')
}

/// The standard library for WebAssembly.
pub fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET);
    if library.is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", TARGET])
}

/// rustfmt and clippy.
pub fn lint_components() -> Result<()> {
    for (program, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if capture(Command::new("cargo").args([program, "--version"])).is_err() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(args: &[&str]) -> Result<()> {
    let typed = format!("rustup {}", args.join(" "));
    say(&typed);
    run(Command::new("rustup").args(args))
        .with_context(|| format!("this Rust lacks something; with rustup this adds it: {typed}"))
}

/// The directory with the npm tools' commands, installed as `tools/package-lock.json` says.
pub fn npm_tools(repo: &Repo) -> Result<PathBuf> {
    let tools = repo.at("tools");
    npm_ci(&tools, "what the build and the tests take", &[])?;
    Ok(tools.join("node_modules/.bin"))
}

/// Installs what a folder's package-lock.json says, unless it is there; `options` are npm's, such as `--ignore-scripts`.
pub fn npm_ci(place: &Path, what: &str, options: &[&str]) -> Result<()> {
    let lock = read(&place.join("package-lock.json"))?;
    let stamp = place.join("node_modules/.vitrine-lock");
    if read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    say(format!(
        "installing {what} from npm into {}/node_modules",
        place.display()
    ));
    run(npm()?
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .args(options)
        .current_dir(place))
    .with_context(|| {
        format!(
            "this would install them: npm ci --prefix {}",
            place.display()
        )
    })?;
    write(&stamp, lock.as_bytes())
}

/// npm, to which arguments can be added.
pub fn npm() -> Result<Command> {
    match which("npm") {
        Some(npm) if which("node").is_some() => Ok(Command::new(npm)),
        _ => bail!(
            "Node.js with npm is needed (18 or newer): https://nodejs.org, \
             or on Debian and Ubuntu `apt-get install nodejs npm`"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_lock() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
