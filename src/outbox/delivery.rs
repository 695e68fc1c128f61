//! The outbox of a document: every event to every collector, each acknowledged by itself.

use super::effect::Rows;
use super::lane::Lane;
use super::records::{Record, Records};
use super::requests::Flights;
use super::{Browser, Consent, Do, Limits, NONE, Number, Reason, Rules, Worth};
use alloc::vec::Vec;

/// What is known of an event that goes out.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    /// Its number: larger than all before.
    pub number: Number,
    /// What it is worth.
    pub worth: Worth,
    /// The length of what the journal keeps.
    pub bytes: usize,
    /// Events of one group share a context, and so a body.
    pub group: u32,
    /// How old it is, in milliseconds, where the journal of another visit had it.
    pub adopted: Option<f64>,
}

/// Decides when which events go, which are kept, and which give way.
///
/// After any calls, [`Delivery::work`] decides what follows from them; then [`Delivery::take_effects`]
/// has what to do.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub(super) rules: Rules,
    pub(super) browser: Browser,
    pub(super) lanes: Vec<Lane>,
    pub(super) records: Records,
    pub(super) flights: Flights,
    pub(super) consent: Consent,
    /// The page asked for events without identifiers of those who deny consent.
    pub(super) anonymous: bool,
    pub(super) online: bool,
    pub(super) closing: bool,
    pub(super) closed: bool,
    pub(super) due: Option<f64>,
    /// Events were dropped that nobody was told of; not before this.
    pub(super) untold: bool,
    pub(super) tell_at: f64,
    pub(super) effects: Rows,
}

impl Delivery {
    /// An empty one.
    pub fn new(rules: Rules, browser: Browser, consent: Consent, anonymous: bool) -> Self {
        let mut effects = Rows::default();
        if consent == Consent::Denied {
            effects.row(Do::Wipe, &[]);
        }
        effects.row(Do::Identify, &[f64::from(consent as u8)]);
        Self {
            rules,
            browser,
            lanes: Vec::new(),
            records: Records::default(),
            flights: Flights::default(),
            consent,
            anonymous,
            online: true,
            closing: false,
            closed: false,
            due: None,
            untold: false,
            tell_at: f64::NEG_INFINITY,
            effects,
        }
    }

    /// One more collector; they are counted from 0.
    pub fn add_lane(&mut self, limits: Limits) {
        self.lanes.push(Lane::new(limits));
    }

    /// How long a collector's body is without events, in a group's context.
    pub fn set_envelope(&mut self, lane: usize, group: u32, bytes: usize) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.set_envelope(group, bytes);
        }
    }

    /// Takes an event, with the collectors that it goes to and the length of its text for each.
    pub fn push(&mut self, post: Post, routes: &[(usize, usize)], now: f64) {
        let Post { number, bytes, .. } = post;
        let mut left = 0;
        if self.keeps() {
            if post.adopted.is_some_and(|age| age > self.rules.kept_ms) {
                self.drop(None, Reason::Old, &[number]);
            } else if bytes > self.rules.kept_bytes {
                self.drop(None, Reason::Full, &[number]);
            } else {
                left = self.route(&post, routes, now);
            }
        }
        if left == 0 {
            return self.effects.about(Do::Erase, &[], &[number]);
        }
        let journaled = self.consent == Consent::Granted;
        if journaled && post.adopted.is_none() {
            self.effects.about(Do::Write, &[], &[number]);
        }
        self.records.push(Record {
            number,
            worth: post.worth,
            bytes,
            left,
            journaled,
            flying: false,
        });
        self.make_room(post.worth);
    }

    fn route(&mut self, post: &Post, routes: &[(usize, usize)], now: f64) -> usize {
        let mut left = 0;
        for (index, bytes) in routes {
            let Some(lane) = self.lanes.get_mut(*index) else {
                continue;
            };
            if lane.takes(post.group, *bytes) {
                let since = post.adopted.map_or(now, |_| f64::NEG_INFINITY);
                lane.push(post.number, post.group, *bytes, since);
                left += 1;
            } else {
                self.drop(Some(*index), Reason::Large, &[post.number]);
            }
        }
        left
    }

    /// The browser refuses deferred fetches.
    pub fn refuse_later(&mut self) {
        self.browser.later = false;
    }

    /// Has those events counted that were dropped. Now and then, as this makes an event of its own.
    pub fn tell(&mut self, now: f64) {
        if self.untold && self.keeps() {
            self.effects.row(Do::Report, &[]);
            self.tell_at = now + self.rules.tell_ms;
        }
        self.untold = false;
    }

    /// Events were dropped that this outbox did not know.
    pub fn miss(&mut self) {
        self.untold = true;
    }

    /// Lets what is here go without waiting for more.
    pub fn hurry(&mut self) {
        for lane in &mut self.lanes {
            lane.hurry();
        }
    }

    /// The browser says that it has a network, or none.
    pub fn set_online(&mut self, online: bool, now: f64, random: f64) {
        self.online = online;
        for lane in &mut self.lanes {
            lane.retry_at = now + random * self.rules.retry_ms;
        }
    }

    /// What the viewer agreed to.
    pub fn set_consent(&mut self, consent: Consent) {
        let before = self.consent;
        if consent == before {
            return;
        }
        self.consent = consent;
        if consent == Consent::Denied {
            for lane in &mut self.lanes {
                lane.legs.clear();
                lane.stale = true;
            }
            let all: Vec<_> = self
                .records
                .list
                .iter()
                .map(|record| record.number)
                .collect();
            self.records = Records::default();
            self.effects.about(Do::Erase, &[], &all);
            self.effects.row(Do::Wipe, &[]);
        }
        self.effects.row(Do::Identify, &[f64::from(consent as u8)]);
        if consent == Consent::Granted {
            let mut held = Vec::new();
            for record in self
                .records
                .list
                .iter_mut()
                .filter(|record| !record.journaled)
            {
                record.journaled = true;
                held.push(record.number);
            }
            self.effects.about(Do::Write, &[], &held);
        }
        // What was not kept left a gap in `seq`: what is kept from here on is another view.
        if before == Consent::Denied && !self.anonymous
            || consent == Consent::Denied && self.anonymous
        {
            self.effects.row(Do::Renew, &[]);
        }
    }

    /// Another document has these from the journal, and sends them.
    pub fn forget(&mut self, events: &[Number]) {
        for lane in &mut self.lanes {
            lane.forget(events);
        }
        self.records.forget(events);
        self.effects.about(Do::Erase, &[], events);
    }

    /// The last overlay is gone: what is here goes, and then nothing more happens.
    pub fn close(&mut self, now: f64) {
        self.leave(now);
        self.hurry();
        self.closing = true;
    }

    /// How many events have not arrived everywhere.
    pub fn len(&self) -> usize {
        self.records.list.len()
    }

    /// Whether all have.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sends what is due, and sets the timer.
    pub fn work(&mut self, now: f64) {
        if self.closed {
            return;
        }
        if self.untold && now >= self.tell_at {
            self.tell(now);
        }
        for index in 0..self.lanes.len() {
            self.send(index, now, false);
            self.arm(index, now);
        }
        if self.closing && self.flights.is_empty() {
            self.closed = true;
            self.effects.row(Do::Close, &[]);
        }
        self.note(now);
    }

    /// Sets the timer alone, so that nobody who queues an event waits for what is due.
    pub fn note(&mut self, now: f64) {
        let due = self.deadline();
        if due != self.due {
            self.due = due;
            self.effects
                .row(Do::Wake, &[due.map_or(f64::NAN, |at| at - now)]);
        }
    }

    /// When to work next, in milliseconds; none where only a call can bring something to do.
    pub fn deadline(&mut self) -> Option<f64> {
        let mut due: Option<f64> = None;
        let mut note = |at: f64| {
            if due.is_none_or(|soonest| at < soonest) {
                due = Some(at);
            }
        };
        if self.untold && !self.closing {
            note(self.tell_at);
        }
        let sends = self.sends() && self.online;
        for (index, lane) in self.lanes.iter_mut().enumerate() {
            if self.closing {
                continue;
            }
            if lane.stale && lane.limits.later && self.browser.later {
                note(lane.arm_at);
            }
            if !sends || lane.closed || self.flights.of(index).next().is_some() {
                continue;
            }
            let batch = lane.pick(lane.room(&self.rules), NONE);
            if batch.events > 0 {
                let mut at = batch.since;
                if !batch.full && !batch.hurried {
                    at += self.rules.wait_ms;
                }
                note(if at < lane.retry_at {
                    lane.retry_at
                } else {
                    at
                });
            }
        }
        due
    }

    /// What to do: rows of a length, a place in [`Do`] and its numbers.
    pub fn take_effects(&mut self) -> Vec<f64> {
        self.effects.take()
    }

    pub(super) fn keeps(&self) -> bool {
        self.consent != Consent::Denied || self.anonymous
    }

    pub(super) fn sends(&self) -> bool {
        self.consent != Consent::Required && self.keeps()
    }

    pub(super) fn drop(&mut self, lane: Option<usize>, reason: Reason, events: &[Number]) {
        let lane = lane.map_or(-1.0, |lane| lane as f64);
        self.untold = self.untold || !events.is_empty();
        self.effects
            .about(Do::Drop, &[lane, f64::from(reason as u8)], events);
    }

    /// The least valuable events give way until no more than is allowed are kept.
    fn make_room(&mut self, worth: Worth) {
        let mut kept = self.rules.kept_bytes;
        // What accounts for the others must not push out still more of them.
        if worth == Worth::Purchase {
            kept += kept / 32;
        }
        if self.records.bytes <= kept {
            return;
        }
        for record in &mut self.records.list {
            record.flying = false;
        }
        for number in self.flights.events() {
            if let Some(record) = self.records.get(number) {
                record.flying = true;
            }
        }
        let mut gone = Vec::new();
        while self.records.bytes > kept
            && let Some(number) = self.records.least()
        {
            self.records.forget(&[number]);
            gone.push(number);
        }
        for lane in &mut self.lanes {
            lane.forget(&gone);
        }
        self.drop(None, Reason::Full, &gone);
        self.effects.about(Do::Erase, &[], &gone);
    }
}
