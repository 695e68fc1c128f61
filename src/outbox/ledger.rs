//! The browser's allowance for requests that outlive the page.

/// What Chromium grants all beacons and keepalive fetches of a document together, in bytes.
pub const ALLOWANCE: usize = 64 * 1024;

/// How long an accepted beacon is taken to be under way, in milliseconds: the browser tells
/// nobody when it is done.
const BEACON_MS: f64 = 10_000.0;

#[derive(Clone, Debug)]
struct Entry {
    number: u32,
    bytes: usize,
    /// When the bytes are given back at the latest; infinite while the request is unsettled.
    until: f64,
}

/// The bytes of beacons and keepalive fetches that are still under way.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// How many bytes a request may have that starts at `now_ms`.
    pub fn room(&mut self, now_ms: f64) -> usize {
        self.entries.retain(|entry| entry.until > now_ms);
        let used = self.entries.iter().map(|entry| entry.bytes).sum();
        ALLOWANCE.saturating_sub(used)
    }

    /// Enters a request that starts now.
    pub fn enter(&mut self, number: u32, bytes: usize) {
        self.entries.push(Entry {
            number,
            bytes,
            until: f64::INFINITY,
        });
    }

    /// Gives back the bytes of a request that has ended.
    pub fn release(&mut self, number: u32) {
        self.entries.retain(|entry| entry.number != number);
    }

    /// Notes that the browser took a beacon, which is under way for a while yet.
    pub fn beacon_taken(&mut self, number: u32, now_ms: f64) {
        for entry in &mut self.entries {
            if entry.number == number {
                entry.until = now_ms + BEACON_MS;
            }
        }
    }

    /// Notes that the collector answered a fetch: beacons taken before that fetch began are done.
    pub fn answered(&mut self, number: u32) {
        self.entries
            .retain(|entry| entry.number > number || entry.until == f64::INFINITY);
    }
}
