//! A person's events go, everywhere.

use crate::directory::{Directory, TIME, batch, event};
use serde_json::{Value, json};
use vitrine_collector::archive::time::now;

fn lines(directory: &Directory, number: u64) -> Vec<Value> {
    let text = std::fs::read_to_string(directory.segment(number)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_person_goes_from_segments_archive_items_and_quarantine_and_the_others_stay() {
    let directory = Directory::new();
    let mut bought = event("a", "ann", 0);
    bought["items"] = json!([{ "item_id": "bag" }, { "item_id": "hat" }]);
    let mut mixed = batch(
        0,
        &[
            event("b", "bob", 0),
            event("c", "ann", 0),
            event("d", "bob", 0),
        ],
    );
    mixed["marks"] = json!({ "1": ["unknown_type"], "2": ["unknown_type"] });
    directory.write(
        1,
        &[
            batch(0, &[bought]),
            mixed,
            batch(0, &[event("e", "bob", 0)]),
        ],
    );
    let held = |viewer: &str| json!({ "received_at": TIME, "site": "default", "index": 0, "reason": "…", "event": { "viewer_id": viewer } });
    let quarantine = directory.path().join("quarantine/2026-05-04.ndjson");
    std::fs::write(&quarantine, format!("{}\n{}\n", held("ann"), held("bob"))).unwrap();
    directory.said(&["compact"]);
    directory.write(2, &[batch(0, &[event("f", "ann", 0)])]);
    std::fs::remove_file(directory.segment(3)).unwrap();
    let before = std::fs::read(directory.segment(1)).unwrap();

    let said = directory.said(&["erase", "--viewer", "ann"]);
    assert_eq!(
        said,
        "erased: 3 events of segments, 2 events and 2 items of the archive, 1 of the quarantine\n"
    );
    assert_eq!(directory.texts("archive", "event_id"), ["b", "d", "e"]);
    assert_eq!(directory.rows("archive/items").len(), 0);
    assert_eq!(
        std::fs::read_to_string(&quarantine).unwrap(),
        format!("{}\n", held("bob"))
    );

    let lines = lines(&directory, 1);
    let nobody = json!({ "v": 1, "received_at": TIME, "sent_at": TIME, "site": "default", "bot": false, "events": [] });
    assert_eq!(lines[0], nobody);
    assert_eq!(
        lines[1]["events"],
        json!([event("b", "bob", 0), event("d", "bob", 0)])
    );
    assert_eq!(lines[1]["marks"], json!({ "1": ["unknown_type"] }));
    // Who remembers a place in the segment goes on there.
    let after = std::fs::read(directory.segment(1)).unwrap();
    let ends = |text: &[u8]| {
        text.iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(place, _)| place)
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(&before), ends(&after));
    assert!(
        !String::from_utf8(std::fs::read(directory.segment(2)).unwrap())
            .unwrap()
            .contains("ann")
    );
}

#[test]
fn what_comes_late_is_left_out_and_what_happens_later_is_of_somebody_new() {
    let directory = Directory::new();
    directory.write(1, &[batch(0, &[event("a", "ann", 0)])]);
    directory.said(&["erase", "--viewer", "ann"]);
    let day = 86_400_000;
    let (before, later) = (now() - TIME - day, now() - TIME + day);
    let late = batch(
        later,
        &[
            event("a", "ann", before),
            event("b", "bob", before),
            event("c", "ann", later),
        ],
    );
    directory.write(2, &[late]);
    let said = directory.said(&["compact"]);
    assert!(
        said.contains("2 events, 0 items; left out: 0 repeated, 1 erased"),
        "{said}"
    );
    assert_eq!(directory.texts("archive", "event_id"), ["b", "c"]);
    assert_eq!(
        lines(&directory, 2)[0]["events"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn while_a_collector_runs_its_open_segment_is_cleaned_when_it_is_sealed() {
    let directory = Directory::new();
    directory.write(1, &[batch(0, &[event("a", "ann", 0)])]);
    directory.write(
        2,
        &[batch(0, &[event("b", "ann", 0), event("c", "bob", 0)])],
    );
    std::fs::remove_file(directory.segment(3)).unwrap();
    let lock = std::fs::File::create(directory.path().join("lock")).unwrap();
    lock.lock().unwrap();
    let open = std::fs::read(directory.segment(2)).unwrap();
    let said = directory.said(&["erase", "--viewer", "ann"]);
    assert!(
        said.starts_with("erased: 1 events of segments") && said.contains("A collector runs"),
        "{said}"
    );
    assert_eq!(std::fs::read(directory.segment(2)).unwrap(), open);
    directory.write(3, &[]);
    directory.said(&["compact"]);
    assert_eq!(directory.texts("archive", "event_id"), ["c"]);
    assert!(
        !std::fs::read_to_string(directory.segment(2))
            .unwrap()
            .contains("ann")
    );
}

#[test]
fn an_empty_name_is_refused() {
    let directory = Directory::new();
    let output = directory.run(&["erase", "--viewer", ""]);
    assert!(!output.status.success() && !directory.path().join("erased.ndjson").exists());
}
