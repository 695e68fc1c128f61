//! What a valid hotspot file says, with every reference resolved.

use crate::cart::Money;
use crate::geometry::Shape;
use crate::motion::Path;
use alloc::string::String;
use alloc::vec::Vec;

/// A decoded hotspot file: what decisions need of it. Its words stay in the file, where products,
/// variants and hotspots are found by `source`. Those that had errors are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The video that the times and places refer to.
    pub video: Video,
    /// The products that hotspots point at by index.
    pub products: Vec<Product>,
    /// The hotspots, sorted by `start`, then by their order in the file.
    pub hotspots: Vec<Hotspot>,
    /// The A/B experiment that this file is a variant of.
    pub experiment: Option<Experiment>,
    /// The names of what is right in `theme`, each followed by a space.
    pub theme: String,
}

/// `video`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Video {
    /// Seconds, as the marketer knew it; the media element's own value wins for `progress`.
    pub duration: Option<f64>,
    /// Named stretches, in the order of the file: all of them. One with errors has no times.
    pub segments: Vec<Segment>,
}

/// A named stretch `[start, end)` of the video.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Seconds; not a number if there is an error.
    pub start: f64,
    /// Seconds, exclusive; not a number if there is an error.
    pub end: f64,
}

/// `availability`, in the words of a Google Merchant feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// Can be bought now.
    #[default]
    InStock,
    /// Cannot be bought.
    OutOfStock,
    /// Can be ordered before it is released.
    Preorder,
    /// Can be ordered and ships later.
    Backorder,
}

/// A product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    /// Its place in the file's list.
    pub source: usize,
    /// The regular price.
    pub price: Option<Money>,
    /// The price now, in the currency of `price`.
    pub sale_price: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// Whether it has a page of its own.
    pub link: bool,
    /// Sizes, colours and the like; empty for a product that has none.
    pub variants: Vec<Variant>,
}

/// One buyable version of a product. Prices and availability fall back to the product's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    /// Its place in the product's list.
    pub source: usize,
    /// The regular price.
    pub price: Option<Money>,
    /// The price now, in the currency of `price`.
    pub sale_price: Option<Money>,
    /// Whether it can be bought; the product's where absent.
    pub availability: Option<Availability>,
}

/// A place on the picture that can be clicked during `[start, end)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hotspot {
    /// Its place in the file's list.
    pub source: usize,
    /// Indices into [`Config::products`].
    pub products: Vec<usize>,
    /// Seconds.
    pub start: f64,
    /// Seconds, exclusive.
    pub end: f64,
    /// What its outline is.
    pub shape: Shape,
    /// Where it is and how large, over time.
    pub path: Path,
    /// What a click does.
    pub action: Action,
    /// Whether a click pauses the video.
    pub pause: bool,
}

/// What a click on a hotspot does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Action {
    /// Opens the product card.
    #[default]
    Card,
    /// Opens its url, or the first product's link.
    Link {
        /// Whether it has a url.
        url: bool,
    },
    /// Adds the first product without opening the card first.
    AddToCart,
    /// Jumps in the video, or does what needs no product either: coupon, lead, poll, which are the host's.
    Seek {
        /// Seconds; not a number where it does not jump.
        time: f64,
    },
}

/// `experiment`: the file says which variant of which A/B test it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Experiment {
    /// From when on its variants look different, in seconds; not a number where that is not said.
    pub start: f64,
}
