//! Carrying out what the session and the outbox want done.

use super::App;
use crate::cart::{Answer, CartState};
use crate::event::{Event, Extra};
use crate::outbox::{Outcome, Via};
use crate::session::{CardSpot, CardView, Consent, Effect, Input, Side, earlier};

impl App {
    /// Works off what the session wants done, then places what moved, sends what is due and sets
    /// the timer. Where a page's listener calls back into the overlay, the outermost call does it,
    /// so that effects keep their order.
    pub(super) fn work(&self) {
        if self.working.replace(true) {
            return;
        }
        loop {
            let next = self.state.borrow_mut().session.next_effect();
            match next {
                Some(effect) => self.carry_out(effect),
                None => break,
            }
        }
        let mut state = self.state.borrow_mut();
        if !state.session.moved().is_empty() {
            self.host.place(state.session.moved());
            state.session.clear_moved();
        }
        drop(state);
        self.send_due(false);
        self.working.set(false);
        self.set_timer();
    }

    fn carry_out(&self, effect: Effect) {
        let host = &self.host;
        match effect {
            Effect::Emit(event) => self.emit(event),
            Effect::Show { hotspot, before } => host.show(hotspot as u32, index(before) as i32),
            Effect::Hide { hotspot } => host.hide(hotspot as u32),
            Effect::Frame(frame) => host.frame(frame.x, frame.y, frame.w, frame.h),
            Effect::Card { focus } => {
                let view = self.state.borrow().session.card();
                host.card(&view.map(card).unwrap_or_default(), focus);
            }
            Effect::FocusHotspot(hotspot) => host.focus_spot(hotspot as u32),
            Effect::Ask { name, event, question } => {
                let taken = !host.ask(name, event);
                self.feed(Input::Asked { question, taken });
            }
            Effect::Tell { name, event } => {
                host.ask(name, event);
            }
            Effect::CallCart { request, event } => {
                if !host.call(request, event) {
                    self.feed(Input::Answered { request, answer: Answer::Missing, note: 0 });
                }
            }
            Effect::Open { hotspot } => host.open(hotspot as i32, 0),
            Effect::Checkout { note } => host.open(-1, note),
            Effect::Seek(time) => host.seek(time),
            Effect::Play(on) => host.play(on),
            Effect::Flush => self.send_due(true),
        }
    }

    /// Has the host write the event, show it to the page and keep it until it has arrived.
    fn emit(&self, event: Event) {
        let state = self.state.borrow();
        let (key, value, word) = match event.extra {
            Extra::None => ("", 0.0, ""),
            Extra::Number(key, value) => (key, value, ""),
            Extra::Word(key, word) => (key, 0.0, word),
        };
        let mut numbers = vec![
            f64::from(event.number),
            f64::from(event.seq),
            f64::from(event.view),
            f64::from(event.cause),
            event.now.epoch_ms,
            event.elapsed_ms,
            event.media_time,
            index(event.segment),
            index(event.subject.hotspot),
            index(event.subject.product),
            index(event.subject.variant),
            f64::from(event.note),
            value,
        ];
        if event.kind == "view_end" {
            let watched = state.session.watched();
            numbers.push(watched.len() as f64);
            for (start, end) in watched {
                numbers.push(*start);
                numbers.push(*end);
            }
            for (hotspot, milliseconds) in state.session.dwell() {
                numbers.push(hotspot as f64);
                numbers.push(milliseconds);
            }
        }
        drop(state);
        let bytes = self.host.emit(event.kind, &numbers, key, word);
        let mut state = self.state.borrow_mut();
        if state.consent != Consent::Denied && state.collects {
            state.outbox.push(event.number, bytes as usize, event.now.monotonic_ms);
            let dropped = state.outbox.dropped();
            if dropped > 0 {
                let now = self.now();
                state.session.dropped(dropped, now);
            }
        }
    }

    /// Sends the batches that are due; all of them if the page is being left.
    fn send_due(&self, leaving: bool) {
        let mut state = self.state.borrow_mut();
        if !state.outbox.is_empty() {
            let now = self.now().monotonic_ms;
            let envelope = self.host.envelope(state.consent.as_str()) as usize;
            while let Some(request) = state.outbox.poll(now, envelope, leaving) {
                let way = match request.via {
                    Via::Fetch { keepalive } => u32::from(keepalive),
                    Via::Beacon => 2,
                };
                let taken = self.host.send(request.number, &state.outbox.events(&request), way);
                if request.via == Via::Beacon {
                    let outcome = if taken { Outcome::Accepted } else { Outcome::Refused };
                    state.outbox.settled(request.number, outcome, now, self.host.random());
                }
            }
        }
        self.host.keep(state.outbox.oldest().unwrap_or(u32::MAX));
    }

    /// The collector answered with this status; 0 if it did not.
    pub(super) fn sent(&self, request: u32, status: u32) {
        let outcome = match status {
            200..=299 => Outcome::Accepted,
            0 => Outcome::Unreachable,
            _ => Outcome::Refused,
        };
        let now = self.now().monotonic_ms;
        self.state.borrow_mut().outbox.settled(request, outcome, now, self.host.random());
        self.work();
    }

    /// One timer for the next thing that is due; or the end of everything.
    fn set_timer(&self) {
        let mut state = self.state.borrow_mut();
        if state.destroyed {
            drop(state);
            self.host.destroy();
            self.life.replace(None);
            return;
        }
        let due = earlier(state.session.deadline(), state.outbox.deadline());
        if due != state.due {
            state.due = due;
            self.host.wake(due.map_or(f64::NAN, |at| at - self.now().monotonic_ms));
        }
    }
}

/// An index for the host: -1 for none.
fn index(index: Option<usize>) -> f64 {
    index.map_or(-1.0, |index| index as f64)
}

/// The card for the host: hotspot, product shown, variant, whether it can be bought, state of the
/// cart, note, and its place: side (0 for a sheet), left, top, rise.
fn card(view: CardView) -> Vec<f64> {
    let (state, note) = match view.cart {
        CartState::Idle => (0.0, 0),
        CartState::Pending { .. } => (1.0, 0),
        CartState::Added => (2.0, 0),
        CartState::Refused { note } => (3.0, note),
        CartState::Missing => (4.0, 0),
    };
    let (side, left, top, rise) = match view.spot {
        CardSpot::Sheet => (0.0, 0.0, 0.0, 0.0),
        CardSpot::Beside { left, top, rise, side } => {
            let side = match side {
                Side::Left => 1.0,
                Side::Right => 2.0,
                Side::None => 3.0,
            };
            (side, left, top, rise)
        }
    };
    vec![
        view.hotspot as f64,
        view.shown as f64,
        index(view.variant),
        f64::from(view.available),
        state,
        f64::from(note),
        side,
        left,
        top,
        rise,
    ]
}
