//! What a video cost, and what it brought: one currency where the rates are known, and each other apart.

use super::rows::{Row, count, frame, text};
use super::tables::{Cost, Rates, Stock, costs, inventory, rates};
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use vitrine_collector::archive::time::day_name;

const COLUMNS: [&str; 16] = [
    "video",
    "currency",
    "revenue",
    "margin",
    "cost",
    "roi",
    "roas",
    "views",
    "interactive_views",
    "leads",
    "orders",
    "cost_per_view",
    "cost_per_interactive_view",
    "cost_per_lead",
    "cost_per_order",
    "note",
];

/// Orders of a day in a currency.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sales {
    pub(super) day: i64,
    pub(super) currency: String,
    pub(super) orders: u64,
    pub(super) value: f64,
    /// What of them goes to the goods, in this currency; nothing where it is not known.
    pub(super) goods: Option<f64>,
}

/// What is known of a video, or of an influencer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Video {
    pub(super) views: u64,
    pub(super) interactive: u64,
    pub(super) leads: u64,
    pub(super) sales: Vec<Sales>,
}

/// Amounts in one currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Account {
    pub(super) revenue: f64,
    /// Nothing where the unit cost of something is not known.
    goods: Option<f64>,
    pub(super) cost: f64,
    pub(super) orders: u64,
    /// Days of amounts that could not be changed.
    days: BTreeSet<i64>,
}

/// An amount that was paid for a video, or to an influencer.
pub(super) struct Paid {
    /// Which.
    pub(super) of: String,
    amount: i64,
    currency: String,
}

/// What the shop told besides the events.
pub(super) struct Known {
    stock: BTreeMap<String, Stock>,
    pub(super) costs: Vec<Paid>,
    rates: Rates,
    /// What amounts are changed to; nothing where each stays as it is.
    target: Option<String>,
}

impl Known {
    /// With the costs of what `of` names; of those that are of something else none.
    pub(super) fn of(scope: &Scope, of: fn(&Cost) -> &String) -> Result<Self> {
        let tables = &scope.tables;
        let costs = tables.costs.as_deref().map_or(Ok(Vec::new()), costs)?;
        let currencies: BTreeSet<&String> = costs.iter().map(|cost| &cost.currency).collect();
        let only = match currencies.len() {
            1 => currencies.first().map(|code| (*code).clone()),
            _ => None,
        };
        let target = if tables.currency.is_empty() {
            only
        } else {
            Some(tables.currency.clone())
        };
        Ok(Self {
            stock: tables
                .inventory
                .as_deref()
                .map_or(Ok(BTreeMap::new()), inventory)?,
            rates: tables
                .rates
                .as_deref()
                .map_or(Ok(Rates::default()), rates)?,
            target,
            costs: costs
                .iter()
                .filter(|cost| !of(cost).is_empty())
                .map(|cost| Paid {
                    of: of(cost).clone(),
                    amount: cost.amount,
                    currency: cost.currency.clone(),
                })
                .collect(),
        })
    }

    /// An amount in the currency that all are changed to; nothing without a rate.
    fn changed(&self, amount: f64, currency: &str, day: i64) -> Option<f64> {
        self.rates
            .change(amount, currency, self.target.as_deref()?, day)
    }

    /// What units of a product cost, in a currency.
    fn goods(&self, product: &str, units: f64, currency: &str, day: i64) -> Option<f64> {
        let (cost, own) = self.stock.get(product)?.unit_cost.as_ref()?;
        self.rates.change(*cost as f64 * units, own, currency, day)
    }
}

fn read(rows: &Frame, known: &Known) -> Result<BTreeMap<String, Video>> {
    let mut videos: BTreeMap<String, Video> = BTreeMap::new();
    let mut goods: BTreeMap<(&str, i64, &str), Option<f64>> = BTreeMap::new();
    for row in Row::all(rows).filter(|row| row.text("kind") == "units") {
        let (video, day, currency) = (
            row.text("video"),
            row.int("day").unwrap_or(0),
            row.text("currency"),
        );
        let units = row.count("amount")? as f64;
        let own = known.goods(row.text("product"), units, currency, day);
        let sum = goods.entry((video, day, currency)).or_insert(Some(0.0));
        *sum = sum.zip(own).map(|(sum, own)| sum + own);
    }
    for row in Row::all(rows) {
        let (name, amount) = (row.text("video"), row.count("amount")?);
        let video = videos.entry(name.to_owned()).or_default();
        match row.text("kind") {
            "views" => {
                video.views = amount;
                video.interactive = row.count("interactive")?;
            }
            "leads" => video.leads = amount,
            "orders" => {
                let (day, currency) = (row.int("day").unwrap_or(0), row.text("currency"));
                video.sales.push(Sales {
                    day,
                    currency: currency.to_owned(),
                    orders: amount,
                    value: row.int("value").unwrap_or(0) as f64,
                    goods: goods.get(&(name, day, currency)).copied().flatten(),
                });
            }
            _ => {}
        }
    }
    for cost in &known.costs {
        videos.entry(cost.of.clone()).or_default();
    }
    Ok(videos)
}

/// A video's accounts: first that of the target's currency, then what could not be changed to it.
pub(super) fn accounts(name: &str, video: &Video, known: &Known) -> Vec<(String, Account)> {
    let target = known.target.clone().unwrap_or_default();
    let empty = || Account {
        goods: Some(0.0),
        ..Account::default()
    };
    let mut found: BTreeMap<(bool, String), Account> = BTreeMap::new();
    if known.target.is_some() {
        found.insert((false, target.clone()), empty());
    }
    for sales in &video.sales {
        let changed = known.changed(sales.value, &sales.currency, sales.day);
        let key = match changed {
            Some(_) => (false, target.clone()),
            None => (true, sales.currency.clone()),
        };
        let account = found.entry(key).or_insert_with(empty);
        account.revenue += changed.unwrap_or(sales.value);
        account.orders += sales.orders;
        let goods = match changed {
            Some(_) => sales
                .goods
                .and_then(|goods| known.changed(goods, &sales.currency, sales.day)),
            None => sales.goods,
        };
        account.goods = account.goods.zip(goods).map(|(sum, own)| sum + own);
        if changed.is_none() {
            account.days.insert(sales.day);
        }
    }
    for cost in known.costs.iter().filter(|cost| cost.of == name) {
        // A cost has no day: the last rate there is.
        let changed = known.changed(cost.amount as f64, &cost.currency, i64::MAX);
        let key = match changed {
            Some(_) => (false, target.clone()),
            None => (true, cost.currency.clone()),
        };
        found.entry(key).or_insert_with(empty).cost += changed.unwrap_or(cost.amount as f64);
    }
    if found.is_empty() {
        found.insert((false, String::new()), empty());
    }
    found
        .into_iter()
        .map(|((_, currency), account)| (currency, account))
        .collect()
}

pub(super) fn note(known: &Known, currency: &str, account: &Account) -> Value {
    let Some(target) = known.target.as_deref().filter(|target| *target != currency) else {
        return Value::Null;
    };
    let days = match (account.days.first(), account.days.last()) {
        (Some(first), Some(last)) if first != last => {
            format!(" from {} to {}", day_name(*first), day_name(*last))
        }
        (Some(day), _) => format!(" on {}", day_name(*day)),
        _ => String::new(),
    };
    Value::Text(format!(
        "no rate from {currency} to {target}{days}: not in the other row; add it to --rates"
    ))
}

/// What of an amount falls to each; nothing where there is none.
pub(super) fn by(amount: f64, all: f64) -> Value {
    Value::from((all > 0.0).then(|| amount / all))
}

fn row(
    name: &str,
    video: &Video,
    known: &Known,
    (currency, account): &(String, Account),
    first: bool,
) -> [Value; 16] {
    let cost = account.cost;
    let margin = account.goods.map(|goods| account.revenue - goods);
    let per = |all: u64| {
        if cost > 0.0 {
            by(cost, all as f64)
        } else {
            Value::Null
        }
    };
    // What is not money stands once for each video.
    let whole = |number: u64| if first { count(number) } else { Value::Null };
    [
        text(name),
        text(currency),
        Value::Real(account.revenue),
        Value::from(margin),
        Value::Real(cost),
        margin.map_or(Value::Null, |margin| by(margin - cost, cost)),
        by(account.revenue, cost),
        whole(video.views),
        whole(video.interactive),
        whole(video.leads),
        count(account.orders),
        per(video.views),
        per(video.interactive),
        per(video.leads),
        per(account.orders),
        note(known, currency, account),
    ]
}

/// Counts and amounts of videos become accounts.
pub fn finish(rows: Frame, scope: &Scope) -> Result<Frame> {
    let known = Known::of(scope, |cost| &cost.video)?;
    let mut found = Vec::new();
    for (name, video) in &read(&rows, &known)? {
        for (at, account) in accounts(name, video, &known).iter().enumerate() {
            found.push(row(name, video, &known, account, at == 0));
        }
    }
    Ok(frame(COLUMNS, found))
}

#[cfg(test)]
mod tests {
    use super::super::tables::tests::file;
    use super::*;

    fn rows() -> Frame {
        let columns = [
            "kind",
            "video",
            "day",
            "currency",
            "product",
            "amount",
            "interactive",
            "value",
        ];
        let row = |(kind, day, currency, product, amount, more, value): (
            &str,
            i64,
            &str,
            &str,
            i64,
            i64,
            i64,
        )| {
            let [day, amount, more, value] = [day, amount, more, value].map(Value::Int);
            [
                text(kind),
                text("look"),
                day,
                text(currency),
                text(product),
                amount,
                more,
                value,
            ]
        };
        let rows = [
            ("leads", 0, "", "", 4, 0, 0),
            ("orders", 20_000, "EUR", "", 2, 0, 30_000),
            ("orders", 20_000, "USD", "", 1, 0, 10_000),
            ("orders", 20_001, "SEK", "", 1, 0, 90_000),
            ("units", 20_000, "EUR", "bag", 2, 0, 0),
            ("units", 20_000, "USD", "bag", 1, 0, 0),
            ("units", 20_001, "SEK", "hat", 1, 0, 0),
            ("views", 0, "", "", 1_000, 200, 0),
        ];
        frame(columns, rows.map(row).to_vec())
    }

    #[test]
    fn by_hand() {
        let costs = file(
            "video,amount,currency,kind\nlook,80,EUR,shoot\nlook,20,EUR,host\nnew,5,EUR,host\n",
        );
        let stock = file("item_id,stock,unit_cost,currency\nbag,9,50,EUR\n");
        let rates = file("date,from,to,rate\n2024-10-01,USD,EUR,0.9\n");
        let mut scope = Scope::default();
        scope.tables.costs = Some(costs.path().to_owned());
        scope.tables.inventory = Some(stock.path().to_owned());
        scope.tables.rates = Some(rates.path().to_owned());
        let found = finish(rows(), &scope).unwrap();
        let number = |row, column| found.cell(row, column).unwrap().real();
        // 300 EUR and 100 USD at 0.9; three bags at 50.
        assert_eq!(number(0, "revenue"), Some(39_000.0));
        assert!((number(0, "margin").unwrap() - 24_000.0).abs() < 1e-6);
        assert!((number(0, "roi").unwrap() - 1.4).abs() < 1e-9);
        assert_eq!(number(0, "roas"), Some(3.9));
        assert_eq!(number(0, "cost_per_view"), Some(10.0));
        assert_eq!(number(0, "cost_per_lead"), Some(2_500.0));
        assert_eq!(number(0, "orders"), Some(3.0));
        // Kronor have no rate: listed, not added.
        assert_eq!(found.cell(1, "currency").unwrap().text(), Some("SEK"));
        assert_eq!(
            (
                number(1, "revenue"),
                number(1, "margin"),
                number(1, "views")
            ),
            (Some(90_000.0), None, None)
        );
        let note = found.cell(1, "note").unwrap().text().unwrap();
        assert!(note.contains("SEK to EUR on 2024-10-05"), "{note}");
        // A video that nobody saw has its cost all the same.
        assert_eq!(found.cell(2, "video").unwrap().text(), Some("new"));
        assert_eq!(
            (number(2, "cost"), number(2, "cost_per_view")),
            (Some(500.0), None)
        );
    }

    #[test]
    fn without_tables_each_currency_stays_apart() {
        let found = finish(rows(), &Scope::default()).unwrap();
        let currencies: Vec<_> = found
            .rows
            .iter()
            .map(|row| row[1].text().unwrap())
            .collect();
        assert_eq!(currencies, ["EUR", "SEK", "USD"]);
        assert!(found.rows.iter().all(|row| row[15] == Value::Null));
        assert_eq!(found.cell(0, "margin"), Some(&Value::Null));
    }
}
