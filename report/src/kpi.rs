//! The head of an SQL file: what its figure means, for headings, units and documents.
//!
//! ```text
//! -- title: Overview
//! -- unit: one row for each value of the dimension
//! -- population: views that began in the period
//! -- window: the period
//! -- by: all video campaign
//! -- column views (count): views that began
//! -- column ctr (rate of clicked_views in views): views with a click on a hotspot
//! ```

use anyhow::{Context, Result, bail};

/// What is in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name.
    Text,
    /// How many.
    Count,
    /// The share of one column in another; it gets an interval.
    Rate(String, String),
    /// Minor units of the currency in the row's `currency`.
    Money,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// A number without a unit.
    Number,
}

/// A column, as the head has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the SQL.
    pub name: String,
    /// What is in it.
    pub kind: Kind,
    /// In words.
    pub words: String,
}

/// The head of an SQL file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// What the figure is called.
    pub title: String,
    /// What a row is.
    pub unit: String,
    /// Who is counted.
    pub population: String,
    /// From when to when.
    pub window: String,
    /// By what rows can be put together, the usual one first; empty where there is no choice.
    pub by: Vec<String>,
    /// In the order of the SQL.
    pub columns: Vec<Column>,
}

impl Head {
    /// Reads the comment that an SQL file begins with.
    pub fn read(sql: &str) -> Result<Self> {
        let mut head = Self::default();
        for line in sql.lines().map_while(|line| line.strip_prefix("-- ")) {
            let (key, words) = line
                .split_once(": ")
                .with_context(|| format!("{line:?}: found no colon"))?;
            let words = words.trim().to_owned();
            match key {
                "title" => head.title = words,
                "unit" => head.unit = words,
                "population" => head.population = words,
                "window" => head.window = words,
                "by" => head.by = words.split(' ').map(str::to_owned).collect(),
                _ => head.columns.push(column(key, words)?),
            }
        }
        let texts = [&head.title, &head.unit, &head.population, &head.window];
        if texts.iter().any(|text| text.is_empty()) || head.columns.is_empty() {
            bail!("the head needs title, unit, population, window and columns");
        }
        Ok(head)
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

fn column(key: &str, words: String) -> Result<Column> {
    let parts = key
        .strip_prefix("column ")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|rest| rest.split_once(" ("));
    let (name, kind) = parts.with_context(|| format!("{key:?}: use `column NAME (KIND)`"))?;
    let kind = match kind {
        "text" => Kind::Text,
        "count" => Kind::Count,
        "money" => Kind::Money,
        "seconds" => Kind::Seconds,
        "ms" => Kind::Millis,
        "number" => Kind::Number,
        _ => match kind
            .strip_prefix("rate of ")
            .and_then(|of| of.split_once(" in "))
        {
            Some((part, whole)) => Kind::Rate(part.to_owned(), whole.to_owned()),
            None => bail!(
                "{kind:?} is no kind of column; text, count, money, seconds, ms, number and `rate of A in B` are"
            ),
        },
    };
    Ok(Column {
        name: name.to_owned(),
        kind,
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_what_columns_are() {
        let sql = "-- title: A\n-- unit: b\n-- population: c\n-- window: d\n-- by: all video\n\
                   -- column n (count): e: f\n-- column r (rate of n in m): g\nSELECT 1";
        let head = Head::read(sql).unwrap();
        assert_eq!((head.title.as_str(), head.by.len()), ("A", 2));
        assert_eq!(head.column("n").unwrap().words, "e: f");
        let rate = Kind::Rate("n".to_owned(), "m".to_owned());
        assert_eq!(head.column("r").unwrap().kind, rate);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (sql, words) in [
            ("-- column n (cents): e", "cents"),
            ("-- nothing", "no colon"),
            ("SELECT 1", "the head needs"),
        ] {
            let error = Head::read(sql).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
