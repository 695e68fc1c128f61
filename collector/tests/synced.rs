//! The system's own record: an answer goes out after the disk has synced what it promises.
#![allow(clippy::unwrap_used)]

mod support;

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use support::{Collector, batch, event, folder};

#[test]
fn the_answer_follows_the_sync() {
    let traced = Command::new("strace").arg("-V").output();
    if traced.is_err() {
        eprintln!("skipped: apt-get install strace lets the calls of the system be seen");
        return;
    }
    let folder = folder();
    let (data, record) = (folder.path().join("data"), folder.path().join("record"));
    let plain = support::command(&data, &["--compact-every", "0", "--with-parent"]);
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-s",
        "16",
        "-e",
        "trace=write,writev,sendto,fdatasync",
        "-o",
    ]);
    command
        .arg(&record)
        .arg(plain.get_program())
        .args(plain.get_args());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    // It ends with its input: strace, when it is killed, lets it go.
    let collector = Collector::run(command, &data);
    for seq in 0..3 {
        let body = batch(&[event("0190f3a1-0000-7abc-8def-00000000000e", seq)]).to_string();
        assert_eq!(collector.client().post(body).unwrap().status, 204);
    }
    let written = || std::fs::read_to_string(&record).unwrap_or_default();
    let limit = Instant::now() + Duration::from_secs(10);
    while written().matches("HTTP/1.1 204").count() < 3 {
        assert!(Instant::now() < limit, "{}", written());
        thread::sleep(Duration::from_millis(20));
    }
    // A call that another thread's interrupts is two lines, the second with its result.
    let calls = written();
    let steps: Vec<char> = calls
        .lines()
        .filter_map(|line| match line {
            line if line.contains("{\\\"v\\\":1") => Some('w'),
            line if line.contains("fdatasync") && line.ends_with("= 0") => Some('s'),
            line if line.contains("HTTP/1.1 204") => Some('a'),
            _ => None,
        })
        .collect();
    assert_eq!(steps.iter().collect::<String>(), "wsawsawsa", "{calls}");
}
