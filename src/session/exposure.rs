//! How long each hotspot was really seen.

use super::earlier;

/// A hotspot must be seen for this long in all before it counts as exposed.
pub const EXPOSED_MS: f64 = 1_000.0;

/// One hotspot's time in view.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// In the viewport by half of its area.
    in_view: bool,
    /// The clock when counting began, while it counts.
    since: Option<f64>,
    total_ms: f64,
    exposed: bool,
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
        Self { seen: vec![Seen::default(); count], page_visible }
    }

    /// A new view begins: everything counts from nothing, what is in view stays in view.
    pub fn restart(&mut self, now: f64) {
        let page_visible = self.page_visible;
        for seen in &mut self.seen {
            *seen = Seen { in_view: seen.in_view, ..Seen::default() };
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
        self.seen.iter_mut().enumerate().find_map(|(hotspot, seen)| {
            let total = seen.total(now);
            if seen.exposed || total < EXPOSED_MS {
                return None;
            }
            seen.exposed = true;
            Some((hotspot, total))
        })
    }

    /// When [`take_exposed`](Self::take_exposed) will next have something, if all stays as it is.
    pub fn deadline(&self) -> Option<f64> {
        self.seen.iter().fold(None, |due, seen| {
            let exposed_at = seen.since.map(|since| since + EXPOSED_MS - seen.total_ms);
            earlier(due, exposed_at.filter(|_| !seen.exposed))
        })
    }

    /// Hotspots that were seen at all, with their milliseconds.
    pub fn dwell(&self, now: f64) -> impl Iterator<Item = (usize, f64)> {
        self.seen
            .iter()
            .enumerate()
            .map(move |(hotspot, seen)| (hotspot, seen.total(now)))
            .filter(|(_, total)| *total > 0.0)
    }
}

impl Seen {
    fn total(&self, now: f64) -> f64 {
        self.total_ms + self.since.map_or(0.0, |since| (now - since).max(0.0))
    }

    fn count(&mut self, page_visible: bool, now: f64) {
        self.total_ms = self.total(now);
        self.since = (self.in_view && page_visible).then_some(now);
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
        assert_eq!(exposures.dwell(9_000.0).collect::<Vec<_>>(), vec![(1, 1_600.0)]);
    }
}
