//! The real binary on loopback, and a client that says exactly what it is told.
#![allow(dead_code, clippy::unwrap_used)]

use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A collector that runs; it is killed when this is dropped.
pub struct Collector {
    pub address: SocketAddr,
    pub data: PathBuf,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

pub fn command(data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data);
    command.args(["--requests-per-second", "0"]).args(more);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

impl Collector {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        Self::run(command(data, more), data)
    }

    pub fn run(mut command: Command, data: &Path) -> Self {
        let mut child = command.spawn().expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("it ended before it listened: {:?}", log.lock().unwrap());
            };
            log.lock().unwrap().push(line.clone());
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if said["message"] == "listening" {
                break said["address"]
                    .as_str()
                    .expect("an address")
                    .parse()
                    .expect("an address");
            }
        };
        let copy = Arc::clone(&log);
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| copy.lock().unwrap().push(line))
        });
        Self {
            address,
            data: data.to_owned(),
            child,
            log,
        }
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// How it ends by itself, if it does in time.
    pub fn ended(&mut self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub fn get(&self, path: &str) -> Answer {
        self.client()
            .send(&format!("GET {path} HTTP/1.1\r\nhost: t\r\n\r\n"), b"")
            .expect("an answer")
    }

    pub fn completeness(&self) -> Value {
        // A report is up to a second old.
        thread::sleep(Duration::from_millis(1_050));
        serde_json::from_slice(&self.get("/completeness").body).expect("JSON")
    }

    /// A number of `/metrics`.
    pub fn metric(&self, name: &str) -> i64 {
        let text = String::from_utf8(self.get("/metrics").body).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        line.unwrap_or_else(|| panic!("no {name} in\n{text}"))
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// A connection that is kept.
pub struct Client {
    pub stream: BufReader<TcpStream>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// Sends these bytes and reads one answer. None: the connection ended.
    pub fn send(&mut self, head: &str, body: &[u8]) -> Option<Answer> {
        let mut all = head.as_bytes().to_vec();
        all.extend_from_slice(body);
        // It may be closed already, with an answer on its way.
        drop(self.stream.get_mut().write_all(&all));
        self.read()
    }

    pub fn read(&mut self) -> Option<Answer> {
        let mut line = String::new();
        self.stream
            .read_line(&mut line)
            .ok()
            .filter(|count| *count > 0)?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = HashMap::new();
        loop {
            line.clear();
            self.stream
                .read_line(&mut line)
                .ok()
                .filter(|count| *count > 0)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let length = headers
            .get("content-length")
            .map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some(Answer {
            status,
            headers,
            body,
        })
    }

    pub fn post(&mut self, body: impl AsRef<[u8]>) -> Option<Answer> {
        self.post_with("content-type: text/plain\r\n", body)
    }

    pub fn post_with(&mut self, headers: &str, body: impl AsRef<[u8]>) -> Option<Answer> {
        self.post_to("/events", headers, body)
    }

    pub fn post_to(&mut self, path: &str, headers: &str, body: impl AsRef<[u8]>) -> Option<Answer> {
        let body = body.as_ref();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: t\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        self.send(&head, body)
    }
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A UUID that no other event of this run has.
pub fn id() -> String {
    let run = u64::from(std::process::id());
    format!(
        "0190f3a1-7c2e-7abc-8{:03x}-{:012x}",
        run & 0xFFF,
        run << 24 | NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

pub fn event(view: &str, seq: u32) -> Value {
    json!({ "id": id(), "seq": seq, "type": "hotspot_click", "time": "2026-05-04T09:30:05.012Z", "view_id": view })
}

pub fn batch(events: &[Value]) -> Value {
    json!({ "schema": "vitrine/1", "sent_at": "2026-05-04T09:30:05.012Z",
            "context": { "page_url": "https://shop.example/" }, "events": events })
}

/// Every line of every segment; fails where one is no JSON or has no end.
pub fn lines(data: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = fs::read_dir(data.join("segments"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            text.is_empty() || text.ends_with('\n'),
            "{} has a torn end",
            file.display()
        );
        for (at, line) in text.lines().enumerate() {
            let value = serde_json::from_str(line);
            lines.push(
                value.unwrap_or_else(|error| panic!("{}:{}: {error}", file.display(), at + 1)),
            );
        }
    }
    lines
}

/// How often each event id is on disk.
pub fn ids(data: &Path) -> HashMap<String, usize> {
    let mut ids = HashMap::new();
    for line in lines(data) {
        for event in line["events"].as_array().expect("events") {
            *ids.entry(event["id"].as_str().expect("an id").to_owned())
                .or_default() += 1;
        }
    }
    ids
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}
