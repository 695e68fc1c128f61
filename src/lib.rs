//! Vitrine: shoppable hotspots on any HTML5 video.
//!
//! Everything but this file and `web/` is pure Rust: no browser, no clock, no global state.
//! It is tested natively; `web/` carries out what it decides.

pub mod cart;
pub mod config;
pub mod event;
pub mod geometry;
pub mod motion;
pub mod outbox;
pub mod session;
pub mod timeline;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(target_arch = "wasm32")]
pub use exports::{attach, host};

#[cfg(target_arch = "wasm32")]
mod exports {
    use crate::web::{App, Host};
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlVideoElement;

    /// A host for `video`, with the options of `attach` in `vitrine.d.ts`.
    #[wasm_bindgen]
    pub fn host(video: HtmlVideoElement, options: JsValue) -> Host {
        Host::new(video, options)
    }

    /// Attaches an overlay to the host's video. `config` is a parsed hotspot file, `consent` the
    /// place of a state in the host's list. Where they cannot be used, the host's `fail` is told what
    /// to mend. All else goes through the host's `dispatch`.
    #[wasm_bindgen]
    pub fn attach(host: Host, config: JsValue, consent: f64) {
        App::attach(host, &config, consent);
    }
}
