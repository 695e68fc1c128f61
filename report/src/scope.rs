//! What a figure is asked about: the period and the filters, as parameters of its SQL.

use crate::figures::tables;
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// By what rows are put together; not every figure has each of them.
pub const DIMENSIONS: [&str; 16] = [
    "all", "site", "video", "product", "hotspot", "segment", "campaign", "source", "variant",
    "device", "locale", "step", "second", "day", "host", "length",
];

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// A BIGINT.
    Int(i64),
    /// A VARCHAR.
    Text(String),
}

/// What the shop knows and no event says, as CSV files.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Stock for `forecast`, unit costs for `return`: a CSV file with item_id,stock,unit_cost,currency.
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// What videos and influencers cost, for `return` and `influencers`: a CSV file with video,influencer,amount,currency,kind.
    #[arg(long, value_name = "FILE")]
    pub costs: Option<PathBuf>,
    /// By what influencers are known: a CSV file with influencer,source,campaign,code.
    #[arg(long, value_name = "FILE")]
    pub influencers: Option<PathBuf>,
    /// Who presents which segment, and how long it is, for `hosts`: a CSV file with video,segment,host,length.
    #[arg(long, value_name = "FILE")]
    pub segments: Option<PathBuf>,
    /// How variants are drawn, for `experiment`: a CSV file with experiment,variant,weight; alike where absent.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Rates of currencies, for `return`: a CSV file with date,from,to,rate.
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
    /// The currency that `return` changes amounts to; the costs' own where absent.
    #[arg(
        long,
        value_name = "CODE",
        default_value = "",
        hide_default_value = true
    )]
    pub currency: String,
}

impl Tables {
    /// The files that are given.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = [
            &self.inventory,
            &self.costs,
            &self.influencers,
            &self.segments,
            &self.weights,
            &self.rates,
        ];
        files.into_iter().flatten().cloned().collect()
    }
}

/// Period and filters. An empty text is no filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Epoch milliseconds; what happened from here on.
    pub from: i64,
    /// Epoch milliseconds; what happened before.
    pub to: i64,
    /// Epoch milliseconds: until when events can have come. What began less than the window before is pending.
    pub as_of: i64,
    /// How long a viewer with an intent has time to order, in milliseconds.
    pub window_ms: i64,
    /// Of one site.
    pub site: String,
    /// Of one video.
    pub video: String,
    /// Of one segment of a video.
    pub segment: String,
    /// Of one hotspot.
    pub hotspot: String,
    /// Of one campaign, by its name.
    pub campaign: String,
    /// Of one kind of device.
    pub device: String,
    /// Of one variant of an experiment.
    pub variant: String,
    /// By what rows are put together; empty: as the figure does it first.
    pub by: String,
    /// The day of a launch, since 1970.
    pub launch: Option<i64>,
    /// What is known besides the events.
    pub tables: Tables,
}

/// The end of the year 9999.
pub const FOREVER: i64 = 253_402_300_800_000;

impl Default for Scope {
    fn default() -> Self {
        Self {
            from: 0,
            to: FOREVER,
            as_of: FOREVER,
            window_ms: 30 * 60_000,
            site: String::new(),
            video: String::new(),
            segment: String::new(),
            hotspot: String::new(),
            campaign: String::new(),
            device: String::new(),
            variant: String::new(),
            by: String::new(),
            launch: None,
            tables: Tables::default(),
        }
    }
}

impl Scope {
    /// The same by another dimension.
    pub fn by(self, by: &str) -> Self {
        Self {
            by: by.to_owned(),
            ..self
        }
    }

    /// The value of a parameter of the SQL files.
    pub fn parameter(&self, name: &str) -> Result<Parameter> {
        let text = |text: &String| Parameter::Text(text.clone());
        Ok(match name {
            "from" => Parameter::Int(self.from),
            "to" => Parameter::Int(self.to),
            "as_of" => Parameter::Int(self.as_of),
            "window_ms" => Parameter::Int(self.window_ms),
            "site" => text(&self.site),
            "video" => text(&self.video),
            "segment" => text(&self.segment),
            "hotspot" => text(&self.hotspot),
            "campaign" => text(&self.campaign),
            "device" => text(&self.device),
            "variant" => text(&self.variant),
            "by" => text(&self.by),
            "segments" => Parameter::Text(match &self.tables.segments {
                Some(path) => tables::segments(path)?,
                None => String::new(),
            }),
            _ => bail!("${name}: no parameter of this name is known"),
        })
    }

    /// The values of all parameters that a text of SQL has.
    pub fn parameters(&self, sql: &str) -> Result<Vec<(String, Parameter)>> {
        let names = parameter_names(sql).into_iter();
        names
            .map(|name| Ok((name.to_owned(), self.parameter(name)?)))
            .collect()
    }
}

/// The names of the parameters in a text of SQL, each once; comments have none.
pub fn parameter_names(sql: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for line in sql.lines() {
        let code = line.split("--").next().unwrap_or_default();
        for part in code.split('$').skip(1) {
            let end = part.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric());
            let name = &part[..end.unwrap_or(part.len())];
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_by_their_sign() {
        let sql = "-- $none\nSELECT $from, $to -- $neither\nWHERE ($site = '' OR site = $site)";
        assert_eq!(parameter_names(sql), ["from", "to", "site"]);
        let error = Scope::default().parameters("$nothing").unwrap_err();
        assert!(error.to_string().contains("$nothing"), "{error}");
    }
}
