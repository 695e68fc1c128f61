//! What was answered is on disk, once, whatever happens.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use support::{Client, Collector, batch, event, folder, ids, lines};

const VIEW: &str = "0190f3a1-0000-7abc-8def-000000000002";

/// Sends from eight connections until the collector is gone; a batch without an answer goes again to the next one.
fn load(
    address: std::net::SocketAddr,
    waiting: &Mutex<Vec<String>>,
    known: &Mutex<HashSet<String>>,
    ends: &AtomicBool,
) {
    let mut client = Client::new(address);
    while !ends.load(Ordering::Relaxed) {
        let again = waiting.lock().unwrap().pop();
        let body = again.unwrap_or_else(|| {
            let events: Vec<_> = (0..20).map(|_| event(VIEW, 0)).collect();
            batch(&events).to_string()
        });
        let answer = client.post(&body);
        if answer.is_some_and(|answer| answer.status == 204) {
            let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
            let ids = sent["events"].as_array().unwrap().iter();
            known
                .lock()
                .unwrap()
                .extend(ids.map(|event| event["id"].as_str().unwrap().to_owned()));
        } else {
            waiting.lock().unwrap().push(body);
            return;
        }
    }
}

/// Kills it so often, at moments that nobody chose, and looks at every line each time.
fn kill(times: u32) {
    let folder = folder();
    let known = Arc::new(Mutex::new(HashSet::new()));
    let waiting = Arc::new(Mutex::new(Vec::new()));
    let (mut repeated, mut torn) = (0, 0);
    for round in 0..times {
        let collector = Collector::start(folder.path(), &["--segment-bytes", "2000000"]);
        torn += usize::from(
            collector.log().contains("is torn") || collector.log().contains("was torn"),
        );
        let ends = Arc::new(AtomicBool::new(false));
        let loads: Vec<_> = (0..8)
            .map(|_| {
                let (known, waiting, ends) =
                    (Arc::clone(&known), Arc::clone(&waiting), Arc::clone(&ends));
                let address = collector.address;
                thread::spawn(move || load(address, &waiting, &known, &ends))
            })
            .collect();
        // 20 to 219 ms, without a pattern.
        thread::sleep(Duration::from_millis(20 + u64::from(round * 7_919 % 200)));
        repeated += collector.metric("vitrine_events_repeated_total");
        collector.kill();
        loads.into_iter().for_each(|load| load.join().unwrap());
    }
    // The last start mends, and takes what waits.
    let collector = Collector::start(folder.path(), &[]);
    let mut client = collector.client();
    for body in waiting.lock().unwrap().iter() {
        assert_eq!(client.post(body).unwrap().status, 204);
    }
    let ids = ids(folder.path());
    let known = known.lock().unwrap();
    let lost = known.iter().filter(|id| !ids.contains_key(*id)).count();
    let twice = ids.values().filter(|count| **count > 1).count();
    println!(
        "killed {times} times: {} events answered, {lost} lost, {twice} twice, {} on disk; {torn} torn ends cut, {repeated} repeats dropped",
        known.len(),
        ids.len()
    );
    assert_eq!((lost, twice), (0, 0));
    assert!(
        known.len() > 20 * times as usize,
        "too little happened: {}",
        known.len()
    );
}

#[test]
fn killed_ten_times_under_load() {
    kill(10);
}

#[test]
#[ignore = "half a minute: for a release, or after a change of the writer"]
fn killed_a_hundred_times_under_load() {
    kill(100);
}

#[test]
fn a_torn_end_is_cut_and_a_damaged_line_put_aside() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &[]);
    let first = batch(&[event(VIEW, 0)]).to_string();
    assert_eq!(collector.client().post(&first).unwrap().status, 204);
    collector.kill();
    let path = folder.path().join("segments/00000000000000000001.ndjson");
    let whole = fs::read(&path).unwrap();
    let mut file = fs::File::options().append(true).open(&path).unwrap();
    file.write_all(&whole[..whole.len() / 2]).unwrap();
    let collector = Collector::start(folder.path(), &[]);
    assert!(collector.log().contains("torn"), "{}", collector.log());
    assert_eq!(fs::read(&path).unwrap(), whole);
    collector.kill();
    // As a power failure leaves it: a hole of zeros, then a line that is whole.
    file.write_all(&[&[0; 4_096][..], b"\n"].concat()).unwrap();
    let other = String::from_utf8(whole.clone())
        .unwrap()
        .replace("hotspot_click", "hotspot_other");
    let id = support::id();
    let own = serde_json::from_str::<serde_json::Value>(&other).unwrap()["events"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    file.write_all(other.replace(&own, &id).as_bytes()).unwrap();
    let collector = Collector::start(folder.path(), &[]);
    let ids = ids(folder.path());
    assert!(
        ids.len() == 2 && ids.contains_key(&id),
        "what is whole is kept"
    );
    assert!(collector.log().contains("cannot be read"));
    assert_eq!(
        fs::metadata(
            folder
                .path()
                .join("quarantine/damaged-00000000000000000001.bin")
        )
        .unwrap()
        .len(),
        4_097
    );
    // Known since before the kills.
    assert_eq!(collector.client().post(&first).unwrap().status, 204);
    assert_eq!(collector.metric("vitrine_events_repeated_total"), 1);
}

#[test]
fn repeats_within_a_request_between_requests_and_after_a_stop() {
    let folder = folder();
    let mut collector = Collector::start(folder.path(), &["--segment-bytes", "1"]);
    let one = event(VIEW, 0);
    let mut upper = one.clone();
    upper["id"] = json!(one["id"].as_str().unwrap().to_uppercase());
    let own = json!({ "id": "order-77", "type": "purchase", "time": "2026-05-04T09:30:05Z" });
    let body = batch(&[one.clone(), one.clone(), upper, own.clone(), own]).to_string();
    for _ in 0..3 {
        assert_eq!(collector.client().post(&body).unwrap().status, 204);
    }
    collector.terminate();
    assert!(collector.ended(Duration::from_secs(5)).unwrap().success());
    let collector = Collector::start(folder.path(), &[]);
    assert_eq!(collector.client().post(&body).unwrap().status, 204);
    assert_eq!(lines(folder.path()).len(), 1);
    assert_eq!(
        lines(folder.path())[0]["events"].as_array().unwrap().len(),
        2
    );
    assert!(
        collector.log().contains("\"events\":2,\"repeated\":0"),
        "{}",
        collector.log()
    );
}

#[test]
fn two_sites_may_have_the_same_id() {
    let folder = folder();
    let file = folder.path().join("collector.toml");
    let site = |name: &str| format!("[[sites]]\nname = \"{name}\"\nkey = \"{name}-has-a-key\"\n");
    fs::write(&file, site("ann") + &site("bob")).unwrap();
    let flags = ["--config", file.to_str().unwrap()];
    let data = folder.path().join("data");
    let own = json!({ "id": "order-77", "type": "purchase", "time": "2026-05-04T09:30:05Z" });
    let body = batch(&[own, event(VIEW, 0)]).to_string();
    let send = |collector: &Collector| {
        for key in ["ann-has-a-key", "bob-has-a-key"] {
            let path = format!("/events?write_key={key}");
            let answer = collector
                .client()
                .post_to(&path, "content-type: text/plain\r\n", &body);
            assert_eq!(answer.unwrap().status, 204);
        }
    };
    let collector = Collector::start(&data, &flags);
    send(&collector);
    send(&collector);
    collector.kill();
    let collector = Collector::start(&data, &flags);
    send(&collector);
    assert_eq!(collector.metric("vitrine_events_repeated_total"), 4);
    let lines = lines(&data);
    let sites: Vec<_> = lines.iter().map(|line| line["site"].clone()).collect();
    assert_eq!(sites, [json!("ann"), json!("bob")]);
    assert_eq!(lines[0]["events"], lines[1]["events"]);
}

#[test]
fn a_stop_answers_what_is_under_way_within_its_deadline() {
    let folder = folder();
    let mut collector = Collector::start(folder.path(), &["--stop-seconds", "2"]);
    let body = batch(&[event(VIEW, 0)]).to_string();
    let (start, end) = body.split_at(10);
    let mut slow = collector.client();
    let mut stuck = collector.client();
    let head = format!(
        "POST /events HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n{start}",
        body.len()
    );
    slow.stream.get_mut().write_all(head.as_bytes()).unwrap();
    stuck.stream.get_mut().write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(200));
    collector.terminate();
    thread::sleep(Duration::from_millis(200));
    assert!(
        std::net::TcpStream::connect(collector.address).is_err(),
        "nobody new is let in"
    );
    slow.stream.get_mut().write_all(end.as_bytes()).unwrap();
    assert_eq!(slow.read().unwrap().status, 204);
    assert!(
        collector.ended(Duration::from_secs(4)).unwrap().success(),
        "one that is stuck holds nothing up"
    );
    assert_eq!(ids(folder.path()).len(), 1);
}

#[test]
fn a_second_instance_is_refused() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &[]);
    let output = support::command(folder.path(), &[]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && words.contains("is in use by another process"),
        "{words}"
    );
    collector.kill();
    drop(Collector::start(folder.path(), &[]));
}

/// A small disk of memory; it is taken away when this is dropped.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn mount(path: &'a Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=512k", "tmpfs"])
            .arg(path);
        mount
            .output()
            .is_ok_and(|output| output.status.success())
            .then_some(Self(path))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0).status());
    }
}

#[test]
fn a_disk_that_fills_up_is_told_and_recovers() {
    let folder = folder();
    let Some(disk) = Disk::mount(folder.path()) else {
        eprintln!("skipped: mounting a tmpfs needs root");
        return;
    };
    let collector = Collector::start(disk.0, &[]);
    let ballast = folder.path().join("ballast");
    fs::write(&ballast, vec![0; 300_000]).unwrap();
    let mut client = collector.client();
    let mut answered = Vec::new();
    let refused = loop {
        let body = batch(&(0..20).map(|seq| event(VIEW, seq)).collect::<Vec<_>>()).to_string();
        let answer = client.post(&body).unwrap();
        if answer.status == 503 {
            assert!(answer.headers.contains_key("retry-after"));
            break body;
        }
        assert_eq!(answer.status, 204);
        answered.push(body);
        assert!(answered.len() < 1_000, "it never fills up");
    };
    assert!(!answered.is_empty());
    assert_eq!(collector.get("/readyz").status, 503);
    assert_eq!(collector.get("/healthz").status, 200);
    assert_eq!(
        client.post(&answered[0]).unwrap().status,
        204,
        "what is on disk already needs no room"
    );
    lines(disk.0);
    fs::remove_file(&ballast).unwrap();
    assert_eq!(
        client.post(&refused).unwrap().status,
        204,
        "it was not remembered when it was not written"
    );
    assert_eq!(collector.get("/readyz").status, 200);
    let ids = ids(disk.0);
    assert_eq!(ids.len(), 20 * (answered.len() + 1));
    assert!(ids.values().all(|count| *count == 1));
    drop(collector);
}

#[test]
fn a_clock_that_jumps_changes_nothing_but_what_it_says() {
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    if !Path::new(library).exists() {
        eprintln!("skipped: apt-get install libfaketime lets the clock be set for one process");
        return;
    }
    let folder = folder();
    let offset = folder.path().join("offset");
    let set = |text: &str| fs::write(&offset, text).unwrap();
    set("+0");
    let data = folder.path().join("data");
    let mut command = support::command(&data, &["--window-days", "1"]);
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", &offset)
        .env("FAKETIME_NO_CACHE", "1");
    // As when somebody sets the clock: time that passes is measured by another one.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let collector = Collector::run(command, &data);
    let first = batch(&[event(VIEW, 0)]).to_string();
    let mut client = collector.client();
    assert_eq!(client.post(&first).unwrap().status, 204);
    for (seq, jump) in ["+30d", "-400d", "+0"].into_iter().enumerate() {
        set(jump);
        assert_eq!(client.post(&first).unwrap().status, 204);
        assert_eq!(
            client
                .post(batch(&[event(VIEW, seq as u32 + 1)]).to_string())
                .unwrap()
                .status,
            204
        );
    }
    let lines = lines(&data);
    assert_eq!(
        lines.len(),
        4,
        "the repeat is known whatever the clock says"
    );
    let day = |at: usize| lines[at]["received_at"].as_i64().unwrap() / 86_400_000;
    assert_eq!((day(1) - day(0), day(2) - day(0)), (30, -400));
    let said = collector.completeness();
    assert_eq!(
        (&said["events"]["received"], &said["events"]["missing"]),
        (&json!(4), &json!(0))
    );
}
