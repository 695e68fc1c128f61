//! One event: what the collector has to know of it, read while it is checked. The rest passes as it was sent.

use crate::ids::{Id, IdMaker};
use crate::json::{Fault, Kind, Scanner, inner, unescaped};
use crate::time;
use std::ops::Range;

/// What is wrong with an event. Both are words of ours: nothing of a request is ever said back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub path: &'static str,
    /// What is needed.
    pub reason: &'static str,
}

const fn problem(path: &'static str, reason: &'static str) -> Problem {
    Problem { path, reason }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        problem("", fault.words())
    }
}

/// The view that an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRef {
    /// Its id.
    pub key: Id,
    /// Its id in words, where it is no UUID.
    pub name: Option<Box<str>>,
}

/// Events that a `dropped` event counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped {
    /// How many in all.
    pub count: u64,
    /// Their `seq` by view, as far as they are listed.
    pub missing: Vec<(ViewRef, Vec<u32>)>,
}

/// What the collector knows of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Repeats are known by it.
    pub id: Id,
    /// Where it belongs, and its number there.
    pub view: Option<(ViewRef, u32)>,
    /// Epoch milliseconds, by the sender's clock.
    pub time: i64,
    /// It ends its view.
    pub ends: bool,
    /// Its type is none of the catalogue.
    pub unknown: bool,
    /// What it counts, if it is a `dropped`.
    pub dropped: Option<Box<Dropped>>,
}

/// An event with what was found beside it.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Its text.
    pub text: &'a str,
    /// What is known of it, or what is wrong.
    pub head: Result<Head, Problem>,
    /// What formats without an envelope put into each event.
    pub envelope: Envelope<'a>,
}

/// What belongs to the batch.
#[derive(Debug, Default)]
pub struct Envelope<'a> {
    /// Where the event's own members are.
    pub own: Vec<Range<usize>>,
    /// The text of `context`.
    pub context: Option<&'a str>,
    /// The text of `schema`, between its quotes.
    pub schema: Option<&'a str>,
    /// When it was sent.
    pub sent_at: Option<i64>,
}

/// The types of the catalogue, in `docs/events.md`, and those of GA4 that the design names.
pub fn is_known(kind: &str) -> bool {
    matches!(
        kind,
        "impression"
            | "play"
            | "pause"
            | "seek"
            | "buffer"
            | "progress"
            | "segment_enter"
            | "end"
            | "hotspot_exposure"
            | "experiment_exposure"
            | "hotspot_click"
            | "video_click"
            | "view_item_list"
            | "view_item"
            | "select_item"
            | "card_close"
            | "add_to_cart"
            | "remove_from_cart"
            | "view_cart"
            | "add_to_wishlist"
            | "remove_from_wishlist"
            | "buy_now"
            | "cart_outcome"
            | "begin_checkout"
            | "checkout_step"
            | "purchase"
            | "coupon_revealed"
            | "coupon_copied"
            | "generate_lead"
            | "lead_failed"
            | "poll_answered"
            | "stream_intent_abandoned"
            | "intent_recovered"
            | "dropped"
            | "view_end"
    )
}

/// Ids and types are shorter.
const LONGEST_ID: usize = 128;

const TEXT: &str = "a text is needed";
const NUMBER: &str = "a number is needed";

/// A field that the files' readers rely on: its place, its name, what it must be.
fn field(key: &str) -> Option<(usize, &'static str, Kind, &'static str)> {
    Some(match key {
        "id" => (0, "id", Kind::Text, TEXT),
        "type" => (1, "type", Kind::Text, TEXT),
        "time" => (2, "time", Kind::Text, TEXT),
        "seq" => (3, "seq", Kind::Number, "a whole number is needed"),
        "view_id" => (4, "view_id", Kind::Text, TEXT),
        "count" => (5, "count", Kind::Number, NUMBER),
        "missing" => (6, "missing", Kind::Object, "an object is needed"),
        "elapsed_ms" => (7, "elapsed_ms", Kind::Number, NUMBER),
        "viewer_id" => (8, "viewer_id", Kind::Text, TEXT),
        "session_id" => (9, "session_id", Kind::Text, TEXT),
        "video_id" => (10, "video_id", Kind::Text, TEXT),
        "media_time" => (11, "media_time", Kind::Number, NUMBER),
        "hotspot_id" => (12, "hotspot_id", Kind::Text, TEXT),
        "items" => (13, "items", Kind::List, "a list is needed"),
        "value" => (14, "value", Kind::Number, NUMBER),
        "currency" => (15, "currency", Kind::Text, TEXT),
        "segment_id" => (16, "segment_id", Kind::Text, TEXT),
        "cause" => (17, "cause", Kind::Text, TEXT),
        "experiment" => (18, "experiment", Kind::Object, "an object is needed"),
        "outcome" => (19, "outcome", Kind::Text, TEXT),
        "reason" => (20, "reason", Kind::Text, TEXT),
        "target" => (21, "target", Kind::Text, TEXT),
        "percent" => (22, "percent", Kind::Number, NUMBER),
        "duration_ms" => (23, "duration_ms", Kind::Number, NUMBER),
        "order_id" => (24, "order_id", Kind::Text, TEXT),
        "coupon" => (25, "coupon", Kind::Text, TEXT),
        "watched" => (26, "watched", Kind::List, "a list is needed"),
        _ => return None,
    })
}
/// So many of them are looked into.
const KEPT: usize = 7;

/// The texts of the fields that matter, and the first problem.
#[derive(Default)]
struct Fields<'a> {
    texts: [Option<&'a str>; KEPT],
    seen: u32,
    problem: Option<Problem>,
}

impl<'a> Fields<'a> {
    fn take(&mut self, key: &'a str, kind: Kind, value: &'a str) {
        let Some((at, name, wanted, reason)) = field(key) else {
            if key.contains('\\') {
                self.escaped(key);
            }
            return;
        };
        if self.seen & (1 << at) != 0 {
            self.fail(name, "it is there twice");
        }
        self.seen |= 1 << at;
        if kind == Kind::Null {
            return;
        }
        if kind != wanted {
            self.fail(name, reason);
        } else if let Some(slot) = self.texts.get_mut(at) {
            *slot = Some(value);
        }
    }

    /// A reader would take `\u0069d` for `id`.
    fn escaped(&mut self, key: &str) {
        let Some(name) = unescaped(key) else { return };
        if let Some((_, name, ..)) = field(&name) {
            self.fail(name, "its name is written with escapes");
        }
    }

    fn fail(&mut self, path: &'static str, reason: &'static str) {
        self.problem.get_or_insert(problem(path, reason));
    }

    fn head(self, ids: &IdMaker) -> Result<Head, Problem> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let [id, kind, time, seq, view, count, missing] = self.texts;
        let kind = inner(kind.ok_or(problem("type", TEXT))?);
        if kind.is_empty() || kind.len() > LONGEST_ID {
            return Err(problem("type", "1 to 128 bytes are allowed"));
        }
        let time = time.ok_or(problem("time", TEXT))?;
        let time = time::parse(inner(time))
            .filter(|time| (0..=253_402_300_799_999).contains(time))
            .ok_or(problem("time", "RFC 3339 is needed, from 1970 on"))?;
        let id = ids.of(named("id", id.ok_or(problem("id", TEXT))?)?);
        let view = match view {
            Some(view) => Some(view_ref(named("view_id", view)?, ids)),
            None => None,
        };
        let seq = match seq {
            Some(seq) => Some(whole(seq).ok_or(problem("seq", "0 to 4294967293 is allowed"))?),
            None => None,
        };
        let dropped = (kind == "dropped").then(|| {
            let count = count.and_then(|text| text.parse().ok()).unwrap_or(0);
            let missing = missing
                .and_then(|text| listed(text, ids))
                .unwrap_or_default();
            Box::new(Dropped { count, missing })
        });
        Ok(Head {
            id,
            view: view.zip(seq),
            time,
            ends: kind == "view_end",
            unknown: !is_known(kind),
            dropped,
        })
    }
}

fn named<'a>(path: &'static str, quoted: &'a str) -> Result<&'a str, Problem> {
    let text = inner(quoted);
    if text.is_empty() || text.len() > LONGEST_ID {
        return Err(problem(path, "1 to 128 bytes are allowed"));
    }
    Ok(text)
}

fn view_ref(text: &str, ids: &IdMaker) -> ViewRef {
    ViewRef {
        key: ids.of(text),
        name: (!IdMaker::is_uuid(text)).then(|| text.into()),
    }
}

fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number < u32::MAX - 1)
}

/// What `missing` of a `dropped` lists. What is no list of numbers there is passed over.
fn listed(text: &str, ids: &IdMaker) -> Option<Vec<(ViewRef, Vec<u32>)>> {
    let mut all = Vec::new();
    let mut scanner = Scanner::new(text, 8);
    let read: Result<(), Fault> = scanner.object(|scanner, view| {
        if scanner.ahead() != Some(b'[') {
            return scanner.value().map(drop);
        }
        let mut numbers = Vec::new();
        scanner.list(|scanner| {
            let (_, text) = scanner.value()?;
            numbers.extend(whole(text));
            Ok::<(), Fault>(())
        })?;
        if !view.is_empty() && view.len() <= LONGEST_ID {
            all.push((view_ref(view, ids), numbers));
        }
        Ok(())
    });
    read.ok().map(|()| all)
}

/// Reads the event that the scanner stands before. With `enveloped`, `context`, `schema` and `sent_at` are the batch's.
pub fn read<'a>(
    scanner: &mut Scanner<'a>,
    ids: &IdMaker,
    largest: usize,
    enveloped: bool,
) -> Result<Reading<'a>, Fault> {
    let mut envelope = Envelope::default();
    if scanner.ahead() != Some(b'{') {
        let (_, text) = scanner.value()?;
        scanner.flaw();
        let head = Err(problem("", "an object is needed"));
        return Ok(Reading {
            text,
            head,
            envelope,
        });
    }
    let start = scanner.at();
    let mut fields = Fields::default();
    scanner.object(|scanner, key| {
        let (kind, value) = scanner.value()?;
        if enveloped {
            match key {
                "context" if kind == Kind::Object => envelope.context = Some(value),
                "schema" if kind == Kind::Text => envelope.schema = Some(inner(value)),
                "sent_at" if kind == Kind::Text => envelope.sent_at = time::parse(inner(value)),
                "write_key" => {}
                _ => envelope.own.push(member(scanner, key, start)),
            }
        }
        fields.take(key, kind, value);
        Ok::<(), Fault>(())
    })?;
    let text = scanner.since(start);
    let mut head = fields.head(ids);
    if let Some(flaw) = scanner.flaw() {
        head = Err(flaw.into());
    }
    if text.len() > largest {
        head = Err(problem("", "larger than this collector allows"));
    }
    Ok(Reading {
        text,
        head,
        envelope,
    })
}

/// Where a member is within its object: from the quote before its key to the end of its value, where the scanner is.
fn member(scanner: &Scanner<'_>, key: &str, start: usize) -> Range<usize> {
    let whole = scanner.since(start);
    let from = (key.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    from.saturating_sub(1)..whole.len()
}

/// The event without what belongs to the batch.
pub fn without_envelope(reading: &Reading<'_>) -> String {
    let parts: Vec<&str> = reading
        .envelope
        .own
        .iter()
        .filter_map(|range| reading.text.get(range.clone()))
        .collect();
    format!("{{{}}}", parts.join(","))
}

#[cfg(test)]
mod tests {
    /// The rows of the catalogue's table begin with the types.
    #[test]
    fn the_catalogue_is_known() {
        let page = include_str!("../../docs/events.md");
        let rows = page.split("## The catalogue").nth(1).unwrap_or_default();
        let rows = rows.split("\n## ").next().unwrap_or_default();
        let types = rows.lines().filter(|line| line.starts_with("| `"));
        let types = types.filter_map(|line| line.split('|').nth(1));
        let types: Vec<_> = types.flat_map(|cell| cell.split(", ")).collect();
        assert!(types.len() > 30, "{types:?}");
        for kind in types {
            let kind = kind.trim().trim_matches('`');
            assert!(super::is_known(kind), "{kind} is in docs/events.md");
        }
    }
}
