//! Sends batches as fast as they are answered, over so many connections, and says how fast that was.
//!
//! `load ADDR CONNECTIONS SECONDS [EVENTS] [PATH] [RATE]`: prints one line of JSON. Every event has an id of its own, and the next
//! number of its view; after ten batches a connection begins another view. With a rate, so many events a second are due: what is
//! late is sent at once, and its time counts from when it was due.

use anyhow::{Context, Result, bail};
use serde_json::json;
use std::env;
use std::time::{Duration, Instant, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request whose ids and numbers are replaced in place: writing new ones is all that is done for each.
struct Template {
    bytes: Vec<u8>,
    ids: Vec<usize>,
    views: Vec<usize>,
    numbers: Vec<usize>,
}

const MARK: &str = "00000000-0000-7000-8000-000000000000";
const VIEW: &str = "00000000-0000-7000-9000-000000000000";
/// A number of four digits; blanks are allowed before it, noughts are not.
const NUMBER: &str = "\"seq\":9999";
const BATCHES_OF_A_VIEW: u64 = 10;

impl Template {
    fn new(path: &str, events: usize, connection: usize) -> Self {
        let view = format!("0190f3a1-7c2e-7abc-8def-{connection:012x}");
        let events: Vec<_> = (0..events)
            .map(|_| {
                json!({ "id": MARK, "seq": 9_999, "type": "hotspot_click", "time": "2026-05-04T09:30:05.012Z",
                        "elapsed_ms": 12_345, "viewer_id": view, "session_id": view, "view_id": VIEW,
                        "video_id": "spring-look", "media_time": 12.345, "hotspot_id": "bag",
                        "items": [{ "item_id": "bag-01", "item_name": "Leather bag", "price": 9_900, "quantity": 1 }] })
            })
            .collect();
        let body = json!({ "schema": "vitrine/1", "sent_at": "2026-05-04T09:30:05.012Z",
            "context": { "page_url": "https://shop.example/spring", "locale": "en", "viewport": [1280, 720] },
            "events": events })
        .to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: load\r\ncontent-type: text/plain\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64)\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let text = head + &body;
        let places = |mark| text.match_indices(mark).map(|(at, _)| at).collect();
        Self {
            ids: places(MARK),
            views: places(VIEW),
            numbers: places(NUMBER),
            bytes: text.into_bytes(),
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        if let Some(place) = self.bytes.get_mut(at..at + text.len()) {
            place.copy_from_slice(text.as_bytes());
        }
    }

    /// The events of a connection's next request. The first 48 and the last 48 bits of an id say which event it is.
    fn number(&mut self, connection: usize, run: u32, request: u64) {
        let own = format!("{run:08x}-{:04x}-7000", connection & 0xFFFF);
        let (view, batch) = (request / BATCHES_OF_A_VIEW, request % BATCHES_OF_A_VIEW);
        let events = self.ids.len() as u64;
        for at in 0..self.ids.len() {
            let (Some(id), Some(of_view), Some(number)) = (
                self.ids.get(at).copied(),
                self.views.get(at).copied(),
                self.numbers.get(at).copied(),
            ) else {
                return;
            };
            let next = request * events + at as u64;
            self.put(id, &format!("{own}-8000-{next:012x}"));
            self.put(of_view, &format!("{own}-9000-{view:012x}"));
            let seq = batch * events + at as u64;
            self.put(number, &format!("\"seq\":{seq:>4}"));
        }
    }
}

/// What a connection saw.
#[derive(Default)]
struct Seen {
    requests: u64,
    failed: u64,
    micros: Vec<u32>,
}

/// What all connections do alike.
#[derive(Clone)]
struct Plan {
    address: String,
    path: String,
    events: usize,
    run: u32,
    started: Instant,
    until: Instant,
    /// Between two requests of a connection; none: as fast as they are answered.
    pace: Option<Duration>,
}

async fn one(plan: Plan, connection: usize, connections: usize) -> Result<Seen> {
    let mut stream = TcpStream::connect(&plan.address)
        .await
        .with_context(|| plan.address.clone())?;
    stream.set_nodelay(true)?;
    let mut template = Template::new(&plan.path, plan.events, connection);
    let mut seen = Seen::default();
    let mut answer = vec![0; 4_096];
    let share = connection as f64 / connections as f64;
    loop {
        let due = plan
            .pace
            .map(|pace| plan.started + pace.mul_f64(share) + pace.mul_f64(seen.requests as f64));
        if due.unwrap_or_else(Instant::now) >= plan.until || Instant::now() >= plan.until {
            return Ok(seen);
        }
        template.number(connection, plan.run, seen.requests);
        if let Some(due) = due {
            tokio::time::sleep_until(due.into()).await;
        }
        let started = due.unwrap_or_else(Instant::now);
        stream.write_all(&template.bytes).await?;
        let mut have = 0;
        loop {
            let count = stream
                .read(answer.get_mut(have..).unwrap_or_default())
                .await?;
            if count == 0 {
                bail!("the connection was closed");
            }
            have += count;
            if whole(answer.get(..have).unwrap_or_default()) {
                break;
            }
        }
        seen.requests += 1;
        seen.micros.push(started.elapsed().as_micros() as u32);
        seen.failed += u64::from(!answer.starts_with(b"HTTP/1.1 2"));
    }
}

/// Whether an answer is there to its end, by its content-length; a 204 has none.
fn whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    body.len() >= length.unwrap_or(0_usize)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [address, connections, seconds, rest @ ..] = words.as_slice() else {
        bail!("load ADDR CONNECTIONS SECONDS [EVENTS] [PATH]");
    };
    let (connections, seconds): (usize, u64) = (connections.parse()?, seconds.parse()?);
    let events = rest.first().map_or(Ok(20), |text| text.parse())?;
    let path = rest.get(1).cloned().unwrap_or_else(|| "/events".to_owned());
    let rate: Option<f64> = rest.get(2).map(|text| text.parse()).transpose()?;
    // Other runs have other ids.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let started = Instant::now();
    let plan = Plan {
        address: address.clone(),
        path,
        events,
        run: (since.as_millis() & 0xFFFF_FFFF) as u32,
        started,
        until: started + Duration::from_secs(seconds),
        pace: rate.map(|rate| Duration::from_secs_f64((connections * events) as f64 / rate)),
    };
    let tasks: Vec<_> = (0..connections)
        .map(|connection| tokio::spawn(one(plan.clone(), connection, connections)))
        .collect();
    let mut all = Seen::default();
    for task in tasks {
        let seen = task.await??;
        all.requests += seen.requests;
        all.failed += seen.failed;
        all.micros.extend(seen.micros);
    }
    let took = started.elapsed().as_secs_f64();
    all.micros.sort_unstable();
    let at = |share: f64| {
        let place = ((all.micros.len() as f64 - 1.0) * share).max(0.0) as usize;
        f64::from(all.micros.get(place).copied().unwrap_or(0)) / 1_000.0
    };
    let second = |count: u64| (count as f64 / took).round();
    println!(
        "{}",
        json!({ "connections": connections, "events_per_request": events, "requests_per_second": second(all.requests),
                "events_per_second": second(all.requests * events as u64), "failed": all.failed,
                "events_acknowledged": (all.requests - all.failed) * events as u64,
                "p50_ms": at(0.5), "p99_ms": at(0.99), "most_ms": at(1.0) })
    );
    Ok(())
}
