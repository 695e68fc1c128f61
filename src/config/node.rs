//! The view of a JSON value that the decoder reads.

use alloc::string::String;
use alloc::vec::Vec;

/// A JSON value. There is one implementation per host: `serde_json::Value` natively, `JsValue` in the
/// browser (`web/node.rs`). Every getter answers `None` for a value of another type; none converts.
pub trait Node: Sized {
    /// The own field `key` of an object, `null` included; `None` if absent or if this is no object.
    fn get(&self, key: &str) -> Option<Self>;
    /// A number, be it finite or not.
    fn number(&self) -> Option<f64>;
    /// A text.
    fn text(&self) -> Option<String>;
    /// `true` or `false`.
    fn boolean(&self) -> Option<bool>;
    /// How many items a list has; `None` if this is no list.
    fn length(&self) -> Option<usize>;
    /// An item of a list; `None` past its end or if this is no list.
    fn item(&self, index: usize) -> Option<Self>;
    /// The names of an object's fields; `None` if this is no object. A list is none.
    fn keys(&self) -> Option<Vec<String>>;
    /// Whether this is `null` (or `undefined`): optional fields take it for absent.
    fn is_null(&self) -> bool;
    /// What was found, for a message: `"abc"` (see [`quoted`]), `12`, `true`, `null`, `a list`,
    /// `an object`.
    fn show(&self) -> String;
}

/// How many characters of a text that was found a message repeats.
const SHOWN: usize = 60;

/// A text in quotes for a message: on one line, cut after 60 characters.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    push_cut(&mut out, text);
    out.push('"');
    out
}

/// Adds `text` on one line, cut after 60 characters.
pub(super) fn push_cut(out: &mut String, text: &str) {
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN {
            out.push('…');
            break;
        }
        // Control characters, and the separators that would break or turn round a line.
        let harmful = c < ' '
            || matches!(c, '\x7f'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        out.push(if harmful { '\u{fffd}' } else { c });
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Node for &serde_json::Value {
    fn get(&self, key: &str) -> Option<Self> {
        self.as_object()?.get(key)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(String::from)
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn length(&self) -> Option<usize> {
        self.as_array().map(Vec::len)
    }

    fn item(&self, index: usize) -> Option<Self> {
        self.as_array()?.get(index)
    }

    fn keys(&self) -> Option<Vec<String>> {
        Some(self.as_object()?.keys().cloned().collect())
    }

    fn is_null(&self) -> bool {
        serde_json::Value::is_null(self)
    }

    fn show(&self) -> String {
        match self {
            serde_json::Value::String(text) => quoted(text),
            serde_json::Value::Array(_) => String::from("a list"),
            serde_json::Value::Object(_) => String::from("an object"),
            other => other.to_string(),
        }
    }
}
