//! What is too old goes.

use crate::directory::{Directory, TIME, batch, event};
use vitrine_collector::archive::time::{day_name, day_of, now};

#[test]
fn whole_days_and_segments_go_and_what_is_written_to_stays() {
    let directory = Directory::new();
    let day = 86_400_000;
    // The day's start: both runs of the same day see the same ages.
    let ago = |days: i64| day_of(now()) * day - days * day + 1_000 - TIME;
    for (number, days) in [(1, 40), (2, 20), (3, 3), (4, 40)] {
        directory.write(
            number,
            &[batch(
                ago(days),
                &[event(&format!("{number}"), "ann", ago(days))],
            )],
        );
    }
    std::fs::remove_file(directory.segment(5)).unwrap();
    for days in [40, 3] {
        let name = day_name(day_of(now()) - days);
        std::fs::write(
            directory.path().join(format!("quarantine/{name}.ndjson")),
            "{}\n",
        )
        .unwrap();
    }
    directory.said(&["compact"]);
    assert_eq!(directory.texts("archive", "event_id"), ["1", "2", "3"]);
    let said = directory.said(&["retain", "--days", "30"]);
    assert_eq!(
        said,
        "removed: 1 days of the archive, 1 segments, 1 days of the quarantine\n"
    );
    assert_eq!(directory.texts("archive", "event_id"), ["2", "3"]);
    let there = |number| directory.segment(number).exists();
    assert_eq!(
        [there(1), there(2), there(3), there(4)],
        [false, true, true, true]
    );

    let said = directory.said(&["retain", "--days", "30", "--segment-days", "7"]);
    assert_eq!(
        said,
        "removed: 0 days of the archive, 1 segments, 0 days of the quarantine\n"
    );
    assert_eq!([there(2), there(3), there(4)], [false, true, true]);
    assert_eq!(directory.texts("archive", "event_id"), ["2", "3"]);
}
