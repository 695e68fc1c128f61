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
