//! An interval that may be looked at at any time.

use super::Interval;
use super::compare::Count;

/// The size of difference that the interval is made for, in points of the rate. It is narrowest where the
/// true one is of that order, and valid for all.
pub const EXPECTED_DIFFERENCE: f64 = 0.02;
/// With fewer viewers in a group the normal approximation cannot be trusted: the interval is everything.
pub const FEWEST: u64 = 30;
const LEVEL: f64 = 0.05;

/// The interval of the rate of `b` less that of `a` that holds the true difference with 95 % at all times together, so that stopping when it
/// leaves zero is no cheating. The normal mixture of Robbins (1970), as in the mixture sequential probability ratio test of Johari,
/// Koomen, Pekelis and Walsh (2022), <https://doi.org/10.1287/opre.2021.2135>, with estimated variances.
pub fn always_valid(a: Count, b: Count) -> Interval {
    let everything = Interval {
        low: -1.0,
        high: 1.0,
    };
    if a.all.min(b.all) < FEWEST {
        return everything;
    }
    // Half a hit more on each side, so that no hits are not taken for certainty.
    let variance = |one: Count| {
        let rate = (one.hits as f64 + 0.5) / (one.all as f64 + 1.0);
        rate * (1.0 - rate) / one.all as f64
    };
    let variance = variance(a) + variance(b);
    let mixture = EXPECTED_DIFFERENCE * EXPECTED_DIFFERENCE;
    let sum = variance + mixture;
    let bound = (1.0 / LEVEL).ln() + 0.5 * (sum / variance).ln();
    let half = (2.0 * variance * sum / mixture * bound).sqrt();
    let difference = b.rate() - a.rate();
    Interval {
        low: (difference - half).max(-1.0),
        high: (difference + half).min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::compare::two_proportions;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Of 1,000 experiments that are looked at after every 20 viewers, in how many the true difference was
    /// outside at some look: of this interval, and, where there is none, by the plain test.
    fn wrong(rate: f64, difference: f64, viewers: u64) -> (u32, u32) {
        let (mut here, mut plain) = (0, 0);
        for seed in 0..1_000 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut hits_a, mut hits_b) = (0, 0);
            let (mut out, mut found) = (false, false);
            for all in 1..=viewers {
                hits_a += u64::from(rng.random::<f64>() < rate);
                hits_b += u64::from(rng.random::<f64>() < rate + difference);
                if all % 20 == 0 {
                    let (a, b) = (Count { hits: hits_a, all }, Count { hits: hits_b, all });
                    out |= !always_valid(a, b).contains(difference);
                    found |= two_proportions(a, b).is_some_and(|test| test.p_value < 0.05);
                }
            }
            here += u32::from(out);
            plain += u32::from(found);
        }
        (here, plain)
    }

    #[test]
    fn looking_early_does_no_harm() {
        // 50 expected at most; 70 is three standard errors above.
        let (here, plain) = wrong(0.1, 0.0, 4_000);
        assert!(here < 70, "{here}");
        // What it is good for: the plain test, looked at as often, cries wolf.
        assert!(plain > 200, "{plain}");
        for (rate, difference) in [(0.02, 0.0), (0.5, 0.02), (0.1, 0.05)] {
            let (here, _) = wrong(rate, difference, 3_000);
            assert!(here < 70, "{rate} {difference}: {here}");
        }
    }

    #[test]
    fn it_finds_what_is_there_and_narrows() {
        let a = Count {
            hits: 1_000,
            all: 10_000,
        };
        let b = Count {
            hits: 1_200,
            all: 10_000,
        };
        let found = always_valid(a, b);
        assert!(found.low > 0.0 && found.contains(0.02), "{found:?}");
        let early = always_valid(
            Count {
                hits: 100,
                all: 1_000,
            },
            Count {
                hits: 120,
                all: 1_000,
            },
        );
        assert!(early.contains(0.0) && early.width() > found.width());
        assert_eq!(always_valid(Count { hits: 1, all: 29 }, b).width(), 2.0);
    }
}
