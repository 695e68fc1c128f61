//! Which hotspot the pointer is on, where the browser's own hit test passes the overlay by: above a
//! video that is in fullscreen alone.

use crate::geometry::{Rect, Shape, contains};
use alloc::vec::Vec;

/// Which of these shapes is the topmost at (`x`, `y`), by its place among them; none from
/// `bar` down, where the browser's own controls are. Each shape is a row: its length, the shape's place in
/// [`Shape`], the left, top, width and height of its box, and for a polygon its corners in percent
/// of that. The last one lies on top.
pub fn topmost(rows: &[f64], x: f64, y: f64, bar: f64) -> Option<usize> {
    if y >= bar {
        return None;
    }
    let (mut rest, mut row, mut found) = (rows, 0, None);
    while let Some((length, more)) = rest.split_first() {
        let end = *length as usize;
        let (Some(numbers), Some(next)) = (more.get(..end), more.get(end..)) else {
            break;
        };
        if let [shape, left, top, w, h, corners @ ..] = numbers {
            let boxed = Rect {
                x: *left,
                y: *top,
                w: *w,
                h: *h,
            };
            if contains(&numbered(*shape, corners), boxed, x, y) {
                found = Some(row);
            }
        }
        rest = next;
        row += 1;
    }
    found
}

fn numbered(shape: f64, corners: &[f64]) -> Shape {
    match shape as u32 {
        0 => Shape::Point,
        2 => Shape::Ellipse,
        3 => {
            let mut points = Vec::new();
            for corner in corners.chunks_exact(2) {
                if let [x, y] = corner {
                    points.push((*x, *y));
                }
            }
            Shape::Polygon(points)
        }
        _ => Shape::Rect,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A rectangle, an ellipse in the same box, a triangle in another, a point.
    const ROWS: [f64; 31] = [
        5.0, 1.0, 100.0, 100.0, 200.0, 100.0, //
        5.0, 2.0, 100.0, 100.0, 200.0, 100.0, //
        11.0, 3.0, 400.0, 100.0, 100.0, 100.0, 0.0, 0.0, 100.0, 0.0, 0.0, 100.0, //
        5.0, 0.0, 390.0, 90.0, 44.0, 44.0, //
        9.0,
    ];

    #[test]
    fn the_last_shape_that_holds_the_place_is_on_top() {
        let at = |x, y| topmost(&ROWS, x, y, 1_000.0);
        assert_eq!(at(200.0, 150.0), Some(1));
        assert_eq!(at(102.0, 102.0), Some(0), "outside of the ellipse");
        assert_eq!(at(410.0, 110.0), Some(3));
        assert_eq!(at(410.0, 180.0), Some(2));
        assert_eq!(at(490.0, 180.0), None, "the empty half of the triangle");
        assert_eq!(at(50.0, 50.0), None);
    }

    #[test]
    fn what_lies_over_the_controls_is_theirs() {
        assert_eq!(topmost(&ROWS, 200.0, 150.0, 150.0), None);
        assert_eq!(topmost(&ROWS, 200.0, 149.9, 150.0), Some(1));
    }

    proptest! {
        #[test]
        fn any_numbers_will_do(rows in prop::collection::vec(-9.0f64..99.0, 0..60), x in -9.0f64..99.0, y in -9.0f64..99.0) {
            if let Some(row) = topmost(&rows, x, y, 1e9) {
                prop_assert!(row < rows.len());
            }
        }
    }
}
