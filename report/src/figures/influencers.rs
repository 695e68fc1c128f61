//! What influencers brought, by their links and codes, beside what they cost.

use super::roi::{Known, Sales, Video, accounts, by, note};
use super::rows::{Row, count, frame, text};
use super::tables::{Influencer, influencers};
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use anyhow::Result;
use std::collections::BTreeMap;

const COLUMNS: [&str; 17] = [
    "influencer",
    "currency",
    "views",
    "interactive_views",
    "lead_views",
    "lead_rate",
    "orders",
    "link_orders",
    "code_orders",
    "revenue",
    "cost",
    "roas",
    "cost_per_view",
    "cost_per_interactive_view",
    "cost_per_lead",
    "cost_per_order",
    "note",
];

/// What is known of one: all of it, and the orders that only a code tells of.
#[derive(Default)]
struct Brought {
    all: Video,
    by_code: Video,
}

/// Who is meant by a link, or by a code.
struct Names(Option<Vec<Influencer>>);

impl Names {
    fn by_link<'a>(&'a self, source: &'a str, medium: &str, campaign: &str) -> Option<&'a str> {
        let Some(told) = &self.0 else {
            return (medium.eq_ignore_ascii_case("influencer") && !source.is_empty())
                .then_some(source);
        };
        let is = |one: &&Influencer| {
            let given = !one.source.is_empty() || !one.campaign.is_empty();
            let same = |own: &str, link: &str| own.is_empty() || own == link;
            given && same(&one.source, source) && same(&one.campaign, campaign)
        };
        told.iter().find(is).map(|one| one.name.as_str())
    }

    fn by_code(&self, code: &str) -> Option<&str> {
        let mut told = self.0.iter().flatten();
        let found = told.find(|one| !one.code.is_empty() && one.code.to_uppercase() == code);
        found.map(|one| one.name.as_str())
    }
}

fn read(rows: &Frame, names: &Names) -> Result<BTreeMap<String, Brought>> {
    let mut found: BTreeMap<String, Brought> = BTreeMap::new();
    for told in names.0.iter().flatten() {
        found.entry(told.name.clone()).or_default();
    }
    for row in Row::all(rows) {
        let link = names.by_link(row.text("source"), row.text("medium"), row.text("campaign"));
        if row.text("kind") == "views" {
            if let Some(name) = link {
                let all = &mut found.entry(name.to_owned()).or_default().all;
                all.views += row.count("amount")?;
                all.interactive += row.count("interactive")?;
                all.leads += row.count("leads")?;
            }
            continue;
        }
        let sales = Sales {
            day: row.int("day").unwrap_or(0),
            currency: row.text("currency").to_owned(),
            orders: row.count("amount")?,
            value: row.int("value").unwrap_or(0) as f64,
            goods: None,
        };
        // A link says who sent the viewer; a code, which anybody can pass on, only where no link does.
        let code = names.by_code(row.text("code"));
        if let Some(name) = link.or(code) {
            let brought = found.entry(name.to_owned()).or_default();
            if link.is_none() {
                brought.by_code.sales.push(sales.clone());
            }
            brought.all.sales.push(sales);
        }
    }
    Ok(found)
}

/// Views and orders of links and codes become accounts of influencers.
pub fn finish(rows: Frame, scope: &Scope) -> Result<Frame> {
    let known = Known::of(scope, |cost| &cost.influencer)?;
    let told = scope
        .tables
        .influencers
        .as_deref()
        .map(influencers)
        .transpose()?;
    let mut all = read(&rows, &Names(told))?;
    for cost in &known.costs {
        all.entry(cost.of.clone()).or_default();
    }
    let mut found = Vec::new();
    for (name, brought) in &all {
        let codes: BTreeMap<_, _> = accounts("", &brought.by_code, &known).into_iter().collect();
        for (at, (currency, account)) in accounts(name, &brought.all, &known).iter().enumerate() {
            let of_codes = codes.get(currency).map_or(0, |account| account.orders);
            let (own, cost) = (&brought.all, account.cost);
            // What is not money stands once for each.
            let whole = |number: u64| if at == 0 { count(number) } else { Value::Null };
            let per = |all: u64| {
                if cost > 0.0 {
                    by(cost, all as f64)
                } else {
                    Value::Null
                }
            };
            let rate = if at == 0 {
                by(own.leads as f64, own.views as f64)
            } else {
                Value::Null
            };
            found.push([
                text(name),
                text(currency),
                whole(own.views),
                whole(own.interactive),
                whole(own.leads),
                rate,
                count(account.orders),
                count(account.orders - of_codes),
                count(of_codes),
                Value::Real(account.revenue),
                Value::Real(cost),
                by(account.revenue, cost),
                per(own.views),
                per(own.interactive),
                per(own.leads),
                per(account.orders),
                note(&known, currency, account),
            ]);
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
            "source",
            "medium",
            "campaign",
            "code",
            "currency",
            "day",
            "amount",
            "interactive",
            "leads",
            "value",
        ];
        let row = |(kind, source, medium, code, currency, counts): (
            &str,
            &str,
            &str,
            &str,
            &str,
            [i64; 4],
        )| {
            let [amount, more, leads, value] = counts.map(Value::Int);
            let words = [kind, source, medium, "may", code, currency].map(text);
            let [kind, source, medium, campaign, code, currency] = words;
            [
                kind,
                source,
                medium,
                campaign,
                code,
                currency,
                Value::Int(20_000),
                amount,
                more,
                leads,
                value,
            ]
        };
        let rows = [
            ("orders", "ana", "influencer", "", "EUR", [2, 0, 0, 20_000]),
            (
                "orders",
                "ana",
                "influencer",
                "BEN15",
                "EUR",
                [1, 0, 0, 10_000],
            ),
            ("orders", "mail", "email", "ANA10", "EUR", [1, 0, 0, 5_000]),
            ("orders", "", "", "ANA10", "SEK", [3, 0, 0, 90_000]),
            ("orders", "", "", "NOBODY", "EUR", [9, 0, 0, 900_000]),
            ("views", "ana", "influencer", "", "", [1_000, 100, 20, 0]),
            ("views", "mail", "email", "", "", [5_000, 100, 20, 0]),
        ];
        frame(columns, rows.map(row).to_vec())
    }

    #[test]
    fn a_link_counts_before_a_code() {
        let costs =
            file("influencer,video,amount,currency\nana,,400,EUR\ncyn,look,50,EUR\n,look,7,EUR\n");
        let told = file("influencer,source,campaign,code\nana,ana,,ana10\nben,ben,,BEN15\n");
        let mut scope = Scope::default();
        scope.tables.costs = Some(costs.path().to_owned());
        scope.tables.influencers = Some(told.path().to_owned());
        let found = finish(rows(), &scope).unwrap();
        let names: Vec<_> = found
            .rows
            .iter()
            .map(|row| (row[0].text().unwrap(), row[1].text().unwrap()))
            .collect();
        assert_eq!(
            names,
            [
                ("ana", "EUR"),
                ("ana", "SEK"),
                ("ben", "EUR"),
                ("cyn", "EUR")
            ]
        );
        let number = |row, column| found.cell(row, column).unwrap().real();
        let ana = [
            "views",
            "lead_views",
            "orders",
            "link_orders",
            "code_orders",
            "revenue",
            "cost",
            "roas",
        ]
        .map(|name| number(0, name).unwrap());
        assert_eq!(
            ana,
            [1_000.0, 20.0, 4.0, 3.0, 1.0, 35_000.0, 40_000.0, 0.875]
        );
        let costs = [
            "cost_per_view",
            "cost_per_interactive_view",
            "cost_per_lead",
            "cost_per_order",
        ]
        .map(|name| number(0, name).unwrap());
        assert_eq!(costs, [40.0, 400.0, 2_000.0, 10_000.0]);
        // Kronor have no rate: listed, not added.
        assert_eq!(
            (number(1, "code_orders"), number(1, "views")),
            (Some(3.0), None)
        );
        assert!(
            found
                .cell(1, "note")
                .unwrap()
                .text()
                .unwrap()
                .contains("SEK to EUR")
        );
        // Ben's code came by ana's link; cyn brought nobody, and cost something all the same.
        assert_eq!(
            (number(2, "orders"), number(3, "cost")),
            (Some(0.0), Some(5_000.0))
        );
    }

    #[test]
    fn without_a_file_the_medium_tells() {
        let found = finish(rows(), &Scope::default()).unwrap();
        let orders: Vec<_> = found
            .rows
            .iter()
            .map(|row| (row[0].text().unwrap(), row[6].int()))
            .collect();
        assert_eq!(orders, [("ana", Some(3))]);
    }
}
