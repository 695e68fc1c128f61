//! Carrying out what the session and the outbox want done.

use super::{App, host};
use crate::cart::{Answer, Money};
use crate::event::Event;
use crate::json::Json;
use crate::outbox::{Outcome, Request, Via};
use crate::session::{earlier, Consent, Effect, Input};
use crate::ui::{Markup, Prices};

/// Prices in the hotspot file's language, or the page's.
struct IntlPrices<'a>(&'a str);

impl Prices for IntlPrices<'_> {
    fn price(&self, money: Money) -> String {
        let currency = money.currency;
        host::price(money.minor as f64, currency.exponent(), currency.as_str(), self.0)
    }
}

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
        match effect {
            Effect::Emit(event) => self.emit(event),
            Effect::Show { hotspot, before } => {
                let markup = self.draw(Some(hotspot));
                self.host.show(hotspot as u32, markup.as_str(), before.map_or(-1, |index| index as i32));
            }
            Effect::Hide { hotspot } => self.host.hide(hotspot as u32),
            Effect::Frame(frame) => self.host.frame(frame.x, frame.y, frame.w, frame.h),
            Effect::Card { focus } => {
                self.host.card(self.draw(None).as_str(), focus);
            }
            Effect::FocusHotspot(hotspot) => self.host.focus_spot(hotspot as u32),
            Effect::Ask { name, event, question } => {
                let taken = !self.host.fire(name, &event);
                self.feed(Input::Asked { question, taken });
            }
            Effect::Tell { name, event } => {
                self.host.fire(name, &event);
            }
            Effect::CallCart { request, event } => {
                if !self.host.call(request, &event) {
                    host::warn(
                        "nobody took the cart event. Call preventDefault() in a listener of \
                         vitrine:add-to-cart and vitrine:buy-now, or give attach() a cart callback.",
                    );
                    self.feed(Input::Answered { request, answer: Answer::Missing });
                }
            }
            Effect::Open(url) => self.host.open(&url, "_blank"),
            Effect::Go(url) => self.host.open(&url, "_self"),
            Effect::Seek(time) => self.host.seek(time),
            Effect::Play(on) => self.host.play(on),
            Effect::Flush => self.send_due(true),
        }
    }

    /// A hotspot's button, or the card.
    fn draw(&self, hotspot: Option<usize>) -> Markup {
        let session = &self.state.borrow().session;
        let prices = IntlPrices(session.config().locale.as_deref().unwrap_or_default());
        match hotspot {
            Some(index) => session.hotspot(index, &prices),
            None => session.card(&prices),
        }
    }

    /// Queues an event as the text that will be sent, and shows it to the page.
    fn emit(&self, event: Event) {
        let Event { id, json } = event;
        self.host.fire("vitrine:event", &json);
        let mut state = self.state.borrow_mut();
        if state.consent != Consent::Denied && !state.collector.is_empty() {
            state.outbox.push(id.0, json, self.now().monotonic_ms);
            let dropped = state.outbox.dropped();
            if dropped > 0 {
                state.session.dropped(dropped, self.now());
            }
        }
    }

    /// Sends the batches that are due; all of them if the page is being left.
    fn send_due(&self, leaving: bool) {
        if self.state.borrow().outbox.is_empty() {
            return;
        }
        let prefix = self.envelope();
        const SUFFIX: &str = "]}";
        loop {
            let mut state = self.state.borrow_mut();
            let at = self.now().monotonic_ms;
            let Some(request) = state.outbox.poll(at, prefix.len() + SUFFIX.len(), leaving) else { return };
            let body = state.outbox.body(&request, &prefix, SUFFIX);
            let url = state.collector.clone();
            drop(state);
            self.send(&request, &url, &body);
        }
    }

    fn send(&self, request: &Request, url: &str, body: &str) {
        match request.via {
            Via::Fetch { keepalive } => self.host.send(request.number, url, body, keepalive),
            Via::Beacon => {
                let taken = host::beacon(url, body);
                self.settle(request.number, if taken { Outcome::Accepted } else { Outcome::Unreachable });
            }
        }
    }

    /// The collector answered with this status; 0 if it did not.
    pub(super) fn sent(&self, request: u32, status: u32) {
        let outcome = match status {
            200..=299 => Outcome::Accepted,
            0 => Outcome::Unreachable,
            _ => Outcome::Refused,
        };
        self.settle(request, outcome);
        self.work();
    }

    fn settle(&self, request: u32, outcome: Outcome) {
        let mut state = self.state.borrow_mut();
        let chance = state.session.chance();
        state.outbox.settled(request, outcome, self.now().monotonic_ms, chance);
    }

    /// A batch up to its first event.
    fn envelope(&self) -> String {
        let state = self.state.borrow();
        let mut campaign = Json::new();
        for (key, value) in &state.session.config().campaign {
            campaign.text(key, value);
        }
        let mut text = String::from("{\"schema\":\"vitrine/1\",\"sent_at\":\"");
        text.push_str(&crate::event::rfc3339(self.now().epoch_ms));
        text.push_str("\",\"context\":");
        text.push_str(&host::context(&campaign.object(), state.consent.as_str()));
        text.push_str(",\"events\":[");
        text
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
