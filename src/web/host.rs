//! The hand-bound host: a handful of calls, each of which does much.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// One overlay's elements, listeners, timers and texts; `www/host.js` describes its methods.
    pub type Host;

    #[wasm_bindgen(method)]
    pub fn mount(this: &Host);
    #[wasm_bindgen(method)]
    pub fn watch(this: &Host);
    #[wasm_bindgen(method)]
    pub fn adopt(this: &Host, goods: &[f64], spots: &[f64], theme: &str);
    #[wasm_bindgen(method)]
    pub fn monotonic(this: &Host) -> f64;
    /// Carries out rows of [`crate::session::Do`].
    #[wasm_bindgen(method)]
    pub fn carry(this: &Host, effects: &[f64]);
    /// The hotspot file has problems; `fatal` if nothing of it can be used.
    #[wasm_bindgen(method)]
    pub fn flawed(this: &Host, fatal: bool);
}
