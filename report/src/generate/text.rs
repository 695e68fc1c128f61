//! Ids, times and events as the overlay writes them.

use super::world::{Hotspot, Video, World};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;
use vitrine_collector::time::{DAY_MS, date};

/// A UUIDv7.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Id(u128);

impl Id {
    /// Made at a time.
    pub fn new(rng: &mut ChaCha8Rng, time: i64) -> Self {
        let random = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
        let (a, b) = (random >> 100 & 0xfff, random & ((1 << 62) - 1));
        Self((time.max(0) as u128) << 80 | 7 << 76 | a << 64 | 2 << 62 | b)
    }

    /// Appends it.
    pub fn write(self, out: &mut String) {
        for (place, byte) in self.0.to_be_bytes().into_iter().enumerate() {
            if matches!(place, 4 | 6 | 8 | 10) {
                out.push('-');
            }
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
    }

    /// As text.
    pub fn text(self) -> String {
        let mut out = String::with_capacity(36);
        self.write(&mut out);
        out
    }
}

/// Writes times; a day's name is made once.
#[derive(Default)]
pub struct Clock {
    day: Option<i64>,
    name: String,
}

impl Clock {
    /// Appends `2026-05-04T09:30:05.012Z`.
    pub fn write(&mut self, out: &mut String, time: i64) {
        let day = time.div_euclid(DAY_MS);
        if self.day != Some(day) {
            self.day = Some(day);
            self.name = date(time);
        }
        let of_day = time.rem_euclid(DAY_MS);
        out.push_str(&self.name);
        // Writing to a String cannot fail.
        _ = write!(
            out,
            "T{:02}:{:02}:{:02}.{:03}Z",
            of_day / 3_600_000,
            of_day / 60_000 % 60,
            of_day / 1_000 % 60,
            of_day % 1_000
        );
    }

    /// As text.
    pub fn text(&mut self, time: i64) -> String {
        let mut out = String::with_capacity(24);
        self.write(&mut out, time);
        out
    }
}

/// What an event is about.
#[derive(Clone, Copy)]
pub enum About {
    /// The video, or nothing.
    Video,
    /// A hotspot and all of its products.
    Hotspot(usize),
    /// The product that a hotspot's card shows.
    Product(usize, usize),
}

/// An event before it has its number.
pub struct Event {
    /// Milliseconds since the view began.
    pub at: i64,
    pub id: Id,
    pub kind: &'static str,
    pub media: Option<f64>,
    pub about: About,
    pub cause: Option<Id>,
    /// More fields, each after a comma.
    pub more: String,
}

/// What the events of a view share.
pub struct View<'a> {
    pub world: &'a World,
    pub video: Option<&'a Video>,
    pub viewer: Id,
    pub session: Id,
    pub view: Id,
    /// When it began, by the browser's clock.
    pub start: i64,
    /// The market, by its place.
    pub market: usize,
    /// Which of the experiment's.
    pub variant: usize,
}

/// A price in a market's minor units.
pub fn price(world: &World, product: usize, market: usize) -> i64 {
    let factor = super::world::MARKETS[market].factor;
    (world.products[product].price as f64 * factor).round() as i64
}

/// Appends a product, as `items` has it.
pub fn item(out: &mut String, world: &World, product: usize, market: usize, currency: bool) {
    let goods = &world.products[product];
    _ = write!(
        out,
        r#"{{"item_id":"{}","item_name":"{}","item_brand":"{}","platform_id":"{}","price":{}"#,
        goods.id,
        goods.name,
        goods.brand,
        goods.platform_id,
        price(world, product, market)
    );
    if currency {
        _ = write!(
            out,
            r#","currency":"{}""#,
            super::world::MARKETS[market].currency
        );
    }
    out.push_str(r#","quantity":1}"#);
}

impl View<'_> {
    fn items(&self, out: &mut String, products: &[usize]) {
        out.push_str(r#","items":["#);
        for (index, product) in products.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item(out, self.world, *product, self.market, true);
        }
        out.push(']');
    }

    fn about(&self, out: &mut String, hotspot: &Hotspot, product: Option<usize>) {
        _ = write!(out, r#","hotspot_id":"{}""#, hotspot.id);
        let Some(product) = product else {
            return self.items(out, &hotspot.products);
        };
        self.items(out, &[product]);
        let currency = super::world::MARKETS[self.market].currency;
        let price = price(self.world, product, self.market);
        _ = write!(out, r#","value":{price},"currency":"{currency}""#);
    }

    /// Appends an event, with its number.
    pub fn write(&self, out: &mut String, clock: &mut Clock, event: &Event, seq: usize) {
        out.push_str(r#"{"id":""#);
        event.id.write(out);
        _ = write!(out, r#"","seq":{seq},"type":"{}","time":""#, event.kind);
        clock.write(out, self.start + event.at);
        _ = write!(out, r#"","elapsed_ms":{},"viewer_id":""#, event.at);
        self.viewer.write(out);
        out.push_str(r#"","session_id":""#);
        self.session.write(out);
        out.push_str(r#"","view_id":""#);
        self.view.write(out);
        out.push('"');
        if let (Some(video), Some(media)) = (self.video, event.media) {
            let media = (media * 1_000.0).round() / 1_000.0;
            _ = write!(out, r#","video_id":"{}","media_time":{media}"#, video.id);
            match event.about {
                About::Video => {}
                About::Hotspot(hotspot) => self.about(out, &video.hotspots[hotspot], None),
                About::Product(hotspot, product) => {
                    self.about(out, &video.hotspots[hotspot], Some(product));
                }
            }
            self.place(out, video, media);
        }
        if let Some(cause) = event.cause {
            out.push_str(r#","cause":""#);
            cause.write(out);
            out.push('"');
        }
        out.push_str(&event.more);
        out.push('}');
    }

    fn place(&self, out: &mut String, video: &Video, media: f64) {
        let on = |at: f64| {
            video
                .segments
                .iter()
                .find(|one| one.start <= at && at < one.end)
        };
        if let Some(segment) = on(media) {
            _ = write!(out, r#","segment_id":"{}""#, segment.id);
        }
        if let Some(experiment) = &video.experiment {
            let variant = experiment.variants[self.variant].id;
            _ = write!(
                out,
                r#","experiment":{{"id":"{}","variant":"{variant}"}}"#,
                experiment.id
            );
        }
    }
}

/// One of several, by their weights.
pub fn pick(rng: &mut ChaCha8Rng, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let mut rest = rng.random::<f64>() * weights.clone().sum::<f64>();
    let mut last = 0;
    for (index, weight) in weights.enumerate() {
        rest -= weight;
        last = index;
        if rest < 0.0 {
            break;
        }
    }
    last
}
