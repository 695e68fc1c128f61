//! Many connections, slow ones, and what is no request at all.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};
use support::{Collector, batch, event, folder, lines};

const VIEW: &str = "0190f3a1-0000-7abc-8def-000000000003";

#[test]
fn a_slow_loris_is_cut_off_and_holds_nobody_up() {
    let folder = folder();
    let collector = Collector::start(
        folder.path(),
        &["--head-seconds", "1", "--body-seconds", "1"],
    );
    let started = Instant::now();
    let mut heads: Vec<TcpStream> = (0..50)
        .map(|_| TcpStream::connect(collector.address).unwrap())
        .collect();
    let mut bodies: Vec<TcpStream> = (0..50)
        .map(|_| TcpStream::connect(collector.address).unwrap())
        .collect();
    for stream in &mut bodies {
        stream
            .write_all(b"POST /events HTTP/1.1\r\nhost: t\r\ncontent-length: 100\r\n\r\n")
            .unwrap();
    }
    // A byte now and then, for longer than is allowed.
    for at in 0..8 {
        for stream in heads.iter_mut().chain(&mut bodies) {
            drop(stream.write_all(b"POST /ev".get(at..=at).unwrap()));
        }
        let answer = collector
            .client()
            .post(batch(&[event(VIEW, at as u32)]).to_string());
        assert_eq!(answer.unwrap().status, 204);
        thread::sleep(Duration::from_millis(200));
    }
    for stream in heads.iter_mut().chain(&mut bodies) {
        stream
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        let mut answer = Vec::new();
        // It ends: by an end, or by a reset as there is something unread.
        let ended = stream.read_to_end(&mut answer);
        assert!(
            !matches!(ended, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock),
            "still open"
        );
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 408"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn idle_connections_cost_little_and_more_than_allowed_are_turned_away() {
    // Each is a file of this process and one of the other.
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, raised);
    let count = match limit.maximum {
        Some(most) if most < 11_000 => {
            eprintln!(
                "only {} connections: more files are not allowed here",
                most / 2
            );
            most as usize / 2
        }
        _ => 10_000,
    };
    let folder = folder();
    let allowed = (count + 50).to_string();
    let collector = Collector::start(folder.path(), &["--connections", &allowed]);
    let memory = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", collector.pid())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap()
            .to_owned();
        line.split_whitespace()
            .next()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let before = memory();
    let mut idle: Vec<TcpStream> = Vec::new();
    for at in 0..count {
        idle.push(TcpStream::connect(collector.address).unwrap());
        // What does not fit into the queue of the system is tried again after a second.
        while at % 500 == 499 && collector.metric("vitrine_connections") < at as i64 {
            thread::sleep(Duration::from_millis(5));
        }
    }
    while collector.metric("vitrine_connections") < count as i64 {
        thread::sleep(Duration::from_millis(20));
    }
    let each = (memory().saturating_sub(before) * 1_024) as usize / count;
    println!("{count} idle connections: {each} bytes each");
    assert!(each < 16_384, "{each} bytes each");
    let started = Instant::now();
    assert_eq!(
        collector
            .client()
            .post(batch(&[event(VIEW, 0)]).to_string())
            .unwrap()
            .status,
        204
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    let mut more: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(collector.address).unwrap())
        .collect();
    let mut byte = [0];
    let turned_away = more.iter_mut().filter_map(|stream| {
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        stream.read(&mut byte).ok()
    });
    let turned_away = turned_away.count();
    assert!(turned_away >= 50, "{turned_away} of 100");
    drop((idle, more));
}

#[test]
fn bytes_that_are_no_request_harm_nobody() {
    let folder = folder();
    let collector = Collector::start(
        folder.path(),
        &["--head-seconds", "2", "--body-seconds", "2"],
    );
    let good = batch(&[event(VIEW, 0)]).to_string();
    let request = format!(
        "POST /events HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n{good}",
        good.len()
    );
    // A small generator of our own: what it does can be done again.
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % below
    };
    for round in 0..2_000 {
        let mut bytes = request.clone().into_bytes();
        for _ in 0..=random(6) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(
                    bytes.splice(
                        at..at,
                        (0..random(9))
                            .map(|_| b"{}[]\",:\\u\r\n\0"[at % 12])
                            .collect::<Vec<_>>(),
                    ),
                ),
                2 => drop(bytes.drain(at..(at + random(40)).min(bytes.len()))),
                _ => bytes.truncate(at + 1),
            }
            if bytes.is_empty() {
                bytes.push(b' ');
            }
        }
        let mut stream = TcpStream::connect(collector.address).unwrap();
        drop(stream.write_all(&bytes));
        drop(stream.shutdown(std::net::Shutdown::Write));
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(
            !matches!(ended, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock),
            "round {round} hangs"
        );
        let five = answer.starts_with(b"HTTP/1.1 5");
        assert!(!five, "round {round}: {}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(
        collector
            .client()
            .post(batch(&[event(VIEW, 1)]).to_string())
            .unwrap()
            .status,
        204
    );
    // Every line that came of it can be read.
    assert!(!lines(folder.path()).is_empty());
    assert!(!collector.log().contains("panic"), "{}", collector.log());
    assert_eq!(
        collector.get("/completeness").json()["events"]["received"].is_number(),
        json!(true)
    );
}
