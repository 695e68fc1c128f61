//! Ids as 128 bits, and which of them came before.

use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::hash::BuildHasher;

/// 128 bits: a UUID as it is, any other id by two hashes with keys of this process.
pub type Id = u128;

/// Makes ids of texts.
#[derive(Debug, Clone, Default)]
pub struct IdMaker {
    upper: RandomState,
    lower: RandomState,
}

const fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 0xFF,
    }
}

const HEX: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = hex_digit(byte as u8);
        byte += 1;
    }
    table
};

fn uuid(text: &str) -> Option<Id> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut number: u128 = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = HEX[usize::from(*byte)];
        if digit == 0xFF {
            return None;
        }
        number = number << 4 | u128::from(digit);
    }
    Some(number)
}

/// A UUID in words.
pub fn uuid_text(id: Id) -> String {
    let hex = format!("{id:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

impl IdMaker {
    /// The id that a text stands for.
    pub fn of(&self, text: &str) -> Id {
        uuid(text).unwrap_or_else(|| {
            u128::from(self.upper.hash_one(text)) << 64 | u128::from(self.lower.hash_one(text))
        })
    }

    /// Whether [`uuid_text`] says the same.
    pub fn is_uuid(text: &str) -> bool {
        uuid(text).is_some()
    }
}

const SHARDS: usize = 256;

/// The ids that came in one minute, or some of them.
#[derive(Debug)]
struct Chunk {
    minute: u32,
    ids: Vec<[u64; 2]>,
}

const CHUNK: usize = 4_096;

/// The ids of a window of time, at most so many. Growing moves one of 256 tables at a time, so no request waits for long.
#[derive(Debug)]
pub struct Seen {
    shards: Vec<HashSet<[u64; 2]>>,
    /// In the order of arrival.
    order: VecDeque<Chunk>,
    /// So many of the first chunk are forgotten already.
    gone: usize,
    count: usize,
    most: usize,
    window_minutes: u32,
}

/// Whether the id is new. A table that is more than half full of ids makes itself twice as large when the places of forgotten
/// ones have used up the rest; a new one of the old size has those places again.
fn insert_snugly(shard: &mut HashSet<[u64; 2]>, id: [u64; 2]) -> bool {
    let before = shard.capacity();
    let new = shard.insert(id);
    if shard.capacity() > before {
        shard.shrink_to(shard.len() + shard.len() / 8);
    }
    new
}

fn halves(id: Id) -> [u64; 2] {
    [(id >> 64) as u64, id as u64]
}

impl Seen {
    /// Remembers ids for so many minutes, and at most so many of them.
    pub fn new(window_minutes: u32, most: usize) -> Self {
        Self {
            shards: vec![HashSet::new(); SHARDS],
            order: VecDeque::new(),
            gone: 0,
            count: 0,
            most,
            window_minutes,
        }
    }

    fn shard(&mut self, id: [u64; 2]) -> Option<&mut HashSet<[u64; 2]>> {
        // The last bits of a UUID are random.
        self.shards.get_mut(id[1] as usize % SHARDS)
    }

    /// Whether the id is new; then it is remembered.
    pub fn insert(&mut self, id: Id, minute: u32) -> bool {
        let id = halves(id);
        let new = self.shard(id).is_some_and(|shard| insert_snugly(shard, id));
        if new {
            self.count += 1;
            match self.order.back_mut() {
                Some(chunk) if chunk.minute == minute && chunk.ids.len() < CHUNK => {
                    chunk.ids.push(id)
                }
                _ => self.order.push_back(Chunk {
                    minute,
                    ids: vec![id],
                }),
            }
        }
        new
    }

    fn forget(&mut self, id: [u64; 2]) {
        self.count -= 1;
        if let Some(shard) = self.shard(id) {
            shard.remove(&id);
        }
    }

    /// Forgets the newest ids: what they stood for could not be written.
    pub fn take_back(&mut self, count: usize) {
        for _ in 0..count.min(self.count) {
            while self.order.back().is_some_and(|chunk| chunk.ids.is_empty()) {
                self.order.pop_back();
            }
            if let Some(id) = self.order.back_mut().and_then(|chunk| chunk.ids.pop()) {
                self.forget(id);
            }
        }
    }

    /// Forgets what is older than the window, and the oldest of what is too much.
    pub fn expire(&mut self, minute: u32) {
        while let Some(chunk) = self.order.front() {
            match chunk.ids.get(self.gone).copied() {
                None => {
                    self.order.pop_front();
                    self.gone = 0;
                }
                Some(id)
                    if chunk.minute.saturating_add(self.window_minutes) < minute
                        || self.count > self.most =>
                {
                    self.gone += 1;
                    self.forget(id);
                }
                Some(_) => return,
            }
        }
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The minute of the oldest.
    pub fn oldest(&self) -> Option<u32> {
        self.order.front().map(|chunk| chunk.minute)
    }

    /// The bytes that it takes, by the capacity of its tables.
    pub fn bytes(&self) -> usize {
        let slots: usize = self.shards.iter().map(HashSet::capacity).sum();
        let order: usize = self
            .order
            .iter()
            .map(|chunk| chunk.ids.capacity() * 16 + 40)
            .sum();
        // A table is at most 7/8 full, and has a byte of control beside each slot.
        slots * 8 / 7 * 17 + order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_one_however_it_is_written() {
        let ids = IdMaker::default();
        let text = "0190f3a1-7c2e-7abc-8def-0123456789ab";
        assert_eq!(ids.of(text), ids.of(&text.to_uppercase()));
        assert_eq!(uuid_text(ids.of(text)), text);
        assert_ne!(ids.of("a"), ids.of("b"));
        assert_eq!(ids.of("a"), ids.clone().of("a"));
        assert!(!IdMaker::is_uuid("0190f3a1-7c2e-7abc-8def-0123456789ag"));
    }

    #[test]
    fn the_window_and_the_bound() {
        let mut seen = Seen::new(10, 3);
        assert!(seen.insert(1, 0) && !seen.insert(1, 0));
        assert!(seen.insert(2, 5) && seen.insert(3, 6) && seen.insert(4, 7));
        seen.expire(7);
        assert_eq!(seen.len(), 3, "four are too many");
        assert!(seen.insert(1, 7), "the oldest went first");
        seen.take_back(1);
        assert!(seen.insert(1, 7));
        seen.expire(17);
        assert_eq!(seen.oldest(), Some(7));
        seen.expire(18);
        assert!(seen.is_empty());
    }

    /// 2,000 ids a table: more than half of what 4,096 places hold.
    #[test]
    fn a_window_that_moves_on_takes_no_more_memory() {
        let most = 2_000 * SHARDS;
        let mut seen = Seen::new(10, most);
        let mut id = 1_u128;
        for count in 0..6 * most {
            id = id
                .wrapping_mul(0xda94_2042_e4dd_58b5_8d5b_1c1f_2d0f_a8b5)
                .wrapping_add(1);
            seen.insert(id.rotate_right(64), 0);
            if count % 1_000 == 0 {
                seen.expire(0);
                assert!(
                    seen.bytes() < 56 * most.max(seen.len()),
                    "{} after {count}",
                    seen.bytes()
                );
            }
        }
    }
}
