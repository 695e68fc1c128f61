//! The traffic that is made up has the truth that it says, and the collector takes it.

use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use vitrine_collector::archive::{Limits, compact};
use vitrine_collector::segment_files;
use vitrine_report::generate::{Options, Truth, generate};

fn made(data: &Path, events: u64, seed: u64) -> Truth {
    generate(&Options::new(data, events, seed), &mut |_| {}).unwrap()
}

fn lines(data: &Path) -> impl Iterator<Item = Value> {
    let segments = segment_files::list(data).unwrap();
    segments.into_iter().flat_map(|segment| {
        let file = BufReader::new(std::fs::File::open(segment.path).unwrap());
        file.lines()
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
    })
}

/// All events, each once, without those of machines.
fn events(data: &Path) -> Vec<Value> {
    let mut known = HashSet::new();
    lines(data)
        .filter(|line| line["bot"] == false)
        .flat_map(|mut line| {
            line["events"]
                .as_array_mut()
                .unwrap()
                .drain(..)
                .collect::<Vec<_>>()
        })
        .filter(|event| known.insert(event["id"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let [a, b, c] = [7, 7, 8].map(|seed| {
        let data = tempfile::tempdir().unwrap();
        made(data.path(), 5_000, seed);
        let mut all = Vec::new();
        for segment in segment_files::list(data.path()).unwrap() {
            all.extend(std::fs::read(segment.path).unwrap());
        }
        all
    });
    assert!(a == b && a != c && !a.is_empty());
}

#[test]
fn what_happened_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    made(data.path(), 1_000, 7);
    let again = generate(&Options::new(data.path(), 1_000, 8), &mut |_| {});
    let words = again.unwrap_err().to_string();
    assert!(words.contains("directory of its own"), "{words}");
}

#[test]
fn the_collector_takes_it() {
    let data = tempfile::tempdir().unwrap();
    let truth = made(data.path(), 40_000, 1);
    assert!((36_000..44_000).contains(&truth.events), "{}", truth.events);
    let done = compact(data.path(), Limits::default()).unwrap();
    assert_eq!(done.events, truth.events);
    assert!(truth.repeated_events > 50, "{}", truth.repeated_events);
    for number in [
        truth.bot_events,
        truth.missing_events,
        truth.late_events,
        truth.skewed_views,
    ] {
        assert!(number > 0);
    }
}

#[test]
fn views_are_as_the_overlay_reports_them() {
    let data = tempfile::tempdir().unwrap();
    let truth = made(data.path(), 60_000, 2);
    let events = events(data.path());
    let ids: HashSet<&str> = events
        .iter()
        .map(|event| event["id"].as_str().unwrap())
        .collect();
    let mut views: HashMap<&str, Vec<&Value>> = HashMap::new();
    for event in &events {
        views
            .entry(event["view_id"].as_str().unwrap())
            .or_default()
            .push(event);
        if let Some(cause) = event["cause"].as_str() {
            assert!(ids.contains(cause), "{event}");
        }
    }
    let mut missing = 0;
    for view in views.values_mut() {
        view.sort_by_key(|event| event["seq"].as_u64());
        let last = view.last().unwrap();
        missing += last["seq"].as_u64().unwrap() + 1 - view.len() as u64;
        let elapsed: Vec<i64> = view
            .iter()
            .map(|event| event["elapsed_ms"].as_i64().unwrap())
            .collect();
        assert!(elapsed.is_sorted(), "{view:?}");
        if view[0]["type"] == "impression" {
            assert_eq!(last["type"], "view_end", "{view:?}");
        }
    }
    assert_eq!(missing, truth.missing_events);
    let mut by_type: BTreeMap<String, u64> = BTreeMap::new();
    for event in &events {
        *by_type
            .entry(event["type"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    assert_eq!(by_type, truth.by_type);
    assert_eq!(by_type["impression"], truth.views);
    assert_eq!(by_type["purchase"], truth.orders.orders);
}

#[test]
fn what_was_counted_is_near_what_is_true() {
    let data = tempfile::tempdir().unwrap();
    let truth = made(data.path(), 200_000, 3);
    // Five standard errors: one in two million.
    let near = |hits: u64, all: u64, rate: f64, what: &str| {
        let error = (rate * (1.0 - rate) / all as f64).sqrt();
        let found = hits as f64 / all as f64;
        assert!(
            (found - rate).abs() < 5.0 * error + 1e-9,
            "{what}: {found} of {all}, not {rate}"
        );
    };
    for hotspot in &truth.hotspots {
        if let Some(rate) = hotspot.hctr {
            near(
                hotspot.clicked_views,
                hotspot.exposed_views,
                rate,
                &hotspot.hotspot,
            );
        }
    }
    let lost = &truth.abandonment;
    assert_eq!(lost.bought + lost.abandoned + lost.pending, lost.episodes);
    near(
        lost.abandoned,
        lost.bought + lost.abandoned,
        lost.abandonment_rate,
        "abandonment",
    );
    for experiment in &truth.experiments {
        assert!(experiment.crossovers > 0, "{experiment:?}");
        for variant in &experiment.variants {
            near(
                variant.clicked,
                variant.viewers,
                variant.click_rate,
                "clicks of a variant",
            );
            near(
                variant.intended,
                variant.viewers,
                variant.intent_rate,
                "intents of a variant",
            );
            near(
                variant.ordered,
                variant.viewers,
                variant.order_rate,
                "orders of a variant",
            );
        }
    }
    assert_eq!(truth.orders.lines.len(), 4, "{:?}", truth.orders.lines);
    assert!(truth.orders.value.len() == 4 && truth.orders.coupons.len() == 2);
}
