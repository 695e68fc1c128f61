use super::*;
use serde_json::json;
use std::io::{BufRead, Read};

const SOON: Duration = Duration::from_secs(10);

fn server(options: Options) -> Server {
    Server::start(options).unwrap()
}

/// Sends one request on a connection of its own and reads until the end: (head, body).
fn ask(server: &Server, method: &str, path: &str, more: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    (head.to_owned(), body.to_owned())
}

fn batch(ids: &[&str]) -> String {
    let events: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "type": "play"}))
        .collect();
    json!({"schema": "vitrine/1", "context": {"locale": "en"}, "events": events}).to_string()
}

fn post(server: &Server, body: &str) -> String {
    ask(
        server,
        "POST",
        "/events",
        "Content-Type: text/plain\r\n",
        body,
    )
    .0
}

#[test]
fn events_are_kept_once_and_batches_as_they_came() {
    let server = server(Options::default());
    let head = post(&server, &batch(&["a", "b"]));
    assert!(head.starts_with("HTTP/1.1 204 "), "{head}");
    assert!(head.contains("Access-Control-Allow-Origin: *"), "{head}");
    post(&server, &batch(&["b", "c"]));
    let ids: Vec<Value> = server
        .events()
        .iter()
        .map(|event| event["id"].clone())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let batches = server.batches();
    assert_eq!(batches.len(), 2);
    assert_eq!(batches[1].body["context"]["locale"], "en");
    assert_eq!(batches[1].content_type, "text/plain");
    assert_eq!(batches[1].bytes, batch(&["b", "c"]).len());
    let (_, all) = ask(&server, "GET", "/events.json", "", "");
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3);
    assert_eq!(server.requests()[0], "POST /events 204");
    ask(&server, "DELETE", "/events", "", "");
    assert!(server.events().is_empty());
    assert!(server.batches().is_empty());
}

#[test]
fn what_is_no_batch_is_refused_in_words() {
    let server = server(Options::default());
    let cases = [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "schema: found null"),
        (r#"{"schema":"vitrine/2","events":[]}"#, "vitrine/2"),
        (r#"{"schema":"vitrine/1"}"#, "events: a list"),
        (
            r#"{"schema":"vitrine/1","events":[{"id":"a"},{"id":7}]}"#,
            "events[1].id",
        ),
    ];
    for (body, words) in cases {
        let (head, answer) = ask(&server, "POST", "/events", "", body);
        assert!(head.starts_with("HTTP/1.1 400 "), "{body}: {head}");
        assert!(answer.contains(words), "{body}: {answer}");
    }
    assert!(server.events().is_empty());
}

#[test]
fn scripted_answers_come_in_order_and_then_all_is_well() {
    let server = server(Options {
        control: true,
        ..Options::default()
    });
    let told = ask(
        &server,
        "POST",
        "/_control",
        "",
        r#"{"status": 503, "times": 2, "retry_after": 7, "delay_ms": 1}"#,
    );
    assert!(told.0.starts_with("HTTP/1.1 204 "), "{}", told.0);
    server.script(Script {
        keep: true,
        ..Script::status(0, 1)
    });
    for _ in 0..2 {
        let head = post(&server, &batch(&["a"]));
        assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
        assert!(head.contains("Retry-After: 7"), "{head}");
    }
    assert!(server.events().is_empty());
    assert_eq!(
        post(&server, &batch(&["b"])),
        "",
        "the connection is closed"
    );
    assert_eq!(server.events().len(), 1, "and yet the event was kept");
    assert!(post(&server, &batch(&["a"])).starts_with("HTTP/1.1 204 "));
    for wrong in [
        r#"{"status": 99}"#,
        r#"{"stauts": 503}"#,
        "7",
        r#"{"times": -1}"#,
    ] {
        let (head, _) = ask(&server, "POST", "/_control", "", wrong);
        assert!(head.starts_with("HTTP/1.1 400 "), "{wrong}: {head}");
    }
}

#[test]
fn a_demo_has_no_control() {
    let server = server(Options::default());
    let (head, _) = ask(&server, "POST", "/_control", "", r#"{"status": 503}"#);
    assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
}

/// Reads the stream's messages until so many `data:` lines have come.
fn data(reader: &mut impl BufRead, count: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    while lines.len() < count {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the stream ended");
        if let Some(text) = line.strip_prefix("data: ") {
            lines.push(text.trim().to_owned());
        }
    }
    lines
}

fn subscribe(server: &Server, more: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    write!(
        stream,
        "GET /events/stream HTTP/1.1\r\nHost: x\r\n{more}\r\n"
    )
    .unwrap();
    BufReader::new(stream)
}

#[test]
fn the_stream_replays_and_then_follows() {
    let server = server(Options::default());
    post(&server, &batch(&["a", "b"]));
    let mut first = subscribe(&server, "");
    let past = data(&mut first, 2);
    assert!(past[0].contains(r#""id":"a""#), "{past:?}");
    post(&server, &batch(&["b", "c"]));
    let live = data(&mut first, 1);
    assert!(live[0].contains(r#""id":"c""#), "{live:?}");
    // A reader that comes back is told what it missed, and no more.
    let mut back = subscribe(&server, "Last-Event-ID: 0\r\n");
    let missed = data(&mut back, 2);
    assert!(missed[0].contains(r#""id":"b""#), "{missed:?}");
    server.clear();
    assert_eq!(data(&mut first, 1), ["{}"], "the clear message");
    post(&server, &batch(&["a"]));
    assert!(data(&mut first, 1)[0].contains(r#""id":"a""#));
    // Stopping ends the streams.
    drop(server);
    let mut rest = String::new();
    first.read_to_string(&mut rest).unwrap();
}

#[test]
fn waiting_ends_with_the_event_or_the_time() {
    let server = server(Options::default());
    let two = |events: &[Value]| events.len() == 2;
    assert!(!server.wait_until(Duration::from_millis(10), two));
    thread::scope(|scope| {
        scope.spawn(|| post(&server, &batch(&["a", "b"])));
        assert!(server.wait_until(SOON, two));
    });
}

#[test]
fn files_have_types_ranges_and_the_policy() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(root.path().join("a.wasm"), "wasm").unwrap();
    std::fs::write(root.path().join("clip.mp4"), "0123456789").unwrap();
    let server = server(Options {
        roots: vec![("/".to_owned(), root.path().to_owned())],
        ..Options::default()
    });
    let (head, body) = ask(&server, "GET", "/?q=1", "", "");
    assert!(
        head.contains(&format!("Content-Security-Policy: {CSP}")),
        "{head}"
    );
    assert!(head.contains("X-Content-Type-Options: nosniff"), "{head}");
    assert!(head.contains("Cache-Control: no-cache"), "{head}");
    assert_eq!(body, "<!doctype html>");
    let (head, _) = ask(&server, "GET", "/a.wasm", "", "");
    assert!(head.contains("Content-Type: application/wasm"), "{head}");
    assert!(!head.contains("Security-Policy"), "{head}");
    let (head, body) = ask(&server, "GET", "/clip.mp4", "Range: bytes=2-4\r\n", "");
    assert!(head.starts_with("HTTP/1.1 206 "), "{head}");
    assert!(head.contains("Content-Range: bytes 2-4/10"), "{head}");
    assert_eq!(body, "234");
    let (head, body) = ask(&server, "HEAD", "/clip.mp4", "", "");
    assert!(head.contains("Content-Length: 10"), "{head}");
    assert_eq!(body, "");
    let (head, _) = ask(&server, "GET", "/%2e%2e/secret", "", "");
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
    let (head, _) = ask(&server, "GET", "/nothing", "", "");
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
    server.put("/late.html", "text/html", "late");
    let (head, body) = ask(&server, "GET", "/late.html", "", "");
    assert!(head.contains("Content-Security-Policy"), "{head}");
    assert_eq!(body, "late");
    let (head, body) = ask(&server, "POST", "/late.html", "", "x");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(body, "late");
    let (head, _) = ask(&server, "POST", "/index.html", "", "x");
    assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
}

#[test]
fn a_path_has_headers_of_its_own() {
    let header = |prefix: &str, name, value: &str| (prefix.to_owned(), name, value.to_owned());
    let server = server(Options {
        headers: vec![
            header("/assets/", "Access-Control-Allow-Origin", "*"),
            header("/assets/a.wasm", "Content-Type", "text/plain"),
            header("/strict.html", "Content-Security-Policy", "sandbox"),
        ],
        ..Options::default()
    });
    server.put("/assets/a.wasm", "application/wasm", "a");
    server.put("/strict.html", "text/html", "a");
    let (head, _) = ask(&server, "GET", "/assets/a.wasm", "", "");
    assert!(head.contains("Access-Control-Allow-Origin: *"), "{head}");
    assert_eq!(head.matches("Content-Type: ").count(), 1, "{head}");
    assert!(head.contains("Content-Type: text/plain"), "{head}");
    let (head, _) = ask(&server, "GET", "/strict.html", "", "");
    assert!(
        head.contains("Content-Security-Policy: sandbox\r\n"),
        "{head}"
    );
    assert_eq!(head.matches("Content-Security-Policy").count(), 1, "{head}");
    assert!(!head.contains("Allow-Origin"), "{head}");
}

#[test]
fn one_connection_carries_many_requests() {
    let server = server(Options::default());
    server.put("/a", "text/plain", "aa");
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut reader = BufReader::new(&stream);
    for _ in 0..3 {
        write!(&stream, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        let mut body = [0; 2];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"aa");
    }
}

#[test]
fn a_port_in_use_says_so() {
    let first = server(Options::default());
    let second = Server::start(Options {
        port: first.address().port(),
        ..Options::default()
    });
    assert_eq!(second.err().unwrap().kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn what_others_send_is_read_and_answered_alike() {
    fn read(body: &[u8]) -> Result<Value, String> {
        let id = String::from_utf8_lossy(body);
        Ok(json!({ "schema": "vitrine/1", "events": [{ "id": id }] }))
    }
    let server = server(Options {
        readers: vec![("/theirs", read)],
        ..Options::default()
    });
    server.script(Script::status(503, 10));
    let (head, _) = ask(&server, "POST", "/theirs", "", "a");
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    server.well();
    let (head, _) = ask(&server, "POST", "/theirs", "", "b");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(server.events(), [json!({ "id": "b" })]);
}
