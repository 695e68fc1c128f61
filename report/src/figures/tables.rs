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

/// What a video cost, or an influencer.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The video's id; empty where it was for none.
    pub video: String,
    /// Who was paid; empty where nobody was.
    pub influencer: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// What for.
    pub kind: String,
}

/// Who sends viewers, and by what they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Influencer {
    /// Who.
    pub name: String,
    /// `campaign.source` of their links; empty where it may be any.
    pub source: String,
    /// `campaign.name` of their links; empty where it may be any.
    pub campaign: String,
    /// The discount code that they say; empty where they have none.
    pub code: String,
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

/// `video,amount,currency,kind`, and `influencer` where one was paid.
pub fn costs(path: &Path) -> Result<Vec<Cost>> {
    let table = Csv::read(path, &["amount", "currency"])?;
    let cost = |(place, row): &(String, HashMap<String, String>)| {
        let currency = currency(place, row, "currency")?;
        let own = |name| row.get(name).cloned().unwrap_or_default();
        let (video, influencer) = (own("video"), own("influencer"));
        if video.is_empty() && influencer.is_empty() {
            bail!("{place}: found neither a video nor an influencer that the amount is of");
        }
        Ok(Cost {
            amount: amount(place, &text(place, row, "amount")?, &currency)?,
            kind: own("kind"),
            video,
            influencer,
            currency,
        })
    };
    table.rows.iter().map(cost).collect()
}

/// `influencer,source,campaign,code`; several lines for who has several.
pub fn influencers(path: &Path) -> Result<Vec<Influencer>> {
    let table = Csv::read(path, &["influencer"])?;
    let one = |(place, row): &(String, HashMap<String, String>)| {
        let own = |name| row.get(name).cloned().unwrap_or_default();
        let found = Influencer {
            name: text(place, row, "influencer")?,
            source: own("source"),
            campaign: own("campaign"),
            code: own("code"),
        };
        if found.source.is_empty() && found.campaign.is_empty() && found.code.is_empty() {
            bail!(
                "{place}: {} has neither source, campaign nor code to be known by",
                found.name
            );
        }
        Ok(found)
    };
    table.rows.iter().map(one).collect()
}

/// `video,segment,host`, and `length` in seconds or `start,end`: as the text that `hosts.sql` takes.
pub fn segments(path: &Path) -> Result<String> {
    let mut out = String::from("\n");
    for (place, row) in &Csv::read(path, &["video", "segment"])?.rows {
        let (video, segment) = (text(place, row, "video")?, text(place, row, "segment")?);
        let host = row.get("host").cloned().unwrap_or_default();
        if [&video, &segment, &host]
            .iter()
            .any(|name| name.contains(['\t', '\n']))
        {
            bail!("{place}: a name has a tab or a new line in it");
        }
        let seconds = |name| -> Result<Option<f64>> {
            let Some(words) = row.get(name) else {
                return Ok(None);
            };
            let number = words
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite() && *number >= 0.0);
            let number = number.with_context(|| {
                format!("{place}: {name} is {words:?}; use seconds, such as 12.5")
            })?;
            Ok(Some(number))
        };
        let length = match seconds("length")? {
            None => seconds("end")?
                .zip(seconds("start")?)
                .map(|(end, start)| end - start),
            told => told,
        };
        let length = length.map_or("", class);
        out.push_str(&format!("{video}\t{segment}\t{host}\t{length}\n"));
    }
    Ok(out)
}

/// Lengths that are looked at together.
fn class(seconds: f64) -> &'static str {
    match seconds {
        ..10.0 => "under 10 s",
        ..20.0 => "10 to 20 s",
        ..30.0 => "20 to 30 s",
        ..60.0 => "30 to 60 s",
        _ => "60 s and more",
    }
}

/// `experiment,variant,weight`: how variants are drawn, beside each other.
pub fn weights(path: &Path) -> Result<HashMap<(String, String), f64>> {
    let mut found = HashMap::new();
    for (place, row) in &Csv::read(path, &["experiment", "variant", "weight"])?.rows {
        let words = text(place, row, "weight")?;
        let weight = words
            .parse()
            .ok()
            .filter(|weight: &f64| weight.is_finite() && *weight > 0.0);
        let weight = weight.with_context(|| {
            format!("{place}: weight is {words:?}; use a number above 0, such as 50")
        })?;
        found.insert(
            (
                text(place, row, "experiment")?,
                text(place, row, "variant")?,
            ),
            weight,
        );
    }
    Ok(found)
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
pub(super) mod tests {
    use super::*;

    pub fn file(text: &str) -> tempfile::NamedTempFile {
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
    fn segments_are_a_text_and_weights_are_above_nothing() {
        let table = file(
            "video,segment,host,start,end,length\nlook,intro,ana,0,9.5,\nlook,hats,,,,61\nlook,end,ben,,,\n",
        );
        let found = segments(table.path()).unwrap();
        assert_eq!(
            found,
            "\nlook\tintro\tana\tunder 10 s\nlook\thats\t\t60 s and more\nlook\tend\tben\t\n"
        );
        assert!(segments(file("video,segment,length\nlook,a,long\n").path()).is_err());
        let found =
            weights(file("experiment,variant,weight\nhost,ana,90\nhost,ben,10\n").path()).unwrap();
        assert_eq!(found[&("host".to_owned(), "ben".to_owned())], 10.0);
        assert!(weights(file("experiment,variant,weight\nhost,ana,0\n").path()).is_err());
        assert!(influencers(file("influencer,code\nana,\n").path()).is_err());
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
            (
                "video,amount,currency\n,3,EUR\n",
                "row 1: found neither a video nor an influencer",
            ),
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
