//! Geometry against the words of the CSS specification, done the long way.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use vitrine::geometry::{
    Fit, Offset, Position, Rect, Shape, contains, picture, reachable, target_box,
};
use vitrine::motion::Place;

const FITS: [(&str, Fit); 5] = [
    ("contain", Fit::Contain),
    ("cover", Fit::Cover),
    ("fill", Fit::Fill),
    ("none", Fit::None),
    ("scale-down", Fit::ScaleDown),
];

fn size() -> impl Strategy<Value = (f64, f64)> {
    (1.0..4000.0, 1.0..4000.0)
}

fn rect() -> impl Strategy<Value = Rect> {
    (-2000.0..2000.0, -2000.0..2000.0, 10.0..2000.0, 10.0..2000.0).prop_map(|(x, y, w, h)| Rect {
        x,
        y,
        w,
        h,
    })
}

fn along(percent: f64, px: f64) -> Offset {
    Offset { percent, px }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// The used size of a picture, following css-images-3 section 5.5.
fn fitted(content: (f64, f64), natural: (f64, f64), fit: Fit) -> (f64, f64) {
    let by_width = (content.0, content.0 * natural.1 / natural.0);
    let by_height = (content.1 * natural.0 / natural.1, content.1);
    let contained = if by_width.1 <= content.1 {
        by_width
    } else {
        by_height
    };
    match fit {
        Fit::Fill => content,
        Fit::None => natural,
        Fit::Contain => contained,
        Fit::Cover if by_width.1 >= content.1 => by_width,
        Fit::Cover => by_height,
        Fit::ScaleDown if contained.0 < natural.0 => contained,
        Fit::ScaleDown => natural,
    }
}

proptest! {
    #[test]
    fn pictures_lie_where_css_says(
        content in size(), natural in size(), fit in 0usize..5,
        (px, py) in (-50.0..150.0, -50.0..150.0), (dx, dy) in (-99.0..99.0, -99.0..99.0),
    ) {
        let fit = FITS[fit].1;
        let position = Position { x: along(px, dx), y: along(py, dy) };
        let got = picture(content, natural, fit, position);
        let (w, h) = fitted(content, natural, fit);
        prop_assert!(near(got.w, w) && near(got.h, h), "{got:?} instead of {w} x {h}");
        // A percentage lays that percent point of the picture on that of the box.
        prop_assert!(near(got.x + w * px / 100.0, content.0 * px / 100.0 + dx));
        prop_assert!(near(got.y + h * py / 100.0, content.1 * py / 100.0 + dy));
    }

    #[test]
    fn targets_are_centred_and_large_enough(
        place in (0.0..100.0, 0.0..100.0, 0.0..60.0, 0.0..60.0), picture in rect(), least in (0.0..48.0, 0.0..48.0),
    ) {
        let place = Place { x: place.0, y: place.1, w: place.2, h: place.3 };
        let got = target_box(place, picture, least);
        prop_assert!(near(got.x + got.w / 2.0, picture.x + place.x / 100.0 * picture.w));
        prop_assert!(near(got.y + got.h / 2.0, picture.y + place.y / 100.0 * picture.h));
        prop_assert!(got.w >= least.0 && got.h >= least.1);
        prop_assert!(got.w == least.0 || near(got.w, place.w / 100.0 * picture.w));
        prop_assert!(got.h == least.1 || near(got.h, place.h / 100.0 * picture.h));
    }

    #[test]
    fn hotspots_stay_off_the_control_bar(
        target in rect(), (fw, fh) in (100.0..2000.0, 100.0..2000.0), inset in prop::array::uniform4(prop_oneof![Just(0.0), 0.0..0.2]), least in 1.0..44.0, cut: bool,
    ) {
        let frame = Rect { x: 0.0, y: 0.0, w: fw, h: fh };
        let target = Rect { w: target.w + least, h: target.h + least, ..target };
        let [l, t, r, b] = inset;
        let safe = Rect { x: l * fw, y: t * fh, w: (1.0 - l - r) * fw, h: (1.0 - t - b) * fh };
        let got = reachable(target, frame, safe, least, cut);
        let (x, y) = (target.x + target.w / 2.0, target.y + target.h / 2.0);
        let seen = x >= 0.0 && x <= fw && y >= 0.0 && y <= fh;
        // What a viewer can hit of a side.
        let reach = |start: f64, length: f64, from: f64, size: f64| {
            f64::min(start + length, from + size) - f64::max(start, from)
        };
        let across = |of: Rect| reach(of.x, of.w, safe.x, safe.w);
        let down = |of: Rect| reach(of.y, of.h, safe.y, safe.h);
        if !seen {
            prop_assert_eq!(got, target);
        } else {
            prop_assert!(across(got) >= least - 1e-6 && down(got) >= least - 1e-6, "{got:?}");
            // Without an inset there, it may stick out of the frame: its centre is its product's.
            let inside = |start: f64, length: f64, from: f64, size: f64| {
                start >= from - 1e-6 && start + length <= from + size + 1e-6
            };
            prop_assert!(!cut || safe.w == fw || inside(got.x, got.w, safe.x, safe.w), "{got:?}");
            prop_assert!(!cut || safe.h == fh || inside(got.y, got.h, safe.y, safe.h), "{got:?}");
            prop_assert!(cut || got.w == target.w && got.h == target.h);
            // It moves no further than it must.
            let by = |moved: f64, reach: f64| moved.abs() <= f64::max(0.0, least - reach) + 1e-6;
            prop_assert!(cut || by(got.x - target.x, across(target)) && by(got.y - target.y, down(target)));
        }
    }

    #[test]
    fn boxes_and_ellipses_hold_their_points(boxed in rect(), turn in 0.0..6.3, reach in 0.0..2.0f64) {
        prop_assume!((reach - 1.0).abs() > 1e-6);
        let (cx, cy) = (boxed.x + boxed.w / 2.0, boxed.y + boxed.h / 2.0);
        let (x, y) = (cx + boxed.w / 2.0 * reach * f64::cos(turn), cy + boxed.h / 2.0 * reach * f64::sin(turn));
        prop_assert_eq!(contains(&Shape::Ellipse, boxed, x, y), reach < 1.0);
        let held = x >= boxed.x && x <= boxed.x + boxed.w && y >= boxed.y && y <= boxed.y + boxed.h;
        prop_assert_eq!(contains(&Shape::Rect, boxed, x, y), held);
        prop_assert_eq!(contains(&Shape::Point, boxed, x, y), held);
    }

    #[test]
    fn polygons_hold_an_odd_number_of_turns(
        corners in prop::collection::vec((0.0..100.0, 0.0..100.0), 3..9), boxed in rect(), (u, v) in (-10.0..110.0, -10.0..110.0),
    ) {
        let (x, y) = (boxed.x + boxed.w * u / 100.0, boxed.y + boxed.h * v / 100.0);
        // A ray downwards decides the same as the one to the right that is tested here.
        let mut crossings = 0;
        for (i, a) in corners.iter().enumerate() {
            let b: &(f64, f64) = &corners[(i + 1) % corners.len()];
            let (left, right) = if a.0 < b.0 { (a, b) } else { (b, a) };
            let share = (u - left.0) / (right.0 - left.0);
            if left.0 <= u && u < right.0 && left.1 * (1.0 - share) + right.1 * share > v {
                crossings += 1;
            }
        }
        prop_assert_eq!(contains(&Shape::Polygon(corners), boxed, x, y), crossings % 2 == 1);
    }
}

#[test]
fn fits_are_numbered_as_the_host_does() {
    let host = include_str!("../www/host.js");
    let list = host.split_once("const FITS = [").unwrap().1;
    let list = list.split_once(']').unwrap().0.replace('"', "");
    let names: Vec<&str> = list.split(", ").collect();
    for (name, fit) in FITS {
        let place = names.iter().position(|other| *other == name);
        assert_eq!(
            Fit::numbered(place.map_or(u32::MAX, |place| place as u32)),
            fit
        );
    }
}

#[test]
fn an_unknown_picture_fills_the_box() {
    let position = Position {
        x: along(0.0, 10.0),
        y: along(0.0, 20.0),
    };
    for (_, fit) in FITS {
        for natural in [(0.0, 0.0), (f64::NAN, 9.0)] {
            let got = picture((640.0, 360.0), natural, fit, position);
            let (w, h) = (640.0, 360.0);
            assert_eq!(
                got,
                Rect {
                    x: 0.0,
                    y: 0.0,
                    w,
                    h
                }
            );
        }
    }
}

#[test]
fn a_letterboxed_wide_film() {
    let got = picture(
        (400.0, 400.0),
        (1600.0, 900.0),
        Fit::Contain,
        Position::default(),
    );
    assert_eq!((got.x, got.y, got.w, got.h), (0.0, 87.5, 400.0, 225.0));
}

#[test]
fn a_box_of_no_size_holds_nothing() {
    for shape in [
        Shape::Point,
        Shape::Rect,
        Shape::Ellipse,
        Shape::Polygon(vec![]),
    ] {
        assert!(!contains(&shape, Rect::default(), 0.0, 0.0));
    }
}
