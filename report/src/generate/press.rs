//! What a viewer does with a hotspot.

use super::text::{About, Id};
use super::visit::{Tape, Touch};
use rand::RngExt;

impl Tape<'_, '_> {
    fn touch(&self, product: usize, hotspot: usize, event: Id, at: i64, media: f64) -> Touch {
        let plan = self.plan;
        Touch {
            product,
            event,
            time: plan.start + at,
            view: plan.view,
            video: plan.video,
            hotspot,
            media,
            variant: plan.variant,
            campaign: plan.campaign,
        }
    }

    /// The true probabilities of a click, and of an intent after it.
    fn odds(&self, index: usize) -> (f64, f64) {
        let video = self.video();
        let hotspot = &video.hotspots[index];
        let intent = video.segments.iter().find(|one| hotspot.start < one.end);
        let intent = intent.map_or(0.0, |one| one.intent);
        match &video.experiment {
            _ if self.plan.robot => (0.9, 0.5),
            Some(_) if self.plan.seasoned => (0.0, 0.0),
            // Nothing but what differs leads to an intent, and that once for each viewer.
            Some(_) if index + 1 < video.hotspots.len() => (hotspot.click, 0.0),
            Some(one) => {
                let variant = &one.variants[self.plan.variant];
                (variant.click, variant.intent)
            }
            None => (hotspot.click, intent),
        }
    }

    /// A hotspot is shown, seen and pressed, as far as the video comes to it.
    pub(super) fn hotspot(&mut self, index: usize) {
        let video = self.video();
        let (start, end) = (video.hotspots[index].start, video.hotspots[index].end);
        let different = video.experiment.is_some() && index + 1 == video.hotspots.len();
        if different && let Some(at) = self.when(start) {
            self.tell(
                at,
                "experiment_exposure",
                start,
                About::Hotspot(index),
                None,
            );
            self.seen.experiment = true;
        }
        let (Some(from), Some(at)) = (self.when(start), self.when(start + 1.0)) else {
            return;
        };
        // Also while the video is paused it is on screen.
        let at = at.min(from + 1_000);
        let more = format!(r#","duration_ms":{}"#, 1_000 + self.between(0, 17));
        let exposure = self.tell_more(
            at,
            "hotspot_exposure",
            start + 1.0,
            About::Hotspot(index),
            None,
            more,
        );
        self.seen.hotspots[index].0 = true;
        for product in self.video().hotspots[index].products.clone() {
            let sight = self.touch(product, index, exposure, at, start + 1.0);
            self.seen.sights.push(sight);
        }
        let (click, intent) = self.odds(index);
        if !self.chance(click) {
            return;
        }
        let last = (start + 4.4).min(end);
        let media = start + 1.1 + (last - start - 1.1) * self.rng.random::<f64>();
        // Where the video was stopped meanwhile, the last picture is clicked.
        let (at, media) = match self.when(media) {
            Some(at) => (at, media),
            None => (at + 60, start + 1.0),
        };
        self.seen.hotspots[index].1 = true;
        self.click(index, at, media, exposure, intent);
    }

    fn click(&mut self, index: usize, at: i64, media: f64, exposure: Id, intent: f64) {
        let hotspot = &self.video().hotspots[index];
        let (products, x, y) = (hotspot.products.clone(), hotspot.x, hotspot.y);
        let [dx, dy] = [0, 1].map(|_| 4.0 * self.rng.random::<f64>() - 2.0);
        let more = format!(r#","x":{:.2},"y":{:.2}"#, x + dx, y + dy);
        let about = About::Hotspot(index);
        let click = self.tell_more(at, "hotspot_click", media, about, Some(exposure), more);
        for product in &products {
            let touch = self.touch(*product, index, click, at, media);
            self.seen.clicks.push(touch);
        }
        let (mut shown, mut cause, mut now) = (products[0], click, at + 2);
        if products.len() > 1 {
            self.tell(now, "view_item_list", media, about, Some(click));
        }
        let mut view = self.tell(
            now,
            "view_item",
            media,
            About::Product(index, shown),
            Some(click),
        );
        if products.len() > 1 && self.chance(0.4) {
            shown = products[1];
            now += self.between(600, 2_500);
            let second = self.shown(now);
            cause = self.tell(
                now,
                "select_item",
                second,
                About::Product(index, shown),
                Some(click),
            );
            view = self.tell(
                now,
                "view_item",
                second,
                About::Product(index, shown),
                Some(cause),
            );
        }
        now += self.between(700, 2_500);
        if self.chance(intent) {
            now = self.intent(index, shown, click, now);
        } else if self.chance(0.05) {
            let media = self.shown(now);
            let more = r#","target":"product_page""#.to_owned();
            self.tell_more(
                now,
                "select_item",
                media,
                About::Product(index, shown),
                Some(click),
                more,
            );
        }
        _ = cause;
        if self.cut.is_none() {
            now += self.between(500, 3_000);
            let reason = ["button", "button", "escape"][self.rng.random_range(0..3_usize)];
            let more = format!(r#","reason":"{reason}""#);
            let media = self.shown(now);
            self.tell_more(
                now,
                "card_close",
                media,
                About::Product(index, shown),
                Some(view),
                more,
            );
        }
    }

    /// The button is pressed, and the shop answers. Returns when.
    fn intent(&mut self, index: usize, product: usize, click: Id, at: i64) -> i64 {
        let buys_now = self.chance(0.15);
        let about = About::Product(index, product);
        let kind = if buys_now { "buy_now" } else { "add_to_cart" };
        let media = self.shown(at);
        let event = self.tell(at, kind, media, about, Some(click));
        let answered = at + self.between(80, 600);
        let refused = self.chance(0.03);
        let mut more = if refused {
            r#","outcome":"failed","failure":"sold_out","reason":"Sold out""#.to_owned()
        } else {
            r#","outcome":"confirmed""#.to_owned()
        };
        let href = r#","href":"https://shop.example/checkout""#;
        let leaves = buys_now && !refused;
        if leaves {
            more.push_str(href);
        }
        let media = self.shown(answered);
        let outcome = self.tell_more(answered, "cart_outcome", media, about, Some(event), more);
        if refused {
            return answered;
        }
        let touch = self.touch(product, index, event, at, media);
        self.seen.intents.push(touch);
        if leaves {
            self.tell_more(
                answered + 1,
                "begin_checkout",
                media,
                about,
                Some(outcome),
                href.to_owned(),
            );
            self.cut = Some(answered + 120);
        }
        answered
    }
}
