//! The timeline against a walk over all intervals at every step.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use vitrine::timeline::{Changes, Timeline};

/// Every hotspot that holds `t`, in tab order.
fn oracle(intervals: &[(f64, f64)], t: f64) -> Vec<u32> {
    (0..)
        .zip(intervals)
        .filter(|(_, (start, end))| *start <= t && t < *end)
        .map(|(index, _)| index)
        .collect()
}

fn without(all: &[u32], gone: &[u32]) -> Vec<u32> {
    let kept = all.iter().filter(|index| !gone.contains(index));
    kept.copied().collect()
}

/// Times on a coarse grid, so that intervals are often empty, reversed, equal or touching.
fn grid() -> impl Strategy<Value = f64> {
    (0u32..40).prop_map(|tick| f64::from(tick) * 0.25)
}

fn intervals() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let end = prop_oneof![9 => grid(), 1 => Just(f64::INFINITY), 1 => Just(f64::NAN)];
    prop::collection::vec((grid(), end), 0..40).prop_map(|mut intervals| {
        intervals.sort_by(|a, b| a.0.total_cmp(&b.0));
        intervals
    })
}

#[derive(Clone, Debug)]
enum Step {
    To(f64),
    By(f64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => grid().prop_map(Step::To),
        2 => (-1.0..11.0).prop_map(Step::To),
        8 => (0.0..0.3).prop_map(Step::By),
        2 => (-0.3..0.0).prop_map(Step::By),
        1 => prop_oneof![Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN)].prop_map(Step::To),
        1 => Just(Step::Clear),
    ]
}

proptest! {
    #[test]
    fn agrees_with_a_walk_over_all(intervals in intervals(), steps in prop::collection::vec(step(), 1..80)) {
        let mut timeline = Timeline::new(intervals.iter().copied());
        let (mut before, mut t) = (Vec::new(), 0.0);
        for step in steps {
            let (changes, expected) = match step {
                Step::Clear => (timeline.clear(), Vec::new()),
                Step::To(to) if to.is_nan() => (timeline.seek(to), before.clone()),
                Step::To(to) => {
                    t = if to.is_finite() { to } else { t };
                    (timeline.seek(to), oracle(&intervals, to))
                }
                Step::By(by) => {
                    t += by;
                    (timeline.seek(t), oracle(&intervals, t))
                }
            };
            let (entered, left) = changes.map_or((vec![], vec![]), |c| (c.entered.to_vec(), c.left.to_vec()));
            prop_assert_eq!(changes.is_none(), entered.is_empty() && left.is_empty());
            prop_assert_eq!(entered, without(&expected, &before));
            prop_assert_eq!(left, without(&before, &expected));
            prop_assert_eq!(timeline.active(), expected.as_slice());
            before = expected;
        }
    }

    #[test]
    fn playing_twice_over_enters_everything_twice(intervals in intervals()) {
        let mut timeline = Timeline::new(intervals.iter().copied());
        let mut entered = vec![0; intervals.len()];
        for _ in 0..2 {
            for tick in 0..1000 {
                if let Some(changes) = timeline.seek(f64::from(tick) * 0.0125) {
                    for &index in changes.entered {
                        entered[index as usize] += 1;
                    }
                }
            }
            timeline.clear();
        }
        for (times, (start, end)) in entered.into_iter().zip(intervals) {
            prop_assert_eq!(times, if start < end { 2 } else { 0 });
        }
    }
}

#[test]
fn the_end_is_exclusive_and_a_touching_neighbour_takes_over() {
    let mut timeline = Timeline::new([(1.0, 2.0), (2.0, 3.0)].into_iter());
    assert_eq!(timeline.seek(0.0), None);
    let entered: &[u32] = &[0];
    assert_eq!(timeline.seek(1.0), Some(Changes { entered, left: &[] }));
    assert_eq!(timeline.seek(1.999), None);
    let (entered, left): (&[u32], &[u32]) = (&[1], &[0]);
    assert_eq!(timeline.seek(2.0), Some(Changes { entered, left }));
    let left: &[u32] = &[1];
    assert_eq!(timeline.seek(3.0), Some(Changes { entered: &[], left }));
    assert_eq!(timeline.clear(), None);
}

#[test]
fn no_intervals_at_all() {
    let mut timeline = Timeline::new(std::iter::empty());
    for t in [0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(timeline.seek(t), None);
        assert!(timeline.active().is_empty());
    }
}
