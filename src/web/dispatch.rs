//! What the host reports, as inputs.

use super::app::App;
use crate::cart::Answer;
use crate::config::Node;
use crate::geometry::{Fit, Offset, Position, Rect};
use crate::session::{Act, Layout, MediaFlags, MediaKind};
use alloc::vec::Vec;
use wasm_bindgen::JsValue;

impl App {
    /// The one callback of all listeners, observers, timers, requests and calls of the page;
    /// `www/host.js` has the numbers.
    pub fn dispatched(&self, what: u32, a: f64, b: f64, data: &JsValue) {
        let now = self.host.monotonic();
        let Ok(mut state) = self.state.try_borrow_mut() else {
            return;
        };
        let (number, index) = (a as u32, a as usize);
        // Nothing in here calls the page.
        state.session.at(now);
        let session = &mut state.session;
        match what {
            0 => session.frame(a, b, data.boolean() == Some(true)),
            1 => {
                let packed = b as u32;
                let flag = |bit: u32| packed >> bit & 1 != 0;
                let (kind, duration) = (MediaKind::numbered(packed & 15), data.number());
                let flags = MediaFlags {
                    paused: flag(4),
                    ended: flag(5),
                    seeking: flag(6),
                    repeats: flag(7),
                };
                session.media_event(kind, a, duration.unwrap_or(f64::NAN), flags);
            }
            2 => session.layout(&layout(data)),
            3 => session.in_view(index, b != 0.0),
            4 => session.page_visible(a != 0.0),
            5 => session.act(act(number, b as usize)),
            6 => session.escape(),
            7 => session.leave(),
            8 => session.start(a != 0.0),
            9 => session.dropped(number),
            10 => session.answered(number, answer(data), b as u32),
            11 => {
                session.wake();
                state.due = None;
            }
            12 => session.slow(number),
            13 => {
                session.leave();
                state.destroyed = true;
            }
            15 => session.track(number),
            16 => {
                // The products ordered, as far as the hotspot file has them.
                let mut products = Vec::new();
                for index in 0..data.length().unwrap_or(0) {
                    let product = data.item(index).and_then(|value| value.number());
                    products.push(product.unwrap_or(-1.0) as i32);
                }
                session.purchase(number, &products);
            }
            18 => {
                drop(state);
                return self.set_config(data);
            }
            // What became of an `Ask`: left to the overlay, or (odd) taken over by the page.
            20 => session.follow(index, b as u32),
            22 | 24 => session.call_cart(number, b as u32),
            23 | 25 => session.answered(number, Answer::HandedOver, 0),
            26 => session.open_list(),
            27 => session.pick(index, b as usize),
            _ => {}
        }
        drop(state);
        self.work();
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

fn layout(data: &JsValue) -> Layout {
    let mut numbers = [0.0; 30];
    for (index, number) in numbers.iter_mut().enumerate() {
        *number = data
            .item(index)
            .and_then(|value| value.number())
            .unwrap_or(0.0);
    }
    let [
        x,
        y,
        w,
        h,
        across,
        down,
        left,
        top,
        right,
        bottom,
        numbers @ ..,
    ] = numbers;
    let [anchor_x, anchor_y, width, height, fit, numbers @ ..] = numbers;
    let [x_percent, x_px, y_percent, y_px, numbers @ ..] = numbers;
    let [
        offset_x,
        offset_y,
        safe @ ..,
        bar_x,
        bar_y,
        bar_w,
        bar_h,
        controls,
    ] = numbers;
    let along = |percent, px| Offset { percent, px };
    Layout {
        video: Rect { x, y, w, h },
        video_size: (across, down),
        inset: [left, top, right, bottom],
        anchor: (anchor_x, anchor_y),
        natural: (width, height),
        fit: Fit::numbered(fit as u32),
        position: Position {
            x: along(x_percent, x_px),
            y: along(y_percent, y_px),
        },
        offset: (offset_x, offset_y),
        safe,
        bar: Rect {
            x: bar_x,
            y: bar_y,
            w: bar_w,
            h: bar_h,
        },
        controls: controls != 0.0,
    }
}

/// What the cart answered: bit 0 where it says where to pay, bit 1 for yes, bit 2 for less than was asked for;
/// nothing where the page has none.
fn answer(data: &JsValue) -> Answer {
    match data.number() {
        None => Answer::Missing,
        Some(2.0) => Answer::Confirmed { checkout: false },
        Some(3.0) => Answer::Confirmed { checkout: true },
        Some(4.0) => Answer::Partial,
        Some(_) => Answer::Refused,
    }
}
