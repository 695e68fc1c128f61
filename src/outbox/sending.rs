//! Bodies on their way: what goes next, and what follows from the answers.

use super::lane::UNSURE;
use super::requests::Flight;
use super::rules::Verdict;
use super::{Delivery, Do, NONE, Number, Reason, Trouble, Way};

impl Delivery {
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

    /// Sends a lane's next body, if it is due; whether it did.
    pub(super) fn send(&mut self, index: usize, now: f64, leaving: bool) -> bool {
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
    pub(super) fn arm(&mut self, index: usize, now: f64) {
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
}
