//! The npm package: its manifest, its types, its contents.

use crate::Repo;
use crate::parts;
use crate::run::{capture, read, run, write};
use crate::tools;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Where `www/package.json` leaves room for the version of Cargo.toml.
const PLACEHOLDER: &str = "\"version\": \"0.0.0\"";

/// Writes `package.json` with the version of this workspace.
pub fn write_manifest(repo: &Repo, out: &Path) -> Result<()> {
    let template = read(&repo.at("www/package.json"))?;
    // The workspace has one version, and this crate carries it.
    let text = fill(&template, env!("CARGO_PKG_VERSION"))?;
    write(&out.join("package.json"), text.as_bytes())
}

fn fill(template: &str, version: &str) -> Result<String> {
    if template.matches(PLACEHOLDER).count() != 1 {
        bail!("www/package.json: {PLACEHOLDER} is needed once, the build puts the version there");
    }
    let text = template.replace(PLACEHOLDER, &format!("\"version\": \"{version}\""));
    let parsed: Result<Value, _> = serde_json::from_str(&text);
    parsed.context("www/package.json is not JSON")?;
    Ok(text)
}

/// `npm pack` takes `dist/` as it is: exactly our files.
pub fn check_pack(repo: &Repo) -> Result<()> {
    let mut npm = tools::npm()?;
    npm.args(["pack", "--dry-run", "--json", "--loglevel=error"]);
    let answer = capture(npm.current_dir(repo.dist()))?;
    let answer: Value = serde_json::from_str(&answer).context("npm pack did not answer in JSON")?;
    let packed = packed(&answer);
    let files = parts::files(repo)?;
    if packed != files {
        bail!("npm pack would ship {packed:?}, the design says {files:?}");
    }
    Ok(())
}

/// The names in the answer of `npm pack --json`: a list of packages up to npm 11, then an object of them.
fn packed(answer: &Value) -> Vec<&str> {
    let first = match answer {
        Value::Object(packages) => packages.values().next(),
        other => other.get(0),
    };
    let files = first.and_then(|package| package["files"].as_array());
    let mut names: Vec<&str> = files
        .into_iter()
        .flatten()
        .filter_map(|file| file["path"].as_str())
        .collect();
    names.sort_unstable();
    names
}

/// `tsc --strict` takes the sample program against `dist/vitrine.d.ts`.
pub fn check_types(repo: &Repo) -> Result<()> {
    let npm = tools::npm_tools(repo)?;
    let mut tsc = Command::new(npm.join("tsc"));
    tsc.args(["--project", "tests/types"])
        .current_dir(&repo.root);
    run(&mut tsc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_version_is_filled_in_once() {
        let text = fill("{\"version\": \"0.0.0\"}", "1.2.3").unwrap();
        assert_eq!(text, "{\"version\": \"1.2.3\"}");
        assert!(fill("{}", "1.2.3").is_err());
        assert!(fill("{\"version\": \"0.0.0\",}", "1.2.3").is_err());
    }

    #[test]
    fn both_answers_of_npm_are_read() {
        let files = json!({"files": [{"path": "b"}, {"path": "a"}]});
        assert_eq!(packed(&json!([files])), ["a", "b"]);
        assert_eq!(packed(&json!({"vitrine": files})), ["a", "b"]);
        assert!(packed(&json!([])).is_empty());
    }
}
