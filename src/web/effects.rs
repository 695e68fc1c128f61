//! Carrying out what the session and the outbox want done.

use super::app::{App, State};
use crate::outbox::{Outcome, Via};
use crate::session::{Consent, Do, earlier};

impl App {
    /// Works off what the session wants done, sends what is due and sets the timer. Where a page's
    /// listener calls back into the overlay, the outermost call does it, so that effects keep their
    /// order.
    pub(super) fn work(&self) {
        if self.working.replace(true) {
            return;
        }
        loop {
            let mut state = self.state.borrow_mut();
            if state.next.is_some() {
                state.session.retire();
            }
            let effects = state.session.take_effects();
            if effects.is_empty() {
                let Some(next) = state.next.take() else { break };
                state.session.set_config(next);
                drop(state);
                self.adopt();
                continue;
            }
            drop(state);
            self.host.carry(&effects);
        }
        let mut state = self.state.borrow_mut();
        if state.session.take_leaving() || state.destroyed {
            state.outbox.begin_leaving();
            self.send_due(&mut state, true);
        }
        self.send_due(&mut state, false);
        let due = earlier(state.session.deadline(), state.outbox.deadline());
        let changed = due != state.due;
        state.due = due;
        let (oldest, destroyed) = (state.outbox.oldest(), state.destroyed);
        drop(state);
        self.tell(Do::Keep, oldest.map_or(f64::INFINITY, f64::from));
        if changed {
            self.tell(
                Do::Wake,
                due.map_or(f64::NAN, |at| at - self.host.monotonic()),
            );
        }
        self.working.set(false);
        if destroyed {
            self.tell(Do::Destroy, 0.0);
            self.life.replace(None);
        }
    }

    /// Has the host do one thing.
    pub(super) fn tell(&self, what: Do, number: f64) {
        self.host.carry(&[3.0, f64::from(what as u8), number]);
    }

    /// Sends the batches that are due; all of them if the page is being left. Nothing here calls back.
    fn send_due(&self, state: &mut State, leaving: bool) {
        if state.outbox.is_empty() {
            return;
        }
        let now = self.host.monotonic();
        let envelope = self.host.envelope(state.consent as u32) as usize;
        while let Some(request) = state.outbox.poll(now, envelope, leaving) {
            let way = match request.via {
                Via::Fetch { keepalive } => f64::from(keepalive),
                Via::Beacon => 2.0,
            };
            let mut row = Vec::new();
            row.extend_from_slice(&[f64::from(request.number), way]);
            for number in state.outbox.events(&request) {
                row.push(f64::from(number));
            }
            let taken = self.host.send(&row);
            if request.via == Via::Beacon {
                // Firefox loses some of the beacons of a tab that is closed.
                let outcome = match (taken, state.destroyed) {
                    (true, false) => Outcome::Unsure,
                    (true, true) => Outcome::Accepted,
                    (false, _) => Outcome::Refused,
                };
                self.settled(state, request.number, outcome, now);
            }
        }
    }

    fn settled(&self, state: &mut State, request: u32, outcome: Outcome, now: f64) {
        state
            .outbox
            .settled(request, outcome, now, self.host.random());
    }

    /// The collector answered with this status; 0 if it did not.
    pub(super) fn sent(&self, state: &mut State, request: u32, status: u32, now: f64) {
        let outcome = match status {
            200..=299 => Outcome::Accepted,
            0 => Outcome::Unreachable,
            _ => Outcome::Refused,
        };
        self.settled(state, request, outcome, now);
    }
}

impl State {
    /// The host wrote an event, so many bytes long: it goes to the collector, if there is one.
    pub(super) fn written(&mut self, number: u32, bytes: usize, now: f64) {
        if self.consent != Consent::Denied && self.collects {
            self.outbox.push(number, bytes, now);
            let dropped = self.outbox.dropped();
            if dropped > 0 {
                self.session.dropped(dropped);
            }
        }
    }
}
