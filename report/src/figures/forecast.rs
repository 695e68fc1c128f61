//! Which product to show more, to order more of, to show better, or to leave.

use super::rows::{Row, count, frame, text};
use super::tables::{Stock, inventory};
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use crate::stats::compare::Count;
use crate::stats::forecast::{Forecast, Method, forecast};
use crate::stats::shrink::{Prior, Shrunk, prior};
use anyhow::Result;
use std::collections::BTreeMap;
use vitrine_collector::time::DAY_MS;

/// Days that are foretold, and that stock has to last for.
pub const HORIZON: usize = 14;
/// Days by which orders are counted.
const RECENT: i64 = 28;
const COLUMNS: [&str; 19] = [
    "product",
    "exposed_views",
    "clicked_views",
    "hctr",
    "hctr_shrunk",
    "hctr_mean",
    "clicks_to_come",
    "clicks_low",
    "clicks_high",
    "method",
    "error",
    "naive_error",
    "units_per_day",
    "stock",
    "cover_days",
    "advice",
    "reason",
    "hctr_shrunk_low",
    "hctr_shrunk_high",
];

/// What is known of a product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    exposed: u64,
    clicked: u64,
    /// By day since 1970.
    clicks: BTreeMap<i64, u64>,
    units: BTreeMap<i64, i64>,
}

/// What to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// It draws viewers, and there is enough of it.
    Feature,
    /// It draws viewers, and runs out.
    Restock,
    /// There is enough, and few are drawn.
    ReshootOrDiscount,
    /// Few are drawn, and there is little.
    Rest,
}

impl Advice {
    /// By how a product draws viewers, and how long it lasts.
    pub fn of(rate: f64, mean: f64, cover_days: f64) -> Self {
        match (rate >= mean, cover_days >= HORIZON as f64) {
            (true, true) => Self::Feature,
            (true, false) => Self::Restock,
            (false, true) => Self::ReshootOrDiscount,
            (false, false) => Self::Rest,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Restock => "restock",
            Self::ReshootOrDiscount => "re-shoot or discount",
            Self::Rest => "rest",
        }
    }
}

impl Product {
    fn count(&self) -> Option<Count> {
        Count::new(self.clicked, self.exposed)
    }

    /// Clicks of each day from one to another.
    fn series(&self, first: i64, last: i64) -> Vec<f64> {
        let clicks = |day| self.clicks.get(&day).copied().unwrap_or(0) as f64;
        (first..=last).map(clicks).collect()
    }

    fn units_per_day(&self, last: i64) -> f64 {
        let sum: i64 = self
            .units
            .range(last - RECENT + 1..=last)
            .map(|(_, units)| units)
            .sum();
        sum as f64 / RECENT as f64
    }
}

/// How long stock lasts, where orders go with the clicks to come. Nothing ordered lasts for ever.
pub fn cover(stock: u64, units_per_day: f64, recent: f64, to_come: Option<f64>) -> f64 {
    let growth = match to_come {
        Some(to_come) if recent > 0.0 => to_come / recent,
        _ => 1.0,
    };
    stock as f64 / (units_per_day * growth)
}

fn read(rows: &Frame) -> Result<BTreeMap<String, Product>> {
    let mut products: BTreeMap<String, Product> = BTreeMap::new();
    for row in Row::all(rows) {
        let product = products.entry(row.text("product").to_owned()).or_default();
        let day = row.int("day").unwrap_or(0);
        product.exposed += row.count("exposed_views")?;
        product.clicked += row.count("clicked_views")?;
        *product.clicks.entry(day).or_default() += row.count("clicks")?;
        *product.units.entry(day).or_default() += row.int("units").unwrap_or(0);
    }
    Ok(products)
}

fn method(method: Method) -> String {
    match method {
        Method::SeasonalNaive => "the week before".to_owned(),
        Method::SeasonalMean => "the mean of four weeks".to_owned(),
        Method::HoltWinters {
            level,
            trend,
            season,
        } => format!("Holt-Winters {level}/{trend}/{season}"),
    }
}

fn reason(shrunk: Shrunk, prior: Prior, cover_days: f64, stock: u64) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let side = match shrunk.interval {
        interval if interval.low > prior.mean => "above",
        interval if interval.high < prior.mean => "below",
        _ => "about",
    };
    let lasts = match cover_days {
        days if days.is_finite() => format!("last for {days:.0} days"),
        _ => "were not asked for lately".to_owned(),
    };
    format!(
        "HCTR {} is {side} the mean of {}; {stock} in stock {lasts}",
        percent(shrunk.rate),
        percent(prior.mean)
    )
}

/// All that is said of a product.
struct Outlook<'a> {
    name: &'a str,
    product: &'a Product,
    prior: Prior,
    forecast: Option<Forecast>,
    units_per_day: f64,
    recent: f64,
}

impl Outlook<'_> {
    fn row(&self, stock: Option<&Stock>) -> [Value; 19] {
        let count_of = self.product.count();
        let shrunk = count_of.map(|one| self.prior.shrink(one));
        let told = |value: fn(&Forecast) -> f64| Value::from(self.forecast.as_ref().map(value));
        let to_come = self.forecast.as_ref().map(|one| one.total / HORIZON as f64);
        let days = stock.map(|stock| cover(stock.units, self.units_per_day, self.recent, to_come));
        let (advice, reason) = match (shrunk, stock.zip(days)) {
            (None, _) => (Value::Null, "no view was exposed to it".to_owned()),
            (_, None) => (
                Value::Null,
                "no stock is known: name it in --inventory FILE".to_owned(),
            ),
            (Some(shrunk), Some((stock, days))) => {
                let advice = Advice::of(shrunk.rate, self.prior.mean, days);
                (
                    text(advice.words()),
                    reason(shrunk, self.prior, days, stock.units),
                )
            }
        };
        [
            text(self.name),
            count(self.product.exposed),
            count(self.product.clicked),
            Value::from(count_of.map(|one| one.rate())),
            Value::from(shrunk.map(|one| one.rate)),
            Value::Real(self.prior.mean),
            told(|one| one.total),
            told(|one| one.total_interval.low),
            told(|one| one.total_interval.high),
            self.forecast
                .as_ref()
                .map_or(Value::Null, |one| Value::Text(method(one.method))),
            told(|one| one.error),
            told(|one| one.naive_error),
            Value::Real(self.units_per_day),
            stock.map_or(Value::Null, |stock| count(stock.units)),
            Value::from(days.filter(|days| days.is_finite())),
            advice,
            Value::Text(reason),
            Value::from(shrunk.map(|one| one.interval.low)),
            Value::from(shrunk.map(|one| one.interval.high)),
        ]
    }
}

/// Days of products become a row for each product.
pub fn finish(rows: Frame, scope: &Scope) -> Result<Frame> {
    let products = read(&rows)?;
    let stock = match &scope.tables.inventory {
        Some(path) => inventory(path)?,
        None => BTreeMap::new(),
    };
    let counts: Vec<Count> = products.values().filter_map(Product::count).collect();
    let days = || {
        products
            .values()
            .flat_map(|product| product.clicks.keys().copied())
    };
    let (Some(prior), Some(first), Some(last)) = (prior(&counts), days().min(), days().max())
    else {
        return Ok(frame(COLUMNS, Vec::new()));
    };
    // A day that goes on would look like one with few clicks.
    let last = last.min(scope.as_of.div_euclid(DAY_MS) - 1);
    let rows = products.iter().map(|(name, product)| {
        let series = product.series(first, last);
        let recent = series.iter().rev().take(RECENT as usize);
        let outlook = Outlook {
            name,
            product,
            prior,
            recent: recent.clone().sum::<f64>() / recent.len().max(1) as f64,
            forecast: forecast(&series, HORIZON),
            units_per_day: product.units_per_day(last),
        };
        outlook.row(stock.get(name))
    });
    Ok(frame(COLUMNS, rows.collect()))
}

#[cfg(test)]
mod tests {
    use super::super::tables::tests::file;
    use super::*;

    fn rows(products: &[(&str, i64, i64, i64)]) -> Frame {
        let columns = [
            "product",
            "day",
            "clicks",
            "exposed_views",
            "clicked_views",
            "units",
        ];
        let mut rows: Vec<[Value; 6]> = Vec::new();
        for (name, clicks, exposed, units) in products {
            for day in 20_000..20_042 {
                let numbers = [*clicks, *exposed, *clicks, *units].map(Value::Int);
                let [clicks, exposed, clicked, units] = numbers;
                rows.push([text(name), Value::Int(day), clicks, exposed, clicked, units]);
            }
        }
        frame(columns, rows)
    }

    #[test]
    fn four_kinds_of_advice() {
        let table = file("item_id,stock\na,1000\nb,10\nc,1000\nd,10\n");
        let mut scope = Scope::default();
        scope.tables.inventory = Some(table.path().to_owned());
        let products = [
            ("a", 20, 100, 2),
            ("b", 20, 100, 2),
            ("c", 5, 100, 2),
            ("d", 5, 100, 2),
            ("e", 9, 100, 0),
        ];
        let found = finish(rows(&products), &scope).unwrap();
        let advice: Vec<_> = (0..5)
            .map(|row| found.cell(row, "advice").unwrap().text())
            .collect();
        assert_eq!(
            advice,
            [
                Some("feature"),
                Some("restock"),
                Some("re-shoot or discount"),
                Some("rest"),
                None
            ]
        );
        let number = |row, column| found.cell(row, column).unwrap().real().unwrap();
        assert!((number(0, "clicks_to_come") - 280.0).abs() < 1e-6);
        assert!((number(1, "cover_days") - 5.0).abs() < 1e-6);
        let reason = found.cell(3, "reason").unwrap().text().unwrap();
        assert!(
            reason.contains("below the mean") && reason.contains("last for 5 days"),
            "{reason}"
        );
        assert!(
            found
                .cell(4, "reason")
                .unwrap()
                .text()
                .unwrap()
                .contains("--inventory")
        );
    }

    #[test]
    fn stock_lasts_shorter_where_more_is_to_come() {
        assert_eq!(cover(100, 2.0, 10.0, Some(20.0)), 25.0);
        assert_eq!(cover(100, 2.0, 0.0, Some(20.0)), 50.0);
        assert!(cover(100, 0.0, 10.0, None).is_infinite());
    }

    #[test]
    fn the_day_that_goes_on_is_left_out() {
        let scope = Scope {
            as_of: 20_041 * DAY_MS + 5,
            ..Scope::default()
        };
        let mut rows = rows(&[("a", 20, 100, 1)]);
        let last = rows.rows.len() - 1;
        rows.rows[last][2] = Value::Int(1);
        let found = finish(rows, &scope).unwrap();
        assert!((found.cell(0, "clicks_to_come").unwrap().real().unwrap() - 280.0).abs() < 1e-6);
    }
}
