use super::*;
use proptest::prelude::*;

type Told<'a> = (&'a str, &'a str, i64, Option<(i64, i64, &'a str)>);

/// The columns of `report/kpi/attribution.sql`.
const TOLD: [&str; 11] = [
    "kind",
    "path",
    "currency",
    "value",
    "order_ms",
    "touch_ms",
    "touch_rank",
    "place",
    "product",
    "code",
    "product_value",
];

fn rows(lines: &[Told], viewers: &[(&str, bool, &str)]) -> Frame {
    let mut all = told(lines, viewers);
    for row in &mut all {
        let is_line = row[0].text() == Some("line");
        row[8] = text("bag");
        row[9] = if is_line && row[1].text() == Some("o4 0") {
            text("ANA10")
        } else {
            Value::Null
        };
        row[10] = if is_line { Value::Null } else { row[3].clone() };
    }
    frame(TOLD, all)
}

fn told(lines: &[Told], viewers: &[(&str, bool, &str)]) -> Vec<[Value; 11]> {
    let mut rows: Vec<[Value; 11]> = Vec::new();
    for (path, currency, value, touch) in lines {
        let (time, rank, place) = match touch {
            Some((time, rank, place)) => (Value::Int(*time), Value::Int(*rank), text(place)),
            None => (Value::Null, Value::Null, Value::Null),
        };
        rows.push([
            text("line"),
            text(path),
            text(currency),
            Value::Int(*value),
            Value::Int(1_000),
            time,
            rank,
            place,
            Value::Null,
            Value::Null,
            Value::Null,
        ]);
    }
    for (path, ordered, place) in viewers {
        let value = Value::Int(i64::from(*ordered));
        rows.push([
            text("viewer"),
            text(path),
            Value::Null,
            value,
            Value::Null,
            Value::Null,
            Value::Null,
            text(place),
            Value::Null,
            Value::Null,
            Value::Null,
        ]);
    }
    rows
}

fn cell(frame: &Frame, place: &str, currency: &str, column: &str) -> f64 {
    let is = |row: &&Vec<Value>| row[0].text() == Some(place) && row[1].text() == Some(currency);
    let row = frame.rows.iter().find(is).unwrap();
    row[frame.index(column).unwrap()].real().unwrap()
}

#[test]
fn by_hand() {
    let lines: [Told; 6] = [
        ("o4 0", "EUR", 30, None),
        ("o1 0", "EUR", 900, Some((10, 1, "a"))),
        ("o1 0", "EUR", 900, Some((20, 2, "b"))),
        ("o1 0", "EUR", 900, Some((30, 1, "c"))),
        ("o2 0", "USD", 500, Some((10, 0, "a"))),
        ("o3 0", "EUR", 70, None),
    ];
    let found = finish(rows(&lines, &[]), &Scope::default()).unwrap();
    assert_eq!(cell(&found, "c", "EUR", "last_touch"), 900.0);
    assert_eq!(cell(&found, "a", "EUR", "first_touch"), 900.0);
    assert!((cell(&found, "b", "EUR", "linear") - 300.0).abs() < 1e-9);
    assert!((cell(&found, "b", "EUR", "position") - 180.0).abs() < 1e-9);
    // It was added in b, whatever was pressed after.
    assert_eq!(cell(&found, "b", "EUR", "direct"), 1.0);
    assert_eq!(cell(&found, "c", "EUR", "influenced"), 0.0);
    assert_eq!(cell(&found, "a", "USD", "assisted"), 1.0);
    assert_eq!(cell(&found, "(none)", "EUR", "data_driven"), 70.0);
    // Nothing but the code tells where it came from.
    for column in ["last_touch", "data_driven", "data_driven_product"] {
        assert_eq!(cell(&found, "code ANA10", "EUR", column), 30.0);
    }
}

#[test]
fn places_that_do_not_help_get_less() {
    let mut viewers = Vec::new();
    let names: Vec<String> = (0..4_000).map(|at| format!("v{at}")).collect();
    for (at, name) in names.iter().enumerate() {
        // Who pressed a orders in one of two cases, b in one of fifty, both as a alone.
        let (a, b) = (at % 4 < 2, at % 4 != 0);
        let ordered = if a { at % 8 < 4 } else { at % 200 == 3 };
        viewers.extend(a.then_some((name.as_str(), ordered, "a")));
        viewers.extend(b.then_some((name.as_str(), ordered, "b")));
    }
    let lines: [Told; 2] = [
        ("o 0", "EUR", 1_000, Some((1, 1, "a"))),
        ("o 0", "EUR", 1_000, Some((2, 1, "b"))),
    ];
    let found = finish(rows(&lines, &viewers), &Scope::default()).unwrap();
    let (a, b) = (
        cell(&found, "a", "EUR", "data_driven"),
        cell(&found, "b", "EUR", "data_driven"),
    );
    assert!(a > 900.0 && (a + b - 1_000.0).abs() < 1e-9, "{a} {b}");
    assert_eq!(cell(&found, "b", "EUR", "last_touch"), 1_000.0);
}

#[test]
fn products_have_paths_of_their_own() {
    let names: Vec<String> = (0..4_000).map(|at| format!("v{at}")).collect();
    let mut all = told(
        &[
            ("o 0", "EUR", 1_000, Some((1, 1, "a"))),
            ("o 0", "EUR", 1_000, Some((2, 1, "b"))),
        ],
        &[],
    );
    for row in &mut all {
        row[8] = text("bag");
    }
    for (at, name) in names.iter().enumerate() {
        // Of all products a sells, and of the bag b does.
        let (product, place, sells) = match at % 4 {
            0 => ("bag", "a", false),
            1 => ("bag", "b", true),
            2 => ("hat", "a", true),
            _ => ("hat", "b", false),
        };
        let ordered = sells && at % 8 < 4 || !sells && at % 100 < 4 && at % 8 < 2;
        let orders = Value::Int(i64::from(ordered));
        let mut row = [const { Value::Null }; 11];
        (row[0], row[1], row[3], row[7]) =
            (text("viewer"), text(name), orders.clone(), text(place));
        (row[8], row[10]) = (text(product), orders);
        all.push(row);
    }
    let found = finish(frame(TOLD, all), &Scope::default()).unwrap();
    let b = |column| cell(&found, "b", "EUR", column);
    assert!(
        (400.0..600.0).contains(&b("data_driven")),
        "{}",
        b("data_driven")
    );
    assert!(
        b("data_driven_product") > 800.0,
        "{}",
        b("data_driven_product")
    );
}

proptest! {
    #[test]
    fn every_rule_gives_out_what_the_lines_are_worth(
        lines in prop::collection::vec((1_i64..100_000, prop::collection::vec((0_i64..1_000, 0_i64..3, 0_usize..12), 0..14)), 1..20)
    ) {
        let names: Vec<String> = (0..12).map(|at| format!("place-{at}")).collect();
        let paths: Vec<String> = (0..lines.len()).map(|at| format!("line-{at}")).collect();
        let mut told: Vec<Told> = Vec::new();
        for ((value, touches), path) in lines.iter().zip(&paths) {
            let mut touches = touches.clone();
            touches.sort_unstable();
            for (time, rank, place) in &touches {
                told.push((path, "EUR", *value, Some((*time, *rank, &names[*place]))));
            }
            if touches.is_empty() {
                told.push((path, "EUR", *value, None));
            }
        }
        let viewers = [("x", true, "place-1"), ("x", true, "place-2"), ("y", false, "place-2")];
        let found = finish(rows(&told, &viewers), &Scope::default()).unwrap();
        let worth: i64 = lines.iter().map(|line| line.0).sum();
        for column in &COLUMNS[6..] {
            let at = found.index(column).unwrap();
            let sum: f64 = found.rows.iter().map(|row| row[at].real().unwrap()).sum();
            prop_assert!((sum - worth as f64).abs() < 1e-6, "{column}: {sum} of {worth}");
        }
    }
}
