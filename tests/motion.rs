//! Paths over time against a plain, slow reading of what they mean.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use vitrine::motion::{Interpolation, Keyframe, Path, Place};

fn place() -> impl Strategy<Value = Place> {
    (0.0..100.0, 0.0..100.0, 0.0..50.0, 0.0..50.0).prop_map(|(x, y, w, h)| Place { x, y, w, h })
}

fn path() -> impl Strategy<Value = Path> {
    let steps = prop::collection::vec((0.001..20.0, place()), 1..12);
    let kinds = prop_oneof![
        Just(Interpolation::Step),
        Just(Interpolation::Linear),
        Just(Interpolation::CatmullRom),
    ];
    (0.0..30.0, steps, kinds).prop_map(|(mut time, steps, interpolation)| {
        let keyframes = steps
            .into_iter()
            .map(|(step, place)| {
                time += step;
                Keyframe { time, place }
            })
            .collect();
        Path {
            keyframes,
            interpolation,
        }
    })
}

/// Hermite's textbook form for one number, with the velocity at each keyframe written out.
fn oracle(path: &Path, pick: fn(&Place) -> f64, t: f64) -> f64 {
    let frames = &path.keyframes;
    let last = frames.len() - 1;
    let value = |i: usize| pick(&frames[i].place);
    if t <= frames[0].time {
        return value(0);
    }
    if t >= frames[last].time {
        return value(last);
    }
    let mut i = 0;
    while frames[i + 1].time <= t {
        i += 1;
    }
    let span = frames[i + 1].time - frames[i].time;
    let u = (t - frames[i].time) / span;
    let velocity = |i: usize| {
        let (a, b) = (i.saturating_sub(1), (i + 1).min(last));
        (value(b) - value(a)) / (frames[b].time - frames[a].time)
    };
    match path.interpolation {
        Interpolation::Step => value(i),
        Interpolation::Linear => value(i) * (1.0 - u) + value(i + 1) * u,
        Interpolation::CatmullRom => {
            (2.0 * u.powi(3) - 3.0 * u.powi(2) + 1.0) * value(i)
                + (u.powi(3) - 2.0 * u.powi(2) + u) * span * velocity(i)
                + (-2.0 * u.powi(3) + 3.0 * u.powi(2)) * value(i + 1)
                + (u.powi(3) - u.powi(2)) * span * velocity(i + 1)
        }
    }
}

fn largest_step(path: &Path, pick: fn(&Place) -> f64) -> f64 {
    path.keyframes
        .windows(2)
        .map(|pair| (pick(&pair[0].place) - pick(&pair[1].place)).abs())
        .fold(0.0, f64::max)
}

proptest! {
    #[test]
    fn agrees_with_the_textbook(path in path(), t in -5.0..300.0) {
        let at = path.at(t);
        prop_assert!((at.x - oracle(&path, |p| p.x, t)).abs() < 1e-9);
        prop_assert!((at.y - oracle(&path, |p| p.y, t)).abs() < 1e-9);
        prop_assert!((at.w - oracle(&path, |p| p.w, t).max(0.0)).abs() < 1e-9);
        prop_assert!((at.h - oracle(&path, |p| p.h, t).max(0.0)).abs() < 1e-9);
    }

    #[test]
    fn passes_through_every_keyframe(path in path()) {
        for frame in &path.keyframes {
            prop_assert_eq!(path.at(frame.time), frame.place);
        }
    }

    #[test]
    fn the_ends_hold(path in path(), far in 0.0..1e9) {
        let (first, last) = (path.keyframes[0], *path.keyframes.last().unwrap());
        prop_assert_eq!(path.at(first.time - far), first.place);
        prop_assert_eq!(path.at(last.time + far), last.place);
    }

    #[test]
    fn moves_without_a_jump(mut path in path(), curved in any::<bool>(), share in 0.0..1.0) {
        path.interpolation = if curved { Interpolation::CatmullRom } else { Interpolation::Linear };
        let (first, last) = (path.keyframes[0].time, path.keyframes.last().unwrap().time);
        let t = first + share * (last - first);
        let (a, b) = (path.at(t - 1e-8), path.at(t + 1e-8));
        // The shortest stretch is a millisecond, the largest step 100: no faster than 4e5 a second.
        for (a, b) in [(a.x, b.x), (a.y, b.y), (a.w, b.w), (a.h, b.h)] {
            prop_assert!((a - b).abs() < 0.01, "{a} to {b} at {t}");
        }
    }

    #[test]
    fn strays_little_from_its_keyframes(path in path(), t in -5.0..300.0) {
        let at = path.at(t);
        let pick: fn(&Place) -> f64 = |p| p.x;
        let values = || path.keyframes.iter().map(|frame| pick(&frame.place));
        let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
        let stray = match path.interpolation {
            Interpolation::CatmullRom => largest_step(&path, pick) / 2.0,
            _ => 0.0,
        } + 1e-9;
        prop_assert!(at.x >= low - stray && at.x <= high + stray);
        prop_assert!(at.w >= 0.0 && at.h >= 0.0);
    }

    #[test]
    fn an_even_line_stays_a_line(start in 0.0..50.0, speed in -5.0..5.0, times in prop::collection::btree_set(0u32..1000, 2..10), share in 0.0..1.0) {
        let place = |t: f64| Place { x: start + speed * t, ..Place::default() };
        let keyframes: Vec<_> = times
            .iter()
            .map(|&t| Keyframe { time: f64::from(t), place: place(f64::from(t)) })
            .collect();
        let (first, last) = (keyframes[0].time, keyframes[keyframes.len() - 1].time);
        let path = Path { keyframes, interpolation: Interpolation::CatmullRom };
        let t = first + share * (last - first);
        prop_assert!((path.at(t).x - place(t).x).abs() < 1e-8);
    }

    #[test]
    fn what_is_still_never_moves(place in place(), path in path(), t in -5.0..300.0) {
        let mut path = path;
        for frame in &mut path.keyframes {
            frame.place = place;
        }
        prop_assert_eq!(path.at(t), place);
    }
}

#[test]
fn a_time_that_is_no_number_gives_the_first() {
    let at = |x| Place {
        x,
        ..Place::default()
    };
    let keyframes = vec![
        Keyframe {
            time: 1.0,
            place: at(10.0),
        },
        Keyframe {
            time: 2.0,
            place: at(20.0),
        },
    ];
    let path = Path {
        keyframes,
        interpolation: Interpolation::CatmullRom,
    };
    assert_eq!(path.at(f64::NAN), at(10.0));
    assert_eq!(path.at(f64::NEG_INFINITY), at(10.0));
    assert_eq!(path.at(f64::INFINITY), at(20.0));
    assert_eq!(Path::default().at(1.0), Place::default());
}

#[test]
fn a_long_hold_before_a_quick_jump_stays_on_the_picture() {
    let frame = |time, x| Keyframe {
        time,
        place: Place {
            x,
            ..Place::default()
        },
    };
    let path = Path {
        keyframes: vec![
            frame(0.0, 20.0),
            frame(10.0, 20.0),
            frame(10.1, 80.0),
            frame(20.0, 80.0),
        ],
        interpolation: Interpolation::CatmullRom,
    };
    for step in 0..2000 {
        let x = path.at(f64::from(step) / 100.0).x;
        assert!((10.0..=90.0).contains(&x), "{x}");
    }
}
