//! Events: their ids, their times, their form.



/// The time at which something happened, by both of the browser's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// The wall clock: milliseconds since 1970-01-01 UTC. May jump.
    pub epoch_ms: f64,
    /// The monotonic clock in milliseconds, from an origin of the page's. Never jumps.
    pub monotonic_ms: f64,
}

/// A UUID version 7 (RFC 9562): its first 48 bits are the time it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uuid(pub u128);

impl Uuid {
    /// The 36-character lower-case form.
    pub fn text(self) -> String {
        let mut text = String::with_capacity(36);
        for digit in 0..32u32 {
            if matches!(digit, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            let value = (self.0 >> (124 - 4 * digit)) as u8 & 15;
            text.push(char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 }));
        }
        text
    }
}

/// Makes ids from a seed of real randomness (128 bits of the browser's `crypto`) by xorshift128+.
#[derive(Clone, Debug)]
pub struct Ids {
    state: (u64, u64),
}

impl Ids {
    /// A source that is as unique as its seed.
    pub fn new(seed: (u64, u64)) -> Self {
        // All-zero is the one state that xorshift never leaves.
        Self { state: (seed.0 | 1, seed.1) }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let (mut x, y) = self.state;
        x ^= x << 23;
        x ^= x >> 17;
        x ^= y ^ (y >> 26);
        self.state = (y, x);
        x.wrapping_add(y)
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A new id, made at `epoch_ms`.
    pub fn uuid(&mut self, epoch_ms: f64) -> Uuid {
        let time = u128::from(epoch_ms as u64 & 0xffff_ffff_ffff);
        let random_a = u128::from(self.bits() & 0xfff);
        let random_b = u128::from(self.bits() & 0x3fff_ffff_ffff_ffff);
        Uuid(time << 80 | 7 << 76 | random_a << 64 | 2 << 62 | random_b)
    }
}

/// `epoch_ms` as RFC 3339 in UTC with milliseconds: `2026-05-04T09:30:00.250Z`.
pub fn rfc3339(epoch_ms: f64) -> String {
    let total = epoch_ms.max(0.0) as u64;
    let (days, day_ms) = (total / 86_400_000, total % 86_400_000);
    // Days to a civil date, counting years from March so that a leap day is a year's last.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);

    let mut text = String::with_capacity(24);
    for (value, width, after) in [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (day_ms / 3_600_000, 2, ':'),
        (day_ms / 60_000 % 60, 2, ':'),
        (day_ms / 1_000 % 60, 2, '.'),
        (day_ms % 1_000, 3, 'Z'),
    ] {
        push_digits(&mut text, value, width);
        text.push(after);
    }
    text
}

fn push_digits(text: &mut String, value: u64, width: u32) {
    for place in (0..width).rev() {
        text.push(char::from(b'0' + (value / 10u64.pow(place) % 10) as u8));
    }
}

/// One event as it will be sent: `docs/events.md` lists the fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// UUIDv7; never changed by a retry.
    pub id: Uuid,
    /// All of it as JSON.
    pub json: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuid_is_version_7_and_carries_its_time() {
        let mut ids = Ids::new((3, 4));
        let id = ids.uuid(1_700_000_000_123.0);
        let text = id.text();
        assert_eq!(text.len(), 36);
        assert_eq!(&text[14..15], "7");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
        assert_eq!(id.0 >> 80, 1_700_000_000_123);
        assert_ne!(id, ids.uuid(1_700_000_000_123.0));
    }

    #[test]
    fn known_dates() {
        assert_eq!(rfc3339(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_000.0), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_777_887_000_250.0), "2026-05-04T09:30:00.250Z");
        assert_eq!(rfc3339(4_102_444_799_999.0), "2099-12-31T23:59:59.999Z");
    }
}
