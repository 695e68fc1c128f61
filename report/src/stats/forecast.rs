//! What comes next in a series of days, by weeks: several methods, of which the one that would have done best is taken.

use super::{Interval, Z_95};

/// Days of a season.
pub const WEEK: usize = 7;
/// With fewer days there is nothing to test a method on.
pub const FEWEST_DAYS: usize = 4 * WEEK;

/// How it is foretold.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// As on the same weekday a week before.
    SeasonalNaive,
    /// As the mean of that weekday in the last four weeks.
    SeasonalMean,
    /// Level, trend that dies down, and week, each smoothed (Holt-Winters, additive).
    HoltWinters {
        /// How fast the level follows.
        level: f64,
        /// How fast the trend follows.
        trend: f64,
        /// How fast the week follows.
        season: f64,
    },
}

/// How much of the trend is left a day later: one that goes on for ever overshoots (Gardner and McKenzie 1985).
const DAMPING: f64 = 0.98;

/// A forecast, and how good it would have been.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Forecast {
    /// The method taken.
    pub method: Method,
    /// By day, from the first after the series.
    pub days: Vec<Day>,
    /// Their sum.
    pub total: f64,
    /// In which the sum is with 95 %, as far as the errors of the back-test go.
    pub total_interval: Interval,
    /// The sum of the absolute errors of days ÷ the sum of what came, in the back-test.
    pub error: f64,
    /// The same of the seasonal naive method: what is to be beaten.
    pub naive_error: f64,
    /// So often it was tested: each time on the days before alone.
    pub tests: usize,
}

/// A day that is to come.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Day {
    /// The most likely value.
    pub value: f64,
    /// In which it is with 95 %, as far as the errors of the back-test go.
    pub interval: Interval,
}

fn holt_winters(series: &[f64], horizon: usize, rates: [f64; 3]) -> Vec<f64> {
    let [of_level, of_trend, of_season] = rates;
    let mean = |week: &[f64]| week.iter().sum::<f64>() / WEEK as f64;
    let (first, second) = (mean(&series[..WEEK]), mean(&series[WEEK..2 * WEEK]));
    let mut level = first;
    let mut trend = (second - first) / WEEK as f64;
    let mut season: Vec<f64> = (0..WEEK)
        .map(|day| (series[day] - first + series[day + WEEK] - second) / 2.0)
        .collect();
    for (day, value) in series.iter().enumerate() {
        let (before, own) = (level, season[day % WEEK]);
        level = of_level * (value - own) + (1.0 - of_level) * (before + DAMPING * trend);
        trend = of_trend * (level - before) + (1.0 - of_trend) * DAMPING * trend;
        season[day % WEEK] = of_season * (value - level) + (1.0 - of_season) * own;
    }
    let mut drift = 0.0;
    (0..horizon)
        .map(|ahead| {
            drift += DAMPING.powi(ahead as i32 + 1) * trend;
            level + drift + season[(series.len() + ahead) % WEEK]
        })
        .collect()
}

impl Method {
    /// The next days of a series of two weeks or more; never below zero.
    fn ahead(self, series: &[f64], horizon: usize) -> Vec<f64> {
        let length = series.len();
        let same = |ahead: usize, weeks: usize| length + ahead % WEEK - WEEK * weeks;
        let found: Vec<f64> = match self {
            Self::SeasonalNaive => (0..horizon).map(|ahead| series[same(ahead, 1)]).collect(),
            Self::SeasonalMean => {
                let weeks = (length / WEEK).min(4);
                let mean = |ahead| {
                    (1..=weeks)
                        .map(|week| series[same(ahead, week)])
                        .sum::<f64>()
                        / weeks as f64
                };
                (0..horizon).map(mean).collect()
            }
            Self::HoltWinters {
                level,
                trend,
                season,
            } => holt_winters(series, horizon, [level, trend, season]),
        };
        found.into_iter().map(|value| value.max(0.0)).collect()
    }

    fn all() -> Vec<Self> {
        let mut all = vec![Self::SeasonalNaive, Self::SeasonalMean];
        for level in [0.05, 0.1, 0.2, 0.4] {
            for trend in [0.0, 0.02, 0.1] {
                for season in [0.05, 0.15, 0.3] {
                    all.push(Self::HoltWinters {
                        level,
                        trend,
                        season,
                    });
                }
            }
        }
        all
    }
}

/// The errors of a method: by test, by day ahead; what came less what was foretold.
fn errors(method: Method, series: &[f64], horizon: usize, starts: &[usize]) -> Vec<Vec<f64>> {
    let test = |start: usize| {
        let told = method.ahead(&series[..start], horizon);
        told.iter()
            .zip(&series[start..])
            .map(|(told, came)| came - told)
            .collect()
    };
    starts.iter().map(|start| test(*start)).collect()
}

fn absolute(errors: &[Vec<f64>]) -> f64 {
    errors.iter().flatten().map(|error| error.abs()).sum()
}

/// The root of the mean square, with one test fewer, as the method was chosen by them.
fn spread(errors: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = errors.clone().count();
    (errors.map(|error| error * error).sum::<f64>() / count.saturating_sub(1).max(1) as f64).sqrt()
}

fn around(value: f64, spread: f64) -> Interval {
    Interval {
        low: (value - Z_95 * spread).max(0.0),
        high: value + Z_95 * spread,
    }
}

/// Foretells `horizon` days of a series of whole days without a gap. Each method is tested on the last days as if they were to come, from
/// many starts; the one with the smallest sum of absolute errors is taken. Nothing for fewer days than four weeks, or a horizon that is 0 or
/// longer than half of the series.
pub fn forecast(series: &[f64], horizon: usize) -> Option<Forecast> {
    if series.len() < FEWEST_DAYS || horizon == 0 || horizon > series.len() / 2 {
        return None;
    }
    // Each start has two weeks before it, and all of the horizon after it.
    let last = series.len() - horizon;
    let first = (2 * WEEK).max(last.saturating_sub(4 * WEEK));
    let starts: Vec<usize> = (first..=last).collect();
    let naive = errors(Method::SeasonalNaive, series, horizon, &starts);
    let tested = Method::all().into_iter().map(|method| {
        let errors = errors(method, series, horizon, &starts);
        (method, absolute(&errors), errors)
    });
    let (method, missed, errors) = tested.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let came: f64 = starts
        .iter()
        .map(|start| series[*start..start + horizon].iter().sum::<f64>())
        .sum();
    let share = |missed: f64| if came > 0.0 { missed / came } else { 0.0 };
    let days: Vec<Day> = method
        .ahead(series, horizon)
        .into_iter()
        .enumerate()
        .map(|(ahead, value)| {
            // Of the day ahead and those beside it: a single one has few errors.
            let near = |day: &usize| day.abs_diff(ahead) <= 3;
            let own = errors
                .iter()
                .flat_map(|test| (0..horizon).filter(near).map(|day| test[day]));
            let counted = spread(own).max(value.sqrt());
            Day {
                value,
                interval: around(value, counted),
            }
        })
        .collect();
    let total = days.iter().map(|day| day.value).sum();
    let sums = errors.iter().map(|test| test.iter().sum::<f64>());
    Some(Forecast {
        method,
        total,
        total_interval: around(total, spread(sums).max(f64::sqrt(total))),
        error: share(missed),
        naive_error: share(absolute(&naive)),
        tests: starts.len(),
        days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    const SHAPE: [f64; 7] = [0.85, 0.8, 0.85, 0.95, 1.1, 1.35, 1.1];

    /// Counts by day, of many small chances, around a week's shape that grows.
    fn shop(seed: u64, days: usize, mean: f64, growth: f64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..days)
            .map(|day| {
                let expected = mean * SHAPE[day % 7] * (1.0 + growth * day as f64 / days as f64);
                let tries = (expected * 4.0) as u32;
                f64::from(
                    (0..tries)
                        .map(|_| u32::from(rng.random::<f64>() < 0.25))
                        .sum::<u32>(),
                )
            })
            .collect()
    }

    #[test]
    fn an_exact_week_is_foretold_exactly() {
        let series: Vec<f64> = (0..42).map(|day| 100.0 * SHAPE[day % 7]).collect();
        let found = forecast(&series, 14).unwrap();
        assert!(found.error < 1e-9, "{found:?}");
        for (ahead, day) in found.days.iter().enumerate() {
            assert!((day.value - 100.0 * SHAPE[ahead % 7]).abs() < 1e-6);
        }
        // An exact trend is followed by Holt-Winters alone, as far as it is damped.
        let series: Vec<f64> = (0..70).map(|day| 100.0 + day as f64).collect();
        let found = forecast(&series, 7).unwrap();
        assert!(
            matches!(found.method, Method::HoltWinters { .. }),
            "{found:?}"
        );
        assert!(found.error < found.naive_error / 3.0);
    }

    #[test]
    fn it_beats_the_naive_one_and_its_intervals_hold() {
        let (mut held, mut days, mut totals, mut wins) = (0, 0, 0, 0);
        for seed in 0..100 {
            let series = shop(seed, 63, 80.0, 0.2);
            let found = forecast(&series[..56], 7).unwrap();
            wins += u32::from(found.error < found.naive_error);
            totals += u32::from(found.total_interval.contains(series[56..].iter().sum()));
            for (day, came) in found.days.iter().zip(&series[56..]) {
                held += u32::from(day.interval.contains(*came));
                days += 1;
            }
        }
        assert_eq!(days, 700);
        assert!(wins >= 95, "{wins}");
        // They come from few errors that are not independent: nine of ten at least.
        assert!(held >= 630, "{held}");
        assert!(totals >= 85, "{totals}");
    }

    #[test]
    fn too_little_to_say() {
        assert_eq!(forecast(&[1.0; 27], 7), None);
        assert_eq!(forecast(&[1.0; 28], 0), None);
        assert_eq!(forecast(&[1.0; 28], 15), None);
        assert_eq!(forecast(&[0.0; 28], 7).unwrap().total, 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn whatever_came(series in prop::collection::vec(0.0..1e6_f64, 28..60), horizon in 1_usize..14) {
            let found = forecast(&series, horizon).unwrap();
            prop_assert_eq!(found.days.len(), horizon);
            prop_assert!(found.error.is_finite() && found.error <= found.naive_error);
            for day in found.days {
                prop_assert!(day.value >= 0.0 && day.interval.contains(day.value));
            }
        }
    }
}
