//! Where the overlay's box is laid, and what of it is kept free.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use serde_json::json;
use vitrine::config::decode;
use vitrine::geometry::{Fit, Position, Rect};
use vitrine::session::{Do, Layout, Session};

/// A video of 640 by 360 pixels whose box is 30 to the right of the anchor and 400 above it.
fn layout() -> Layout {
    Layout {
        video: rect(130.0, 50.0, 640.0, 360.0),
        video_size: (640.0, 360.0),
        anchor: (100.0, 450.0),
        natural: (1280.0, 720.0),
        fit: Fit::Contain,
        position: Position::default(),
        offset: (30.0, -400.0),
        safe: [-1.0; 4],
        ..Layout::default()
    }
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Rect {
    Rect { x, y, w, h }
}

/// The last row of this kind: left, top, width, height, and what follows.
fn row(layout: &Layout, what: Do) -> Vec<f64> {
    let file = json!({ "version": 1, "video": { "id": "v" }, "products": [{ "id": "p", "title": "P" }],
        "hotspots": [{ "id": "low", "products": ["p"], "start": 0, "end": 9, "keyframes": [{ "time": 0, "x": 50, "y": 99 }] }] });
    let mut session = Session::new(decode(&&file).config.unwrap());
    session.start(false);
    session.layout(layout);
    let effects = session.take_effects();
    let (mut at, mut found) = (0, Vec::new());
    while at < effects.len() {
        let end = at + effects[at] as usize;
        if effects[at + 1] == f64::from(what as u8) {
            found = effects[at + 2..end].to_vec();
        }
        at = end;
    }
    found
}

/// What is kept free: left, top, right, bottom.
fn free(layout: &Layout) -> [f64; 4] {
    row(layout, Do::Frame)[4..8].try_into().unwrap()
}

proptest! {
    /// Measured through a container's scaling, or with a transform of the video's own, the box is
    /// the video's as it was laid out, to two pixels.
    #[test]
    fn transforms_do_not_move_the_box(
        scale in (0.1..4.0, 0.1..4.0), shift in (-900.0..900.0, -900.0..900.0), own in 0.5..2.0, turned: bool,
    ) {
        let mut layout = layout();
        let (x, y) = layout.anchor;
        let Rect { x: left, y: top, w, h } = layout.video;
        layout.video = rect(x + (left - x) * scale.0, y + (top - y) * scale.1, w * scale.0, h * scale.1);
        if turned {
            layout.video = rect(left + shift.0, top + shift.1, w * own, h * own * own);
        }
        let got = row(&layout, Do::Frame);
        for (got, wanted) in got.iter().zip([30.0, -400.0, 640.0, 360.0]) {
            prop_assert!((got - wanted).abs() < 2.0, "{got} instead of {wanted}");
        }
    }

    #[test]
    fn the_bar_s_clicks_are_its_own(height in 0.0..180.0, scale in 0.2..3.0) {
        let mut layout = layout();
        let Rect { x, y, w, h } = layout.video;
        let (left, top) = layout.anchor;
        let laid = |r: Rect| rect(left + (r.x - left) * scale, top + (r.y - top) * scale, r.w * scale, r.h * scale);
        layout.video = laid(rect(x, y, w, h));
        layout.bar = laid(rect(x, y + h - height, w, height));
        let place = row(&layout, Do::Place);
        // Its number, left, top, width, height.
        let below = 360.0 - place[2] - place[4];
        prop_assert!(place[4] == 44.0 && (below - height).abs() < 1.0, "{place:?} above a bar of {height}");
    }
}

#[test]
fn what_is_kept_free_by_default() {
    let mut layout = layout();
    assert_eq!(free(&layout), [0.0; 4]);
    layout.controls = true;
    assert_eq!(free(&layout), [0.0, 0.0, 0.0, 72.0]);
    // A video too low for the controls to leave anything has them beneath the hotspots.
    layout.video.h = 120.0;
    layout.video_size.1 = 120.0;
    assert_eq!(free(&layout), [0.0; 4]);
}

#[test]
fn the_page_has_the_last_word() {
    let mut layout = layout();
    layout.controls = true;
    layout.safe = [1.0, 2.0, 3.0, 0.0];
    assert_eq!(free(&layout), [1.0, 2.0, 3.0, 0.0]);
    layout.safe = [-1.0, -1.0, -1.0, 30.0];
    assert_eq!(free(&layout), [0.0, 0.0, 0.0, 30.0]);
}

#[test]
fn what_is_no_bar_of_this_video() {
    let mut layout = layout();
    let Rect { x, y, w, h } = layout.video;
    for bar in [
        // Beside, above and below it; over more than its lower half.
        rect(x + w, y + h - 40.0, w, 40.0),
        rect(x - w, y + h - 40.0, w, 40.0),
        rect(x, y - 60.0, w, 40.0),
        rect(x, y + h, w, 40.0),
        rect(x, y, w, h),
    ] {
        layout.bar = bar;
        assert_eq!(free(&layout), [0.0; 4], "{bar:?}");
    }
}
