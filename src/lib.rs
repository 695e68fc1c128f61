//! Vitrine: shoppable hotspots on any HTML5 video.
//!
//! Everything but this file and `web/` is pure Rust: no browser, no clock, no global state.
//! It is tested natively; `web/` carries out what it decides.

pub mod cart;
pub mod config;
pub mod event;
pub mod geometry;
pub mod json;
pub mod motion;
pub mod outbox;
pub mod session;
pub mod text;
pub mod timeline;
pub mod ui;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(target_arch = "wasm32")]
pub use exports::Overlay;

#[cfg(target_arch = "wasm32")]
mod exports {
    use crate::web::App;
    use std::rc::Rc;
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlVideoElement;

    /// One overlay on one video. It lives until `destroy`, whether or not the page keeps it.
    #[wasm_bindgen]
    pub struct Overlay(Rc<App>);

    #[wasm_bindgen]
    impl Overlay {
        /// Attaches to `video`. `config` is a parsed hotspot file; `options` are those of `attach`
        /// in `vitrine.d.ts`. Throws an `Error` that says what to mend where the file cannot be used.
        #[wasm_bindgen(constructor)]
        pub fn new(video: HtmlVideoElement, config: &JsValue, options: &JsValue) -> Result<Overlay, JsValue> {
            App::attach(video, config, options).map(Overlay)
        }

        /// Ends the view, sends what is queued, and leaves the page as it was. Idempotent.
        pub fn destroy(&self) {
            self.0.destroy();
        }

        /// Sends what is queued now.
        pub fn flush(&self) {
            self.0.flush();
        }

        /// Tracks an event of the page's own.
        pub fn track(&self, kind: &str, data: &JsValue) -> Result<(), JsValue> {
            self.0.track(kind, data)
        }

        /// Reports an order.
        pub fn purchase(&self, order: &JsValue) -> Result<(), JsValue> {
            self.0.purchase(order)
        }

        /// `granted`, `required` or `denied`.
        pub fn consent(&self, state: &str) -> Result<(), JsValue> {
            self.0.consent(state)
        }

        /// Replaces the hotspots within the same view.
        #[wasm_bindgen(js_name = setConfig)]
        pub fn set_config(&self, config: &JsValue) -> Result<(), JsValue> {
            self.0.set_config(config)
        }
    }
}
