//! Rates: buckets that fill with time and empty with what is taken. Time is an argument.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: f64,
    at_ms: u64,
}

#[derive(Debug)]
struct Buckets<K> {
    by_key: HashMap<K, Bucket>,
    /// When room was made last: looking at all of them is not for every request.
    swept_ms: Option<u64>,
}

/// A bucket for each key, of one second's rate times the burst.
#[derive(Debug)]
pub struct Rates<K> {
    buckets: Mutex<Buckets<K>>,
    most: usize,
}

/// A bucket holds so many seconds of its rate.
const BURST_SECONDS: f64 = 5.0;

impl<K: Eq + Hash> Rates<K> {
    /// For at most so many keys at a time.
    pub fn new(most: usize) -> Self {
        Self {
            buckets: Mutex::new(Buckets {
                by_key: HashMap::new(),
                swept_ms: None,
            }),
            most,
        }
    }

    /// Takes from the key's bucket, or says after how many seconds there will be enough. What is larger than a whole bucket
    /// goes when the bucket is full, and is paid back later.
    pub fn take(&self, key: K, amount: u32, per_second: u32, now_ms: u64) -> Result<(), u64> {
        if per_second == 0 {
            return Ok(());
        }
        let rate = f64::from(per_second);
        let full = rate * BURST_SECONDS;
        let mut guard = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let level = |bucket: &Bucket| {
            let passed = now_ms.saturating_sub(bucket.at_ms) as f64 / 1_000.0;
            (bucket.level + passed * rate).min(full)
        };
        let Buckets { by_key, swept_ms } = &mut *guard;
        if by_key.len() >= self.most && !by_key.contains_key(&key) {
            if swept_ms.is_none_or(|at| now_ms >= at.saturating_add(1_000)) {
                *swept_ms = Some(now_ms);
                by_key.retain(|_, bucket| level(bucket) < full);
            }
            // Nobody new is taken while so many send too much.
            if by_key.len() >= self.most {
                return Err(1);
            }
        }
        let bucket = by_key.entry(key).or_insert(Bucket {
            level: full,
            at_ms: now_ms,
        });
        let wanted = f64::from(amount);
        let there = level(bucket);
        let needed = wanted.min(full);
        if there + 1e-9 < needed {
            return Err(((needed - there) / rate).ceil().max(1.0) as u64);
        }
        *bucket = Bucket {
            level: there - wanted,
            at_ms: now_ms,
        };
        Ok(())
    }
}

/// Addresses of one subscriber are one: IPv6 gives them a /64 at least.
pub fn subscriber(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_fills_with_time() {
        let rates = Rates::new(2);
        for _ in 0..10 {
            assert_eq!(rates.take("a", 1, 2, 0), Ok(()));
        }
        assert_eq!(rates.take("a", 1, 2, 0), Err(1));
        assert_eq!(rates.take("a", 1, 2, 499), Err(1));
        assert_eq!(rates.take("a", 1, 2, 500), Ok(()));
        assert_eq!(rates.take("a", 8, 2, 500), Err(4));
        assert_eq!(
            rates.take("b", 100, 2, 500),
            Ok(()),
            "more than a bucket goes, once"
        );
        assert_eq!(rates.take("b", 1, 2, 500), Err(46));
        assert_eq!(
            rates.take("c", 1, 2, 500),
            Err(1),
            "too many who send too much"
        );
        assert_eq!(
            rates.take("c", 1, 2, 9_000),
            Ok(()),
            "one of them is quiet again"
        );
        assert_eq!(rates.take("d", 1, 0, 500), Ok(()), "no limit");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let rates = Rates::new(2);
        assert_eq!(rates.take("a", 10, 2, 10_000), Ok(()));
        assert_eq!(rates.take("a", 1, 2, 5_000), Err(1));
    }
}
