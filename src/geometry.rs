//! Video pixels to page pixels, shapes and hit tests.

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
