//! The bindings in a real browser: decoding, the elements, ownership, re-entrancy, events.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use std::cell::Cell;
use vitrine::config::{Severity, decode};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::HtmlVideoElement;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser.js")]
extern "C" {
    fn count();
    fn left() -> String;
    fn video() -> HtmlVideoElement;
    fn parse(text: &str) -> JsValue;
    fn host(
        class: &JsValue,
        shop: &JsValue,
        access: &JsValue,
        css: &str,
        video: &HtmlVideoElement,
        file: &JsValue,
        extra: &JsValue,
        dispatch: &JsValue,
    ) -> JsValue;
    fn equipped(host: &JsValue) -> bool;
    fn overlay(host: &JsValue) -> JsValue;
    fn call(overlay: &JsValue, method: &str, a: &JsValue, b: &JsValue) -> String;
    fn html(video: &HtmlVideoElement, selector: &str) -> String;
    fn text(video: &HtmlVideoElement, selector: &str) -> String;
    fn all(video: &HtmlVideoElement, selector: &str) -> u32;
    fn attribute(video: &HtmlVideoElement, selector: &str, name: &str) -> Option<String>;
    fn r#box(video: &HtmlVideoElement, selector: &str) -> String;
    fn click(video: &HtmlVideoElement, selector: &str);
    fn key(video: &HtmlVideoElement, selector: &str, key: &str);
    fn focused(video: &HtmlVideoElement) -> String;
    fn listen(video: &HtmlVideoElement, name: &str, take: bool);
    fn heard(video: &HtmlVideoElement, name: &str) -> String;
    fn inside(
        video: &HtmlVideoElement,
        overlay: &JsValue,
        name: &str,
        method: &str,
        value: &JsValue,
    );
}

#[wasm_bindgen(module = "/www/host.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = Host)]
    static HOST: JsValue;
}

#[wasm_bindgen(module = "/www/shop.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = default)]
    static SHOP: JsValue;
}

#[wasm_bindgen(module = "/www/access.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = default)]
    static ACCESS: JsValue;
}

// What those import: naming it here has it put beside them.
#[wasm_bindgen(module = "/www/place.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = default)]
    static PLACE: JsValue;
}
#[wasm_bindgen(module = "/www/order.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = orderFault)]
    static ORDER: JsValue;
}
#[wasm_bindgen(module = "/www/tree.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = icon)]
    static TREE: JsValue;
}
#[wasm_bindgen(module = "/www/words.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = texts)]
    static WORDS: JsValue;
}
#[wasm_bindgen(module = "/www/strings/en.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = default)]
    static ENGLISH: JsValue;
}

#[wasm_bindgen(module = "/www/uuid.js")]
extern "C" {
    fn uuid(time: f64) -> String;
}

const FILE: &str = r#"{
  "version": 1, "video": {"id": "clip"},
  "products": [
    {"id": "bag", "title": "Bag <b>&amp;", "brand": "Halden", "price": "129.00 EUR", "sale_price": "99.00 EUR", "link": "/bag",
     "variants": [{"id": "black", "options": {"color": "Black"}, "availability": "out_of_stock"}, {"id": "tan", "options": {"color": "Tan"}}]},
    {"id": "mug", "title": "Mug", "price": "1800 JPY"}],
  "hotspots": [
    {"id": "two", "label": "Second", "products": ["mug"], "start": 0, "end": 9, "shape": "polygon", "points": [[0,0],[100,0],[50,100]],
     "keyframes": [{"time": 0, "x": 70, "y": 30, "w": 20, "h": 20}]},
    {"id": "bag", "products": ["bag", "mug"], "start": 0, "end": 9, "keyframes": [{"time": 0, "x": 20, "y": 40}]},
    {"id": "later", "products": ["bag"], "start": 5, "end": 9, "keyframes": [{"time": 5, "x": 50, "y": 50}]}],
  "locale": "de-DE"
}"#;

/// A video with an overlay that is not equipped yet, its host, and what the page holds of it.
fn bare(extra: &str) -> (HtmlVideoElement, JsValue, JsValue) {
    let video = video();
    for name in ["vitrine:event", "vitrine:error", "vitrine:ready"] {
        listen(&video, name, false);
    }
    let file = parse(FILE);
    let number = NUMBER.with(|number| number.replace(number.get() + 1));
    let dispatch = Closure::<dyn Fn(u32, f64, f64, JsValue)>::new(move |what, a, b, data| {
        vitrine::dispatch(number, what, a, b, data);
    })
    .into_js_value();
    let extra = parse(extra);
    for imported in [&PLACE, &ORDER, &TREE, &WORDS, &ENGLISH] {
        imported.with(|imported| assert!(!imported.is_undefined()));
    }
    let css = include_str!("../www/overlay.css");
    let host = HOST.with(|class| {
        SHOP.with(|shop| {
            ACCESS.with(|access| host(class, shop, access, css, &video, &file, &extra, &dispatch))
        })
    });
    assert!(vitrine::attach(host.clone().unchecked_into(), file, number));
    let overlay = overlay(&host);
    (video, host, overlay)
}

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(1) };
}

/// A video with an overlay, and what the page holds of it.
async fn attached(extra: &str) -> (HtmlVideoElement, JsValue) {
    let (video, host, overlay) = bare(extra);
    while !equipped(&host) {
        TimeoutFuture::new(1).await;
    }
    (video, overlay)
}

/// What the tests read of an event.
#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    seq: u32,
    duration_ms: Option<f64>,
}

fn told(video: &HtmlVideoElement) -> Vec<Told> {
    serde_wasm_bindgen::from_value(parse(&heard(video, "vitrine:event"))).unwrap()
}

fn types(video: &HtmlVideoElement) -> Vec<String> {
    let told = told(video);
    assert!(
        told.iter()
            .enumerate()
            .all(|(index, event)| event.seq as usize == index)
    );
    told.into_iter().map(|event| event.kind).collect()
}

fn end(video: &HtmlVideoElement, overlay: &JsValue) {
    assert_eq!(
        call(overlay, "destroy", &JsValue::UNDEFINED, &JsValue::UNDEFINED),
        ""
    );
    video.remove();
}

#[wasm_bindgen_test]
fn a_javascript_value_decodes_as_json_does() {
    let decoded = decode(&parse(FILE));
    assert!(decoded.problems.is_empty());
    let config = decoded.config.unwrap();
    assert_eq!((config.products.len(), config.hotspots.len()), (2, 3));
    let bad = parse(
        r#"{"version": 1, "video": {"id": "v"}, "hotspot": [], "hotspots": [
            {"id": "a", "products": ["x"], "start": 5, "end": 2.5, "shape": "elipse", "keyframes": [{"time": 5, "x": 141.5, "y": null}]}]}"#,
    );
    let decoded = decode(&bad);
    let messages: Vec<String> = decoded.problems.iter().map(|p| p.message()).collect();
    let all = messages.join("\n");
    for part in [
        "hotspots[0].shape: found \"elipse\"",
        "\"ellipse\"?",
        "hotspots[0].keyframes[0].x: found 141.5",
        "hotspots[0].end: found 2.5",
    ] {
        assert!(all.contains(part), "{part} is not in {all}");
    }
    assert!(
        decoded
            .problems
            .iter()
            .any(|p| p.severity == Severity::Warning && p.path == "hotspot")
    );
    assert!(decoded.config.unwrap().hotspots.is_empty());
    for (value, found) in [
        ("7", "7"),
        ("null", "null"),
        ("[]", "a list"),
        ("\"x\"", "\"x\""),
    ] {
        let decoded = decode(&parse(value));
        assert!(decoded.config.is_none());
        assert_eq!(decoded.problems[0].found, found);
    }
}

#[wasm_bindgen_test]
fn ids_are_uuids_of_version_7_in_the_order_of_their_time() {
    let (first, second) = (uuid(1_700_000_000_000.0), uuid(1_700_000_000_001.0));
    assert!(first < second, "{first} {second}");
    assert_eq!((first.len(), &first[14..15]), (36, "7"));
    assert!(matches!(&first[19..20], "8" | "9" | "a" | "b"), "{first}");
}

#[wasm_bindgen_test]
async fn hotspots_are_buttons_in_time_order_with_names_and_prices() {
    let (video, overlay) = attached("{}").await;
    assert_eq!(
        all(&video, "button[part=hotspot]"),
        2,
        "what starts later is not there yet"
    );
    assert_eq!(
        attribute(&video, "[data-hotspot=two]", "aria-label")
            .unwrap()
            .replace('\u{a0}', " "),
        "Second, 1.800 ¥"
    );
    let bag = attribute(&video, "[data-hotspot=bag]", "aria-label")
        .unwrap()
        .replace('\u{a0}', " ");
    assert_eq!(bag, "Bag <b>&amp;, 99,00 €");
    assert_eq!(
        attribute(&video, "polygon", "points").unwrap(),
        "0,0 100,0 50,100"
    );
    let button = r#box(&video, "[data-hotspot=two]");
    assert!(
        button.ends_with(" 160 90"),
        "a fifth of 800 by 450, not {button}"
    );
    assert_eq!(
        r#box(&video, "svg.outline"),
        button,
        "the outline fills its box"
    );
    assert_eq!(types(&video), ["impression"]);
    assert_eq!(heard(&video, "vitrine:ready"), "[null]");
    end(&video, &overlay);
    assert_eq!(types(&video), ["impression", "view_end"]);
}

#[wasm_bindgen_test]
async fn the_card_shows_text_as_text_and_gives_the_focus_back() {
    let (video, overlay) = attached("{}").await;
    click(&video, "[data-hotspot=bag]");
    assert_eq!(text(&video, ".title"), "Bag <b>&amp;");
    assert_eq!(
        text(&video, ".price").replace('\u{a0}', " "),
        "now 99,00 € instead of 129,00 €"
    );
    assert_eq!(attribute(&video, "[part=card]", "role").unwrap(), "dialog");
    assert!(
        html(&video, "[data-act=variant]").contains("disabled"),
        "sold out"
    );
    assert_eq!(
        attribute(&video, "[data-act=variant][data-arg='1']", "aria-pressed").unwrap(),
        "true"
    );
    assert_eq!(focused(&video), "card");
    click(&video, "[data-act=product][data-arg='1']");
    assert_eq!(text(&video, ".title"), "Mug");
    key(&video, "[part=card]", "Escape");
    assert_eq!(
        (all(&video, "[part=card]"), focused(&video).as_str()),
        (0, "hotspot")
    );
    assert_eq!(
        types(&video),
        [
            "impression",
            "hotspot_click",
            "view_item_list",
            "view_item",
            "select_item",
            "view_item",
            "card_close"
        ]
    );
    end(&video, &overlay);
}

#[wasm_bindgen_test]
async fn the_page_takes_the_cart_or_is_told_that_nobody_does() {
    let (video, overlay) = attached("{}").await;
    click(&video, "[data-hotspot=two]");
    click(&video, "[part=add-to-cart]");
    assert!(text(&video, ".status").contains("no cart connected"));
    listen(&video, "vitrine:add-to-cart", true);
    click(&video, "[data-hotspot=bag]");
    click(&video, "[part=add-to-cart]");
    assert_eq!(text(&video, "[part=add-to-cart]"), "Added");
    let asked = heard(&video, "vitrine:add-to-cart");
    for part in [
        "\"type\":\"add_to_cart\"",
        "\"item_variant\":\"tan\"",
        "\"value\":9900",
        "\"currency\":\"EUR\"",
        "\"cause\":\"",
    ] {
        assert!(asked.contains(part), "{part} is not in {asked}");
    }
    let events = heard(&video, "vitrine:event");
    assert!(
        events.contains("\"outcome\":\"failed\"") && events.contains("\"outcome\":\"handed_over\"")
    );
    end(&video, &overlay);
}

#[wasm_bindgen_test]
async fn what_is_on_screen_for_a_second_is_exposed_once() {
    let (video, overlay) = attached("{}").await;
    let exposures = || {
        told(&video)
            .into_iter()
            .filter(|event| event.kind == "hotspot_exposure")
            .collect::<Vec<_>>()
    };
    while exposures().len() < 2 {
        TimeoutFuture::new(20).await;
    }
    assert!(exposures().iter().all(|event| {
        event
            .duration_ms
            .is_some_and(|seen| (1_000.0..2_000.0).contains(&seen))
    }));
    end(&video, &overlay);
    assert_eq!(exposures().len(), 2);
}

#[wasm_bindgen_test]
async fn a_listener_may_call_back_and_even_destroy() {
    let (video, overlay) = attached("{}").await;
    inside(
        &video,
        &overlay,
        "vitrine:hotspot-click",
        "track",
        &"from_inside".into(),
    );
    click(&video, "[data-hotspot=bag]");
    let told = types(&video);
    assert!(
        told.contains(&"from_inside".to_owned()) && told.contains(&"view_item".to_owned()),
        "{told:?}"
    );
    inside(
        &video,
        &overlay,
        "vitrine:add-to-cart",
        "destroy",
        &JsValue::UNDEFINED,
    );
    click(&video, "[part=add-to-cart]");
    assert_eq!(all(&video, "*"), 0);
    assert_eq!(types(&video).last().unwrap(), "view_end");
    end(&video, &overlay);
}

#[wasm_bindgen_test]
async fn the_pages_calls_and_their_errors() {
    let (video, overlay) = attached("{}").await;
    let none = JsValue::UNDEFINED;
    assert_eq!(
        call(
            &overlay,
            "track",
            &"checkout_step".into(),
            &parse(r#"{"step": "payment_shown"}"#)
        ),
        ""
    );
    assert!(heard(&video, "vitrine:event").contains(r#""type":"checkout_step","#));
    assert!(heard(&video, "vitrine:event").contains(r#""data":{"step":"payment_shown"}"#));
    let faults = [
        (
            "track",
            JsValue::from("Two Words"),
            "use a type of 1 to 64 of a-z",
        ),
        ("purchase", parse("{}"), "order_id is missing"),
        (
            "purchase",
            parse(r#"{"order_id": 17}"#),
            "order_id is missing",
        ),
        (
            "purchase",
            parse(r#"{"order_id": "1", "value": 9.5, "currency": "EUR"}"#),
            "minor units",
        ),
        (
            "purchase",
            parse(r#"{"order_id": "1", "value": 99}"#),
            "no currency",
        ),
        (
            "purchase",
            parse(r#"{"order_id": "1", "items": [{}]}"#),
            "no item_id",
        ),
        (
            "purchase",
            parse(r#"{"order_id": "1", "items": [{"item_id": "a", "price": 0.5}]}"#),
            "minor units",
        ),
        ("consent", "maybe".into(), "granted"),
        ("consent", JsValue::FALSE, "granted"),
    ];
    for (method, value, words) in faults {
        assert_eq!(call(&overlay, method, &value, &none), "");
        let told = heard(&video, "vitrine:error");
        assert!(
            told.rsplit_once("message")
                .is_some_and(|(_, last)| last.contains(words)),
            "{told}"
        );
    }
    assert!(!heard(&video, "vitrine:event").contains("purchase"));
    let order = parse(
        r#"{"order_id": "1", "value": 950, "currency": "EUR", "items": [{"item_id": "bag"}]}"#,
    );
    assert_eq!(call(&overlay, "purchase", &order, &none), "");
    assert!(heard(&video, "vitrine:event").contains(r#""order_id":"1""#));
    assert_eq!(
        call(&overlay, "setConfig", &parse(r#"{"version": 2}"#), &none),
        ""
    );
    assert_eq!(all(&video, "button[part=hotspot]"), 2, "the old file stays");
    assert_eq!(
        call(
            &overlay,
            "setConfig",
            &parse(r#"{"version": 1, "video": {"id": "other"}}"#),
            &none
        ),
        ""
    );
    assert_eq!(all(&video, "button[part=hotspot]"), 0);
    end(&video, &overlay);
    end(&video, &overlay);
}

#[wasm_bindgen_test]
async fn a_thousand_overlays_leave_nothing_behind() {
    count();
    let before = left();
    for round in 0..1_000 {
        // A page without frames, as a busy machine makes them, equips an overlay after 300 ms only.
        if round % 20 == 0 {
            let (video, overlay) = attached("{}").await;
            click(&video, "[data-hotspot=bag]");
            end(&video, &overlay);
        } else {
            let (video, host, overlay) = bare("{}");
            end(&video, &overlay);
            while !equipped(&host) {
                TimeoutFuture::new(0).await;
            }
            assert_eq!(types(&video), ["impression", "view_end"], "nothing is lost");
        }
    }
    TimeoutFuture::new(50).await;
    let after = left();
    let listeners = |text: &str| text.matches("\"vitrine:").count();
    // What remains are the test's own three listeners on each video.
    assert_eq!(listeners(&after), 3_000 + listeners(&before));
    for name in [
        "\"timeupdate\"",
        "\"resize\"",
        "\"keydown\"",
        "\"pagehide\"",
        "\"click\"",
    ] {
        assert!(!after.contains(name), "{name} listeners are left");
    }
    assert!(
        after.ends_with(r#""timers":0,"observers":0,"elements":0}"#),
        "{}",
        &after[after.len() - 80..]
    );
}

#[wasm_bindgen_test]
async fn another_file_while_a_card_is_open_keeps_each_events_words() {
    let (video, overlay) = attached("{}").await;
    click(&video, "[data-hotspot=two]");
    let file = r#"{"version": 1, "video": {"id": "other"}, "products": [{"id": "cap", "title": "Cap", "price": "9.00 EUR", "variants": [{"id": "red", "price": " "}]}],
        "hotspots": [{"id": "cap", "products": ["cap"], "start": 0, "end": 9, "keyframes": [{"time": 0, "x": 50, "y": 50}]}]}"#;
    let none = JsValue::UNDEFINED;
    assert_eq!(call(&overlay, "setConfig", &parse(file), &none), "");
    let events = heard(&video, "vitrine:event");
    let close = events
        .rsplit_once("card_close")
        .map(|(_, rest)| rest.to_owned())
        .unwrap();
    assert!(
        close.contains(r#""item_id":"mug""#) && !close.contains("cap"),
        "{close}"
    );
    assert_eq!(
        (
            all(&video, "[part=card]"),
            all(&video, "button[part=hotspot]")
        ),
        (0, 1)
    );
    click(&video, "[data-hotspot=cap]");
    assert!(
        text(&video, ".price").contains('9'),
        "a blank price counts as absent"
    );
    let order = parse(r#"{"order_id": "1", "items": [{"item_id": "cap"}]}"#);
    js_sys::Reflect::set(&order, &"self".into(), &order).unwrap();
    assert_ne!(
        call(&overlay, "purchase", &order, &none),
        "",
        "a circle is refused"
    );
    end(&video, &overlay);
    assert_eq!(all(&video, "*"), 0, "and nothing else is harmed");
}
