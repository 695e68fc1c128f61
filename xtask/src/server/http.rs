//! Just enough HTTP/1.1 for a development server: one request read, one response written.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};

/// The longest request head that is read.
const HEAD_LIMIT: usize = 32 * 1024;
/// The longest body that is kept. The longest that the overlay ever sends is 64 KiB.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// A body over the limit is read to this length and thrown away, so that its sender sees the 413.
const DRAIN_LIMIT: u64 = 16 * 1024 * 1024;

/// One request.
#[derive(Debug)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The target as it was sent, without its query.
    pub path: String,
    headers: Vec<(String, String)>,
    /// The whole body; at most `BODY_LIMIT` bytes.
    pub body: Vec<u8>,
    /// The client wants this connection for its next request too.
    pub keep_alive: bool,
}

impl Request {
    /// The header's value, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Why no request could be read.
#[derive(Debug)]
pub enum Unread {
    /// The client has gone, or has said nothing for too long.
    Gone,
    /// What it sent gets this answer, and then the connection is closed.
    Refused(u16, &'static str),
}

impl From<io::Error> for Unread {
    fn from(_: io::Error) -> Unread {
        Unread::Gone
    }
}

/// Reads one request. `reply` is the same connection, for `100 Continue`.
pub fn read(from: &mut impl BufRead, reply: &mut impl Write) -> Result<Request, Unread> {
    let head = read_head(from)?;
    let mut slots = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Request::new(&mut slots);
    match parsed.parse(&head) {
        Ok(httparse::Status::Complete(_)) => {}
        _ => return Err(Unread::Refused(400, "this is not an HTTP/1.1 request")),
    }
    let target = parsed.path.unwrap_or("/");
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: target.split(['?', '#']).next().unwrap_or("/").to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).into_owned();
                (header.name.to_ascii_lowercase(), value)
            })
            .collect(),
        body: Vec::new(),
        keep_alive: parsed.version == Some(1),
    };
    if let Some(connection) = request.header("connection") {
        request.keep_alive = !connection.eq_ignore_ascii_case("close");
    }
    if request.header("transfer-encoding").is_some() {
        let words = "send a Content-Length: chunked bodies are not read here";
        return Err(Unread::Refused(411, words));
    }
    let length = match request.header("content-length") {
        None => 0,
        Some(text) => match text.parse::<u64>() {
            Ok(length) => length,
            Err(_) => return Err(Unread::Refused(400, "Content-Length is not a number")),
        },
    };
    if request.header("expect").is_some() {
        reply.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if length > BODY_LIMIT as u64 {
        io::copy(&mut from.take(length.min(DRAIN_LIMIT)), &mut io::sink())?;
        return Err(Unread::Refused(413, "the body is longer than 1 MiB"));
    }
    request.body = vec![0; length as usize];
    from.read_exact(&mut request.body)?;
    Ok(request)
}

/// Everything up to and with the empty line.
fn read_head(from: &mut impl BufRead) -> Result<Vec<u8>, Unread> {
    let mut head = Vec::new();
    loop {
        let left = (HEAD_LIMIT - head.len()) as u64;
        let before = head.len();
        from.take(left).read_until(b'\n', &mut head)?;
        if head.len() == before {
            return Err(if head.len() >= HEAD_LIMIT {
                Unread::Refused(431, "the request's head is longer than 32 KiB")
            } else {
                Unread::Gone
            });
        }
        if head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n") {
            return Ok(head);
        }
        // An empty line left over before a request is allowed.
        if head == b"\r\n" {
            head.clear();
        }
    }
}

/// What a response carries.
#[derive(Debug)]
pub enum Body {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// So many bytes from where the file now stands.
    File(File, u64),
}

/// One response.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
    /// It breaks off in the middle.
    broken: bool,
}

impl Response {
    /// An answer without a body.
    pub fn empty(status: u16) -> Response {
        Response::bytes(status, "", Vec::new())
    }

    /// An answer that breaks off before its end.
    pub fn half(status: u16) -> Response {
        let mut response = Response::words(status, "the first half");
        response.broken = true;
        response
    }

    /// A sentence for whoever reads the answer.
    pub fn words(status: u16, words: impl Into<String>) -> Response {
        let mut text = words.into();
        text.push('\n');
        Response::bytes(status, "text/plain; charset=utf-8", text.into_bytes())
    }

    /// A JSON value.
    pub fn json(value: &serde_json::Value) -> Response {
        Response::bytes(200, "application/json", value.to_string().into_bytes())
    }

    /// Bytes of a type.
    pub fn bytes(status: u16, content_type: &str, body: Vec<u8>) -> Response {
        Response::new(status, content_type, Body::Bytes(body))
    }

    /// Any body of a type.
    pub fn new(status: u16, content_type: &str, body: Body) -> Response {
        let mut response = Response {
            status,
            headers: Vec::new(),
            body,
            broken: false,
        };
        if !content_type.is_empty() {
            response = response.with("Content-Type", content_type);
        }
        response
    }

    /// With one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Response {
        self.headers.push((name, value.into()));
        self
    }

    /// With this header in place of any of its name.
    pub fn replacing(mut self, name: &'static str, value: impl Into<String>) -> Response {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.with(name, value)
    }

    /// Whether a browser would show it as a page.
    pub fn is_html(&self) -> bool {
        let mut kinds = self
            .headers
            .iter()
            .filter(|(name, _)| *name == "Content-Type");
        kinds.any(|(_, value)| value.starts_with("text/html"))
    }

    /// Writes the response; only its head, if the request was a `HEAD`.
    pub fn write(self, to: &mut impl Write, head_only: bool, keep_alive: bool) -> io::Result<()> {
        let mut length = match &self.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::File(_, length) => *length,
        };
        if self.broken {
            length *= 2;
        }
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // RFC 9110, 8.6: a 204 has no Content-Length.
        if self.status != 204 {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        if !keep_alive {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        let mut out = head.into_bytes();
        match self.body {
            _ if head_only => to.write_all(&out)?,
            Body::Bytes(bytes) => {
                out.extend_from_slice(&bytes);
                to.write_all(&out)?;
                if self.broken {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
            Body::File(file, length) => {
                to.write_all(&out)?;
                let sent = io::copy(&mut file.take(length), to)?;
                if sent < length {
                    let words = "the file became shorter while it was sent";
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, words));
                }
            }
        }
        to.flush()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        411 => "Length Required",
        413 => "Content Too Large",
        416 => "Range Not Satisfiable",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Request, Unread> {
        read(&mut text.as_bytes(), &mut Vec::new())
    }

    #[test]
    fn a_request_is_read_with_its_body() {
        let request =
            parse("POST /events?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcd").unwrap();
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, "/events");
        assert_eq!(request.body, b"abc");
        assert_eq!(request.header("host"), Some("a"));
        assert!(request.keep_alive);
    }

    #[test]
    fn an_old_or_closing_client_gets_one_answer() {
        assert!(!parse("GET / HTTP/1.0\r\n\r\n").unwrap().keep_alive);
        let closing = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
        assert!(!parse(closing).unwrap().keep_alive);
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        let status = |text: &str| match parse(text) {
            Err(Unread::Refused(status, _)) => status,
            other => panic!("{other:?}"),
        };
        assert_eq!(status("nonsense\r\n\r\n"), 400);
        assert_eq!(
            status("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            411
        );
        assert_eq!(
            status("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"),
            400
        );
        assert_eq!(
            status("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n"),
            413
        );
        let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(HEAD_LIMIT));
        assert_eq!(status(&long), 431);
        assert!(matches!(parse("GET / HT"), Err(Unread::Gone)));
    }

    #[test]
    fn a_head_request_gets_the_length_and_no_body() {
        let mut out = Vec::new();
        let response = Response::words(200, "hello");
        response.write(&mut out, true, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("Content-Length: 6\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n"), "{text}");
    }
}
