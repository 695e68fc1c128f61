//! The hand-bound host: a handful of calls, each of which does much.

use wasm_bindgen::prelude::*;
use web_sys::HtmlVideoElement;

/// What the host calls with everything that happens; see [`super::dispatch`].
pub type Dispatch = Closure<dyn Fn(u32, f64, f64, JsValue)>;

#[wasm_bindgen(module = "/www/host.js")]
extern "C" {
    /// One overlay's elements, listeners, timers and texts; `www/host.js` describes its methods.
    pub type Host;

    #[wasm_bindgen(constructor)]
    pub fn new(video: HtmlVideoElement, options: JsValue) -> Host;
    #[wasm_bindgen(method)]
    pub fn mount(this: &Host, dispatch: &Dispatch);
    #[wasm_bindgen(method)]
    pub fn watch(this: &Host);
    #[wasm_bindgen(method)]
    pub fn start(this: &Host);
    #[wasm_bindgen(method)]
    pub fn adopt(this: &Host, goods: &[f64], spots: &[f64], theme: &str) -> bool;
    #[wasm_bindgen(method)]
    pub fn monotonic(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub fn random(this: &Host) -> f64;
    /// Carries out rows of [`crate::session::Do`].
    #[wasm_bindgen(method)]
    pub fn carry(this: &Host, effects: &[f64]);
    #[wasm_bindgen(method)]
    pub fn envelope(this: &Host, consent: u32) -> u32;
    #[wasm_bindgen(method)]
    pub fn send(this: &Host, request: &[f64]) -> bool;
    /// The page's call that is going on throws this.
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, message: &str);
    /// The hotspot file has problems; `fatal` if nothing of it can be used.
    #[wasm_bindgen(method)]
    pub fn flawed(this: &Host, fatal: bool);
}
