//! Keyframes to a place at a time.

/// How places between two keyframes are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// The earlier keyframe holds until the next.
    Step,
    /// A straight line.
    #[default]
    Linear,
    /// A smooth curve through every keyframe.
    CatmullRom,
}

/// A centre and a size, in percent of the video's own picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Centre, from the left edge.
    pub x: f64,
    /// Centre, from the top edge.
    pub y: f64,
    /// Width; 0 for a point.
    pub w: f64,
    /// Height; 0 for a point.
    pub h: f64,
}

impl Place {
    /// The four numbers, so that one loop treats them alike.
    fn numbers(self) -> [f64; 4] {
        [self.x, self.y, self.w, self.h]
    }
}

/// A place at a time, in seconds of the video.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keyframe {
    /// Seconds.
    pub time: f64,
    /// Where it is then.
    pub place: Place,
}

/// A hotspot's keyframes in strictly ascending time, at least one, and what lies between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Strictly ascending in `time`.
    pub keyframes: Vec<Keyframe>,
    /// What lies between two keyframes.
    pub interpolation: Interpolation,
}

impl Path {
    /// The place at `t` seconds of the video. Before the first and after the last keyframe the
    /// nearest holds; a `t` that is no number gives the first.
    ///
    /// A keyframe's own time gives exactly that keyframe. Sizes are never negative.
    pub fn at(&self, t: f64) -> Place {
        let frames = self.keyframes.as_slice();
        let Some(first) = frames.first() else {
            return Place::default();
        };
        let next = frames.partition_point(|frame| frame.time <= t);
        let Some(from) = next.checked_sub(1).and_then(|last| frames.get(last)) else {
            return first.place;
        };
        let Some(to) = frames.get(next) else {
            return from.place;
        };
        // At a keyframe's own time the curve would give its place only up to rounding.
        if self.interpolation == Interpolation::Step || t == from.time {
            return from.place;
        }
        let share = (t - from.time) / (to.time - from.time);
        if self.interpolation == Interpolation::Linear {
            return blend([from, from, to, to], [0.0, share, 0.0]);
        }
        let before = next.checked_sub(2).and_then(|index| frames.get(index));
        let after = frames.get(next + 1);
        let four = [before.unwrap_or(from), from, to, after.unwrap_or(to)];
        blend(four, smooth(share, four.map(|frame| frame.time)))
    }

    /// Whether the place is the same at all times.
    pub fn is_still(&self) -> bool {
        self.keyframes
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.place == b.place))
    }
}

/// How much of the zeroth, second and third of four keyframes a cubic takes at a `share` (0 to 1)
/// of the way from the first to the second, each as a difference from the first.
///
/// It is Hermite's cubic whose velocity at a keyframe is that of the straight line between its
/// two neighbours *in time*. The parabola through three keyframes (Barry and Goldman's form) would
/// fling a hotspot off the picture where a long hold meets a quick jump; this one overshoots two
/// keyframes by no more than half of the largest step around them.
fn smooth(share: f64, times: [f64; 4]) -> [f64; 3] {
    let span = times[2] - times[1];
    let rest = 1.0 - share;
    let leave = share * rest * rest * span / (times[2] - times[0]);
    let arrive = share * share * rest * span / (times[3] - times[1]);
    [-leave, share * share * (3.0 - 2.0 * share) + leave, -arrive]
}

/// The first of four keyframes, moved by `shares` of the way to the others. Differences keep what
/// stands still exactly still.
fn blend(four: [&Keyframe; 4], shares: [f64; 3]) -> Place {
    let [before, from, to, after] = four.map(|frame| frame.place.numbers());
    let mut mixed = [0.0; 4];
    let others = before.iter().zip(&to).zip(&after);
    for ((out, origin), ((before, to), after)) in mixed.iter_mut().zip(&from).zip(others) {
        *out = origin
            + (before - origin) * shares[0]
            + (to - origin) * shares[1]
            + (after - origin) * shares[2];
    }
    let [x, y, w, h] = mixed;
    Place {
        x,
        y,
        w: w.max(0.0),
        h: h.max(0.0),
    }
}
