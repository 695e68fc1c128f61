//! Whether a product's variants have the options that it lists. Only where problems are said: the card shows
//! what it has either way, what no option lists last.

use super::decode::Decoder;
use super::nearest::nearest;
use super::node::{Node, quoted};
use super::problem::Severity;
use alloc::string::String;
use alloc::vec::Vec;

/// So many names are listed.
const SHOWN: usize = 10;

impl<const SAY: bool> Decoder<'_, SAY> {
    /// Compares the options of the product that is being read with those of its variants.
    pub fn compare_options<N: Node>(&mut self, product: &N) {
        let variants = items(product, "variants");
        if variants.is_empty() {
            return;
        }
        for (index, option) in items(product, "options").iter().enumerate() {
            let Some(name) = said(option.get("name").and_then(|name| name.text())) else {
                continue;
            };
            let values: Vec<String> = items(option, "values")
                .iter()
                .filter_map(|value| said(value.text().or_else(|| value.get("value")?.text())))
                .collect();
            if variants
                .iter()
                .all(|variant| chosen(variant, &name).is_none())
            {
                self.unused(index, &name, &variants);
            } else if !values.is_empty() {
                self.unlisted(&name, &values, &variants);
            }
        }
    }

    /// An option that no variant has, by another name perhaps.
    fn unused<N: Node>(&mut self, index: usize, name: &str, variants: &[N]) {
        let mut names: Vec<String> = Vec::new();
        let keys = variants.iter().filter_map(|one| one.get("options")?.keys());
        for key in keys.flatten() {
            if !names.contains(&key) {
                names.push(key);
            }
        }
        if names.is_empty() {
            return;
        }
        let marks = [self.enter("options"), self.enter_item(index)];
        let last = self.enter("name");
        self.say_none_of("which no variant has", name, &names);
        self.leave(last);
        self.leave(marks[1]);
        self.leave(marks[0]);
    }

    /// Values of variants that an option does not list.
    fn unlisted<N: Node>(&mut self, name: &str, values: &[String], variants: &[N]) {
        for (index, variant) in variants.iter().enumerate() {
            let Some(value) = chosen(variant, name) else {
                continue;
            };
            if values.contains(&value) {
                continue;
            }
            let marks = [self.enter("variants"), self.enter_item(index)];
            let inner = [self.enter("options"), self.enter(name)];
            self.say_none_of("which the product's option does not list", &value, values);
            self.leave(inner[1]);
            self.leave(inner[0]);
            self.leave(marks[1]);
            self.leave(marks[0]);
        }
    }

    fn say_none_of(&mut self, what: &str, word: &str, known: &[String]) {
        self.note(Severity::Warning, |decoder| {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let mut allowed = String::new();
            for (index, name) in names.iter().take(SHOWN).enumerate() {
                if index > 0 {
                    allowed.push_str(if index + 1 == names.len() {
                        " or "
                    } else {
                        ", "
                    });
                }
                allowed.push_str(name);
            }
            if names.len() > SHOWN {
                allowed.push_str(" …");
            }
            let mut found = quoted(word);
            found.push_str(", ");
            found.push_str(what);
            (found, allowed, nearest(word, &names, &mut decoder.guesses))
        });
    }
}

/// The items of a list; none where there is no list.
fn items<N: Node>(node: &N, key: &str) -> Vec<N> {
    let list = node.get(key);
    let length = list.as_ref().and_then(Node::length).unwrap_or_default();
    let item = |index| list.as_ref()?.item(index);
    (0..length.min(super::decode::MOST))
        .filter_map(item)
        .collect()
}

/// A variant's value of an option.
fn chosen<N: Node>(variant: &N, name: &str) -> Option<String> {
    said(variant.get("options")?.get(name)?.text())
}

/// A text with something in it.
fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
