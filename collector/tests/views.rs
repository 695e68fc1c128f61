//! What is missing, by the numbers of events that came in any order.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::BTreeSet;
use vitrine_collector::event::{Dropped, Head, ViewRef};
use vitrine_collector::views::{Ranges, Views};

fn head(view: u128, seq: u32) -> Head {
    let view = ViewRef {
        key: view,
        name: None,
    };
    Head {
        id: 0,
        view: Some((view, seq)),
        time: 0,
        ends: false,
        unknown: false,
        dropped: None,
    }
}

fn dropped(view: u128, missing: &[u32]) -> Head {
    let of = ViewRef {
        key: view,
        name: None,
    };
    let count = missing.len() as u64;
    let dropped = Some(Box::new(Dropped {
        count,
        missing: vec![(of, missing.to_vec())],
    }));
    Head {
        view: None,
        dropped,
        ..head(0, 0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ranges_are_sets(numbers in prop::collection::vec(0_u32..60, 0..80), others in prop::collection::vec(0_u32..60, 0..80)) {
        let mut one = Ranges::default();
        let mut other = Ranges::default();
        numbers.iter().for_each(|number| one.insert(*number));
        others.iter().for_each(|number| other.insert(*number));
        let (set, other_set): (BTreeSet<u32>, BTreeSet<u32>) = (numbers.into_iter().collect(), others.into_iter().collect());
        prop_assert_eq!(one.count(), set.len() as u64);
        prop_assert_eq!(one.end(), set.last().map_or(0, |last| last + 1));
        prop_assert_eq!(one.common(&other), set.intersection(&other_set).count() as u64);
        for number in 0..61 {
            prop_assert_eq!(one.contains(number), set.contains(&number));
        }
    }

    #[test]
    fn sums_are_what_sets_say(
        came in prop::collection::btree_set(0_u32..40, 1..40),
        told in prop::collection::btree_set(0_u32..40, 0..10),
        ends in any::<bool>(),
    ) {
        let mut views = Views::new(10, 100);
        views.observe(&dropped(1, &told.iter().copied().collect::<Vec<_>>()), "s", 0, false);
        let last = *came.last().unwrap();
        for seq in &came {
            let head = Head { ends: ends && *seq == last, ..head(1, *seq) };
            views.observe(&head, "s", 0, false);
        }
        let explained = told.difference(&came).count() as u64;
        let end = last.max(told.last().copied().unwrap_or(0)) + 1;
        let missing = u64::from(end) - came.len() as u64 - explained;
        let all = views.report(0, 5).all;
        prop_assert_eq!((all.received, all.explained, all.missing, all.pending), (came.len() as u64, explained, 0, missing));
        let all = views.report(2, 5).all;
        prop_assert_eq!((all.missing, all.pending), (missing, 0));
        prop_assert_eq!(all.complete == 1, missing == 0 && ends);
        prop_assert_eq!(all.incomplete == 1, missing > 0);
        views.expire(200);
        prop_assert!(views.is_empty());
        prop_assert_eq!(views.report(200, 5).all, all, "what is not tracked any more still counts");
    }
}

#[test]
fn the_worst_come_first_and_another_site_explains_nothing() {
    let mut views = Views::new(10, 100);
    for seq in [0, 4] {
        views.observe(&head(1, seq), "one", 0, false);
    }
    for seq in [0, 9] {
        views.observe(&head(2, seq), "one", 0, true);
    }
    views.observe(&dropped(2, &[1, 2]), "other", 0, false);
    let report = views.report(5, 1);
    assert_eq!(
        (report.all.missing, report.all.explained, report.late),
        (11, 0, 2)
    );
    assert_eq!(report.worst.len(), 1);
    assert_eq!(
        (report.worst[0].missing, report.worst[0].quiet_minutes),
        (8, 5)
    );
    assert_eq!(report.worst[0].first_missing, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(
        report.worst[0].view_id,
        "00000000-0000-0000-0000-000000000002"
    );
}

#[test]
fn too_many_views_make_room() {
    let mut views = Views::new(3, 100);
    for view in 0..5 {
        views.observe(&head(view, 1), "s", view as u32, false);
        views.expire(view as u32);
    }
    assert_eq!(views.len(), 3);
    let report = views.report(4, 10);
    assert_eq!(
        (
            report.all.views,
            report.settled_views,
            report.all.missing + report.all.pending
        ),
        (5, 2, 5)
    );
}
