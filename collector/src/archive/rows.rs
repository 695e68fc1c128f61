//! From accepted batches to rows, by day, each event once.

use super::columns::{Cell, Rows, Table};
use super::erased::Erased;
use super::line::{Line, device};
use super::object::Object;
use super::time::day_of;
use crate::time::parse;
use anyhow::Result;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};

/// The rows of a day.
pub struct Day {
    /// Of its events.
    pub events: Rows,
    /// Of their products.
    pub items: Rows,
}

/// Rows that are gathered from segments, until they are written.
#[derive(Default)]
pub struct Gathered {
    /// By days since 1970.
    pub days: BTreeMap<i64, Day>,
    ids: HashSet<Box<str>>,
    /// Events that came again.
    pub repeated: u64,
    /// Events of persons who were erased.
    pub erased: u64,
    /// Events that have no id.
    pub unusable: u64,
}

/// What the events of a batch share.
struct Shared<'a> {
    page_url: Option<String>,
    referrer: Option<String>,
    locale: Option<String>,
    campaign: [Option<String>; 5],
    device: Option<&'a str>,
}

impl Shared<'_> {
    fn of(line: &Line) -> Self {
        let mut context = line.context();
        let viewport = context.list("viewport").and_then(|sides| {
            let side = |index: usize| sides.get(index)?.get().parse().ok();
            Some((side(0)?, side(1)?))
        });
        let mut campaign = context.object("campaign").unwrap_or_default();
        let mut owned = |name| context.text(name).map(String::from);
        let parts = ["source", "medium", "name", "content", "term"];
        Self {
            page_url: owned("page_url"),
            referrer: owned("referrer").filter(|text| !text.is_empty()),
            locale: owned("locale"),
            campaign: parts.map(|part| campaign.text(part).map(String::from)),
            device: device(line.bot, line.user_agent.as_deref(), viewport),
        }
    }
}

impl Gathered {
    /// Adds the events of a batch. Says how many of them are of erased persons.
    pub fn add(&mut self, line: &Line, erased: &Erased) -> Result<u64> {
        let shared = Shared::of(line);
        let mut of_erased = 0;
        for (index, event) in line.events.iter().enumerate() {
            let mut event = Object::read(event.get()).unwrap_or_default();
            let Some(id) = event.text("id").filter(|id| !id.is_empty()) else {
                self.unusable += 1;
                continue;
            };
            let viewer = event.text("viewer_id");
            let sent_time = event.text("time");
            let event_time = sent_time.as_deref().and_then(parse);
            let time = event_time.map_or(line.received_at, |time| line.corrected(time));
            if erased.covers(viewer.as_deref(), time, line.received_at) {
                of_erased += 1;
            } else if self.ids.insert(format!("{}\0{id}", line.site).into()) {
                let unknown = line.is_marked(index, "unknown_type");
                let row = Row {
                    id: &id,
                    viewer: viewer.as_deref(),
                    event_time,
                    time,
                    unknown,
                    ..Row::default()
                };
                self.push(line, &shared, event, &row)?;
            } else {
                self.repeated += 1;
            }
        }
        self.erased += of_erased;
        Ok(of_erased)
    }

    fn push(&mut self, line: &Line, shared: &Shared, mut event: Object, row: &Row) -> Result<()> {
        let day = self.days.entry(day_of(row.time)).or_insert_with(|| Day {
            events: Rows::of(Table::Events),
            items: Rows::of(Table::Items),
        });
        let kind = event.text("type").unwrap_or_default();
        let [session, view, video, hotspot, segment, cause, currency] = [
            "session_id",
            "view_id",
            "video_id",
            "hotspot_id",
            "segment_id",
            "cause",
            "currency",
        ]
        .map(|name| event.text(name));
        let [order, coupon, outcome, reason, target] =
            ["order_id", "coupon", "outcome", "reason", "target"].map(|name| event.text(name));
        let [seq, elapsed, value, percent, duration] =
            ["seq", "elapsed_ms", "value", "percent", "duration_ms"].map(|name| event.int(name));
        let [media_time, x, y] = ["media_time", "x", "y"].map(|name| event.real(name));
        let [watched, exposures] = ["watched", "exposures"].map(|name| event.raw(name));
        let mut experiment = event.object("experiment").unwrap_or_default();
        let (experiment, variant) = (experiment.text("id"), experiment.text("variant"));
        let row = Row {
            kind: &kind,
            view: view.as_deref(),
            video: video.as_deref(),
            hotspot: hotspot.as_deref(),
            currency: currency.as_deref(),
            ..*row
        };
        let [source, medium, name, content, term] =
            shared.campaign.each_ref().map(Option::as_deref);
        let of_event = [
            Cell::Real(media_time),
            Cell::Text(segment.as_deref()),
            Cell::Text(experiment.as_deref()),
            Cell::Text(variant.as_deref()),
            Cell::Text(source),
            Cell::Text(name),
            Cell::Text(shared.device),
            Cell::Flag(line.bot),
            Cell::Flag(row.unknown),
        ];
        let items = event.list("items").unwrap_or_default();
        push_items(&mut day.items, &line.site, &items, &row, &of_event)?;
        day.events.push(&[
            Cell::Text(Some(row.id)),
            Cell::Int(seq),
            Cell::Text(Some(row.kind)),
            Cell::Int(Some(row.time)),
            Cell::Int(row.event_time),
            Cell::Int(Some(line.received_at)),
            Cell::Int(line.skew()),
            Cell::Int(elapsed),
            Cell::Text(Some(&line.site)),
            Cell::Text(row.viewer),
            Cell::Text(session.as_deref()),
            Cell::Text(row.view),
            Cell::Text(row.video),
            Cell::Real(media_time),
            Cell::Text(row.hotspot),
            Cell::Text(segment.as_deref()),
            Cell::Text(experiment.as_deref()),
            Cell::Text(variant.as_deref()),
            Cell::Text(cause.as_deref()),
            Cell::Int(value),
            Cell::Text(row.currency),
            Cell::Text(order.as_deref()),
            Cell::Text(coupon.as_deref()),
            Cell::Text(outcome.as_deref()),
            Cell::Text(reason.as_deref()),
            Cell::Text(target.as_deref()),
            Cell::Int(percent),
            Cell::Int(duration),
            Cell::Text(shared.page_url.as_deref()),
            Cell::Text(shared.referrer.as_deref()),
            Cell::Text(shared.locale.as_deref()),
            Cell::Text(source),
            Cell::Text(medium),
            Cell::Text(name),
            Cell::Text(content),
            Cell::Text(term),
            Cell::Text(shared.device),
            Cell::Text(None),
            Cell::Flag(line.bot),
            Cell::Flag(row.unknown),
            Cell::Real(x),
            Cell::Real(y),
            Cell::Text(watched),
            Cell::Text(exposures),
            Cell::Text(event.rest().as_deref()),
        ])
    }
}

/// What the rows of an event and of its items share.
#[derive(Clone, Copy, Default)]
struct Row<'a> {
    id: &'a str,
    kind: &'a str,
    viewer: Option<&'a str>,
    view: Option<&'a str>,
    video: Option<&'a str>,
    hotspot: Option<&'a str>,
    currency: Option<&'a str>,
    event_time: Option<i64>,
    time: i64,
    unknown: bool,
}

/// A row for each product of an event.
fn push_items(
    rows: &mut Rows,
    site: &str,
    items: &[&RawValue],
    row: &Row,
    of_event: &[Cell],
) -> Result<()> {
    for (index, item) in items.iter().enumerate() {
        let mut item = Object::read(item.get()).unwrap_or_default();
        let names = [
            "item_id",
            "item_name",
            "item_brand",
            "item_variant",
            "platform_id",
        ];
        let [id, name, brand, variant, platform] = names.map(|name| item.text(name));
        let [price, quantity] = ["price", "quantity"].map(|name| item.int(name));
        let currency = item.text("currency");
        let of_item = [
            Cell::Text(Some(row.id)),
            Cell::Text(Some(row.kind)),
            Cell::Int(Some(row.time)),
            Cell::Text(Some(site)),
            Cell::Text(row.view),
            Cell::Text(row.viewer),
            Cell::Text(row.video),
            Cell::Text(row.hotspot),
            Cell::Int(i64::try_from(index).ok()),
            Cell::Text(id.as_deref()),
            Cell::Text(name.as_deref()),
            Cell::Text(brand.as_deref()),
            Cell::Text(variant.as_deref()),
            Cell::Text(platform.as_deref()),
            Cell::Int(price),
            Cell::Int(quantity),
            Cell::Text(currency.as_deref().or(row.currency)),
        ];
        rows.push(&[&of_item, of_event].concat())?;
    }
    Ok(())
}
