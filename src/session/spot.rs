//! Where the product card is drawn.

use crate::geometry::Rect;

/// Where the card is drawn, in pixels of the overlay's box: with its left edge at `left`; `rise`
/// percent of its height lie above `top`, which is also where its pointer is. So it stays inside the
/// picture whatever its height is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CardSpot {
    /// Which side of the card its hotspot is on.
    pub side: Side,
    /// Pixels.
    pub left: f64,
    /// Pixels.
    pub top: f64,
    /// 0 at the top of the box, 100 at its bottom.
    pub rise: f64,
}

/// The side of the card that its pointer is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// None, nor a place: the picture is too small for a card, which is a sheet at the bottom of the
    /// screen.
    Sheet,
    /// The hotspot is to the left.
    Left,
    /// The hotspot is to the right.
    Right,
    /// The hotspot is beneath the card, which then has no pointer.
    None,
}

impl CardSpot {
    /// A sheet at the bottom of the screen.
    pub const SHEET: Self = Self {
        side: Side::Sheet,
        left: 0.0,
        top: 0.0,
        rise: 0.0,
    };
}

/// The card's width and its distance from its hotspot, in pixels.
const WIDTH: f64 = 320.0;
const GAP: f64 = 12.0;

/// The least width and height of a picture that a card finds room in.
const LEAST: (f64, f64) = (480.0, 256.0);

/// Picks the card's place beside its hotspot (`left, top, width, height`) in this part of the same
/// box; the place is from that part's own left and top.
pub fn card_spot(hotspot: [f32; 4], frame: Rect) -> CardSpot {
    if frame.w < LEAST.0 || frame.h < LEAST.1 {
        return CardSpot::SHEET;
    }
    let [x, y, w, h] = hotspot.map(f64::from);
    let (x, y) = (x - frame.x, y - frame.y);
    let top = between(0.0, y + h / 2.0, frame.h);
    let rise = top / frame.h * 100.0;
    // A hotspot may lie outside, in part or as a whole.
    let right = between(0.0, x + w, frame.w) + GAP;
    let left = between(x, x, frame.w) - GAP - WIDTH;
    let (left, side) = if right + WIDTH + GAP <= frame.w {
        (right, Side::Left)
    } else if left >= GAP {
        (left, Side::Right)
    } else {
        (
            between(GAP, x + w / 2.0 - WIDTH / 2.0, frame.w - WIDTH - GAP),
            Side::None,
        )
    };
    CardSpot {
        left,
        top,
        rise,
        side,
    }
}

/// `clamp` would bring the formatting of floats along, for its assertion; `min` and `max` are
/// function calls of their own.
pub(super) fn between(least: f64, value: f64, most: f64) -> f64 {
    let value = if value < least { least } else { value };
    if value > most { most } else { value }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_card_stays_inside_the_picture(
            (w, h) in (480.0f64..4000.0, 256.0f64..3000.0), x in -100.0f32..4000.0, y in -100.0f32..3000.0,
            size in 0.0f32..500.0, height in 0.0f64..1.0,
        ) {
            let frame = Rect { x: 0.0, y: 0.0, w, h };
            let CardSpot { left, top, rise, side } = card_spot([x, y, size, size], frame);
            prop_assert!(side != Side::Sheet, "there is room");
            prop_assert!(left >= 0.0 && left + WIDTH <= w);
            // A card of any height up to the picture's.
            let height = height * h;
            let upper = top - rise / 100.0 * height;
            prop_assert!(upper >= -0.001 && upper + height <= h + 0.001);
            match side {
                Side::Left => prop_assert!(left >= f64::from(x + size)),
                Side::Right => prop_assert!(left + WIDTH <= f64::from(x)),
                Side::Sheet | Side::None => {}
            }
        }
    }

    #[test]
    fn small_pictures_get_a_sheet() {
        for (w, h) in [(479.0, 600.0), (600.0, 255.0), (0.0, 0.0)] {
            assert_eq!(
                card_spot(
                    [0.0; 4],
                    Rect {
                        x: 0.0,
                        y: 0.0,
                        w,
                        h
                    }
                ),
                CardSpot::SHEET
            );
        }
    }
}
