//! The figures find what is true of traffic that was made up.
#![cfg(feature = "engine")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use tempfile::TempDir;
use vitrine_collector::archive::{Limits, compact};
use vitrine_report::engine::Engine;
use vitrine_report::figures::find;
use vitrine_report::frame::{Frame, Value};
use vitrine_report::generate::{Options, Truth, generate};
use vitrine_report::scope::Scope;

/// 400,000 events: all but the last segments in the archive, the rest live.
fn made() -> &'static (TempDir, Truth) {
    static MADE: OnceLock<(TempDir, Truth)> = OnceLock::new();
    MADE.get_or_init(|| {
        let data = tempfile::tempdir().unwrap();
        let truth = generate(&Options::new(data.path(), 400_000, 11), &mut |_| {}).unwrap();
        let last = data.path().join("segments/00000000000000000003.ndjson");
        let held = data.path().join("held");
        std::fs::rename(&last, &held).unwrap();
        compact(data.path(), Limits::default()).unwrap();
        std::fs::rename(&held, &last).unwrap();
        (data, truth)
    })
}

fn show(name: &str, by: &str, change: impl FnOnce(&mut Scope)) -> Frame {
    let (data, truth) = made();
    let mut scope = Scope {
        as_of: truth.to,
        ..Scope::default()
    }
    .by(by);
    change(&mut scope);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = Engine::open(data.path(), &scope, &mut |_, _, _| {})
            .await
            .unwrap();
        engine.figure(find(name).unwrap(), &scope).await.unwrap()
    })
}

fn plain(name: &str, by: &str) -> Frame {
    show(name, by, |_| {})
}

fn number(frame: &Frame, row: usize, column: &str) -> f64 {
    let cell = frame.cell(row, column);
    cell.and_then(Value::real)
        .unwrap_or_else(|| panic!("{column} of row {row} is {cell:?}"))
}

fn words<'a>(frame: &'a Frame, row: usize, column: &str) -> &'a str {
    frame.cell(row, column).and_then(Value::text).unwrap()
}

fn sum(frame: &Frame, column: &str) -> f64 {
    let cells = (0..frame.rows.len()).map(|row| frame.cell(row, column).and_then(Value::real));
    cells.flatten().sum()
}

/// The row where these columns have these texts.
fn row(frame: &Frame, wanted: &[(&str, &str)]) -> usize {
    let is = |row: &usize| {
        wanted
            .iter()
            .all(|(column, text)| words(frame, *row, column) == *text)
    };
    (0..frame.rows.len())
        .find(is)
        .unwrap_or_else(|| panic!("{wanted:?} is not in {:?}", frame.rows))
}

/// Five standard errors: a false alarm in two million.
fn near(found: f64, all: f64, rate: f64, what: &str) {
    let error = (rate * (1.0 - rate) / all).sqrt();
    assert!(
        (found - rate).abs() < 5.0 * error,
        "{what}: {found} of {all}, not {rate}"
    );
}

#[test]
fn views_without_machines_each_once() {
    let (_, truth) = made();
    assert!(truth.bot_views > 100 && truth.repeated_events > 100 && truth.late_events > 100);
    let found = plain("overview", "all");
    assert_eq!(number(&found, 0, "impressions"), truth.views as f64);
    assert_eq!(number(&found, 0, "viewers"), truth.viewers as f64);
    let by = plain("overview", "video");
    for (video, own) in &truth.videos {
        let at = row(&by, &[("dimension", video)]);
        assert_eq!(number(&by, at, "impressions"), own.views as f64);
        assert_eq!(number(&by, at, "played_views"), own.plays as f64);
        assert_eq!(number(&by, at, "completed_views"), own.completed as f64);
        assert_eq!(number(&by, at, "interactive_views"), own.interactive as f64);
        let watched = number(&by, at, "watch_seconds");
        assert!((watched - own.watched_ms as f64 / 1e3).abs() < 0.01 * own.views as f64);
    }
}

#[test]
fn hctr_of_each_hotspot_and_over_the_video() {
    let (_, truth) = made();
    let found = plain("hctr", "all");
    for hotspot in &truth.hotspots {
        let at = row(
            &found,
            &[("video", &hotspot.video), ("hotspot", &hotspot.hotspot)],
        );
        let all = number(&found, at, "exposed_views");
        assert_eq!(all, hotspot.exposed_views as f64, "{hotspot:?}");
        assert_eq!(
            number(&found, at, "clicked_views"),
            hotspot.clicked_views as f64,
            "{hotspot:?}"
        );
        if let Some(rate) = hotspot.hctr {
            near(number(&found, at, "hctr"), all, rate, &hotspot.hotspot);
        }
    }
    let curve = plain("hctr_curve", "");
    let length = plain("optimum_length", "");
    let mut lengths = 0;
    for own in &truth.curves {
        for (second, rate) in &own.buckets {
            let is = |at: &usize| {
                words(&curve, *at, "video") == own.video
                    && number(&curve, *at, "from_second") == *second
            };
            let at = (0..curve.rows.len()).find(is).unwrap();
            near(
                number(&curve, at, "hctr"),
                number(&curve, at, "exposures"),
                *rate,
                &own.video,
            );
        }
        let at = row(&length, &[("video", &own.video)]);
        assert!(
            (number(&length, at, "peak_second") - own.peak_bucket).abs() <= 5.0,
            "{}",
            own.video
        );
        // Nothing where by chance the last seconds are not under half.
        if let Some(seconds) = length.cell(at, "optimum_length").and_then(Value::real) {
            let apart = (seconds - own.optimum_length).abs();
            assert!(
                apart <= 5.0,
                "{}: {seconds}, not {}",
                own.video,
                own.optimum_length
            );
            lengths += 1;
        }
    }
    assert!(lengths >= 4, "{lengths}");
}

#[test]
fn abandonment_and_recovery() {
    let (_, truth) = made();
    let own = &truth.abandonment;
    let found = plain("abandoned", "all");
    let decided = sum(&found, "decided_intents");
    let abandoned = sum(&found, "abandoned_intents");
    // Several products of a viewer share their fate: fewer independent cases than intents.
    near(
        abandoned / decided,
        decided / 2.0,
        own.abandonment_rate,
        "abandonment",
    );
    assert_eq!(
        sum(&found, "viewers_at_risk"),
        (own.abandoned - own.recovered) as f64
    );
    let rate = own.recovered as f64 / own.abandoned as f64;
    near(
        sum(&found, "recovered_intents") / abandoned,
        abandoned / 2.0,
        rate,
        "recovery",
    );
    for (currency, value) in &own.value_at_risk {
        let at = row(&found, &[("currency", currency)]);
        let found = number(&found, at, "value_at_risk") + number(&found, at, "recovered_value");
        // A product that was added twice is one intent here.
        assert!(
            found <= *value as f64 && found > 0.97 * *value as f64,
            "{currency}: {found} {value}"
        );
    }
}

#[test]
fn experiments_find_the_difference_and_nothing_else() {
    let (_, truth) = made();
    let found = plain("experiment", "all");
    for own in &truth.experiments {
        for (metric, rate) in [("clicked", 0), ("intended", 1), ("ordered", 2)] {
            let mut rates = Vec::new();
            for variant in &own.variants {
                let wanted = [
                    ("experiment", &*own.experiment),
                    ("metric", metric),
                    ("variant", &variant.variant),
                ];
                let at = row(&found, &wanted);
                let counted = [variant.clicked, variant.intended, variant.ordered][rate];
                assert_eq!(number(&found, at, "viewers"), variant.viewers as f64);
                assert_eq!(
                    number(&found, at, "converted_viewers"),
                    counted as f64,
                    "{metric} {variant:?}"
                );
                assert_eq!(number(&found, at, "crossovers"), own.crossovers as f64);
                assert!(number(&found, at, "sample_ratio_p") > 0.001);
                let true_rate = [variant.click_rate, variant.intent_rate, variant.order_rate][rate];
                rates.push((variant.variant.clone(), true_rate));
            }
            rates.sort_by(|a, b| a.0.cmp(&b.0));
            let wanted = [
                ("experiment", &*own.experiment),
                ("metric", metric),
                ("variant", &rates[1].0),
            ];
            let at = row(&found, &wanted);
            let true_difference = rates[1].1 - rates[0].1;
            let (low, high) = (
                number(&found, at, "always_low"),
                number(&found, at, "always_high"),
            );
            assert!(
                low <= true_difference && true_difference <= high,
                "{metric}: {low} to {high}"
            );
            if !own.is_different {
                let verdict = words(&found, at, "verdict");
                assert!(!verdict.contains("however often"), "{verdict}");
            }
        }
    }
}

#[test]
fn attribution_gives_out_what_was_ordered() {
    let (_, truth) = made();
    let found = plain("attribution", "video");
    for (currency, value) in &truth.orders.value {
        for rule in [
            "last_touch",
            "first_touch",
            "linear",
            "time_decay",
            "position",
            "data_driven",
            "data_driven_product",
        ] {
            let own = (0..found.rows.len()).filter(|at| words(&found, *at, "currency") == currency);
            let given: f64 = own.map(|at| number(&found, at, rule)).sum();
            assert!(
                (given - *value as f64).abs() < 1e-3,
                "{rule} {currency}: {given} {value}"
            );
        }
    }
    let told = |kind: &str| truth.orders.lines[kind] as f64;
    assert_eq!(sum(&found, "direct"), told("direct"));
    // What was pressed or seen and bought by chance counts, too.
    for kind in ["influenced", "assisted"] {
        let counted = sum(&found, kind);
        let apart = (counted - told(kind)).abs();
        assert!(
            apart <= 0.1 * told(kind) + 5.0,
            "{kind}: {counted}, not {}",
            told(kind)
        );
    }
}

#[test]
fn clicks_to_come_and_what_to_do() {
    let (data, truth) = made();
    let inventory = data.path().join("inventory.csv");
    std::fs::write(&inventory, "item_id,stock\nbag-01,5\ndress-01,100000\n").unwrap();
    let found = show("forecast", "", |scope| {
        scope.tables.inventory = Some(inventory)
    });
    let days = 56.0;
    let mut better = 0;
    for (product, clicks) in &truth.clicks_by_product_day {
        let at = row(&found, &[("product", product)]);
        let all: u64 = clicks.values().sum();
        // Two weeks of eight, a fifth more at the end than at the beginning.
        let expected = all as f64 / days * 14.0 * 1.1;
        let told = number(&found, at, "clicks_to_come");
        assert!(
            (told / expected - 1.0).abs() < 0.5,
            "{product}: {told}, not {expected}"
        );
        better += usize::from(number(&found, at, "error") <= number(&found, at, "naive_error"));
    }
    assert_eq!(better, truth.clicks_by_product_day.len());
    let advice =
        |product: &str| words(&found, row(&found, &[("product", product)]), "advice").to_owned();
    assert!(["restock", "rest"].contains(&&*advice("bag-01")));
    assert!(["feature", "re-shoot or discount"].contains(&&*advice("dress-01")));
}

#[test]
fn the_return_of_all_videos_is_what_was_ordered() {
    let (data, truth) = made();
    let costs = data.path().join("costs.csv");
    std::fs::write(
        &costs,
        "video,amount,currency,kind\nspring-look,5000,EUR,shoot\n",
    )
    .unwrap();
    let rates = data.path().join("rates.csv");
    std::fs::write(
        &rates,
        "date,from,to,rate\n2026-01-01,USD,EUR,0.9\n2026-01-01,GBP,EUR,1.2\n",
    )
    .unwrap();
    let found = show("return", "", |scope| {
        scope.tables.costs = Some(costs);
        scope.tables.rates = Some(rates);
    });
    let mut by_currency: BTreeMap<&str, f64> = BTreeMap::new();
    for at in 0..found.rows.len() {
        *by_currency
            .entry(words(&found, at, "currency"))
            .or_default() += number(&found, at, "revenue");
    }
    let value = |currency: &str| truth.orders.value[currency] as f64;
    let euros = value("EUR") + 0.9 * value("USD") + 1.2 * value("GBP");
    assert!(
        (by_currency["EUR"] - euros).abs() < 1e-3,
        "{by_currency:?} {euros}"
    );
    assert_eq!(by_currency["SEK"], value("SEK"));
    assert_eq!(sum(&found, "orders"), truth.orders.orders as f64);
    assert_eq!(sum(&found, "leads"), truth.leads as f64);
    assert_eq!(sum(&found, "views"), truth.views as f64);
    let look = row(&found, &[("video", "spring-look"), ("currency", "EUR")]);
    assert_eq!(number(&found, look, "cost"), 500_000.0);
}

#[test]
fn machines_are_counted_apart() {
    let (_, truth) = made();
    let found = plain("machines", "all");
    assert_eq!(number(&found, 0, "events"), truth.events as f64);
    assert_eq!(number(&found, 0, "machine_events"), truth.bot_events as f64);
    assert_eq!(number(&found, 0, "machine_views"), truth.bot_views as f64);
    let views = number(&found, 0, "views") - number(&found, 0, "machine_views");
    assert_eq!(views, truth.views as f64);
}

#[test]
fn viewers_are_as_satisfied_as_they_said() {
    let (_, truth) = made();
    let found = plain("polls", "all");
    let said = |kind: &str, scores: std::ops::RangeInclusive<u64>| {
        let own = truth.polls[kind].range(scores);
        own.map(|(_, count)| *count as f64).sum::<f64>()
    };
    for (column, kind, scores) in [
        ("satisfaction_answers", "satisfaction", 1..=5),
        ("satisfied", "satisfaction", 4..=5),
        ("recommendation_answers", "recommendation", 0..=10),
        ("promoters", "recommendation", 9..=10),
        ("passives", "recommendation", 7..=8),
        ("detractors", "recommendation", 0..=6),
    ] {
        assert!(said(kind, scores.clone()) > 0.0, "{column}");
        assert_eq!(number(&found, 0, column), said(kind, scores), "{column}");
    }
    // Scores are drawn alike: from 2 to 5, and from 3 to 10.
    near(
        number(&found, 0, "csat"),
        number(&found, 0, "satisfaction_answers"),
        0.5,
        "CSAT",
    );
    let (low, high) = (number(&found, 0, "nps_low"), number(&found, 0, "nps_high"));
    assert!(
        low < -25.0 && -25.0 < high && high - low < 20.0,
        "{low} to {high}"
    );
    let polls = plain("polls", "hotspot");
    assert_eq!(sum(&polls, "satisfied"), said("satisfaction", 4..=5));
}

#[test]
fn hosts_sell_what_their_segments_do() {
    let (data, _) = made();
    let segments = plain("segments", "segment");
    let by = |by: &str| {
        show("hosts", by, |scope| {
            scope.tables.segments = Some(data.path().join("segments.csv"));
        })
    };
    for found in [by("host"), by("length")] {
        for column in ["orders", "revenue"] {
            let whole = sum(&segments, column);
            assert!(
                (sum(&found, column) - whole).abs() < 1e-6 * whole,
                "{column}"
            );
        }
    }
    let hosts = by("host");
    let at = |host: &str| row(&hosts, &[("dimension", host), ("currency", "EUR")]);
    assert_eq!(
        (
            number(&hosts, at("ana"), "segments"),
            number(&hosts, at("ben"), "segments")
        ),
        (16.0, 8.0)
    );
    // Of those who click in a segment of ana's, more want to buy.
    let rate = |host: &str, end: &str| number(&hosts, at(host), end);
    assert!(rate("ana", "conversion_low") > rate("ben", "conversion_high"));
}

#[test]
fn influencers_by_their_links() {
    let (data, truth) = made();
    let costs = data.path().join("influencer-costs.csv");
    std::fs::write(&costs, "influencer,amount,currency\nana,1000,EUR\n").unwrap();
    let told = show("influencers", "", |scope| {
        scope.tables.influencers = Some(data.path().join("influencers.csv"));
        scope.tables.costs = Some(costs.clone());
    });
    let by_medium = plain("influencers", "");
    for (name, campaign, code) in [("ana", "ana-may", "ANA10"), ("ben", "ben-may", "BEN15")] {
        let views = truth.views_by_campaign[campaign] as f64;
        let of = |frame: &Frame, column: &str| -> f64 {
            let own = (0..frame.rows.len()).filter(|at| words(frame, *at, "influencer") == name);
            own.filter_map(|at| frame.cell(at, column).and_then(Value::real))
                .sum()
        };
        assert_eq!(
            (of(&told, "views"), of(&by_medium, "views")),
            (views, views)
        );
        let coupons = truth.orders.coupons[code] as f64;
        assert!(of(&told, "orders") >= coupons, "{name}");
        assert_eq!(
            of(&told, "orders"),
            of(&told, "link_orders") + of(&told, "code_orders")
        );
        assert_eq!(of(&told, "link_orders"), of(&by_medium, "orders"));
    }
    let ana = row(&told, &[("influencer", "ana"), ("currency", "EUR")]);
    let views = truth.views_by_campaign["ana-may"] as f64;
    assert!((number(&told, ana, "cost_per_view") - 100_000.0 / views).abs() < 1e-9);
}

#[test]
fn a_launch_that_changed_nothing_changed_nothing() {
    let (_, truth) = made();
    let day = truth.from / 86_400_000 + 28;
    let found = show("launch", "all", |scope| scope.launch = Some(day));
    let both = sum(&found, "orders_before") + sum(&found, "orders_after");
    assert_eq!(both, truth.orders.orders as f64);
    for (currency, value) in &truth.orders.value {
        let at = row(&found, &[("currency", currency)]);
        assert_eq!(number(&found, at, "days"), 28.0);
        let both = number(&found, at, "revenue_before") + number(&found, at, "revenue_after");
        assert_eq!(both, *value as f64, "{currency}");
        // A fifth more at the end than at the beginning.
        let a_day =
            (number(&found, at, "orders_before") + number(&found, at, "orders_after")) / 56.0;
        let grown = a_day * 0.1 / 1.1;
        let (low, high) = (
            number(&found, at, "orders_change_low"),
            number(&found, at, "orders_change_high"),
        );
        // Five standard errors: half of the interval is two.
        let change = number(&found, at, "orders_change");
        assert!(
            (change - grown).abs() < 1.25 * (high - low),
            "{currency}: {low} to {high}, not {grown}"
        );
    }
}

#[test]
fn truth_lies_beside_the_segments() {
    let (data, truth) = made();
    let text = std::fs::read_to_string(Path::new(data.path()).join("truth.json")).unwrap();
    let read: Truth = serde_json::from_str(&text).unwrap();
    assert_eq!(read.events, truth.events);
}
