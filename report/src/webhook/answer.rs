//! What a receiver's answer means, and how long to wait after it.

use std::time::Duration;
use vitrine_collector::time::parse;

/// What came of a post.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// The receiver has it.
    Taken(u16),
    /// The receiver does not want this one.
    Refused(u16),
    /// The receiver wants none of them: asking again changes nothing.
    Closed(String),
    /// Not now: why, and when it asked for it.
    Later(String, Option<Duration>),
}

const LONGEST: Duration = Duration::from_secs(300);
/// Nobody is waited for longer, whatever it asks for.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// By its status. `retry_after` is the header of that name; `now` is in epoch milliseconds.
pub fn judged(status: u16, retry_after: Option<&str>, now: i64) -> Answer {
    match status {
        200..=299 => Answer::Taken(status),
        408 | 425 | 429 | 500..=599 => Answer::Later(
            format!("the receiver answered {status}"),
            retry_after.and_then(|text| asked_for(text, now)),
        ),
        401 | 403 => Answer::Closed(format!(
            "the receiver answered {status}: it does not know the secret, or forbids this; compare VITRINE_WEBHOOK_SECRET with the receiver's"
        )),
        404 | 405 | 410 => Answer::Closed(format!(
            "the receiver answered {status}: nobody takes posts at this address; correct --webhook"
        )),
        300..=399 => Answer::Closed(format!(
            "the receiver answered {status}: signed posts follow no redirect; use the address it leads to"
        )),
        _ => Answer::Refused(status),
    }
}

/// How long to wait after so many failures in a row.
pub fn pause(failures: u32, asked: Option<Duration>) -> Duration {
    let own = Duration::from_secs(1 << failures.saturating_sub(1).min(10)).min(LONGEST);
    own.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// Seconds, or a date: <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>.
fn asked_for(text: &str, now: i64) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let ms = u64::try_from(http_date(text)? - now).unwrap_or(0);
    Some(Duration::from_millis(ms))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
fn http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month) = (words.next()?, words.next()?);
    let (year, time) = (words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    parse(&format!("{year}-{month:02}-{day}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses() {
        assert_eq!(judged(204, None, 0), Answer::Taken(204));
        assert_eq!(judged(422, None, 0), Answer::Refused(422));
        for status in [301, 307, 401, 403, 404, 410] {
            assert!(
                matches!(judged(status, None, 0), Answer::Closed(_)),
                "{status}"
            );
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(
                matches!(judged(status, None, 0), Answer::Later(_, None)),
                "{status}"
            );
        }
    }

    #[test]
    fn whoever_asks_for_time_gets_it() {
        let asked = |text, now| match judged(429, Some(text), now) {
            Answer::Later(_, after) => after,
            other => panic!("{other:?}"),
        };
        assert_eq!(asked("7", 0), Some(Duration::from_secs(7)));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(asked(date, 784_111_770_000), Some(Duration::from_secs(7)));
        assert_eq!(asked(date, 784_111_790_000), Some(Duration::ZERO));
        assert_eq!(asked("soon", 0), None);
        let seconds: Vec<_> = (1..12)
            .map(|failures| pause(failures, None).as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        let long = Some(Duration::from_secs(90_000));
        assert_eq!(pause(1, Some(Duration::from_secs(40))).as_secs(), 40);
        assert_eq!(pause(1, long).as_secs(), 3_600);
    }
}
