//! What shall be done in the browser, as rows of numbers: all of them are taken in one call.

use alloc::vec::Vec;

/// What to do. In parentheses the numbers that follow. `www/outbox/main.js` has a method for each, in
/// the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Write events into the journal (events).
    Write,
    /// Forget events, and take them out of the journal (events).
    Erase,
    /// One collector waits no more for events that others wait for: the journal shall know (lane, events).
    Done,
    /// Send a body and say what became of it (request, lane, [`Way`], events).
    Send,
    /// Have the browser send a body when the page is gone, in place of the one before; no events for
    /// none (lane, events).
    Arm,
    /// Count events that will not arrive, as their types say (lane, -1 for all; [`Reason`], events).
    Drop,
    /// Queue an event with what was counted.
    Report,
    /// Set the one timer (milliseconds; NaN for none).
    Wake,
    /// Say what is wrong, each once (lane, [`Trouble`], status).
    Warn,
    /// Make the viewer's ids (the state of consent: store them, keep them for the page, or also forget
    /// what is stored).
    Identify,
    /// Empty the journal.
    Wipe,
    /// The view that was not kept ends, and another begins.
    Renew,
    /// Everything has been done: let go of locks and connections.
    Close,
}

/// How a body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By `fetch`.
    Fetch,
    /// By a `fetch` that outlives the page.
    Keepalive,
    /// By `navigator.sendBeacon`, which answers nothing.
    Beacon,
}

/// Why an event will not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Too much is kept already.
    Full,
    /// It was kept for too long.
    Old,
    /// It is larger than its collector takes.
    Large,
    /// Its collector does not understand it.
    Refused,
}

/// What is wrong with a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or not now: events are sent again.
    Away,
    /// It takes nothing from this page: events are kept for the next visit.
    Closed,
    /// It does not take an event.
    Event,
}

/// Rows of numbers, each with its length first.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    rows: Vec<f64>,
    start: usize,
}

impl Rows {
    /// Begins a row.
    pub fn begin(&mut self, what: Do, numbers: &[f64]) {
        self.start = self.rows.len();
        self.rows.push(0.0);
        self.rows.push(f64::from(what as u8));
        for number in numbers {
            self.add(*number);
        }
    }

    /// Adds a number to the row.
    pub fn add(&mut self, number: f64) {
        self.rows.push(number);
        let length = self.rows.len() - self.start;
        if let Some(first) = self.rows.get_mut(self.start) {
            *first = length as f64;
        }
    }

    /// A whole row.
    pub fn row(&mut self, what: Do, numbers: &[f64]) {
        self.begin(what, numbers);
        let length = self.rows.len() - self.start;
        if let Some(first) = self.rows.get_mut(self.start) {
            *first = length as f64;
        }
    }

    /// A row of something about events, unless there are none.
    pub fn about(&mut self, what: Do, numbers: &[f64], events: &[u32]) {
        if !events.is_empty() {
            self.begin(what, numbers);
            for event in events {
                self.add(f64::from(*event));
            }
        }
    }

    /// All rows so far.
    pub fn take(&mut self) -> Vec<f64> {
        core::mem::take(&mut self.rows)
    }
}
