//! Unique ids, and order by time, for lists of thousands without a hash map or a library sort.

use super::model::Hotspot;
use alloc::string::String;
use alloc::vec::Vec;

/// The ids of all lists, found by binary search.
#[derive(Default)]
pub(super) struct Ids {
    pub entries: Vec<Entry>,
    /// The number of the list of products.
    pub products_scope: usize,
    order: Vec<usize>,
}

/// An id.
pub(super) struct Entry {
    /// The number of its list.
    scope: usize,
    id: String,
    /// The place of the product that has it, or `LEFT_OUT`.
    pub place: usize,
}

/// In place of a place: what has the id had errors, or is no product.
pub(super) const LEFT_OUT: usize = usize::MAX;

impl Ids {
    #[inline(never)]
    fn search(&self, scope: usize, id: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.order.len());
        while low < high {
            let middle = (low + high) / 2;
            let index = self.order.get(middle).copied().unwrap_or_default();
            let Some(entry) = self.entries.get(index) else {
                break;
            };
            match entry
                .scope
                .cmp(&scope)
                .then_with(|| entry.id.as_str().cmp(id))
            {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return Ok(index),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    /// Adds an id, and says whether it is new.
    pub fn add(&mut self, scope: usize, id: &str) -> bool {
        let Err(place) = self.search(scope, id) else {
            return false;
        };
        insert(&mut self.order, place, self.entries.len());
        let id = String::from(id);
        self.entries.push(Entry {
            scope,
            id,
            place: LEFT_OUT,
        });
        true
    }

    /// Where the product is that has the id, if there is one.
    pub fn find(&self, id: &str) -> Option<usize> {
        let index = self.search(self.products_scope, id).ok()?;
        self.entries.get(index).map(|entry| entry.place)
    }

    /// The ids of the products that were kept.
    pub fn products(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        for entry in &self.entries {
            if entry.place != LEFT_OUT {
                ids.push(entry.id.as_str());
            }
        }
        ids
    }
}

/// Sorts hotspots by their start; what is equal stays in order.
pub(super) fn sort(hotspots: &mut [Hotspot]) {
    let mut order: Vec<usize> = Vec::new();
    for hotspot in hotspots.iter() {
        let earlier = |other: &usize| match hotspots.get(*other) {
            Some(other) => other.start <= hotspot.start,
            None => false,
        };
        let place = order.partition_point(earlier);
        let index = order.len();
        insert(&mut order, place, index);
    }
    for place in 0..order.len() {
        // What was swapped away is where its place's item came from, and so on.
        let mut other = place;
        loop {
            other = order.get(other).copied().unwrap_or_default();
            if other >= place {
                break;
            }
        }
        if let Ok([a, b]) = hotspots.get_disjoint_mut([place, other]) {
            core::mem::swap(a, b);
        }
    }
}

/// `Vec::insert` can panic, which brings formatting with it.
#[inline(never)]
fn insert(order: &mut Vec<usize>, place: usize, index: usize) {
    let mut rest = index;
    for slot in order.iter_mut().skip(place) {
        core::mem::swap(slot, &mut rest);
    }
    order.push(rest);
}
