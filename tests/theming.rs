//! docs/theming.md tells of each custom property and part that the overlay has, and of no other.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const DOC: &str = "docs/theming.md";
const PREFIX: &str = "--vitrine-";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What `dist/` is made of with this ending: name and text.
fn sources(ending: &str) -> Vec<(String, String)> {
    let names = ["", "actions/"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join("www").join(folder)).expect("www/");
        entries.map(move |entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            format!("{folder}{name}")
        })
    });
    let of_kind = names.filter(|name| name.ends_with(ending));
    of_kind
        .map(|name| (name.clone(), read(&format!("www/{name}"))))
        .collect()
}

/// The rows of the document's table under a heading: their cells.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let text = read(DOC);
    let (_, section) = text.split_once(heading).expect("the heading");
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect();
    lines.map(cells).collect()
}

/// What is between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// From what follows `var(`: the property's name and its fallback.
fn read_of(rest: &str) -> (&str, Option<&str>) {
    let mut depth = 1;
    let end = rest.find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    let inside = &rest[..end.expect("a closing bracket")];
    match inside.split_once(',') {
        Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
        None => (inside.trim(), None),
    }
}

/// Every `var(--vitrine-…)` of the style sheets, with its file and its fallback. `old` are those for browsers
/// without the functions that the others use.
fn reads(old: bool) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (file, text) in sources(".css") {
        let (mut modern, mut ancient) = (text.clone(), String::new());
        if let Some((before, block)) = text.split_once("@supports not") {
            let end = block.find("\n}").expect("the block's end");
            ancient = block[..end].to_owned();
            modern = format!("{before}{}", &block[end..]);
        }
        let text = if old { ancient } else { modern };
        for (at, start) in text.match_indices("var(") {
            let (name, fallback) = read_of(&text[at + start.len()..]);
            if name.starts_with(PREFIX) {
                let fallback = fallback.unwrap_or_else(|| panic!("{file}: {name} has no default"));
                found.push((file.clone(), name.to_owned(), fallback.to_owned()));
            }
        }
    }
    found
}

fn documented() -> BTreeMap<String, String> {
    let row = |cells: Vec<String>| {
        (
            quoted(&cells[1]).next().unwrap().to_owned(),
            cells[2].clone(),
        )
    };
    rows("## Custom properties").into_iter().map(row).collect()
}

#[test]
fn the_documented_properties_are_those_that_the_style_sheets_read() {
    let documented: BTreeSet<String> = documented().into_keys().collect();
    let read: BTreeSet<String> = reads(false).into_iter().map(|(_, name, _)| name).collect();
    assert!(read.len() > 20, "{read:?}");
    assert_eq!(documented, read, "left: {DOC}, right: www/*.css");
    // A script that sets or reads one would be a look that nobody can find.
    for (file, text) in [sources(".js"), sources(".mjs")].concat() {
        assert_eq!(text.matches("var(--vitrine").count(), 0, "{file}");
    }
}

#[test]
fn the_documented_defaults_are_those_of_the_style_sheets() {
    let documented = documented();
    for (file, name, fallback) in reads(false) {
        let cell = documented[&name].as_str();
        // Another property's value is documented as that property.
        let inner = fallback
            .strip_prefix("var(--")
            .and_then(|rest| rest.strip_suffix(')'));
        let fallback = inner.map_or(fallback.clone(), |inner| format!("{PREFIX}{inner}"));
        match quoted(cell).next() {
            Some(default) => assert_eq!(default, fallback, "{file}: {name}"),
            None => assert!(
                fallback.starts_with("color(from"),
                "{file}: {name}: {fallback}"
            ),
        }
    }
}

#[test]
fn old_browsers_get_the_light_colours() {
    let documented = documented();
    let old: BTreeMap<String, String> = reads(true)
        .into_iter()
        .map(|(_, name, fallback)| (name, fallback))
        .collect();
    let mut expected = BTreeMap::from([("--vitrine-on-accent".to_owned(), "#fff".to_owned())]);
    for (name, default) in documented {
        if let Some((_, both)) = default.split_once("light-dark(") {
            let light = both.split(',').next().unwrap().to_owned();
            expected.insert(name, light);
        }
    }
    assert_eq!(old, expected, "left: card.css, right: {DOC}");
}

#[test]
fn the_documented_parts_are_those_that_the_scripts_draw() {
    let mut drawn = BTreeSet::new();
    for (_, text) in sources(".js") {
        for rest in text.split("part: ").skip(1) {
            // As far as its value goes: texts, one of them after a condition.
            let end = rest.find([',', '}']).expect("an end");
            let texts = rest[..end].split('"').skip(1).step_by(2);
            drawn.extend(texts.flat_map(str::split_whitespace).map(str::to_owned));
        }
    }
    let mut documented = BTreeSet::new();
    for cells in rows("## Parts") {
        let names = cells[1..].iter().flat_map(|cell| quoted(cell));
        documented.extend(names.map(str::to_owned));
    }
    assert!(drawn.len() > 10, "{drawn:?}");
    assert_eq!(documented, drawn, "left: {DOC}, right: www/*.js");
}

#[test]
fn the_demo_s_looks_use_nothing_undocumented() {
    let properties = documented();
    let parts: BTreeSet<String> = rows("## Parts")
        .iter()
        .flat_map(|cells| cells[1..].iter().flat_map(|cell| quoted(cell)))
        .map(str::to_owned)
        .collect();
    for look in ["ondine", "stade", "rosee"] {
        let text = read(&format!("www/demo/themes/{look}.css"));
        let set = text
            .split(PREFIX)
            .skip(1)
            .map(|rest| rest.split([':', ')', ',']).next().unwrap());
        let set: Vec<&str> = set.collect();
        assert!(set.len() > 8, "{look}: {set:?}");
        for name in set {
            assert!(
                properties.contains_key(&format!("{PREFIX}{name}")),
                "{look}: {PREFIX}{name}"
            );
        }
        for rest in text.split("::part(").skip(1) {
            let name = rest.split(')').next().unwrap();
            assert!(parts.contains(name), "{look}: ::part({name})");
        }
    }
}
