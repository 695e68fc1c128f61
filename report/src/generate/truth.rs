//! What is true of the shop that was made up, and what was counted while it was.

use super::world::{self, World};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Amounts by currency, in minor units; they are never added up.
pub type Money = BTreeMap<String, i64>;

/// A hotspot.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct HotspotTruth {
    pub video: String,
    pub hotspot: String,
    pub products: Vec<String>,
    pub start: f64,
    pub end: f64,
    /// The probability of a click in a view that was exposed; nothing in experiments, where it depends on the variant and on earlier views.
    pub hctr: Option<f64>,
    pub exposed_views: u64,
    pub clicked_views: u64,
}

/// HCTR over the time of a video.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CurveTruth {
    pub video: String,
    /// The second at which a bucket of five seconds begins, and its HCTR.
    pub buckets: Vec<(f64, f64)>,
    pub peak_bucket: f64,
    pub peak_hctr: f64,
    /// From here on all buckets stay under half of the peak.
    pub optimum_length: f64,
}

/// A variant: its true rates by viewer from the first exposure on, and what was counted of those with one variant only.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct VariantTruth {
    pub variant: String,
    pub click_rate: f64,
    pub intent_rate: f64,
    /// But for what the end cuts off.
    pub order_rate: f64,
    pub viewers: u64,
    pub clicked: u64,
    pub intended: u64,
    pub ordered: u64,
}

/// An experiment.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ExperimentTruth {
    pub experiment: String,
    pub video: String,
    pub is_different: bool,
    pub variants: Vec<VariantTruth>,
    /// Viewers who saw both variants; they are in none of the groups.
    pub crossovers: u64,
}

/// Viewers with an intent, as of the end.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AbandonTruth {
    /// How likely an intent is followed by no order within 30 minutes.
    pub abandonment_rate: f64,
    /// How likely an abandoned one is ordered later, if time is left for it.
    pub recovery_rate: f64,
    /// Visits with an intent that the shop did not refuse. Nobody whose intent was abandoned comes again but to recover it.
    pub episodes: u64,
    pub bought: u64,
    pub abandoned: u64,
    pub pending: u64,
    pub recovered: u64,
    /// Of those that were abandoned, recovered ones included.
    pub value_at_risk: Money,
    pub recovered_value: Money,
    pub by_video: BTreeMap<String, u64>,
    /// How far the checkout got; `none` where it was not begun.
    pub by_step: BTreeMap<String, u64>,
    /// How many were told by the browser.
    pub told: u64,
}

/// All orders.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OrderTruth {
    pub orders: u64,
    pub value: Money,
    /// Lines and their value by `direct`, `influenced`, `assisted` and `none`.
    pub lines: BTreeMap<String, u64>,
    pub line_value: BTreeMap<String, Money>,
    pub coupons: BTreeMap<String, u64>,
}

/// A video's views.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct VideoTruth {
    pub views: u64,
    pub plays: u64,
    pub completed: u64,
    pub interactive: u64,
    pub watched_ms: i64,
}

/// The whole truth, without machines unless said.
#[allow(missing_docs)] // Named as the figures are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Truth {
    pub seed: u64,
    /// From and to when, epoch milliseconds.
    pub from: i64,
    pub to: i64,
    /// All different events, those of machines too.
    pub events: u64,
    /// Of them sent by machines.
    pub bot_events: u64,
    pub bot_views: u64,
    /// Events that are in the segments once more.
    pub repeated_events: u64,
    /// Events that never came, as gaps of `seq`.
    pub missing_events: u64,
    /// Events that came an hour or more after they happened.
    pub late_events: u64,
    /// Views of browsers whose clock is wrong.
    pub skewed_views: u64,
    /// By type.
    pub by_type: BTreeMap<String, u64>,
    pub views: u64,
    /// With an impression.
    pub viewers: u64,
    /// With impressions in two views or more.
    pub returning_viewers: u64,
    pub videos: BTreeMap<String, VideoTruth>,
    pub hotspots: Vec<HotspotTruth>,
    pub curves: Vec<CurveTruth>,
    /// How likely a click is followed by an intent, by the segment's host; without experiments.
    pub intent_rate_by_host: BTreeMap<String, f64>,
    pub abandonment: AbandonTruth,
    pub experiments: Vec<ExperimentTruth>,
    pub orders: OrderTruth,
    pub views_by_device: BTreeMap<String, u64>,
    pub views_by_campaign: BTreeMap<String, u64>,
    /// By kind of poll: how often each score was given.
    pub polls: BTreeMap<String, BTreeMap<u64, u64>>,
    pub leads: u64,
    /// Views of each weekday beside the others, from Monday, and how much the last day has more than the first.
    pub week: Vec<f64>,
    pub growth: f64,
    /// Clicks of each product by UTC day, of the corrected time.
    pub clicks_by_product_day: BTreeMap<String, BTreeMap<String, u64>>,
}

fn curve(video: &world::Video) -> CurveTruth {
    let buckets: Vec<(f64, f64)> = video
        .hotspots
        .iter()
        .map(|one| ((one.start / 5.0).floor() * 5.0, one.click))
        .collect();
    let best = buckets.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let (peak_bucket, peak_hctr) = best.copied().unwrap_or_default();
    let last_high = buckets.iter().rfind(|one| one.1 >= peak_hctr / 2.0);
    CurveTruth {
        video: video.id.to_owned(),
        peak_bucket,
        peak_hctr,
        optimum_length: last_high.map_or(0.0, |one| one.0 + 5.0),
        buckets,
    }
}

fn experiment(video: &world::Video, one: &world::Experiment, order: f64) -> ExperimentTruth {
    let [a, b] = &one.variants;
    let variant = |variant: &world::Variant| VariantTruth {
        variant: variant.id.to_owned(),
        click_rate: variant.click,
        intent_rate: variant.click * variant.intent,
        // The shop refuses some.
        order_rate: variant.click * variant.intent * 0.97 * order,
        ..VariantTruth::default()
    };
    ExperimentTruth {
        experiment: one.id.to_owned(),
        video: video.id.to_owned(),
        is_different: a.click != b.click,
        variants: vec![variant(a), variant(b)],
        crossovers: 0,
    }
}

impl Truth {
    /// What is true before anything is counted. `order`: how likely an intent is bought within the window.
    pub fn of(world: &World, order: f64, recovery: f64) -> Self {
        let mut truth = Self {
            week: world::WEEK.to_vec(),
            growth: world::GROWTH,
            ..Self::default()
        };
        truth.abandonment.abandonment_rate = 1.0 - order;
        truth.abandonment.recovery_rate = recovery;
        for video in &world.videos {
            truth
                .videos
                .insert(video.id.to_owned(), VideoTruth::default());
            for hotspot in &video.hotspots {
                truth.hotspots.push(HotspotTruth {
                    video: video.id.to_owned(),
                    hotspot: hotspot.id.clone(),
                    products: hotspot
                        .products
                        .iter()
                        .map(|one| world.products[*one].id.clone())
                        .collect(),
                    start: hotspot.start,
                    end: hotspot.end,
                    hctr: video.experiment.is_none().then_some(hotspot.click),
                    ..HotspotTruth::default()
                });
            }
            if video.has_curve {
                truth.curves.push(curve(video));
            }
            for segment in &video.segments {
                truth
                    .intent_rate_by_host
                    .insert(segment.host.to_owned(), segment.intent);
            }
            if let Some(one) = &video.experiment {
                truth
                    .experiments
                    .push(experiment(video, one, order + (1.0 - order) * recovery));
            }
        }
        truth
    }

    /// Writes it beside the segments.
    pub fn write(&self, data: &Path) -> Result<()> {
        let path = data.join("truth.json");
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}
