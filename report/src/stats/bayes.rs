//! How likely one rate is above another, and what choosing it risks.

use super::compare::Count;
use statrs::function::beta::ln_beta;

/// Points and weights of the Gauss-Legendre rule of eight points, of which the other half mirrors.
/// <https://dlmf.nist.gov/3.5#v>
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];
const PANELS: u32 = 64;
/// Standard deviations on each side beyond which nothing is left to add.
const REACH: f64 = 40.0;

/// What is believed of a rate after it was tried: Beta, from a uniform prior.
#[derive(Clone, Copy)]
struct Belief {
    a: f64,
    b: f64,
}

impl Belief {
    fn of(count: Count) -> Self {
        Self {
            a: count.hits as f64 + 1.0,
            b: (count.all - count.hits) as f64 + 1.0,
        }
    }

    fn density(self, x: f64) -> f64 {
        if x <= 0.0 || x >= 1.0 {
            return 0.0;
        }
        let log = (self.a - 1.0) * x.ln() + (self.b - 1.0) * (-x).ln_1p() - ln_beta(self.a, self.b);
        log.exp()
    }

    fn range(self) -> (f64, f64) {
        let sum = self.a + self.b;
        let mean = self.a / sum;
        let spread = REACH * (mean * (1.0 - mean) / (sum + 1.0)).sqrt();
        ((mean - spread).max(0.0), (mean + spread).min(1.0))
    }
}

/// Gauss's points of a panel from -1 to 1, their weights, and what takes a function's values there to its integrals from -1 to each.
struct Rule {
    points: [f64; 8],
    weights: [f64; 8],
    up_to: [[f64; 8]; 8],
}

/// Legendre's polynomials of degree 0 to 8.
fn legendre(x: f64) -> [f64; 9] {
    let mut all = [1.0, x, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for degree in 1..8 {
        let n = degree as f64;
        all[degree + 1] = ((2.0 * n + 1.0) * x * all[degree] - n * all[degree - 1]) / (n + 1.0);
    }
    all
}

impl Rule {
    fn new() -> Self {
        let mut points = [0.0; 8];
        let mut weights = [0.0; 8];
        for (index, (at, weight)) in GAUSS.into_iter().enumerate() {
            (points[4 + index], weights[4 + index]) = (at, weight);
            (points[3 - index], weights[3 - index]) = (-at, weight);
        }
        // The interpolating polynomial through the points as a sum of Legendre's, each integrated.
        let mut up_to = [[0.0; 8]; 8];
        for (row, to) in up_to.iter_mut().zip(points) {
            let ends = legendre(to);
            for (cell, (from, weight)) in row.iter_mut().zip(points.into_iter().zip(weights)) {
                let values = legendre(from);
                let term = |n: usize| values[n] * (ends[n + 1] - ends[n - 1]);
                *cell = weight / 2.0 * (1.0 + to + (1..8).map(term).sum::<f64>());
            }
        }
        Self {
            points,
            weights,
            up_to,
        }
    }
}

/// Beliefs about two rates at one place: density and share below of each, and the weight of the place in an integral.
struct Place {
    weight: f64,
    density: [f64; 2],
    below: [f64; 2],
}

/// Places over all that two beliefs reach. The shares below are summed up on the way, as the continued fraction for them takes too many
/// steps where there are hundreds of thousands of viewers.
fn places(beliefs: [Belief; 2]) -> Vec<Place> {
    let rule = Rule::new();
    let mut ends: Vec<f64> = beliefs
        .iter()
        .flat_map(|one| <[f64; 2]>::from(one.range()))
        .collect();
    // In pieces, as either may be a sharp step in the whole.
    ends.sort_by(f64::total_cmp);
    let mut found = Vec::new();
    let mut sums = [0.0; 2];
    for piece in ends.windows(2) {
        let half = (piece[1] - piece[0]) / f64::from(2 * PANELS);
        for panel in 0..PANELS {
            let middle = piece[0] + half * f64::from(2 * panel + 1);
            let values = beliefs.map(|one| rule.points.map(|at| one.density(middle + half * at)));
            for (index, weight) in rule.weights.iter().enumerate() {
                let part = |row: &[f64; 8], own: &[f64; 8]| -> f64 {
                    row.iter().zip(own).map(|(a, b)| a * b).sum()
                };
                let below =
                    [0, 1].map(|who| sums[who] + half * part(&rule.up_to[index], &values[who]));
                let density = [values[0][index], values[1][index]];
                found.push(Place {
                    weight: weight * half,
                    density,
                    below,
                });
            }
            for (sum, own) in sums.iter_mut().zip(&values) {
                *sum += half
                    * rule
                        .weights
                        .iter()
                        .zip(own)
                        .map(|(a, b)| a * b)
                        .sum::<f64>();
            }
        }
    }
    // Logarithms of millions leave the areas a little beside 1.
    for place in &mut found {
        for (who, sum) in sums.iter().enumerate() {
            place.density[who] /= sum;
            place.below[who] /= sum;
        }
    }
    found
}

/// The probability that the rate of `b` is above that of `a`, each Beta-distributed after a uniform prior. Integrated numerically; the
/// tests hold it to 1e-8 of the exact sum.
pub fn probability_above(a: Count, b: Count) -> f64 {
    let places = places([Belief::of(a), Belief::of(b)]);
    let sum: f64 = places
        .iter()
        .map(|one| one.weight * one.density[1] * one.below[0])
        .sum();
    sum.clamp(0.0, 1.0)
}

/// What choosing `chosen` loses on average, in points of the rate, where `other` is the better one.
pub fn expected_loss(chosen: Count, other: Count) -> f64 {
    // E[max(other - chosen, 0)], by the areas between the two distributions.
    let places = places([Belief::of(chosen), Belief::of(other)]);
    let sum: f64 = places
        .iter()
        .map(|one| one.weight * one.below[0] * (1.0 - one.below[1]))
        .sum();
    sum.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(hits: u64, all: u64) -> Count {
        Count { hits, all }
    }

    /// <https://www.evanmiller.org/bayesian-ab-testing.html>, which follows from integrating by parts.
    fn exact(a: Count, b: Count) -> f64 {
        let (a, b) = (Belief::of(a), Belief::of(b));
        (0..b.a as u64)
            .map(|index| {
                let index = index as f64;
                let log = ln_beta(a.a + index, b.b + a.b)
                    - (b.b + index).ln()
                    - ln_beta(1.0 + index, b.b)
                    - ln_beta(a.a, a.b);
                log.exp()
            })
            .sum()
    }

    #[test]
    fn by_hand() {
        // Two uniform beliefs; then one of density 2x against a uniform one.
        assert!((probability_above(of(0, 0), of(0, 0)) - 0.5).abs() < 1e-12);
        assert!((probability_above(of(0, 0), of(1, 1)) - 2.0 / 3.0).abs() < 1e-12);
        assert!((expected_loss(of(0, 0), of(0, 0)) - 1.0 / 6.0).abs() < 1e-12);
        // E[max(U - V, 0)] where V has density 2x: the integral of x²(1 - x).
        assert!((expected_loss(of(1, 1), of(0, 0)) - 1.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn far_apart() {
        let (low, high) = (of(1_000, 1_000_000), of(500_000, 1_000_000));
        assert!((expected_loss(low, high) - 0.499).abs() < 1e-6);
        assert!(expected_loss(high, low) < 1e-12);
        assert!((probability_above(low, high) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn many_viewers() {
        for (a, b) in [
            (of(10_000, 100_000), of(10_300, 100_000)),
            (of(3, 200_000), of(9, 200_000)),
            (of(499_000, 1_000_000), of(500_000, 1_000_000)),
        ] {
            let (found, wanted) = (probability_above(a, b), exact(a, b));
            assert!((found - wanted).abs() < 1e-8, "{found} {wanted}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn is_the_exact_sum(a in (0_u64..60, 60_u64..3_000), b in (0_u64..60, 60_u64..3_000)) {
            let (a, b) = (of(a.0, a.1), of(b.0, b.1));
            prop_assert!((probability_above(a, b) - exact(a, b)).abs() < 1e-9);
            prop_assert!((probability_above(a, b) + probability_above(b, a) - 1.0).abs() < 1e-9);
            // The losses differ by the means.
            let mean = |one: Count| (one.hits as f64 + 1.0) / (one.all as f64 + 2.0);
            let difference = expected_loss(a, b) - expected_loss(b, a);
            prop_assert!((difference - (mean(b) - mean(a))).abs() < 1e-9);
        }
    }
}
