//! The event sink: batches in, each event kept once, readers told as they come.

use super::behind;
use super::http::{Request, Response};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many events are kept; the oldest make room.
const KEPT: usize = 100_000;
/// A new reader of the stream is first told so many of the past ones.
const REPLAYED: u64 = 500;

/// One batch, as it arrived.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The whole JSON object: `schema`, `sent_at`, `context`, `events`.
    pub body: Value,
    /// The body's length in bytes.
    pub bytes: usize,
    /// The request's `Content-Type`.
    pub content_type: String,
}

/// Turns a body of another tracker into a batch of events with their ids, as [`Batch::body`] is one.
pub type Reader = fn(&[u8]) -> Result<Value, String>;

/// How the next requests to `/events` are answered, for tests of a collector in trouble.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// The status of the answer. 0 closes the connection without an answer.
    pub status: u16,
    /// The answer waits so long.
    pub delay: Duration,
    /// For so many requests; then the sink is well again.
    pub times: u64,
    /// The value of a `Retry-After` header.
    pub retry_after: Option<String>,
    /// The events are kept all the same: the answer got lost, not the request.
    pub keep: bool,
    /// The value of a `Location` header.
    pub location: Option<String>,
    /// The answer breaks off in the middle.
    pub half: bool,
}

/// How requests to `/events` are answered for what is in them, before any script has its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Bodies that contain this text.
    pub contains: String,
    /// And that are longer than so many bytes.
    pub longer: usize,
    /// They are answered so, and not kept.
    pub status: u16,
}

impl Rule {
    /// Whether the text is in the body; a reader makes it legible.
    fn meets(&self, body: &[u8], reader: Option<Reader>) -> bool {
        match reader.map(|read| read(body)) {
            Some(Ok(batch)) => batch.to_string().contains(&self.contains),
            _ => String::from_utf8_lossy(body).contains(&self.contains),
        }
    }
}

impl Script {
    /// `times` answers of `status`, at once, and nothing kept unless it says success.
    pub fn status(status: u16, times: u64) -> Script {
        Script {
            status,
            delay: Duration::ZERO,
            times,
            retry_after: None,
            keep: (200..300).contains(&status),
            location: None,
            half: false,
        }
    }

    /// Reads `{"status": 503, "delay_ms": 200, "times": 3, "retry_after": "1", "keep": false}`.
    pub fn from_json(body: &[u8]) -> Result<Script, String> {
        let value: Value =
            serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?;
        let fields = value.as_object().ok_or("not a JSON object")?;
        let known = [
            "status",
            "delay_ms",
            "times",
            "retry_after",
            "keep",
            "location",
            "half",
        ];
        if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("{name}: known are {}", known.join(", ")));
        }
        let number = |name: &str, otherwise: u64| match fields.get(name) {
            None => Ok(otherwise),
            Some(value) => value
                .as_u64()
                .ok_or(format!("{name}: {value} is no whole number")),
        };
        let status = number("status", 204)?;
        let status = u16::try_from(status)
            .ok()
            .filter(|status| *status == 0 || (200..600).contains(status));
        let mut script = Script::status(
            status.ok_or("status: 200 to 599, or 0 to hang up")?,
            number("times", 1)?,
        );
        script.delay = Duration::from_millis(number("delay_ms", 0)?);
        script.retry_after = fields.get("retry_after").map(|value| {
            let text = value.as_str().map(str::to_owned);
            text.unwrap_or_else(|| value.to_string())
        });
        let location = fields.get("location").and_then(Value::as_str);
        script.location = location.map(str::to_owned);
        script.half = fields.get("half").and_then(Value::as_bool).unwrap_or(false);
        if let Some(keep) = fields.get("keep") {
            script.keep = keep.as_bool().ok_or("keep: true or false")?;
        }
        Ok(script)
    }
}

#[derive(Default)]
struct State {
    /// The number of `events[0]`, counted from the server's start; clearing does not restart it.
    first: u64,
    events: VecDeque<Value>,
    ids: HashSet<String>,
    batches: Vec<Batch>,
    scripts: VecDeque<Script>,
    rule: Option<Rule>,
    cleared: u64,
    stopped: bool,
}

impl State {
    fn next(&self) -> u64 {
        self.first + self.events.len() as u64
    }
}

/// The events received so far, and whoever waits for more.
#[derive(Default)]
pub struct Sink {
    state: Mutex<State>,
    changed: Condvar,
    upstream: Option<SocketAddr>,
}

/// Why a batch is not taken: this is answered, or the connection ends.
type Refused = Option<Response>;

/// What a reader of the stream is told next.
pub struct News {
    /// Events with their numbers.
    pub events: Vec<(u64, Value)>,
    /// Where to go on.
    pub next: u64,
    /// How often the events have been cleared so far.
    pub cleared: u64,
    /// The server is stopping.
    pub stopped: bool,
}

impl Sink {
    /// Empty, before a collector if there is one.
    pub fn before(upstream: Option<SocketAddr>) -> Sink {
        Sink {
            upstream,
            ..Sink::default()
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every event received, once, in the order of arrival.
    pub fn events(&self) -> Vec<Value> {
        self.lock().events.iter().cloned().collect()
    }

    /// Every batch that was accepted, as it was sent, repeated events and all.
    pub fn batches(&self) -> Vec<Batch> {
        self.lock().batches.clone()
    }

    /// Forgets all events, batches and scripted answers.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.first = state.next();
        state.events.clear();
        state.ids.clear();
        state.batches.clear();
        state.scripts.clear();
        state.rule = None;
        state.cleared += 1;
        self.changed.notify_all();
    }

    /// Adds to the scripted answers.
    pub fn script(&self, script: Script) {
        self.lock().scripts.push_back(script);
    }

    /// Forgets the scripted answers that are left.
    pub fn well(&self) {
        self.lock().scripts.clear();
    }

    /// Sets the rule for bodies, or takes it away.
    pub fn rule(&self, rule: Option<Rule>) {
        self.lock().rule = rule;
    }

    /// Tells everyone who waits that there will be no more.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Waits until the events satisfy the test, or the time is up.
    pub fn wait_until(&self, limit: Duration, mut done: impl FnMut(&[Value]) -> bool) -> bool {
        let deadline = Instant::now() + limit;
        let mut state = self.lock();
        loop {
            if done(state.events.make_contiguous()) {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || state.stopped {
                return false;
            }
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Where a reader starts: after the event it had last, or a little before the newest.
    pub fn start(&self, after: Option<u64>) -> u64 {
        let state = self.lock();
        match after {
            Some(number) if number < state.next() => number + 1,
            _ => state.next().saturating_sub(REPLAYED),
        }
    }

    /// The events from `number` on; waits for one if there is none yet.
    pub fn news(&self, number: u64, cleared: u64, limit: Duration) -> News {
        let state = self.lock();
        let quiet = |state: &mut State| {
            state.next() <= number && state.cleared == cleared && !state.stopped
        };
        let woken = self.changed.wait_timeout_while(state, limit, quiet);
        let state = woken.unwrap_or_else(PoisonError::into_inner).0;
        let skipped = number.saturating_sub(state.first) as usize;
        let numbers = state.first.max(number)..;
        News {
            events: numbers
                .zip(state.events.iter().skip(skipped).cloned())
                .collect(),
            next: state.next(),
            cleared: state.cleared,
            stopped: state.stopped,
        }
    }

    /// Waits, unless the server stops meanwhile.
    fn pause(&self, delay: Duration) {
        if !delay.is_zero() {
            let woken = self
                .changed
                .wait_timeout_while(self.lock(), delay, |state| !state.stopped);
            drop(woken);
        }
    }

    /// Answers `POST /events`, and what others send by their readers. None means: close the connection
    /// without an answer.
    pub fn receive(&self, request: &Request, reader: Option<Reader>) -> Option<Response> {
        let read = reader.unwrap_or(from_json);
        let script = {
            let mut state = self.lock();
            if let Some(rule) = &state.rule
                && request.body.len() > rule.longer
                && rule.meets(&request.body, reader)
            {
                return Some(Response::empty(rule.status));
            }
            let script = state.scripts.front_mut().map(|script| {
                script.times = script.times.saturating_sub(1);
                script.clone()
            });
            if script.as_ref().is_some_and(|script| script.times == 0) {
                state.scripts.pop_front();
            }
            script
        };
        let Some(script) = script else {
            return match self.accept(request, read) {
                Ok(()) if reader.is_some() => Some(Response::words(200, "ok")),
                Ok(()) => Some(Response::empty(204)),
                Err(refused) => refused,
            };
        };
        self.pause(script.delay);
        if script.keep
            && let Err(refused) = self.accept(request, read)
        {
            return refused;
        }
        if script.status == 0 {
            return None;
        }
        let mut response = Response::empty(script.status);
        if script.half {
            response = Response::half(script.status);
        }
        if let Some(value) = script.location {
            response = response.with("Location", value);
        }
        if let Some(value) = script.retry_after {
            response = response.with("Retry-After", value);
        }
        Some(response)
    }

    fn accept(&self, request: &Request, read: Reader) -> Result<(), Refused> {
        let words = |words| Some(Response::words(400, words));
        let body = read(&request.body).map_err(words)?;
        let events = check(&body).map_err(words)?;
        if let Some(collector) = self.upstream {
            behind::pass(collector, request)
                .ok_or(None)?
                .map_err(Some)?;
        }
        let mut guard = self.lock();
        let state = &mut *guard;
        for (id, event) in events {
            if state.ids.insert(id.to_owned()) {
                state.events.push_back(event.clone());
            }
        }
        while state.events.len() > KEPT {
            let oldest = state.events.pop_front();
            if let Some(id) = oldest.as_ref().and_then(|event| event["id"].as_str()) {
                state.ids.remove(id);
            }
            state.first += 1;
        }
        if state.batches.len() >= KEPT {
            state.batches.remove(0);
        }
        let content_type = request.header("content-type").unwrap_or_default();
        state.batches.push(Batch {
            content_type: content_type.to_owned(),
            bytes: request.body.len(),
            body,
        });
        self.changed.notify_all();
        Ok(())
    }
}

/// A body as we send it.
fn from_json(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| format!("the batch is not JSON: {error}"))
}

/// The batch's events with their ids, if it is one.
fn check(body: &Value) -> Result<Vec<(&str, &Value)>, String> {
    if !body.is_object() {
        return Err("the batch is not a JSON object".to_owned());
    }
    if body["schema"] != json!("vitrine/1") {
        let found = body.get("schema").unwrap_or(&Value::Null);
        return Err(format!(
            "schema: found {found}, this sink reads \"vitrine/1\""
        ));
    }
    let events = body["events"]
        .as_array()
        .ok_or("events: a list is needed")?;
    let ids = events
        .iter()
        .enumerate()
        .map(|(at, event)| match event["id"].as_str() {
            Some(id) if !id.is_empty() => Ok((id, event)),
            _ => Err(format!("events[{at}].id: a text is needed")),
        });
    ids.collect()
}
