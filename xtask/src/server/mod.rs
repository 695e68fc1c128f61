//! The development server: static files, and a small event sink, on this machine only.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /events` | takes a batch (`vitrine/1`): 204; 400 in words if it is none |
//! | `GET /events.json` | all events so far, each once by its `id` |
//! | `DELETE /events` | forgets them |
//! | `GET /events/stream` | Server-Sent Events: the last 500, then each as it comes |
//! | `POST /_control` | scripts the next answers of `/events` (only with [`Options::control`]) |
//! | anything else | a file below one of [`Options::roots`] |

mod behind;
mod files;
mod http;
mod sink;
#[cfg(test)]
mod tests;

pub use sink::{Batch, Reader, Rule, Script};

pub use http::{Request, Response};

use http::Unread;
use serde_json::Value;
use sink::Sink;
use std::collections::HashMap;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The policy under which every page of the demo and of the tests runs.
pub const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

/// A connection on which nothing comes for so long is closed.
const IDLE: Duration = Duration::from_secs(60);
/// A quiet event stream says that it is alive this often.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// So many lines of the request log are kept.
const LOG: usize = 10_000;

/// What a [`Server`] serves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Directories by URL prefix, such as `("/vitrine/", "dist")`; the longest prefix wins.
    pub roots: Vec<(String, PathBuf)>,
    /// The `Content-Security-Policy` of every HTML page; none is sent if `None`.
    pub csp: Option<String>,
    /// Headers of what is below a path: its prefix, name and value. They replace the server's own.
    pub headers: Vec<(String, &'static str, String)>,
    /// Whether `POST /_control` may script the sink's answers.
    pub control: bool,
    /// Where other trackers send to: a `POST` to one of these paths is answered as `/events` is.
    pub readers: Vec<(&'static str, Reader)>,
    /// A collector that takes the events of `POST /events`; what it took, the stream shows, and what it says is missing.
    pub collector: Option<SocketAddr>,
    /// A collector behind the sink, which is a proxy then: what the sink would take, it passes on, and takes
    /// when the collector has it. So scripts and rules are what happens on the way.
    pub upstream: Option<SocketAddr>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            roots: Vec::new(),
            csp: Some(CSP.to_owned()),
            headers: Vec::new(),
            control: false,
            readers: Vec::new(),
            collector: None,
            upstream: None,
        }
    }
}

/// Answers requests before all else does; `None` leaves one to the rest.
type Api = Arc<dyn Fn(&Request) -> Option<Response> + Send + Sync>;

struct Shared {
    options: Options,
    sink: Sink,
    /// Files that exist in memory only, by path.
    pages: Mutex<HashMap<String, (String, Vec<u8>)>>,
    api: Mutex<Option<Api>>,
    log: Mutex<Vec<String>>,
    streams: Mutex<HashMap<u64, TcpStream>>,
    counter: AtomicU64,
    stopping: AtomicBool,
    refuses: AtomicBool,
    isolates: AtomicBool,
    csp: Mutex<Option<String>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running server; it stops when this value is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to listen on 127.0.0.1. The error of a port in use is `AddrInUse`.
    pub fn start(options: Options) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            csp: Mutex::new(options.csp.clone()),
            sink: Sink::before(options.upstream),
            options,
            pages: Mutex::default(),
            api: Mutex::default(),
            log: Mutex::default(),
            streams: Mutex::default(),
            counter: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            refuses: AtomicBool::new(false),
            isolates: AtomicBool::new(false),
        });
        let acceptor = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("accept".to_owned())
                .spawn(move || accept(&listener, &shared))?
        };
        Ok(Server {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The absolute URL of a path: `url("/index.html")`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every event received, once by its `id`, in the order of arrival.
    pub fn events(&self) -> Vec<Value> {
        self.shared.sink.events()
    }

    /// Every batch accepted, as it was sent, with repeated events.
    pub fn batches(&self) -> Vec<Batch> {
        self.shared.sink.batches()
    }

    /// Waits until the events satisfy the test; false if the time was up first.
    pub fn wait_until(&self, limit: Duration, done: impl FnMut(&[Value]) -> bool) -> bool {
        self.shared.sink.wait_until(limit, done)
    }

    /// Forgets events, batches, scripted answers and the request log.
    pub fn clear(&self) {
        self.shared.sink.clear();
        lock(&self.shared.log).clear();
    }

    /// Scripts the next answers of `POST /events`, after those scripted before.
    pub fn script(&self, script: Script) {
        self.shared.sink.script(script);
    }

    /// Forgets the scripted answers that are left: the collector is well again.
    pub fn well(&self) {
        self.shared.sink.well();
    }

    /// Sets how bodies are answered for what is in them, or lets them be.
    pub fn rule(&self, rule: Option<Rule>) {
        self.shared.sink.rule(rule);
    }

    /// Whether a page of another origin may not send what it has to ask for first.
    pub fn refuse_preflight(&self, refused: bool) {
        self.shared.refuses.store(refused, Ordering::SeqCst);
    }

    /// Sets the `Content-Security-Policy` of the pages that are loaded from now on.
    pub fn policy(&self, csp: &str) {
        *lock(&self.shared.csp) = Some(csp.to_owned());
    }

    /// Isolates the pages that are loaded from now on from other origins, which gives them a finer clock.
    pub fn isolate(&self) {
        self.shared.isolates.store(true, Ordering::SeqCst);
    }

    /// Serves these bytes at this path, whatever the directories hold; to a POST too, as an API would.
    pub fn put(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) {
        let page = (content_type.to_owned(), body.into());
        lock(&self.shared.pages).insert(path.to_owned(), page);
    }

    /// Lets a function answer first, as a shop's API would.
    pub fn api(&self, answer: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static) {
        *lock(&self.shared.api) = Some(Arc::new(answer));
    }

    /// The requests answered so far, such as `POST /events 204`, in order.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.log).clone()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            // The thread ends with the listener; that it panicked changes nothing here.
            drop(acceptor.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.sink.stop();
        // The acceptor waits for a connection: give it one.
        drop(TcpStream::connect(self.address));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
        for stream in lock(&self.shared.streams).values() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else {
            // Out of file descriptors, most likely: let some connection end first.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        let shared = Arc::clone(shared);
        // A thread for each connection, so that a stalled download or an event stream holds up nobody.
        let spawned = thread::Builder::new()
            .name("connection".to_owned())
            .spawn(move || {
                let number = shared.counter.fetch_add(1, Ordering::Relaxed);
                if let Ok(copy) = stream.try_clone() {
                    lock(&shared.streams).insert(number, copy);
                }
                // An error here is a client that went away.
                drop(serve(&shared, &stream));
                lock(&shared.streams).remove(&number);
                drop(stream.shutdown(Shutdown::Both));
            });
        drop(spawned);
    }
}

fn serve(shared: &Shared, stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(IDLE))?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while !shared.stopping.load(Ordering::SeqCst) {
        let request = match http::read(&mut reader, &mut writer) {
            Ok(request) => request,
            Err(Unread::Gone) => return Ok(()),
            Err(Unread::Refused(status, words)) => {
                return open(Response::words(status, words)).write(&mut writer, false, false);
            }
        };
        if request.method == "GET" && request.path == "/events/stream" {
            note(shared, &request, 200);
            let last = request.header("last-event-id");
            return tell(shared, &mut writer, last.and_then(|text| text.parse().ok()));
        }
        let Some(response) = answer(shared, &request) else {
            note(shared, &request, 0);
            return Ok(());
        };
        note(shared, &request, response.status);
        let head_only = request.method == "HEAD";
        response.write(&mut writer, head_only, request.keep_alive)?;
        if !request.keep_alive {
            return Ok(());
        }
    }
    Ok(())
}

fn note(shared: &Shared, request: &Request, status: u16) {
    let mut log = lock(&shared.log);
    if log.len() < LOG {
        log.push(format!("{} {} {status}", request.method, request.path));
    }
}

/// With the header that lets any page read the answer.
fn open(response: Response) -> Response {
    response
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Expose-Headers", "Retry-After")
}

fn answer(shared: &Shared, request: &Request) -> Option<Response> {
    // Not locked while it works: a slow shop holds up nobody else.
    let api = lock(&shared.api).clone();
    if let Some(response) = api.and_then(|api| api(request)) {
        return Some(response);
    }
    let readers = &shared.options.readers;
    let reader = readers.iter().find(|(path, _)| *path == request.path);
    let response = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/events") => open(match shared.options.collector {
            Some(collector) => behind::post(collector, request, &shared.sink)?,
            None => shared.sink.receive(request, None)?,
        }),
        ("POST", _) if reader.is_some() => open(
            shared
                .sink
                .receive(request, reader.map(|(_, read)| *read))?,
        ),
        ("OPTIONS", _) if shared.refuses.load(Ordering::SeqCst) => Response::empty(403),
        ("OPTIONS", _) => open(Response::empty(204))
            .with("Access-Control-Allow-Methods", "GET, POST")
            .with(
                "Access-Control-Allow-Headers",
                "content-type, authorization",
            ),
        ("DELETE", "/events") => {
            shared.sink.clear();
            Response::empty(204)
        }
        ("GET", "/events.json") => open(Response::json(&Value::Array(shared.sink.events())))
            .with("Cache-Control", "no-store"),
        ("POST", "/_control") if shared.options.control => match Script::from_json(&request.body) {
            Ok(script) => {
                shared.sink.script(script);
                Response::empty(204)
            }
            Err(words) => Response::words(400, words),
        },
        ("GET" | "HEAD", _) => file(shared, request),
        ("POST", path) if lock(&shared.pages).contains_key(path) => file(shared, request),
        (method, path) => Response::words(405, format!("{path} does not take {method}")),
    };
    Some(response.with("X-Content-Type-Options", "nosniff"))
}

fn file(shared: &Shared, request: &Request) -> Response {
    let page = lock(&shared.pages).get(&request.path).cloned();
    let response = match page {
        Some((kind, body)) => Response::bytes(200, &kind, body).with("Cache-Control", "no-cache"),
        None => files::answer(&shared.options.roots, request),
    };
    let response = if shared.isolates.load(Ordering::SeqCst) && response.is_html() {
        response
            .with("Cross-Origin-Opener-Policy", "same-origin")
            .with("Cross-Origin-Embedder-Policy", "require-corp")
    } else {
        response
    };
    let csp = lock(&shared.csp).clone();
    let response = match csp {
        Some(csp) if response.is_html() => response.with("Content-Security-Policy", csp),
        _ => response,
    };
    let extra = shared.options.headers.iter();
    extra
        .filter(|(prefix, ..)| request.path.starts_with(prefix.as_str()))
        .fold(response, |response, (_, name, value)| {
            response.replacing(name, value)
        })
}

/// The event stream: it ends when the reader goes or the server stops.
fn tell(shared: &Shared, to: &mut impl Write, after: Option<u64>) -> io::Result<()> {
    to.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
          Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\nretry: 1000\n\n",
    )?;
    let mut next = shared.sink.start(after);
    let mut cleared = shared.sink.news(next, u64::MAX, Duration::ZERO).cleared;
    let mut behind = shared.options.collector.map(behind::Completeness::new);
    let longest = if behind.is_some() {
        behind::LOOK
    } else {
        HEARTBEAT
    };
    loop {
        let news = shared.sink.news(next, cleared, longest);
        if news.stopped {
            return Ok(());
        }
        let mut text = String::new();
        if news.cleared != cleared {
            text.push_str("event: clear\ndata: {}\n\n");
        } else if news.events.is_empty() {
            text.push_str(": still here\n\n");
        }
        for (number, event) in &news.events {
            text.push_str(&format!("id: {number}\ndata: {event}\n\n"));
        }
        if let Some(said) = behind.as_mut().and_then(behind::Completeness::news) {
            text.push_str(&format!("event: completeness\ndata: {said}\n\n"));
        }
        to.write_all(text.as_bytes())?;
        (next, cleared) = (news.next, news.cleared);
    }
}
