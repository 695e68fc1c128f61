//! How content viewers are, and whether they recommend.

use super::rows::Row;
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use crate::stats::nps::nps;
use anyhow::Result;

/// Puts the score's interval behind it.
pub fn finish(mut frame: Frame, _: &Scope) -> Result<Frame> {
    let mut intervals = Vec::new();
    for row in Row::all(&frame) {
        let counts = ["promoters", "passives", "detractors"].map(|name| row.count(name));
        let [promoters, passives, detractors] = counts;
        intervals.push(nps(promoters?, passives?, detractors?));
    }
    let Some(at) = frame.index("nps") else {
        return Ok(frame);
    };
    frame
        .columns
        .splice(at + 1..at + 1, ["nps_low", "nps_high"].map(String::from));
    for (row, interval) in frame.rows.iter_mut().zip(intervals) {
        let ends = [interval.map(|one| one.low), interval.map(|one| one.high)];
        row.splice(
            at + 1..at + 1,
            ends.map(|end| Value::from(end.map(|end| end * 100.0))),
        );
    }
    Ok(frame)
}
