//! The scanner and the batch reader against `serde_json`, on bytes of any kind.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::Value;
use vitrine_collector::batch::{self, Rules};
use vitrine_collector::ids::IdMaker;
use vitrine_collector::json::{Scanner, mended};

/// Texts that are JSON, nearly.
fn nearly() -> impl Strategy<Value = String> {
    let tokens = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"id\"",
        "\"\\u0041\"",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\\",
        "\\u12",
        "0",
        "-",
        "-0",
        "01",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1e999",
        "-1E-999",
        "e",
        "+",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\t",
        "\u{0}",
        "\u{1f}",
        "é",
        "😀",
        "\"\n\"",
        "{\"a\":1}",
        "[1,2]",
        "{}",
        "[]",
        "\"b\":",
    ]);
    prop::collection::vec(tokens, 0..24).prop_map(|tokens| tokens.concat())
}

/// A value, written in some way.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(".{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn scan(text: &str) -> bool {
    let mut scanner = Scanner::new(text, 100);
    scanner.value().is_ok() && scanner.finished() && scanner.flaw().is_none()
}

const RULES: Rules = Rules {
    event_bytes: 10_000,
    events: 50,
    depth: 32,
};

/// Whatever is kept of a body can be read in a line.
fn line_is_json(body: Vec<u8>) -> Result<usize, TestCaseError> {
    let ids = IdMaker::default();
    let Ok(batch) = batch::read(Bytes::from(body), &ids, &RULES) else {
        return Ok(0);
    };
    let events = batch
        .groups
        .iter()
        .flat_map(|group| group.events.iter().map(|event| &event.text));
    let contexts = batch
        .groups
        .iter()
        .filter_map(|group| group.context.as_ref());
    let refused = batch
        .invalid
        .iter()
        .filter_map(|invalid| invalid.text.as_ref());
    for text in events.chain(contexts) {
        let bytes = batch.bytes(text);
        prop_assert!(serde_json::from_slice::<Value>(bytes).is_ok_and(|value| value.is_object()));
        prop_assert!(!bytes.contains(&b'\n') && !bytes.contains(&b'\r'));
    }
    for text in refused {
        let bytes = batch.bytes(text);
        prop_assert!(serde_json::from_slice::<Value>(bytes).is_ok());
        prop_assert!(!bytes.contains(&b'\n'));
    }
    Ok(batch.valid())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_takes_what_serde_json_takes(text in nearly()) {
        // Halves of characters are mended before a line is written.
        let text = mended(&text).unwrap_or(text);
        prop_assert_eq!(scan(&text), serde_json::from_str::<Value>(&text).is_ok(), "{:?}", text);
    }

    #[test]
    fn it_takes_every_value(value in value()) {
        prop_assert!(scan(&value.to_string()));
        prop_assert!(scan(&serde_json::to_string_pretty(&value).unwrap()));
    }

    #[test]
    fn bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        line_is_json(bytes)?;
    }

    #[test]
    fn a_batch_with_bytes_changed(
        extra in value(),
        pretty in any::<bool>(),
        form in 0..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut event = serde_json::json!({ "id": "a", "type": "play", "time": "2026-05-04T09:30:05Z", "view_id": "v", "seq": 3 });
        event["data"] = extra.clone();
        let context = serde_json::json!({ "a": extra });
        let body = match form {
            0 => serde_json::json!({ "schema": "vitrine/1", "context": context, "events": [event, 7] }),
            1 => { event["context"] = context; event }
            _ => { event["context"] = context; serde_json::json!([{ "specversion": "1.0", "data": event }]) }
        };
        let text = if pretty && form != 1 { serde_json::to_string_pretty(&body).unwrap() } else { body.to_string() };
        let mut bytes = text.into_bytes();
        let untouched = changes.is_empty();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let valid = line_is_json(bytes)?;
        prop_assert!(!untouched || valid == 1);
    }
}
