//! Times as epoch milliseconds: what RFC 3339 says, and which time an event has in truth.

/// Above this difference between sending and receiving, the sender's clock is taken to be wrong.
pub const SKEW_ALLOWED_MS: i64 = 5_000;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
/// <https://howardhinnant.github.io/date_algorithms.html>
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The UTC date of a time, as `2026-05-04`.
pub fn date(ms: i64) -> String {
    let shifted = ms.div_euclid(DAY_MS) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn number(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

/// Epoch milliseconds of an RFC 3339 time; digits after the third of a second are cut.
pub fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let part = |from: usize, to: usize| number(bytes.get(from..to)?);
    let is = |at: usize, allowed: &[u8]| bytes.get(at).is_some_and(|byte| allowed.contains(byte));
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    let marks = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !marks || !(1..=longest).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut at = 19;
    let mut ms = 0;
    if is(at, b".") {
        let rest = bytes.get(at + 1..)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let kept = rest.get(..count.min(3)).filter(|kept| !kept.is_empty())?;
        ms = number(kept)? * [100, 10, 1].get(kept.len() - 1)?;
        at += 1 + count;
    }
    let offset = match bytes.get(at..)? {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let minutes = number(&[*h1, *h2])? * 60 + number(&[*m1, *m2])?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let minutes = days(year, month, day) * 1_440 + hour * 60 + minute - offset;
    Some((minutes * 60 + second) * 1_000 + ms)
}

/// How far the receiver's clock was ahead of the sender's.
pub fn skew(received_at: i64, sent_at: Option<i64>) -> Option<i64> {
    sent_at.map(|sent_at| received_at.saturating_sub(sent_at))
}

/// An event may have happened so long before it came: no page keeps one for longer, but an import may have older ones.
pub const OLDEST_MS: i64 = 400 * DAY_MS;

/// The time of an event by the receiver's clock. What cannot be, as it is a day or more ahead or older than 400 days, is when it
/// came: the archive has files for each day, and a sender could ask for one of every year there is.
pub fn corrected(time: i64, received_at: i64, sent_at: Option<i64>) -> i64 {
    let corrected = match skew(received_at, sent_at) {
        Some(skew) if skew.saturating_abs() > SKEW_ALLOWED_MS => time.saturating_add(skew),
        _ => time,
    };
    let ago = received_at.saturating_sub(corrected);
    match (-DAY_MS..=OLDEST_MS).contains(&ago) {
        true => corrected,
        false => received_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("2026-05-04T09:30:05.012Z"), Some(1_777_887_005_012));
        assert_eq!(
            parse("2026-05-04T11:30:05.0129+02:00"),
            Some(1_777_887_005_012)
        );
        assert_eq!(parse("2024-02-29t00:00:00.5z"), Some(1_709_164_800_500));
        assert_eq!(parse("1969-12-31T23:59:59.9999Z"), Some(-1));
        for wrong in [
            "",
            "ä026-05-04T00:00:00Z",
            "2026-05-0aT00:00:00Z",
            "2026",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-05-04T24:00:00Z",
            "2026-05-04T09:30:05",
            "2026-05-04T09:30:05.Z",
            "2026-05-04T09:30:05+2",
            "2026-05-04T09:30:05Zz",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(1_709_164_800_500), "2024-02-29");
        for day in -1_000..40_000 {
            let text = format!("{}T00:00:00Z", date(day * DAY_MS));
            assert_eq!(parse(&text), Some(day * DAY_MS), "{text}");
        }
    }

    #[test]
    fn wrong_clocks_are_corrected_by_the_time_of_sending() {
        assert_eq!(corrected(1_000, 50_000, None), 1_000);
        assert_eq!(corrected(1_000, 50_000, Some(46_000)), 1_000);
        assert_eq!(corrected(1_000, 5_000_000, Some(2_000)), 4_999_000);
        assert_eq!(corrected(9_000_000, 5_000, Some(9_001_000)), 4_000);
        // What cannot be.
        let now = 1_777_887_005_012;
        for (time, is) in [
            (now - OLDEST_MS, now - OLDEST_MS),
            (now - OLDEST_MS - 1, now),
            (now + DAY_MS, now + DAY_MS),
            (now + DAY_MS + 1, now),
            (i64::MIN, now),
            (i64::MAX, now),
        ] {
            assert_eq!(corrected(time, now, None), is, "{time}");
        }
    }
}
