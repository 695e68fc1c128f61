//! What of a video led to an order, by six rules.

use super::rows::{Row, count, frame, text};
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use crate::stats::attribution::{LONGEST_PATH, Rule, data_driven};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const COLUMNS: [&str; 13] = [
    "dimension",
    "currency",
    "lines",
    "direct",
    "influenced",
    "assisted",
    "last_touch",
    "first_touch",
    "linear",
    "time_decay",
    "position",
    "data_driven",
    "data_driven_product",
];
/// So many viewers the mean of all is worth beside those with a set of places: of few nothing is concluded.
const PRIOR_VIEWERS: f64 = 20.0;

/// A step towards an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    /// When.
    pub time: i64,
    /// 2: it was added; 1: pressed; 0: seen.
    pub rank: i64,
    /// Where, by the dimension asked for.
    pub place: String,
}

/// A line of an order, with its touches in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Of the value.
    pub currency: String,
    /// Minor units.
    pub value: i64,
    /// When it was ordered.
    pub time: i64,
    /// What was ordered; empty where only the shop's own id is known.
    pub product: String,
    /// The order's discount code; empty where it has none.
    pub code: String,
    /// The oldest first.
    pub touches: Vec<Touch>,
}

/// How often viewers who pressed exactly these places ordered.
#[derive(Debug, Default)]
pub struct Orders {
    sets: HashMap<BTreeSet<String>, (u64, u64)>,
    mean: f64,
}

impl Orders {
    /// Of all viewers: what they pressed, and whether they ordered.
    pub fn of(viewers: impl IntoIterator<Item = (BTreeSet<String>, bool)>) -> Self {
        let mut sets: HashMap<BTreeSet<String>, (u64, u64)> = HashMap::new();
        let (mut ordered, mut all) = (0_u64, 0_u64);
        for (set, orders) in viewers {
            let row = sets.entry(set).or_default();
            row.0 += u64::from(orders);
            row.1 += 1;
            ordered += u64::from(orders);
            all += 1;
        }
        Self {
            sets,
            mean: ordered as f64 / all.max(1) as f64,
        }
    }

    /// The rate of a set, drawn towards the mean; nothing comes of nothing.
    fn rate(&self, set: &BTreeSet<String>) -> f64 {
        if set.is_empty() {
            return 0.0;
        }
        let (ordered, all) = self.sets.get(set).copied().unwrap_or_default();
        (ordered as f64 + PRIOR_VIEWERS * self.mean) / (all as f64 + PRIOR_VIEWERS)
    }
}

impl Line {
    /// The share of each touch, by a rule.
    pub fn shares(&self, rule: Rule) -> Vec<f64> {
        let times: Vec<i64> = self.touches.iter().map(|touch| touch.time).collect();
        rule.weights(&times, self.time)
    }

    /// The share of each place, by what sets of them are worth.
    pub fn places(&self, orders: &Orders) -> Vec<(&str, f64)> {
        let mut places: Vec<&str> = Vec::new();
        for touch in self.touches.iter().rev() {
            if !places.contains(&touch.place.as_str()) && places.len() < LONGEST_PATH {
                places.push(&touch.place);
            }
        }
        let set = |bits: u32| {
            let is_in = |at: &usize| bits & 1 << at != 0;
            let own = (0..places.len())
                .filter(is_in)
                .map(|at| places[at].to_owned());
            own.collect::<BTreeSet<String>>()
        };
        let weights = data_driven(places.len(), |bits| orders.rate(&set(bits)));
        places.into_iter().zip(weights).collect()
    }
}

/// A row of the figure.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sum {
    lines: u64,
    by_rank: [u64; 3],
    rules: [f64; 5],
    data_driven: [f64; 2],
}

/// What viewers pressed, and whether they ordered.
type Viewers<'a> = BTreeMap<&'a str, (BTreeSet<String>, bool)>;

/// How often sets of places lead to an order: of anything, and of each product.
struct Rates<'a> {
    all: Orders,
    products: HashMap<&'a str, Orders>,
}

fn read(rows: &Frame) -> (BTreeMap<String, Line>, Rates<'_>) {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    let mut viewers: Viewers = BTreeMap::new();
    let mut products: HashMap<&str, Viewers> = HashMap::new();
    for row in Row::all(rows) {
        let path = row.text("path");
        if row.text("kind") == "viewer" {
            let viewer = viewers.entry(path).or_default();
            viewer.0.insert(row.text("place").to_owned());
            viewer.1 |= row.int("value") == Some(1);
            let own = products.entry(row.text("product")).or_default();
            let viewer = own.entry(path).or_default();
            viewer.0.insert(row.text("place").to_owned());
            viewer.1 |= row.int("product_value") == Some(1);
            continue;
        }
        let line = lines.entry(path.to_owned()).or_default();
        line.product = row.text("product").to_owned();
        line.code = row.text("code").to_owned();
        line.currency = row.text("currency").to_owned();
        line.value = row.int("value").unwrap_or(0);
        line.time = row.int("order_ms").unwrap_or(0);
        if let (Some(time), Some(rank)) = (row.int("touch_ms"), row.int("touch_rank")) {
            let place = row.text("place").to_owned();
            line.touches.push(Touch { time, rank, place });
        }
    }
    let products = products.into_iter();
    let rates = Rates {
        all: Orders::of(viewers.into_values()),
        products: products
            .map(|(product, viewers)| (product, Orders::of(viewers.into_values())))
            .collect(),
    };
    // Without any touch a code is all that tells who sent the viewer.
    for line in lines
        .values_mut()
        .filter(|line| line.touches.is_empty() && !line.code.is_empty())
    {
        line.code.insert_str(0, "code ");
    }
    (lines, rates)
}

fn add<'a>(sums: &mut BTreeMap<(&'a str, &'a str), Sum>, line: &'a Line, rates: &Rates) {
    let (value, currency) = (line.value as f64, line.currency.as_str());
    let Some(best) = line.touches.iter().map(|touch| touch.rank).max() else {
        let place = if line.code.is_empty() {
            "(none)"
        } else {
            &line.code
        };
        let sum = sums.entry((place, currency)).or_default();
        sum.lines += 1;
        sum.rules = sum.rules.map(|own| own + value);
        sum.data_driven = sum.data_driven.map(|own| own + value);
        return;
    };
    let places: BTreeSet<&str> = line
        .touches
        .iter()
        .map(|touch| touch.place.as_str())
        .collect();
    for place in places {
        sums.entry((place, currency)).or_default().lines += 1;
    }
    // As the page itself tells it: the last touch of the best kind.
    let last = line.touches.iter().rfind(|touch| touch.rank == best);
    if let Some(last) = last {
        let sum = sums.entry((&last.place, currency)).or_default();
        if let Some(count) = usize::try_from(best)
            .ok()
            .and_then(|best| sum.by_rank.get_mut(best))
        {
            *count += 1;
        }
    }
    for (at, rule) in Rule::ALL.into_iter().enumerate() {
        for (touch, share) in line.touches.iter().zip(line.shares(rule)) {
            sums.entry((&touch.place, currency)).or_default().rules[at] += share * value;
        }
    }
    let of_product = rates.products.get(line.product.as_str());
    for (at, orders) in [&rates.all, of_product.unwrap_or(&rates.all)]
        .into_iter()
        .enumerate()
    {
        for (place, share) in line.places(orders) {
            sums.entry((place, currency)).or_default().data_driven[at] += share * value;
        }
    }
}

/// Touches of lines become sums of places.
pub fn finish(rows: Frame, _: &Scope) -> Result<Frame> {
    let (lines, rates) = read(&rows);
    let mut sums = BTreeMap::new();
    for line in lines.values() {
        add(&mut sums, line, &rates);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| {
        a.0.1
            .cmp(b.0.1)
            .then(b.1.rules[0].total_cmp(&a.1.rules[0]))
            .then(a.0.cmp(&b.0))
    });
    let row = |((place, currency), sum): ((&str, &str), Sum)| {
        let [assisted, influenced, direct] = sum.by_rank.map(count);
        let [last, first, linear, decay, position] = sum.rules.map(Value::Real);
        let [driven, of_product] = sum.data_driven.map(Value::Real);
        [
            text(place),
            text(currency),
            count(sum.lines),
            direct,
            influenced,
            assisted,
            last,
            first,
            linear,
            decay,
            position,
            driven,
            of_product,
        ]
    };
    Ok(frame(COLUMNS, sums.into_iter().map(row).collect()))
}

#[cfg(test)]
mod tests;
