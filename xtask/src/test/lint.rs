//! What is checked without running the product: format, lints, documentation, dependencies, layout.

use super::browser::test_names;
use super::cargo;
use super::report::Report;
use crate::Repo;
use crate::run::run;
use crate::tools;
use anyhow::{Context, Result, bail};
use std::process::Stdio;

/// Whose query engine takes long to build: it is a part of its own.
const WITHOUT_REPORT: [&str; 2] = ["--exclude", "vitrine-report"];

/// Runs them.
pub fn steps(repo: &Repo, report: &mut Report) {
    report.step("format", || {
        tools::lint_components()?;
        run(cargo(repo).args(["fmt", "--all", "--", "--check"]))
            .context("`cargo fmt --all` puts it right")
    });
    report.step("clippy, native", || {
        let what = ["clippy", "--quiet", "--workspace", "--all-targets"];
        let command = &mut cargo(repo);
        run(command
            .args(what)
            .args(WITHOUT_REPORT)
            .args(["--", "-D", "warnings"]))
    });
    report.step("clippy, wasm32", || {
        tools::wasm_target()?;
        let mut command = cargo(repo);
        command.args(["clippy", "--quiet", "--package", "vitrine", "--lib"]);
        command.args(["--target", "wasm32-unknown-unknown"]);
        for name in test_names(repo)? {
            command.args(["--test", &name]);
        }
        run(command.args(["--", "-D", "warnings"]))
    });
    report.step("documentation", || {
        let what = ["doc", "--quiet", "--workspace", "--no-deps"];
        let command = &mut cargo(repo);
        run(command
            .args(what)
            .args(WITHOUT_REPORT)
            .env("RUSTDOCFLAGS", "-D warnings"))
    });
    report.step("licences, bans and sources of dependencies", || {
        tools::cargo_deny(repo)?;
        let what = [
            "deny",
            "--workspace",
            "check",
            "licenses",
            "bans",
            "sources",
        ];
        run(super::browser::on_path(repo, cargo(repo).args(what)))
    });
    report.noted("advisories of dependencies", || advisories(repo));
    report.step("layout rules", || {
        run(cargo(repo).args(["test", "--quiet", "--test", "layout"]))
    });
}

/// Known vulnerabilities. Their database comes from github.com, which not every machine reaches.
fn advisories(repo: &Repo) -> Result<Option<String>> {
    tools::cargo_deny(repo)?;
    let mut command = cargo(repo);
    command.args(["deny", "--workspace", "check", "advisories"]);
    let command = super::browser::on_path(repo, &mut command);
    let output = command.stdin(Stdio::null()).output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(None);
    }
    if words.contains("failed to fetch advisory database")
        || words.contains("failed to load advisory database")
    {
        println!("skipped: the advisory database could not be fetched from github.com");
        return Ok(Some(
            "skipped: the database could not be fetched".to_owned(),
        ));
    }
    eprintln!("{words}");
    bail!("cargo deny found advisories; what they are is above")
}
