//! The outbox of one overlay, in memory only. It goes when the page uses [`Delivery`](super::Delivery).

use super::Number;
use super::queue::{Batch, Limits, NONE, Queue, UNSURE};

/// What Chromium grants all beacons and keepalive fetches of a document together, in bytes.
pub const ALLOWANCE: usize = 64 * 1024;

/// How long an accepted beacon is taken to be under way, in milliseconds: the browser tells
/// nobody when it is done.
const BEACON_MS: f64 = 10_000.0;

/// When events go, and how many are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// In one body.
    pub max_events: usize,
    /// Of a whole body, envelope included. Only a single event that is larger goes beyond it.
    pub max_bytes: usize,
    /// The longest that an event waits for others, in milliseconds.
    pub max_age_ms: f64,
    /// The wait after the first failure, in milliseconds; each further one doubles it.
    pub retry_ms: f64,
    /// The longest wait after a failure, in milliseconds.
    pub retry_cap_ms: f64,
    /// How many bytes of events are kept while the collector is away.
    pub max_kept_bytes: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_events: 20,
            max_bytes: 32 * 1024,
            max_age_ms: 5_000.0,
            retry_ms: 1_000.0,
            retry_cap_ms: 60_000.0,
            max_kept_bytes: 4 * 1024 * 1024,
        }
    }
}

/// How a body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// `fetch`.
    Fetch {
        /// Whether it shall outlive the page.
        keepalive: bool,
    },
    /// `navigator.sendBeacon`.
    Beacon,
}

/// A body to send now. Each must be settled, once, by [`Outbox::settled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Names the request in [`Outbox::settled`]; never 0.
    pub number: u32,
    /// Of the whole body.
    pub bytes: usize,
    /// How to send it.
    pub via: Via,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The collector answered that it has the events, or the browser took the beacon of an overlay
    /// that can do no more about it.
    Accepted,
    /// The browser took the beacon, and tells nobody whether it arrives: its events stay, to go once
    /// more by a fetch, or by a beacon the next time that the page is left.
    Unsure,
    /// The collector answered anything else, or the browser did not take the beacon.
    Refused,
    /// No answer came.
    Unreachable,
}

/// The one request under way of its kind, and what is next.
#[derive(Clone, Debug)]
struct Lane {
    /// [`NONE`] where none is under way.
    number: u32,
    /// What it takes of [`ALLOWANCE`].
    bytes: usize,
    /// None before this, in milliseconds.
    retry_at: f64,
}

impl Lane {
    const FREE: Self = Self {
        number: NONE,
        bytes: 0,
        retry_at: f64::NEG_INFINITY,
    };
}

/// The events that have not arrived, and the requests that carry them: at most one fetch and one
/// beacon that are not settled.
///
/// After every call the caller asks [`Outbox::poll`] until it gives nothing, then sets one timer
/// to [`Outbox::deadline`].
#[derive(Clone, Debug)]
pub struct Outbox {
    policy: Policy,
    queue: Queue,
    fetch: Lane,
    beacon: Lane,
    /// The bytes of the beacons that the browser took, until all of them are done.
    taken: usize,
    taken_until: f64,
    last_number: u32,
    /// The length of a body without its events, as the caller last said.
    envelope: usize,
    /// The wait after the last failure, in milliseconds; 0 while all is well.
    wait_ms: f64,
    held: bool,
    hurried: bool,
    dropped: u32,
}

impl Outbox {
    /// An empty outbox.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            queue: Queue::default(),
            fetch: Lane::FREE,
            beacon: Lane::FREE,
            taken: 0,
            taken_until: 0.0,
            last_number: NONE,
            envelope: 0,
            wait_ms: 0.0,
            held: false,
            hurried: false,
            dropped: 0,
        }
    }

    /// Takes an event whose text has so many bytes of UTF-8. Where that is more than may be kept, the
    /// oldest events that are not on their way give way to it, and are counted.
    pub fn push(&mut self, number: Number, bytes: usize, now_ms: f64) {
        if bytes > self.policy.max_kept_bytes {
            self.dropped += 1;
        } else {
            self.queue.push(number, bytes, now_ms);
            self.settle(NONE, Outcome::Refused);
        }
    }

    /// The page is left or hidden: from here on every event goes by beacon once more.
    pub fn begin_leaving(&self) {
        self.queue.begin_leaving();
    }

    /// What shall be sent now, if anything: a full batch, an old one, or with `leaving` (the page
    /// is being hidden) whatever the browser still takes. `envelope` is the length in bytes of
    /// the body without its events.
    pub fn poll(&mut self, now_ms: f64, envelope: usize, leaving: bool) -> Option<Request> {
        self.envelope = envelope;
        let lane = if leaving { &self.beacon } else { &self.fetch };
        if self.held || lane.number != NONE || now_ms < lane.retry_at {
            return None;
        }
        let mut used = self.fetch.bytes + self.beacon.bytes;
        if now_ms < self.taken_until {
            used += self.taken;
        }
        let room = ALLOWANCE.saturating_sub(used);
        let small = self.policy.max_bytes.min(room);
        let (bytes, alone) = if leaving {
            (small, room)
        } else {
            (self.policy.max_bytes, usize::MAX)
        };
        let batch = self.pick(bytes, alone, !leaving, NONE);
        let old = now_ms >= batch.since + self.policy.max_age_ms;
        self.hurried &= batch.events > 0;
        if batch.events == 0 || !(leaving || batch.full || old || self.hurried) {
            return None;
        }
        self.last_number += 1;
        let number = self.last_number;
        self.pick(bytes, alone, !leaving, number);
        let keepalive = batch.bytes <= small;
        let (lane, via) = if leaving {
            (&mut self.beacon, Via::Beacon)
        } else {
            (&mut self.fetch, Via::Fetch { keepalive })
        };
        lane.number = number;
        if leaving || keepalive {
            lane.bytes = batch.bytes;
        }
        Some(Request {
            number,
            bytes: batch.bytes,
            via,
        })
    }

    /// The events that a request carries which is not settled yet, oldest first.
    pub fn events(&self, request: &Request) -> impl Iterator<Item = Number> {
        self.queue.events(request.number)
    }

    /// The oldest event that has not arrived; the texts of all before it can be forgotten.
    pub fn oldest(&self) -> Option<Number> {
        self.queue.oldest()
    }

    /// Says what became of a request. `random`, from 0 to 1, spreads the retries of many pages.
    pub fn settled(&mut self, number: u32, outcome: Outcome, now_ms: f64, random: f64) {
        let beacon = number == self.beacon.number;
        let lane = if beacon {
            &mut self.beacon
        } else {
            &mut self.fetch
        };
        if number == NONE || number != lane.number {
            return;
        }
        lane.number = NONE;
        let bytes = std::mem::take(&mut lane.bytes);
        let accepted = outcome == Outcome::Accepted;
        self.settle(number, outcome);
        if !accepted && outcome != Outcome::Unsure {
            self.back_off(now_ms, random);
            // What the browser did not take once, it will not take in the next moment.
            if beacon {
                self.beacon.retry_at = self.fetch.retry_at;
            }
        } else if beacon {
            // This says nothing about the collector: what a fetch waits for stays.
            if now_ms >= self.taken_until {
                self.taken = 0;
            }
            self.taken += bytes;
            self.taken_until = now_ms + BEACON_MS;
        } else {
            self.wait_ms = 0.0;
            self.fetch.retry_at = f64::NEG_INFINITY;
        }
    }

    /// When to poll next, in milliseconds; in the past where that is now, none where only a call
    /// of this outbox can bring something to do.
    pub fn deadline(&self) -> Option<f64> {
        if self.held || self.fetch.number != NONE {
            return None;
        }
        let batch = self.pick(self.policy.max_bytes, usize::MAX, true, NONE);
        if batch.events == 0 {
            return None;
        }
        let mut due = batch.since;
        if !batch.full && !self.hurried {
            due += self.policy.max_age_ms;
        }
        if due < self.fetch.retry_at {
            due = self.fetch.retry_at;
        }
        Some(due)
    }

    /// Lets what is here now go without waiting for more.
    pub fn hurry(&mut self) {
        self.hurried = !self.is_empty();
    }

    /// Keeps everything here, as long as the viewer has not consented.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Forgets all events, as when the viewer refuses consent.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// How many events have not arrived yet.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether all events have arrived.
    pub fn is_empty(&self) -> bool {
        self.queue.len() == 0
    }

    /// How many events had to give way since the last call of this.
    pub fn dropped(&mut self) -> u32 {
        std::mem::take(&mut self.dropped)
    }

    /// Picks the next body's events and puts them on `request`, unless that is [`NONE`].
    fn pick(&self, bytes: usize, alone: usize, unsure: bool, request: u32) -> Batch {
        let limits = Limits {
            events: self.policy.max_events,
            unsure,
            bytes,
            alone,
        };
        self.queue.pick(self.envelope, limits, request)
    }

    fn settle(&mut self, request: u32, outcome: Outcome) {
        let kept = self.policy.max_kept_bytes;
        let accepted = outcome == Outcome::Accepted;
        let then = if outcome == Outcome::Unsure {
            UNSURE
        } else {
            NONE
        };
        self.dropped += self.queue.settle(request, accepted, then, kept);
    }

    fn back_off(&mut self, now_ms: f64, random: f64) {
        self.wait_ms *= 2.0;
        if self.wait_ms < self.policy.retry_ms {
            self.wait_ms = self.policy.retry_ms;
        }
        if self.wait_ms > self.policy.retry_cap_ms {
            self.wait_ms = self.policy.retry_cap_ms;
        }
        self.fetch.retry_at = now_ms + self.wait_ms * (0.5 + random / 2.0);
    }
}
