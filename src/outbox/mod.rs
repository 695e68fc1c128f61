//! Events on their way to the collector: when they go, together with which others, and what
//! happens when they do not arrive.

mod batch;
mod ledger;
mod queue;

pub use ledger::ALLOWANCE;
pub use queue::{Event, Memory, Queue};

use batch::{Limits, pick};
use ledger::Ledger;

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
    /// How many events are kept while the collector is away.
    pub max_kept_events: usize,
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
            max_kept_events: 10_000,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Names the request in [`Outbox::settled`].
    pub number: u32,
    /// The events that it carries, oldest first.
    pub ids: Vec<u128>,
    /// Of the whole body.
    pub bytes: usize,
    /// How to send it.
    pub via: Via,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The collector answered that it has the events, or the browser took the beacon.
    Accepted,
    /// The collector answered anything else, or the browser did not take the beacon.
    Refused,
    /// No answer came.
    Unreachable,
}

/// The events that have not arrived, and the requests that carry them.
///
/// After every call the caller asks [`Outbox::poll`] until it gives nothing, then sets one timer
/// to [`Outbox::deadline`].
#[derive(Clone, Debug)]
pub struct Outbox<Q: Queue = Memory> {
    policy: Policy,
    queue: Q,
    ledger: Ledger,
    flights: Vec<Request>,
    last_number: u32,
    /// As the caller last said.
    envelope: usize,
    /// The most events in a body: fewer than the policy's while looking for one that the
    /// collector refuses.
    limit: usize,
    failures: u32,
    /// No fetch before this, in milliseconds.
    retry_at: f64,
    /// No beacon before this, in milliseconds.
    beacon_at: f64,
    held: bool,
    dropped: u32,
}

impl Outbox {
    /// An empty outbox that lasts as long as the page.
    pub fn new(policy: Policy) -> Self {
        Self::over(Memory::default(), policy)
    }
}

impl<Q: Queue> Outbox<Q> {
    /// An outbox over a queue, which may hold events from earlier pages.
    pub fn over(mut queue: Q, policy: Policy) -> Self {
        for event in queue.events_mut() {
            event.request = None;
        }
        Self {
            policy,
            queue,
            ledger: Ledger::default(),
            flights: Vec::new(),
            last_number: 0,
            envelope: 0,
            limit: policy.max_events,
            failures: 0,
            retry_at: f64::NEG_INFINITY,
            beacon_at: f64::NEG_INFINITY,
            held: false,
            dropped: 0,
        }
    }

    /// Takes an event's final text, under an id that no other event has. Where that is more than may be kept, the oldest events that
    /// are not on their way give way to it, and are counted.
    pub fn push(&mut self, id: u128, json: String, now_ms: f64) {
        if json.len() > self.policy.max_kept_bytes {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        self.queue.push(Event {
            id,
            json,
            since: now_ms,
            request: None,
            refused: false,
        });
        self.trim();
    }

    /// What shall be sent now, if anything: a full batch, an old one, or with `leaving` (the page
    /// is being hidden) whatever the browser still takes. `envelope` is the length in bytes of
    /// the body without its events.
    pub fn poll(&mut self, now_ms: f64, envelope: usize, leaving: bool) -> Option<Request> {
        self.envelope = envelope;
        let wait = if leaving {
            self.beacon_at
        } else {
            self.retry_at
        };
        if self.held || now_ms < wait || (!leaving && self.is_fetching()) {
            return None;
        }
        let room = self.ledger.room(now_ms);
        let mut limits = self.limits();
        if leaving {
            limits.bytes = limits.bytes.min(room);
            limits.alone = room;
        }
        let batch = pick(self.queue.events(), limits);
        let due = leaving || batch.full || now_ms >= batch.since + self.policy.max_age_ms;
        if batch.ids.is_empty() || !due {
            return None;
        }
        let keepalive = batch.bytes <= self.policy.max_bytes.min(room);
        let via = if leaving {
            Via::Beacon
        } else {
            Via::Fetch { keepalive }
        };
        self.last_number += 1;
        let request = Request {
            number: self.last_number,
            ids: batch.ids,
            bytes: batch.bytes,
            via,
        };
        if via != (Via::Fetch { keepalive: false }) {
            self.ledger.enter(request.number, request.bytes);
        }
        self.mark(&request);
        self.flights.push(request.clone());
        Some(request)
    }

    /// The body of a request that is not settled yet: its events between `prefix` and `suffix`,
    /// whose lengths together are the `envelope` that it was polled with.
    pub fn body(&self, request: &Request, prefix: &str, suffix: &str) -> String {
        let mut body = String::with_capacity(request.bytes);
        body.push_str(prefix);
        let mut first = true;
        for event in self.queue.events() {
            if event.request == Some(request.number) {
                if !first {
                    body.push(',');
                }
                first = false;
                body.push_str(&event.json);
            }
        }
        body.push_str(suffix);
        body
    }

    /// Says what became of a request. `random`, from 0 to 1, spreads the retries of many pages.
    pub fn settled(&mut self, number: u32, outcome: Outcome, now_ms: f64, random: f64) {
        let found = self
            .flights
            .iter()
            .position(|flight| flight.number == number);
        let Some(flight) = found.map(|index| self.flights.swap_remove(index)) else {
            return;
        };
        let accepted = outcome == Outcome::Accepted;
        let beacon = flight.via == Via::Beacon;
        if accepted && beacon {
            self.ledger.beacon_taken(number, now_ms);
        } else {
            self.ledger.release(number);
        }
        if accepted {
            self.queue.remove(&flight.ids);
            // That the browser took a beacon says nothing about the collector.
            if !beacon {
                self.ledger.answered(number);
                self.failures = 0;
                self.retry_at = f64::NEG_INFINITY;
                self.limit = self.policy.max_events;
            }
            return;
        }
        let by_collector = outcome == Outcome::Refused && !beacon;
        self.put_back(&flight, by_collector);
        self.back_off(now_ms, random);
        if beacon {
            self.beacon_at = self.retry_at;
        }
    }

    /// When to poll next, in milliseconds; in the past where that is now, none where only a call
    /// of this outbox can bring something to do.
    pub fn deadline(&self) -> Option<f64> {
        if self.held || self.is_fetching() {
            return None;
        }
        let batch = pick(self.queue.events(), self.limits());
        let wait = if batch.full {
            0.0
        } else {
            self.policy.max_age_ms
        };
        (!batch.ids.is_empty()).then_some((batch.since + wait).max(self.retry_at))
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
        self.queue.events().len()
    }

    /// Whether all events have arrived.
    pub fn is_empty(&self) -> bool {
        self.queue.events().is_empty()
    }

    /// How many events had to give way since the last call of this.
    pub fn dropped(&mut self) -> u32 {
        std::mem::take(&mut self.dropped)
    }

    /// What a body sent by fetch may hold.
    fn limits(&self) -> Limits {
        Limits {
            events: self.limit,
            bytes: self.policy.max_bytes,
            alone: usize::MAX,
            envelope: self.envelope,
        }
    }

    /// Marks the events that a request carries.
    fn mark(&mut self, request: &Request) {
        let mut left = request.ids.len();
        for event in self.queue.events_mut() {
            if left == 0 {
                break;
            }
            if request.ids.contains(&event.id) {
                event.request = Some(request.number);
                left -= 1;
            }
        }
    }

    fn is_fetching(&self) -> bool {
        self.flights.iter().any(|flight| flight.via != Via::Beacon)
    }

    /// Lets a request's events wait again. After a refusal by the collector, smaller batches find
    /// out which event it objects to: one bad event must not hold up all others for good.
    fn put_back(&mut self, flight: &Request, by_collector: bool) {
        let alone = flight.ids.len() == 1;
        for event in self.queue.events_mut() {
            if event.request == Some(flight.number) {
                event.request = None;
                event.refused |= alone && by_collector;
            }
        }
        if by_collector {
            self.limit = (flight.ids.len() / 2).max(1);
        }
    }

    fn back_off(&mut self, now_ms: f64, random: f64) {
        let doubled = self.policy.retry_ms * f64::from(1u32 << self.failures.min(30));
        let delay = doubled.min(self.policy.retry_cap_ms);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now_ms + delay * (0.5 + random.clamp(0.0, 1.0) / 2.0);
    }

    /// Drops the oldest events that are not on their way until what is left may be kept.
    fn trim(&mut self) {
        let events = self.queue.events();
        let mut count = events.len();
        let mut bytes: usize = events.iter().map(|event| event.json.len()).sum();
        let mut gone = Vec::new();
        for event in events {
            if count <= self.policy.max_kept_events && bytes <= self.policy.max_kept_bytes {
                break;
            }
            if event.request.is_none() {
                count -= 1;
                bytes -= event.json.len();
                gone.push(event.id);
            }
        }
        let count = u32::try_from(gone.len()).unwrap_or(u32::MAX);
        self.dropped = self.dropped.saturating_add(count);
        if !gone.is_empty() {
            self.queue.remove(&gone);
        }
    }
}
