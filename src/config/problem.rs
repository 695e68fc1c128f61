//! What is wrong with a hotspot file, in words that a marketer can act on.

use super::node::push_cut;
use alloc::string::String;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// What it is about is left out.
    Error,
    /// Everything is used, but probably not as its author meant.
    Warning,
}

/// One thing that is wrong with a hotspot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether something is left out because of it.
    pub severity: Severity,
    /// Where, as in `hotspots[3].keyframes[0].x`; empty for the file itself.
    pub path: String,
    /// What is there: `"elipse"`, `141`, `an object`, `nothing`, `an unknown field`.
    pub found: String,
    /// What may be there.
    pub allowed: String,
    /// The known name that was probably meant.
    pub nearest: Option<String>,
}

impl Problem {
    /// All of it on one line: where, what was found, what to use instead.
    pub fn message(&self) -> String {
        let mut out = String::new();
        out.push_str(if self.path.is_empty() {
            "the file"
        } else {
            &self.path
        });
        out.push_str(": found ");
        out.push_str(&self.found);
        out.push_str(". Use ");
        out.push_str(&self.allowed);
        out.push('.');
        if let Some(nearest) = &self.nearest {
            out.push_str(" Did you mean \"");
            push_cut(&mut out, nearest);
            out.push_str("\"?");
        }
        out
    }
}

/// Adds a whole number in decimal.
pub(super) fn push_number(out: &mut String, number: usize) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}
