//! Every figure of the report over made-up events, and DuckDB beside it over the same archive with the same SQL.

use crate::Repo;
use crate::run::{empty_dir, read, run, say, write};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const DUCKDB: &str = "duckdb==2.0.0";
const HEAD: &str =
    "| figure | rows | report | DuckDB | ratio | report, processor | DuckDB, processor | ratio |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

/// Builds, makes up events once, brings them into an archive, measures both; gives back the table.
pub fn measure(repo: &Repo, events: u64) -> Result<String> {
    let program = build(repo)?;
    let data = traffic(repo, &program, events)?;
    let folder = repo.target.join("bench");
    std::fs::create_dir_all(&folder)?;
    let (here, there) = (
        folder.join("report-figures.json"),
        folder.join("report-duckdb.json"),
    );
    say("measuring the report");
    run(Command::new(&program)
        .args(["measure", "--data"])
        .arg(&data)
        .stdout(File::create(&here)?))?;
    say("measuring DuckDB");
    run(Command::new(python(repo)?)
        // Nothing is written beside the scripts.
        .arg("-B")
        .arg(repo.at("report/tests/beside.py"))
        .stdin(Stdio::from(File::open(&here)?))
        .stdout(File::create(&there)?))?;
    let (here, there) = (
        serde_json::from_str(&read(&here)?)?,
        serde_json::from_str(&read(&there)?)?,
    );
    let table = table(&here, &there)?;
    let text = format!(
        "{events} made-up events; load before: {}\n\n{table}",
        load()
    );
    write(&folder.join("report.md"), text.as_bytes())?;
    Ok(text)
}

fn build(repo: &Repo) -> Result<PathBuf> {
    for (package, profile) in [
        ("vitrine-report", "figures"),
        ("vitrine-collector", "collector"),
    ] {
        run(Command::new("cargo").current_dir(&repo.root).args([
            "build",
            "--package",
            package,
            "--profile",
            profile,
            "--bins",
        ]))?;
    }
    Ok(repo.target.join("figures/vitrine-report"))
}

/// An archive of made-up events; kept for the next time, since ten million take minutes.
fn traffic(repo: &Repo, program: &Path, events: u64) -> Result<PathBuf> {
    let data = repo.target.join(format!("bench/report-{events}"));
    if data.join("complete").exists() {
        return Ok(data);
    }
    empty_dir(&data)?;
    say("making up events");
    run(Command::new(program)
        .args(["generate", "--events", &events.to_string(), "--data"])
        .arg(&data))?;
    // A compaction leaves the last segment, which a collector may still write to.
    File::create(data.join("segments/00000000000000999999.ndjson"))?;
    run(
        Command::new(repo.target.join("collector/vitrine-collector"))
            .args(["compact", "--data"])
            .arg(&data),
    )?;
    // What is compacted is read no more, and is ten times as large as the archive.
    empty_dir(&data.join("segments"))?;
    File::create(data.join("complete"))?;
    Ok(data)
}

/// Python with DuckDB from PyPI, in the place where the report's tests have it, too.
fn python(repo: &Repo) -> Result<PathBuf> {
    let tools = repo.target.join("tools");
    std::fs::create_dir_all(&tools)?;
    let lock = File::create(tools.join("duckdb.lock"))?;
    lock.lock()?;
    let venv = tools.join(DUCKDB.replace("==", "-"));
    let installed = venv.join("installed");
    if !installed.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(venv.join("bin/pip")).args(["install", "--quiet", DUCKDB]))?;
        File::create(installed)?;
    }
    Ok(venv.join("bin/python"))
}

/// What the machine is busy with besides: a measurement without it says little.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("unknown").to_owned()
}

fn seconds(value: &Value, name: &str) -> Result<f64> {
    value[name]
        .as_f64()
        .with_context(|| format!("{name}: found no seconds in {value}"))
}

/// Both beside each other. The report's seconds have what it goes on to work out from the SQL's rows, too.
fn table(here: &Value, there: &Value) -> Result<String> {
    let figures = here["figures"].as_array().context("no figures")?;
    if figures.is_empty() {
        bail!("no figure was measured");
    }
    let mut out = HEAD.to_owned();
    let line = |name: &str, rows: &str, here: &[f64], there: &[f64]| {
        let pairs = here.iter().zip(there);
        let cells = pairs.map(|(own, other)| {
            let ratio = own / other;
            format!(" {own:.2} s | {other:.2} s | {ratio:.2} |")
        });
        format!("| {name} | {rows} |{}\n", cells.collect::<String>())
    };
    let (mut sums, mut other_sums) = ([0.0; 2], [0.0; 2]);
    for figure in figures {
        let name = figure["name"].as_str().context("a figure has no name")?;
        let other = &there["figures"][name];
        let both = |of: &Value| -> Result<[f64; 2]> {
            Ok([seconds(of, "warm_s")?, seconds(of, "cpu_s")?])
        };
        let (own, beside) = (both(figure)?, both(other)?);
        out += &line(name, &other["rows"].to_string(), &own, &beside);
        for at in 0..2 {
            sums[at] += own[at];
            other_sums[at] += beside[at];
        }
    }
    out += &line("all", "", &sums, &other_sums);
    let opened = [seconds(here, "open_s")?, seconds(there, "open_s")?];
    out += &format!("\nOpening: {:.2} s, DuckDB {:.2} s.", opened[0], opened[1]);
    let peak = here["peak_kb"].as_f64().unwrap_or(f64::NAN) / 1024.0;
    out += &format!(" Peak memory of the report: {peak:.0} MiB.\n");
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::table;
    use serde_json::json;

    #[test]
    fn a_ratio_is_of_the_same_figure() {
        let own = |name: &str, seconds: f64| json!({"name": name, "warm_s": seconds, "cpu_s": 1.0});
        let beside = json!({"warm_s": 1.0, "cpu_s": 2.0, "rows": 7});
        let here =
            json!({"open_s": 1.0, "peak_kb": 2048, "figures": [own("a", 1.5), own("b", 0.5)]});
        let there = json!({"open_s": 2.0, "figures": {"b": beside, "a": beside}});
        let found = table(&here, &there).unwrap();
        for line in [
            "| a | 7 | 1.50 s | 1.00 s | 1.50 | 1.00 s | 2.00 s | 0.50 |",
            "| b | 7 | 0.50 s | 1.00 s | 0.50 | 1.00 s | 2.00 s | 0.50 |",
            "| all |  | 2.00 s | 2.00 s | 1.00 | 2.00 s | 4.00 s | 0.50 |",
            "Opening: 1.00 s, DuckDB 2.00 s. Peak memory of the report: 2 MiB.",
        ] {
            assert!(found.contains(line), "{found}");
        }
        let less = json!({"open_s": 2.0, "figures": {"a": beside}});
        assert!(table(&here, &less).is_err());
    }
}
