//! A scanner that checks JSON in one pass and hands out spans: what is kept is kept as it was sent.
//!
//! It takes what RFC 8259 allows, less what would trouble a reader of the files later: numbers that no `f64` holds.
//! `tests/scanner.rs` holds it against `serde_json`.

/// What was wrong with a text. Never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not JSON, or cut short.
    Syntax,
    /// Objects and lists within one another, deeper than allowed.
    Deep,
    /// A number that is out of the range of `f64`.
    Number,
}

impl Fault {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Syntax => "not JSON",
            Self::Deep => "nested too deep",
            Self::Number => "a number out of range",
        }
    }
}

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    List,
    /// `"…"`
    Text,
    /// Digits.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`
    Null,
}

/// Reads a text from its start to its end.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    limit: u32,
    flaw: Option<Fault>,
}

/// What is nested deeper is not read at all: the scanner's own stack is in danger.
const DEEPEST: u32 = 100;

/// Ends a plain stretch of a string: a quote, a backslash, a control character.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        plain[byte] = false;
        byte += 1;
    }
    plain[b'"' as usize] = false;
    plain[b'\\' as usize] = false;
    plain
};

impl<'a> Scanner<'a> {
    /// Over a text, with the greatest depth that is allowed. What is deeper, up to a limit that is always there, is read, but
    /// [`Scanner::flaw`] tells.
    pub fn new(text: &'a str, limit: u32) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            limit,
            flaw: None,
        }
    }

    /// Where it is, in bytes.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What was read since it was asked last, and should not be kept.
    pub fn flaw(&mut self) -> Option<Fault> {
        self.flaw.take()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on to what is not white space, and looks at it.
    pub fn ahead(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.ahead() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(Fault::Syntax)
    }

    /// Whether nothing but white space is left.
    pub fn finished(&mut self) -> bool {
        self.ahead().is_none()
    }

    /// Reads a value and returns what it is, and its text.
    pub fn value(&mut self) -> Result<(Kind, &'a str), Fault> {
        let first = self.ahead().ok_or(Fault::Syntax)?;
        let start = self.at;
        let kind = match first {
            b'"' => {
                self.string()?;
                Kind::Text
            }
            b'{' => {
                self.object(|scanner, _| scanner.value().map(drop))?;
                Kind::Object
            }
            b'[' => {
                self.list(|scanner| scanner.value().map(drop))?;
                Kind::List
            }
            b't' => self.word("true", Kind::Bool)?,
            b'f' => self.word("false", Kind::Bool)?,
            b'n' => self.word("null", Kind::Null)?,
            _ => {
                self.number()?;
                Kind::Number
            }
        };
        Ok((kind, self.since(start)))
    }

    /// The text from a place on to where it is.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(Fault::Syntax);
        }
        self.at += word.len();
        Ok(kind)
    }

    fn deeper(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::Deep);
        }
        if self.depth > self.limit {
            self.flaw = Some(Fault::Deep);
        }
        Ok(())
    }

    /// Reads an object; `each` is called at every value with the text of its key, between the quotes.
    pub fn object<E: From<Fault>>(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'{')?;
        self.deeper()?;
        if self.ahead() == Some(b'}') {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            if self.ahead() != Some(b'"') {
                return Err(Fault::Syntax.into());
            }
            let key = self.string()?;
            self.expect(b':')?;
            each(self, key)?;
            match self.ahead() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(Fault::Syntax.into()),
            }
        }
    }

    /// Reads a list; `each` is called at every value.
    pub fn list<E: From<Fault>>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[')?;
        self.deeper()?;
        if self.ahead() == Some(b']') {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            each(self)?;
            match self.ahead() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(Fault::Syntax.into()),
            }
        }
    }

    /// Reads a string, and returns what is between its quotes.
    fn string(&mut self) -> Result<&'a str, Fault> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| !PLAIN[usize::from(*byte)]);
            at += plain.ok_or(Fault::Syntax)?;
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += escape(bytes, at)?,
                _ => return Err(Fault::Syntax),
            }
        }
        self.at = at + 1;
        Ok(self.text.get(start..at).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        match self.at - start {
            0 => Err(Fault::Syntax),
            count => Ok(count),
        }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.peek() == Some(b'0');
        let mut large = match self.digits()? {
            1 => false,
            _ if zero => return Err(Fault::Syntax),
            count => count > 300,
        };
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
            large = true;
        }
        let finite = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
        if large && !finite(self.since(start)) {
            self.flaw = Some(Fault::Number);
        }
        Ok(())
    }
}

/// The length of the escape that begins at the backslash.
fn escape(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => {
            let digits = bytes.get(at + 2..at + 6).ok_or(Fault::Syntax)?;
            match digits.iter().all(u8::is_ascii_hexdigit) {
                true => Ok(6),
                false => Err(Fault::Syntax),
            }
        }
        _ => Err(Fault::Syntax),
    }
}

/// Where half of a surrogate pair stands alone as an escape. `JSON.stringify` writes such, and most readers refuse them.
fn lone_surrogates(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let unit = |at: usize| {
        let digits = text.get(at + 2..at + 6)?;
        (bytes.get(at..at + 2)? == b"\\u").then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut at = 0;
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += next;
        match unit(at) {
            Some(0xD800..0xDC00) if matches!(unit(at + 6), Some(0xDC00..0xE000)) => at += 12,
            Some(0xD800..0xE000) => {
                found.push(at);
                at += 6;
            }
            _ => at += 2,
        }
    }
    found
}

/// The text as it goes into a line: line breaks between tokens become blanks, and halves of characters U+FFFD, each in as
/// many bytes. None if nothing has to change. The text must be JSON, in which a line break is never inside a string.
pub fn mended(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let broken = bytes.contains(&b'\n') || bytes.contains(&b'\r');
    let halves = match bytes.contains(&b'\\') {
        true => lone_surrogates(text),
        false => Vec::new(),
    };
    if !broken && halves.is_empty() {
        return None;
    }
    let mut text = text.replace(['\n', '\r'], " ");
    for at in halves {
        text.replace_range(at..at + 6, "\\ufffd");
    }
    Some(text)
}

/// What a string says, by the text between its quotes.
pub fn unescaped(inner: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !inner.contains('\\') {
        return Some(inner.into());
    }
    let quoted = format!("\"{}\"", mended(inner).unwrap_or_else(|| inner.to_owned()));
    serde_json::from_str::<String>(&quoted).ok().map(Into::into)
}

/// A text without its quotes.
pub fn inner(quoted: &str) -> &str {
    quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or_default()
}
