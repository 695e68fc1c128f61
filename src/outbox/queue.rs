//! Where events are kept until they have arrived, and which of them go together.

use super::Number;
use std::cell::Cell;

/// The number of no request.
pub(super) const NONE: u32 = 0;

/// In place of a request: a beacon had it, which may have been lost. It waits, but for no other
/// beacon before the next time that the page is left.
pub(super) const UNSURE: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Event {
    /// The event's own, which no retry changes. The host has its text.
    number: Number,
    /// Of its text.
    bytes: usize,
    /// When it was pushed, in milliseconds.
    since: f64,
    /// The request that carries it now, or [`NONE`] or [`UNSURE`]: it waits.
    request: Cell<u32>,
}

/// What a body may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub events: usize,
    /// Events may be among them that a beacon had.
    pub unsure: bool,
    /// Of the whole body.
    pub bytes: usize,
    /// The same for an event that is over `bytes` even alone.
    pub alone: usize,
}

/// The events of the next body.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub events: usize,
    /// Of the whole body.
    pub bytes: usize,
    /// When the first of them was pushed, in milliseconds.
    pub since: f64,
    /// Whether waiting for more events would not make it larger.
    pub full: bool,
}

/// The events that have not arrived, oldest first. They last as long as the page.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    events: Vec<Event>,
    /// Of all texts together.
    bytes: usize,
}

impl Queue {
    pub fn push(&mut self, number: Number, bytes: usize, since: f64) {
        self.bytes += bytes;
        let request = Cell::new(NONE);
        self.events.push(Event {
            number,
            bytes,
            since,
            request,
        });
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Picks the oldest waiting events that fit into a body of `envelope` bytes besides them, and
    /// puts them on a `request` unless that is [`NONE`]. An event that fits nowhere is passed over.
    pub fn pick(&self, envelope: usize, limits: Limits, request: u32) -> Batch {
        let mut batch = Batch {
            bytes: envelope,
            ..Batch::default()
        };
        for event in &self.events {
            let carrier = event.request.get();
            if carrier != NONE && !(limits.unsure && carrier == UNSURE) {
                continue;
            }
            let mut bytes = batch.bytes + event.bytes;
            if batch.events == 0 {
                if bytes > limits.alone {
                    continue;
                }
                batch.since = event.since;
            } else {
                bytes += 1;
                if bytes > limits.bytes {
                    batch.full = true;
                    break;
                }
            }
            if request != NONE {
                event.request.set(request);
            }
            batch.bytes = bytes;
            batch.events += 1;
            batch.full = bytes > limits.bytes || batch.events >= limits.events;
            if batch.full {
                break;
            }
        }
        batch
    }

    /// The events of a request.
    pub fn events(&self, request: u32) -> impl Iterator<Item = Number> {
        let carried = self.events.iter();
        let carried = carried.filter(move |event| event.request.get() == request);
        carried.map(|event| event.number)
    }

    /// The oldest event.
    pub fn oldest(&self) -> Option<Number> {
        self.events.first().map(|event| event.number)
    }

    /// All events wait for a beacon again.
    pub fn begin_leaving(&self) {
        for event in &self.events {
            if event.request.get() == UNSURE {
                event.request.set(NONE);
            }
        }
    }

    /// Forgets the events of a request that were `accepted`, lets others wait again as `then` says;
    /// then forgets the oldest waiting ones until no more than `kept` bytes are left, and says how
    /// many those were.
    pub fn settle(&mut self, request: u32, accepted: bool, then: u32, kept: usize) -> u32 {
        // `Vec::retain` would take twice the bytes.
        let (mut place, mut dropped) = (0, 0);
        for index in 0..self.events.len() {
            let Some(event) = self.events.get(index).cloned() else {
                break;
            };
            let carrier = event.request.get();
            let gone = if matches!(carrier, NONE | UNSURE) {
                let over = self.bytes > kept;
                dropped += u32::from(over);
                over
            } else {
                let mine = carrier == request;
                if mine {
                    event.request.set(then);
                }
                mine && accepted
            };
            if gone {
                self.bytes -= event.bytes;
                continue;
            }
            if let Some(slot) = self.events.get_mut(place) {
                *slot = event;
            }
            place += 1;
        }
        self.events.truncate(place);
        dropped
    }
}
