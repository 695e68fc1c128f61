//! By how many frames hotspots are late or early: what was painted with each frame of the video,
//! held against what should have been.

use super::hotspots::{FRAME, Hotspot, time};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::HashMap;

/// What was painted with a new frame of the video.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The frame's time in the video.
    time: f64,
    /// How many frames of the video had been put on screen by then.
    count: f64,
    /// The hotspots that were there.
    there: Vec<usize>,
    /// Where some of them were, in percent of the picture's width.
    at: Vec<(usize, f64)>,
}

/// Frames late; early ones are below 0.
#[derive(Debug, Default)]
pub struct Lateness {
    /// Of hotspots that came.
    pub come: Vec<f64>,
    /// Of hotspots that went.
    pub go: Vec<f64>,
    /// Of places on the way.
    pub place: Vec<f64>,
}

/// The rows that the page has noted.
pub fn rows(noted: &Value) -> Result<Vec<Row>> {
    let index = |value: &Value| value.as_u64().map(|number| number as usize);
    let row = |value: &Value| {
        let at = |pair: &Value| Some((index(&pair[0])?, pair[1].as_f64()?));
        Some(Row {
            time: value[0].as_f64()?,
            count: value[1].as_f64()?,
            there: value[2].as_array()?.iter().filter_map(index).collect(),
            at: value[3].as_array()?.iter().filter_map(at).collect(),
        })
    };
    let noted = noted.as_array().context("the page noted no frames")?;
    let rows: Option<Vec<Row>> = noted.iter().map(row).collect();
    rows.context("the page noted frames in another form")
}

/// A frame's time is exact up to rounding.
const SAME: f64 = 1e-3;

impl Lateness {
    /// Adds what these rows say.
    pub fn add(&mut self, set: &[Hotspot], rows: &[Row]) {
        // Each time that the clip starts anew.
        for pass in rows.chunk_by(|row, next| row.time <= next.time) {
            self.add_pass(set, pass);
        }
    }

    fn add_pass(&mut self, set: &[Hotspot], pass: &[Row]) {
        let mut seen: HashMap<usize, (usize, usize)> = HashMap::new();
        for (index, row) in pass.iter().enumerate() {
            for &number in &row.there {
                seen.entry(number).or_insert((index, index)).1 = index;
            }
            for &(number, x) in &row.at {
                let Some(spot) = set.get(number) else {
                    continue;
                };
                let due = time(spot.start) - SAME <= row.time && row.time < time(spot.end) - SAME;
                if due {
                    self.place.extend(spot.behind(row.time, x));
                }
            }
        }
        for (number, spot) in set.iter().enumerate() {
            let seen = seen.get(&number).copied();
            let whole = f64::from(spot.end - spot.start);
            let (came, went) = (seen.map(|(first, _)| first), seen.map(|(_, last)| last + 1));
            self.come.extend(late(pass, time(spot.start), came, whole));
            if seen.is_some() {
                self.go.extend(late(pass, time(spot.end), went, whole));
            }
        }
    }
}

/// By how many frames a change was late that should have come at this time, and came with this row. None if
/// the pass does not show it from before to after.
fn late(pass: &[Row], due: f64, came: Option<usize>, never: f64) -> Option<f64> {
    let first = pass.iter().position(|row| row.time >= due - SAME)?;
    let (at, before) = (pass.get(first)?, pass.get(first.checked_sub(1)?)?);
    let Some(came) = came else { return Some(never) };
    let Some(row) = pass.get(came) else {
        // Still there at the end of what was watched: how late it would have been cannot be said.
        return None;
    };
    // The browser may put frames on screen without asking the page: they showed what was there before.
    let unasked = (at.count - before.count - 1.0).max(0.0);
    let overdue = ((at.time - due) / FRAME).round().max(0.0);
    let stale = if came >= first {
        unasked.min(overdue)
    } else {
        0.0
    };
    Some(row.count - at.count + stale)
}

#[cfg(test)]
mod tests {
    use super::super::hotspots::{Kind, set};
    use super::*;

    /// Rows of all frames from `from` on, each with the hotspots that `there` names.
    fn pass(frames: std::ops::Range<u32>, there: impl Fn(u32) -> Vec<usize>) -> Vec<Row> {
        let row = |frame: u32| Row {
            time: time(frame),
            count: f64::from(frame),
            there: there(frame),
            at: Vec::new(),
        };
        frames.map(row).collect()
    }

    fn measure(shift: i64) -> Lateness {
        let set = set(Kind::Static, 4);
        let rows = pass(0..150, |frame| {
            let then = i64::from(frame) - shift;
            let is_there =
                |spot: &Hotspot| (i64::from(spot.start)..i64::from(spot.end)).contains(&then);
            (0..4).filter(|&number| is_there(&set[number])).collect()
        });
        let mut lateness = Lateness::default();
        lateness.add(&set, &rows);
        lateness
    }

    #[test]
    fn late_and_early_are_told_in_frames() {
        for shift in [0, 3, -2] {
            let lateness = measure(shift);
            assert_eq!(lateness.come, [shift as f64; 4]);
            assert_eq!(lateness.go, [shift as f64; 4]);
        }
    }

    #[test]
    fn one_that_never_comes_is_late_by_all_of_its_frames() {
        let set = set(Kind::Static, 1);
        let mut lateness = Lateness::default();
        lateness.add(&set, &pass(0..150, |_| Vec::new()));
        assert_eq!(
            (lateness.come.as_slice(), lateness.go.len()),
            ([25.0].as_slice(), 0)
        );
    }

    #[test]
    fn frames_that_the_page_was_not_asked_for_count() {
        let set = set(Kind::Static, 1);
        let start = set[0].start;
        let mut rows = pass(0..150, |frame| {
            (start..start + 25)
                .filter(|f| *f == frame)
                .map(|_| 0)
                .collect()
        });
        // The one before it, and itself: on screen, but the page came two frames later.
        rows.retain(|row| row.time < time(start - 1) || row.time >= time(start + 2));
        let mut lateness = Lateness::default();
        lateness.add(&set, &rows);
        assert_eq!(lateness.come, [2.0]);
        // Frames that were never put on screen do not count.
        for row in &mut rows {
            if row.time >= time(start) {
                row.count -= 3.0;
            }
        }
        let mut lateness = Lateness::default();
        lateness.add(&set, &rows);
        assert_eq!(lateness.come, [0.0]);
    }

    #[test]
    fn a_clip_that_starts_anew_is_another_pass() {
        let set = set(Kind::Static, 1);
        let start = set[0].start;
        let is_there = |frame: u32| {
            if (start..start + 25).contains(&frame) {
                vec![0]
            } else {
                Vec::new()
            }
        };
        let mut rows = pass(0..150, is_there);
        rows.extend(pass(0..150, is_there));
        let mut lateness = Lateness::default();
        lateness.add(&set, &rows);
        assert_eq!(lateness.come, [0.0, 0.0]);
    }
}
