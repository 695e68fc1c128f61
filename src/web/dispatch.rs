//! What the host reports, as inputs.

use super::App;
use crate::cart::Answer;
use crate::config::Node;
use crate::geometry::{Fit, Position, Rect};
use crate::session::{Input, Layout, MediaFlags, MediaKind};
use wasm_bindgen::JsValue;

impl App {
    /// The one callback of all listeners, observers and requests; `www/host.js` has the numbers.
    pub(super) fn dispatched(&self, what: u32, a: f64, b: f64, data: JsValue) {
        if self.destroyed.get() && what != 9 {
            return;
        }
        let input = match what {
            0 => Input::Frame { media_time: a, current_time: b },
            1 => {
                let (number, flags) = (b as u32 & 15, b as u32 >> 4);
                let flag = |bit: u32| flags >> bit & 1 != 0;
                Input::Media {
                    kind: MediaKind::numbered(number),
                    current_time: a,
                    duration: data.number().unwrap_or(f64::NAN),
                    flags: MediaFlags { paused: flag(0), ended: flag(1), seeking: flag(2), repeats: flag(3) },
                }
            }
            2 => Input::Layout(layout(&data)),
            3 => Input::InView { hotspot: a as usize, in_view: b != 0.0 },
            4 => Input::PageVisible(a != 0.0),
            5 => Input::Act { act: Node::text(&data).unwrap_or_default(), arg: a as usize },
            6 => Input::Key(Node::text(&data).unwrap_or_default()),
            7 => Input::Leave,
            8 => Input::Start { playing: !self.video.paused() },
            9 => return self.sent(a as u32, b as u32),
            10 => Input::Answered { request: a as u32, answer: answer(&data) },
            _ => return,
        };
        self.feed(input);
    }
}

fn text(data: &JsValue, index: usize) -> String {
    data.item(index).and_then(|value| Node::text(&value)).unwrap_or_default()
}

fn number(data: &JsValue, index: usize) -> f64 {
    data.item(index).and_then(|value| value.number()).unwrap_or(0.0)
}

fn layout(data: &JsValue) -> Layout {
    let n = |index| number(data, index);
    Layout {
        video: Rect { x: n(0), y: n(1), w: n(2), h: n(3) },
        video_size: (n(4), n(5)),
        inset: [n(6), n(7), n(8), n(9)],
        anchor: (n(10), n(11)),
        natural: (n(12), n(13)),
        fit: Fit::parse(&text(data, 14)),
        position: Position::parse(&text(data, 15)),
    }
}

/// What the page's `cart` callback resolved to.
fn answer(data: &JsValue) -> Answer {
    let words = |key| data.get(key).and_then(|value| Node::text(&value)).filter(|text| !text.is_empty());
    if data.get("ok").is_some_and(|ok| ok == JsValue::TRUE) {
        Answer::Confirmed { checkout_url: words("checkout_url") }
    } else {
        Answer::Failed { reason: words("reason") }
    }
}
