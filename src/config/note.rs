//! Where the decoder is, and what it notes there.

use super::decode::{Decoder, MOST};
use super::nearest::nearest;
use super::node::{Node, push_cut};
use super::problem::{Problem, Severity, push_number};
use super::table;

impl Decoder<'_> {
    /// Goes down to a field; [`Decoder::leave`] takes the mark back.
    #[inline(never)]
    pub fn enter(&mut self, key: &str) -> usize {
        let mark = self.path.len();
        if mark > 0 {
            self.path.push('.');
        }
        push_cut(&mut self.path, key);
        mark
    }

    /// Goes down to an item of a list.
    pub fn enter_item(&mut self, index: usize) -> usize {
        let mark = self.path.len();
        self.path.push('[');
        push_number(&mut self.path, index);
        self.path.push(']');
        mark
    }

    #[inline(never)]
    pub fn leave(&mut self, mark: usize) {
        self.path.truncate(mark);
    }

    /// Notes a problem of what is being read. After too many, the others are not listed.
    #[inline(never)]
    pub fn note(
        &mut self,
        severity: Severity,
        mut found: String,
        mut allowed: &str,
        nearest: Option<String>,
    ) {
        self.bad |= severity == Severity::Error;
        if self.problems.len() > MOST {
            return;
        }
        if self.problems.len() == MOST {
            found = String::from("too many problems, of which this is the last");
            allowed = "this list first";
        }
        self.problems.push(Problem {
            severity,
            path: self.path.clone(),
            found,
            allowed: String::from(allowed),
            nearest,
        });
    }

    /// Notes that something else is allowed than `node`.
    #[inline(never)]
    pub fn refuse<N: Node>(&mut self, node: Option<&N>, allowed: &str) {
        self.note(Severity::Error, shown(node), allowed, None);
    }

    /// Notes that `node` is none of its kind.
    #[inline(never)]
    pub fn refuse_kind<N: Node>(&mut self, node: Option<&N>, kind: u8) {
        let words = table::words(kind);
        if !words.is_empty() {
            return self.refuse(node, words);
        }
        let text = node.and_then(Node::text).unwrap_or_default();
        self.suggest(Severity::Error, shown(node), &text, kind);
    }

    /// Notes that `word` is none of the names of a kind, and which of them is the closest.
    #[inline(never)]
    pub fn suggest(&mut self, severity: Severity, found: String, word: &str, kind: u8) {
        let mut line = table::names(kind);
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
        self.note(severity, found, &allowed, nearest);
    }
}

fn shown<N: Node>(node: Option<&N>) -> String {
    match node {
        Some(node) => node.show(),
        None => String::from("nothing"),
    }
}
