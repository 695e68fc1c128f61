//! The same hotspots for both: Vitrine's hotspot file, and the peer's list.

use serde_json::{Value, json};

/// How long the clip shows a frame, in seconds.
pub const FRAME: f64 = 0.04;
/// How many frames the clip has.
pub const FRAMES: u32 = 150;
/// A moving hotspot crosses so many percent of the picture's width in a second.
const SPEED: f64 = 50.0;
/// Where it starts.
const LEFT: f64 = 20.0;

/// What a set of hotspots does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// All are on screen for the whole clip, and all move.
    AtOnce,
    /// Each comes on a frame of its own, moves, and goes a second later.
    Moving,
    /// Each comes on a frame of its own, stands still, and goes a second later.
    Static,
}

/// One hotspot: from frame `start`, until frame `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hotspot {
    number: u32,
    kind: Kind,
    /// The first frame on which it is there.
    pub start: u32,
    /// The first frame on which it is gone.
    pub end: u32,
}

/// A set of this many.
pub fn set(kind: Kind, count: u32) -> Vec<Hotspot> {
    // The first frames are left out, as the clip starts anew there, and so are the last ones.
    const FIRST: u32 = 15;
    const LENGTH: u32 = 25;
    const LAST: u32 = FRAMES - 15 - LENGTH;
    (0..count)
        .map(|number| {
            let (start, end) = match kind {
                Kind::AtOnce => (0, FRAMES),
                _ => {
                    let start = FIRST + number * (LAST - FIRST) / count.max(2).saturating_sub(1);
                    (start.min(LAST), start.min(LAST) + LENGTH)
                }
            };
            Hotspot {
                number,
                kind,
                start,
                end,
            }
        })
        .collect()
}

/// The time of a frame, in seconds.
pub fn time(frame: u32) -> f64 {
    f64::from(frame * 40) / 1000.0
}

impl Hotspot {
    /// Where it is at a time, in percent of the picture.
    fn place(&self, time: f64) -> (f64, f64) {
        let row = f64::from(self.number * 37 % 55) + 15.0;
        match self.kind {
            Kind::AtOnce => {
                let column = f64::from(self.number * 61 % 40) + 10.0;
                let round = |value: f64| (value * 10.0).round() / 10.0;
                (round(column + time * 6.0), row)
            }
            Kind::Moving => (LEFT + (time - self::time(self.start)) * SPEED, row),
            Kind::Static => (LEFT, row),
        }
    }

    /// By how many frames a place of its centre is behind what it should be at this time; None if it does not move.
    pub fn behind(&self, time: f64, x: f64) -> Option<f64> {
        let since = time - self::time(self.start);
        (self.kind == Kind::Moving).then(|| (since - (x - LEFT) / SPEED) / FRAME)
    }

    /// A keyframe each second.
    fn keyframes(&self) -> Vec<Value> {
        if self.kind == Kind::Static {
            return Vec::new();
        }
        let keyframe = |frame: u32| {
            let time = time(frame);
            let (x, y) = self.place(time);
            json!({ "time": time, "x": x, "y": y })
        };
        (self.start..=self.end).step_by(25).map(keyframe).collect()
    }

    fn title(&self) -> String {
        format!("Product {}", self.number)
    }

    fn link(&self) -> String {
        format!("/p/{}", self.number)
    }
}

/// Vitrine's hotspot file.
pub fn vitrine(set: &[Hotspot]) -> Value {
    let product = |spot: &Hotspot| {
        json!({ "id": format!("p{}", spot.number), "title": spot.title(), "link": spot.link(),
                "price": "29.00 EUR", "availability": "in_stock" })
    };
    let hotspot = |spot: &Hotspot| {
        let mut keyframes = spot.keyframes();
        if keyframes.is_empty() {
            let (x, y) = spot.place(0.0);
            keyframes.push(json!({ "time": time(spot.start), "x": x, "y": y }));
        }
        json!({ "id": format!("h{}", spot.number), "label": spot.title(),
                "products": [format!("p{}", spot.number)],
                "start": time(spot.start), "end": time(spot.end),
                "shape": "point", "interpolation": "linear", "keyframes": keyframes })
    };
    json!({
        "version": 1,
        "video": { "id": "clip", "title": "Clip", "duration": time(FRAMES) },
        "products": set.iter().map(product).collect::<Vec<_>>(),
        "hotspots": set.iter().map(hotspot).collect::<Vec<_>>(),
    })
}

/// The peer's list. Its ends belong to the hotspot, ours do not: each is half a frame sooner.
pub fn peer(set: &[Hotspot]) -> Value {
    let hotspot = |spot: &Hotspot| {
        let (x, y) = spot.place(time(spot.start));
        let mut value = json!({
            "id": format!("h{}", spot.number), "label": spot.title(), "x": x, "y": y,
            "startTime": time(spot.start), "endTime": time(spot.end) - FRAME / 2.0,
            "data": { "title": spot.title(), "price": "29.00 EUR", "url": spot.link() },
        });
        let keyframes = spot.keyframes();
        if !keyframes.is_empty() {
            value["keyframes"] = json!(keyframes);
        }
        value
    };
    set.iter().map(hotspot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_off_the_clips_ends() {
        for kind in [Kind::Moving, Kind::Static] {
            for count in [1, 10, 100, 1000] {
                let set = set(kind, count);
                assert_eq!(set.len(), count as usize);
                assert!(set.iter().all(|spot| spot.start >= 15 && spot.end <= 135));
                assert!(set.iter().all(|spot| spot.end - spot.start == 25));
            }
        }
        let whole = set(Kind::AtOnce, 3);
        assert!(whole.iter().all(|spot| (spot.start, spot.end) == (0, 150)));
    }

    #[test]
    fn both_get_the_same_path() {
        let set = set(Kind::Moving, 10);
        let (ours, theirs) = (vitrine(&set), peer(&set));
        for (index, spot) in set.iter().enumerate() {
            let path = &ours["hotspots"][index]["keyframes"];
            assert_eq!(path, &theirs[index]["keyframes"]);
            let half = time(spot.start) + 0.5;
            for (x, behind) in [(45.0, 0.0), (43.0, 1.0)] {
                let found = spot.behind(half, x).unwrap_or(f64::NAN);
                assert!((found - behind).abs() < 1e-9, "{found}");
            }
        }
    }
}
