//! The program as it is called.

use crate::support::hand;
use std::path::Path;
use std::process::{Command, Output};

fn report(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vitrine-report"))
        .arg("--data")
        .arg(data)
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn figures_come_in_every_format() {
    let data = hand(6);
    let to = ["--to", "2026-05-05T10:00:00Z"];
    let run = |arguments: &[&str]| {
        let output = report(data.path(), &[arguments, &to].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let table = run(&["abandoned"]);
    assert!(
        table.contains("15.00 EUR") && table.contains("66.7 % [20.8–93.9]"),
        "{table}"
    );
    let days = run(&["overview", "--by", "day"]);
    assert!(
        days.contains("2026-05-04") && days.contains("2026-05-05"),
        "{days}"
    );
    let json: serde_json::Value = serde_json::from_str(&run(&["all", "--format", "json"])).unwrap();
    let figures = json.as_array().unwrap();
    assert_eq!(figures.len(), vitrine_report::figures::ALL.len() - 1);
    assert_eq!(figures[0]["figure"], "overview");
    assert_eq!(figures[0]["rows"][0]["impressions"], 7);
    assert!(run(&["hctr", "--format", "csv"]).starts_with("video,hotspot,dimension,exposed_views"));
    let page = run(&["all", "--format", "html"]);
    assert_eq!(page.matches("<section ").count(), figures.len());
    assert!(page.contains("66.7 % [20.8–93.9]") && page.contains("before 2026-05-05 10:00 UTC"));
    let out = tempfile::tempdir().unwrap();
    run(&[
        "all",
        "--format",
        "parquet",
        "--output",
        out.path().to_str().unwrap(),
    ]);
    let file = std::fs::read(out.path().join("overview.parquet")).unwrap();
    assert!(file.starts_with(b"PAR1"));
}

#[test]
fn what_is_wrong_is_said_in_words() {
    let data = hand(0);
    for (arguments, code, words) in [
        (["hctrr", ""], 2, "Do you mean hctr?"),
        (
            ["overview", "--by=product"],
            2,
            "--by product is not possible",
        ),
        (["overview", "--from=tomorrow"], 2, "tomorrow"),
        (["all", "--format=csv"], 2, "--output"),
        (["overview", "--data=/nowhere"], 1, "found no directory"),
    ] {
        let arguments: Vec<_> = arguments
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let data = data.path();
        let output = match arguments.contains(&"--data=/nowhere") {
            true => report(Path::new("/nowhere"), &["overview"]),
            false => report(data, &arguments),
        };
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let empty = tempfile::tempdir().unwrap();
    let output = report(empty.path(), &["overview"]);
    assert!(text(&output.stderr).contains("neither segments/ nor archive/"));
    std::fs::create_dir(empty.path().join("segments")).unwrap();
    let output = report(empty.path(), &["all"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Nothing in this period"));
}

#[test]
fn a_figure_shows_its_sql() {
    let output = report(Path::new("data"), &["sql", "funnel"]);
    assert!(text(&output.stdout).starts_with("-- title: Funnel"));
    let list = text(&report(Path::new("data"), &["list"]).stdout);
    assert_eq!(list.lines().count(), vitrine_report::figures::ALL.len());
}
