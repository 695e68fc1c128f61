//! The lines of orders, and what they are attributed to.

use super::text::{Clock, Id, price};
use super::visit::Touch;
use super::world::{CAMPAIGNS, World};
use std::fmt::Write as _;

/// A line of an order, and the touch that counts most for it.
pub struct Line {
    pub product: usize,
    pub kind: &'static str,
    pub last: Option<Touch>,
    pub first: Option<Touch>,
    pub chain: Vec<Id>,
}

/// A line, with the clicks on its product.
pub fn line(kind: &'static str, last: Touch, clicks: &[Touch]) -> Line {
    let own: Vec<&Touch> = clicks
        .iter()
        .filter(|click| click.product == last.product)
        .collect();
    let mut chain: Vec<Id> = own.iter().map(|click| click.event).collect();
    if !chain.contains(&last.event) {
        chain.push(last.event);
    }
    let first = own.first().map_or(last, |first| **first);
    Line {
        product: last.product,
        kind,
        last: Some(last),
        first: Some(first),
        chain,
    }
}

/// Where a touch was, each field after `before`, but the first only where that is no blank.
pub fn place(world: &World, touch: &Touch, before: &str) -> String {
    let video = &world.videos[touch.video];
    let media = (touch.media * 1_000.0).round() / 1_000.0;
    let hotspot = &video.hotspots[touch.hotspot].id;
    let mut out = format!(
        r#"{before}"video_id":"{}","hotspot_id":"{hotspot}","media_time":{media}"#,
        video.id
    );
    let segment = video
        .segments
        .iter()
        .find(|one| one.start <= touch.media && touch.media < one.end);
    if let Some(segment) = segment {
        _ = write!(out, r#","segment_id":"{}""#, segment.id);
    }
    if let Some(one) = &video.experiment {
        let variant = one.variants[touch.variant].id;
        _ = write!(
            out,
            r#","experiment":{{"id":"{}","variant":"{variant}"}}"#,
            one.id
        );
    }
    if touch.campaign > 0 {
        _ = write!(out, r#","campaign":{}"#, CAMPAIGNS[touch.campaign].json);
    }
    out
}

fn write_touch(out: &mut String, world: &World, touch: &Touch) {
    let time = Clock::default().text(touch.time);
    _ = write!(
        out,
        r#"{{"event_id":"{}","time":"{time}","view_id":"{}"{}}}"#,
        touch.event.text(),
        touch.view.text(),
        place(world, touch, ",")
    );
}

/// Appends a line, as the order's tag writes it.
pub fn write_line(out: &mut String, world: &World, line: &Line, market: usize) {
    let goods = &world.products[line.product];
    let price = price(world, line.product, market);
    _ = write!(
        out,
        r#"{{"item_id":"{}","quantity":1,"price":{price}"#,
        goods.id
    );
    if let (Some(last), Some(first)) = (&line.last, &line.first) {
        _ = write!(out, r#","attribution":{{"type":"{}","last":"#, line.kind);
        write_touch(out, world, last);
        out.push_str(r#","first":"#);
        write_touch(out, world, first);
        let chain: Vec<String> = line
            .chain
            .iter()
            .map(|id| format!("\"{}\"", id.text()))
            .collect();
        _ = write!(out, r#","chain":[{}]}}"#, chain.join(","));
    }
    out.push('}');
}
