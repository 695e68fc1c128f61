//! The real program, on files as marketers write them.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const GOOD: &str = include_str!("../../tests/config/base.json");

fn vitrine(arguments: &[&str], directory: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.args(arguments).current_dir(directory);
    command.output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A directory with the files.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

/// Has an error, a warning and an absent field.
const BAD: &str = r#"{
  "version": 1,
  "video": { "id": "spring", "titel": "Spring" },
  "hotspots": [
    { "id": "a", "start": 0, "end": 4, "action": { "type": "seek", "time": 1 },
      "shape": "elipse", "keyframes": [{ "time": 0, "x": 5, "y": 5, "w": 9, "h": 9 }] },
    { "id": "b", "end": 4, "action": { "type": "seek", "time": 1 },
      "keyframes": [{ "time": 0, "x": 5, "y": 5 }] }
  ]
}"#;

#[test]
fn a_good_file_ends_with_0() {
    let files = directory(&[("good.json", GOOD)]);
    let output = vitrine(&["check", "good.json"], files.path());
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), "good.json: good\n")
    );
}

#[test]
fn errors_come_before_warnings_each_with_its_place_what_was_found_and_what_is_allowed() {
    let files = directory(&[("bad.json", BAD)]);
    let output = vitrine(&["check", "bad.json"], files.path());
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<_> = stdout(&output).lines().collect();
    assert_eq!(
        lines[0],
        "bad.json:6:7: error: hotspots[0].shape: found \"elipse\". Use point, rect, ellipse or polygon. Did you mean \"ellipse\"?"
    );
    assert!(
        lines[1].starts_with("bad.json:7:5: error: hotspots[1].start: found nothing. Use "),
        "{lines:#?}"
    );
    assert!(
        lines[2].starts_with("bad.json:3:30: warning: video.titel: found an unknown field."),
        "{lines:#?}"
    );
    assert!(lines[2].ends_with("Did you mean \"title\"?"));
    assert_eq!(lines[3..], ["1 file, 2 errors, 1 warning"]);
}

#[test]
fn a_warning_alone_is_no_problem_unless_strict() {
    let text = GOOD.replacen("\"version\"", "\"colour\": 1, \"version\"", 1);
    let files = directory(&[("odd.json", &text)]);
    let output = vitrine(&["check", "odd.json"], files.path());
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("warning: colour: found an unknown field"));
    let strict = vitrine(&["check", "--strict", "odd.json"], files.path());
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn json_says_the_same_to_programs() {
    let files = directory(&[("bad.json", BAD), ("good.json", GOOD)]);
    let output = vitrine(
        &["check", "--format", "json", "bad.json", "good.json"],
        files.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["good"], json!(false));
    assert_eq!(
        said["files"][1],
        json!({ "file": "good.json", "good": true, "errors": 0, "warnings": 0, "problems": [] })
    );
    let problems = said["files"][0]["problems"].as_array().unwrap();
    let shape = problems
        .iter()
        .find(|one| one["path"] == "hotspots[0].shape")
        .unwrap();
    let expected = json!({
        "severity": "error", "path": "hotspots[0].shape", "line": 6, "column": 7, "found": "\"elipse\"",
        "allowed": "point, rect, ellipse or polygon", "nearest": "ellipse",
        "message": "hotspots[0].shape: found \"elipse\". Use point, rect, ellipse or polygon. Did you mean \"ellipse\"?",
    });
    assert_eq!(shape, &expected);
}

#[test]
fn text_that_is_no_json_is_a_problem_with_its_place() {
    let files = directory(&[("cut.json", "{\n  \"version\": 1,\n}")]);
    std::fs::write(files.path().join("latin.json"), b"{\n \"\xe4\": 1}").unwrap();
    let output = vitrine(&["check", "cut.json", "latin.json"], files.path());
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<_> = stdout(&output).lines().collect();
    assert!(
        lines[0].starts_with("cut.json:3:1: error: the file: found no JSON (trailing comma"),
        "{lines:#?}"
    );
    assert!(lines[1].starts_with("latin.json:2:3: error: the file: found bytes that are no UTF-8"));
}

#[test]
fn a_byte_order_mark_is_skipped_as_browsers_do() {
    let files = directory(&[("marked.json", &format!("\u{feff}{GOOD}"))]);
    let output = vitrine(&["check", "marked.json"], files.path());
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[test]
fn the_standard_input_is_a_file_too() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["check", "-", "--format=json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(GOOD.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &said["files"][0]["file"]),
        (Some(0), &json!("standard input"))
    );
}

#[test]
fn what_cannot_be_read_ends_with_2_and_the_others_are_checked_nevertheless() {
    let files = directory(&[("bad.json", BAD)]);
    let output = vitrine(&["check", "none.json", "bad.json"], files.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("none.json: cannot be read: "));
    assert!(stdout(&output).contains("bad.json:6:7: error"));
    assert!(stdout(&output).ends_with("2 files, 2 errors, 1 warning, 1 cannot be read\n"));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_what_is_allowed() {
    let files = directory(&[("good.json", GOOD)]);
    for (arguments, words) in [
        (&["check"][..], "no file was named"),
        (&[], "no command was given"),
        (
            &["check", "good.json", "--format", "xml"],
            "found \"xml\". Use text or json.",
        ),
        (
            &["check", "good.json", "--formt"],
            "found the option \"--formt\"",
        ),
        (&["--chek"], "found the option \"--chek\""),
        (&["chek"], "found the command \"chek\". Use check"),
    ] {
        let output = vitrine(arguments, files.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn another_command_runs_the_program_of_that_name() {
    use std::os::unix::fs::PermissionsExt;
    let files = directory(&[("vitrine-hello", "#!/bin/sh\necho \"hello $*\"\nexit 7\n")]);
    let program = files.path().join("vitrine-hello");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        files.path().display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new(env!("CARGO_BIN_EXE_vitrine"))
        .args(["hello", "--to", "you"])
        .env("PATH", path)
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(7), "hello --to you\n")
    );
}
