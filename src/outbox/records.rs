//! The events that have not arrived everywhere.

use super::{Number, Worth};
use alloc::vec::Vec;

/// An event, as long as a collector waits for it.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub number: Number,
    pub worth: Worth,
    /// Of what the journal keeps.
    pub bytes: usize,
    /// How many collectors wait for it.
    pub left: usize,
    /// The journal has it.
    pub journaled: bool,
    /// It is under way to one of them.
    pub flying: bool,
}

/// All of them, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    pub list: Vec<Record>,
    pub bytes: usize,
}

impl Records {
    pub fn push(&mut self, record: Record) {
        self.bytes += record.bytes;
        self.list.push(record);
    }

    pub fn get(&mut self, number: Number) -> Option<&mut Record> {
        let place = self
            .list
            .binary_search_by_key(&number, |record| record.number);
        self.list.get_mut(place.ok()?)
    }

    /// One collector less waits for each of these. Those that none waits for any more are forgotten
    /// and returned first, then those in the journal that go on.
    pub fn less(&mut self, numbers: &[Number]) -> (Vec<Number>, Vec<Number>) {
        let (mut gone, mut rest) = (Vec::new(), Vec::new());
        for number in numbers {
            let Some(record) = self.get(*number) else {
                continue;
            };
            record.left = record.left.saturating_sub(1);
            if record.left == 0 {
                gone.push(*number);
            } else if record.journaled {
                rest.push(*number);
            }
        }
        self.forget(&gone);
        (gone, rest)
    }

    /// Forgets these; both they and the list are in order.
    pub fn forget(&mut self, numbers: &[Number]) {
        if numbers.is_empty() {
            return;
        }
        let mut bytes = 0;
        self.list.retain(|record| {
            let gone = numbers.contains(&record.number);
            bytes += if gone { record.bytes } else { 0 };
            !gone
        });
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// The one that gives way first, of those that are not under way: the oldest that is worth least.
    pub fn least(&self) -> Option<Number> {
        let mut least: Option<&Record> = None;
        for record in &self.list {
            if !record.flying && least.is_none_or(|found| record.worth < found.worth) {
                least = Some(record);
            }
        }
        least.map(|record| record.number)
    }
}
