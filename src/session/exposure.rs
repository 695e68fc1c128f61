//! How long each hotspot was really seen.

use super::earlier;
use crate::event::Number;
use alloc::vec::Vec;

/// A hotspot must be seen for this long in all before it counts as exposed.
pub const EXPOSED_MS: f64 = 1_000.0;

/// One hotspot's time in view.
#[derive(Clone, Copy, Debug)]
struct Seen {
    /// In the viewport by half of its area.
    in_view: bool,
    /// The clock when counting began; NaN while it does not count.
    since: f64,
    total_ms: f64,
    exposed: bool,
    /// The event that said so; 0 until there is one.
    event: Number,
}

impl Seen {
    const NEVER: Self = Self {
        in_view: false,
        since: f64::NAN,
        total_ms: 0.0,
        exposed: false,
        event: 0,
    };

    fn total(&self, now: f64) -> f64 {
        let more = now - self.since;
        if more > 0.0 {
            self.total_ms + more
        } else {
            self.total_ms
        }
    }

    fn count(&mut self, page_visible: bool, now: f64) {
        self.total_ms = self.total(now);
        self.since = if self.in_view && page_visible {
            now
        } else {
            f64::NAN
        };
    }
}

/// Dwell times of all hotspots of a view, by the monotonic clock.
#[derive(Clone, Debug, Default)]
pub struct Exposures {
    seen: Vec<Seen>,
    page_visible: bool,
}

impl Exposures {
    /// For hotspots `0..count`, none of them in view.
    pub fn new(count: usize, page_visible: bool) -> Self {
        let mut seen = Vec::new();
        for _ in 0..count {
            seen.push(Seen::NEVER);
        }
        Self { seen, page_visible }
    }

    /// A new view begins: everything counts from nothing, what is in view stays in view.
    pub fn restart(&mut self, now: f64) {
        let page_visible = self.page_visible;
        for seen in &mut self.seen {
            *seen = Seen {
                in_view: seen.in_view,
                ..Seen::NEVER
            };
            seen.count(page_visible, now);
        }
    }

    /// A hotspot came into the viewport by half of its area, or left it.
    pub fn set_in_view(&mut self, hotspot: usize, in_view: bool, now: f64) {
        let page_visible = self.page_visible;
        if let Some(seen) = self.seen.get_mut(hotspot) {
            seen.in_view = in_view;
            seen.count(page_visible, now);
        }
    }

    /// The tab was shown or hidden.
    pub fn set_page_visible(&mut self, visible: bool, now: f64) {
        self.page_visible = visible;
        for seen in &mut self.seen {
            seen.count(visible, now);
        }
    }

    /// The next hotspot that has now been seen for long enough and was not returned before.
    pub fn take_exposed(&mut self, now: f64) -> Option<(usize, f64)> {
        for (hotspot, seen) in self.seen.iter_mut().enumerate() {
            let total = seen.total(now);
            if !seen.exposed && total >= EXPOSED_MS {
                seen.exposed = true;
                return Some((hotspot, total));
            }
        }
        None
    }

    /// Remembers which event said that a hotspot was exposed.
    pub fn set_event(&mut self, hotspot: usize, event: Number) {
        if let Some(seen) = self.seen.get_mut(hotspot) {
            seen.event = event;
        }
    }

    /// The event that said that a hotspot was exposed; 0 if there is none.
    pub fn event(&self, hotspot: usize) -> Number {
        self.seen.get(hotspot).map_or(0, |seen| seen.event)
    }

    /// When [`take_exposed`](Self::take_exposed) will next have something, if all stays as it is.
    pub fn deadline(&self) -> Option<f64> {
        let mut due = None;
        for seen in &self.seen {
            if !seen.exposed && !seen.since.is_nan() {
                due = earlier(due, Some(seen.since + EXPOSED_MS - seen.total_ms));
            }
        }
        due
    }

    /// For how many milliseconds a hotspot was seen; none past the last.
    pub fn dwell(&self, hotspot: usize, now: f64) -> Option<f64> {
        self.seen.get(hotspot).map(|seen| seen.total(now))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn adds_up_over_interruptions_and_counts_once() {
        let mut exposures = Exposures::new(2, true);
        exposures.set_in_view(1, true, 0.0);
        assert_eq!(exposures.deadline(), Some(1_000.0));
        exposures.set_page_visible(false, 600.0);
        assert_eq!(exposures.deadline(), None);
        assert_eq!(exposures.take_exposed(5_000.0), None);
        exposures.set_page_visible(true, 5_000.0);
        assert_eq!(exposures.deadline(), Some(5_400.0));
        assert_eq!(exposures.take_exposed(5_399.0), None);
        assert_eq!(exposures.take_exposed(5_400.0), Some((1, 1_000.0)));
        assert_eq!(exposures.take_exposed(9_000.0), None);
        exposures.set_in_view(1, false, 6_000.0);
        assert_eq!(exposures.dwell(0, 9_000.0), Some(0.0));
        assert_eq!(exposures.dwell(1, 9_000.0), Some(1_600.0));
        assert_eq!(exposures.dwell(2, 9_000.0), None);
    }
}
