//! The requests that are not settled.

use super::{Ledger, Number, Way};
use alloc::vec::Vec;

/// A body under way.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub number: u32,
    pub lane: usize,
    pub bytes: usize,
    pub way: Way,
    /// It went as the page was left, beside any other.
    pub leaving: bool,
    pub events: Vec<Number>,
}

/// All of them, and what they take of what the browser grants.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights {
    list: Vec<Flight>,
    last: u32,
    pub ledger: Ledger,
}

impl Flights {
    pub fn next(&self) -> u32 {
        self.last + 1
    }

    pub fn start(&mut self, flight: Flight, now: f64) {
        self.last = flight.number;
        match flight.way {
            Way::Fetch => {}
            Way::Keepalive => self.ledger.fetch(flight.bytes),
            Way::Beacon => self.ledger.beacon(flight.bytes, now),
        }
        self.list.push(flight);
    }

    pub fn end(&mut self, number: u32) -> Option<Flight> {
        let mut found = None;
        for flight in core::mem::take(&mut self.list) {
            if flight.number == number {
                found = Some(flight);
            } else {
                self.list.push(flight);
            }
        }
        let flight = found?;
        if flight.way == Way::Keepalive {
            self.ledger.fetched(flight.bytes);
        }
        Some(flight)
    }

    pub fn of(&self, lane: usize) -> impl Iterator<Item = &Flight> {
        self.list.iter().filter(move |flight| flight.lane == lane)
    }

    /// All events under way.
    pub fn events(&self) -> impl Iterator<Item = Number> {
        let all = self.list.iter().flat_map(|flight| &flight.events);
        all.copied()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
