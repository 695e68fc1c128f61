//! What shall be done in the browser, as rows of numbers: the host takes them all in one call.

use alloc::vec::Vec;

/// What to do. In parentheses the numbers that follow; an index of -1 means none. `www/host.js` has
/// a method for each, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Add a hotspot's button (index, index of the one that comes after it).
    Show,
    /// Remove a hotspot's button (index).
    Hide,
    /// Lay the overlay's own box (left and top from its static position, width, height, and from
    /// its left, top, right and bottom what is kept free, and what the picture leaves of it across
    /// and down, in pixels).
    Frame,
    /// Move a hotspot's button (index, left, top, width, height in pixels).
    Place,
    /// Start (1) or stop (0) the video.
    Play,
    /// Jump in the video (seconds).
    Seek,
    /// Set the one timer (milliseconds; NaN for none).
    Wake,
    /// Take everything off the page.
    Destroy,
    // From here on the host may do it later, in the same order: `www/shop.js`.
    /// Write an event, show it to the page as `vitrine:event` and send it (number, [`Kind`](crate::event::Kind), seq, view, cause, monotonic milliseconds, milliseconds
    /// since the view began, seconds in the video, segment, hotspot, product, variant, note, value;
    /// for `view_end` also the number of stretches watched, each one's start and end in seconds,
    /// and the hotspots that were seen, each with its milliseconds).
    Emit,
    /// Draw the card (1 to move the focus into it, hotspot, which of its products, variant, 1 if it
    /// can be bought, how far the cart has come, note, side (0 for a sheet), left, top, rise). Close
    /// it (0).
    Card,
    /// Give the focus back to a hotspot's button, or to the video where that is gone (index).
    Focus,
    /// Fire a cancelable DOM event about an event on the video and feed back whether the page took
    /// it ([`Ask`], hotspot or request, number of the event).
    Ask,
    /// Call the page's `cart` callback, then feed its answer back (request, number of the event).
    Call,
    /// Open a hotspot's link in a new tab, or go where the shop's answer says to pay (hotspot, note).
    Open,
    /// The page is left or hidden: get everything out.
    Leave,
}

/// What a cancelable DOM event asks the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `vitrine:hotspot-click`: shall the hotspot's action follow?
    Click,
    /// `vitrine:add-to-cart`: shall the overlay call the page's cart?
    Add,
    /// `vitrine:buy-now`: the same.
    Buy,
    /// `vitrine:purchase` asks nothing.
    Purchase,
}

/// Adds a row: its length, what to do, and with which numbers.
pub(super) fn push(effects: &mut Vec<f64>, what: Do, numbers: &[f64]) {
    effects.extend_from_slice(&[(numbers.len() + 2) as f64, f64::from(what as u8)]);
    effects.extend_from_slice(numbers);
}
