//! Vitrine: shoppable hotspots on any HTML5 video.
//!
//! Everything but this file and `web/` is pure Rust: no browser, no clock, no global state.
//! It is tested natively; `web/` carries out what it decides.
//!
//! For pages it is built in parts, each by a feature: `overlay`, what they load before their first
//! hotspot, and `check`, the words about what is wrong with a hotspot file.

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

#[cfg(all(target_arch = "wasm32", feature = "overlay"))]
pub use overlay::{attach, host};

#[cfg(all(target_arch = "wasm32", feature = "overlay"))]
mod overlay {
    use crate::web::{App, Host};
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlVideoElement;

    /// A host for `video`, with the options of `attach` in `vitrine.d.ts`.
    #[wasm_bindgen]
    pub fn host(video: HtmlVideoElement, options: JsValue) -> Host {
        Host::new(video, options)
    }

    /// Attaches an overlay to the host's video, and says whether it did. `config` is a parsed hotspot
    /// file, `consent` the place of a state in the host's list. Where they cannot be used, the host is
    /// told to say what to mend. All else goes through the host's `dispatch`.
    #[wasm_bindgen]
    pub fn attach(host: Host, config: JsValue, consent: f64) -> bool {
        App::attach(host, &config, consent)
    }
}

#[cfg(all(target_arch = "wasm32", feature = "check"))]
mod check {
    use wasm_bindgen::prelude::*;

    /// The problems of a parsed hotspot file; `web/problems.rs` has the form.
    #[wasm_bindgen]
    pub fn check(config: JsValue) -> String {
        crate::web::problems::problems(&config)
    }
}
