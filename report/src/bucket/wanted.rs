//! Which objects of a bucket are wanted, and as which files.

use vitrine_collector::archive::Manifest;
use vitrine_collector::archive::live::start_of_day;
use vitrine_collector::time::DAY_MS;

/// An object, as a list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its name after the prefix.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Another one has another.
    pub tag: String,
}

/// Which segments are in the archive.
pub const MANIFEST: &str = "archive/manifest.json";

/// The file for an object, if it is one of a collector's.
pub fn file(name: &str) -> Option<String> {
    let is_known = name == MANIFEST
        || name == "erased.ndjson"
        || day(name).is_some()
        || number(name.strip_prefix("segments/").unwrap_or("/"), 20).is_some();
    match is_known {
        true => Some(name.to_owned()),
        false => forwarded(name).map(|number| format!("segments/{number:020}.ndjson")),
    }
}

/// Whether the period `from` to before `to`, in epoch milliseconds, wants it. The days beside it tell which events came again.
pub fn is_wanted(name: &str, manifest: &Manifest, (from, to): (i64, i64)) -> bool {
    if let Some(start) = day(name) {
        return start < to.saturating_add(DAY_MS) && start.saturating_add(2 * DAY_MS) > from;
    }
    let segment = name.strip_prefix("segments/").unwrap_or("/");
    number(segment, 20).is_none_or(|number| !manifest.has(number))
}

/// The start of the day of a file of the archive.
fn day(name: &str) -> Option<i64> {
    let rest = name.strip_prefix("archive/")?;
    let rest = rest.strip_prefix("items/").unwrap_or(rest);
    let (day, file) = rest.strip_prefix("day=")?.split_once('/')?;
    let is_plain = file.ends_with(".parquet") && !file.contains('/');
    is_plain.then(|| start_of_day(day)).flatten()
}

/// A forwarder names an object by its segment and the place in it. Together they are a number that no segment has.
fn forwarded(name: &str) -> Option<u64> {
    let (segment, start) = name.split_once('-')?;
    let segment = digits(segment, 20)?;
    let start = number(start, 12)?;
    segment.checked_mul(1 << 40)?.checked_add(start)
}

fn number(name: &str, length: usize) -> Option<u64> {
    digits(name.strip_suffix(".ndjson")?, length)
}

fn digits(text: &str, length: usize) -> Option<u64> {
    let all = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_collectors_has_a_file() {
        for name in [
            "archive/day=2026-05-04/part-00001.parquet",
            "archive/items/day=2026-05-04/part-00001.parquet",
            "segments/00000000000000000007.ndjson",
            MANIFEST,
            "erased.ndjson",
        ] {
            assert_eq!(file(name).as_deref(), Some(name));
        }
        for name in [
            "archive/day=../part.parquet",
            "archive/day=2026-05-04/../../x.parquet",
            "archive/day=2026-05-04/part.tmp",
            "segments/7.ndjson",
            "quarantine/2026-05-04.ndjson",
            "../erased.ndjson",
        ] {
            assert_eq!(file(name), None, "{name}");
        }
    }

    #[test]
    fn each_object_of_a_forwarder_is_a_segment_of_its_own() {
        let name = |segment: u64, start: u64| file(&format!("{segment:020}-{start:012}.ndjson"));
        let places = [(1, 0), (1, 8_388_608), (1, 999_999_999_999), (2, 0)];
        let mut files: Vec<_> = places
            .iter()
            .map(|(segment, start)| name(*segment, *start).unwrap())
            .collect();
        assert_eq!(files[0], "segments/00000001099511627776.ndjson");
        files.dedup();
        assert!(files.len() == 4 && files.is_sorted());
        assert_eq!(name(u64::MAX >> 1, 0), None);
    }

    #[test]
    fn the_period_and_the_days_beside_it_are_wanted() {
        let (mut manifest, midnight) = (Manifest::default(), start_of_day("2026-05-04").unwrap());
        manifest.add(1);
        let period = (midnight, midnight + DAY_MS);
        let day = |day: &str| {
            let name = format!("archive/day={day}/part-00001.parquet");
            is_wanted(&name, &manifest, period)
        };
        let days = ["02", "03", "04", "05", "06"].map(|number| day(&format!("2026-05-{number}")));
        assert_eq!(days, [false, true, true, true, false]);
        let segment =
            |number: u64| is_wanted(&format!("segments/{number:020}.ndjson"), &manifest, period);
        assert!(!segment(1) && segment(2) && is_wanted(MANIFEST, &manifest, period));
    }
}
