//! Events as the core decides them: numbers that refer to the hotspot file. The host looks the words
//! up there (ids, titles, brands) and writes the JSON that `docs/events.md` describes; texts that
//! only pass through do not have to enter WebAssembly, which would cost 10 kB of it.

/// The time at which something happened, by both of the browser's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// The wall clock: milliseconds since 1970-01-01 UTC. May jump.
    pub epoch_ms: f64,
    /// The monotonic clock in milliseconds, from an origin of the page's. Never jumps.
    pub monotonic_ms: f64,
}

/// Counts an overlay's events from 1, over all of its views. The host keeps the UUID of each.
pub type Number = u32;

/// What an event is about, as indices into [`Config`](crate::config::Config).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Becomes `hotspot_id`, and `items` with all of its products where no one is named.
    pub hotspot: Option<usize>,
    /// Becomes the one entry of `items`, and with it `value` and `currency`.
    pub product: Option<usize>,
    /// Becomes `item_variant`.
    pub variant: Option<usize>,
}

/// The one field that some kinds of event have beside those that all share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Extra {
    /// None.
    #[default]
    None,
    /// A number: its name and value.
    Number(&'static str, f64),
    /// A word of ours: its name and value.
    Word(&'static str, &'static str),
}

/// One event. The host adds `id`, `viewer_id`, `session_id`, `view_id` and `video_id`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Event {
    /// For causes and batches.
    pub number: Number,
    /// `type` in the catalogue; empty where the note names it.
    pub kind: &'static str,
    /// Gapless within a view, from 0.
    pub seq: u32,
    /// Counts an overlay's views from 1.
    pub view: u32,
    /// The event that led to this one; 0 for none.
    pub cause: Number,
    /// When it happened.
    pub now: Now,
    /// Milliseconds since the view began.
    pub elapsed_ms: f64,
    /// Seconds: the frame on screen when it happened.
    pub media_time: f64,
    /// Index of the named stretch of the video.
    pub segment: Option<usize>,
    /// What it is about.
    pub subject: Subject,
    /// What else there is to say.
    pub extra: Extra,
    /// Which of the page's own words (an order, a shop's reason, data) belong to it; 0 for none.
    pub note: u32,
}
