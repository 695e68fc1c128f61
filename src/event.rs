//! Events as the core decides them: numbers that refer to the hotspot file. The host looks the words
//! up there (ids, titles, brands) and writes the JSON that `docs/events.md` describes; texts that
//! only pass through do not have to enter WebAssembly, which would cost 10 kB of it.

/// Counts an overlay's events from 1, over all of its views. The host keeps the UUID of each.
pub type Number = u32;

/// The `type` of an event, by its place in [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `docs/events.md` describes them.
pub enum Kind {
    Impression,
    ExperimentExposure,
    Play,
    Pause,
    Seek,
    Progress,
    Buffer,
    End,
    SegmentEnter,
    HotspotExposure,
    HotspotClick,
    ViewItemList,
    SelectItem,
    ViewItem,
    AddToCart,
    BuyNow,
    CartOutcome,
    BeginCheckout,
    CardClose,
    Purchase,
    Dropped,
    ViewEnd,
    /// The page's own: its note names it.
    Track,
}

/// What the host writes for each [`Kind`]: its name, then the name of the one field that it has
/// beside those that all share, then that field's words where its value is the place of one.
/// `www/host.js` has the same list.
pub const KINDS: &str = "impression experiment_exposure play pause seek:from progress:percent \
    buffer:duration_ms end segment_enter hotspot_exposure:duration_ms hotspot_click view_item_list \
    select_item:target:product_page view_item add_to_cart buy_now \
    cart_outcome:outcome:confirmed:handed_over:failed:partial begin_checkout \
    card_close:reason:button:escape:replaced purchase dropped view_end track";

/// The value of an event that has no field of its own.
pub const NO_VALUE: f64 = f64::NAN;

/// The place of what an event is not about.
pub const NOTHING: i32 = -1;

/// What an event is about, as indices into [`Config`](crate::config::Config), each [`NOTHING`] where
/// it does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Becomes `hotspot_id`, and `items` with all of its products where no one is named.
    pub hotspot: i32,
    /// Becomes the one entry of `items`, and with it `value` and `currency`.
    pub product: i32,
    /// Becomes `item_variant`.
    pub variant: i32,
}

impl Subject {
    /// Nothing but the video.
    pub const VIDEO: Self = Self::hotspot(NOTHING);

    /// A hotspot and all of its products.
    pub const fn hotspot(hotspot: i32) -> Self {
        Self {
            hotspot,
            product: NOTHING,
            variant: NOTHING,
        }
    }
}
