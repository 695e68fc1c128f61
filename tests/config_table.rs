//! One table of good and bad hotspot files for the decoder and for the JSON Schema: what the schema
//! accepts, the decoder reads without an error, but for what a schema cannot say.
//!
//! A case is `base.json` with the values of `set` put and those of `remove` taken away by JSON
//! pointer, or a `file` of its own. `problems` lists severity, path and a part of the message, in
//! order and completely (with `others`, more may follow). `schema` is `accepts`, `rejects` or
//! `cannot say`: errors that the schema accepts, checked too.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::{Value, json};
use vitrine::config::{Decoded, Severity, decode};

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn base() -> Value {
    read(include_str!("config/base.json"))
}

fn schema() -> jsonschema::Validator {
    let schema = read(include_str!("../www/hotspots.schema.json"));
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn put(file: &mut Value, pointer: &str, value: Option<&Value>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match (file.pointer_mut(parent), value) {
        (Some(Value::Object(fields)), Some(value)) => {
            _ = fields.insert(key.to_owned(), value.clone())
        }
        (Some(Value::Object(fields)), None) => assert!(fields.remove(key).is_some(), "{pointer}"),
        (Some(Value::Array(items)), Some(value)) => {
            items[key.parse::<usize>().unwrap()] = value.clone()
        }
        _ => panic!("{pointer} is not there"),
    }
}

fn file_of(case: &Value) -> Value {
    if let Some(file) = case.get("file") {
        return file.clone();
    }
    let mut file = base();
    for pointer in case["remove"].as_array().into_iter().flatten() {
        put(&mut file, pointer.as_str().unwrap(), None);
    }
    for (pointer, value) in case["set"].as_object().into_iter().flatten() {
        put(&mut file, pointer, Some(value));
    }
    file
}

/// What is wrong with how the decoder dealt with a case, if anything.
fn check(case: &Value, decoded: &Decoded, accepted: bool) -> Result<(), String> {
    let expected = case["problems"].as_array().unwrap();
    let others = case["others"] == json!(true);
    if decoded.problems.len() < expected.len()
        || (!others && decoded.problems.len() > expected.len())
    {
        return Err(format!("{} problems", decoded.problems.len()));
    }
    for (problem, expected) in decoded.problems.iter().zip(expected) {
        let severity = if problem.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        let (path, says) = (expected[1].as_str().unwrap(), expected[2].as_str().unwrap());
        if expected[0] != severity || path != problem.path || !problem.message().contains(says) {
            return Err(format!("expected {expected}"));
        }
    }
    let wrong = decoded
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    let fits = match case["schema"].as_str().unwrap() {
        "accepts" => accepted && !wrong,
        "rejects" => !accepted && wrong,
        "cannot say" => accepted && wrong,
        other => panic!("schema: {other}"),
    };
    if !fits {
        return Err(format!(
            "schema accepts: {accepted}, decoder finds errors: {wrong}"
        ));
    }
    let config = decoded.config.as_ref();
    if config.is_some() == (case["config"] == json!(false)) {
        return Err(format!("config: {}", config.is_some()));
    }
    for (key, count) in [
        ("hotspots", config.map(|c| c.hotspots.len())),
        ("products", config.map(|c| c.products.len())),
    ] {
        if case
            .get(key)
            .is_some_and(|expected| *expected != json!(count))
        {
            return Err(format!("{key}: {count:?}"));
        }
    }
    Ok(())
}

#[test]
fn the_table_holds_for_the_decoder_and_the_schema() {
    let schema = schema();
    let table = read(include_str!("config/table.json"));
    let table = table.as_array().unwrap();
    assert!(table.len() >= 150, "{}", table.len());
    let mut failures = Vec::new();
    for case in table {
        let file = file_of(case);
        let decoded = decode(&&file);
        if let Err(reason) = check(case, &decoded, schema.is_valid(&file)) {
            let messages: Vec<String> = decoded
                .problems
                .iter()
                .map(|problem| format!("\n    {}", problem.message()))
                .collect();
            failures.push(format!("{}: {reason}{}", case["name"], messages.concat()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn names_in_the_table_are_unique() {
    let table = read(include_str!("config/table.json"));
    let mut names: Vec<String> = table
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["name"].to_string())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), table.as_array().unwrap().len());
}

/// `/key` of `file` holds `count` copies of its first item, with ids of their own.
fn many(pointer: &str, count: usize) -> Value {
    let mut file = base();
    let list = file.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
    let first = list[0].clone();
    *list = (0..count)
        .map(|index| {
            let mut item = first.clone();
            item["id"] = json!(format!("id-{index}"));
            item
        })
        .collect();
    file
}

#[test]
fn lists_have_limits() {
    let schema = schema();
    let limits = [
        ("/hotspots", 10_000),
        ("/products", 10_000),
        ("/products/0/variants", 10_000),
        ("/video/segments", 10_000),
    ];
    for (pointer, most) in limits {
        let name = pointer.rsplit('/').next().unwrap();
        let file = many(pointer, most);
        assert!(schema.is_valid(&file), "{pointer}");
        let problem = |file: &Value| {
            decode(&file).problems.into_iter().find(|problem| {
                problem.found.starts_with("a list of") && problem.path.ends_with(name)
            })
        };
        assert_eq!(problem(&file), None, "{pointer}");
        let file = many(pointer, most + 1);
        assert!(!schema.is_valid(&file), "{pointer}");
        assert_eq!(
            problem(&file).unwrap().found,
            format!("a list of {}", most + 1)
        );
    }
    assert_eq!(
        decode(&&many("/hotspots", 10_001))
            .config
            .unwrap()
            .hotspots
            .len(),
        10_000
    );
}

#[test]
fn keyframes_have_a_limit() {
    for (count, hotspots) in [(10_000, 2), (10_001, 1)] {
        let mut file = base();
        file["hotspots"][0]["keyframes"] = (0..count)
            .map(|i| json!({"time": 2.0 + f64::from(i) / 1_000.0, "x": 1, "y": 1, "w": 1, "h": 1}))
            .collect();
        assert_eq!(schema().is_valid(&file), hotspots == 2);
        assert_eq!(decode(&&file).config.unwrap().hotspots.len(), hotspots);
    }
}

#[test]
fn long_texts_are_shown_cut() {
    let schema = schema();
    for (pointer, most) in [
        ("/hotspots/0/label", 5_000),
        ("/products/0/description", 5_000),
        ("/video/title", 5_000),
        ("/products/0/link", 5_000),
        ("/campaign/source", 5_000),
    ] {
        let mut file = base();
        *file.pointer_mut(pointer).unwrap() = json!("ä".repeat(most));
        assert_eq!(decode(&&file).problems, [], "{pointer}");
        assert!(schema.is_valid(&file), "{pointer}");
        for length in [most + 1, 100_000] {
            *file.pointer_mut(pointer).unwrap() = json!("ä".repeat(length));
            let message = decode(&&file).problems[0].message();
            assert!(message.len() < 300 && message.contains("ä…\""), "{message}");
            assert!(!schema.is_valid(&file), "{pointer}");
        }
    }
    let mut file = base();
    file["a\n".repeat(5_000)] = json!(1);
    let message = decode(&&file).problems[0].message();
    assert!(message.len() < 400 && !message.contains('\n'), "{message}");
}

#[test]
fn problems_end_somewhere() {
    let hotspots: Vec<Value> = (0..10_000).map(|_| json!({})).collect();
    let decoded = decode(&&json!({"version": 1, "video": {"id": "v"}, "hotspots": hotspots}));
    assert_eq!(decoded.problems.len(), 10_001);
    assert_eq!(
        decoded.problems.last().unwrap().found,
        "too many problems, of which this is the last"
    );
    assert_eq!(decoded.config.unwrap().hotspots, []);
}
