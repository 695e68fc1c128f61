//! Sales in the days before a launch, and in as many from it on.

use super::rows::{Row, count, frame, text};
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use crate::stats::Interval;
use crate::stats::means::welch;
use anyhow::Result;
use std::collections::BTreeMap;
use vitrine_collector::time::DAY_MS;

const COLUMNS: [&str; 14] = [
    "dimension",
    "currency",
    "days",
    "orders_before",
    "orders_after",
    "orders_change",
    "orders_change_low",
    "orders_change_high",
    "revenue_before",
    "revenue_after",
    "revenue_change",
    "revenue_change_low",
    "revenue_change_high",
    "note",
];

/// What is compared: so many days before a day, and so many from it on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    launch: i64,
    days: i64,
}

impl Span {
    /// Of the first and the last day with events. The last one is left out while it goes on.
    fn of(launch: i64, (first, last): (i64, i64), scope: &Scope) -> Self {
        let first =
            first.max(scope.from.div_euclid(DAY_MS) + i64::from(scope.from.rem_euclid(DAY_MS) > 0));
        let whole = scope.as_of.min(scope.to).div_euclid(DAY_MS) - 1;
        let days = (launch - first).min(last.min(whole) - launch + 1).max(0);
        // Weekends sell otherwise: whole weeks have as many on both sides.
        let days = if days >= 7 { days - days % 7 } else { days };
        Self { launch, days }
    }

    fn values(&self, sales: &BTreeMap<i64, f64>, from: i64) -> Vec<f64> {
        (from..from + self.days)
            .map(|day| sales.get(&day).copied().unwrap_or(0.0))
            .collect()
    }

    fn before(&self, sales: &BTreeMap<i64, f64>) -> Vec<f64> {
        self.values(sales, self.launch - self.days)
    }

    fn after(&self, sales: &BTreeMap<i64, f64>) -> Vec<f64> {
        self.values(sales, self.launch)
    }

    fn note(&self) -> Value {
        match self.days {
            0 => text("no whole day on one side: choose another day, or a longer period"),
            1..7 => text("less than a week on each side: weekdays differ"),
            _ => Value::Null,
        }
    }
}

/// By dimension and currency: of each day.
type Sales<'a> = BTreeMap<(&'a str, &'a str), (BTreeMap<i64, f64>, BTreeMap<i64, f64>)>;

/// Sales by day become sums and differences.
pub fn finish(rows: Frame, scope: &Scope) -> Result<Frame> {
    let mut sales: Sales = BTreeMap::new();
    let mut seen = None;
    for row in Row::all(&rows) {
        let (day, amount) = (row.int("day").unwrap_or(0), row.count("amount")?);
        if row.text("kind") == "days" {
            seen = Some((day, i64::try_from(amount)?));
            continue;
        }
        let own = sales
            .entry((row.text("dimension"), row.text("currency")))
            .or_default();
        *own.0.entry(day).or_default() += amount as f64;
        *own.1.entry(day).or_default() += row.int("value").unwrap_or(0) as f64;
    }
    let (Some(launch), Some(seen)) = (scope.launch, seen) else {
        return Ok(frame(COLUMNS, Vec::new()));
    };
    let span = Span::of(launch, seen, scope);
    let mut found: Vec<_> = sales
        .iter()
        .map(|(names, (orders, values))| row(*names, orders, values, span))
        .collect();
    // Of each currency what sells most stands first.
    let sold = |row: &[Value; 14]| row[9].real().unwrap_or(0.0);
    found.sort_by(|a, b| {
        let currency = a[1].text().cmp(&b[1].text());
        currency.then(sold(b).total_cmp(&sold(a)))
    });
    Ok(frame(COLUMNS, found))
}

fn row(
    (dimension, currency): (&str, &str),
    orders: &BTreeMap<i64, f64>,
    values: &BTreeMap<i64, f64>,
    span: Span,
) -> [Value; 14] {
    let whole = |days: Vec<f64>| days.iter().sum::<f64>();
    let change = |sales| {
        let (difference, interval) = welch(&span.before(sales), &span.after(sales));
        let end = |end: fn(&Interval) -> f64| Value::from(interval.as_ref().map(end));
        let difference = (span.days > 0).then_some(difference);
        [
            Value::from(difference),
            end(|one| one.low),
            end(|one| one.high),
        ]
    };
    let [orders_change, orders_low, orders_high] = change(orders);
    let [value_change, value_low, value_high] = change(values);
    [
        text(dimension),
        text(currency),
        Value::Int(span.days),
        count(whole(span.before(orders)) as u64),
        count(whole(span.after(orders)) as u64),
        orders_change,
        orders_low,
        orders_high,
        Value::Real(whole(span.before(values))),
        Value::Real(whole(span.after(values))),
        value_change,
        value_low,
        value_high,
        span.note(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sales: &[(i64, i64, i64)]) -> Frame {
        let columns = ["kind", "dimension", "currency", "day", "amount", "value"];
        let row = |kind, day, amount, value| {
            let name = if kind == "sales" { "all" } else { "" };
            [
                text(kind),
                text(name),
                text("EUR"),
                Value::Int(day),
                Value::Int(amount),
                Value::Int(value),
            ]
        };
        let mut all = vec![row("days", 100, 119, 0)];
        all.extend(
            sales
                .iter()
                .map(|(day, orders, value)| row("sales", *day, *orders, *value)),
        );
        frame(columns, all)
    }

    fn scope(launch: i64, as_of: i64) -> Scope {
        Scope {
            launch: Some(launch),
            as_of,
            ..Scope::default()
        }
    }

    #[test]
    fn by_hand() {
        // Launched on day 117: three days on each side. 1, 2, 3 orders before; 4, 5, 6 from then on.
        let sales = [
            (114, 1, 100),
            (115, 2, 200),
            (116, 3, 300),
            (117, 4, 400),
            (118, 5, 500),
            (119, 6, 600),
            (103, 99, 9_900),
        ];
        let found = finish(rows(&sales), &scope(117, 120 * DAY_MS)).unwrap();
        let number = |column| found.cell(0, column).unwrap().real().unwrap();
        assert_eq!(
            [
                number("days"),
                number("orders_before"),
                number("orders_after")
            ],
            [3.0, 6.0, 15.0]
        );
        assert_eq!(
            [number("orders_change"), number("revenue_change")],
            [3.0, 300.0]
        );
        // t of four degrees of freedom is 2.776445, the error the root of 2/3.
        assert!(
            (number("orders_change_low") - 0.733_042).abs() < 1e-5,
            "{}",
            number("orders_change_low")
        );
        assert!((number("revenue_change_high") - 526.695_8).abs() < 1e-3);
        assert!(
            found
                .cell(0, "note")
                .unwrap()
                .text()
                .unwrap()
                .contains("week")
        );
    }

    #[test]
    fn days_that_are_compared() {
        let days = |launch, as_of| Span::of(launch, (100, 119), &scope(launch, as_of)).days;
        // Twelve and eight days: a week each.
        assert_eq!(days(112, 120 * DAY_MS), 7);
        assert_eq!(days(117, 120 * DAY_MS), 3);
        // The last day is not over.
        assert_eq!(days(117, 120 * DAY_MS - 1), 2);
        assert_eq!((days(100, 120 * DAY_MS), days(130, 120 * DAY_MS)), (0, 0));
        assert!(
            finish(rows(&[]), &Scope::default())
                .unwrap()
                .rows
                .is_empty()
        );
    }
}
