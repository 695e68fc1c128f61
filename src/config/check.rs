//! Texts with a meaning of their own: times, links, language tags and CSS values.

/// Seconds of `ss.fff`, `mm:ss.fff` or `hh:mm:ss.fff`: the first number of up to six digits, the
/// others of up to two and below 60, the fraction of up to six.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let (mut whole, mut part, mut digits, mut colons) = (0, 0, 0, 0);
    // What one is worth in units of the last decimal; 0 before the point.
    let mut scale = 0;
    for &byte in text.as_bytes() {
        if byte.is_ascii_digit() && digits < if colons > 0 && scale == 0 { 2 } else { 6 } {
            part = part * 10 + u64::from(byte - b'0');
            scale *= 10;
            digits += 1;
            continue;
        }
        if digits == 0 || scale > 0 || (colons > 0 && part > 59) {
            return None;
        }
        whole = whole * 60 + part;
        match byte {
            b':' if colons < 2 => colons += 1,
            b'.' => scale = 1,
            _ => return None,
        }
        (part, digits) = (0, 0);
    }
    if digits == 0 {
        return None;
    }
    if scale == 0 {
        if colons > 0 && part > 59 {
            return None;
        }
        (whole, part, scale) = (whole * 60 + part, 0, 1);
    }
    // Whole numbers below 2^53 before the division: the closest number to what is written.
    Some((whole * scale + part) as f64 / scale as f64)
}

/// Whether a browser reads this (already trimmed) text as an http(s) or relative URL. Browsers drop
/// control characters before they look for the scheme, so those are refused wherever they are.
pub(super) fn is_link(text: &str) -> bool {
    if text
        .bytes()
        .any(|byte| byte < 0x20 || byte == 0x7f || byte == b'\\')
    {
        return false;
    }
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b':' => {
                let scheme = text.get(..index).unwrap_or_default();
                return index == 0
                    || scheme.eq_ignore_ascii_case("https")
                    || scheme.eq_ignore_ascii_case("http");
            }
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            _ => return true,
        }
    }
    true
}

/// Whether this has the shape of a BCP 47 tag: `Intl` throws at others.
pub(super) fn is_locale(text: &str) -> bool {
    let (mut least, mut length) = (2, 0);
    for byte in text.bytes() {
        if byte == b'-' && length >= least {
            (least, length) = (1, 0);
        } else if length < 8
            && (byte.is_ascii_alphabetic() || (least == 1 && byte.is_ascii_digit()))
        {
            length += 1;
        } else {
            return false;
        }
    }
    length >= least
}

/// Whether this is the rest of a custom property's name.
pub(super) fn is_css_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether a style can take this value and load nothing, end nothing and hide nothing with it.
pub(super) fn is_css_value(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if *byte < 0x20 || matches!(byte, b';' | b'{' | b'}' | b'<' | b'>' | b'\\') {
            return false;
        }
        for loader in ["url(", "src(", "image-set("] {
            let start = rest.get(..loader.len()).unwrap_or_default();
            if start.eq_ignore_ascii_case(loader.as_bytes()) {
                return false;
            }
        }
        rest = tail;
    }
    true
}

/// Characters of a text.
const LONGEST: usize = 5_000;

/// Whether the text is not too long.
pub(super) fn is_short(text: &str) -> bool {
    let mut length = 0;
    for byte in text.bytes() {
        length += usize::from(byte & 0xc0 != 0x80);
    }
    length <= LONGEST
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_clock_times() {
        for (text, value) in [
            ("0", 0.0),
            ("7.25", 7.25),
            ("01:05.250", 65.25),
            ("1:5", 65.0),
            ("90:00", 5400.0),
            ("01:00:00.1", 3600.1),
            ("999999:59:59.999999", 3_599_999_999.999_999),
        ] {
            assert_eq!(seconds(text), Some(value), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1:",
            ":1",
            "1:60",
            "1:99:00",
            "1:1:1:1",
            "-1",
            "+1",
            "1e3",
            " 1",
            "1 ",
            "1,5",
            "1:001",
            "1000000",
            "0.0000001",
            "٣",
            "NaN",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn links_lead_to_web_pages_only() {
        for text in [
            "https://a.example/x",
            "HTTP://a",
            "/p",
            "p/q:r",
            "?a=b:c",
            "#x",
            "//cdn.example/a",
            "./a b",
            "1:2",
            "é:x",
            ":x",
            "https:x",
            "",
        ] {
            assert!(is_link(text), "{text}");
        }
        for text in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://a/b",
            "file:///etc/passwd",
            "ftp://a",
            "mailto:a@b",
            "tel:1",
            "httpsx:y",
            "\\\\evil.example",
            "https:\\\\a",
            "a+b:c",
            "view-source:x",
            "/a\u{7f}b",
        ] {
            assert!(!is_link(text), "{text:?}");
        }
    }

    #[test]
    fn tags_and_styles_are_checked() {
        for text in ["en", "en-GB", "zh-Hant-TW", "de-1996", "sr-Latn"] {
            assert!(is_locale(text), "{text}");
        }
        for text in [
            "",
            "e",
            "en_US",
            "en-",
            "-en",
            "12",
            "english-us-toolongpart1",
            "en GB",
        ] {
            assert!(!is_locale(text), "{text}");
        }
        for text in [
            "#c0ffee",
            "0 2px 8px rgb(0 0 0 / 40%)",
            "\"Ubuntu Sans\", sans-serif",
            "var(--brand)",
            "calc(1px + 2%)",
        ] {
            assert!(is_css_value(text), "{text}");
        }
        for text in [
            "red;",
            "a}b",
            "{",
            "<style",
            "\\75rl(x)",
            "URL(x)",
            "url(x)",
            "image-set('x')",
            "-webkit-image-set('x' 1x)",
            "a\nb",
        ] {
            assert!(!is_css_value(text), "{text}");
        }
        assert!(
            is_css_name("accent-color")
                && !is_css_name("")
                && !is_css_name("Accent")
                && !is_css_name("a:b")
        );
    }

    #[test]
    fn lengths_are_in_characters() {
        assert!(is_short(&"ä".repeat(LONGEST)) && !is_short(&"a".repeat(LONGEST + 1)));
    }
}
