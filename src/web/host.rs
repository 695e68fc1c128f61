//! The hand-bound host: a handful of calls, each of which does much.

use wasm_bindgen::prelude::*;
use web_sys::HtmlVideoElement;

/// What the host calls with everything that happens; see [`super::dispatch`].
pub type Dispatch = Closure<dyn Fn(u32, f64, f64, JsValue)>;

#[wasm_bindgen(module = "/www/host.js")]
extern "C" {
    /// One overlay's elements, listeners and timers.
    pub type Host;

    #[wasm_bindgen(constructor)]
    pub fn new(video: HtmlVideoElement, options: JsValue) -> Host;
    #[wasm_bindgen(method)]
    pub fn mount(this: &Host, css: &str, dispatch: &Dispatch);
    #[wasm_bindgen(method)]
    pub fn watch(this: &Host);
    #[wasm_bindgen(method)]
    pub fn option(this: &Host, name: &str) -> String;
    #[wasm_bindgen(method)]
    pub fn playing(this: &Host) -> bool;
    #[wasm_bindgen(method)]
    pub fn frame(this: &Host, x: f64, y: f64, width: f64, height: f64);
    #[wasm_bindgen(method)]
    pub fn place(this: &Host, boxes: &[f32]);
    #[wasm_bindgen(method)]
    pub fn show(this: &Host, index: u32, markup: &str, before: i32);
    #[wasm_bindgen(method)]
    pub fn hide(this: &Host, index: u32);
    #[wasm_bindgen(method)]
    pub fn card(this: &Host, markup: &str, focus: bool);
    #[wasm_bindgen(method, js_name = focusSpot)]
    pub fn focus_spot(this: &Host, index: u32);
    #[wasm_bindgen(method)]
    pub fn label(this: &Host, text: &str, theme: &str);
    #[wasm_bindgen(method)]
    pub fn fire(this: &Host, name: &str, detail: &str) -> bool;
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, detail: &str);
    #[wasm_bindgen(method)]
    pub fn open(this: &Host, url: &str, target: &str);
    #[wasm_bindgen(method)]
    pub fn play(this: &Host, on: bool);
    #[wasm_bindgen(method)]
    pub fn seek(this: &Host, time: f64);
    #[wasm_bindgen(method)]
    pub fn send(this: &Host, request: u32, url: &str, body: &str, keepalive: bool);
    #[wasm_bindgen(method)]
    pub fn call(this: &Host, request: u32, detail: &str) -> bool;
    #[wasm_bindgen(method)]
    pub fn wake(this: &Host, milliseconds: f64);
    #[wasm_bindgen(method)]
    pub fn identity(this: &Host, name: &str, keep: bool) -> String;
    #[wasm_bindgen(method)]
    pub fn random(this: &Host) -> u32;
    // Not a free function: the build renames what is imported through the glue alone.
    #[wasm_bindgen(method)]
    pub fn monotonic(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Host);

    pub fn json(value: &JsValue) -> String;
    pub fn context(campaign: &str, consent: &str) -> String;
    pub fn price(amount: f64, digits: u32, currency: &str, locale: &str) -> String;
    pub fn beacon(url: &str, body: &str) -> bool;
    pub fn warn(text: &str);
}
