//! What the collector knows of its events: which ids came, and which numbers of which views. Time is an argument.

use crate::event::Head;
use crate::ids::{Id, IdMaker, Seen};
use crate::time;
use crate::views::{Report, Views};
use serde::Serialize;

/// How the sums over what came are kept.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Repeats are known for so long.
    pub window_minutes: u32,
    /// So many ids are known at most.
    pub ids: usize,
    /// So many views are tracked at most.
    pub views: usize,
    /// An event that comes later than this after it happened is late.
    pub late_ms: i64,
}

/// The clocks of senders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// Batches that said when they were sent.
    pub batches: u64,
    /// Those whose clock was more than five seconds off.
    pub skewed: u64,
    /// The furthest that a clock was behind.
    pub behind_most_ms: i64,
    /// The furthest that a clock was ahead.
    pub ahead_most_ms: i64,
}

/// What is known.
#[derive(Debug)]
pub struct State {
    bounds: Bounds,
    seen: Seen,
    sites: IdMaker,
    views: Views,
    clocks: Clocks,
}

/// Minutes since 1970.
pub fn minute(ms: i64) -> u32 {
    u32::try_from(ms.max(0) / 60_000).unwrap_or(u32::MAX)
}

impl State {
    /// Knows nothing yet.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            seen: Seen::new(bounds.window_minutes, bounds.ids),
            // A journal keeps events for seven days: until then a gap may close.
            views: Views::new(bounds.views, 8 * 24 * 60),
            clocks: Clocks::default(),
            sites: IdMaker::default(),
            bounds,
        }
    }

    /// What sets a site's ids apart from those of others: two shops may both have an `order-77`.
    pub fn of_site(&self, site: &str) -> Id {
        self.sites.of(site)
    }

    /// Whether the event is new to its site. It is remembered until it is taken back.
    pub fn admit(&mut self, head: &Head, of_site: Id, minute: u32) -> bool {
        self.seen.insert(head.id ^ of_site, minute)
    }

    /// The newest so many were not written.
    pub fn take_back(&mut self, count: usize) {
        self.seen.take_back(count);
    }

    /// Events that are on disk now.
    pub fn keep<'a>(
        &mut self,
        heads: impl Iterator<Item = &'a Head>,
        site: &str,
        minute: u32,
        received_at: i64,
        sent_at: Option<i64>,
    ) {
        for head in heads {
            let happened = time::corrected(head.time, received_at, sent_at);
            let late = received_at.saturating_sub(happened) > self.bounds.late_ms;
            self.views.observe(head, site, minute, late);
        }
        if let Some(skew) = time::skew(received_at, sent_at) {
            let clocks = &mut self.clocks;
            clocks.batches += 1;
            clocks.skewed += u64::from(skew.saturating_abs() > time::SKEW_ALLOWED_MS);
            clocks.behind_most_ms = clocks.behind_most_ms.max(skew);
            clocks.ahead_most_ms = clocks.ahead_most_ms.max(skew.saturating_neg());
        }
    }

    /// Forgets what is too old or too much.
    pub fn expire(&mut self, minute: u32) {
        self.seen.expire(minute);
        self.views.expire(minute);
    }

    /// What is known of views and clocks.
    pub fn report(&self, minute: u32, worst: usize) -> (Report, Clocks) {
        (self.views.report(minute, worst), self.clocks)
    }

    /// Ids known, the bytes they take, and for how many minutes back repeats are known.
    pub fn ids(&self, minute: u32) -> (usize, usize, u32) {
        let back = self
            .seen
            .oldest()
            .map_or(0, |oldest| minute.saturating_sub(oldest));
        (self.seen.len(), self.seen.bytes(), back)
    }

    /// Views that are tracked.
    pub fn tracked_views(&self) -> usize {
        self.views.len()
    }
}
