//! JSON as text, written without serde: a tree of typed structs weighs 10 kB of WebAssembly more.

use crate::text::push_fixed;

/// The inside of a JSON object, field by field. Numbers are written to three decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json(String);

impl Json {
    /// No field yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `{` and the fields and `}`.
    pub fn object(&self) -> String {
        let mut text = String::from("{");
        text.push_str(&self.0);
        text.push('}');
        text
    }

    fn key(&mut self, key: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        push_string(&mut self.0, key);
        self.0.push(':');
    }

    /// A text.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        push_string(&mut self.0, value);
    }

    /// A text, if there is one.
    pub fn maybe(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// A number; `null` if it is none.
    pub fn number(&mut self, key: &str, value: f64) {
        self.key(key);
        push_number(&mut self.0, value);
    }

    /// JSON that is already text.
    pub fn raw(&mut self, key: &str, json: &str) {
        self.key(key);
        self.0.push_str(json);
    }

    /// The fields of another.
    pub fn extend(&mut self, other: &Json) {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&other.0);
    }
}

/// Appends to a JSON list that is still open: `[` at first, then `,`.
pub fn push_item(list: &mut String, json: &str) {
    list.push(if list.is_empty() { '[' } else { ',' });
    list.push_str(json);
}

/// Ends a list of [`push_item`].
pub fn end_list(mut list: String) -> String {
    if list.is_empty() {
        list.push('[');
    }
    list.push(']');
    list
}

/// Appends a number to three decimals, without trailing zeros.
pub fn push_number(text: &mut String, value: f64) {
    // The magnitude that whole thousandths fit an i64 with room to spare.
    if !(value.abs() < 1e15) {
        text.push_str("null");
        return;
    }
    push_fixed(text, value, 3);
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
}

/// Appends `value` in quotes, escaped as JSON wants it and as UTF-8 else.
fn push_string(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.push('\\'),
            // Control characters, by their four hexadecimal digits.
            '\0'..='\x1f' => {
                text.push_str("\\u00");
                text.push(if c < '\x10' { '0' } else { '1' });
                let digit = c as u8 & 15;
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
                continue;
            }
            _ => {}
        }
        text.push(c);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    proptest! {
        #[test]
        fn any_text_and_number_reads_back(key in ".*", value in any::<String>(), number in -1e12f64..1e12) {
            let mut json = Json::new();
            json.text("text", &value);
            json.number("number", number);
            json.text(&key, "last");
            let read: Value = serde_json::from_str(&json.object()).unwrap();
            if key != "text" && key != "number" {
                prop_assert_eq!(&read["text"], &json!(value));
                prop_assert!((read["number"].as_f64().unwrap() - number).abs() < 0.001);
            }
            prop_assert_eq!(&read[&key], "last");
        }
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [(0.0, "0"), (12.0, "12"), (7.25, "7.25"), (-0.5, "-0.5"), (1e3, "1000"),
            (f64::NAN, "null"), (f64::INFINITY, "null"), (0.0004, "0")] {
            let mut written = String::new();
            push_number(&mut written, value);
            assert_eq!(written, text);
        }
    }

    #[test]
    fn lists_and_parts() {
        let mut list = String::new();
        push_item(&mut list, "1");
        push_item(&mut list, "2");
        assert_eq!(end_list(list), "[1,2]");
        assert_eq!(end_list(String::new()), "[]");
        let (mut a, mut b) = (Json::new(), Json::new());
        b.number("b", 1.0);
        a.extend(&b);
        a.extend(&Json::new());
        assert_eq!(a.object(), "{\"b\":1}");
    }
}
