//! What the host reports, as inputs.

use super::{App, fail};
use crate::cart::Answer;
use crate::config::Node;
use crate::geometry::{Fit, Position, Rect};
use crate::session::{Act, Effect, Input, Layout, MediaFlags, MediaKind, check_order};
use wasm_bindgen::JsValue;

impl App {
    /// The one callback of all listeners, observers, timers, requests and calls of the page;
    /// `www/host.js` has the numbers.
    pub(super) fn dispatched(&self, what: u32, a: f64, b: f64, data: &JsValue) {
        let input = match what {
            0 => Input::Frame { media_time: a, current_time: b },
            1 => media(a, b as u32, data),
            2 => Input::Layout(layout(data)),
            3 => Input::InView { hotspot: a as usize, in_view: b != 0.0 },
            4 => Input::PageVisible(a != 0.0),
            5 => Input::Act(act(a as u32, b as usize)),
            6 => Input::Escape,
            7 => Input::Leave,
            8 => Input::Start { playing: self.host.playing() },
            9 => return self.sent(a as u32, b as u32),
            10 => Input::Answered { request: a as u32, answer: answer(data), note: b as u32 },
            11 => {
                self.state.borrow_mut().due = None;
                Input::Wake
            }
            12 => {
                self.state.borrow_mut().destroyed = true;
                Input::Leave
            }
            13 => {
                self.state.borrow_mut().session.push(Effect::Flush);
                return self.work();
            }
            14 => {
                let kind = Node::text(data).unwrap_or_default();
                let known = |b: u8| b == b'_' || b.is_ascii_lowercase() || b.is_ascii_digit();
                if kind.is_empty() || kind.len() > 64 || !kind.bytes().all(known) {
                    return fail(&self.host, "track: use a type of 1 to 64 of a-z, 0-9 and _, such as checkout_step.");
                }
                Input::Track { note: a as u32 }
            }
            15 => {
                let order = data.item(0).unwrap_or_default();
                if let Err(message) = check_order(&order) {
                    return fail(&self.host, message);
                }
                // The rest are the products ordered, as far as the hotspot file has them.
                let products = (1..data.length().unwrap_or(0))
                    .filter_map(|index| Some(data.item(index)?.number()? as usize))
                    .collect();
                Input::Purchase { note: a as u32, products }
            }
            16 => return self.set_consent(&Node::text(data).unwrap_or_default()),
            _ => return self.set_config(data),
        };
        self.feed(input);
    }
}

/// A control's `data-act`, by its place in the host's list, and its `data-arg`.
fn act(act: u32, arg: usize) -> Act {
    match act {
        0 => Act::Hotspot(arg),
        1 => Act::Add,
        2 => Act::Buy,
        3 => Act::View,
        4 => Act::Variant(arg),
        5 => Act::Product(arg),
        _ => Act::Close,
    }
}

fn media(current_time: f64, packed: u32, duration: &JsValue) -> Input {
    let flag = |bit: u32| packed >> bit & 1 != 0;
    Input::Media {
        kind: MediaKind::numbered(packed & 15),
        current_time,
        duration: duration.number().unwrap_or(f64::NAN),
        flags: MediaFlags { paused: flag(4), ended: flag(5), seeking: flag(6), repeats: flag(7) },
    }
}

fn layout(data: &JsValue) -> Layout {
    let mut numbers = [0.0; 14];
    for (index, number) in numbers.iter_mut().enumerate() {
        *number = data.item(index).and_then(|value| value.number()).unwrap_or(0.0);
    }
    let text = |index| data.item(index).and_then(|value| Node::text(&value)).unwrap_or_default();
    let [x, y, w, h, across, down, left, top, right, bottom, anchor_x, anchor_y, width, height] = numbers;
    Layout {
        video: Rect { x, y, w, h },
        video_size: (across, down),
        inset: [left, top, right, bottom],
        anchor: (anchor_x, anchor_y),
        natural: (width, height),
        fit: Fit::parse(&text(14)),
        position: Position::parse(&text(15)),
    }
}

/// What the page's `cart` callback resolved to.
fn answer(data: &JsValue) -> Answer {
    if data.get("ok").is_some_and(|ok| ok == JsValue::TRUE) {
        Answer::Confirmed { checkout: data.get("checkout_url").is_some_and(|url| url.is_string()) }
    } else {
        Answer::Refused
    }
}
