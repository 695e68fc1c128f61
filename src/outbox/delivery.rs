//! The outbox of a document: every event to every collector, each acknowledged by itself.

use super::effect::Rows;
use super::lane::{Lane, UNSURE};
use super::records::{Record, Records};
use super::requests::{Flight, Flights};
use super::rules::Verdict;
use super::{Browser, Consent, Do, Limits, NONE, Number, Reason, Rules, Trouble, Way, Worth};

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
    rules: Rules,
    browser: Browser,
    lanes: Vec<Lane>,
    records: Records,
    flights: Flights,
    consent: Consent,
    /// The page asked for events without identifiers of those who deny consent.
    anonymous: bool,
    online: bool,
    closing: bool,
    closed: bool,
    due: Option<f64>,
    /// Events were dropped that nobody was told of; not before this.
    untold: bool,
    tell_at: f64,
    effects: Rows,
}

impl Delivery {
    /// An empty one.
    pub fn new(rules: Rules, browser: Browser, consent: Consent, anonymous: bool) -> Self {
        let mut effects = Rows::default();
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

    /// A request was answered with this status; 0 if it was not. `asked_ms` is how long the collector
    /// asks to wait, NaN where it does not; `random`, from 0 to 1, spreads the retries of many pages.
    pub fn answered(&mut self, request: u32, status: u32, asked_ms: f64, now: f64, random: f64) {
        let Some(flight) = self.flights.end(request) else {
            return;
        };
        let Some(lane) = self.lanes.get_mut(flight.lane) else {
            return;
        };
        let events = lane.carried(request);
        let mut trouble = Trouble::Event;
        let mut refused = None;
        match Verdict::of(status) {
            Verdict::Accepted => {
                lane.succeed();
                // Another request may have some of them by now, as the page was left.
                return self.arrived(flight.lane, &flight.events);
            }
            Verdict::Again => {
                lane.back_off(&self.rules, asked_ms, now, random);
                trouble = Trouble::Away;
            }
            Verdict::Closed => {
                lane.closed = true;
                trouble = Trouble::Closed;
            }
            Verdict::Larger if events.len() > 1 => lane.halve(events.len(), flight.bytes),
            Verdict::Larger => refused = Some(Reason::Large),
            Verdict::Poisoned if events.len() > 1 => lane.halve(events.len(), usize::MAX),
            Verdict::Poisoned => {
                lane.strikes += 1;
                if lane.strikes >= self.rules.strikes {
                    lane.closed = true;
                    trouble = Trouble::Closed;
                } else {
                    refused = Some(Reason::Refused);
                    lane.hurry();
                }
            }
        }
        lane.hand(request, NONE);
        if trouble != Trouble::Event || refused.is_some() {
            let row = [flight.lane as f64, trouble as u8 as f64, f64::from(status)];
            self.effects.row(Do::Warn, &row);
        }
        if let Some(reason) = refused {
            self.drop(Some(flight.lane), reason, &events);
            self.arrived(flight.lane, &events);
        }
    }

    /// A beacon was taken by the browser, or not.
    pub fn handed(&mut self, request: u32, taken: bool, now: f64, random: f64) {
        if !taken {
            return self.answered(request, 0, f64::NAN, now, random);
        }
        if let Some(flight) = self.flights.end(request)
            && let Some(lane) = self.lanes.get_mut(flight.lane)
        {
            lane.hand(request, UNSURE);
        }
    }

    /// The browser sent what a collector had armed.
    pub fn fired(&mut self, lane: usize) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            for leg in &mut lane.legs {
                if leg.carrier == NONE && lane.armed.contains(&leg.number) {
                    leg.carrier = UNSURE;
                }
            }
            lane.stale = true;
        }
    }

    /// The browser refuses deferred fetches.
    pub fn refuse_later(&mut self) {
        self.browser.later = false;
    }

    /// The page is hidden or left. What went as it was left the last time goes once more: of what a tab
    /// sends while it is closed, Firefox loses the half. A browser with deferred fetches does not.
    pub fn begin_leaving(&mut self) {
        if self.browser.later {
            return;
        }
        for (index, lane) in self.lanes.iter_mut().enumerate() {
            lane.hand(UNSURE, NONE);
            for flight in self.flights.of(index).filter(|flight| flight.leaving) {
                lane.hand(flight.number, NONE);
            }
        }
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

    /// Sends all that the browser lets outlive the page.
    pub fn leave(&mut self, now: f64) {
        for index in 0..self.lanes.len() {
            // What only a living page can finish goes by what outlives it, too.
            let mut lanes = self.lanes.iter_mut().skip(index);
            if let Some(lane) = lanes.next() {
                for flight in self
                    .flights
                    .of(index)
                    .filter(|flight| flight.way == Way::Fetch)
                {
                    lane.hand(flight.number, NONE);
                }
                lane.arm_at = f64::NEG_INFINITY;
            }
            while self.send(index, now, true) {}
        }
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

    fn keeps(&self) -> bool {
        self.consent != Consent::Denied || self.anonymous
    }

    fn sends(&self) -> bool {
        self.consent != Consent::Required && self.keeps()
    }

    /// Sends a lane's next body, if it is due; whether it did.
    fn send(&mut self, index: usize, now: f64, leaving: bool) -> bool {
        let granted = self.flights.ledger.room(self.rules.ledger_bytes, now);
        let (sends, browser) = (self.sends() && self.online, self.browser);
        let Some(lane) = self.lanes.get_mut(index) else {
            return false;
        };
        let mut room = lane.room(&self.rules);
        if !sends || lane.closed || self.closing && lane.failing() {
            return false;
        }
        if leaving {
            if !browser.keepalive && !lane.limits.beacon {
                return false;
            }
            room.unsure = false;
            room.alone = room.alone.min(granted);
            room.bytes = room.bytes.min(granted);
        } else if now < lane.retry_at || self.flights.of(index).next().is_some() {
            return false;
        }
        let batch = lane.pick(room, NONE);
        let old = now >= batch.since + self.rules.wait_ms;
        if batch.events == 0 || !(leaving || batch.full || old || batch.hurried) {
            return false;
        }
        let request = self.flights.next();
        lane.pick(room, request);
        lane.stale = true;
        let way = match (leaving, browser.keepalive && batch.bytes <= granted) {
            (_, true) => Way::Keepalive,
            (true, false) => Way::Beacon,
            (false, false) => Way::Fetch,
        };
        let events = lane.carried(request);
        let row = [f64::from(request), index as f64, f64::from(way as u8)];
        self.effects.about(Do::Send, &row, &events);
        let flight = Flight {
            number: request,
            lane: index,
            bytes: batch.bytes,
            way,
            leaving,
            events,
        };
        self.flights.start(flight, now);
        true
    }

    /// Has the browser send what waits when the page is gone.
    fn arm(&mut self, index: usize, now: f64) {
        let others = self
            .lanes
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        let used: usize = others.map(|(_, lane)| lane.armed_bytes).sum();
        let keep = self.sends() && !self.closing;
        let Some(lane) = self.lanes.get_mut(index) else {
            return;
        };
        let ripe = self.closing || now >= lane.arm_at;
        if !self.browser.later || !lane.limits.later || !lane.stale || !ripe {
            return;
        }
        let before = lane.armed.len();
        lane.arm(
            self.rules.later_bytes.saturating_sub(used),
            keep && !lane.closed,
        );
        lane.arm_at = now + self.rules.later_ms;
        if before + lane.armed.len() > 0 {
            self.effects.begin(Do::Arm, &[index as f64]);
            for number in &lane.armed {
                self.effects.add(f64::from(*number));
            }
        }
    }

    /// A collector has these, or will never: it waits for them no more.
    fn arrived(&mut self, index: usize, events: &[Number]) {
        let Some(lane) = self.lanes.get_mut(index) else {
            return;
        };
        let (gone, rest) = self.records.less(&lane.forget(events));
        self.effects.about(Do::Erase, &[], &gone);
        self.effects.about(Do::Done, &[index as f64], &rest);
    }

    fn drop(&mut self, lane: Option<usize>, reason: Reason, events: &[Number]) {
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
