//! The allocator's bookkeeping, against every block that is in use.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use std::collections::HashMap;
use vitrine::heap::{Heap, Memory, class};

/// Pages from an address on, of which others take some now and then.
#[derive(Default)]
struct Simulated {
    words: HashMap<usize, usize>,
    pages: usize,
    most: usize,
    taken_by_others: bool,
}

impl Memory for Simulated {
    fn load(&self, at: usize) -> usize {
        self.words[&at]
    }

    fn store(&mut self, at: usize, value: usize) {
        self.words.insert(at, value);
    }

    fn grow(&mut self, pages: usize) -> Option<usize> {
        if self.taken_by_others {
            self.pages += 1;
        }
        let start = self.pages;
        if start + pages > self.most {
            return None;
        }
        self.pages += pages;
        Some(start << 16)
    }
}

proptest! {
    #[test]
    fn blocks_never_overlap_and_are_used_again(
        steps in prop::collection::vec((any::<bool>(), 0usize..200_000, any::<prop::sample::Index>(), any::<bool>()), 0..300),
    ) {
        let mut memory = Simulated { pages: 17, most: 2_000, ..Simulated::default() };
        let mut heap = Heap::EMPTY;
        let mut used: Vec<(usize, usize)> = Vec::new();
        for (give, bytes, which, others) in steps {
            memory.taken_by_others = others;
            if give && !used.is_empty() {
                let (block, class) = used.swap_remove(which.index(used.len()));
                heap.give(block, class, &mut memory);
                // What was given back last is the first to be taken.
                prop_assert_eq!(heap.take(class, &mut memory), Some(block));
                heap.give(block, class, &mut memory);
                continue;
            }
            let class = class(bytes).unwrap();
            prop_assert!(1 << class >= bytes);
            if let Some(block) = heap.take(class, &mut memory) {
                prop_assert_eq!(block % 16, 0);
                prop_assert!(block >= 17 << 16 && block + (1 << class) <= memory.pages << 16);
                for (other, class_of_other) in &used {
                    prop_assert!(block + (1 << class) <= *other || other + (1 << class_of_other) <= block);
                }
                used.push((block, class));
            }
        }
    }
}

#[test]
fn memory_that_ends_is_said_and_spoils_nothing() {
    let mut memory = Simulated {
        pages: 1,
        most: 3,
        ..Simulated::default()
    };
    let mut heap = Heap::EMPTY;
    let large = class(100_000).unwrap();
    assert_eq!(heap.take(large, &mut memory), Some(1 << 16));
    assert_eq!(heap.take(large, &mut memory), None);
    heap.give(1 << 16, large, &mut memory);
    assert_eq!(heap.take(large, &mut memory), Some(1 << 16));
    assert_eq!(
        (class(0), class(16), class(17), class(1 << 31)),
        (Some(4), Some(4), Some(5), Some(31))
    );
    assert_eq!(class(usize::MAX), None);
}
