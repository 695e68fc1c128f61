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
    pub fn mount(this: &Host, css: &str, dispatch: &Dispatch);
    #[wasm_bindgen(method)]
    pub fn watch(this: &Host);
    #[wasm_bindgen(method)]
    pub fn adopt(this: &Host, goods: &[f64], spots: &[f64], words: &str) -> bool;
    #[wasm_bindgen(method)]
    pub fn playing(this: &Host) -> bool;
    #[wasm_bindgen(method)]
    pub fn monotonic(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub fn frame(this: &Host, x: f64, y: f64, width: f64, height: f64);
    #[wasm_bindgen(method)]
    pub fn place(this: &Host, boxes: &[f32]);
    #[wasm_bindgen(method)]
    pub fn show(this: &Host, index: u32, before: i32);
    #[wasm_bindgen(method)]
    pub fn hide(this: &Host, index: u32);
    #[wasm_bindgen(method)]
    pub fn card(this: &Host, view: &[f64], focus: bool);
    #[wasm_bindgen(method, js_name = focusSpot)]
    pub fn focus_spot(this: &Host, index: u32);
    #[wasm_bindgen(method)]
    pub fn emit(this: &Host, kind: &str, numbers: &[f64], key: &str, word: &str) -> u32;
    #[wasm_bindgen(method)]
    pub fn ask(this: &Host, name: &str, event: u32) -> bool;
    #[wasm_bindgen(method)]
    pub fn fail(this: &Host, problems: &str);
    #[wasm_bindgen(method)]
    pub fn report(this: &Host, problems: &str);
    #[wasm_bindgen(method)]
    pub fn open(this: &Host, hotspot: i32, note: u32);
    #[wasm_bindgen(method)]
    pub fn play(this: &Host, on: bool);
    #[wasm_bindgen(method)]
    pub fn seek(this: &Host, time: f64);
    #[wasm_bindgen(method)]
    pub fn envelope(this: &Host, consent: &str) -> u32;
    #[wasm_bindgen(method)]
    pub fn send(this: &Host, request: u32, events: &[u32], way: u32) -> bool;
    #[wasm_bindgen(method)]
    pub fn keep(this: &Host, oldest: u32);
    #[wasm_bindgen(method)]
    pub fn call(this: &Host, request: u32, event: u32) -> bool;
    #[wasm_bindgen(method)]
    pub fn wake(this: &Host, milliseconds: f64);
    #[wasm_bindgen(method)]
    pub fn identify(this: &Host, keep: bool);
    #[wasm_bindgen(method)]
    pub fn random(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    pub fn destroy(this: &Host);

    /// A value as a message shows it. Numbers become text in JavaScript: formatting a float in Rust
    /// weighs 19 kB.
    pub fn json(value: &JsValue) -> String;
}
