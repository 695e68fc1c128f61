//! Vitrine: shoppable hotspots on any HTML5 video.
//!
//! Everything but this file and `web/` is pure Rust: no browser, no clock, no global state.
//! It is tested natively; `web/` carries out what it decides.
//!
//! For pages it is built in parts, each by a feature: `overlay`, what they load before their first
//! hotspot, `check`, the words about what is wrong with a hotspot file, and `fullscreen`, for a video that
//! is in fullscreen alone.

#![cfg_attr(all(target_arch = "wasm32", feature = "lean"), no_std)]

extern crate alloc;

pub mod cart;
pub mod config;
pub mod event;
pub mod geometry;
pub mod heap;
pub mod hit;
pub mod motion;
pub mod outbox;
pub mod session;
pub mod timeline;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(all(target_arch = "wasm32", feature = "overlay"))]
pub use overlay::{attach, dispatch};

#[cfg(all(target_arch = "wasm32", feature = "overlay"))]
mod overlay {
    use crate::web::{App, Host};
    use wasm_bindgen::prelude::*;

    /// Attaches an overlay to the host's video, and says whether it did. `config` is a parsed hotspot
    /// file; where nothing of it can be used, the host is told to say what to mend. `overlay` names it in
    /// [`dispatch`].
    #[wasm_bindgen]
    pub fn attach(host: Host, config: JsValue, overlay: u32) -> bool {
        App::attach(host, &config, overlay)
    }

    /// Everything that happens to an overlay; `web/dispatch.rs` has the numbers.
    #[wasm_bindgen]
    pub fn dispatch(overlay: u32, what: u32, a: f64, b: f64, data: JsValue) {
        if let Some(app) = App::numbered(overlay) {
            app.dispatched(what, a, b, &data);
        }
    }
}

#[cfg(all(target_arch = "wasm32", feature = "fullscreen"))]
mod fullscreen {
    use wasm_bindgen::prelude::*;

    /// [`crate::hit::topmost`], -1 for none.
    #[wasm_bindgen]
    pub fn topmost(rows: &[f64], x: f64, y: f64, bar: f64) -> i32 {
        crate::hit::topmost(rows, x, y, bar).map_or(-1, |row| row as i32)
    }
}

#[cfg(all(target_arch = "wasm32", feature = "check"))]
mod check {
    use alloc::string::String;
    use wasm_bindgen::prelude::*;

    /// The problems of a parsed hotspot file; `web/problems.rs` has the form.
    #[wasm_bindgen]
    pub fn check(config: JsValue) -> String {
        crate::web::problems::problems(&config)
    }
}
