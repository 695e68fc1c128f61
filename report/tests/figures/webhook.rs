//! `intents --webhook` against a server that answers as it is told.

use crate::support::{HAND, hand, segments};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use vitrine_collector::archive::time::now;
use vitrine_report::generate::moment;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PATIENCE: Duration = Duration::from_secs(60);

/// What came, and where its answer goes.
struct Post {
    head: String,
    body: Vec<u8>,
    stream: TcpStream,
    at: i64,
}

impl Post {
    fn header(&self, name: &str) -> &str {
        let line = self
            .head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn viewer(&self) -> String {
        self.json()["data"]["viewer"].as_str().unwrap().to_owned()
    }

    fn answer(mut self, head: &str) {
        let text = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n");
        self.stream.write_all(text.as_bytes()).unwrap();
    }
}

/// A server that hands over what comes.
fn receiver() -> (String, Receiver<Post>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/intents?shop=1", listener.local_addr().unwrap());
    let (sender, posts): (Sender<Post>, _) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if sender.send(read(stream.unwrap())).is_err() {
                return;
            }
        }
    });
    (url, posts)
}

fn read(stream: TcpStream) -> Post {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let head = head.replace("\r\n", "\n");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Post {
        head,
        body,
        stream,
        at: now(),
    }
}

fn command(data: &Path, url: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-report"));
    command
        .args(["intents", "--webhook", url, "--data"])
        .arg(data)
        .args(more)
        .env("VITRINE_WEBHOOK_SECRET", SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn start(data: &Path, url: &str, more: &[&str]) -> Child {
    command(data, url, more).spawn().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Who knows the secret, in another language.
fn signature(post: &Post) -> String {
    let script = "import sys, hmac, hashlib, base64\nkey = base64.b64decode(sys.argv[1][6:])\n\
        text = (sys.argv[2] + '.' + sys.argv[3] + '.').encode() + sys.stdin.buffer.read()\n\
        print('v1,' + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode())";
    let mut python = Command::new("python3")
        .args([
            "-c",
            script,
            SECRET,
            post.header("webhook-id"),
            post.header("webhook-timestamp"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(&post.body).unwrap();
    let output = python.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn each_intent_is_posted_once_whatever_the_receiver_does() {
    let data = hand(6);
    let (url, posts) = receiver();
    let run = start(data.path(), &url, &[]);
    let next = || posts.recv_timeout(PATIENCE).unwrap();
    let mut ids = Vec::new();
    // The oldest first. Who failed waits behind the others, and has the same id and text again.
    for (viewer, answer) in [
        ("ben", "500 Internal Server Error"),
        ("fay", "429 Too Many Requests\r\nretry-after: 3"),
        ("ben", "204 No Content"),
        ("fay", "200 OK"),
    ] {
        let post = next();
        assert_eq!(post.viewer(), viewer);
        assert!(
            post.head.starts_with("POST /intents?shop=1 HTTP/1.1"),
            "{}",
            post.head
        );
        assert_eq!(post.header("webhook-signature"), signature(&post));
        let seconds: i64 = post.header("webhook-timestamp").parse().unwrap();
        assert!((seconds - now() / 1_000).abs() < 5);
        ids.push((
            post.header("webhook-id").to_owned(),
            post.body.clone(),
            post.at,
        ));
        post.answer(answer);
    }
    assert_eq!((&ids[0].0, &ids[0].1), (&ids[2].0, &ids[2].1));
    assert_ne!(ids[0].0, ids[1].0);
    assert!(ids[1].2 - ids[0].2 >= 1_000 && ids[2].2 - ids[1].2 >= 3_000);
    let text: Value = serde_json::from_slice(&ids[0].1).unwrap();
    let closed = "2026-05-04T09:40:20.000Z";
    assert_eq!(
        (&text["type"], &text["timestamp"]),
        (&json!("stream_intent.abandoned"), &json!(closed))
    );
    let about = &text["data"];
    assert_eq!(
        (&about["product"], &about["value"], &about["currency"]),
        (&json!("hat-01"), &json!(1_500), &json!("EUR"))
    );
    let output = run.wait_with_output().unwrap();
    assert!(
        output.status.success() && said(&output).contains("2 intents posted"),
        "{}",
        said(&output)
    );
    // Both are remembered.
    let again = command(data.path(), &url, &[]).output().unwrap();
    assert!(
        said(&again).contains("0 intents posted"),
        "{}",
        said(&again)
    );
    assert!(posts.try_recv().is_err());
}

#[test]
fn a_program_that_is_killed_before_it_remembers_posts_the_same_id() {
    let data = hand(6);
    let (url, posts) = receiver();
    let state = data.path().join("elsewhere");
    let more = [
        "--state",
        state.to_str().unwrap(),
        "--to",
        "2026-05-04T12:00:00Z",
    ];
    let mut run = start(data.path(), &url, &more);
    let post = posts.recv_timeout(PATIENCE).unwrap();
    let first = (post.header("webhook-id").to_owned(), post.body.clone());
    // The receiver has it, and the answer does not come.
    run.kill().unwrap();
    run.wait().unwrap();
    drop(post);
    let run = start(data.path(), &url, &more);
    let post = posts.recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        first,
        (post.header("webhook-id").to_owned(), post.body.clone())
    );
    post.answer("204 No Content");
    let output = run.wait_with_output().unwrap();
    assert!(
        said(&output).contains("1 intents posted"),
        "{}",
        said(&output)
    );
    assert!(!data.path().join("webhook-posted.ndjson").exists());
}

#[test]
fn an_order_later_means_no_post_and_what_the_receiver_refuses_is_said() {
    let data = hand(6);
    let (url, posts) = receiver();
    // Eve's window is closed by then, and her order not made.
    let run = start(data.path(), &url, &["--to", "2026-05-04T10:20:00Z"]);
    let mut found = Vec::new();
    for answer in ["204 No Content", "422 Unprocessable Content"] {
        let post = posts.recv_timeout(PATIENCE).unwrap();
        found.push(post.viewer());
        post.answer(answer);
    }
    assert_eq!(found, ["ben", "eve"]);
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("1 refused") && said(&output).contains("422"),
        "{}",
        said(&output)
    );
    // With all that happened, eve has ordered: fay alone is left. Nobody takes it, so it is posted by the next run.
    for (answer, words) in [
        ("404 Not Found", "--webhook"),
        ("307 Temporary Redirect", "redirect"),
        ("200 OK", "1 intents posted"),
    ] {
        let run = start(data.path(), &url, &[]);
        let post = posts.recv_timeout(PATIENCE).unwrap();
        assert_eq!(post.viewer(), "fay");
        post.answer(answer);
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.success(), answer == "200 OK");
        assert!(said(&output).contains(words), "{}", said(&output));
    }
}

#[test]
fn what_is_missing_is_said() {
    let data = hand(0);
    let run = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_vitrine-report"))
            .args(words)
            .arg("--data")
            .arg(data.path())
            .output()
            .unwrap()
    };
    for (words, code, said_too) in [
        (
            vec!["intents", "--webhook", "http://shop.example/"],
            1,
            "https",
        ),
        (
            vec!["intents", "--webhook", "http://localhost:9/"],
            1,
            "VITRINE_WEBHOOK_SECRET",
        ),
        (
            vec!["overview", "--webhook", "http://localhost:9/"],
            2,
            "`intents`",
        ),
        (vec!["intents", "--watch"], 2, "--webhook"),
    ] {
        let output = run(&words);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(said_too), "{}", said(&output));
    }
}

/// A batch as the collector stores it, with one event.
fn line(viewer: &str, kind: &str, at: i64) -> String {
    let item = json!({ "item_id": "bag-01", "price": 9900, "currency": "EUR", "quantity": 1 });
    let event = json!({
        "id": format!("{viewer}-{kind}"), "seq": 0, "type": kind, "time": moment(at), "viewer_id": viewer,
        "view_id": format!("view-{viewer}"), "video_id": "look", "hotspot_id": "bag", "items": [item],
    });
    let context: Value = serde_json::from_str(HAND.lines().next().unwrap()).unwrap();
    json!({
        "v": 1, "received_at": at, "sent_at": at, "site": "default", "bot": false,
        "context": context["context"], "events": [event],
    })
    .to_string()
}

#[test]
fn who_watches_posts_when_the_window_closes_unless_somebody_ordered() {
    let data = tempfile::tempdir().unwrap();
    let intent_at = now() - 50_000;
    let lines = ["ana", "ben"].map(|viewer| line(viewer, "add_to_cart", intent_at));
    segments(data.path(), &[&[&lines[0], &lines[1]]]);
    let (url, posts) = receiver();
    let mut run = start(data.path(), &url, &["--watch", "--window", "1"]);
    std::thread::sleep(Duration::from_secs(2));
    let path = data.path().join("segments/00000000000000000001.ndjson");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    writeln!(file, "{}", line("ben", "purchase", now())).unwrap();
    let post = posts.recv_timeout(PATIENCE).unwrap();
    assert_eq!(post.viewer(), "ana");
    assert!(
        post.at > intent_at + 60_000,
        "{} too early",
        intent_at + 60_000 - post.at
    );
    post.answer("204 No Content");
    assert!(posts.recv_timeout(Duration::from_secs(8)).is_err());
    assert!(run.try_wait().unwrap().is_none());
    run.kill().unwrap();
    run.wait().unwrap();
}
