//! The rules of docs/design.md that hold the layout up, as far as reading the sources can tell.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::{Path, PathBuf};

/// A source file without its tests.
struct Source {
    /// Its path in the repository, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The lines of code, numbered from 1, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| {
            let code = line.split_once("//").map_or(line, |(code, _)| code);
            (at + 1, code)
        })
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files_below(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

/// All files of `src/`, cut before their `#[cfg(test)]`; files of tests alone are left out.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    files_below(&root().join("src"), &mut files);
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        if file.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let path = file.strip_prefix(root()).expect("a file of ours");
        let path = path.to_string_lossy().replace('\\', "/");
        let whole = read(&path);
        let starts = ["\n#[cfg(test)]", "\n#[cfg(all(test,"].map(|start| whole.find(start));
        let tail = starts.into_iter().flatten().min();
        let text = tail.map_or(whole.as_str(), |at| &whole[..at]).to_owned();
        sources.push(Source { path, text });
    }
    assert!(sources.len() > 3, "src/ was not found");
    sources
}

fn may_name_the_browser(path: &str) -> bool {
    path == "src/lib.rs" || path.starts_with("src/web/")
}

/// Fails with every line that has one of the words.
fn forbid(words: &[&str], why: &str, concerns: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| concerns(&source.path)) {
        for (line, code) in source.code() {
            if words.iter().any(|word| code.contains(word)) {
                found.push(format!("{}:{line}: {}", source.path, code.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

#[test]
fn the_core_names_no_browser_crate() {
    forbid(
        &["wasm_bindgen", "js_sys", "web_sys", "gloo"],
        "only src/lib.rs and src/web/ may name a browser crate",
        |path| !may_name_the_browser(path),
    );
}

#[test]
fn the_core_reads_no_clock() {
    forbid(
        &[
            "Instant",
            "SystemTime",
            "std::thread",
            "std::fs",
            "std::net",
        ],
        "time and the world come in as arguments",
        |path| !may_name_the_browser(path),
    );
}

#[test]
fn what_is_attached_is_owned() {
    forbid(
        &[
            ".forget()",
            "mem::forget",
            "ManuallyDrop",
            "Box::leak",
            "into_js_value",
        ],
        "every listener, observer and timer is a value whose Drop detaches it",
        |_| true,
    );
}

#[test]
fn no_bytes_for_nothing() {
    forbid(
        &[
            ".sort()",
            ".sort_by(",
            ".sort_by_key(",
            ".sort_by_cached_key(",
        ],
        "a stable sort costs 4 kB: sort_unstable",
        |_| true,
    );
    forbid(
        &["serde_wasm_bindgen::from_value", "console_error_panic_hook"],
        "38 kB and 5 kB: see docs/design.md",
        |_| true,
    );
}

#[test]
fn no_file_is_long() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(
            lines <= 400,
            "{}: {lines} lines before its tests; 400 are the limit",
            source.path
        );
    }
}

#[test]
fn nothing_in_the_overlay_may_panic() {
    let manifest = read("Cargo.toml");
    let lints = manifest
        .split("[lints.clippy]")
        .nth(1)
        .expect("[lints.clippy] in Cargo.toml");
    let denied = [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "mem_forget",
    ];
    for lint in denied {
        assert!(
            lints.contains(&format!("\n{lint} = \"deny\"")),
            "Cargo.toml no longer denies clippy::{lint}"
        );
    }
    let allowed: Vec<String> = denied
        .iter()
        .map(|lint| format!("clippy::{lint}"))
        .collect();
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    forbid(
        &allowed,
        "no exception from what may not panic, outside of tests",
        |_| true,
    );
}

#[test]
fn every_test_says_where_it_runs() {
    let mut files = Vec::new();
    files_below(&root().join("tests"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable test");
        // wasm-pack compiles all of them for wasm32, where the native test crates are not to be had.
        let browser = "#![cfg(target_arch = \"wasm32\")]";
        let native = "#![cfg(not(target_arch = \"wasm32\"))]";
        assert!(
            text.contains(browser) || text.contains(native),
            "{}: {browser} or {native} is needed",
            file.display()
        );
    }
    let mut files = Vec::new();
    files_below(&root().join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable source");
        assert!(
            !text.contains("use proptest") || text.contains("not(target_arch = \"wasm32\")"),
            "{}: tests that use proptest are #[cfg(all(test, not(target_arch = \"wasm32\")))]",
            file.display()
        );
    }
}

/// The version of a package in Cargo.lock.
fn locked(package: &str) -> String {
    let lock = read("Cargo.lock");
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1).unwrap_or_default();
    let version = version.trim_start_matches("version = ");
    version.trim_matches('"').to_owned()
}

#[test]
fn what_speaks_one_protocol_has_one_version() {
    let manifest = read("Cargo.toml");
    for package in ["wasm-bindgen", "js-sys", "web-sys", "wasm-bindgen-test"] {
        let version = locked(package);
        let pins = [
            format!("\n{package} = \"={version}\""),
            format!("\n{package} = {{ version = \"={version}\""),
        ];
        assert!(
            pins.iter().any(|pin| manifest.contains(pin)),
            "Cargo.toml must pin {package} to ={version}, as Cargo.lock has it"
        );
    }
}

#[test]
fn npm_tools_have_exact_versions() {
    let manifest: serde_json::Value =
        serde_json::from_str(&read("tools/package.json")).expect("JSON");
    let tools = manifest["dependencies"].as_object().expect("dependencies");
    for (name, version) in tools {
        let version = version.as_str().unwrap_or_default();
        assert!(
            version.starts_with(|first: char| first.is_ascii_digit()),
            "tools/package.json: {name} must be of one version, not {version}"
        );
    }
}
