//! Sealed segments become Parquet.

use crate::directory::{Directory, TIME, batch, event, moment, read};
use arrow_schema::DataType;
use serde_json::{Value, json};
use std::io::BufRead;

/// An event with everything.
fn whole() -> Value {
    json!({
        "id": "0196-a", "seq": 7, "type": "add_to_cart", "time": moment(0), "elapsed_ms": 1234, "viewer_id": "ann",
        "session_id": "s", "view_id": "v", "video_id": "spring", "media_time": 3.25, "hotspot_id": "bag",
        "segment_id": "styling", "experiment": { "id": "host-test", "variant": "ana" }, "cause": "0196-0",
        "value": 9900, "currency": "EUR", "order_id": "o", "coupon": "c", "outcome": "confirmed", "reason": "button",
        "target": "product_page", "percent": 25, "duration_ms": 1000.4, "x": 41.5, "y": 55,
        "watched": [[0, 3.5]], "exposures": [{ "hotspot_id": "bag", "dwell_ms": 3 }], "from": 2.5, "href": "/cart",
        "items": [
            { "item_id": "bag-01", "item_name": "Bag", "item_brand": "B", "item_variant": "tan", "platform_id": "4051", "price": 9900, "quantity": 1 },
            { "item_id": "hat", "price": 500, "currency": "USD" },
        ],
    })
}

fn whole_batch() -> Value {
    json!({
        "v": 1, "received_at": TIME + 100, "sent_at": TIME + 60, "site": "shop", "bot": false,
        "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
        "context": {
            "page_url": "https://shop.example/spring", "referrer": "https://news.example/", "locale": "en", "viewport": [400, 800],
            "campaign": { "source": "newsletter", "medium": "mail", "name": "spring", "content": "top", "term": "bag" },
        },
        "events": [whole()], "marks": { "0": ["unknown_type"] },
    })
}

#[test]
fn every_column_has_what_the_event_and_its_batch_say() {
    let directory = Directory::new();
    directory.write(1, &[whole_batch()]);
    assert!(
        directory
            .said(&["compact"])
            .starts_with("1 segments: 1 events, 2 items; left out: 0 repeated")
    );
    assert_eq!(
        directory.files("archive"),
        ["day=2026-05-04/part-00001.parquet"]
    );
    assert_eq!(
        directory.files("archive/items"),
        ["day=2026-05-04/part-00001.parquet"]
    );
    let expected = json!({
        "event_id": "0196-a", "seq": 7, "type": "add_to_cart", "time": TIME, "event_time": TIME, "received_at": TIME + 100,
        "skew_ms": 40, "elapsed_ms": 1234, "site": "shop", "viewer_id": "ann", "session_id": "s", "view_id": "v",
        "video_id": "spring", "media_time": 3.25, "hotspot_id": "bag", "segment_id": "styling", "experiment_id": "host-test",
        "experiment_variant": "ana", "cause": "0196-0", "value": 9900, "currency": "EUR", "order_id": "o", "coupon": "c",
        "outcome": "confirmed", "reason": "button", "target": "product_page", "percent": 25, "duration_ms": 1000,
        "page_url": "https://shop.example/spring", "referrer": "https://news.example/", "locale": "en",
        "campaign_source": "newsletter", "campaign_medium": "mail", "campaign_name": "spring", "campaign_content": "top",
        "campaign_term": "bag", "device": "phone", "bot": false, "unknown": true, "x": 41.5, "y": 55.0,
        "watched": "[[0,3.5]]", "exposures": "[{\"dwell_ms\":3,\"hotspot_id\":\"bag\"}]", "data": "{\"from\":2.5,\"href\":\"/cart\"}",
    });
    assert_eq!(json!(directory.rows("archive")), json!([expected]));
    let shared = json!({
        "event_id": "0196-a", "type": "add_to_cart", "time": TIME, "site": "shop", "view_id": "v", "viewer_id": "ann",
        "video_id": "spring", "hotspot_id": "bag", "media_time": 3.25, "segment_id": "styling", "experiment_id": "host-test",
        "experiment_variant": "ana", "campaign_source": "newsletter", "campaign_name": "spring", "device": "phone",
        "bot": false, "unknown": true,
    });
    let item = |own: Value| {
        let mut item = shared.clone();
        item.as_object_mut()
            .unwrap()
            .extend(own.as_object().unwrap().clone());
        item
    };
    let expected = [
        item(json!({
            "item_index": 0, "item_id": "bag-01", "item_name": "Bag", "item_brand": "B", "item_variant": "tan",
            "platform_id": "4051", "price": 9900, "quantity": 1, "currency": "EUR",
        })),
        item(json!({ "item_index": 1, "item_id": "hat", "price": 500, "currency": "USD" })),
    ];
    assert_eq!(json!(directory.rows("archive/items")), json!(expected));
}

#[test]
fn times_and_money_are_whole_numbers_of_64_bits_and_ids_are_text() {
    let directory = Directory::new();
    directory.write(1, &[whole_batch()]);
    directory.said(&["compact"]);
    let types = |table: &str| {
        let path = directory
            .path()
            .join(table)
            .join(&directory.files(table)[0]);
        let schema = read(&path)[0].schema();
        let types = schema.fields().iter().map(|field| {
            (
                field.name().clone(),
                field.data_type().clone(),
                field.is_nullable(),
            )
        });
        types.collect::<Vec<_>>()
    };
    let events = types("archive");
    assert_eq!(events.len(), 45);
    for (name, data_type, nullable) in &events {
        let expected = match name.as_str() {
            "seq" | "time" | "event_time" | "received_at" | "skew_ms" | "elapsed_ms" | "value"
            | "percent" | "duration_ms" => DataType::Int64,
            "media_time" | "x" | "y" => DataType::Float64,
            "bot" | "unknown" => DataType::Boolean,
            _ => DataType::Utf8,
        };
        let always = [
            "event_id",
            "type",
            "time",
            "received_at",
            "site",
            "bot",
            "unknown",
        ];
        assert_eq!(
            (data_type, *nullable),
            (&expected, !always.contains(&name.as_str())),
            "{name}"
        );
    }
    let items = types("archive/items");
    let of = |name: &str| {
        items
            .iter()
            .find(|column| column.0 == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(
        (of("price"), of("item_index"), of("item_id")),
        (DataType::Int64, DataType::Int32, DataType::Utf8)
    );
}

#[test]
fn what_is_of_another_type_than_its_column_is_kept_in_data() {
    let directory = Directory::new();
    let odd = json!({ "id": "a", "type": "play", "time": "yesterday", "value": "12", "hotspot_id": 3, "items": "none", "coupon": null });
    directory.write(1, &[batch(0, &[odd])]);
    directory.said(&["compact"]);
    let row = &directory.rows("archive")[0];
    let data: Value = serde_json::from_str(row["data"].as_str().unwrap()).unwrap();
    assert_eq!(
        data,
        json!({ "value": "12", "hotspot_id": 3, "items": "none" })
    );
    assert_eq!((&row["time"], row.get("event_time")), (&json!(TIME), None));
}

#[test]
fn the_open_segment_waits_and_a_second_run_has_nothing_to_do() {
    let directory = Directory::new();
    directory.write(1, &[batch(0, &[event("a", "ann", 0)])]);
    directory.write(2, &[batch(0, &[event("b", "ann", 0)])]);
    std::fs::remove_file(directory.segment(3)).unwrap();
    directory.said(&["compact"]);
    assert_eq!(directory.texts("archive", "event_id"), ["a"]);
    assert!(
        directory
            .said(&["compact"])
            .starts_with("0 segments: 0 events")
    );
    directory.write(3, &[]);
    directory.said(&["compact"]);
    assert_eq!(directory.texts("archive", "event_id"), ["a", "b"]);
}

#[test]
fn a_wrong_clock_is_corrected_and_the_day_is_that_of_the_corrected_time() {
    let directory = Directory::new();
    let day = 86_400_000;
    let mut late = batch(0, &[event("a", "ann", -2 * day - 1_000)]);
    late["sent_at"] = json!(TIME - 2 * day);
    let mut right = batch(0, &[event("b", "ann", -4_000)]);
    right["sent_at"] = json!(TIME - 4_999);
    let mut silent = batch(0, &[event("c", "ann", -day)]);
    silent["sent_at"] = Value::Null;
    directory.write(1, &[late, right, silent]);
    directory.said(&["compact"]);
    let rows = directory.rows("archive");
    let of = |id: &str| {
        let row = rows.iter().find(|row| row["event_id"] == id).unwrap();
        (
            row["time"].as_i64().unwrap() - TIME,
            row["event_time"].as_i64().unwrap() - TIME,
            row.get("skew_ms").cloned(),
        )
    };
    assert_eq!(of("a"), (-1_000, -2 * day - 1_000, Some(json!(2 * day))));
    assert_eq!(of("b"), (-4_000, -4_000, Some(json!(4_999))));
    assert_eq!(of("c"), (-day, -day, None));
    let files = [
        "day=2026-05-03/part-00001.parquet",
        "day=2026-05-04/part-00001.parquet",
    ];
    assert_eq!(directory.files("archive"), files);
}

#[test]
fn an_event_that_came_again_is_there_once_even_in_the_next_day_and_with_its_items() {
    let directory = Directory::new();
    let mut again = batch(86_400_000, &[whole()]);
    again["sent_at"] = json!(TIME);
    again["site"] = json!("shop");
    directory.write(1, &[whole_batch(), whole_batch()]);
    directory.said(&["compact"]);
    directory.write(2, &[again, batch(0, &[event("b", "ann", 0)])]);
    let said = directory.said(&["compact"]);
    assert!(
        said.starts_with("1 segments: 1 events, 0 items; left out: 1 repeated"),
        "{said}"
    );
    assert_eq!(directory.texts("archive", "event_id"), ["0196-a", "b"]);
    assert_eq!(directory.rows("archive/items").len(), 2);
}

#[test]
fn a_day_has_full_files_and_one_that_grows_each_sorted_by_type_and_view() {
    let directory = Directory::new();
    for number in 1..=6 {
        let kinds = ["play", "end", "hotspot_click"].iter().cycle();
        let events = (0..40).zip(kinds).map(|(index, kind)| {
            let id = format!("{number}-{index:02}");
            let mut event = event(&id, "ann", (index * 7_919) % 997 / 2);
            event["type"] = json!(kind);
            event["view_id"] = json!(format!("view-{}", index % 4));
            event
        });
        let events: Vec<_> = events.collect();
        directory.write(number, &[batch(number as i64, &events)]);
        directory.said(&["compact", "--file-rows", "100"]);
    }
    let files = [
        "day=2026-05-04/part-00001.parquet",
        "day=2026-05-04/part-00002.parquet",
    ];
    assert_eq!(directory.files("archive"), files);
    let mut lengths = Vec::new();
    for file in files {
        let rows = read(&directory.path().join("archive").join(file));
        lengths.push(rows.iter().map(|batch| batch.num_rows()).sum::<usize>());
    }
    assert_eq!(lengths, [120, 120]);
    let rows = directory.rows("archive");
    for file in rows.chunks(120) {
        let keys: Vec<_> = file
            .iter()
            .map(|row| {
                let text = |name| row[name].as_str();
                let id = text("event_id");
                (text("type"), text("view_id"), row["time"].as_i64(), id)
            })
            .collect();
        assert!(keys.is_sorted());
        assert_ne!(keys.first().unwrap().0, keys.last().unwrap().0);
    }
    let mut ids = directory.texts("archive", "event_id");
    ids.dedup();
    assert_eq!(ids.len(), 240);
}

#[test]
fn a_line_that_is_no_batch_is_told_and_the_others_are_taken() {
    let directory = Directory::new();
    directory.write(
        1,
        &[
            batch(0, &[event("a", "ann", 0)]),
            json!({ "v": 1 }),
            batch(0, &[event("b", "ann", 0)]),
        ],
    );
    let output = directory.run(&["compact"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    for words in ["left out", "\"segment\":1,\"line\":2", "missing field"] {
        assert!(errors.contains(words), "{errors}");
    }
    assert_eq!(directory.texts("archive", "event_id"), ["a", "b"]);
}

#[test]
fn a_second_process_and_a_directory_that_is_none_are_refused_with_words() {
    let directory = Directory::new();
    directory.write(1, &[whole_batch()]);
    directory.said(&["compact"]);
    let lock = std::fs::File::open(directory.path().join("archive/lock")).unwrap();
    lock.lock().unwrap();
    for arguments in [&["compact"][..], &["retain", "--days", "1"]] {
        let output = directory.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success()
                && errors.contains("another process compacts, erases or removes here"),
            "{errors}"
        );
    }
    let mut erase = directory.command(&["erase", "--viewer", "ann"]);
    let mut erase = erase.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut says = std::io::BufReader::new(erase.stderr.take().unwrap()).lines();
    let first = says.next().unwrap().unwrap();
    assert!(first.contains("this waits for its end"), "{first}");
    lock.unlock().unwrap();
    assert!(erase.wait().unwrap().success());
    let gone = directory.path().join("none");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
    let output = command
        .arg("compact")
        .arg("--data")
        .arg(&gone)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && errors.contains("found no directory"),
        "{errors}"
    );
    assert!(!gone.exists());
}

#[test]
fn two_sites_may_have_the_same_id() {
    let directory = Directory::new();
    let of = |site: &str| {
        let mut event = event("order-77", "ann", 0);
        event["items"] = json!([{ "item_id": site }]);
        let mut batch = batch(0, &[event]);
        batch["site"] = json!(site);
        batch
    };
    // Together in one segment, and one after the other.
    directory.write(1, &[of("ann"), of("bob"), of("ann")]);
    directory.said(&["compact"]);
    directory.write(2, &[of("bob"), of("cid"), of("ann")]);
    directory.said(&["compact"]);
    for table in ["archive", "archive/items"] {
        assert_eq!(directory.texts(table, "site"), ["ann", "bob", "cid"]);
        assert_eq!(directory.texts(table, "event_id"), ["order-77"; 3]);
    }
    assert_eq!(
        directory.texts("archive/items", "item_id"),
        ["ann", "bob", "cid"]
    );
}

/// Else a sender could ask for a file for each day of the calendar, and compaction would never end.
#[test]
fn times_that_cannot_be_make_no_days() {
    let directory = Directory::new();
    let events: Vec<_> = (1970..=9999)
        .step_by(3)
        .map(|year| {
            let mut event = event(&format!("{year}"), "ann", 0);
            event["time"] = json!(format!("{year}-01-01T00:00:00Z"));
            event
        })
        .collect();
    directory.write(1, &[batch(0, &events)]);
    directory.said(&["compact"]);
    let rows = directory.rows("archive");
    assert_eq!(rows.len(), events.len());
    assert!(
        directory.files("archive").len() <= 2,
        "{:?}",
        directory.files("archive")
    );
    let last = rows.iter().find(|row| row["event_id"] == "9998").unwrap();
    assert_eq!(last["time"], last["received_at"]);
    assert!(last["event_time"].as_i64().unwrap() > 250_000_000_000_000);
}

#[test]
fn an_archive_of_another_version_is_left_alone_and_told() {
    let directory = Directory::new();
    directory.write(1, &[batch(0, &[event("a", "ann", 0)])]);
    directory.said(&["compact"]);
    let manifest = directory.path().join("archive/manifest.json");
    std::fs::write(&manifest, r#"{"version":1,"compacted":[[1,1]]}"#).unwrap();
    for command in [
        &["compact"][..],
        &["erase", "--viewer", "ann"],
        &["retain", "--days", "1"],
    ] {
        let output = directory.run(command);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(error.contains("found an archive of version 1"), "{error}");
        assert_eq!(directory.texts("archive", "event_id"), ["a"]);
    }
}
