//! Unique ids, and order by time, for lists of thousands without a hash map or a library sort.

use super::node::{Node, quoted};
use super::problem::Severity;
use super::read::Reader;

/// The ids of a list, in its order, found by binary search.
#[derive(Default)]
pub(super) struct Ids {
    /// Each id, and where what it names was kept, if it was.
    entries: Vec<(String, Option<usize>)>,
    order: Vec<usize>,
}

impl Ids {
    fn search(&self, id: &str) -> Result<usize, usize> {
        let name = |index: &usize| {
            self.entries
                .get(*index)
                .map_or("", |entry| entry.0.as_str())
        };
        self.order.binary_search_by(|index| name(index).cmp(id))
    }

    /// Reads the `id` of an item and notes it if an earlier item has it.
    pub fn read<N: Node>(&mut self, reader: &mut Reader, node: &N) -> String {
        let id = reader.needed(node, "id");
        if !id.is_empty() {
            match self.search(&id) {
                Ok(_) => reader.note(
                    Severity::Error,
                    "id",
                    quoted(&id),
                    "an id that nothing before it in this list has",
                    None,
                ),
                Err(place) => {
                    insert(&mut self.order, place, self.entries.len());
                    self.entries.push((id.clone(), None));
                }
            }
        }
        id
    }

    /// Says where the item that was read last was kept.
    pub fn keep(&mut self, place: usize) {
        if let Some(entry) = self.entries.last_mut() {
            entry.1 = Some(place);
        }
    }

    /// Where what `id` names was kept: `None` if there is no such id, `Some(None)` if it was left out.
    pub fn find(&self, id: &str) -> Option<Option<usize>> {
        let place = self.search(id).ok()?;
        self.order
            .get(place)
            .and_then(|index| self.entries.get(*index))
            .map(|entry| entry.1)
    }

    /// The ids of what was kept.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        let kept = self.entries.iter().filter(|entry| entry.1.is_some());
        kept.map(|entry| entry.0.as_str())
    }
}

/// Sorts by time; what is equal stays in order.
pub(super) fn sort<T>(items: &mut [T], start: fn(&T) -> f64) {
    let starts: Vec<f64> = items.iter().map(start).collect();
    let order = order(&starts);
    let from = |place: usize| order.get(place).copied().unwrap_or_default();
    for place in 0..items.len() {
        // What was swapped away is where its place's item came from, and so on.
        let mut other = from(place);
        while other < place {
            other = from(other);
        }
        if let Ok([a, b]) = items.get_disjoint_mut([place, other]) {
            core::mem::swap(a, b);
        }
    }
}

/// Which item comes first, second and so on.
fn order(starts: &[f64]) -> Vec<usize> {
    let mut order = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let earlier = |other: &usize| starts.get(*other) <= Some(start);
        let place = order.partition_point(earlier);
        insert(&mut order, place, index);
    }
    order
}

/// `Vec::insert` can panic, which brings formatting with it.
fn insert(order: &mut Vec<usize>, place: usize, index: usize) {
    let mut rest = index;
    for slot in order.iter_mut().skip(place) {
        core::mem::swap(slot, &mut rest);
    }
    order.push(rest);
}
