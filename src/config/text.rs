//! The kinds of texts.

use super::check;
use crate::cart::Money;

/// Characters of an id, a title and the like.
pub(super) const LINE: usize = 500;
/// Characters of a description or a URL.
const PROSE: usize = 5_000;

/// What a text means, hence what it may be.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Line,
    Prose,
    Link,
    Price,
    Locale,
    Style,
}

impl Text {
    /// How many characters it may have.
    pub fn most(self) -> usize {
        match self {
            Text::Prose | Text::Link => PROSE,
            _ => LINE,
        }
    }

    /// Whether it means something.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Text::Line | Text::Prose => true,
            Text::Link => check::is_link(text.trim_ascii()),
            Text::Price => Money::parse(text).is_some(),
            Text::Locale => check::is_locale(text),
            Text::Style => check::is_css_value(text),
        }
    }

    /// What it may be, in words.
    pub fn allowed(self) -> &'static str {
        match self {
            Text::Line => "a text of up to 500 characters",
            Text::Prose => "a text of up to 5,000 characters",
            Text::Link => {
                "an http, https or relative address of up to 5,000 characters, without \\"
            }
            Text::Price => {
                "an amount and its currency, like \"129.00 EUR\", with a point and no more decimals than the currency has"
            }
            Text::Style => "a CSS value of up to 500 characters without ; { } < > \\ and url()",
            Text::Locale => "a language tag like \"en\" or \"en-GB\"",
        }
    }
}
