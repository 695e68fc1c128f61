//! `cargo xtask report`: the report with its dashboard, on the events of the demo.

use crate::Repo;
use crate::build::esbuild;
use crate::run::{run, say};
use crate::tools;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// Puts the page's modules and its chart library into one file.
pub fn bundle(repo: &Repo) -> Result<()> {
    let place = repo.at("report/dashboard");
    tools::npm_ci(&place, "the dashboard's charts", &["--ignore-scripts"])?;
    for (from, to) in [
        ("src/main.js", "dist/main.js"),
        ("src/main.css", "dist/main.css"),
    ] {
        esbuild(
            &place.join("node_modules/.bin"),
            &place.join(from),
            &place.join(to),
        )
        .args(["--bundle", "--format=esm"])
        .run()?;
    }
    Ok(())
}

/// Builds it; gives back the program.
pub fn build(repo: &Repo) -> Result<PathBuf> {
    bundle(repo)?;
    say("building the report; the first time its query engine takes 15 minutes or more");
    run(Command::new("cargo").current_dir(&repo.root).args([
        "build",
        "--profile",
        "figures",
        "--package",
        "vitrine-report",
        "--features",
        "dashboard",
    ]))?;
    Ok(repo.target.join("figures/vitrine-report"))
}

/// Serves the dashboard until it is stopped.
pub fn report(repo: &Repo) -> Result<()> {
    let data = repo.target.join("demo/events");
    if !data.join("segments").is_dir() {
        bail!(
            "{} has no events yet: run `cargo xtask demo` beside this, and click in the video",
            data.display()
        );
    }
    let program = build(repo)?;
    let film = repo.at("www/demo/media/spring.mp4");
    run(Command::new(program)
        .args(["serve", "--data"])
        .arg(data)
        .arg("--media")
        .arg(format!("spring-look={}", film.display())))
}
