//! `cargo xtask …`.

use anyhow::{Context, Result, bail};
use std::env;
use std::process::ExitCode;
use xtask::build::{Profile, build};
use xtask::{Repo, bench, demo, report, run, size, test};

const HELP: &str = "\
cargo xtask build [--profile tiny]   builds dist/, what a site deploys
                                     (tiny: with a nightly Rust and its rust-src, a little smaller)
cargo xtask size [--no-build]        builds, prints the bytes of dist/, fails above size-budget.json
cargo xtask demo [--port 8080]       builds, serves the demo shop and its collector on 127.0.0.1
cargo xtask report                   builds the report, serves its dashboard on the demo's events
                                     (the first time 20 minutes)
cargo xtask test [part…]             runs all tests, or these parts: lint native report formats package browser e2e;
                                     overlay is the last four
cargo xtask bench overlay [--quick]  builds, measures Vitrine beside its nearest peer in Chromium
                                     (40 minutes; with --quick five to ten;
                                     --serve shows the pages instead)
cargo xtask bench faults             builds, puts Vitrine's outbox, Snowplow's tracker and posthog-js into the
                                     same trouble in Chromium, and prints who lost what (40 minutes)
cargo xtask bench collector [--quick]
                                     measures the collector beside nginx, if that is installed
cargo xtask bench collector --minutes 10 [--rate 60000]
                                     sends so many events a second, prints the collector's memory each minute
cargo xtask bench report [--events 10000000]
                                     measures every figure beside DuckDB, over made-up events

What is missing is installed: the wasm target by rustup, tools by cargo and npm, and on Debian and
Ubuntu, as root, browsers by apt.";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match command(&args) {
        Ok(true) => ExitCode::SUCCESS,
        // The last line has said it.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Events a second of a long run.
const RATE: u64 = 60_000;

fn number(flag: &str, text: &str) -> Result<u64> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.with_context(|| format!("{flag}: {text:?} is no whole number above 0"))
}

/// Runs one command; false if it has already said what failed.
fn command(args: &[String]) -> Result<bool> {
    let repo = Repo::here();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => {
            println!("{HELP}");
        }
        ["build"] => build(&repo, Profile::Release)?,
        ["build", "--profile", "tiny"] => build(&repo, Profile::Tiny)?,
        ["build", "--profile", other] => {
            bail!(
                "there is no profile {other:?}; without --profile it is the one that counts, the other is tiny"
            )
        }
        ["size"] => {
            build(&repo, Profile::Release)?;
            size::size(&repo)?;
        }
        ["size", "--no-build"] => size::size(&repo)?,
        ["demo"] => demo::demo(&repo, demo::PORT)?,
        ["demo", "--port", port] => {
            let port = port
                .parse()
                .with_context(|| format!("--port: {port:?} is no port; 0 to 65535 are"))?;
            demo::demo(&repo, port)?;
        }
        ["report"] => report::report(&repo)?,
        ["bench", "overlay"] => bench::overlay(&repo, false)?,
        ["bench", "overlay", "--serve"] => bench::serve(&repo)?,
        ["bench", "overlay", "--quick"] => bench::overlay(&repo, true)?,
        ["bench", "faults"] => bench::faults(&repo)?,
        ["bench", "collector"] => bench::collector(&repo, false)?,
        ["bench", "collector", "--quick"] => bench::collector(&repo, true)?,
        ["bench", "collector", "--minutes", minutes] => {
            bench::collector_minutes(&repo, number("--minutes", minutes)?, RATE)?
        }
        ["bench", "collector", "--minutes", minutes, "--rate", rate] => {
            let minutes = number("--minutes", minutes)?;
            bench::collector_minutes(&repo, minutes, number("--rate", rate)?)?
        }
        ["bench", "report"] => bench::report(&repo, 10_000_000)?,
        ["bench", "report", "--events", events] => {
            bench::report(&repo, number("--events", events)?)?
        }
        ["test", parts @ ..] if parts.iter().all(|part| !part.starts_with('-')) => {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            run::say(if parts.is_empty() {
                "all tests".to_owned()
            } else {
                parts.join(", ")
            });
            return test::test(&repo, &parts);
        }
        _ => bail!("`cargo xtask {}` is not known:\n{HELP}", words.join(" ")),
    }
    Ok(true)
}
