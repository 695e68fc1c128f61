//! Sends batches as fast as they are answered, over so many connections, and says how fast that was.
//!
//! `load ADDR CONNECTIONS SECONDS [EVENTS] [PATH]`: prints one line of JSON. Every event has an id of its own.

use anyhow::{Context, Result, bail};
use serde_json::json;
use std::env;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request whose ids are replaced in place: writing new ones is all that is done for each.
struct Template {
    bytes: Vec<u8>,
    ids: Vec<usize>,
}

const MARK: &str = "00000000-0000-7000-8000-000000000000";

impl Template {
    fn new(path: &str, events: usize, connection: usize) -> Self {
        let view = format!("0190f3a1-7c2e-7abc-8def-{connection:012x}");
        let events: Vec<_> = (0..events)
            .map(|seq| {
                json!({ "id": MARK, "seq": seq, "type": "hotspot_click", "time": "2026-05-04T09:30:05.012Z",
                        "elapsed_ms": 12_345, "viewer_id": view, "session_id": view, "view_id": view,
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
        let ids = text.match_indices(MARK).map(|(at, _)| at).collect();
        Self {
            bytes: text.into_bytes(),
            ids,
        }
    }

    /// The last 24 hex digits but the variant's say which event it is.
    fn number(&mut self, connection: usize, run: u32, mut next: u64) {
        for at in &self.ids {
            let id = format!(
                "{run:08x}-{:04x}-7000-8000-{next:012x}",
                connection & 0xFFFF
            );
            if let Some(place) = self.bytes.get_mut(*at..at + 36) {
                place.copy_from_slice(id.as_bytes());
            }
            next += 1;
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

async fn one(
    address: String,
    path: String,
    connection: usize,
    events: usize,
    run: u32,
    until: Instant,
) -> Result<Seen> {
    let mut stream = TcpStream::connect(&address)
        .await
        .with_context(|| address.clone())?;
    stream.set_nodelay(true)?;
    let mut template = Template::new(&path, events, connection);
    let mut seen = Seen::default();
    let mut answer = vec![0; 4_096];
    while Instant::now() < until {
        template.number(connection, run, seen.requests * events as u64);
        let started = Instant::now();
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
    Ok(seen)
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
    let run = std::process::id() ^ (Instant::now().elapsed().subsec_nanos() << 8);
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..connections)
        .map(|connection| {
            tokio::spawn(one(
                address.clone(),
                path.clone(),
                connection,
                events,
                run,
                until,
            ))
        })
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
                "p50_ms": at(0.5), "p99_ms": at(0.99), "most_ms": at(1.0) })
    );
    Ok(())
}
