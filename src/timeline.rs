//! Which hotspots are on screen at a time.

/// What a [`Timeline::seek`] changed, as hotspot indices, each list in tab order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes<'a> {
    /// Came on screen.
    pub entered: &'a [u32],
    /// Went off screen.
    pub left: &'a [u32],
}

/// The hotspots' intervals, and those of them that hold the current time of the video.
///
/// Between two neighbouring boundaries nothing can change, so the usual frame costs two
/// comparisons. A step forward costs what it passes, a step backward one walk over the starts.
#[derive(Clone, Debug)]
pub struct Timeline {
    starts: Vec<f64>,
    ends: Vec<f64>,
    /// Those that last at all, by (start, index).
    by_start: Vec<u32>,
    /// The same by end.
    by_end: Vec<u32>,
    /// The time of the last change; not a number where nothing was ever on screen.
    now: f64,
    /// From here (inclusive) to `high` (exclusive) no interval begins or ends.
    low: f64,
    high: f64,
    /// How many of `by_start` have begun at `now`.
    begun: usize,
    active: Vec<u32>,
    entered: Vec<u32>,
    left: Vec<u32>,
}

impl Timeline {
    /// A timeline of half-open `[start, end)` intervals in seconds; a hotspot's index is its
    /// position here. An interval that is empty, reversed or no number is never on screen.
    pub fn new(intervals: impl Iterator<Item = (f64, f64)>) -> Self {
        let (starts, ends): (Vec<f64>, Vec<f64>) = intervals.unzip();
        let mut by_start = Vec::new();
        for (index, (start, end)) in (0..).zip(starts.iter().zip(&ends)) {
            if start < end {
                by_start.push(index);
            }
        }
        let by_end = sorted(by_start.clone(), &ends);
        let by_start = sorted(by_start, &starts);
        Self {
            starts,
            ends,
            by_start,
            by_end,
            now: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
            begun: 0,
            active: Vec::new(),
            entered: Vec::new(),
            left: Vec::new(),
        }
    }

    /// Moves to `t` seconds, in any direction and by any distance, and says what that changed.
    ///
    /// What began and ended between the two times was never on screen and is not reported. A `t`
    /// that is no number changes nothing.
    pub fn seek(&mut self, t: f64) -> Option<Changes<'_>> {
        if t.is_nan() || (self.low <= t && t < self.high) {
            return None;
        }
        let (starts, ends) = (&self.starts, &self.ends);
        let holds = |index: u32, t: f64| at(starts, index) <= t && t < at(ends, index);
        self.left.clear();
        self.entered.clear();
        for &index in &self.active {
            if !holds(index, t) {
                self.left.push(index);
            }
        }
        // Forward, whatever enters begins later than all that stays: its place is at the end.
        if t >= self.now {
            self.active.retain(|&index| holds(index, t));
        } else {
            self.active.clear();
            self.begun = 0;
        }
        while let Some(&index) = self.by_start.get(self.begun) {
            if at(starts, index) > t {
                break;
            }
            self.begun += 1;
            if holds(index, t) {
                self.active.push(index);
                if !holds(index, self.now) {
                    self.entered.push(index);
                }
            }
        }
        self.now = t;
        self.find_stretch();
        self.changes()
    }

    /// Takes everything off screen, as when the video is replaced or detached.
    pub fn clear(&mut self) -> Option<Changes<'_>> {
        self.entered.clear();
        self.left.clear();
        self.left.append(&mut self.active);
        self.begun = 0;
        self.now = f64::NAN;
        self.low = f64::NAN;
        self.changes()
    }

    /// The hotspots on screen, by (start, index): the order in which Tab visits them.
    pub fn active(&self) -> &[u32] {
        &self.active
    }

    /// Sets `[low, high)` to the stretch between two boundaries in which `now` lies.
    fn find_stretch(&mut self) {
        let ended = self
            .by_end
            .partition_point(|&index| at(&self.ends, index) <= self.now);
        let bound = |order: &[u32], times: &[f64], rank: usize, none: f64| {
            order.get(rank).map_or(none, |&index| at(times, index))
        };
        let (first, last) = (f64::NEG_INFINITY, f64::INFINITY);
        // Before the first boundary the rank wraps to one that no list has.
        let start = bound(
            &self.by_start,
            &self.starts,
            self.begun.wrapping_sub(1),
            first,
        );
        let end = bound(&self.by_end, &self.ends, ended.wrapping_sub(1), first);
        self.low = if start > end { start } else { end };
        let start = bound(&self.by_start, &self.starts, self.begun, last);
        let end = bound(&self.by_end, &self.ends, ended, last);
        self.high = if start < end { start } else { end };
    }

    fn changes(&self) -> Option<Changes<'_>> {
        let (entered, left) = (self.entered.as_slice(), self.left.as_slice());
        (!entered.is_empty() || !left.is_empty()).then_some(Changes { entered, left })
    }
}

/// A hotspot's start or end.
fn at(times: &[f64], index: u32) -> f64 {
    times.get(index as usize).copied().unwrap_or(f64::NAN)
}

/// Sorts hotspots by time; those of equal time keep their order. The standard library's sorts take
/// ten times the bytes of this merge.
fn sorted(mut order: Vec<u32>, times: &[f64]) -> Vec<u32> {
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (mut a, mut b);
            (a, rest) = rest.split_at_checked(width).unwrap_or((rest, &[]));
            (b, rest) = rest.split_at_checked(width).unwrap_or((rest, &[]));
            loop {
                (a, b) = match (a, b) {
                    ([first, left @ ..], [other, ..]) if at(times, *first) <= at(times, *other) => {
                        merged.push(*first);
                        (left, b)
                    }
                    (_, [first, left @ ..]) => {
                        merged.push(*first);
                        (a, left)
                    }
                    ([first, left @ ..], []) => {
                        merged.push(*first);
                        (left, b)
                    }
                    ([], []) => break,
                }
            }
        }
        order = merged;
        width *= 2;
    }
    order
}
