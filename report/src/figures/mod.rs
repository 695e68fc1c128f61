//! The figures: each is one SQL file, and what SQL cannot say everywhere alike.

pub mod attribution;
pub mod experiment;
pub mod forecast;
mod influencers;
mod intents;
mod launch;
mod polls;
pub mod roi;
pub(crate) mod rows;
pub mod tables;

use crate::frame::{Frame, Value};
use crate::kpi::{Head, Kind};
use crate::scope::Scope;
use crate::stats::wilson::wilson;
use anyhow::{Context, Result, bail};
use vitrine_collector::time::{DAY_MS, date};

/// A figure.
pub struct Figure {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The file `report/kpi/NAME.sql`.
    pub sql: &'static str,
    /// What is done with the rows before they get their intervals.
    pub finish: fn(Frame, &Scope) -> Result<Frame>,
}

/// An export about persons, so it is not in `all`.
pub const INTENTS: &str = "intents";
/// Nothing without `--launch`.
pub const LAUNCH: &str = "launch";
/// Nothing without `--segments`.
pub const HOSTS: &str = "hosts";

/// All of them, in the order of `all`.
pub const ALL: &[Figure] = &[
    plain("overview", include_str!("../../kpi/overview.sql")),
    plain("retention", include_str!("../../kpi/retention.sql")),
    plain("hctr", include_str!("../../kpi/hctr.sql")),
    plain("hctr_product", include_str!("../../kpi/hctr_product.sql")),
    plain("hctr_curve", include_str!("../../kpi/hctr_curve.sql")),
    plain(
        "optimum_length",
        include_str!("../../kpi/optimum_length.sql"),
    ),
    plain("click_map", include_str!("../../kpi/click_map.sql")),
    plain("funnel", include_str!("../../kpi/funnel.sql")),
    plain("abandoned", include_str!("../../kpi/abandoned.sql")),
    finished(
        INTENTS,
        include_str!("../../kpi/intents.sql"),
        intents::finish,
    ),
    plain("segments", include_str!("../../kpi/segments.sql")),
    plain(HOSTS, include_str!("../../kpi/hosts.sql")),
    plain("customers", include_str!("../../kpi/customers.sql")),
    plain("cohorts", include_str!("../../kpi/cohorts.sql")),
    plain("campaigns", include_str!("../../kpi/campaigns.sql")),
    plain("codes", include_str!("../../kpi/codes.sql")),
    finished(
        "influencers",
        include_str!("../../kpi/influencers.sql"),
        influencers::finish,
    ),
    finished("polls", include_str!("../../kpi/polls.sql"), polls::finish),
    finished(LAUNCH, include_str!("../../kpi/launch.sql"), launch::finish),
    finished(
        "experiment",
        include_str!("../../kpi/experiment.sql"),
        experiment::finish,
    ),
    finished(
        "attribution",
        include_str!("../../kpi/attribution.sql"),
        attribution::finish,
    ),
    finished(
        "forecast",
        include_str!("../../kpi/forecast.sql"),
        forecast::finish,
    ),
    finished("return", include_str!("../../kpi/return.sql"), roi::finish),
    plain("machines", include_str!("../../kpi/machines.sql")),
];

/// Those that are not about persons: `all`, and the dashboard's.
pub fn all() -> impl Iterator<Item = &'static Figure> {
    ALL.iter().filter(|figure| figure.name != INTENTS)
}

const fn plain(name: &'static str, sql: &'static str) -> Figure {
    finished(name, sql, as_it_is)
}

const fn finished(
    name: &'static str,
    sql: &'static str,
    finish: fn(Frame, &Scope) -> Result<Frame>,
) -> Figure {
    Figure { name, sql, finish }
}

fn as_it_is(frame: Frame, _: &Scope) -> Result<Frame> {
    Ok(frame)
}

impl Figure {
    /// What the file says of itself.
    pub fn head(&self) -> Result<Head> {
        Head::read(self.sql).with_context(|| format!("report/kpi/{}.sql", self.name))
    }

    /// The scope with the dimension that is meant, if the figure has it.
    pub fn scope(&self, scope: &Scope) -> Result<Scope> {
        let (head, mut scope) = (self.head()?, scope.clone());
        match head.by.first() {
            Some(first) if scope.by.is_empty() => scope.by = first.clone(),
            None if !scope.by.is_empty() => {
                bail!("{} has its own rows: leave --by out", self.name)
            }
            _ if scope.by.is_empty() || head.by.contains(&scope.by) => {}
            _ => bail!(
                "{}: --by {} is not possible; {} are",
                self.name,
                scope.by,
                head.by.join(", ")
            ),
        }
        Ok(scope)
    }

    /// Of the SQL's rows, those of the figure: with an interval behind each rate.
    pub fn finished(&self, frame: Frame, scope: &Scope) -> Result<Frame> {
        let mut frame = (self.finish)(frame, scope)?;
        if scope.by == "day" {
            name_days(&mut frame);
        }
        for column in self.head()?.columns {
            if let Kind::Rate(part, whole) = &column.kind {
                add_interval(&mut frame, &column.name, part, whole);
            }
        }
        Ok(frame)
    }
}

/// No two engines write a date alike, so the SQL has days since 1970.
fn name_days(frame: &mut Frame) {
    let Some(place) = frame.index("dimension") else {
        return;
    };
    for cell in frame.rows.iter_mut().filter_map(|row| row.get_mut(place)) {
        let day: Option<i64> = cell.text().and_then(|text| text.parse().ok());
        if let Some(day) = day {
            *cell = Value::Text(date(day.saturating_mul(DAY_MS)));
        }
    }
}

/// Adds the 95 % interval of a rate, of the counts that it is made of.
fn add_interval(frame: &mut Frame, rate: &str, part: &str, whole: &str) {
    let places = (frame.index(rate), frame.index(part), frame.index(whole));
    let (Some(rate_at), Some(part), Some(whole)) = places else {
        return;
    };
    let names = [format!("{rate}_low"), format!("{rate}_high")];
    frame.insert_after(rate_at, names, |row| {
        let count = |place: usize| u64::try_from(row.get(place)?.int()?).ok();
        let interval = count(part).zip(count(whole));
        match interval.and_then(|(part, whole)| wilson(part, whole)) {
            Some(interval) => [Value::Real(interval.low), Value::Real(interval.high)],
            None => [Value::Null, Value::Null],
        }
    });
}

/// The figure of that name, or words with the nearest ones.
pub fn find(name: &str) -> Result<&'static Figure> {
    if let Some(figure) = ALL.iter().find(|figure| figure.name == name) {
        return Ok(figure);
    }
    let nearest = ALL
        .iter()
        .map(|figure| (strsim::jaro_winkler(name, figure.name), figure.name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.7);
    let names: Vec<_> = ALL.iter().map(|figure| figure.name).collect();
    let meant = nearest.map_or(String::new(), |(_, name)| format!(" Do you mean {name}?"));
    bail!(
        "{name:?} is no figure.{meant} There are: all, {}",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{DIMENSIONS, parameter_names};

    #[test]
    fn each_file_says_what_it_is() {
        for figure in ALL {
            let head = figure.head().unwrap();
            for by in &head.by {
                assert!(DIMENSIONS.contains(&by.as_str()), "{}: {by}", figure.name);
            }
            let has_by = parameter_names(figure.sql).contains(&"by");
            assert_eq!(has_by, !head.by.is_empty(), "{}", figure.name);
            Scope::default().parameters(figure.sql).unwrap();
            for column in &head.columns {
                if let Kind::Rate(part, whole) = &column.kind {
                    for name in [part, whole] {
                        let counted = head.column(name).map(|column| &column.kind);
                        assert_eq!(counted, Some(&Kind::Count), "{}: {name}", figure.name);
                    }
                }
            }
        }
    }

    #[test]
    fn no_file_leaves_the_portable_sql() {
        for figure in ALL {
            let code: Vec<_> = figure
                .sql
                .lines()
                .filter(|line| !line.starts_with("--"))
                .collect();
            let code = code.join("\n").to_uppercase();
            for word in [
                "QUALIFY",
                "ASOF",
                "COUNT(DISTINCT CASE",
                "::",
                "DATE_TRUNC",
                "MEDIAN(",
                "QUANTILE",
                "FILTER (",
            ] {
                assert!(!code.contains(word), "{}: {word}", figure.name);
            }
            assert!(code.contains("NOT BOT"), "{}: bots", figure.name);
            let last = code.rfind("ORDER BY");
            assert!(
                last > code.rfind("FROM "),
                "{}: no order at the end",
                figure.name
            );
        }
    }

    #[test]
    fn a_wrong_name_gets_the_nearest() {
        let error = find("overvew").err().unwrap().to_string();
        assert!(error.contains("Do you mean overview?"), "{error}");
    }

    #[test]
    fn rates_get_their_interval() {
        let mut frame = Frame {
            columns: ["clicks", "views", "ctr"].map(String::from).to_vec(),
            rows: vec![
                vec![Value::Int(15), Value::Int(148), Value::Real(15.0 / 148.0)],
                vec![Value::Int(0), Value::Int(0), Value::Null],
            ],
        };
        add_interval(&mut frame, "ctr", "clicks", "views");
        assert_eq!(frame.columns[3..], ["ctr_low", "ctr_high"]);
        let low = frame.cell(0, "ctr_low").unwrap().real().unwrap();
        assert!((low - 0.0624).abs() < 6e-5, "{low}");
        assert_eq!(frame.cell(1, "ctr_high"), Some(&Value::Null));
    }
}
