//! The collector behind the demo's server: it takes the events, and says what is missing.

use super::http::{Request, Response};
use super::sink::Sink;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// It is asked this often what is missing.
pub const LOOK: Duration = Duration::from_secs(2);

/// Where no browser asks.
const OWN: &str = "Content-Type: text/plain\r\nUser-Agent: Mozilla/5.0 (demo)\r\n";

/// Sends one request and reads the answer: its status and its body.
fn ask(collector: SocketAddr, head: &str, headers: &str, body: &[u8]) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(collector)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: collector\r\nConnection: close\r\nContent-Length: {length}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(headers.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(body)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::InvalidData)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok((status.ok_or(io::ErrorKind::InvalidData)?, body.to_owned()))
}

/// Passes a batch on, and shows it when the collector has it. None closes the connection: the collector is away.
pub fn post(collector: SocketAddr, request: &Request, sink: &Sink) -> Option<Response> {
    let (status, words) = ask(collector, "POST /events", OWN, &request.body).ok()?;
    if status == 204 {
        // What it takes that the panel cannot show is no reason to refuse it.
        drop(sink.receive(request, None));
        return Some(Response::empty(204));
    }
    Some(Response::words(status, words))
}

/// Passes a batch on as it came, as a proxy does. None where nothing answers there; else what the collector said,
/// unless it has everything.
pub fn pass(collector: SocketAddr, request: &Request) -> Option<Result<(), Response>> {
    let names = ["content-type", "content-encoding", "origin", "user-agent"];
    let headers: String = names
        .iter()
        .filter_map(|name| Some(format!("{name}: {}\r\n", request.header(name)?)))
        .collect();
    let (status, words) = ask(collector, "POST /events", &headers, &request.body).ok()?;
    Some(match status {
        204 => Ok(()),
        _ => Err(Response::words(status, words)),
    })
}

/// What the collector said last of what is missing.
pub struct Completeness {
    collector: SocketAddr,
    last: String,
}

impl Completeness {
    /// Nothing so far.
    pub fn new(collector: SocketAddr) -> Completeness {
        Completeness {
            collector,
            last: String::new(),
        }
    }

    /// What it says, if that is something new.
    pub fn news(&mut self) -> Option<&str> {
        let (status, said) = ask(self.collector, "GET /completeness", OWN, b"").ok()?;
        if status != 200 || said == self.last {
            return None;
        }
        self.last = said;
        Some(&self.last)
    }
}
