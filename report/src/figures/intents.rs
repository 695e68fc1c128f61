//! Intents that can still be won back, for whoever may write to their viewers.

use crate::frame::{Frame, Value};
use crate::generate::text::Clock;
use crate::scope::Scope;
use anyhow::Result;

/// No two engines write a time alike, so the SQL has milliseconds.
pub fn finish(mut frame: Frame, _: &Scope) -> Result<Frame> {
    let mut clock = Clock::default();
    for column in ["intent_at", "closed_at"] {
        let Some(place) = frame.index(column) else {
            continue;
        };
        for cell in frame.rows.iter_mut().filter_map(|row| row.get_mut(place)) {
            if let Some(ms) = cell.int() {
                *cell = Value::Text(clock.text(ms));
            }
        }
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use crate::generate::text::Clock;
    use vitrine_collector::time::parse;

    #[test]
    fn a_moment_is_read_back() {
        let moment = |ms| Clock::default().text(ms);
        for ms in [1_777_975_200_000, 1_777_975_199_999, 0, 951_782_400_001] {
            assert_eq!(parse(&moment(ms)), Some(ms));
        }
        assert_eq!(moment(1_777_975_200_000), "2026-05-05T10:00:00.000Z");
    }
}
