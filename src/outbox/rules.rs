//! The numbers and the states that delivery goes by.

/// When events go, and how many are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// In one body.
    pub batch_events: usize,
    /// Of a whole body, envelope included. Only a single event that is larger goes beyond it.
    pub batch_bytes: usize,
    /// The longest that an event waits for others, in milliseconds.
    pub wait_ms: f64,
    /// The longest wait after the first failure, in milliseconds; each further one doubles it.
    pub retry_ms: f64,
    /// The longest wait after any failure, in milliseconds.
    pub retry_cap_ms: f64,
    /// The longest wait that a collector can ask for, in milliseconds.
    pub asked_cap_ms: f64,
    /// How many bytes of events are kept while a collector is away.
    pub kept_bytes: usize,
    /// How long events are kept, in milliseconds.
    pub kept_ms: f64,
    /// What the browser grants all beacons and keepalive fetches of a document together, in bytes.
    pub ledger_bytes: usize,
    /// What it grants all of its deferred fetches, in bytes.
    pub later_bytes: usize,
    /// The shortest time between two deferred fetches that replace one another, in milliseconds.
    pub later_ms: f64,
    /// The shortest time between two events that count the dropped ones, in milliseconds.
    pub tell_ms: f64,
    /// After so many events in a row that a collector refused one by one, the fault is not theirs.
    pub strikes: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            batch_events: 20,
            batch_bytes: 32 * 1024,
            wait_ms: 5_000.0,
            retry_ms: 1_000.0,
            retry_cap_ms: 300_000.0,
            asked_cap_ms: 3_600_000.0,
            kept_bytes: 4 * 1024 * 1024,
            kept_ms: 7.0 * 86_400_000.0,
            ledger_bytes: 64 * 1024,
            later_bytes: 60 * 1024,
            later_ms: 1_000.0,
            tell_ms: 10_000.0,
            strikes: 3,
        }
    }
}

/// What the browser can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// A fetch can outlive its page, and be answered where the page lives on.
    pub keepalive: bool,
    /// It sends a deferred fetch when the page is gone, even after a crash.
    pub later: bool,
}

/// What the viewer agreed to, in the order in which states get stricter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consent {
    /// Events are kept and sent.
    #[default]
    Granted,
    /// They wait in memory until the viewer has decided.
    Required,
    /// Nothing is kept, and what was is forgotten.
    Denied,
}

impl Consent {
    /// By the place of the state in the page's list.
    pub fn numbered(number: u32) -> Self {
        match number {
            0 => Self::Granted,
            1 => Self::Required,
            _ => Self::Denied,
        }
    }
}

/// What an answer says about the events that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The collector has them.
    Accepted,
    /// They go again, later.
    Again,
    /// They go again, fewer at a time.
    Larger,
    /// At least one of them is not understood.
    Poisoned,
    /// The collector will take nothing from this page before something is mended.
    Closed,
}

impl Verdict {
    /// Of a status; 0 is none, as no answer came.
    pub fn of(status: u32) -> Self {
        match status {
            200..=299 => Self::Accepted,
            413 => Self::Larger,
            400 | 422 => Self::Poisoned,
            408 | 425 | 429 => Self::Again,
            401..=499 => Self::Closed,
            _ => Self::Again,
        }
    }
}
