//! Video pixels to page pixels, shapes and hit tests.

use crate::motion::Place;
use alloc::vec::Vec;

/// The outline of a hotspot inside its own box.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// A dot at the centre; its keyframes need no size.
    #[default]
    Point,
    /// The whole box.
    Rect,
    /// The ellipse that the box bounds.
    Ellipse,
    /// Corners in percent of the box, at least three.
    Polygon(Vec<(f64, f64)>),
}

/// A box in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// `object-fit`: how a picture is scaled into the content box of its element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// As large as fits, in its own proportions. What browsers' own style sheets give videos.
    Contain,
    /// As small as covers, in its own proportions.
    Cover,
    /// Exactly the content box, stretched.
    #[default]
    Fill,
    /// Its natural size.
    None,
    /// The smaller of `None` and `Contain`.
    ScaleDown,
}

impl Fit {
    /// From its place in the host's list; what is unknown counts as CSS's initial value, `fill`.
    pub fn numbered(number: u32) -> Self {
        match number {
            0 => Self::Contain,
            1 => Self::Cover,
            2 => Self::None,
            3 => Self::ScaleDown,
            _ => Self::Fill,
        }
    }
}

/// A distance along one direction: a share of what is free there, and pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// Percent of the free space (content box less picture, negative where the picture is larger).
    pub percent: f64,
    /// CSS pixels.
    pub px: f64,
}

/// `object-position`: where the picture lies in the content box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// From the left.
    pub x: Offset,
    /// From the top.
    pub y: Offset,
}

impl Default for Position {
    fn default() -> Self {
        let center = Offset {
            percent: 50.0,
            px: 0.0,
        };
        Self {
            x: center,
            y: center,
        }
    }
}

/// Where a picture of `natural` size lies relative to a `content` box (both in CSS pixels), which
/// it may exceed. A picture whose size is unknown, like that of a video before its metadata, is
/// taken to fill the box.
pub fn picture(content: (f64, f64), natural: (f64, f64), fit: Fit, position: Position) -> Rect {
    let known = natural.0 > 0.0 && natural.1 > 0.0;
    let (wide, high) = (content.0 / natural.0, content.1 / natural.1);
    let (less, more) = if wide < high {
        (wide, high)
    } else {
        (high, wide)
    };
    let scale = match fit {
        Fit::Cover => more,
        Fit::None => 1.0,
        Fit::ScaleDown if less > 1.0 => 1.0,
        _ => less,
    };
    let (mut w, mut h) = content;
    if known && fit != Fit::Fill {
        (w, h) = (natural.0 * scale, natural.1 * scale);
    }
    // An unknown picture lies on the box whatever the position says; a filling one is moved by it.
    let (mut x, mut y) = (0.0, 0.0);
    if known {
        x = (content.0 - w) * position.x.percent / 100.0 + position.x.px;
        y = (content.1 - h) * position.y.percent / 100.0 + position.y.px;
    }
    Rect { x, y, w, h }
}

/// A hotspot's box around its centre, in the pixels of `picture`, at least as large as `least`
/// (width, height): the smallest target that a finger hits.
pub fn target_box(place: Place, picture: Rect, least: (f64, f64)) -> Rect {
    let (x, w) = target_side(picture.x, picture.w, place.x, place.w, least.0);
    let (y, h) = target_side(picture.y, picture.h, place.y, place.h, least.1);
    Rect { x, y, w, h }
}

/// The start and the length of one side.
fn target_side(start: f64, length: f64, center: f64, size: f64, least: f64) -> (f64, f64) {
    let mut size = length * size / 100.0;
    if size < least {
        size = least;
    }
    (start + length * center / 100.0 - size / 2.0, size)
}

/// A hotspot's box, moved where it is needed so that `least` pixels of it, across and down, are in
/// the `safe` part of the frame; with `cut` it is no larger than that either, where the safe part is
/// smaller than the frame. One whose centre is outside of the frame stays where it is: its product is
/// not to be seen. All boxes are in the frame's pixels.
pub fn reachable(target: Rect, frame: Rect, safe: Rect, least: f64, cut: bool) -> Rect {
    let Rect { x, y, w, h } = target;
    let (middle, level) = (x + w / 2.0, y + h / 2.0);
    if middle < 0.0 || middle > frame.w || level < 0.0 || level > frame.h {
        return target;
    }
    let (x, w) = reachable_side(x, w, (safe.x, safe.w), least, cut && safe.w < frame.w);
    let (y, h) = reachable_side(y, h, (safe.y, safe.h), least, cut && safe.h < frame.h);
    Rect { x, y, w, h }
}

/// The start and the length of one side.
fn reachable_side(start: f64, length: f64, safe: (f64, f64), least: f64, cut: bool) -> (f64, f64) {
    let (first, end) = (safe.0, safe.0 + safe.1);
    let mut start = start;
    if start < first + least - length {
        start = first + least - length;
    }
    if start > end - least {
        start = end - least;
    }
    let mut length = length;
    if cut && start < first {
        length -= first - start;
        start = first;
    }
    if cut && start + length > end {
        length = end - start;
    }
    (start, length)
}

/// Whether a shape in its box holds the point (`x`, `y`) in the same pixels. A polygon that
/// crosses itself holds what an odd number of its turns enclose. A point takes its whole box: a
/// round target would lack the corners that make it large enough.
pub fn contains(shape: &Shape, boxed: Rect, x: f64, y: f64) -> bool {
    let u = (x - boxed.x) / boxed.w;
    let v = (y - boxed.y) / boxed.h;
    match shape {
        Shape::Point | Shape::Rect => (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v),
        Shape::Ellipse => (u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5) <= 0.25,
        Shape::Polygon(corners) => encloses(corners, u * 100.0, v * 100.0),
    }
}

/// Whether a ray from (`x`, `y`) to the right crosses the outline an odd number of times.
fn encloses(corners: &[(f64, f64)], x: f64, y: f64) -> bool {
    let Some(mut from) = corners.last() else {
        return false;
    };
    let mut inside = false;
    for to in corners {
        let crossed = (from.1 > y) != (to.1 > y);
        if crossed && x < from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1) {
            inside = !inside;
        }
        from = to;
    }
    inside
}
