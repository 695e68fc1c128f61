//! What a request's body holds: Vitrine's own batch, lines of events, or CloudEvents. Its content tells which.

use crate::event::{self, Head, Problem, Reading};
use crate::ids::IdMaker;
use crate::json::{Fault, Kind, Scanner, inner};
use crate::time;
use bytes::Bytes;
use std::ops::Range;

/// What a body may have.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Bytes of one event.
    pub event_bytes: usize,
    /// Events of one batch.
    pub events: usize,
    /// Objects and lists within one another, the batch's own two included.
    pub depth: u32,
}

/// A piece of the body, or what was made of one.
#[derive(Debug, Clone)]
pub enum Text {
    /// Bytes of the body.
    Span(Range<usize>),
    /// A text of its own.
    Own(Box<str>),
}

/// An event that may be kept.
#[derive(Debug)]
pub struct Event {
    /// As it was sent.
    pub text: Text,
    /// What is known of it.
    pub head: Head,
}

/// An event that may not.
#[derive(Debug)]
pub struct Invalid {
    /// Its place in the body, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub problem: Problem,
    /// As it was sent, if it is JSON.
    pub text: Option<Text>,
}

/// Events with one context, sent at one time.
#[derive(Debug)]
pub struct Group {
    /// The context's text.
    pub context: Option<Text>,
    /// Epoch milliseconds by the sender's clock.
    pub sent_at: Option<i64>,
    /// In their order.
    pub events: Vec<Event>,
}

/// What was read.
#[derive(Debug)]
pub struct Batch {
    /// The whole.
    pub body: Bytes,
    /// One, but for formats whose events carry their context.
    pub groups: Vec<Group>,
    /// What is refused.
    pub invalid: Vec<Invalid>,
    /// The key beside the events.
    pub write_key: Option<String>,
}

/// Why a body is refused as a whole. In words of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no batch: 400.
    Malformed(&'static str),
    /// More events than allowed: 413.
    Many,
    /// A schema that this collector does not read: 415, after which the overlay keeps its events.
    Schema,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Malformed(match fault {
            Fault::Syntax => "the body is not JSON of a known form",
            Fault::Deep => "the body is nested too deep",
            Fault::Number => "a number in the body is out of range",
        })
    }
}

const SCHEMA: &str = "vitrine/1";

impl Batch {
    /// The bytes of a piece.
    pub fn bytes<'a>(&'a self, text: &'a Text) -> &'a [u8] {
        match text {
            Text::Span(range) => self.body.get(range.clone()).unwrap_or_default(),
            Text::Own(text) => text.as_bytes(),
        }
    }

    /// How many events may be kept.
    pub fn valid(&self) -> usize {
        self.groups.iter().map(|group| group.events.len()).sum()
    }
}

/// Reads a body.
pub fn read(body: Bytes, ids: &IdMaker, rules: &Rules) -> Result<Batch, Refusal> {
    let text = str::from_utf8(&body).map_err(|_| Refusal::Malformed("the body is not UTF-8"))?;
    let mut reader = Reader {
        clean: [b'\n', b'\r', b'\\']
            .iter()
            .all(|byte| !text.as_bytes().contains(byte)),
        whole: text,
        ids,
        rules,
        groups: Vec::new(),
        invalid: Vec::new(),
        count: 0,
        write_key: None,
    };
    let scanner = Scanner::new(text, rules.depth);
    match scanner.clone().ahead() {
        Some(b'[') => reader.cloud_events(scanner)?,
        Some(b'{') => match reader.own(scanner.clone())? {
            Form::Own => {}
            Form::CloudEvent => reader.cloud_event_alone(scanner)?,
            Form::Lines => reader.lines()?,
        },
        _ => return Err(Fault::Syntax.into()),
    }
    let Reader {
        groups,
        invalid,
        write_key,
        ..
    } = reader;
    let write_key = write_key.map(str::to_owned);
    Ok(Batch {
        body,
        groups,
        invalid,
        write_key,
    })
}

enum Form {
    Own,
    CloudEvent,
    Lines,
}

struct Reader<'a> {
    whole: &'a str,
    /// No piece of it needs mending.
    clean: bool,
    ids: &'a IdMaker,
    rules: &'a Rules,
    groups: Vec<Group>,
    invalid: Vec<Invalid>,
    count: usize,
    write_key: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// A piece of the body, mended where a line could not hold it.
    fn piece(&self, text: &str) -> Text {
        let mended = (!self.clean).then(|| crate::json::mended(text)).flatten();
        match mended {
            Some(text) => Text::Own(text.into()),
            None => {
                let from = (text.as_ptr() as usize).saturating_sub(self.whole.as_ptr() as usize);
                Text::Span(from..from + text.len())
            }
        }
    }

    fn next_index(&mut self) -> Result<usize, Refusal> {
        self.count += 1;
        if self.count > self.rules.events {
            return Err(Refusal::Many);
        }
        Ok(self.count - 1)
    }

    fn refuse(&mut self, index: usize, problem: Problem, text: Option<&str>) {
        let unreadable = [Fault::Number, Fault::Deep]
            .map(Fault::words)
            .contains(&problem.reason);
        let text = text.map(|text| match unreadable {
            // What reads the lines later need not be able to read this.
            true => Text::Own(serde_json::Value::from(text).to_string().into()),
            false => self.piece(text),
        });
        self.invalid.push(Invalid {
            index,
            problem,
            text,
        });
    }

    fn own(&mut self, mut scanner: Scanner<'a>) -> Result<Form, Refusal> {
        let mut schema = None;
        let mut events = None;
        let mut is_cloud_event = false;
        let mut group = Group {
            context: None,
            sent_at: None,
            events: Vec::new(),
        };
        let mut damaged = None;
        scanner.object(|scanner, key| {
            if key == "events" && scanner.ahead() == Some(b'[') && events.is_none() {
                let mut list = Vec::new();
                scanner.list(|scanner| {
                    let index = self.next_index()?;
                    let reading = event::read(scanner, self.ids, self.rules.event_bytes, false)?;
                    match reading.head {
                        Ok(head) => list.push(Event {
                            text: self.piece(reading.text),
                            head,
                        }),
                        Err(problem) => self.refuse(index, problem, Some(reading.text)),
                    }
                    Ok::<(), Refusal>(())
                })?;
                events = Some(list);
                return Ok(());
            }
            let (kind, value) = scanner.value()?;
            match (key, kind) {
                ("schema", Kind::Text) => schema = Some(inner(value)),
                ("sent_at", Kind::Text) => group.sent_at = time::parse(inner(value)),
                ("context", Kind::Object) => group.context = Some(self.piece(value)),
                ("write_key", Kind::Text) => self.write_key = Some(inner(value)),
                ("events", _) => damaged = Some("events: one list is needed"),
                ("context", Kind::Null) => {}
                ("context", _) => damaged = Some("context: an object is needed"),
                ("specversion", Kind::Text) => is_cloud_event = true,
                _ => {}
            }
            if let Some(flaw) = scanner.flaw() {
                return Err(flaw.into());
            }
            Ok::<(), Refusal>(())
        })?;
        let Some(events) = events else {
            return match damaged {
                Some(words) => Err(Refusal::Malformed(words)),
                None if is_cloud_event => Ok(Form::CloudEvent),
                None => Ok(Form::Lines),
            };
        };
        if !scanner.finished() {
            return Err(Fault::Syntax.into());
        }
        if let Some(words) = damaged {
            return Err(Refusal::Malformed(words));
        }
        known(schema)?;
        group.events = events;
        self.groups.push(group);
        Ok(Form::Own)
    }

    /// Each line is an event with its batch's words in it. A line that is no JSON harms no other.
    fn lines(&mut self) -> Result<(), Refusal> {
        let whole = self.whole;
        for line in whole
            .split('\n')
            .filter(|line| !line.trim_ascii().is_empty())
        {
            let index = self.next_index()?;
            let mut scanner = Scanner::new(line, self.rules.depth);
            let reading = event::read(&mut scanner, self.ids, self.rules.event_bytes, true);
            match reading {
                Ok(reading) if scanner.finished() => {
                    known(reading.envelope.schema.or(Some(SCHEMA)))?;
                    self.enveloped(index, reading);
                }
                Ok(_) => self.refuse(index, Fault::Syntax.into(), None),
                Err(fault) => self.refuse(index, fault.into(), None),
            }
        }
        Ok(())
    }

    fn enveloped(&mut self, index: usize, reading: Reading<'a>) {
        let head = match reading.head {
            Ok(ref head) => head.clone(),
            Err(problem) => return self.refuse(index, problem, Some(reading.text)),
        };
        let own = event::without_envelope(&reading);
        let text = Text::Own(crate::json::mended(&own).unwrap_or(own).into());
        let context = reading.envelope.context.map(|context| self.piece(context));
        let sent_at = reading.envelope.sent_at;
        let bytes = |text: &Option<Text>| match text {
            Some(Text::Span(range)) => self.whole.as_bytes().get(range.clone()).map(<[u8]>::to_vec),
            Some(Text::Own(text)) => Some(text.as_bytes().to_vec()),
            None => None,
        };
        let same = self.groups.last().is_some_and(|group| {
            group.sent_at == sent_at && bytes(&group.context) == bytes(&context)
        });
        if !same {
            self.groups.push(Group {
                context,
                sent_at,
                events: Vec::new(),
            });
        }
        if let Some(group) = self.groups.last_mut() {
            group.events.push(Event { text, head });
        }
    }

    fn cloud_events(&mut self, mut scanner: Scanner<'a>) -> Result<(), Refusal> {
        scanner.list(|scanner| {
            let index = self.next_index()?;
            self.cloud_event(scanner, index)
        })?;
        match scanner.finished() {
            true => Ok(()),
            false => Err(Fault::Syntax.into()),
        }
    }

    fn cloud_event_alone(&mut self, mut scanner: Scanner<'a>) -> Result<(), Refusal> {
        self.count = 1;
        self.cloud_event(&mut scanner, 0)?;
        match scanner.finished() {
            true => Ok(()),
            false => Err(Fault::Syntax.into()),
        }
    }

    fn cloud_event(&mut self, scanner: &mut Scanner<'a>, index: usize) -> Result<(), Refusal> {
        if scanner.ahead() != Some(b'{') {
            let (_, text) = scanner.value()?;
            scanner.flaw();
            let problem = Problem {
                path: "",
                reason: "an object is needed",
            };
            self.refuse(index, problem, Some(text));
            return Ok(());
        }
        let start = scanner.at();
        let mut data = None;
        let mut version = None;
        scanner.object(|scanner, key| {
            if key == "data" && data.is_none() {
                data = Some(event::read(
                    scanner,
                    self.ids,
                    self.rules.event_bytes,
                    true,
                )?);
                return Ok(());
            }
            let (kind, value) = scanner.value()?;
            if key == "specversion" && kind == Kind::Text {
                version = Some(inner(value));
            }
            Ok::<(), Fault>(())
        })?;
        let text = scanner.since(start);
        let flaw = scanner.flaw();
        let problem = |path, reason| Problem { path, reason };
        match (data, version, flaw) {
            (_, _, Some(flaw)) => self.refuse(index, flaw.into(), Some(text)),
            (_, None | Some(""), _) => {
                self.refuse(index, problem("specversion", "1.0 is needed"), Some(text));
            }
            (_, Some(version), _) if !version.starts_with("1.") => {
                self.refuse(index, problem("specversion", "1.0 is needed"), Some(text));
            }
            (None, ..) => self.refuse(index, problem("data", "an object is needed"), Some(text)),
            (Some(reading), ..) => self.enveloped(index, reading),
        }
        Ok(())
    }
}

fn known(schema: Option<&str>) -> Result<(), Refusal> {
    match schema {
        Some(SCHEMA) => Ok(()),
        Some(_) => Err(Refusal::Schema),
        None => Err(Refusal::Malformed("schema: \"vitrine/1\" is needed")),
    }
}
