//! The interval of a rate.

use super::{Interval, Z_95};

/// The 95 % interval of a rate, by Wilson's score method without continuity correction; nothing where nothing was tried.
/// It holds its level for few trials and for rates near 0 and 1, where the plain normal one does not.
/// Wilson (1927), <https://doi.org/10.1080/01621459.1927.10502953>; Newcombe (1998) compares the methods.
pub fn wilson(successes: u64, trials: u64) -> Option<Interval> {
    wilson_at(successes, trials, Z_95)
}

/// The same for another level, given as the quantile of the normal distribution.
pub fn wilson_at(successes: u64, trials: u64, z: f64) -> Option<Interval> {
    if trials == 0 || successes > trials {
        return None;
    }
    let (hits, all) = (successes as f64, trials as f64);
    let rate = hits / all;
    let square = z * z;
    let centre = rate + square / (2.0 * all);
    let half = z * (rate * (1.0 - rate) / all + square / (4.0 * all * all)).sqrt();
    let scale = 1.0 + square / all;
    // Rounding must not leave a trace where the end is exact.
    let low = if successes == 0 {
        0.0
    } else {
        ((centre - half) / scale).max(0.0)
    };
    let high = if successes == trials {
        1.0
    } else {
        ((centre + half) / scale).min(1.0)
    };
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        for (successes, trials, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(successes, trials).unwrap();
            assert!((found.low - low).abs() < 6e-5, "{found:?}");
            assert!((found.high - high).abs() < 6e-5, "{found:?}");
        }
    }

    #[test]
    fn what_is_no_rate() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
    }

    proptest! {
        #[test]
        fn holds_the_rate_and_mirrors(trials in 1_u64..1_000_000, share in 0.0..=1.0_f64) {
            let successes = (trials as f64 * share) as u64;
            let found = wilson(successes, trials).unwrap();
            let rate = successes as f64 / trials as f64;
            prop_assert!(0.0 <= found.low && found.low <= rate && rate <= found.high && found.high <= 1.0);
            let mirrored = wilson(trials - successes, trials).unwrap();
            prop_assert!((found.low + mirrored.high - 1.0).abs() < 1e-9);
            let more = wilson(successes * 4, trials * 4).unwrap();
            prop_assert!(more.width() < found.width());
        }
    }
}
