//! Which touch before an order line counts how much. Weights of a line add to one.

/// Players a Shapley value is worked out for: of longer paths the last so many.
pub const LONGEST_PATH: usize = 8;
/// After so many days a touch counts half as much, by time decay.
pub const HALF_LIFE_DAYS: f64 = 7.0;
const DAY_MS: f64 = 86_400_000.0;

/// A rule that shares out a line by the times of its touches, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// All to the last touch.
    Last,
    /// All to the first.
    First,
    /// The same to each.
    Linear,
    /// Half as much for each week before the order.
    TimeDecay,
    /// 40 % each to the first and the last, the rest to those between.
    Position,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Last,
        Self::First,
        Self::Linear,
        Self::TimeDecay,
        Self::Position,
    ];

    /// The weights of touches at these times, ascending, for an order at `order`; epoch milliseconds.
    pub fn weights(self, times: &[i64], order: i64) -> Vec<f64> {
        let count = times.len();
        let raw: Vec<f64> = times
            .iter()
            .enumerate()
            .map(|(index, time)| {
                let (first, last) = (index == 0, index + 1 == count);
                match self {
                    Self::Last => f64::from(last),
                    Self::First => f64::from(first),
                    Self::Linear => 1.0,
                    Self::TimeDecay => {
                        // Beside the last touch, so that old paths do not vanish.
                        let since = times[count - 1].min(order) - time;
                        (-(since as f64) / DAY_MS / HALF_LIFE_DAYS).exp2()
                    }
                    Self::Position if first || last => 0.4,
                    Self::Position => 0.2 / (count - 2) as f64,
                }
            })
            .collect();
        whole(raw)
    }
}

/// Scaled so that they add to one; shared equally where nothing tells them apart.
fn whole(raw: Vec<f64>) -> Vec<f64> {
    let sum: f64 = raw.iter().sum();
    let equal = 1.0 / raw.len().max(1) as f64;
    raw.iter()
        .map(|one| if sum > 0.0 { one / sum } else { equal })
        .collect()
}

/// The Shapley values of players of a game, where `value` says what a set of them is worth, by bits. At most [`LONGEST_PATH`]
/// players. Shapley (1953), <https://doi.org/10.1515/9781400881970-018>.
pub fn shapley(players: usize, value: impl Fn(u32) -> f64) -> Vec<f64> {
    let players = players.min(LONGEST_PATH);
    let factorial = |number: usize| (1..=number).map(|one| one as f64).product::<f64>();
    let worth: Vec<f64> = (0..1_u32 << players).map(value).collect();
    (0..players)
        .map(|player| {
            let bit = 1_u32 << player;
            (0..1_u32 << players)
                .filter(|set| set & bit == 0)
                .map(|set| {
                    let size = set.count_ones() as usize;
                    let orders =
                        factorial(size) * factorial(players - size - 1) / factorial(players);
                    orders * (worth[(set | bit) as usize] - worth[set as usize])
                })
                .sum()
        })
        .collect()
}

/// Weights by what sets of players are worth: their Shapley values, where one that does harm counts nothing.
pub fn data_driven(players: usize, value: impl Fn(u32) -> f64) -> Vec<f64> {
    whole(
        shapley(players, value)
            .iter()
            .map(|one| one.max(0.0))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000;

    fn close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
        }
    }

    #[test]
    fn rules_by_hand() {
        let times = [0, 7 * DAY, 14 * DAY];
        let weights = |rule: Rule| rule.weights(&times, 15 * DAY);
        close(&weights(Rule::Last), &[0.0, 0.0, 1.0]);
        close(&weights(Rule::First), &[1.0, 0.0, 0.0]);
        close(&weights(Rule::Linear), &[1.0 / 3.0; 3]);
        close(
            &weights(Rule::TimeDecay),
            &[1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0],
        );
        close(&weights(Rule::Position), &[0.4, 0.2, 0.4]);
        close(&Rule::Position.weights(&[1, 2], 3), &[0.5, 0.5]);
        for rule in Rule::ALL {
            close(&rule.weights(&[5], 9), &[1.0]);
            close(&rule.weights(&[], 9), &[]);
        }
    }

    #[test]
    fn gloves() {
        // One has a left glove, two have a right one; a pair is worth 1.
        let value = |set: u32| f64::from(set & 1 == 1 && set & 6 != 0);
        close(&shapley(3, value), &[2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]);
        close(&data_driven(2, |_| 0.0), &[0.5, 0.5]);
        close(
            &data_driven(2, |set| [0.0, 0.3, 0.0, 0.2][set as usize]),
            &[1.0, 0.0],
        );
    }

    proptest! {
        #[test]
        fn weights_add_to_one(mut times in prop::collection::vec(0..90 * DAY, 1..40)) {
            times.sort_unstable();
            for rule in Rule::ALL {
                let weights = rule.weights(&times, 90 * DAY);
                prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{rule:?}");
                prop_assert!(weights.iter().all(|one| *one >= 0.0));
            }
        }

        #[test]
        fn shapley_is_efficient_and_fair(worth in prop::collection::vec(0.0..1.0_f64, 32), players in 1_usize..6) {
            let value = |set: u32| if set == 0 { 0.0 } else { worth[set as usize] };
            let found = shapley(players, value);
            let all = (1_u32 << players) - 1;
            prop_assert!((found.iter().sum::<f64>() - value(all)).abs() < 1e-9);
            let weights = data_driven(players, value);
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            // Whom nobody gains by gets nothing.
            let dummy = shapley(players, |set| value(set & !1));
            prop_assert!(dummy[0].abs() < 1e-9);
        }
    }
}
