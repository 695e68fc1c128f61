//! The requests that are not settled.

use super::{Ledger, Way};

/// A body under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub number: u32,
    pub lane: usize,
    pub bytes: usize,
    pub way: Way,
    /// It went as the page was left, beside any other.
    pub leaving: bool,
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

    pub fn start(&mut self, lane: usize, bytes: usize, way: Way, leaving: bool, now: f64) {
        self.last += 1;
        match way {
            Way::Fetch => {}
            Way::Keepalive => self.ledger.fetch(bytes),
            Way::Beacon => self.ledger.beacon(bytes, now),
        }
        self.list.push(Flight {
            number: self.last,
            lane,
            bytes,
            way,
            leaving,
        });
    }

    pub fn end(&mut self, number: u32) -> Option<Flight> {
        let place = self
            .list
            .iter()
            .position(|flight| flight.number == number)?;
        let flight = self.list.remove(place);
        if flight.way == Way::Keepalive {
            self.ledger.fetched(flight.bytes);
        }
        Some(flight)
    }

    pub fn of(&self, lane: usize) -> impl Iterator<Item = &Flight> {
        self.list.iter().filter(move |flight| flight.lane == lane)
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
