//! Carrying out what the session and the outbox want done.

use super::options::Consent;
use super::{App, host, now};
use crate::cart::{Answer, Money};
use crate::event::Event;
use crate::json::Json;
use crate::outbox::{Outcome, Request, Via};
use crate::session::{Effect, Input};
use crate::ui::{Markup, Prices};
use gloo_timers::callback::Timeout;
use std::rc::Rc;

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
        if self.destroyed.get() {
            self.tear_down();
        } else {
            self.set_timer();
        }
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
            Effect::CallCart { request, event } => match &self.options.cart {
                Some(callback) => self.host.call(request, callback, &event),
                None => {
                    host::warn(
                        "nobody took the cart event. Call preventDefault() in a listener of \
                         vitrine:add-to-cart and vitrine:buy-now, or give attach a cart callback.",
                    );
                    self.feed(Input::Answered { request, answer: Answer::Missing });
                }
            },
            Effect::Open(url) => self.host.open(&url, "_blank"),
            Effect::Go(url) => self.host.open(&url, "_self"),
            Effect::Seek(time) => self.video.set_current_time(time),
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
        if self.consent.get() != Consent::Denied && self.collector.borrow().is_some() {
            let mut state = self.state.borrow_mut();
            state.outbox.push(id.0, json, now().monotonic_ms);
            let dropped = state.outbox.dropped();
            if dropped > 0 {
                state.session.dropped(dropped, now());
            }
        }
    }

    /// Sends the batches that are due; all of them if the page is being left.
    fn send_due(&self, leaving: bool) {
        let collector = self.collector.borrow().clone();
        let Some(url) = collector.filter(|_| !self.state.borrow().outbox.is_empty()) else { return };
        let prefix = self.envelope();
        const SUFFIX: &str = "]}";
        loop {
            let mut state = self.state.borrow_mut();
            let at = now().monotonic_ms;
            let Some(request) = state.outbox.poll(at, prefix.len() + SUFFIX.len(), leaving) else { return };
            let body = state.outbox.body(&request, &prefix, SUFFIX);
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
        state.outbox.settled(request, outcome, now().monotonic_ms, chance);
    }

    /// A batch up to its first event.
    fn envelope(&self) -> String {
        let state = self.state.borrow();
        let mut campaign = Json::new();
        for (key, value) in &state.session.config().campaign {
            campaign.text(key, value);
        }
        let mut text = String::from("{\"schema\":\"vitrine/1\",\"sent_at\":\"");
        text.push_str(&crate::event::rfc3339(now().epoch_ms));
        text.push_str("\",\"context\":");
        text.push_str(&host::context(&campaign.object(), self.consent.get().as_str()));
        text.push_str(",\"events\":[");
        text
    }

    /// One timer for the next thing that is due.
    fn set_timer(&self) {
        let state = self.state.borrow();
        let due = [state.session.deadline(), state.outbox.deadline()];
        let due = due.into_iter().flatten().min_by(f64::total_cmp);
        let mut timer = self.timer.borrow_mut();
        if timer.as_ref().map(|timer| timer.0) == due {
            return;
        }
        *timer = due.and_then(|at| {
            let app = Rc::downgrade(self.itself.borrow().as_ref()?);
            let wait = (at - now().monotonic_ms).max(0.0) as u32 + 1;
            let timeout = Timeout::new(wait, move || {
                if let Some(app) = app.upgrade() {
                    app.timer.replace(None);
                    app.feed(Input::Wake);
                }
            });
            Some((at, timeout))
        });
    }

    fn tear_down(&self) {
        self.timer.replace(None);
        self.host.destroy();
        self.itself.replace(None);
    }
}
