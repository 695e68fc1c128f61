//! The tests of the bindings, by wasm-pack, headless, in three engines.

use super::cargo;
use super::guests::Guests;
use super::report::Report;
use crate::Repo;
use crate::run::{cargo_bin, read, run, say, which};
use crate::system::is_root;
use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A browser that hangs is given up after so many seconds, of which a run takes a fifth.
const LIMIT: &str = "120";

/// And so many in a row are too many.
const TRIES: u32 = 3;

/// How `timeout` says that it ended the command, by itself or by a kill.
const HUNG: [i32; 2] = [124, 137];

const TARGET: &str = "wasm32-unknown-unknown";

/// Runs them.
pub fn steps(repo: &Repo, report: &mut Report) {
    report.step("browser tests: compile", || {
        if test_names(repo)?.is_empty() {
            bail!("tests/ holds no file for wasm32");
        }
        tools::wasm_target()?;
        tools::wasm_bindgen(repo)?;
        tools::wasm_pack(repo)?;
        // All of tests/, as wasm-pack does; here without a limit of time.
        run(cargo(repo).args(["build", "--quiet", "--tests", "--target", TARGET]))
    });
    let engines = [
        ("Chromium", "chrome", "--chromedriver"),
        ("Firefox", "firefox", "--geckodriver"),
        ("WebKit", "safari", "--safaridriver"),
    ];
    for (name, flag, option) in engines {
        report.step(&format!("browser tests: {name}"), || {
            engine(repo, flag, option)
        });
    }
}

/// The test files for the browser: those for wasm32 alone.
pub fn test_names(repo: &Repo) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let tests = repo.at("tests");
    for entry in
        fs::read_dir(&tests).with_context(|| format!("{} cannot be read", tests.display()))?
    {
        let file = entry?.path();
        let rust = file.extension() == Some(OsStr::new("rs"));
        if let Some(name) = file.file_stem().and_then(OsStr::to_str)
            && rust
            && read(&file)?.contains("#![cfg(target_arch = \"wasm32\")]")
        {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn engine(repo: &Repo, flag: &str, option: &str) -> Result<()> {
    let found = |name: &str| which(name).with_context(|| format!("{name} is not on PATH"));
    let driver = match flag {
        "firefox" => tools::geckodriver(repo)?,
        "safari" => found("WebKitWebDriver")?,
        _ => found("chromedriver")?,
    };
    let mut words: Vec<PathBuf> = Vec::new();
    if which("timeout").is_some() {
        words.extend(["timeout".into(), "--kill-after=10".into(), LIMIT.into()]);
    }
    // Without a display WebKit's browser hangs.
    if flag == "safari" {
        words.extend(["xvfb-run".into(), "--auto-servernum".into()]);
    }
    words.push(tools::wasm_pack(repo)?);
    words.extend(["test", "--headless", "--mode", "no-install"].map(PathBuf::from));
    words.extend([format!("--{flag}").into(), option.into(), driver]);
    // What follows goes to cargo.
    words.push("--".into());
    for name in test_names(repo)? {
        words.extend(["--test".into(), name.into()]);
    }
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(&repo.root);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    on_path(repo, &mut command);
    for _ in 0..TRIES {
        let guests = Guests::invite()?;
        command.env("WASM_BINDGEN_TEST_ADDRESS", guests.address.to_string());
        let status = command.status().context("the tests cannot be started")?;
        if !status.code().is_some_and(|code| HUNG.contains(&code)) {
            ensure!(
                status.success(),
                "the browser tests failed ({status}); their own words are above"
            );
            return Ok(());
        }
        say("the browser or its driver hung; once more with a new one");
    }
    bail!("the browser hung {TRIES} times in a row; try it by hand:\n{command:?}")
}

/// The command with our own tools on its `PATH`, and as root without WebKit's sandbox, which refuses root.
pub fn on_path<'a>(repo: &Repo, command: &'a mut Command) -> &'a mut Command {
    let mut places = vec![tools::bin(repo)];
    places.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    places.extend(cargo_bin());
    if let Ok(path) = env::join_paths(places) {
        command.env("PATH", path);
    }
    if is_root() {
        command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    }
    command
}
