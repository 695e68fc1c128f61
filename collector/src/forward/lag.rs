//! How far forwarders are behind, by the places that they remember. The collector tells it: a forwarder has no door.

use super::position::{ENDING, Position};
use crate::segment_files::{list, segment_path};
use anyhow::Result;
use std::fmt::Write;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A forwarder, and what it has not forwarded yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Its name.
    pub name: String,
    /// Bytes of segments after its place.
    pub bytes: u64,
    /// Milliseconds since the first of them came; 0 where there are none.
    pub ms: i64,
}

/// What is after a place, of segments with these numbers and sizes.
pub fn after(position: &Position, segments: &[(u64, u64)]) -> u64 {
    let left = |(number, size): &(u64, u64)| match number.cmp(&position.segment) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => size.saturating_sub(position.offset),
        std::cmp::Ordering::Greater => *size,
    };
    segments.iter().map(left).sum()
}

/// All forwarders that ever had a place here.
pub fn of(data: &Path, now: i64) -> Result<Vec<Lag>> {
    let mut lags = Vec::new();
    let Ok(entries) = fs::read_dir(data.join("forward")) else {
        return Ok(lags);
    };
    let mut segments = None;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.and_then(|name| name.strip_suffix(ENDING)) else {
            continue;
        };
        let position: Position = serde_json::from_slice(&fs::read(&path)?)?;
        let segments = segments.get_or_insert(sizes(data)?);
        let bytes = after(&position, segments);
        lags.push(Lag {
            name: name.to_owned(),
            bytes,
            ms: match bytes {
                0 => 0,
                _ => now
                    .saturating_sub(next_received(data, &position, segments))
                    .max(0),
            },
        });
    }
    lags.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(lags)
}

/// When the first batch after a place came; where that line does not begin as ours do, when the last one before it came.
fn next_received(data: &Path, position: &Position, segments: &[(u64, u64)]) -> i64 {
    let of_next = || -> Option<i64> {
        let (number, _) = segments
            .iter()
            .find(|segment| after(position, &[**segment]) > 0)?;
        let offset = match *number == position.segment {
            true => position.offset,
            false => 0,
        };
        let file = File::open(segment_path(data, *number)).ok()?;
        let mut start = [0; 64];
        file.read_exact_at(&mut start, offset).ok()?;
        let text = str::from_utf8(&start).ok()?;
        let digits = text.strip_prefix("{\"v\":1,\"received_at\":")?;
        digits.split(',').next()?.parse().ok()
    };
    of_next().unwrap_or(position.received_at)
}

fn sizes(data: &Path) -> Result<Vec<(u64, u64)>> {
    let sized = |segment: crate::segment_files::Segment| {
        // One that was removed just now has nothing left to forward.
        let size = fs::metadata(&segment.path).map_or(0, |about| about.len());
        (segment.number, size)
    };
    Ok(list(data)?.into_iter().map(sized).collect())
}

/// In Prometheus' text format. Names are letters, digits, - and _.
pub fn text(lags: &[Lag]) -> String {
    let mut out = String::new();
    if lags.is_empty() {
        return out;
    }
    let mut gauge = |name: &str, help: &str, value: &dyn Fn(&Lag) -> f64| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "# HELP vitrine_forward_{name} {help}\n# TYPE vitrine_forward_{name} gauge"
        );
        for lag in lags {
            let _ = writeln!(
                out,
                "vitrine_forward_{name}{{forwarder=\"{}\"}} {}",
                lag.name,
                value(lag)
            );
        }
    };
    gauge(
        "lag_bytes",
        "Bytes of segments that are not forwarded yet.",
        &|lag| lag.bytes as f64,
    );
    gauge(
        "lag_seconds",
        "Time since the first of them came; 0 where all is forwarded.",
        &|lag| lag.ms as f64 / 1_000.0,
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_after_a_place() {
        let place = |segment, offset| Position {
            segment,
            offset,
            ..Position::default()
        };
        let segments = [(3, 100), (4, 50), (6, 7)];
        for (place, bytes) in [
            (place(0, 0), 157),
            (place(3, 90), 67),
            (place(4, 50), 7),
            (place(5, 9), 7),
            (place(6, 7), 0),
            // As after a cut.
            (place(6, 9), 0),
        ] {
            assert_eq!(after(&place, &segments), bytes, "{place:?}");
        }
    }
}
