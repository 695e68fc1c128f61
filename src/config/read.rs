//! Typed reading of fields, with every problem noted under its path.

use super::check;
use super::nearest::nearest;
use super::node::{Node, push_cut};
use super::problem::{Problem, Severity, push_number};
use super::text::Text;
use crate::cart::Money;

/// After so many problems the others are not listed.
const MOST_PROBLEMS: usize = 10_000;
/// How many "did you mean" comparisons a file may cost.
const GUESSES: usize = 20_000;

/// A list that [`Reader::each`] walks: the name of its field, whether it must be there, the least
/// and most items, what to say otherwise, and the fields of an item.
pub(super) struct List {
    pub key: &'static str,
    pub needed: bool,
    pub least: usize,
    pub most: usize,
    pub allowed: &'static str,
    pub fields: &'static [&'static str],
}

/// Where the decoder is and what it found wrong so far.
pub(super) struct Reader {
    pub problems: Vec<Problem>,
    path: String,
    /// Whether what is being read has an error, so that it must be left out.
    pub bad: bool,
    guesses: usize,
}

impl Reader {
    pub fn new() -> Reader {
        Reader {
            problems: Vec::new(),
            path: String::new(),
            bad: false,
            guesses: GUESSES,
        }
    }

    /// Goes down to a field, or to an item of it; [`Reader::leave`] takes the mark back.
    pub fn enter(&mut self, key: &str, index: Option<usize>) -> usize {
        let mark = self.path.len();
        if !key.is_empty() {
            if mark > 0 {
                self.path.push('.');
            }
            push_cut(&mut self.path, key);
        }
        if let Some(index) = index {
            self.path.push('[');
            push_number(&mut self.path, index);
            self.path.push(']');
        }
        mark
    }

    pub fn leave(&mut self, mark: usize) {
        self.path.truncate(mark);
    }

    /// Notes a problem of the field `key`, or of what is being read where `key` is empty.
    pub fn note(
        &mut self,
        severity: Severity,
        key: &str,
        found: String,
        allowed: &str,
        nearest: Option<String>,
    ) {
        if severity == Severity::Error {
            self.bad = true;
        }
        if self.problems.len() > MOST_PROBLEMS {
            return;
        }
        let (mut found, mut allowed) = (found, allowed);
        let mark = self.enter(key, None);
        if self.problems.len() == MOST_PROBLEMS {
            found = String::from("too many problems, of which this is the last");
            allowed = "this list first";
        }
        let path = self.path.clone();
        self.problems.push(Problem {
            severity,
            path,
            found,
            allowed: String::from(allowed),
            nearest,
        });
        self.leave(mark);
    }

    /// Notes that the field `key` of `node` is wrong.
    pub fn refuse<N: Node>(&mut self, node: &N, key: &str, allowed: &str) {
        self.note(Severity::Error, key, shown(node, key), allowed, None);
    }

    /// The closest of `names`.
    pub fn guess(&mut self, word: &str, names: &mut dyn Iterator<Item = &str>) -> Option<String> {
        nearest(word, names, &mut self.guesses)
    }

    /// Whether `node` is an object. Warns of the fields that are not in `fields`.
    pub fn object<N: Node>(&mut self, node: &N, fields: &[&str]) -> bool {
        let Some(keys) = node.keys() else {
            self.refuse(node, "", "an object, in braces: { }");
            return false;
        };
        for key in keys {
            let own = matches!(key.as_bytes(), [b'$', ..] | [b'x', b'_' | b'-', ..]);
            if own || fields.contains(&key.as_str()) {
                continue;
            }
            let nearest = self.guess(&key, &mut fields.iter().copied());
            let found = String::from("an unknown field");
            self.note(Severity::Warning, &key, found, &listed(fields), nearest);
        }
        true
    }

    /// The object in the field `key`, entered.
    pub fn open<N: Node>(
        &mut self,
        node: &N,
        key: &str,
        needed: bool,
        fields: &[&str],
    ) -> Option<(N, usize)> {
        let Some(child) = present(node, key) else {
            if needed {
                self.refuse(node, key, "an object, in braces: { }");
            }
            return None;
        };
        let mark = self.enter(key, None);
        if self.object(&child, fields) {
            return Some((child, mark));
        }
        self.leave(mark);
        None
    }

    /// Reads the items of a list, at most as many as it may have, and says how many there are.
    pub fn items<N: Node>(
        &mut self,
        node: &N,
        list: &List,
        read: &mut dyn FnMut(&mut Reader, &N),
    ) -> usize {
        let key = list.key;
        let child = present(node, key);
        if child.is_none() && !list.needed {
            return 0;
        }
        let length = child.as_ref().and_then(|child| child.length());
        let (Some(child), Some(length)) = (child, length) else {
            self.refuse(node, key, list.allowed);
            return 0;
        };
        if length < list.least || length > list.most {
            let mut found = String::from("a list of ");
            push_number(&mut found, length);
            self.note(Severity::Error, key, found, list.allowed, None);
        }
        for index in 0..length.min(list.most) {
            if let Some(item) = child.item(index) {
                let mark = self.enter(key, Some(index));
                read(self, &item);
                self.leave(mark);
            }
        }
        length
    }

    /// Reads each object of a list. With `apart` an item's errors are its own: `bad` is false
    /// when it starts, and what it was before when the list ends.
    pub fn each<N: Node>(
        &mut self,
        node: &N,
        list: &List,
        apart: bool,
        read: &mut dyn FnMut(&mut Reader, &N),
    ) {
        self.items(node, list, &mut |r, item| {
            let before = r.bad;
            r.bad &= !apart;
            if r.object(item, list.fields) {
                read(r, item);
            }
            if apart {
                r.bad = before;
            }
        });
    }

    /// A text. An optional one that is blank counts as absent.
    pub fn text<N: Node>(
        &mut self,
        node: &N,
        key: &str,
        needed: bool,
        kind: Text,
    ) -> Option<String> {
        let child = present(node, key);
        if child.is_none() && !needed {
            return None;
        }
        if let Some(text) = child.and_then(|child| child.text()) {
            let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
            let right = if blank { !needed } else { kind.fits(&text) };
            if right && check::is_short(&text, kind.most()) {
                return Some(text).filter(|_| !blank);
            }
        }
        self.refuse(node, key, kind.allowed());
        None
    }

    /// A text that may not be absent; empty, and noted, if it is.
    pub fn needed<N: Node>(&mut self, node: &N, key: &str) -> String {
        self.text(node, key, true, Text::Line).unwrap_or_default()
    }

    /// A text of one line.
    pub fn line<N: Node>(&mut self, node: &N, key: &str) -> Option<String> {
        self.text(node, key, false, Text::Line)
    }

    /// An address, without the blanks around it.
    pub fn link<N: Node>(&mut self, node: &N, key: &str, needed: bool) -> Option<String> {
        self.text(node, key, needed, Text::Link)
            .map(|text| String::from(text.trim_ascii()))
    }

    /// An amount of money.
    pub fn price<N: Node>(&mut self, node: &N, key: &str) -> Option<Money> {
        self.text(node, key, false, Text::Price)
            .and_then(|text| Money::parse(&text))
    }

    /// A number from 0 to 100.
    pub fn percent<N: Node>(&mut self, node: &N, key: &str, needed: bool) -> f64 {
        let child = present(node, key);
        if child.is_none() && !needed {
            return 0.0;
        }
        let number = child
            .and_then(|child| child.number())
            .filter(|number| is_percent(*number));
        if number.is_none() {
            self.refuse(node, key, PERCENT);
        }
        number.unwrap_or_default()
    }

    /// A time: seconds, or a text like `01:05.250`.
    pub fn time<N: Node>(&mut self, node: &N, key: &str, needed: bool) -> Option<f64> {
        let child = present(node, key);
        if child.is_none() && !needed {
            return None;
        }
        let time = child.and_then(|child| match child.number() {
            Some(number) => Some(number).filter(|number| (0.0..f64::INFINITY).contains(number)),
            None => child.text().and_then(|text| check::seconds(&text)),
        });
        if time.is_none() {
            self.refuse(node, key, "seconds from 0, or a text like \"01:05.250\"");
        }
        time
    }

    /// `start` and `end`, with room for every time between them if one of them is wrong.
    pub fn span<N: Node>(&mut self, node: &N) -> (f64, f64) {
        let (start, end) = (self.time(node, "start", true), self.time(node, "end", true));
        if let (Some(start), Some(end)) = (start, end) {
            if end <= start {
                self.refuse(node, "end", "a time after start");
            }
            return (start, end);
        }
        (0.0, f64::INFINITY)
    }

    /// `true` or `false`; false where absent.
    pub fn flag<N: Node>(&mut self, node: &N, key: &str) -> bool {
        let Some(child) = present(node, key) else {
            return false;
        };
        let flag = child.boolean();
        if flag.is_none() {
            self.refuse(node, key, "true or false, without quotes");
        }
        flag.unwrap_or_default()
    }

    /// Which of `names` the text is.
    pub fn pick<N: Node>(
        &mut self,
        node: &N,
        key: &str,
        needed: bool,
        names: &[&str],
    ) -> Option<usize> {
        let child = present(node, key);
        if child.is_none() && !needed {
            return None;
        }
        let text = child.and_then(|child| child.text()).unwrap_or_default();
        let picked = names.iter().position(|name| *name == text);
        if picked.is_none() {
            let nearest = self.guess(&text, &mut names.iter().copied());
            self.note(
                Severity::Error,
                key,
                shown(node, key),
                &listed(names),
                nearest,
            );
        }
        picked
    }
}

/// What [`Reader::percent`] takes.
const PERCENT: &str = "a number from 0 to 100 (percent)";

pub(super) fn is_percent(number: f64) -> bool {
    (0.0..=100.0).contains(&number)
}

/// The field `key`, unless it is absent or `null`.
pub(super) fn present<N: Node>(node: &N, key: &str) -> Option<N> {
    node.get(key).filter(|child| !child.is_null())
}

fn shown<N: Node>(node: &N, key: &str) -> String {
    if key.is_empty() {
        return node.show();
    }
    node.get(key)
        .map_or_else(|| String::from("nothing"), |child| child.show())
}

fn listed(names: &[&str]) -> String {
    let mut out = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push_str(if index + 1 == names.len() {
                " or "
            } else {
                ", "
            });
        }
        out.push_str(name);
    }
    out
}
