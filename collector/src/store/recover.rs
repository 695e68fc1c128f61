//! What a start reads: it cuts what was being written when the process ended, and remembers which events came.

use super::dir::{self, DataDir};
use super::segment;
use super::state::{State, minute};
use crate::event::{self, Head};
use crate::ids::IdMaker;
use crate::json::{Fault, Kind, Scanner, inner, unescaped};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What a start found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The open segment, or the first to be made.
    pub number: u64,
    /// Segments read; older ones are not.
    pub segments: usize,
    /// Lines and events in them.
    pub lines: u64,
    /// Events in them.
    pub events: u64,
    /// Events that are there twice. None should be.
    pub repeated: u64,
    /// Bytes after the last whole line of the open segment, which nobody was told are safe.
    pub torn_bytes: u64,
    /// Lines that cannot be read. Those of the open segment were put aside.
    pub damaged_lines: u64,
}

/// A line as a start reads it.
#[derive(Debug, Default)]
pub struct Line {
    /// When the batch came.
    pub received_at: i64,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// Whose it is.
    pub site: String,
    /// Its events.
    pub heads: Vec<Head>,
}

/// Reads one line of a segment.
pub fn line(text: &str, ids: &IdMaker) -> Option<Line> {
    let mut line = Line::default();
    let mut version = "";
    let mut scanner = Scanner::new(text, u32::MAX);
    let read: Result<(), Fault> = scanner.object(|scanner, key| {
        if key == "events" {
            return scanner.list(|scanner| {
                let reading = event::read(scanner, ids, usize::MAX, false)?;
                line.heads.extend(reading.head.ok());
                Ok(())
            });
        }
        let (kind, value) = scanner.value()?;
        match (key, kind) {
            ("v", Kind::Number) => version = value,
            ("received_at", Kind::Number) => line.received_at = value.parse().unwrap_or(0),
            ("sent_at", Kind::Number) => line.sent_at = value.parse().ok(),
            ("site", Kind::Text) => {
                line.site = unescaped(inner(value)).unwrap_or_default().into_owned()
            }
            _ => {}
        }
        Ok(())
    });
    (read.is_ok() && scanner.finished() && version == "1").then_some(line)
}

/// Reads the segments of the window into the state. The open one is mended first.
pub fn recover(
    data: &DataDir,
    ids: &IdMaker,
    state: &mut State,
    window: Duration,
    now: SystemTime,
) -> Result<Found> {
    let folder = data.segments();
    let all =
        segment::list(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Found {
        number: all.last().map_or(1, |(number, _)| *number),
        ..Found::default()
    };
    let oldest = now.checked_sub(window);
    for (number, path) in &all {
        let changed = fs::metadata(path).and_then(|about| about.modified());
        let open = *number == found.number;
        // A clock that was wrong then must not make it forget.
        if !open && changed.is_ok_and(|changed| oldest.is_some_and(|oldest| changed < oldest)) {
            continue;
        }
        found.segments += 1;
        let damage = read(path, ids, state, &mut found)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        if open && !damage.is_empty() {
            mend(data, path, *number, &damage)
                .with_context(|| format!("{} cannot be mended", path.display()))?;
        }
    }
    Ok(found)
}

/// Where a file is damaged: from, to, and whether a line's end is missing.
struct Damage {
    from: u64,
    to: u64,
    torn: bool,
}

fn read(path: &Path, ids: &IdMaker, state: &mut State, found: &mut Found) -> Result<Vec<Damage>> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut damage = Vec::new();
    loop {
        bytes.clear();
        let count = reader.read_until(b'\n', &mut bytes)? as u64;
        if count == 0 {
            return Ok(damage);
        }
        let (from, to) = (at, at + count);
        at = to;
        if bytes.last() != Some(&b'\n') {
            found.torn_bytes = count;
            damage.push(Damage {
                from,
                to,
                torn: true,
            });
            return Ok(damage);
        }
        let Some(line) = str::from_utf8(&bytes).ok().and_then(|text| line(text, ids)) else {
            found.damaged_lines += 1;
            damage.push(Damage {
                from,
                to,
                torn: false,
            });
            continue;
        };
        found.lines += 1;
        found.events += line.heads.len() as u64;
        let minute = minute(line.received_at);
        let of_site = state.of_site(&line.site);
        let before = line.heads.len();
        let new: Vec<Head> = line
            .heads
            .into_iter()
            .filter(|head| state.admit(head, of_site, minute))
            .collect();
        found.repeated += (before - new.len()) as u64;
        state.keep(
            new.iter(),
            &line.site,
            minute,
            line.received_at,
            line.sent_at,
        );
        state.expire(0);
    }
}

/// Cuts a torn end. Where lines before it are damaged, as after a power failure, they are put aside, and the good ones kept.
fn mend(data: &DataDir, path: &Path, number: u64, damage: &[Damage]) -> Result<()> {
    if let [only] = damage
        && only.torn
    {
        let file = File::options().write(true).open(path)?;
        file.set_len(only.from)?;
        file.sync_all()?;
        return Ok(());
    }
    let whole = fs::read(path)?;
    let mut good = Vec::with_capacity(whole.len());
    let mut bad = Vec::new();
    let mut at = 0;
    for Damage { from, to, .. } in damage {
        let (from, to) = (*from as usize, *to as usize);
        good.extend_from_slice(whole.get(at..from).unwrap_or_default());
        bad.extend_from_slice(whole.get(from..to).unwrap_or_default());
        at = to;
    }
    good.extend_from_slice(whole.get(at..).unwrap_or_default());
    // Put aside before it is taken out.
    let mut aside = File::options()
        .append(true)
        .create(true)
        .open(data.quarantine().join(format!("damaged-{number:020}.bin")))?;
    aside.write_all(&bad)?;
    aside.sync_all()?;
    dir::sync(&data.quarantine())?;
    let temporary = path.with_extension("mended");
    let mut file = File::create(&temporary)?;
    file.write_all(&good)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    dir::sync(&data.segments())?;
    Ok(())
}
