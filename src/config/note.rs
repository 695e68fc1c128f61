//! Where the decoder is, and what it notes there.

use super::decode::{Decoder, MOST};
use super::nearest::nearest;
use super::node::{Node, push_cut};
use super::problem::{Problem, Severity, push_number};
use super::table;
use alloc::string::String;
use alloc::vec::Vec;

/// What was found, what is allowed, and the known name that was probably meant.
pub(super) type Words = (String, String, Option<String>);

impl<const SAY: bool> Decoder<'_, SAY> {
    /// Goes down to a field; [`Decoder::leave`] takes the mark back.
    #[inline(never)]
    pub fn enter(&mut self, key: &str) -> usize {
        let mark = self.path.len();
        if SAY {
            if mark > 0 {
                self.path.push('.');
            }
            push_cut(&mut self.path, key);
        }
        mark
    }

    /// Goes down to an item of a list.
    pub fn enter_item(&mut self, index: usize) -> usize {
        let mark = self.path.len();
        if SAY {
            self.path.push('[');
            push_number(&mut self.path, index);
            self.path.push(']');
        }
        mark
    }

    #[inline(never)]
    pub fn leave(&mut self, mark: usize) {
        if SAY {
            self.path.truncate(mark);
        }
    }

    /// Notes a problem of what is being read; where none is said, its words are never made.
    #[inline(always)]
    pub fn note(&mut self, severity: Severity, words: impl FnOnce(&mut Self) -> Words) {
        self.bad |= severity == Severity::Error;
        self.flawed = true;
        if SAY {
            let words = words(self);
            self.say(severity, words);
        }
    }

    /// After too many problems, the others are not listed.
    fn say(&mut self, severity: Severity, (mut found, mut allowed, nearest): Words) {
        if self.problems.len() > MOST {
            return;
        }
        if self.problems.len() == MOST {
            found = String::from("too many problems, of which this is the last");
            allowed = String::from("this list first");
        }
        self.problems.push(Problem {
            severity,
            path: self.path.clone(),
            found,
            allowed,
            nearest,
        });
    }

    /// Notes that something else is allowed than `node`.
    #[inline(never)]
    pub fn refuse<N: Node>(&mut self, node: Option<&N>, allowed: &str) {
        self.note(Severity::Error, |_| {
            (shown(node), String::from(allowed), None)
        });
    }

    /// Notes that `node` is none of its kind.
    #[inline(never)]
    pub fn refuse_kind<N: Node>(&mut self, node: Option<&N>, kind: u8) {
        if table::is_word::<SAY>(kind) {
            self.note(Severity::Error, |decoder| {
                let text = node.and_then(Node::text).unwrap_or_default();
                decoder.suggest(shown(node), &text, kind)
            });
        } else {
            self.refuse(node, if SAY { table::words(kind) } else { "" });
        }
    }

    /// Says that `word` is none of the names of a kind, and which of them is the closest.
    pub fn suggest(&mut self, found: String, word: &str, kind: u8) -> Words {
        let mut line = table::names::<SAY>(kind);
        let (mut names, mut allowed) = (Vec::new(), String::new());
        while !line.is_empty() {
            let name = table::next_name(&mut line);
            if !names.is_empty() {
                allowed.push_str(if line.is_empty() { " or " } else { ", " });
            }
            allowed.push_str(name);
            names.push(name);
        }
        let nearest = nearest(word, &names, &mut self.guesses);
        (found, allowed, nearest)
    }
}

fn shown<N: Node>(node: Option<&N>) -> String {
    match node {
        Some(node) => node.show(),
        None => String::from("nothing"),
    }
}
