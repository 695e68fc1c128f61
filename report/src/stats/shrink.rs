//! Rates of few trials, drawn towards the mean by how little they say.

use super::Interval;
use super::compare::Count;
use statrs::distribution::{Beta, ContinuousCDF};

/// How rates are spread before anything is counted: Beta with this mean, worth so many trials.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Prior {
    /// The mean of all.
    pub mean: f64,
    /// So many trials of its own a rate needs to be as far from the mean as half of what is seen; infinite where rates do not
    /// differ more than chance explains.
    pub worth: f64,
}

/// A rate after it was drawn towards the mean.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Shrunk {
    /// The estimate.
    pub rate: f64,
    /// In which the true one is with 95 %, given the prior.
    pub interval: Interval,
}

/// The prior of several counts, by moments (Kleinman 1973, <https://doi.org/10.1080/01621459.1973.10481332>), weights found by repetition.
/// Nothing where there is nothing.
pub fn prior(counts: &[Count]) -> Option<Prior> {
    let counts: Vec<&Count> = counts.iter().filter(|count| count.all > 0).collect();
    let hits: u64 = counts.iter().map(|count| count.hits).sum();
    let all: u64 = counts.iter().map(|count| count.all).sum();
    if all == 0 {
        return None;
    }
    let pooled = hits as f64 / all as f64;
    if counts.len() < 2 || hits == 0 || hits == all {
        return Some(Prior {
            mean: pooled,
            worth: f64::INFINITY,
        });
    }
    let mut correlation = 0.0;
    let mut mean = pooled;
    for _ in 0..50 {
        let weight = |one: &Count| one.all as f64 / (1.0 + correlation * (one.all as f64 - 1.0));
        let whole: f64 = counts.iter().map(|one| weight(one)).sum();
        mean = counts
            .iter()
            .map(|one| weight(one) * one.rate())
            .sum::<f64>()
            / whole;
        let seen: f64 = counts
            .iter()
            .map(|one| weight(one) * (one.rate() - mean).powi(2))
            .sum();
        let share = |one: &Count| weight(one) * (1.0 - weight(one) / whole);
        let by_chance: f64 = counts.iter().map(|one| share(one) / one.all as f64).sum();
        let between: f64 = counts
            .iter()
            .map(|one| share(one) * (1.0 - 1.0 / one.all as f64))
            .sum();
        let variance = mean * (1.0 - mean);
        let next = ((seen / variance - by_chance) / between).clamp(0.0, 1.0);
        let done = (next - correlation).abs() < 1e-12;
        correlation = next;
        if done {
            break;
        }
    }
    let worth = if correlation > 0.0 {
        (1.0 - correlation) / correlation
    } else {
        f64::INFINITY
    };
    Some(Prior { mean, worth })
}

impl Prior {
    /// The rate of a count, with this in mind.
    pub fn shrink(&self, count: Count) -> Shrunk {
        // A prior worth everything would leave an interval of no width.
        let worth = self.worth.min(1e5);
        let a = self.mean * worth + count.hits as f64;
        let b = (1.0 - self.mean) * worth + (count.all - count.hits) as f64;
        let rate = a / (a + b);
        let interval = match Beta::new(a, b) {
            Ok(belief) => Interval {
                low: belief.inverse_cdf(0.025),
                high: belief.inverse_cdf(0.975),
            },
            // All of the counts are 0, or all are 1.
            Err(_) => Interval {
                low: rate,
                high: rate,
            },
        };
        Shrunk { rate, interval }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Efron and Morris (1975), <https://doi.org/10.1080/01621459.1975.10479864>: hits in the first 45 at bats of 18
    /// players, and the average of the rest of the season.
    const PLAYERS: [(u64, f64); 18] = [
        (18, 0.346),
        (17, 0.298),
        (16, 0.276),
        (15, 0.222),
        (14, 0.273),
        (14, 0.270),
        (13, 0.263),
        (12, 0.210),
        (11, 0.269),
        (11, 0.230),
        (10, 0.264),
        (10, 0.256),
        (10, 0.303),
        (10, 0.264),
        (10, 0.226),
        (9, 0.285),
        (8, 0.316),
        (7, 0.200),
    ];

    #[test]
    fn baseball() {
        let counts: Vec<Count> = PLAYERS
            .iter()
            .map(|(hits, _)| Count {
                hits: *hits,
                all: 45,
            })
            .collect();
        let prior = prior(&counts).unwrap();
        assert!((prior.mean - 0.265_432).abs() < 1e-6);
        let error = |rate: &dyn Fn(Count) -> f64| -> f64 {
            counts
                .iter()
                .zip(&PLAYERS)
                .map(|(count, (_, truth))| (rate(*count) - truth).powi(2))
                .sum()
        };
        let (own, shrunk) = (
            error(&|count| count.rate()),
            error(&|count| prior.shrink(count).rate),
        );
        // Their ratio was 3.5 with another estimator of the same kind.
        assert!(own / shrunk > 2.5, "{own} {shrunk} {prior:?}");
    }

    #[test]
    fn the_spread_is_found() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        // Beta(4, 36) by the ranks of uniform numbers: the 4th smallest of 39 is Beta(4, 36).
        let mut counts = Vec::new();
        let mut held = 0;
        let mut truths = Vec::new();
        for _ in 0..2_000 {
            let mut draws: Vec<f64> = (0..39).map(|_| rng.random()).collect();
            draws.sort_by(f64::total_cmp);
            let all = rng.random_range(20..400);
            let hits = (0..all).filter(|_| rng.random::<f64>() < draws[3]).count() as u64;
            counts.push(Count { hits, all });
            truths.push(draws[3]);
        }
        let prior = prior(&counts).unwrap();
        assert!((prior.mean - 0.1).abs() < 0.004, "{prior:?}");
        assert!((prior.worth - 40.0).abs() < 6.0, "{prior:?}");
        for (count, truth) in counts.iter().zip(truths) {
            held += u32::from(prior.shrink(*count).interval.contains(truth));
        }
        // 95 % of 2,000, and four standard errors.
        assert!((1_861..=1_939).contains(&held), "{held}");
    }

    #[test]
    fn what_says_nothing() {
        assert_eq!(prior(&[]), None);
        let none = prior(&[Count { hits: 0, all: 9 }, Count { hits: 0, all: 50 }]).unwrap();
        assert_eq!(none.shrink(Count { hits: 0, all: 9 }).rate, 0.0);
    }

    proptest! {
        #[test]
        fn between_its_own_and_the_mean(rows in prop::collection::vec((0_u64..50, 50_u64..500), 2..20)) {
            let counts: Vec<Count> = rows.iter().map(|(hits, all)| Count { hits: *hits, all: *all }).collect();
            let prior = prior(&counts).unwrap();
            for count in counts {
                let rate = prior.shrink(count).rate;
                let (low, high) = (prior.mean.min(count.rate()), prior.mean.max(count.rate()));
                prop_assert!(low - 1e-9 <= rate && rate <= high + 1e-9);
            }
        }
    }
}
