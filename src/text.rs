//! The overlay's own words, and numbers as text without the weight of `core::fmt`.

/// The built-in English words by key. A hotspot file's `strings` replace them.
pub const ENGLISH: [(&str, &str); 15] = [
    ("add_to_cart", "Add to cart"),
    ("added", "Added"),
    ("added_aloud", "Added to your cart"),
    ("adding", "Adding\u{2026}"),
    ("buy_now", "Buy now"),
    ("cart_failed", "That did not work. Please try again."),
    ("cart_missing", "This page has no cart connected. See the product page."),
    ("close", "Close"),
    ("overlay", "Products in this video"),
    ("price_before", "instead of"),
    ("price_now", "now"),
    ("products", "Products"),
    ("sold_out", "Sold out"),
    ("variants", "Options"),
    ("view_product", "View product"),
];

/// Looks words up: first in a hotspot file's `strings`, then in the built-in ones.
pub struct Texts<'a>(pub &'a [(String, String)]);

impl Texts<'_> {
    /// The words for `key`; the key itself where nobody knows it.
    pub fn get<'b>(&'b self, key: &'b str) -> &'b str {
        let own = self.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str());
        own.or_else(|| ENGLISH.iter().find(|(name, _)| *name == key).map(|(_, text)| *text))
            .unwrap_or(key)
    }
}

/// Appends a whole number.
pub fn push_int(text: &mut String, value: i64) {
    if value < 0 {
        text.push('-');
    }
    let mut rest = value.unsigned_abs();
    let start = text.len();
    loop {
        text.insert(start, char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
}

/// Appends `value` rounded to `decimals` places, for CSS and SVG.
pub fn push_fixed(text: &mut String, value: f64, decimals: u32) {
    let scale = 10i64.pow(decimals);
    let scaled = (value * scale as f64 + if value < 0.0 { -0.5 } else { 0.5 }) as i64;
    if scaled < 0 && scaled > -scale {
        text.push('-');
    }
    push_int(text, scaled / scale);
    if decimals > 0 {
        text.push('.');
        let fraction = scaled.unsigned_abs() % scale.unsigned_abs();
        for place in (0..decimals).rev() {
            text.push(char::from(b'0' + (fraction / 10u64.pow(place) % 10) as u8));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whole_numbers_as_display_does(value in any::<i64>()) {
            let mut text = String::new();
            push_int(&mut text, value);
            prop_assert_eq!(text, value.to_string());
        }

        #[test]
        fn fixed_numbers_read_back(value in -1e6f64..1e6) {
            let mut text = String::new();
            push_fixed(&mut text, value, 2);
            prop_assert!((text.parse::<f64>().unwrap_or(f64::NAN) - value).abs() <= 0.005_000_1);
        }
    }

    #[test]
    fn words_can_be_replaced() {
        let own = [("close".to_string(), "Schliessen".to_string())];
        let texts = Texts(&own);
        assert_eq!(texts.get("close"), "Schliessen");
        assert_eq!(texts.get("buy_now"), "Buy now");
        assert!(ENGLISH.is_sorted());
    }
}
