//! What the shop knows and no event says: CSV files, and what is wrong with them.

use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use vitrine_collector::archive::time::day_named;

/// A product in stock.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// So many.
    pub units: u64,
    /// What one costs the shop, in minor units of a currency.
    pub unit_cost: Option<(i64, String)>,
}

/// What a video cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Its id.
    pub video: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// What for.
    pub kind: String,
}

/// Rates by day: what a unit of one currency is in another's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    days: HashMap<(String, String), BTreeMap<i64, f64>>,
}

/// Decimal digits of a currency's minor unit, where they are not two. <https://www.six-group.com/en/products-services/financial-information/market-reference-data/data-standards.html>
pub fn digits(currency: &str) -> i32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

impl Rates {
    /// An amount of minor units, in another currency's, at the last rate of that day or before.
    pub fn change(&self, amount: f64, from: &str, to: &str, day: i64) -> Option<f64> {
        if from == to {
            return Some(amount);
        }
        let at = |from: &str, to: &str| {
            let days = self.days.get(&(from.to_owned(), to.to_owned()))?;
            days.range(..=day).next_back().map(|(_, rate)| *rate)
        };
        let rate = at(from, to).or_else(|| at(to, from).map(|rate| 1.0 / rate))?;
        Some(amount * rate * 10_f64.powi(digits(to) - digits(from)))
    }
}

/// Lines of a CSV file, each with its place for words about it.
struct Csv {
    rows: Vec<(String, HashMap<String, String>)>,
}

impl Csv {
    fn read(path: &Path, needed: &[&str]) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let names = reader
            .headers()
            .with_context(|| format!("{}: line 1", path.display()))?
            .clone();
        for name in needed {
            if !names.iter().any(|own| own == *name) {
                let found: Vec<&str> = names.iter().collect();
                bail!(
                    "{}: column {name} is missing; found {}",
                    path.display(),
                    found.join(", ")
                );
            }
        }
        let mut rows = Vec::new();
        for (at, record) in reader.records().enumerate() {
            let place = format!("{}, row {}", path.display(), at + 1);
            let record = record.with_context(|| place.clone())?;
            let cells = names
                .iter()
                .zip(&record)
                .filter(|(_, cell)| !cell.is_empty());
            rows.push((
                place,
                cells
                    .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                    .collect(),
            ));
        }
        Ok(Self { rows })
    }
}

fn text(place: &str, row: &HashMap<String, String>, name: &str) -> Result<String> {
    row.get(name)
        .cloned()
        .with_context(|| format!("{place}: {name} is empty"))
}

fn currency(place: &str, row: &HashMap<String, String>, name: &str) -> Result<String> {
    let code = text(place, row, name)?;
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        bail!("{place}: {name} is {code:?}; use an ISO 4217 code such as EUR");
    }
    Ok(code)
}

/// An amount of whole units, such as 1200.50, in minor ones.
fn amount(place: &str, words: &str, currency: &str) -> Result<i64> {
    let units: f64 = words
        .parse()
        .ok()
        .filter(|units: &f64| units.is_finite())
        .with_context(|| {
            format!("{place}: {words:?} is no amount; use whole units and a point, such as 1200.50")
        })?;
    Ok((units * 10_f64.powi(digits(currency))).round() as i64)
}

/// `item_id,stock`, and where known `unit_cost,currency`.
pub fn inventory(path: &Path) -> Result<BTreeMap<String, Stock>> {
    let mut found = BTreeMap::new();
    for (place, row) in &Csv::read(path, &["item_id", "stock"])?.rows {
        let words = text(place, row, "stock")?;
        let units = words.parse().ok();
        let units = units
            .with_context(|| format!("{place}: stock is {words:?}; use a whole number of units"))?;
        let unit_cost = match row.get("unit_cost") {
            Some(cost) => {
                let currency = currency(place, row, "currency")?;
                Some((amount(place, cost, &currency)?, currency))
            }
            None => None,
        };
        found.insert(text(place, row, "item_id")?, Stock { units, unit_cost });
    }
    Ok(found)
}

/// `video,amount,currency,kind`.
pub fn costs(path: &Path) -> Result<Vec<Cost>> {
    let table = Csv::read(path, &["video", "amount", "currency"])?;
    let cost = |(place, row): &(String, HashMap<String, String>)| {
        let currency = currency(place, row, "currency")?;
        Ok(Cost {
            video: text(place, row, "video")?,
            amount: amount(place, &text(place, row, "amount")?, &currency)?,
            kind: row.get("kind").cloned().unwrap_or_default(),
            currency,
        })
    };
    table.rows.iter().map(cost).collect()
}

/// `date,from,to,rate`.
pub fn rates(path: &Path) -> Result<Rates> {
    let mut rates = Rates::default();
    for (place, row) in &Csv::read(path, &["date", "from", "to", "rate"])?.rows {
        let date = text(place, row, "date")?;
        let day = day_named(&date)
            .with_context(|| format!("{place}: date is {date:?}; use 2026-05-04"))?;
        let words = text(place, row, "rate")?;
        let rate = words
            .parse()
            .ok()
            .filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
        let rate = rate.with_context(|| {
            format!("{place}: rate is {words:?}; use a number above 0, such as 1.08")
        })?;
        let pair = (currency(place, row, "from")?, currency(place, row, "to")?);
        rates.days.entry(pair).or_default().insert(day, rate);
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn the_last_rate_counts_either_way() {
        let table = file(
            "date,from,to,rate\n2026-05-01,USD,EUR,0.9\n2026-05-03,USD,EUR,0.8\n2026-05-01,EUR,JPY,160\n",
        );
        let rates = rates(table.path()).unwrap();
        let day = |name| day_named(name).unwrap();
        assert_eq!(
            rates.change(1_000.0, "USD", "EUR", day("2026-05-02")),
            Some(900.0)
        );
        assert_eq!(
            rates.change(1_000.0, "USD", "EUR", day("2026-06-01")),
            Some(800.0)
        );
        assert_eq!(
            rates.change(900.0, "EUR", "USD", day("2026-05-01")),
            Some(1_000.0)
        );
        assert_eq!(rates.change(1_000.0, "USD", "EUR", day("2026-04-30")), None);
        // Yen have no minor unit.
        assert_eq!(
            rates.change(100.0, "EUR", "JPY", day("2026-05-01")),
            Some(160.0)
        );
        assert_eq!(rates.change(5.0, "SEK", "EUR", day("2026-05-01")), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, words) in [
            ("video,amount\nlook,3\n", "column currency is missing"),
            (
                "video,amount,currency\nlook,3,euro\n",
                "row 1: currency is \"euro\"",
            ),
            (
                "video,amount,currency\nlook,3,EUR\nlook,\"1,5\",EUR\n",
                "row 2: \"1,5\" is no amount",
            ),
            ("video,amount,currency\n,3,EUR\n", "row 1: video is empty"),
        ] {
            let error = costs(file(text).path()).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let table = file("item_id,stock,unit_cost,currency\nbag,12,40.5,EUR\nhat,3,,\n");
        let found = inventory(table.path()).unwrap();
        assert_eq!(found["bag"].unit_cost, Some((4_050, "EUR".to_owned())));
        assert_eq!(
            found["hat"],
            Stock {
                units: 3,
                unit_cost: None
            }
        );
        assert!(inventory(file("item_id,stock\nbag,many\n").path()).is_err());
    }
}
