//! Intents that can still be won back, for whoever may write to their viewers.

use crate::frame::{Frame, Value};
use crate::scope::Scope;
use anyhow::Result;
use vitrine_collector::time::{DAY_MS, date};

/// No two engines write a time alike, so the SQL has milliseconds.
pub fn finish(mut frame: Frame, _: &Scope) -> Result<Frame> {
    for column in ["intent_at", "closed_at"] {
        let Some(place) = frame.index(column) else {
            continue;
        };
        for cell in frame.rows.iter_mut().filter_map(|row| row.get_mut(place)) {
            if let Some(ms) = cell.int() {
                *cell = Value::Text(moment(ms));
            }
        }
    }
    Ok(frame)
}

/// RFC 3339, in UTC.
fn moment(ms: i64) -> String {
    let of_day = ms.rem_euclid(DAY_MS);
    let (minutes, rest) = (of_day / 60_000, of_day % 60_000);
    format!(
        "{}T{:02}:{:02}:{:02}.{:03}Z",
        date(ms),
        minutes / 60,
        minutes % 60,
        rest / 1_000,
        rest % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::moment;
    use vitrine_collector::time::parse;

    #[test]
    fn a_moment_is_read_back() {
        for ms in [1_777_975_200_000, 1_777_975_199_999, 0, 951_782_400_001] {
            assert_eq!(parse(&moment(ms)), Some(ms));
        }
        assert_eq!(moment(1_777_975_200_000), "2026-05-05T10:00:00.000Z");
    }
}
