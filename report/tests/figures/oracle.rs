//! Every SQL file in DuckDB, and by hand in Spark: engines that have nothing in common have to find the same.

use crate::support::{block, engine, everything, hand, hand_scope, same};
use serde_json::{Value as Json, json};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vitrine_collector::archive::{Limits, compact};
use vitrine_report::engine::Engine;
use vitrine_report::figures::Figure;
use vitrine_report::frame::{Frame, Value};
use vitrine_report::generate::{Options, generate};
use vitrine_report::scope::{Parameter, Scope, Tables};

/// An engine from PyPI, and the script that asks it.
struct Oracle {
    name: &'static str,
    package: &'static str,
    script: &'static str,
}

const DUCKDB: Oracle = Oracle {
    name: "DuckDB",
    package: "duckdb==2.0.0",
    script: "oracle.py",
};
const SPARK: Oracle = Oracle {
    name: "Spark",
    package: "pyspark==4.3.0",
    script: "spark.py",
};

/// Python with a package, installed from PyPI when it is first needed.
fn python(package: &str) -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools");
    std::fs::create_dir_all(&tools).unwrap();
    let lock = File::create(tools.join("oracle.lock")).unwrap();
    lock.lock().unwrap();
    let venv = tools.join(package.replace("==", "-"));
    let installed = venv.join("installed");
    if !installed.exists() {
        let run = |command: &mut Command| {
            let done = command.status().unwrap();
            assert!(
                done.success(),
                "{command:?}: PyPI and python3 with venv are needed"
            );
        };
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        run(Command::new(venv.join("bin/pip")).args(["install", "--quiet", package]));
        std::fs::write(installed, "").unwrap();
    }
    venv.join("bin/python")
}

/// What an engine finds in an archive.
fn asked(oracle: &Oracle, data: &Path, to: i64, queries: &[(&Figure, Scope)]) -> Vec<Frame> {
    let queries: Vec<_> = queries
        .iter()
        .map(|(figure, scope)| {
            let values = scope.parameters(figure.sql).unwrap().into_iter();
            let values = values.map(|(name, value)| match value {
                Parameter::Int(number) => (name, json!(number)),
                Parameter::Text(text) => (name, json!(text)),
            });
            let parameters: serde_json::Map<_, _> = values.collect();
            json!({"sql": figure.sql, "parameters": parameters})
        })
        .collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(oracle.script);
    let mut child = Command::new(python(oracle.package))
        // Nothing is written beside the scripts.
        .arg("-B")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let job = json!({"data": data, "to": to, "queries": queries}).to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(job.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{} refused a file", oracle.name);
    let answers: Vec<Json> = serde_json::from_slice(&output.stdout).unwrap();
    answers.iter().map(frame).collect()
}

fn frame(answer: &Json) -> Frame {
    let list = |json: &Json| json.as_array().unwrap().clone();
    let cell = |cell: &Json| match cell {
        Json::Null => Value::Null,
        Json::String(text) => Value::Text(text.clone()),
        number => number
            .as_i64()
            .map_or_else(|| Value::Real(number.as_f64().unwrap()), Value::Int),
    };
    Frame {
        columns: list(&answer["columns"])
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect(),
        rows: list(&answer["rows"])
            .iter()
            .map(|row| list(row).iter().map(cell).collect())
            .collect(),
    }
}

/// Compares, cell by cell; says how many rows there were.
fn compare(
    oracle: &Oracle,
    engine: &Engine,
    (figure, scope): (&Figure, &Scope),
    there: &Frame,
) -> usize {
    let name = format!("{} by {:?}", figure.name, scope.by);
    let here =
        block(engine.query(figure.sql, scope)).unwrap_or_else(|error| panic!("{name}: {error:#}"));
    assert_eq!(here.columns, there.columns, "{name}");
    assert_eq!(here.rows.len(), there.rows.len(), "{name}");
    for (row, (here_row, there_row)) in here.rows.iter().zip(&there.rows).enumerate() {
        for ((column, here), there) in here.columns.iter().zip(here_row).zip(there_row) {
            assert!(
                same(here, there),
                "{name}, row {row}, {column}: {here:?}, but {there:?} in {}",
                oracle.name
            );
        }
    }
    let rows = here.rows.len();
    let finished = figure.finished(here, scope).unwrap();
    for column in figure.head().unwrap().columns {
        assert!(
            finished.index(&column.name).is_some(),
            "{name}: no column {}",
            column.name
        );
    }
    rows
}

#[test]
fn duckdb_finds_the_same_in_the_events_by_hand() {
    finds_the_same_in_the_events_by_hand(&DUCKDB);
}

#[test]
#[ignore = "needs Java 17 and 460 MB from PyPI; see docs/report.md"]
fn spark_finds_the_same_in_the_events_by_hand() {
    finds_the_same_in_the_events_by_hand(&SPARK);
}

fn finds_the_same_in_the_events_by_hand(oracle: &Oracle) {
    let data = hand(crate::support::HAND.lines().count());
    let queries = everything(&hand_scope());
    let engine = engine(data.path(), &hand_scope());
    let answers = asked(oracle, data.path(), hand_scope().to, &queries);
    for ((figure, scope), there) in queries.iter().zip(answers) {
        compare(oracle, &engine, (figure, scope), &there);
    }
}

#[test]
fn duckdb_finds_the_same_in_made_up_traffic() {
    finds_the_same_in_made_up_traffic(&DUCKDB);
}

#[test]
#[ignore = "needs Java 17 and 460 MB from PyPI; see docs/report.md"]
fn spark_finds_the_same_in_made_up_traffic() {
    finds_the_same_in_made_up_traffic(&SPARK);
}

fn finds_the_same_in_made_up_traffic(oracle: &Oracle) {
    let data = tempfile::tempdir().unwrap();
    let truth = generate(&Options::new(data.path(), 60_000, 7), &mut |_| {}).unwrap();
    let scope = Scope {
        to: truth.to,
        as_of: truth.to,
        tables: Tables {
            segments: Some(data.path().join("segments.csv")),
            ..Tables::default()
        },
        ..Scope::default()
    };
    let filtered = Scope {
        from: truth.from + 20 * 86_400_000,
        to: truth.to - 10 * 86_400_000,
        as_of: truth.to - 10 * 86_400_000,
        window_ms: 3_600_000,
        device: "phone".to_owned(),
        ..Scope::default()
    };
    let live = engine(data.path(), &scope);
    assert!(live.sources.live_bytes > 0 && live.sources.archive_files == 0);
    let archived = tempfile::tempdir().unwrap();
    copy(
        &data.path().join("segments"),
        &archived.path().join("segments"),
    );
    compact(archived.path(), Limits::default()).unwrap();
    let files = engine(archived.path(), &scope);
    assert!(files.sources.archive_files > 0);
    let mut queries = everything(&scope);
    queries.extend(everything(&filtered));
    let mut rows = std::collections::BTreeMap::new();
    let answers = asked(oracle, archived.path(), scope.to, &queries);
    for ((figure, asked), there) in queries.iter().zip(answers) {
        let found = rows.entry(figure.name).or_insert(0);
        // Once for each figure the segments, too, before any compaction.
        if *found == 0 && asked.from == scope.from {
            compare(oracle, &live, (figure, asked), &there);
        }
        *found += compare(oracle, &files, (figure, asked), &there);
    }
    let empty: Vec<_> = rows.iter().filter(|(_, rows)| **rows == 0).collect();
    assert!(
        empty.iter().all(|(name, _)| **name == "click_map"),
        "nothing was compared: {empty:?}"
    );
}

/// All segments, and an empty one after them, so that the last of them is sealed.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(to.join("00000000000000999999.ndjson"), "").unwrap();
}
