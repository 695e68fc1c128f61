//! Which hotspots are on screen at a time.

use alloc::vec::Vec;

/// What a [`Timeline::seek`] changed, as hotspot indices, each list in tab order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes<'a> {
    /// Came on screen.
    pub entered: &'a [u32],
    /// Went off screen.
    pub left: &'a [u32],
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: f64,
    end: f64,
    /// Whether it is on screen.
    shown: bool,
}

/// The hotspots' intervals, and those of them that hold the current time of the video.
///
/// Between two neighbouring boundaries nothing can change, so the usual frame costs two
/// comparisons. A frame in which something may change costs one walk over all intervals.
#[derive(Clone, Debug)]
pub struct Timeline {
    spans: Vec<Span>,
    /// From here (inclusive) to `high` (exclusive) no interval begins or ends.
    low: f64,
    high: f64,
    active: Vec<u32>,
    entered: Vec<u32>,
    left: Vec<u32>,
}

impl Timeline {
    /// A timeline of half-open `[start, end)` intervals in seconds; a hotspot's index is its
    /// position here. They come by ascending start, as `Config` has them: theirs is the tab order.
    /// An interval that is empty, reversed or no number is never on screen.
    pub fn new(intervals: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut spans = Vec::new();
        for (start, end) in intervals {
            spans.push(Span {
                start,
                end,
                shown: false,
            });
        }
        Self {
            spans,
            low: f64::NAN,
            high: f64::NAN,
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
        self.walk(t)
    }

    /// Takes everything off screen, as when the video is replaced or detached.
    pub fn clear(&mut self) -> Option<Changes<'_>> {
        // No interval holds what is no number; the stretch becomes the one before the first.
        self.walk(f64::NAN)
    }

    /// The hotspots on screen, by (start, index): the order in which Tab visits them.
    pub fn active(&self) -> &[u32] {
        &self.active
    }

    fn walk(&mut self, t: f64) -> Option<Changes<'_>> {
        self.active.clear();
        self.entered.clear();
        self.left.clear();
        (self.low, self.high) = (f64::NEG_INFINITY, f64::INFINITY);
        for (index, span) in (0..).zip(&mut self.spans) {
            if span.start < span.end {
                for boundary in [span.start, span.end] {
                    if boundary <= t {
                        if boundary > self.low {
                            self.low = boundary;
                        }
                    } else if boundary < self.high {
                        self.high = boundary;
                    }
                }
                let shown = span.start <= t && t < span.end;
                if shown {
                    self.active.push(index);
                }
                if shown != span.shown {
                    span.shown = shown;
                    let list = if shown {
                        &mut self.entered
                    } else {
                        &mut self.left
                    };
                    list.push(index);
                }
            }
        }
        let (entered, left) = (self.entered.as_slice(), self.left.as_slice());
        if entered.is_empty() && left.is_empty() {
            return None;
        }
        Some(Changes { entered, left })
    }
}
