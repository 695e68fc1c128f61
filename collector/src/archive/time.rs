//! The UTC day of a moment.

use crate::time::{DAY_MS, date, parse};

/// The day of a moment, in days since 1970-01-01, UTC.
pub fn day_of(millis: i64) -> i64 {
    millis.div_euclid(DAY_MS)
}

/// When a day starts.
pub fn start_of(day: i64) -> i64 {
    day.saturating_mul(DAY_MS)
}

/// A day as `2026-05-04`.
pub fn day_name(day: i64) -> String {
    date(start_of(day))
}

/// The day that a name like `2026-05-04` means.
pub fn day_named(name: &str) -> Option<i64> {
    parse(&format!("{name}T00:00:00Z")).map(day_of)
}

/// Now, by the system's clock.
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_a_name_that_means_it() {
        for day in (-200_000..200_000).step_by(37) {
            let name = day_name(day);
            if name.len() == 10 && !name.starts_with('-') {
                assert_eq!(day_named(&name), Some(day), "{name}");
            }
        }
        assert_eq!(day_name(day_of(-1)), "1969-12-31");
    }
}
