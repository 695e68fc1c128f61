//! What is said about the files: for people, and for programs.

use crate::check::{Checked, Found};
use crate::{GOOD, PROBLEMS, UNREADABLE};
use serde_json::{Value, json};
use std::fmt::Write;
use vitrine::config::Severity;

/// 0, 1 or 2: see the help.
pub fn exit_code(files: &[Checked], strict: bool) -> u8 {
    let code = |file: &Checked| match &file.result {
        Err(_) => UNREADABLE,
        Ok(_) if is_good(file, strict) => GOOD,
        Ok(_) => PROBLEMS,
    };
    files.iter().map(code).max().unwrap_or(GOOD)
}

fn is_good(file: &Checked, strict: bool) -> bool {
    file.result.is_ok()
        && file.count(Severity::Error) == 0
        && !(strict && file.count(Severity::Warning) > 0)
}

/// A line for each problem, errors first, and one that counts them.
pub fn text(files: &[Checked], colored: bool) -> String {
    let mut out = String::new();
    for file in files {
        let name = shown(file);
        match &file.result {
            Err(words) => _ = writeln!(out, "{name}: cannot be read: {words}."),
            Ok(found) if found.is_empty() => _ = writeln!(out, "{name}: good"),
            Ok(found) => {
                for severity in [Severity::Error, Severity::Warning] {
                    for found in found.iter().filter(|one| one.problem.severity == severity) {
                        line(&mut out, &name, found, colored);
                    }
                }
            }
        }
    }
    let count = |severity| files.iter().map(|file| file.count(severity)).sum();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let unreadable = files.iter().filter(|file| file.result.is_err()).count();
    if errors + warnings + unreadable > 0 {
        let mut parts = vec![
            amount(files.len(), "file"),
            amount(errors, "error"),
            amount(warnings, "warning"),
        ];
        if unreadable > 0 {
            parts.push(format!("{unreadable} cannot be read"));
        }
        _ = writeln!(out, "{}", parts.join(", "));
    }
    out
}

fn amount(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// `file:line:column`, which editors and CI services make links of.
fn line(out: &mut String, name: &str, found: &Found, colored: bool) {
    let (color, word) = match found.problem.severity {
        Severity::Error => ("\x1b[31m", "error"),
        Severity::Warning => ("\x1b[33m", "warning"),
    };
    let place = found
        .place
        .map(|(line, column)| format!("{line}:{column}:"));
    let (on, off) = if colored {
        (color, "\x1b[0m")
    } else {
        ("", "")
    };
    let (place, message) = (place.unwrap_or_default(), found.problem.message());
    _ = writeln!(out, "{name}:{place} {on}{word}{off}: {message}");
}

/// `{"good", "files": [{"file", "good", "errors", "warnings", "problems": […]}]}`
pub fn json(files: &[Checked], strict: bool) -> String {
    let one = |file: &Checked| {
        let mut object = json!({ "file": shown(file), "good": is_good(file, strict) });
        match &file.result {
            Err(words) => object["unreadable"] = json!(words),
            Ok(found) => {
                object["errors"] = json!(file.count(Severity::Error));
                object["warnings"] = json!(file.count(Severity::Warning));
                object["problems"] = found.iter().map(problem).collect();
            }
        }
        object
    };
    let good = files.iter().all(|file| is_good(file, strict));
    let files: Vec<_> = files.iter().map(one).collect();
    format!("{:#}\n", json!({ "good": good, "files": files }))
}

fn problem(Found { problem, place }: &Found) -> Value {
    json!({
        "severity": match problem.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "path": problem.path,
        "line": place.map(|(line, _)| line),
        "column": place.map(|(_, column)| column),
        "found": problem.found,
        "allowed": problem.allowed,
        "nearest": problem.nearest,
        "message": problem.message(),
    })
}

fn shown(file: &Checked) -> String {
    match file.file.as_os_str() == "-" {
        true => "standard input".into(),
        false => file.file.display().to_string(),
    }
}
