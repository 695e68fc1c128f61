//! What of the video was really watched.

use alloc::vec::Vec;

/// A stretch of the video in seconds, `[start, end)`.
type Stretch = (f64, f64);

/// The union of the stretches that played, and how far `progress` has been reported.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Disjoint and ascending.
    stretches: Vec<Stretch>,
    /// The same before the last change, so that no frame allocates.
    before: Vec<Stretch>,
    last: Option<f64>,
    quarters: u32,
}

impl Watch {
    /// The picture now shows `time`. Time that went by since the last call counts as watched
    /// if `continuous` says that the video played on and it is no longer than `longest` seconds.
    pub fn advance(&mut self, time: f64, continuous: bool, longest: f64) {
        if let Some(last) = self.last
            && continuous
            && time > last
            && time - last <= longest
        {
            self.add(last, time);
        }
        self.last = Some(time);
    }

    /// What comes next does not continue what came before: a seek, a loop, another source.
    pub fn interrupt(&mut self) {
        self.last = None;
    }

    fn add(&mut self, mut start: f64, mut end: f64) {
        // `insert` and `remove` would bring the formatting of numbers along, for their assertions.
        core::mem::swap(&mut self.stretches, &mut self.before);
        self.stretches.clear();
        let mut after = false;
        for other in &self.before {
            if other.1 < start {
                self.stretches.push(*other);
            } else if end < other.0 {
                if !after {
                    self.stretches.push((start, end));
                }
                after = true;
                self.stretches.push(*other);
            } else {
                // What it touches becomes part of it.
                if other.0 < start {
                    start = other.0;
                }
                if other.1 > end {
                    end = other.1;
                }
            }
        }
        if !after {
            self.stretches.push((start, end));
        }
    }

    /// Seconds watched, each counted once.
    pub fn total(&self) -> f64 {
        let mut total = 0.0;
        for stretch in &self.stretches {
            total += stretch.1 - stretch.0;
        }
        total
    }

    /// The stretches watched, ascending and apart.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// The next of 25, 50, 75 and 100 that is reached and was not returned before.
    /// 100 forgives the last tenth of a second, which many files never show.
    pub fn milestone(&mut self, duration: f64) -> Option<u32> {
        if !duration.is_finite() || duration <= 0.0 || self.quarters >= 4 {
            return None;
        }
        let next = self.quarters + 1;
        let wanted = duration * f64::from(next) / 4.0;
        let slack = if next == 4 { 0.1 } else { 0.0 };
        if self.total() + slack < wanted {
            return None;
        }
        self.quarters = next;
        Some(next * 25)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_second_look_counts_once_and_a_jump_not_at_all() {
        let mut watch = Watch::default();
        for tick in 0..=20 {
            watch.advance(f64::from(tick) * 0.5, true, 1.0);
        }
        watch.interrupt();
        for tick in 10..=30 {
            watch.advance(f64::from(tick) * 0.5, true, 1.0);
        }
        watch.advance(40.0, true, 1.0);
        assert_eq!(watch.stretches(), [(0.0, 15.0)]);
        assert_eq!(watch.milestone(40.0), Some(25));
        assert_eq!(watch.milestone(40.0), None);
    }

    proptest! {
        #[test]
        fn total_is_the_union(steps in prop::collection::vec((0u32..200, 1u32..30), 0..40)) {
            let mut watch = Watch::default();
            let mut seen = vec![false; 300];
            for (start, length) in steps {
                watch.interrupt();
                watch.advance(f64::from(start), true, 100.0);
                watch.advance(f64::from(start + length), true, 100.0);
                for second in start..start + length {
                    seen[second as usize] = true;
                }
            }
            let expected = seen.iter().filter(|s| **s).count() as f64;
            prop_assert_eq!(watch.total(), expected);
            let stretches = &watch.stretches;
            prop_assert!(stretches.windows(2).all(|w| w[0].1 < w[1].0));
        }
    }
}
