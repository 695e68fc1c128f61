//! `cargo xtask test`: everything, step by step.

mod browser;
mod formats;
mod guests;
mod lint;
mod report;

use crate::Repo;
use crate::build::{Profile, build};
use crate::package;
use crate::run::run;
use crate::size::size;
use crate::system;
use crate::tools;
use anyhow::{Result, bail};
use report::Report;
use std::process::Command;

/// What can be run alone, in the order in which all of it runs.
pub const PARTS: [&str; 7] = [
    "lint", "native", "report", "formats", "package", "browser", "e2e",
];

/// Whoever changes only what runs in the page's browser runs these, as `overlay`.
const OVERLAY: [&str; 4] = ["formats", "package", "browser", "e2e"];

/// Runs the named parts, or all of them. Whether every step passed.
pub fn test(repo: &Repo, parts: &[String]) -> Result<bool> {
    let overlay = parts.iter().any(|name| name == "overlay");
    let known = |part: &&String| PARTS.contains(&part.as_str()) || *part == "overlay";
    if let Some(part) = parts.iter().find(|part| !known(part)) {
        bail!(
            "there is no part {part:?}; the parts are {}, and overlay for {}",
            PARTS.join(", "),
            OVERLAY.join(", ")
        );
    }
    let wanted = |part: &str| {
        parts.is_empty()
            || parts.iter().any(|name| name == part)
            || overlay && OVERLAY.contains(&part)
    };
    let mut report = Report::default();
    if wanted("lint") {
        lint::steps(repo, &mut report);
    }
    if wanted("native") {
        report.step("native tests", || {
            run(cargo(repo).args([
                "test",
                "--workspace",
                "--exclude",
                "e2e",
                "--exclude",
                "vitrine-report",
                "--quiet",
                "--no-fail-fast",
            ]))
        });
    }
    if wanted("report") {
        report_steps(repo, &mut report);
    }
    if wanted("formats") {
        report.step("collector formats, read by what others wrote", || {
            formats::check(repo)
        });
    }
    if wanted("package") {
        package_steps(repo, &mut report);
    }
    if wanted("browser") || wanted("e2e") {
        report.step("browsers and drivers are installed", || {
            system::ensure_browsers(wanted("e2e"))?;
            tools::geckodriver(repo).map(drop)
        });
    }
    if wanted("browser") {
        browser::steps(repo, &mut report);
    }
    if wanted("e2e") {
        if !wanted("package") {
            report.step("build", || build(repo, Profile::Release));
        }
        report.step("end-to-end tests", || {
            run(browser::on_path(
                repo,
                cargo(repo).args(["test", "--package", "e2e", "--no-fail-fast"]),
            ))
        });
    }
    Ok(report.finish())
}

/// Its query engine takes long to build, so it is built once, as it is used: by its own profile. For clippy
/// it would be built again, so clippy sees what is around it.
fn report_steps(repo: &Repo, report: &mut Report) {
    let of = ["--package", "vitrine-report"];
    let with_page = ["--features", "dashboard"];
    report.step("the dashboard's page", || crate::report::bundle(repo));
    report.step("the report, clippy", || {
        let command = &mut cargo(repo);
        command.args([
            "clippy",
            "--quiet",
            "--all-targets",
            "--no-default-features",
            "--features",
            "s3",
        ]);
        run(command.args(of).args(["--", "-D", "warnings"]))
    });
    report.step("the report, beside DuckDB", || {
        let command = &mut cargo(repo);
        command.args(["test", "--quiet", "--profile", "figures"]);
        run(command.args(of).args(with_page))
    });
    report.step("the dashboard in Chromium", || {
        system::ensure_browsers(true)?;
        crate::report::build(repo)?;
        // One of the tests clicks in the demo.
        if !repo.dist().join("vitrine.js").is_file() {
            build(repo, Profile::Release)?;
        }
        let test = [
            "test",
            "--package",
            "e2e",
            "--features",
            "report",
            "--test",
            "report",
            // The others take as long again, each: by hand, `… --test report -- firefox`.
            "--",
            "--skip",
            "firefox",
            "--skip",
            "webkit",
        ];
        run(browser::on_path(repo, cargo(repo).args(test)))
    });
}

fn package_steps(repo: &Repo, report: &mut Report) {
    report.step("build", || build(repo, Profile::Release));
    report.step("size within the budget", || size(repo));
    report.step("types: tsc --strict takes the sample", || {
        package::check_types(repo)
    });
    report.step("npm pack takes dist/", || package::check_pack(repo));
}

/// cargo, in the repository.
fn cargo(repo: &Repo) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&repo.root);
    command
}
