//! What a valid hotspot file says, with every reference resolved.

use crate::cart::Money;
use crate::geometry::Shape;
use crate::motion::Path;

/// A decoded hotspot file. Products, variants and hotspots that had errors are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The video that the times and places refer to.
    pub video: Video,
    /// The products that hotspots point at by index.
    pub products: Vec<Product>,
    /// The hotspots, sorted by `start`, then by their order in the file.
    pub hotspots: Vec<Hotspot>,
    /// Whose cart *add to cart* goes to.
    pub cart: CartPlatform,
    /// Where events go, if the file says so (the page's own option wins).
    pub collector: Option<Collector>,
    /// The A/B experiment that this file is a variant of.
    pub experiment: Option<Experiment>,
    /// Free `campaign` keys (`source`, `medium`, …), copied to every batch.
    pub campaign: Vec<(String, String)>,
    /// BCP 47 tag for texts and prices; the page's language where absent.
    pub locale: Option<String>,
    /// Replacements for built-in texts, by key.
    pub strings: Vec<(String, String)>,
    /// CSS custom properties without their `--vitrine-` prefix.
    pub theme: Vec<(String, String)>,
}

/// `video`: what the report groups by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Video {
    /// Becomes `video_id` in every event.
    pub id: String,
    /// For people.
    pub title: Option<String>,
    /// Seconds, as the marketer knew it; the media element's own value wins for `progress`.
    pub duration: Option<f64>,
    /// Named stretches, in the order of the file.
    pub segments: Vec<Segment>,
}

/// A named stretch `[start, end)` of the video.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    /// Becomes `segment_id` in events.
    pub id: String,
    /// For people.
    pub title: Option<String>,
    /// Seconds.
    pub start: f64,
    /// Seconds, exclusive.
    pub end: f64,
    /// Who presents it.
    pub host: Option<String>,
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

/// A product, with the field names of a Google Merchant feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    /// Unique in the file; `item_id` in events.
    pub id: String,
    /// `item_name` in events.
    pub title: String,
    /// Plain text.
    pub description: Option<String>,
    /// The product page: an http(s) or relative URL.
    pub link: Option<String>,
    /// A picture: an http(s) or relative URL.
    pub image_link: Option<String>,
    /// The regular price.
    pub price: Option<Money>,
    /// The price now, in the currency of `price`.
    pub sale_price: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// `item_brand` in events.
    pub brand: Option<String>,
    /// Groups the variants of one model across products.
    pub item_group_id: Option<String>,
    /// The id that the shop's platform knows a product without variants by.
    pub platform_id: Option<String>,
    /// Sizes, colours and the like; empty for a product that has none.
    pub variants: Vec<Variant>,
}

/// One buyable version of a product. Prices, picture and availability fall back to the product's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// Unique within its product; `item_variant` in events.
    pub id: String,
    /// Option name to value (`color` to `tan`), in file order.
    pub options: Vec<(String, String)>,
    /// The regular price.
    pub price: Option<Money>,
    /// The price now, in the currency of `price`.
    pub sale_price: Option<Money>,
    /// Its own picture.
    pub image_link: Option<String>,
    /// Whether it can be bought; the product's where absent.
    pub availability: Option<Availability>,
    /// The id that the shop's platform knows it by.
    pub platform_id: Option<String>,
}

/// A place on the picture that can be clicked during `[start, end)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hotspot {
    /// Unique in the file; `hotspot_id` in events.
    pub id: String,
    /// The accessible name; the first product's title where absent.
    pub label: Option<String>,
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
    /// Opens `url`, or the first product's link where `None`.
    Link {
        /// An http(s) or relative URL.
        url: Option<String>,
    },
    /// Adds the first product without opening the card first.
    AddToCart,
    /// Jumps in the video.
    Seek {
        /// Seconds.
        time: f64,
    },
}

/// `cart.platform`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CartPlatform {
    /// The page's own cart: the cancelable DOM events and the `cart` callback.
    #[default]
    Page,
}

/// `collector`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collector {
    /// An http(s) or relative URL that takes batches by POST.
    pub url: String,
}

/// `experiment`: which variant of which A/B test this file is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Experiment {
    /// The test.
    pub id: String,
    /// This file's side of it.
    pub variant: String,
}
