//! What becomes of what a viewer wanted: the checkout, the order, or nothing.

use super::lines::Sender;
use super::order_lines::{Line, line, place, write_line};
use super::shop::{ORDER, RECOVERY, Shop, Viewer, device};
use super::text::{About, Clock, Event, Id, View, item, price};
use super::visit::{Seen, Touch};
use super::world::{CAMPAIGNS, MARKETS, STEPS, World};
use rand::RngExt;
use std::fmt::Write as _;

const MINUTE: i64 = 60_000;
const GRACE: i64 = 30 * MINUTE;
/// Orders without an intent: after a click, after a sight alone, and of those whom no video led there.
const INFLUENCED: f64 = 0.03;
const ASSISTED: f64 = 0.004;
const UNRELATED: f64 = 0.002;
const COUPON: f64 = 0.3;

/// A viewer at the end of a view.
pub struct Buyer<'a> {
    pub viewer: &'a mut Viewer,
    pub video: usize,
    pub view: Id,
    pub session: Id,
    /// When the view began, by the right clock.
    pub now: i64,
    pub seen: &'a Seen,
}

/// An intent that was given up, as the browser tells it.
struct Lost {
    id: Id,
    words: String,
}

impl Buyer<'_> {
    /// Decides it. Returns whether the intents were bought, at once or later.
    pub fn decide(&mut self, shop: &mut Shop) -> bool {
        if !self.seen.intents.is_empty() {
            return self.intents(shop);
        }
        let earlier = self.viewer.touches.clone();
        self.remember();
        let left = self.now + self.seen.left_at;
        // What is ordered after an experiment shall be what its variants led to.
        if self.viewer.experiment.is_some() {
            return false;
        }
        let engaged = !self.seen.clicks.is_empty() || self.watched_quarter(shop);
        // What is older may not count any more by the time of the order.
        let oldest = self.now + self.viewer.ahead - 26 * 1_440 * MINUTE;
        let clicks: Vec<Touch> = earlier
            .into_iter()
            .filter(|touch| touch.time > oldest)
            .chain(self.seen.clicks.iter().copied())
            .collect();
        let at = left + shop.rng.random_range(5 * MINUTE..3 * 1_440 * MINUTE);
        if !clicks.is_empty() && shop.chance(INFLUENCED) {
            let last = clicks[clicks.len() - 1];
            let line = line("influenced", last, &clicks);
            self.order(shop, at, vec![line], None);
        } else if clicks.is_empty()
            && engaged
            && !self.seen.sights.is_empty()
            && shop.chance(ASSISTED)
        {
            let index = shop.rng.random_range(0..self.seen.sights.len());
            let sight = self.seen.sights[index];
            self.order(shop, at, vec![line("assisted", sight, &[])], None);
        } else if self.viewer.views == 1 && clicks.is_empty() && shop.chance(UNRELATED) {
            let product = shop.rng.random_range(0..shop.world.products.len());
            if self
                .seen
                .sights
                .iter()
                .any(|sight| sight.product == product)
            {
                return false;
            }
            let line = Line {
                product,
                kind: "none",
                last: None,
                first: None,
                chain: Vec::new(),
            };
            self.order(shop, at, vec![line], None);
        }
        false
    }

    fn watched_quarter(&self, shop: &Shop) -> bool {
        self.seen.watched_ms as f64 >= shop.world.videos[self.video].duration * 250.0
    }

    /// Clicks that a later visit may follow.
    fn remember(&mut self) {
        self.viewer.touches.extend(&self.seen.clicks);
        let more = self.viewer.touches.len().saturating_sub(6);
        self.viewer.touches.drain(..more);
    }

    /// When the last intent was, by the right clock.
    fn wanted_at(&self) -> i64 {
        let last = self.seen.intents.iter().map(|one| one.time).max();
        last.map_or(self.now, |time| time - self.viewer.ahead)
    }

    fn worth(&self, world: &World) -> i64 {
        self.seen
            .intents
            .iter()
            .map(|one| price(world, one.product, self.viewer.market))
            .sum()
    }

    fn intents(&mut self, shop: &mut Shop) -> bool {
        shop.truth.abandonment.episodes += 1;
        let wanted = self.wanted_at();
        let left = self.now + self.seen.left_at;
        let buys = shop.chance(ORDER);
        // Long enough for the page to be left, and within the window.
        let at = (left + shop.rng.random_range(2 * MINUTE..18 * MINUTE)).min(wanted + 28 * MINUTE);
        if buys && at < shop.end {
            self.checkout(shop, left, at, 3);
            let lines = self.lines(shop);
            self.order(shop, at, lines, None);
            shop.truth.abandonment.bought += 1;
            self.viewer.touches.clear();
            return true;
        }
        let reached = super::text::pick(&mut shop.rng, [0.5, 0.25, 0.15, 0.1].into_iter());
        self.checkout(
            shop,
            left,
            (left + 8 * MINUTE).min(wanted + 25 * MINUTE),
            reached,
        );
        // Whoever does not buy is not seen again, but to recover it.
        self.viewer.gone = true;
        if buys || wanted + GRACE > shop.end {
            shop.truth.abandonment.pending += 1;
            return false;
        }
        self.abandon(shop, reached, left)
    }

    /// Returns whether it is recovered.
    fn abandon(&mut self, shop: &mut Shop, reached: usize, left: i64) -> bool {
        let (currency, worth) = (
            MARKETS[self.viewer.market].currency,
            self.worth(&shop.world),
        );
        let video = shop.world.videos[self.video].id;
        let begun = self
            .seen
            .events
            .iter()
            .any(|event| event.kind == "begin_checkout");
        let step = match reached {
            0 if begun => Some("begin_checkout"),
            0 => None,
            some => Some(STEPS[some - 1]),
        };
        let truth = &mut shop.truth.abandonment;
        truth.abandoned += 1;
        *truth.value_at_risk.entry(currency.to_owned()).or_default() += worth;
        *truth.by_video.entry(video.to_owned()).or_default() += 1;
        *truth
            .by_step
            .entry(step.unwrap_or("none").to_owned())
            .or_default() += 1;
        let mut told = None;
        let tells = left + GRACE + 100;
        if reached == 0 && shop.chance(0.6) && tells < shop.end {
            let lost = self.lost(shop, tells, left, step);
            self.tell_hidden(shop, &lost, tells - self.now);
            told = Some(lost);
        }
        if !shop.chance(RECOVERY) {
            return false;
        }
        let back = left + shop.rng.random_range(60 * MINUTE..4 * 1_440 * MINUTE);
        if back + 10 * MINUTE > shop.end {
            return false;
        }
        let lost = match told {
            Some(lost) => lost,
            None => {
                let lost = self.lost(shop, back, left, step);
                let event = (0, lost.id, "stream_intent_abandoned", lost.words.clone());
                self.tag(shop, back, "cart", vec![event]);
                shop.truth.abandonment.told += 1;
                lost
            }
        };
        let truth = &mut shop.truth.abandonment;
        truth.recovered += 1;
        *truth
            .recovered_value
            .entry(currency.to_owned())
            .or_default() += worth;
        let at = back + shop.rng.random_range(MINUTE..9 * MINUTE);
        let lines = self.lines(shop);
        self.order(shop, at, lines, Some(lost.id));
        true
    }

    /// The words of what is lost.
    fn lost(&self, shop: &mut Shop, at: i64, left: i64, step: Option<&str>) -> Lost {
        let id = Id::new(&mut shop.rng, at + self.viewer.ahead);
        let mut words = self.risk(&shop.world);
        _ = write!(
            words,
            r#","left_at":"{}""#,
            Clock::default().text(left + self.viewer.ahead)
        );
        if let Some(step) = step {
            _ = write!(words, r#","checkout_step":"{step}""#);
        }
        if let Some(last) = self.seen.intents.last() {
            _ = write!(words, r#","cause":"{}""#, last.event.text());
        }
        Lost { id, words }
    }

    /// Where the last intent was, all products, and what they are worth.
    fn risk(&self, world: &World) -> String {
        let Some(last) = self.seen.intents.last() else {
            return String::new();
        };
        let mut out = place(world, last, ",");
        out.push_str(r#","items":["#);
        for (index, intent) in self.seen.intents.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            item(&mut out, world, intent.product, self.viewer.market, false);
        }
        let currency = MARKETS[self.viewer.market].currency;
        _ = write!(
            out,
            r#"],"value":{},"currency":"{currency}""#,
            self.worth(world)
        );
        out
    }

    /// The hidden page tells it, and is closed.
    fn tell_hidden(&self, shop: &mut Shop, lost: &Lost, at: i64) {
        let event = |at, id, kind, more| Event {
            at,
            id,
            kind,
            media: None,
            about: About::Video,
            cause: None,
            more,
        };
        let closed = Id::new(&mut shop.rng, self.now + self.viewer.ahead + at);
        let media = (self.seen.left_media * 1_000.0).round() / 1_000.0;
        let video = shop.world.videos[self.video].id;
        let end = format!(
            r#","video_id":"{video}","media_time":{media}{}"#,
            self.seen.end
        );
        let events = [
            event(at, lost.id, "stream_intent_abandoned", lost.words.clone()),
            event(at + 1_000, closed, "view_end", end),
        ];
        let ids = (self.view, self.session);
        self.send(
            shop,
            ids,
            self.now,
            "looks",
            &events,
            self.seen.events.len(),
        );
        shop.truth.abandonment.told += 1;
    }

    fn send(
        &self,
        shop: &mut Shop,
        (view, session): (Id, Id),
        start: i64,
        page: &str,
        events: &[Event],
        seq: usize,
    ) {
        let shared = View {
            world: &shop.world,
            video: None,
            viewer: self.viewer.id,
            session,
            view,
            start: start + self.viewer.ahead,
            market: self.viewer.market,
            variant: 0,
        };
        let sender = Sender {
            device: device(self.viewer),
            campaign: if page == "looks" {
                self.viewer.campaign
            } else {
                0
            },
            page,
            ahead: self.viewer.ahead,
            late: 0,
            repeats: false,
            robot: false,
        };
        let both = (&mut shop.rng, &mut shop.truth);
        shop.lines.send(&shared, sender, events, seq, None, both);
    }

    /// A page with the order's tag, and what it tells.
    fn tag(
        &self,
        shop: &mut Shop,
        at: i64,
        page: &str,
        told: Vec<(i64, Id, &'static str, String)>,
    ) {
        let view = Id::new(&mut shop.rng, at + self.viewer.ahead);
        let session = if at < self.now + 60 * MINUTE {
            self.session
        } else {
            Id::new(&mut shop.rng, at + self.viewer.ahead)
        };
        let events: Vec<Event> = told
            .into_iter()
            .map(|(at, id, kind, more)| Event {
                at,
                id,
                kind,
                media: None,
                about: About::Video,
                cause: None,
                more,
            })
            .collect();
        self.send(shop, (view, session), at, page, &events, 0);
    }

    fn checkout(&self, shop: &mut Shop, from: i64, to: i64, reached: usize) {
        for (index, step) in STEPS.iter().enumerate().take(reached) {
            let at = from + (to - from) * (index as i64 + 1) / 4;
            let id = Id::new(&mut shop.rng, at + self.viewer.ahead);
            let more = format!(r#","data":{{"step":"{step}"}}"#);
            self.tag(shop, at, "checkout", vec![(12, id, "checkout_step", more)]);
        }
    }

    /// What was wanted, and sometimes something that was only clicked.
    fn lines(&self, shop: &mut Shop) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for intent in &self.seen.intents {
            if lines.iter().all(|line| line.product != intent.product) {
                lines.push(line("direct", *intent, &self.seen.clicks));
            }
        }
        let other = self
            .seen
            .clicks
            .iter()
            .find(|click| lines.iter().all(|line| line.product != click.product));
        if self.viewer.experiment.is_none()
            && let Some(other) = other
            && shop.chance(0.1)
        {
            lines.push(line("influenced", *other, &self.seen.clicks));
        }
        lines
    }

    fn order(&mut self, shop: &mut Shop, at: i64, lines: Vec<Line>, lost: Option<Id>) {
        if at + 2_000 > shop.end {
            return;
        }
        self.viewer.free_at = self.viewer.free_at.max(at + MINUTE);
        shop.orders += 1;
        let market = self.viewer.market;
        let currency = MARKETS[market].currency;
        let number = format!("V{:07}", shop.orders);
        let value: i64 = lines
            .iter()
            .map(|line| price(&shop.world, line.product, market))
            .sum();
        let code = CAMPAIGNS[self.viewer.campaign]
            .code
            .filter(|_| shop.chance(COUPON));
        let id = Id::new(&mut shop.rng, at + self.viewer.ahead);
        let mut more = format!(r#","order_id":"{number}","value":{value},"currency":"{currency}""#);
        if let Some(code) = code {
            _ = write!(more, r#","coupon":"{code}""#);
            *shop
                .truth
                .orders
                .coupons
                .entry(code.to_owned())
                .or_default() += 1;
        }
        more.push_str(r#","items":["#);
        for (index, line) in lines.iter().enumerate() {
            more.push_str(if index > 0 { "," } else { "" });
            write_line(&mut more, &shop.world, line, market);
            let truth = &mut shop.truth.orders;
            *truth.lines.entry(line.kind.to_owned()).or_default() += 1;
            let by_kind = truth.line_value.entry(line.kind.to_owned()).or_default();
            *by_kind.entry(currency.to_owned()).or_default() +=
                price(&shop.world, line.product, market);
        }
        more.push(']');
        if let Some(last) = lines.first().and_then(|line| line.last) {
            let (video, media) = (
                shop.world.videos[last.video].id,
                (last.media * 1e3).round() / 1e3,
            );
            _ = write!(
                more,
                r#","video_id":"{video}","media_time":{media},"cause":"{}""#,
                last.event.text()
            );
        }
        shop.truth.orders.orders += 1;
        *shop
            .truth
            .orders
            .value
            .entry(currency.to_owned())
            .or_default() += value;
        let mut told = vec![(35, id, "purchase", more)];
        if let Some(lost) = lost {
            let mut words = self.risk(&shop.world);
            _ = write!(words, r#","order_id":"{number}","cause":"{}""#, lost.text());
            let id = Id::new(&mut shop.rng, at + self.viewer.ahead);
            told.push((36, id, "intent_recovered", words));
        }
        self.tag(shop, at, "thanks", told);
    }
}
