//! Keyframes to a place at a time.

use alloc::vec::Vec;

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
    /// Moves by a `share` of the way between two other places. Differences keep what stands still
    /// exactly still.
    fn advance(&mut self, share: f64, from: &Place, to: &Place) {
        self.x += share * (to.x - from.x);
        self.y += share * (to.y - from.y);
        self.w += share * (to.w - from.w);
        self.h += share * (to.h - from.h);
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
        let next = frames.partition_point(|frame| frame.time <= t);
        // Off the list the index wraps to one that it does not have.
        let near = |index: usize, other| frames.get(index).unwrap_or(other);
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            return Place::default();
        };
        let from = near(next.wrapping_sub(1), first);
        let to = near(next, last);
        let mut place = from.place;
        // At a keyframe's own time the curve would give its place only up to rounding.
        let between = from.time < t && t < to.time;
        if !between || self.interpolation == Interpolation::Step {
            return place;
        }
        let span = to.time - from.time;
        let share = (t - from.time) / span;
        if self.interpolation == Interpolation::Linear {
            place.advance(share, &from.place, &to.place);
        } else {
            // Hermite's cubic whose velocity at a keyframe is that of the straight line between its
            // two neighbours *in time*. The parabola through three keyframes (Barry and Goldman's
            // form) would fling a hotspot off the picture where a long hold meets a quick jump; this
            // one overshoots two keyframes by no more than half of the largest step around them.
            let rest = 1.0 - share;
            let before = near(next.wrapping_sub(2), from);
            let after = near(next + 1, to);
            let leave = share * rest * rest * span / (to.time - before.time);
            let arrive = share * share * rest * span / (after.time - from.time);
            place.advance(share * share * (3.0 - 2.0 * share), &from.place, &to.place);
            place.advance(leave, &before.place, &to.place);
            place.advance(-arrive, &from.place, &after.place);
        }
        if place.w < 0.0 {
            place.w = 0.0;
        }
        if place.h < 0.0 {
            place.h = 0.0;
        }
        place
    }
}
