//! The bytes under way that outlive the page: Chromium grants a document 64 KiB of them.

/// How long an accepted beacon is taken to be under way, in milliseconds: the browser tells nobody
/// when it is done.
const BEACON_MS: f64 = 10_000.0;

/// One account for keepalive fetches and beacons, to all collectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// Of fetches that are not answered.
    fetches: usize,
    /// Of beacons, until all of them are done.
    beacons: usize,
    done_at: f64,
}

impl Ledger {
    /// How many bytes are left of `granted`.
    pub fn room(&self, granted: usize, now: f64) -> usize {
        let mut used = self.fetches;
        if now < self.done_at {
            used += self.beacons;
        }
        granted.saturating_sub(used)
    }

    pub fn fetch(&mut self, bytes: usize) {
        self.fetches += bytes;
    }

    pub fn fetched(&mut self, bytes: usize) {
        self.fetches = self.fetches.saturating_sub(bytes);
    }

    pub fn beacon(&mut self, bytes: usize, now: f64) {
        if now >= self.done_at {
            self.beacons = 0;
        }
        self.beacons += bytes;
        self.done_at = now + BEACON_MS;
    }
}
