//! Two rates beside each other, and groups beside what they should be.

use super::wilson::wilson;
use super::{Interval, Z_95};
use statrs::function::erf::erfc;
use statrs::function::gamma::gamma_ur;

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Of these.
    pub hits: u64,
    /// All.
    pub all: u64,
}

impl Count {
    /// `hits` of `all`; more hits than that are none that can be.
    pub fn new(hits: u64, all: u64) -> Option<Self> {
        (hits <= all && all > 0).then_some(Self { hits, all })
    }

    /// The share.
    pub fn rate(&self) -> f64 {
        self.hits as f64 / self.all as f64
    }
}

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Tested {
    /// The statistic.
    pub statistic: f64,
    /// How likely one as far out is, or farther, where there is no difference.
    pub p_value: f64,
}

/// The two-sided z test of two rates, with pooled variance. Nothing where both are 0 or both are 1.
pub fn two_proportions(a: Count, b: Count) -> Option<Tested> {
    let (all_a, all_b) = (a.all as f64, b.all as f64);
    let pooled = (a.hits + b.hits) as f64 / (all_a + all_b);
    let error = (pooled * (1.0 - pooled) * (1.0 / all_a + 1.0 / all_b)).sqrt();
    (error > 0.0).then(|| {
        let statistic = (b.rate() - a.rate()) / error;
        let p_value = erfc(statistic.abs() / std::f64::consts::SQRT_2);
        Tested { statistic, p_value }
    })
}

/// The 95 % interval of the rate of `b` less that of `a`: method 10 of Newcombe (1998),
/// <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I>, of the two Wilson intervals.
pub fn newcombe(a: Count, b: Count) -> Interval {
    let whole = Interval {
        low: 0.0,
        high: 1.0,
    };
    let [own_a, own_b] = [a, b].map(|one| wilson(one.hits, one.all).unwrap_or(whole));
    let difference = b.rate() - a.rate();
    let below = (b.rate() - own_b.low).hypot(own_a.high - a.rate());
    let above = (own_b.high - b.rate()).hypot(a.rate() - own_a.low);
    Interval {
        low: (difference - below).max(-1.0),
        high: (difference + above).min(1.0),
    }
}

/// Whether groups have the sizes that they were drawn for: Pearson's chi-square. Nothing where a group has no weight or there are
/// fewer than two.
pub fn sample_ratio(counts: &[u64], weights: &[f64]) -> Option<Tested> {
    let whole: f64 = weights.iter().sum();
    let all: u64 = counts.iter().sum();
    let usable = counts.len() == weights.len() && counts.len() > 1 && all > 0;
    if !usable
        || weights
            .iter()
            .any(|weight| !weight.is_finite() || *weight <= 0.0)
    {
        return None;
    }
    let statistic: f64 = counts
        .iter()
        .zip(weights)
        .map(|(count, weight)| {
            let expected = all as f64 * weight / whole;
            (*count as f64 - expected).powi(2) / expected
        })
        .sum();
    let p_value = if statistic > 0.0 {
        gamma_ur((counts.len() - 1) as f64 / 2.0, statistic / 2.0)
    } else {
        1.0
    };
    Some(Tested { statistic, p_value })
}

/// P-values of several tests, raised by Holm's method: each that is under the level then is so with all tests in mind.
/// Holm (1979), <https://www.jstor.org/stable/4615733>.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        let raised = p_values[index] * (p_values.len() - rank) as f64;
        least = least.max(raised.min(1.0));
        adjusted[index] = least;
    }
    adjusted
}

/// How many viewers each group needs for a difference to be found in four of five cases, at a level of 5 %.
pub fn needed(rate: f64, difference: f64) -> Option<u64> {
    // The quantile for a power of 80 %.
    const Z_POWER: f64 = 0.841_621_233_572_914;
    let other = rate + difference;
    let fits = |rate: f64| (0.0..=1.0).contains(&rate);
    if difference == 0.0 || !fits(rate) || !fits(other) {
        return None;
    }
    let spread = rate * (1.0 - rate) + other * (1.0 - other);
    Some(((Z_95 + Z_POWER).powi(2) * spread / difference.powi(2)).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(hits: u64, all: u64) -> Count {
        Count::new(hits, all).unwrap()
    }

    #[test]
    fn z_of_two_rates() {
        let found = two_proportions(of(45, 100), of(56, 100)).unwrap();
        assert!((found.statistic - 1.555_712).abs() < 1e-6, "{found:?}");
        assert!((found.p_value - 0.119_777).abs() < 1e-6, "{found:?}");
        assert_eq!(two_proportions(of(0, 9), of(0, 5)), None);
    }

    #[test]
    fn published_differences() {
        // Newcombe, Statistics in Medicine 17 (1998), table II, method 10.
        for (b, a, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 10), -0.2775, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let found = newcombe(of(a.0, a.1), of(b.0, b.1));
            assert!((found.low - low).abs() < 6e-5, "{found:?} {low}");
            assert!((found.high - high).abs() < 6e-5, "{found:?} {high}");
        }
    }

    #[test]
    fn sizes_of_groups() {
        // Chi-square tables: 3.841 is the 95 % quantile for one degree of freedom, 5.991 for two.
        let found = sample_ratio(&[4_900, 5_100], &[1.0, 1.0]).unwrap();
        assert!((found.statistic - 4.0).abs() < 1e-12);
        assert!((found.p_value - 0.045_500_26).abs() < 1e-7, "{found:?}");
        let found = sample_ratio(&[30, 30, 60], &[1.0, 1.0, 2.0]).unwrap();
        assert!((found.p_value - 1.0).abs() < 1e-12);
        assert!((gamma_ur(1.0, 5.991_465 / 2.0) - 0.05).abs() < 1e-7);
        assert_eq!(sample_ratio(&[3, 4], &[1.0, 0.0]), None);
        assert_eq!(sample_ratio(&[3], &[1.0]), None);
    }

    #[test]
    fn holm_by_hand() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, wanted) in found.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - wanted).abs() < 1e-12);
        }
    }

    #[test]
    fn viewers_needed() {
        // 2.8016² · (0.1·0.9 + 0.12·0.88) / 0.02²
        assert_eq!(needed(0.1, 0.02), Some(3_839));
        assert_eq!(needed(0.1, 0.0), None);
        assert_eq!(needed(0.99, 0.02), None);
    }

    proptest! {
        #[test]
        fn holm_never_lowers_and_keeps_the_order(p_values in prop::collection::vec(0.0..=1.0_f64, 1..20)) {
            let found = holm(&p_values);
            for (index, one) in found.iter().enumerate() {
                prop_assert!(*one >= p_values[index] && *one <= 1.0);
                for (other, second) in found.iter().enumerate() {
                    prop_assert!(p_values[index] >= p_values[other] || one <= second);
                }
            }
        }

        #[test]
        fn a_difference_mirrors(a in (0_u64..500, 500_u64..5_000), b in (0_u64..500, 500_u64..5_000)) {
            let (a, b) = (of(a.0, a.1), of(b.0, b.1));
            let (there, back) = (newcombe(a, b), newcombe(b, a));
            prop_assert!((there.low + back.high).abs() < 1e-12 && (there.high + back.low).abs() < 1e-12);
            prop_assert!(there.contains(b.rate() - a.rate()));
        }
    }
}
