//! Events on their way to the collectors: when they go, together with which others, what is kept
//! for the next visit, and what happens when they do not arrive. See `docs/delivery.md`.
//!
//! One [`Delivery`] serves a whole document. It knows events by their numbers and lengths; whoever
//! carries out its effects has their texts, the journal and the network.

mod clock;
mod delivery;
mod effect;
mod lane;
mod ledger;
mod records;
mod requests;
mod rules;
mod sending;
mod worth;

use ledger::Ledger;

pub use clock::Clock;
pub use delivery::{Delivery, Post};
pub use effect::{Do, Reason, Trouble, Way};
pub use lane::Limits;
pub use rules::{Browser, Consent, Rules};
pub use worth::Worth;

/// Counts a document's events from 1, those adopted from other visits too.
pub type Number = u32;

/// The number of no request.
const NONE: u32 = 0;
