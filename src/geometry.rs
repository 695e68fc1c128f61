//! Video pixels to page pixels, shapes and hit tests.

use crate::motion::Place;

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
    /// Reads a computed `object-fit`; what is unknown counts as CSS's initial value, `fill`.
    pub fn parse(value: &str) -> Self {
        match value {
            "contain" => Self::Contain,
            "cover" => Self::Cover,
            "none" => Self::None,
            "scale-down" => Self::ScaleDown,
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

impl Offset {
    const CENTER: Self = Self::percent(50.0);

    const fn percent(percent: f64) -> Self {
        Self { percent, px: 0.0 }
    }

    fn plus(self, other: Self, times: f64) -> Self {
        Self {
            percent: self.percent + other.percent * times,
            px: self.px + other.px * times,
        }
    }

    fn of(self, free: f64) -> f64 {
        free * self.percent / 100.0 + self.px
    }
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
        Self {
            x: Offset::CENTER,
            y: Offset::CENTER,
        }
    }
}

impl Position {
    /// Reads a computed `object-position`, of one to four values: percentages, pixels, sums of
    /// both in `calc()` and edge names. What cannot be read counts as the initial `50% 50%`.
    pub fn parse(value: &str) -> Self {
        read_position(value.as_bytes()).unwrap_or_default()
    }
}

/// Where a picture of `natural` size lies relative to a `content` box (both in CSS pixels), which
/// it may exceed. A picture whose size is unknown, like that of a video before its metadata, is
/// taken to fill the box.
pub fn picture(content: (f64, f64), natural: (f64, f64), fit: Fit, position: Position) -> Rect {
    let (wide, high) = (content.0 / natural.0, content.1 / natural.1);
    let known = natural.0 > 0.0 && natural.1 > 0.0;
    let scale = match fit {
        Fit::Contain => wide.min(high),
        Fit::Cover => wide.max(high),
        Fit::None => 1.0,
        Fit::ScaleDown => wide.min(high).min(1.0),
        Fit::Fill => 0.0,
    };
    let (w, h) = if known && fit != Fit::Fill {
        (natural.0 * scale, natural.1 * scale)
    } else {
        content
    };
    // An unknown picture lies on the box whatever the position says; a filling one is moved by it.
    let (x, y) = if known {
        let (x, y) = (position.x, position.y);
        (x.of(content.0 - w), y.of(content.1 - h))
    } else {
        (0.0, 0.0)
    };
    Rect { x, y, w, h }
}

/// A hotspot's box around its centre, in the pixels of `picture`, at least as large as `least`
/// (width, height): the smallest target that a finger hits.
pub fn target_box(place: Place, picture: Rect, least: (f64, f64)) -> Rect {
    let w = (picture.w * place.w / 100.0).max(least.0);
    let h = (picture.h * place.h / 100.0).max(least.1);
    Rect {
        x: picture.x + picture.w * place.x / 100.0 - w / 2.0,
        y: picture.y + picture.h * place.y / 100.0 - h / 2.0,
        w,
        h,
    }
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

/// The `translate` (CSS pixels) that lays an overlay's top left corner on the video's.
///
/// `video` and `overlay` are the elements' boxes in the viewport, in which an ancestor's transform
/// may have scaled them; `layout` is the overlay's size before any transform, `current` its
/// translation when it was measured.
pub fn offset(video: Rect, overlay: Rect, layout: (f64, f64), current: (f64, f64)) -> (f64, f64) {
    (
        current.0 + unscaled(video.x - overlay.x, overlay.w, layout.0),
        current.1 + unscaled(video.y - overlay.y, overlay.h, layout.1),
    )
}

/// A length in the viewport as one inside the overlay, which is `laid` there and `seen` here.
fn unscaled(length: f64, seen: f64, laid: f64) -> f64 {
    if seen > 0.0 && laid > 0.0 {
        length * laid / seen
    } else {
        length
    }
}

/// Which direction a value of `object-position` is about.
#[derive(Clone, Copy, PartialEq)]
enum Axis {
    X,
    Y,
    Either,
}

/// Reads `object-position`. `str::parse::<f64>` and the tables behind it would cost more bytes than
/// all of this file.
fn read_position(text: &[u8]) -> Option<Position> {
    let values = split(text);
    let mut read: Vec<(Axis, Offset)> = Vec::new();
    for value in &values {
        let edge = edge(value);
        match (edge, read.last_mut()) {
            (Some(edge), _) => read.push(edge),
            // Of three or four values, one that follows an edge is a distance from that edge.
            (None, Some((axis, from))) if values.len() > 2 && *axis != Axis::Either => {
                let inward = if from.percent > 0.0 { -1.0 } else { 1.0 };
                *from = from.plus(sum(value)?, inward);
            }
            _ => read.push((Axis::Either, sum(value)?)),
        }
    }
    let (first, second) = match read.as_slice() {
        [one] => (*one, (Axis::Either, Offset::CENTER)),
        [one, two] => (*one, *two),
        _ => return None,
    };
    let (x, y) = if first.0 == Axis::Y || second.0 == Axis::X {
        (second, first)
    } else {
        (first, second)
    };
    (x.0 != Axis::Y && y.0 != Axis::X).then_some(Position { x: x.1, y: y.1 })
}

/// Splits at the spaces outside of parentheses.
fn split(text: &[u8]) -> Vec<&[u8]> {
    let mut depth = 0;
    let parts = text.split(|byte| {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        *byte == b' ' && depth == 0
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// An edge's name, as the distance from the left or the top.
fn edge(name: &[u8]) -> Option<(Axis, Offset)> {
    let (axis, percent) = match name {
        b"left" => (Axis::X, 0.0),
        b"right" => (Axis::X, 100.0),
        b"top" => (Axis::Y, 0.0),
        b"bottom" => (Axis::Y, 100.0),
        b"center" => (Axis::Either, 50.0),
        _ => return None,
    };
    Some((axis, Offset::percent(percent)))
}

/// One length, or `calc()` of lengths with `+` and `-` between: all that computed values hold.
fn sum(text: &[u8]) -> Option<Offset> {
    let inner = text
        .strip_prefix(b"calc(")
        .map(|rest| rest.strip_suffix(b")"));
    let Some(inner) = inner else {
        return length(text);
    };
    let (mut total, mut sign) = (Offset::percent(0.0), 1.0);
    for part in inner?.split(|byte| *byte == b' ') {
        match part {
            b"" => {}
            b"+" => sign = 1.0,
            b"-" => sign = -1.0,
            _ => total = total.plus(length(part)?, sign),
        }
    }
    Some(total)
}

/// A number with `%`, with `px`, or zero with neither.
fn length(text: &[u8]) -> Option<Offset> {
    let (number, unit) = number(text)?;
    match unit {
        b"%" => Some(Offset::percent(number)),
        b"px" => Some(Offset {
            percent: 0.0,
            px: number,
        }),
        b"" if number == 0.0 => Some(Offset::percent(0.0)),
        _ => None,
    }
}

/// Reads a decimal number as CSS writes it and gives what follows it.
fn number(text: &[u8]) -> Option<(f64, &[u8])> {
    let (sign, text) = sign(text);
    let (whole, rest, count) = digits(text, 0.0);
    let (mantissa, rest, decimals) = match rest {
        [b'.', rest @ ..] => digits(rest, whole),
        _ => (whole, rest, 0),
    };
    if count + decimals == 0 {
        return None;
    }
    let (mut power, mut left) = (-f64::from(decimals), rest);
    if let [b'e' | b'E', rest @ ..] = rest {
        let (exponent_sign, rest) = self::sign(rest);
        let (exponent, rest, count) = digits(rest, 0.0);
        if count > 0 {
            power += exponent * exponent_sign;
            left = rest;
        }
    }
    let value = sign * scaled(mantissa, power);
    value.is_finite().then_some((value, left))
}

/// A leading sign as a factor, and what follows it.
fn sign(text: &[u8]) -> (f64, &[u8]) {
    match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    }
}

/// Appends leading digits to `value`; what follows them; and their number.
fn digits(mut text: &[u8], mut value: f64) -> (f64, &[u8], i32) {
    let mut count = 0;
    while let [digit @ b'0'..=b'9', rest @ ..] = text {
        value = value * 10.0 + f64::from(digit - b'0');
        count += 1;
        text = rest;
    }
    (value, text, count)
}

/// `mantissa` times ten to the `power`. One division keeps short decimals exact; the largest
/// power that is still finite stands for all beyond it.
fn scaled(mantissa: f64, power: f64) -> f64 {
    let mut factor = 1.0;
    for _ in 0..power.abs().min(308.0) as u32 {
        factor *= 10.0;
    }
    if power < 0.0 {
        mantissa / factor
    } else {
        mantissa * factor
    }
}
