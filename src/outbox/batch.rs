//! Which events go together in one body.

use super::Event;

/// What a batch may hold. Bytes are those of the whole body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub events: usize,
    pub bytes: usize,
    /// For an event that is over `bytes` even alone.
    pub alone: usize,
    /// The body without its events.
    pub envelope: usize,
}

/// The events of the next body, in the queue's order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub ids: Vec<u128>,
    /// Of the whole body.
    pub bytes: usize,
    /// When the first of them was pushed, in milliseconds.
    pub since: f64,
    /// Whether waiting for more events would not make it larger.
    pub full: bool,
}

/// Picks the oldest waiting events that fit. An event that fits nowhere is passed over; one that
/// the collector has refused alone goes alone, after all others, so that it holds up none of them.
pub(super) fn pick(events: &[Event], limits: Limits) -> Batch {
    let mut batch = Batch::default();
    for event in events {
        if event.request.is_some() || event.refused {
            continue;
        }
        if !add(&mut batch, event, limits) && !batch.ids.is_empty() {
            batch.full = true;
        }
        if batch.full {
            break;
        }
    }
    if batch.ids.is_empty() {
        let refused = |event: &&Event| event.request.is_none() && event.refused;
        for event in events.iter().filter(refused) {
            if add(&mut batch, event, limits) {
                batch.full = true;
                break;
            }
        }
    }
    batch
}

/// Adds an event unless it would overrun the limits.
fn add(batch: &mut Batch, event: &Event, limits: Limits) -> bool {
    let first = batch.ids.is_empty();
    let before = if first {
        limits.envelope
    } else {
        batch.bytes + 1
    };
    let bytes = before + event.json.len();
    let over = bytes > limits.bytes;
    if over && (!first || bytes > limits.alone) {
        return false;
    }
    if first {
        batch.since = event.since;
    }
    batch.ids.push(event.id);
    batch.bytes = bytes;
    batch.full = over || batch.ids.len() >= limits.events;
    true
}
