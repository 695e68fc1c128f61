//! Pages with the script tag and hotspot files, made for a test.

use e2e::{Result, Stage, Value, json};

/// The clip's frame rate is 25.
pub const FRAME: f64 = 0.04;

/// The script tag's `data-*`.
#[derive(Clone)]
pub struct Tag<'a> {
    pub video: &'a str,
    pub config: &'a str,
    pub collector: &'a str,
    /// More in the head, before the overlay's script.
    pub head: &'a str,
}

impl Default for Tag<'_> {
    fn default() -> Self {
        Tag {
            video: "#v",
            config: "/e2e/made.json",
            collector: "/events",
            head: "",
        }
    }
}

/// The clip's player, as most pages have it.
pub const PLAYER: &str = "<div id=\"player\" class=\"box\"><video id=\"v\" class=\"fit-contain\" \
    src=\"/e2e/clip.webm\" muted playsinline preload=\"auto\"></video></div>";

/// A page with a control before and after `body`, and the script tag at its end.
pub fn html(body: &str, tag: &Tag<'_>) -> String {
    let Tag {
        video,
        config,
        collector,
        head,
    } = tag;
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page of the tests</title>\n\
         <link rel=\"stylesheet\" href=\"/e2e/pages.css\">\n<script src=\"/e2e/probe.js\"></script>{head}\n\
         </head><body><button id=\"before\">Before</button>\n{body}\n<button id=\"after\">After</button>\n\
         <script async src=\"/vitrine/vitrine.js\" data-video=\"{video}\" data-config=\"{config}\" \
         data-collector=\"{collector}\"></script></body></html>"
    )
}

/// Serves the page under a name in `/e2e/`.
pub fn serve(stage: &Stage, name: &str, body: &str, tag: &Tag<'_>) -> String {
    let path = format!("/e2e/{name}.html");
    stage
        .site
        .put(&path, "text/html; charset=utf-8", html(body, tag));
    path
}

/// Serves a hotspot file with a page that names it, and loads it until the overlay is ready.
pub fn open(stage: &Stage, config: &Value) -> Result<()> {
    serve_config(stage, config);
    stage.open_ready(&serve(stage, "made", PLAYER, &Tag::default()))
}

/// Serves a hotspot file as `/e2e/made.json`.
pub fn serve_config(stage: &Stage, config: &Value) {
    stage
        .site
        .put("/e2e/made.json", "application/json", config.to_string());
}

/// A hotspot that stands still. `shape` has its own fields, such as `{"shape": "rect"}`.
pub fn still(id: &str, start: f64, end: f64, place: [f64; 4], more: Value) -> Value {
    let [x, y, w, h] = place;
    let mut spot = json!({
        "id": id, "label": id, "products": ["lamp"], "start": start, "end": end,
        "keyframes": [{ "time": start, "x": x, "y": y, "w": w, "h": h }],
    });
    if let (Some(spot), Value::Object(more)) = (spot.as_object_mut(), more) {
        spot.extend(more);
    }
    spot
}

/// A hotspot file for the clip with these hotspots.
pub fn file(hotspots: Vec<Value>) -> Value {
    json!({
        "version": 1,
        "video": { "id": "clip", "title": "The tests' clip", "duration": 6.0 },
        "products": [
            { "id": "lamp", "title": "Brass lamp", "link": "/e2e/blank.html?lamp",
              "price": "129.00 EUR", "sale_price": "99.00 EUR", "brand": "Hell & Klar" },
            { "id": "mug", "title": "Stoneware mug", "price": "18.50 EUR" },
        ],
        "hotspots": hotspots,
    })
}

/// The file whose hotspots come and go at many times: within, on and next to frame boundaries.
pub const TIMES: [(&str, f64, f64); 6] = [
    ("whole", 0.0, 6.0),
    ("early", 0.5, 2.0),
    ("cross", 1.2, 3.4),
    ("blink", 2.0, 2.04),
    ("late", 3.4, 6.0),
    ("short", 4.49, 4.61),
];

/// [`TIMES`] as a hotspot file.
pub fn timed() -> Value {
    let spots = TIMES.iter().enumerate().map(|(row, (id, start, end))| {
        let y = 10.0 + 16.0 * row as f64;
        still(
            id,
            *start,
            *end,
            [50.0, y, 8.0, 8.0],
            json!({ "shape": "rect" }),
        )
    });
    file(spots.collect())
}

/// The ids of [`TIMES`] that are due at a time, sorted.
pub fn due(time: f64) -> Vec<&'static str> {
    let on = TIMES
        .iter()
        .filter(|(_, start, end)| *start <= time && time < *end);
    let mut ids: Vec<&str> = on.map(|(id, ..)| *id).collect();
    ids.sort_unstable();
    ids
}
