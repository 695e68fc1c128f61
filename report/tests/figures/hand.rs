//! Six viewers, worked out by hand: see `tests/data/hand.md`.

use crate::support::{HAND, engine, figure, hand, hand_scope, segments};
use vitrine_collector::time::parse;
use vitrine_report::engine::Engine;
use vitrine_report::frame::{Frame, Value};
use vitrine_report::scope::Scope;

fn row(frame: &Frame, column: &str, name: &str) -> usize {
    let place = frame.index(column).unwrap();
    let found = frame
        .rows
        .iter()
        .position(|row| row[place].text() == Some(name));
    found.unwrap_or_else(|| panic!("{name} is not in {frame:?}"))
}

fn is(frame: &Frame, row: usize, cells: &[(&str, f64)]) {
    for (column, expected) in cells {
        let cell = frame.cell(row, column).unwrap_or(&Value::Null);
        let found = cell.real().unwrap_or(f64::NAN);
        assert!(
            (found - expected).abs() < 1e-9,
            "{column}: {cell:?}, expected {expected}"
        );
    }
}

fn all(engine: &Engine, scope: &Scope) {
    let show = |name: &str, by: &str| figure(engine, name, &scope.clone().by(by));

    let overview = show("overview", "");
    assert_eq!(overview.rows.len(), 1);
    is(
        &overview,
        0,
        &[
            ("impressions", 7.0),
            ("viewers", 6.0),
            ("played_views", 6.0),
            ("watch_seconds", 56.0),
            ("completed_views", 1.0),
            ("completion_rate", 1.0 / 6.0),
            ("interactive_views", 5.0),
            ("engaged_views", 6.0),
            ("clicked_views", 5.0),
            ("ctr", 5.0 / 7.0),
        ],
    );
    // Wilson's interval of 5 in 7.
    let low = overview.cell(0, "ctr_low").and_then(Value::real).unwrap();
    assert!((low - 0.358_934).abs() < 1e-6, "{low}");
    let devices = show("overview", "device");
    is(
        &devices,
        row(&devices, "dimension", "phone"),
        &[("impressions", 4.0), ("viewers", 3.0)],
    );
    is(
        &devices,
        row(&devices, "dimension", "tablet"),
        &[("watch_seconds", 9.0)],
    );
    let days = show("overview", "day");
    is(
        &days,
        row(&days, "dimension", "2026-05-04"),
        &[("impressions", 5.0)],
    );
    is(
        &days,
        row(&days, "dimension", "2026-05-05"),
        &[("impressions", 2.0)],
    );

    let retention = show("retention", "");
    let curve: Vec<_> = (0..retention.rows.len())
        .map(|row| {
            retention
                .cell(row, "watching_views")
                .and_then(Value::int)
                .unwrap()
        })
        .collect();
    assert_eq!(
        curve,
        [6, 6, 6, 6, 5, 3, 2, 2, 2, 2, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1]
    );

    let hctr = show("hctr", "");
    let bag = row(&hctr, "hotspot", "bag");
    is(
        &hctr,
        bag,
        &[
            ("exposed_views", 6.0),
            ("clicked_views", 4.0),
            ("hctr", 4.0 / 6.0),
        ],
    );
    is(
        &hctr,
        row(&hctr, "hotspot", "hat"),
        &[("clicked_views", 1.0), ("clicks", 2.0)],
    );
    let products = show("hctr_product", "");
    let bag = row(&products, "product", "bag-01");
    is(
        &products,
        bag,
        &[
            ("exposed_views", 6.0),
            ("carted_views", 4.0),
            ("hotspots", 1.0),
        ],
    );

    let curve = show("hctr_curve", "");
    is(
        &curve,
        0,
        &[
            ("from_second", 0.0),
            ("exposures", 6.0),
            ("clicked", 4.0),
            ("clicks_here", 3.0),
        ],
    );
    is(
        &curve,
        1,
        &[
            ("from_second", 5.0),
            ("exposures", 1.0),
            ("clicked", 1.0),
            ("clicks_here", 1.0),
        ],
    );
    is(
        &curve,
        2,
        &[
            ("from_second", 10.0),
            ("exposures", 0.0),
            ("clicks_here", 2.0),
        ],
    );
    let optimum = show("optimum_length", "");
    is(&optimum, 0, &[("exposures", 7.0), ("clicked", 5.0)]);
    assert_eq!(optimum.cell(0, "peak_second"), Some(&Value::Null));

    let map = show("click_map", "");
    is(
        &map,
        0,
        &[
            ("x_percent", 40.0),
            ("y_percent", 55.0),
            ("clicks", 1.0),
            ("hit_clicks", 1.0),
        ],
    );
    assert_eq!(map.rows.len(), 1);
    money(&show);
}

/// What the viewers bought, and what they did not.
fn money(show: &dyn Fn(&str, &str) -> Frame) {
    let funnel = show("funnel", "");
    let viewers: Vec<_> = (0..6)
        .map(|row| funnel.cell(row, "viewers").and_then(Value::int).unwrap())
        .collect();
    assert_eq!(viewers, [6, 5, 5, 5, 2, 2]);
    // 10, 9, 2, 2 and 2 seconds; 330 and 7,218 seconds.
    is(&funnel, 1, &[("median_ms", 2_000.0), ("lost_viewers", 1.0)]);
    is(
        &funnel,
        5,
        &[("median_ms", 3_774_000.0), ("from_first", 2.0 / 6.0)],
    );

    let abandoned = show("abandoned", "");
    is(
        &abandoned,
        0,
        &[
            ("intents", 4.0),
            ("ordered_intents", 1.0),
            ("pending_intents", 1.0),
            ("pending_value", 9_900.0),
            ("abandoned_intents", 2.0),
            ("abandonment_rate", 2.0 / 3.0),
            ("recovered_intents", 1.0),
            ("recovered_value", 9_900.0),
            ("value_at_risk", 1_500.0),
            ("viewers_at_risk", 1.0),
        ],
    );
    let steps = show("abandoned", "step");
    is(
        &steps,
        row(&steps, "dimension", "payment_shown"),
        &[("ordered_intents", 1.0)],
    );
    is(
        &steps,
        row(&steps, "dimension", "begin_checkout"),
        &[("recovered_intents", 1.0)],
    );
    is(
        &steps,
        row(&steps, "dimension", "cart"),
        &[("intents", 2.0), ("value_at_risk", 1_500.0)],
    );

    let segments = show("segments", "");
    let styling = row(&segments, "dimension", "look styling");
    is(
        &segments,
        styling,
        &[
            ("views", 6.0),
            ("converted_views", 2.0),
            ("revenue", 19_800.0),
        ],
    );
    is(
        &segments,
        row(&segments, "dimension", "look hats"),
        &[("views", 1.0), ("orders", 0.0)],
    );

    let customers = show("customers", "");
    is(
        &customers,
        0,
        &[
            ("viewers", 6.0),
            ("returning_viewers", 1.0),
            ("buyers", 2.0),
            ("orders", 2.0),
        ],
    );
    let cohorts = show("cohorts", "");
    is(
        &cohorts,
        0,
        &[
            ("viewers", 6.0),
            ("revenue", 19_800.0),
            ("revenue_per_viewer", 3_300.0),
        ],
    );
    let campaigns = show("campaigns", "");
    let spring = row(&campaigns, "campaign", "spring");
    is(
        &campaigns,
        spring,
        &[("views", 3.0), ("order_views", 2.0), ("lead_views", 0.0)],
    );
    is(
        &campaigns,
        row(&campaigns, "campaign", "(none)"),
        &[("views", 4.0), ("lead_views", 1.0)],
    );
    let codes = show("codes", "");
    is(
        &codes,
        row(&codes, "code", "ANA10"),
        &[("orders", 1.0), ("caused_orders", 1.0)],
    );
}

/// What the shop says of segments, influencers and a launch, and what viewers say of it.
#[test]
fn tables_and_polls() {
    let data = hand(6);
    let file = |name: &str, text: &str| {
        let path = data.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let mut scope = hand_scope();
    scope.tables.segments = file(
        "segments.csv",
        "video,segment,host,length\nlook,styling,ana,20\nlook,hats,ben,9\n",
    );
    let engine = engine(data.path(), &scope);
    let hosts = figure(&engine, "hosts", &scope);
    is(
        &hosts,
        row(&hosts, "dimension", "ana"),
        &[
            ("segments", 1.0),
            ("views", 6.0),
            ("converted_views", 2.0),
            ("orders", 2.0),
            ("revenue", 19_800.0),
            ("revenue_per_view", 3_300.0),
        ],
    );
    let lengths = figure(&engine, "hosts", &scope.clone().by("length"));
    is(
        &lengths,
        row(&lengths, "dimension", "under 10 s"),
        &[("views", 1.0), ("orders", 0.0)],
    );

    let polls = figure(&engine, "polls", &scope);
    is(
        &polls,
        0,
        &[
            ("satisfaction_answers", 2.0),
            ("satisfied", 1.0),
            ("csat", 0.5),
            ("satisfaction_mean", 4.0),
            ("recommendation_answers", 3.0),
            ("promoters", 2.0),
            ("passives", 0.0),
            ("detractors", 1.0),
            ("nps", 100.0 / 3.0),
            ("choice_answers", 1.0),
        ],
    );
    // 2.75 and 1.75 of 6: 1/6 ± 1.96 times the root of (0.75 - 1/36) / 6.
    let low = polls.cell(0, "nps_low").and_then(Value::real).unwrap();
    assert!(
        (low - 100.0 * (1.0 / 6.0 - 1.959_963_985 * 0.346_944)).abs() < 1e-3,
        "{low}"
    );

    let machines = figure(&engine, "machines", &scope);
    is(
        &machines,
        0,
        &[
            ("events", 76.0),
            ("machine_events", 3.0),
            ("views", 8.0),
            ("machine_views", 1.0),
        ],
    );

    scope.tables.costs = file("costs.csv", "influencer,amount,currency\nana,30,EUR\n");
    scope.tables.influencers = file("links.csv", "influencer,campaign\nana,spring\n");
    let links = figure(&engine, "influencers", &scope);
    is(
        &links,
        0,
        &[
            ("views", 3.0),
            ("orders", 2.0),
            ("link_orders", 2.0),
            ("revenue", 19_800.0),
            ("cost_per_view", 1_000.0),
            ("cost_per_order", 1_500.0),
            ("roas", 6.6),
        ],
    );
    scope.tables.influencers = file("codes.csv", "influencer,code\nana,ana10\n");
    let codes = figure(&engine, "influencers", &scope);
    is(
        &codes,
        0,
        &[
            ("views", 0.0),
            ("orders", 1.0),
            ("link_orders", 0.0),
            ("code_orders", 1.0),
        ],
    );

    // A day on each side: both orders are of the first.
    (scope.to, scope.as_of) = (1_778_025_600_000, 1_778_025_600_000);
    scope.launch = Some(20_578);
    let launch = figure(&engine, "launch", &scope);
    is(
        &launch,
        0,
        &[
            ("days", 1.0),
            ("orders_before", 2.0),
            ("orders_after", 0.0),
            ("orders_change", -2.0),
            ("revenue_before", 19_800.0),
        ],
    );
    assert_eq!(launch.cell(0, "orders_change_low"), Some(&Value::Null));
}

#[test]
fn figures_are_those_worked_out_by_hand_wherever_the_events_are() {
    let batches = HAND.lines().count();
    // Nothing in the archive, some of it (the repeated batch on both sides), all of it.
    for archived in [0, 1, 6, batches] {
        let data = hand(archived);
        let scope = hand_scope();
        all(&engine(data.path(), &scope), &scope);
    }
}

#[test]
fn filters_leave_the_others_out() {
    let data = hand(6);
    let (scope, text) = (hand_scope(), String::from);
    let engine = engine(data.path(), &scope);
    let impressions = |scope: &Scope| {
        let overview = figure(&engine, "overview", scope);
        overview
            .cell(0, "impressions")
            .and_then(Value::int)
            .unwrap_or(0)
    };
    let with = |change: &dyn Fn(&mut Scope)| {
        let mut scope = scope.clone();
        change(&mut scope);
        impressions(&scope)
    };
    assert_eq!(with(&|scope| scope.campaign = text("spring")), 3);
    assert_eq!(with(&|scope| scope.device = text("desktop")), 2);
    assert_eq!(with(&|scope| scope.video = text("other")), 0);
    assert_eq!(with(&|scope| scope.site = text("default")), 7);
    assert_eq!(with(&|scope| scope.from = 1_777_939_200_000), 2);
    assert_eq!(with(&|scope| scope.to = 1_777_939_200_000), 5);
    assert_eq!(with(&|scope| scope.site = text("' OR '1' = '1")), 0);
}

#[test]
fn what_was_played_after_the_period_is_left_out() {
    for archived in [0, HAND.lines().count()] {
        let data = hand(archived);
        // Cyn's first look has ended, and her second one has not.
        let mut scope = hand_scope();
        scope.to = 1_777_886_430_000;
        let engine = engine(data.path(), &scope);
        let tablet = figure(&engine, "overview", &scope.clone().by("device"));
        is(
            &tablet,
            row(&tablet, "dimension", "tablet"),
            &[("watch_seconds", 4.0)],
        );
    }
}

#[test]
fn a_line_that_is_being_written_waits() {
    let data = tempfile::tempdir().unwrap();
    let lines: Vec<_> = HAND.lines().collect();
    segments(data.path(), &[&lines[..1]]);
    let path = data.path().join("segments/00000000000000000001.ndjson");
    let half = format!("{}\n{}", lines[0], &lines[3][..lines[3].len() - 1]);
    std::fs::write(path, half).unwrap();
    let scope = hand_scope();
    let engine = engine(data.path(), &scope);
    is(
        &figure(&engine, "overview", &scope),
        0,
        &[("impressions", 1.0)],
    );
    assert_eq!(engine.sources.live_unusable, 0);
}

#[test]
fn an_erasure_that_was_not_finished_holds() {
    let data = hand(HAND.lines().count());
    let erased = "{\"viewer_id\":\"ana\",\"at\":1777999999999}\n";
    std::fs::write(data.path().join("erased.ndjson"), erased).unwrap();
    let scope = hand_scope();
    let engine = engine(data.path(), &scope);
    is(
        &figure(&engine, "overview", &scope),
        0,
        &[("impressions", 5.0), ("viewers", 5.0)],
    );
    is(
        &figure(&engine, "hctr_product", &scope),
        0,
        &[("exposed_views", 5.0)],
    );
}

#[test]
fn an_intent_is_recoverable_from_the_end_of_its_window_until_an_order() {
    let data = hand(6);
    let end = hand_scope();
    let names = |to: i64| {
        let scope = Scope {
            to,
            as_of: to,
            ..end.clone()
        };
        let found = figure(&engine(data.path(), &scope), "intents", &scope);
        let text = |row: usize, name: &str| {
            let cell = found.cell(row, name).unwrap();
            cell.text().unwrap_or_default().to_owned()
        };
        (0..found.rows.len())
            .map(|row| {
                ["viewer", "product", "step", "closed_at"]
                    .map(|name| text(row, name))
                    .join(" ")
            })
            .collect::<Vec<_>>()
    };
    let ben = "ben hat-01 cart 2026-05-04T09:40:20.000Z";
    let eve = "eve bag-01 begin_checkout 2026-05-04T10:10:08.000Z";
    // Fay's is pending at the end, and eve has ordered by then.
    assert_eq!(names(end.to), [ben]);
    let closed = parse("2026-05-04T10:10:08.000Z").unwrap();
    assert_eq!(names(closed), [ben]);
    assert_eq!(names(closed + 1), [eve, ben]);
}
