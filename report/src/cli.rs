//! The command line.

use crate::figures::{self, Figure};
use crate::generate;
use crate::scope::{FOREVER, Scope, Tables};
use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use vitrine_collector::archive::live::start_of_day;
use vitrine_collector::time::{DAY_MS, parse};

/// Every figure of the field, from raw events.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "`vitrine-report list` says which figures there are."
)]
pub struct Arguments {
    /// What is done besides showing figures.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The figures that are shown, or `all`.
    #[arg(value_name = "FIGURE")]
    pub figures: Vec<String>,
    /// Where and how.
    #[command(flatten)]
    pub options: Options,
    /// What about.
    #[command(flatten)]
    pub filters: Filters,
}

/// What is done besides showing figures.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists the figures.
    List,
    /// Prints the SQL of a figure, as every engine takes it.
    Sql {
        /// Which.
        figure: String,
    },
    /// Serves the dashboard: the figures as charts, on a page.
    Serve(Box<crate::serve::Serve>),
    /// Makes up traffic whose truth is known: segments, and truth.json beside them.
    Generate(Generate),
    /// Measures each figure, for `cargo xtask bench report`.
    #[cfg(feature = "engine")]
    #[command(hide = true)]
    Measure(crate::measure::Measure),
}

/// See [`Command::Generate`].
#[derive(Args, Debug)]
pub struct Generate {
    /// The directory that gets segments; it has to have none.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// About so many events.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub events: u64,
    /// The same number makes the same traffic.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Over so many days.
    #[arg(long, value_name = "N", default_value_t = 56)]
    pub days: u32,
}

impl Generate {
    /// Makes it up.
    pub fn run(&self, progress: &mut dyn FnMut(u64)) -> Result<String> {
        if self.data.join("segments").exists() {
            bail!(
                "{}: found segments. Made-up traffic does not go among others: name a new directory.",
                self.data.display()
            );
        }
        let options = generate::Options {
            days: self.days,
            ..generate::Options::new(&self.data, self.events, self.seed)
        };
        let truth = generate::generate(&options, progress)?;
        Ok(format!(
            "{} events, {} of them of machines, {} views; the truth is in {}\n",
            truth.events,
            truth.bot_events,
            truth.views,
            self.data.join("truth.json").display()
        ))
    }
}

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// A list of figures with their rows.
    Json,
    /// One figure.
    Csv,
    /// One figure, or files in a directory.
    Parquet,
    /// One page for people, with everything in it.
    Html,
}

/// Where figures come from and go to.
#[derive(Args, Debug)]
pub struct Options {
    /// The directory that the collector writes to, or s3://BUCKET/PREFIX with a copy of it or its forwarder's objects.
    #[arg(long, value_name = "DIR", env = "VITRINE_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Where copies of buckets are; in the user's directory for caches where absent.
    #[arg(long, value_name = "DIR", default_value_os_t = crate::bucket::copies(), hide_default_value = true)]
    pub copies: PathBuf,
    /// How they are written.
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// To this file; of several figures as CSV or Parquet, into this directory.
    #[arg(long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Where `intents` goes instead.
    #[cfg(feature = "webhook")]
    #[command(flatten)]
    pub webhook: crate::webhook::Options,
}

/// Period and filters.
#[derive(Args, Debug)]
pub struct Filters {
    /// From this day (2026-05-04, UTC) or moment (2026-05-04T09:30:00Z) on.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// To the end of this day, or before this moment.
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// One site.
    #[arg(long, value_name = "NAME")]
    pub site: Option<String>,
    /// One video, by its id.
    #[arg(long, value_name = "ID")]
    pub video: Option<String>,
    /// One segment of a video.
    #[arg(long, value_name = "ID")]
    pub segment: Option<String>,
    /// One hotspot.
    #[arg(long, value_name = "ID")]
    pub hotspot: Option<String>,
    /// One campaign, by its name.
    #[arg(long, value_name = "NAME")]
    pub campaign: Option<String>,
    /// One kind of device.
    #[arg(long, value_parser = ["phone", "tablet", "desktop"])]
    pub device: Option<String>,
    /// One variant of an experiment.
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// What no event says.
    #[command(flatten)]
    pub tables: Tables,
    /// The day of a launch (2026-05-04, UTC), for `launch`.
    #[arg(long, value_name = "DAY")]
    pub launch: Option<String>,
    /// By what rows are put together.
    #[arg(long, value_parser = crate::scope::DIMENSIONS)]
    pub by: Option<String>,
    /// How long a viewer with an intent has time to order, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub window: u32,
}

impl Filters {
    /// As the figures take them. `now` is in epoch milliseconds.
    pub fn scope(&self, now: i64) -> Result<Scope> {
        let from = self
            .from
            .as_deref()
            .map_or(Ok(0), |text| moment("--from", text, 0))?;
        let to = self
            .to
            .as_deref()
            .map_or(Ok(FOREVER), |text| moment("--to", text, DAY_MS))?;
        if to <= from {
            bail!("--to has to be after --from: nothing is between them");
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Scope {
            from,
            to,
            as_of: to.min(now),
            window_ms: i64::from(self.window) * 60_000,
            site: text(&self.site),
            video: text(&self.video),
            segment: text(&self.segment),
            hotspot: text(&self.hotspot),
            campaign: text(&self.campaign),
            device: text(&self.device),
            variant: text(&self.variant),
            by: text(&self.by),
            launch: self.launch.as_deref().map(launch).transpose()?,
            tables: self.tables.clone(),
        })
    }
}

fn launch(text: &str) -> Result<i64> {
    let start = start_of_day(text)
        .with_context(|| format!("--launch {text}: found no day. Use 2026-05-04."))?;
    Ok(start.div_euclid(DAY_MS))
}

fn moment(name: &str, text: &str, of_day: i64) -> Result<i64> {
    start_of_day(text)
        .map(|start| start + of_day)
        .or_else(|| parse(text))
        .with_context(|| {
            format!("{name} {text}: found no time. Use a day (2026-05-04) or a moment (2026-05-04T09:30:00Z).")
        })
}

/// The figures that are meant, each once.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Figure>> {
    let mut chosen: Vec<&Figure> = Vec::new();
    for name in names {
        match name.as_str() {
            "all" => chosen.extend(figures::all()),
            name => chosen.push(figures::find(name)?),
        }
    }
    let mut seen = std::collections::HashSet::new();
    chosen.retain(|figure| seen.insert(figure.name));
    Ok(chosen)
}

/// The figures and what they are.
pub fn list() -> Result<String> {
    let longest = figures::ALL.iter().map(|figure| figure.name.len()).max();
    let mut out = String::new();
    for figure in figures::ALL {
        let (head, width) = (figure.head()?, longest.unwrap_or(0));
        out.push_str(&format!("{:width$}  {}\n", figure.name, head.title));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(arguments: &[&str]) -> Result<Scope> {
        let words = ["vitrine-report", "overview"].iter().chain(arguments);
        Arguments::try_parse_from(words)?
            .filters
            .scope(1_800_000_000_000)
    }

    #[test]
    fn a_day_is_whole() {
        let found = scope(&["--from", "2026-05-04", "--to", "2026-05-04"]).unwrap();
        assert_eq!(
            (found.from, found.to),
            (1_777_852_800_000, 1_777_939_200_000)
        );
        assert_eq!(found.as_of, found.to);
        let found = scope(&["--to", "2026-05-04T09:30:00Z"]).unwrap();
        assert_eq!(found.to, 1_777_887_000_000);
        assert_eq!(scope(&[]).unwrap().as_of, 1_800_000_000_000);
    }

    #[test]
    fn what_is_no_time_is_said() {
        let error = scope(&["--from", "yesterday"]).unwrap_err().to_string();
        assert!(
            error.contains("yesterday") && error.contains("2026-05-04"),
            "{error}"
        );
        assert!(scope(&["--from", "2026-05-05", "--to", "2026-05-04"]).is_err());
    }

    #[test]
    fn figures_are_chosen_once() {
        let names = ["overview", "all"].map(String::from);
        assert_eq!(chosen(&names).unwrap().len(), figures::ALL.len() - 1);
        let both = ["all", "intents"].map(String::from);
        assert_eq!(chosen(&both).unwrap().len(), figures::ALL.len());
        assert!(chosen(&["overviev".to_owned()]).is_err());
        Arguments::try_parse_from(["vitrine-report", "list"]).unwrap();
    }
}
