//! Where in the text of a JSON file a path of the decoder is.

use std::collections::HashMap;
use vitrine::config::quoted;

/// Line and column, from 1; a column is a character.
pub type Place = (usize, usize);

/// The place of each path: that of the field's name or of the list's item. What is absent has the
/// place of what it should be in. `text` is JSON that has been parsed.
pub fn locate<'a>(text: &str, paths: impl Iterator<Item = &'a str>) -> Vec<Option<Place>> {
    let paths: Vec<&str> = paths.collect();
    let mut walk = Walk {
        text,
        at: 0,
        path: String::new(),
        found: HashMap::new(),
    };
    for path in &paths {
        let mut path = *path;
        while walk.found.insert(path, None).is_none() && !path.is_empty() {
            path = parent(path);
        }
    }
    if !paths.is_empty() {
        walk.blank();
        walk.note(walk.at);
        walk.value();
    }
    let found = walk.found;
    let lines = Lines::of(text);
    let place = |path: &&str| {
        let mut path = *path;
        loop {
            match found.get(path) {
                Some(Some(offset)) => break Some(lines.place(text, *offset)),
                _ if path.is_empty() => break None,
                _ => path = parent(path),
            }
        }
    };
    paths.iter().map(place).collect()
}

/// The line and column after these bytes, which are UTF-8.
pub fn place_of(before: &[u8]) -> Place {
    let line = before.split(|byte| *byte == b'\n').next_back();
    let column = String::from_utf8_lossy(line.unwrap_or_default())
        .chars()
        .count();
    (
        before.iter().filter(|byte| **byte == b'\n').count() + 1,
        column + 1,
    )
}

/// The path of the object or list that it is in.
fn parent(path: &str) -> &str {
    path.rfind(['.', '[']).map_or("", |end| &path[..end])
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self(std::iter::once(0).chain(after).collect())
    }

    fn place(&self, text: &str, offset: usize) -> Place {
        let line = self.0.partition_point(|start| *start <= offset);
        let start = self.0[line - 1];
        (line, text[start..offset].chars().count() + 1)
    }
}

/// A walk over a JSON text that is known to be right.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    path: String,
    /// The offsets of the paths that are asked for.
    found: HashMap<&'a str, Option<usize>>,
}

impl<'a> Walk<'a> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn blank(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn note(&mut self, offset: usize) {
        if let Some(found) = self.found.get_mut(self.path.as_str()) {
            *found = Some(offset);
        }
    }

    fn value(&mut self) {
        match self.peek() {
            b'{' => self.items(b'}', |walk, _| {
                let start = walk.at;
                let key = walk.string();
                walk.blank();
                walk.at += 1;
                walk.blank();
                // As the decoder writes it: on one line, cut.
                let key: String = serde_json::from_str(key).unwrap_or_default();
                let key = quoted(&key);
                if !walk.path.is_empty() {
                    walk.path.push('.');
                }
                walk.path.push_str(&key[1..key.len() - 1]);
                start
            }),
            b'[' => self.items(b']', |walk, index| {
                walk.path.push_str(&format!("[{index}]"));
                walk.at
            }),
            b'"' => _ = self.string(),
            _ => {
                let rest = &self.text[self.at..];
                let length = rest.find([',', ']', '}', ' ', '\t', '\n', '\r']);
                self.at += length.unwrap_or(rest.len());
            }
        }
    }

    /// What is between two brackets; `enter` goes down to an item and says where it starts.
    fn items(&mut self, end: u8, enter: impl Fn(&mut Self, usize) -> usize) {
        self.at += 1;
        self.blank();
        for index in 0.. {
            if self.peek() == end || self.at >= self.text.len() {
                break;
            }
            let mark = self.path.len();
            let start = enter(self, index);
            self.note(start);
            self.value();
            self.path.truncate(mark);
            self.blank();
            if self.peek() == b',' {
                self.at += 1;
                self.blank();
            }
        }
        self.at += 1;
    }

    /// A string with its quotes.
    fn string(&mut self) -> &'a str {
        let start = self.at;
        self.at += 1;
        while !matches!(self.peek(), b'"' | 0) {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        &self.text[start..self.at.min(self.text.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::locate;

    #[test]
    fn a_field_is_where_its_name_is_and_an_absent_one_where_its_object_is() {
        let text =
            "{\n  \"ä\": 1, \"video\": {\"id\": \"a\\\"}\"},\n  \"list\": [1, {\"x\": []},\n 3]\n}";
        let paths = [
            "",
            "video.id",
            "list[2]",
            "list[1].x",
            "list[1].y[4]",
            "none",
        ];
        let places: Vec<_> = locate(text, paths.into_iter())
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(places, [(1, 1), (2, 21), (4, 2), (3, 16), (3, 15), (1, 1)]);
    }
}
