//! One hotspot file: read, parsed, and decoded by the overlay's own decoder.

use crate::locate::{Place, locate, place_of};
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};
use vitrine::config::{Problem, Severity, decode};

/// More than a hundred times a large hotspot file: no reason to fill the memory.
const LARGEST: u64 = 64 << 20;

/// What came of a file.
pub struct Checked {
    /// As it was named.
    pub file: PathBuf,
    /// Everything that is wrong in it, or why it cannot be read.
    pub result: Result<Vec<Found>, String>,
}

/// A problem and its place in the text.
pub struct Found {
    /// As the decoder says it.
    pub problem: Problem,
    /// Of the field, or where it is absent, of what it should be in.
    pub place: Option<Place>,
}

impl Checked {
    /// How many problems of that kind it has.
    pub fn count(&self, severity: Severity) -> usize {
        let all = self.result.iter().flatten();
        all.filter(|found| found.problem.severity == severity)
            .count()
    }
}

/// Checks a file; `-` is the standard input.
pub fn check(file: impl AsRef<Path>) -> Checked {
    let file = file.as_ref();
    Checked {
        file: file.to_owned(),
        result: read(file).map(|bytes| problems(&bytes)),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let read = |source: &mut dyn Read| {
        let mut bytes = Vec::new();
        source.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match file.as_os_str() == "-" {
        true => read(&mut std::io::stdin().lock()),
        false => std::fs::File::open(file).and_then(|mut file| read(&mut file)),
    };
    match bytes.map_err(|error: std::io::Error| error.to_string())? {
        bytes if bytes.len() as u64 > LARGEST => Err("it has more than 64 MiB".into()),
        bytes => Ok(bytes),
    }
}

fn problems(bytes: &[u8]) -> Vec<Found> {
    // What a browser's `response.json()` skips, too.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let place = place_of(&bytes[..error.valid_up_to()]);
            return vec![no_json("bytes that are no UTF-8".into(), place)];
        }
    };
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let problems = decode(&&value).problems;
            let places = locate(text, problems.iter().map(|problem| problem.path.as_str()));
            let with_place = problems.into_iter().zip(places);
            with_place
                .map(|(problem, place)| Found { problem, place })
                .collect()
        }
        Err(error) => {
            let (words, place) = (error.to_string(), (error.line(), error.column()));
            let words = words
                .rsplit_once(" at line ")
                .map_or(&*words, |(words, _)| words);
            vec![no_json(format!("no JSON ({words})"), place)]
        }
    }
}

fn no_json(found: String, (line, column): (usize, usize)) -> Found {
    Found {
        problem: Problem {
            severity: Severity::Error,
            path: String::new(),
            found,
            allowed: "a JSON object in UTF-8".into(),
            nearest: None,
        },
        place: Some((line, column)),
    }
}
