//! Who is put into trouble.

use crate::readers;
use xtask::server::Reader;

/// A tracker, as its manual says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracker {
    /// Vitrine's outbox.
    Vitrine,
    /// Snowplow's browser tracker with its media plugin.
    Snowplow,
    /// posthog-js.
    PostHog,
}

impl Tracker {
    /// In the order of the table.
    pub const ALL: [Tracker; 3] = [Tracker::Vitrine, Tracker::Snowplow, Tracker::PostHog];

    /// Its module's name.
    pub fn file(self) -> &'static str {
        match self {
            Tracker::Vitrine => "vitrine",
            Tracker::Snowplow => "snowplow",
            Tracker::PostHog => "posthog",
        }
    }
}

/// Where the peers send to.
pub fn readers() -> Vec<(&'static str, Reader)> {
    vec![
        (
            "/com.snowplowanalytics.snowplow/tp2",
            readers::snowplow as Reader,
        ),
        ("/e/", readers::posthog),
        ("/i/v0/e/", readers::posthog),
        ("/batch/", readers::posthog),
    ]
}
