//! Which events give way to which, where not all can be kept.

/// What an event is worth to a report, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// How the video goes on: its summary comes with `view_end`.
    Media,
    /// What was seen.
    Exposure,
    /// What was done, and the page's own events.
    Click,
    /// What was put into the cart.
    Cart,
    /// What was bought, and what accounts for all others.
    Purchase,
}

/// Types that are no clicks; each list begins with its worth.
const LISTS: [(Worth, &str); 4] = [
    (
        Worth::Media,
        "play pause seek progress buffer end segment_enter",
    ),
    (
        Worth::Exposure,
        "impression hotspot_exposure experiment_exposure view_item_list",
    ),
    (
        Worth::Cart,
        "add_to_cart remove_from_cart view_cart buy_now cart_outcome begin_checkout",
    ),
    (Worth::Purchase, "purchase view_end dropped"),
];

impl Worth {
    /// Of an event's `type`.
    pub fn of(kind: &[u8]) -> Self {
        for (worth, list) in LISTS {
            if list
                .as_bytes()
                .split(|byte| *byte == b' ')
                .any(|name| name == kind)
            {
                return worth;
            }
        }
        Self::Click
    }
}
