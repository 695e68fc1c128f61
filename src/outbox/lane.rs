//! One collector's share: which events it waits for, and what it last said.

use super::rules::Rules;
use super::{NONE, Number};
use alloc::vec::Vec;

/// In place of a request: something had it that answers nothing, such as a beacon. It is sent but not
/// confirmed, and goes once more by a request that is answered.
pub(super) const UNSURE: u32 = u32::MAX;

/// A deferred fetch is made so long after an event that it is for, in milliseconds.
const LATER_SOON_MS: f64 = 100.0;

/// What a collector's format allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// In one body. None at all: nothing goes from this page, and everything is kept for another.
    pub events: usize,
    /// Of a whole body.
    pub bytes: usize,
    /// Of one event's text.
    pub event: usize,
    /// What each event adds to a body beside its text.
    pub each: usize,
    /// A beacon can carry it: there are no headers to send.
    pub beacon: bool,
    /// A deferred fetch can: its bodies do not have to say when they were sent.
    pub later: bool,
}

/// An event on its way to one collector.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub number: Number,
    /// Only events of one context share a body.
    pub group: u32,
    /// Of its text in this collector's format.
    pub bytes: usize,
    pub since: f64,
    /// The request that has it, or [`NONE`] or [`UNSURE`].
    pub carrier: u32,
}

/// What a body may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Events that are sent but not confirmed may be among them.
    pub unsure: bool,
    pub events: usize,
    pub bytes: usize,
    /// The same for an event that is over `bytes` even alone.
    pub alone: usize,
}

/// The events of a body.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub events: usize,
    /// Of the whole body.
    pub bytes: usize,
    /// When the first of them came.
    pub since: f64,
    /// Waiting for more would not make it larger.
    pub full: bool,
    /// Its first event does not wait for others.
    pub hurried: bool,
    group: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub limits: Limits,
    pub legs: Vec<Leg>,
    /// The bytes of a body without events, by group.
    envelopes: Vec<(u32, usize)>,
    /// What the collector was found to take.
    cap_events: usize,
    cap_bytes: usize,
    failures: i32,
    /// Events refused one by one since anything was accepted.
    pub strikes: u32,
    /// None before this.
    pub retry_at: f64,
    /// It takes nothing from this page.
    pub closed: bool,
    /// Events up to this one go without waiting for more.
    pub hurried: Number,
    /// What the browser sends when the page is gone, and how many bytes that is.
    pub armed: Vec<Number>,
    pub armed_bytes: usize,
    /// What is armed is not what is here.
    pub stale: bool,
    pub arm_at: f64,
}

impl Lane {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            legs: Vec::new(),
            envelopes: Vec::new(),
            cap_events: usize::MAX,
            cap_bytes: usize::MAX,
            failures: 0,
            strikes: 0,
            retry_at: f64::NEG_INFINITY,
            closed: limits.events == 0,
            hurried: 0,
            armed: Vec::new(),
            armed_bytes: 0,
            stale: false,
            arm_at: f64::NEG_INFINITY,
        }
    }

    pub fn set_envelope(&mut self, group: u32, bytes: usize) {
        self.envelopes.push((group, bytes));
    }

    fn envelope(&self, group: u32) -> usize {
        let known = self.envelopes.iter().rev().find(|(of, _)| *of == group);
        known.map_or(0, |(_, bytes)| *bytes)
    }

    /// Whether a body could carry such an event.
    pub fn takes(&self, group: u32, bytes: usize) -> bool {
        let body = self.envelope(group) + bytes + self.limits.each;
        bytes <= self.limits.event && body <= self.limits.bytes
    }

    pub fn push(&mut self, number: Number, group: u32, bytes: usize, since: f64) {
        self.legs.push(Leg {
            number,
            group,
            bytes,
            since,
            carrier: NONE,
        });
        // A moment later, so that it is once for all that happen together.
        let soon = since + LATER_SOON_MS;
        if !self.stale && self.arm_at < soon {
            self.arm_at = soon;
        }
        self.stale = true;
    }

    /// The room of a body, where nothing else limits it.
    pub fn room(&self, rules: &Rules) -> Room {
        let Limits { events, bytes, .. } = self.limits;
        Room {
            unsure: true,
            events: rules.batch_events.min(events).min(self.cap_events).max(1),
            bytes: rules.batch_bytes.min(bytes).min(self.cap_bytes),
            alone: bytes,
        }
    }

    /// Picks the oldest waiting events that share a context and fit into a body, and puts them on a
    /// `request` unless that is [`NONE`]. An event that fits nowhere is passed over.
    pub fn pick(&mut self, room: Room, request: u32) -> Batch {
        let mut batch = Batch::default();
        for index in 0..self.legs.len() {
            let Some(leg) = self.legs.get(index) else {
                break;
            };
            let waits = leg.carrier == NONE || room.unsure && leg.carrier == UNSURE;
            if !waits || batch.events > 0 && leg.group != batch.group {
                continue;
            }
            let mut bytes = leg.bytes + self.limits.each;
            if batch.events == 0 {
                bytes += self.envelope(leg.group);
                if bytes > room.alone {
                    continue;
                }
                batch.since = leg.since;
                batch.group = leg.group;
                batch.hurried = leg.number <= self.hurried;
            } else {
                bytes += batch.bytes;
                if bytes > room.bytes {
                    batch.full = true;
                    break;
                }
            }
            batch.bytes = bytes;
            batch.events += 1;
            if request != NONE
                && let Some(leg) = self.legs.get_mut(index)
            {
                leg.carrier = request;
            }
            batch.full = bytes > room.bytes || batch.events >= room.events;
            if batch.full {
                break;
            }
        }
        batch
    }

    /// The newest waiting events that share a context and fit, oldest first, as what to arm.
    pub fn arm(&mut self, bytes: usize, keep: bool) {
        self.armed.clear();
        self.armed_bytes = 0;
        self.stale = false;
        let mut group = None;
        for leg in self.legs.iter().rev().filter(|_| keep) {
            if leg.carrier != NONE || group.is_some_and(|group| group != leg.group) {
                continue;
            }
            let mut sum = self.armed_bytes + leg.bytes + self.limits.each;
            if group.is_none() {
                sum += self.envelope(leg.group);
            }
            if sum > bytes.min(self.limits.bytes) || self.armed.len() >= self.limits.events {
                continue;
            }
            group = Some(leg.group);
            self.armed_bytes = sum;
            self.armed.push(leg.number);
        }
        self.armed.reverse();
    }

    /// The events of a request.
    pub fn carried(&self, request: u32) -> Vec<Number> {
        let carried = self.legs.iter().filter(|leg| leg.carrier == request);
        carried.map(|leg| leg.number).collect()
    }

    /// The events of one carrier go on with another, or with none.
    pub fn hand(&mut self, from: u32, to: u32) {
        for leg in &mut self.legs {
            if leg.carrier == from {
                leg.carrier = to;
            }
        }
        self.stale = true;
    }

    /// Forgets these events; returns those that were here.
    pub fn forget(&mut self, numbers: &[Number]) -> Vec<Number> {
        let mut found = Vec::new();
        self.legs.retain(|leg| {
            let gone = numbers.contains(&leg.number);
            if gone {
                found.push(leg.number);
            }
            !gone
        });
        self.stale = true;
        found
    }

    /// What is here goes without waiting for more.
    pub fn hurry(&mut self) {
        self.hurried = self.legs.last().map_or(0, |leg| leg.number);
    }

    /// It did not answer well the last time.
    pub fn failing(&self) -> bool {
        self.failures > 0
    }

    /// The collector took a body.
    pub fn succeed(&mut self) {
        self.failures = 0;
        self.strikes = 0;
        self.retry_at = f64::NEG_INFINITY;
        self.cap_events = self.cap_events.saturating_mul(2);
    }

    /// Fewer events go in one body from now on, and fewer bytes where those were too many.
    pub fn halve(&mut self, events: usize, bytes: usize) {
        self.cap_events = (events / 2).max(1);
        self.cap_bytes = self.cap_bytes.min(bytes / 2);
        self.hurry();
    }

    /// Waits longer after each failure, at random so that the pages of many viewers do not come back
    /// together; at least for as long as the collector asked, where it did.
    pub fn back_off(&mut self, rules: &Rules, asked_ms: f64, now: f64, random: f64) {
        let mut span = rules.retry_ms;
        for _ in 0..self.failures.min(16) {
            span *= 2.0;
        }
        self.failures += 1;
        if span > rules.retry_cap_ms {
            span = rules.retry_cap_ms;
        }
        let mut wait = random * span;
        if asked_ms > 0.0 {
            wait = random * rules.retry_ms;
            wait += if asked_ms < rules.asked_cap_ms {
                asked_ms
            } else {
                rules.asked_cap_ms
            };
        }
        self.retry_at = now + wait;
    }
}
