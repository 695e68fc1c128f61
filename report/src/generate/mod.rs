//! Shop traffic whose truth is known: segments as the collector writes them, and `truth.json` beside them. The same seed
//! makes the same bytes.

mod lines;
mod order_lines;
mod orders;
mod press;
mod shop;
pub(crate) mod text;
mod truth;
mod visit;
mod world;

pub use truth::{
    AbandonTruth, CurveTruth, ExperimentTruth, HotspotTruth, Money, OrderTruth, Truth,
    VariantTruth, VideoTruth,
};

use anyhow::{Result, ensure};
use lines::Segments;
use rand::RngExt;
use shop::Shop;
use std::path::PathBuf;
use vitrine_collector::time::DAY_MS;
use world::{GROWTH, HOURS, WEEK};

/// What is to be made up.
#[derive(Clone, Debug)]
pub struct Options {
    /// As a collector's directory, without segments.
    pub data: PathBuf,
    /// About so many events.
    pub events: u64,
    /// The same number makes the same traffic.
    pub seed: u64,
    /// The first day, in epoch milliseconds of its beginning, UTC.
    pub from: i64,
    /// Over so many days.
    pub days: u32,
}

impl Options {
    /// Eight weeks from Monday, 2 March 2026.
    pub fn new(data: impl Into<PathBuf>, events: u64, seed: u64) -> Self {
        Self {
            data: data.into(),
            events,
            seed,
            from: 1_772_409_600_000,
            days: 56,
        }
    }
}

/// A moment as events have it.
pub fn moment(ms: i64) -> String {
    text::Clock::default().text(ms)
}

/// Makes it up. `progress` hears now and then how many events there are.
pub fn generate(options: &Options, progress: &mut dyn FnMut(u64)) -> Result<Truth> {
    ensure!(options.days > 0, "--days is 0: at least one day is needed");
    let end = options.from + i64::from(options.days) * DAY_MS;
    let visits = options.events as f64 / events_per_visit(options);
    let mut segments = Segments::open(&options.data)?;
    let mut shop = Shop::new(options.seed, end);
    (shop.truth.seed, shop.truth.from, shop.truth.to) = (options.seed, options.from, end);
    let weights: Vec<f64> = (0..options.days).map(|day| weight(options, day)).collect();
    let whole: f64 = weights.iter().sum();
    let mut owed = 0.0;
    for (day, weight) in (0_i64..).zip(&weights) {
        owed += visits * weight / whole;
        let count = owed.floor().max(0.0);
        owed -= count;
        for time in times(&mut shop, options.from + day * DAY_MS, count as usize) {
            shop.write_until(time - 60_000, Some(&mut segments))?;
            if time < end - 10 * 60_000 {
                shop.visitor(time);
            }
        }
        progress(shop.truth.events);
    }
    shop.write_until(i64::MAX, Some(&mut segments))?;
    segments.finish()?;
    shop.truth.write(&options.data)?;
    shop.world.write_tables(&options.data)?;
    Ok(shop.truth)
}

/// Views that a day has beside the others.
fn weight(options: &Options, day: u32) -> f64 {
    // 1970-01-01 was a Thursday.
    let weekday = (options.from.div_euclid(DAY_MS) + i64::from(day) + 3).rem_euclid(7);
    let week = usize::try_from(weekday)
        .ok()
        .and_then(|weekday| WEEK.get(weekday));
    let grown = 1.0 + GROWTH * f64::from(day) / f64::from(options.days.max(2) - 1);
    week.copied().unwrap_or(1.0) * grown
}

/// When the visitors of a day come, in order.
fn times(shop: &mut Shop, day: i64, count: usize) -> Vec<i64> {
    let whole: f64 = HOURS.iter().sum();
    let mut found: Vec<i64> = (0..count)
        .map(|_| {
            let mut rest = shop.rng.random::<f64>() * whole;
            let mut hour = 0.0;
            for weight in HOURS {
                if rest < weight {
                    hour += rest / weight;
                    break;
                }
                rest -= weight;
                hour += 1.0;
            }
            day + (hour * 3_600_000.0) as i64
        })
        .collect();
    found.sort_unstable();
    found
}

/// How many events a visit has, of a few that are not kept.
fn events_per_visit(options: &Options) -> f64 {
    const TRIED: i64 = 3_000;
    let mut shop = Shop::new(options.seed ^ 0x5eed, options.from + DAY_MS * 30);
    for index in 0..TRIED {
        shop.visitor(options.from + index * 60_000);
        // Nothing is written: this cannot fail.
        _ = shop.write_until(0, None);
    }
    shop.truth.events as f64 / TRIED as f64
}
