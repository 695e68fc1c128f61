//! Epoch milliseconds from RFC 3339, and the UTC day of a moment.

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Days since 1970-01-01 (<https://howardhinnant.github.io/date_algorithms.html>).
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The moment that a text like `2026-05-04T09:30:05.012Z` names; parts of a millisecond are cut off.
pub fn parse(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        let all = digits.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| digits.parse().ok()).flatten()
    };
    let is = |at: usize, allowed: &[u8]| {
        let byte = text.as_bytes().get(at);
        byte.is_some_and(|byte| allowed.contains(byte))
    };
    if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let longest = days_of(year + month / 12, month % 12 + 1, 1) - days_of(year, month, 1);
    if !(1..=12).contains(&month) || day < 1 || day > longest {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        let digits = fraction.bytes().take(length).chain(*b"000").take(3);
        millis = digits.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        rest = fraction.get(length..)?;
    }
    let seconds = hour * 3600 + minute * 60 + second - offset(rest)? * 60;
    Some(days_of(year, month, day) * DAY + seconds * 1000 + millis)
}

/// Minutes east of UTC: `Z`, `+02:00`.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'Z' | b'z' => return (text.len() == 1).then_some(0),
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| -> Option<i64> {
        let right = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| text.parse().ok()).flatten()
    };
    Some(sign * (two(hours)? * 60 + two(minutes)?))
}

/// The day of a moment, in days since 1970-01-01, UTC.
pub fn day_of(millis: i64) -> i64 {
    millis.div_euclid(DAY)
}

/// When a day starts.
pub fn start_of(day: i64) -> i64 {
    day.saturating_mul(DAY)
}

/// A day as `2026-05-04`.
pub fn day_name(day: i64) -> String {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
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
    fn moments_are_read_with_their_offset_and_cut_to_milliseconds() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-05-04T09:30:05.012Z", 1_777_887_005_012),
            ("2026-05-04T11:30:05.0129999+02:00", 1_777_887_005_012),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(parse(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2026-05-04",
            "2026-13-04T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-05-04T24:00:00Z",
            "2026-05-04T00:00:00",
            "2026-05-04T00:00:00.Z",
            "2026-05-04T00:00:00Zx",
            "2026-05-0aT00:00:00Z",
            "ä026-05-04T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

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
