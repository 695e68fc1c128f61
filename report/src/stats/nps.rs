//! The net promoter score, and how sure it is.

use super::{Interval, Z_95};

/// The 95 % interval of the share of promoters less that of detractors: Wald's, with three answers added, as 3/4, 3/2 and 3/4.
/// Rocks (2016), <https://doi.org/10.1080/00031305.2016.1158124>, found it among the best of seven.
pub fn nps(promoters: u64, passives: u64, detractors: u64) -> Option<Interval> {
    let all = promoters + passives + detractors;
    (all > 0).then(|| {
        let all = all as f64 + 3.0;
        let (plus, minus) = (
            (promoters as f64 + 0.75) / all,
            (detractors as f64 + 0.75) / all,
        );
        let score = plus - minus;
        let error = ((plus + minus - score * score) / all).sqrt();
        Interval {
            low: (score - Z_95 * error).max(-1.0),
            high: (score + Z_95 * error).min(1.0),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::nps;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn by_hand() {
        // 50 promoters, 30 passives, 20 detractors: 50.75 and 20.75 of 103.
        let found = nps(50, 30, 20).unwrap();
        let (score, error) = (
            30.0 / 103.0,
            ((71.5 / 103.0 - (30.0_f64 / 103.0).powi(2)) / 103.0).sqrt(),
        );
        assert!((found.low - (score - 1.959_963_985 * error)).abs() < 1e-9);
        assert!((found.high - (score + 1.959_963_985 * error)).abs() < 1e-9);
        assert_eq!(nps(0, 0, 0), None);
        // One answer tells next to nothing.
        assert!(nps(1, 0, 0).unwrap().width() > 1.0);
    }

    #[test]
    fn nineteen_of_twenty_intervals_have_the_truth() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for (plus, minus) in [(0.5, 0.2), (0.1, 0.1), (0.9, 0.02), (0.25, 0.375)] {
            for all in [20, 200] {
                let mut within = 0;
                for _ in 0..4_000 {
                    let mut counts = [0; 3];
                    for _ in 0..all {
                        let drawn: f64 = rng.random();
                        let at = if drawn < plus {
                            0
                        } else {
                            1 + usize::from(drawn < plus + minus)
                        };
                        counts[at] += 1;
                    }
                    let found = nps(counts[0], counts[1], counts[2]).unwrap();
                    within += usize::from(found.contains(plus - minus));
                }
                let share = within as f64 / 4_000.0;
                assert!(
                    (0.925..=0.99).contains(&share),
                    "{plus} {minus} {all}: {share}"
                );
            }
        }
    }
}
