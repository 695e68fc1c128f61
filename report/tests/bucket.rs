//! Events in a bucket: of moto, which stands in for S3 and looks at keys as that does.

#[allow(dead_code)]
#[path = "figures/support.rs"]
mod support;

use object_store::ObjectStoreExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::{HAND, block, hand};
use tempfile::TempDir;

const MOTO: &str = "moto[s3,server]==5.2.5";

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools")
}

/// The server's program, installed from PyPI when it is first needed.
fn program() -> PathBuf {
    fs::create_dir_all(tools()).unwrap();
    let lock = File::create(tools().join("moto.lock")).unwrap();
    lock.lock().unwrap();
    let venv = tools().join("moto-5.2.5");
    if !venv.join("installed").exists() {
        let run = |command: &mut Command| {
            let done = command.stdout(Stdio::null()).status().unwrap();
            assert!(
                done.success(),
                "{command:?}: PyPI and python3 with venv are needed"
            );
        };
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        run(Command::new(venv.join("bin/pip")).args(["install", "--quiet", MOTO]));
        fs::write(venv.join("installed"), "").unwrap();
    }
    venv.join("bin/moto_server")
}

/// The server, a bucket `shop`, and keys to it.
struct Moto {
    child: Child,
    port: u16,
    key: String,
    secret: String,
    copies: TempDir,
}

impl Drop for Moto {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// So many requests need no key: those that make one, and the bucket.
const WITHOUT_KEY: &str = "4";

impl Moto {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut command = Command::new(program());
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command.env("INITIAL_NO_AUTH_ACTION_COUNT", WITHOUT_KEY);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let mut moto = Self {
            child,
            port,
            key: String::new(),
            secret: String::new(),
            copies: tempfile::tempdir().unwrap(),
        };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(90),
                "no moto after 90 s"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        moto.iam("Action=CreateUser&UserName=report");
        let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
        moto.iam(&format!(
            "Action=PutUserPolicy&UserName=report&PolicyName=all&PolicyDocument={policy}"
        ));
        let made = moto.iam("Action=CreateAccessKey&UserName=report");
        let between = |tag: &str| {
            let rest = made.split_once(&format!("<{tag}>")).unwrap().1;
            rest.split_once('<').unwrap().0.to_owned()
        };
        (moto.key, moto.secret) = (between("AccessKeyId"), between("SecretAccessKey"));
        moto.asked("PUT /shop HTTP/1.1\r\nContent-Length: 0", "");
        moto
    }

    fn iam(&self, body: &str) -> String {
        let head = format!(
            "POST / HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=b\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
            body.len()
        );
        self.asked(&head, body)
    }

    fn asked(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let host = format!("Host: 127.0.0.1:{}\r\nConnection: close", self.port);
        write!(stream, "{head}\r\n{host}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{head}: {answer}");
        answer
    }

    fn store(&self) -> AmazonS3 {
        AmazonS3Builder::new()
            .with_bucket_name("shop")
            .with_endpoint(format!("http://127.0.0.1:{}", self.port))
            .with_allow_http(true)
            .with_region("us-east-1")
            .with_access_key_id(&self.key)
            .with_secret_access_key(&self.secret)
            .build()
            .unwrap()
    }

    fn put(&self, name: &str, bytes: Vec<u8>) {
        let (store, key) = (self.store(), Key::parse(name).unwrap());
        block(async { store.put(&key, bytes.into()).await }).unwrap();
    }

    fn delete(&self, name: &str) {
        let (store, key) = (self.store(), Key::parse(name).unwrap());
        block(async { store.delete(&key).await }).unwrap();
    }

    /// All files of a directory, under a prefix.
    fn put_all(&self, prefix: &str, data: &Path) -> Vec<String> {
        let mut names = Vec::new();
        for path in files(data) {
            let name = path.strip_prefix(data).unwrap().to_str().unwrap();
            let name = format!("{prefix}/{name}");
            self.put(&name, fs::read(&path).unwrap());
            names.push(name);
        }
        names
    }

    /// The program, through another port of the server where there is one.
    fn report(&self, data: &str, port: u16, key: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-report"));
        command.args(["overview", "hctr", "abandoned", "--format", "json"]);
        command.args(["--to", "2026-05-05T10:00:00Z", "--data", data, "--copies"]);
        command.arg(self.copies.path());
        for name in [
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_SESSION_TOKEN",
        ] {
            command.env_remove(name);
        }
        command.env("AWS_ENDPOINT", format!("http://127.0.0.1:{port}"));
        command.envs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", key),
            ("AWS_SECRET_ACCESS_KEY", &self.secret),
        ]);
        command.output().unwrap()
    }

    fn figures(&self, data: &str, port: u16) -> Value {
        let output = self.report(data, port, &self.key);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{data}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// What passes the server's answers on, and what it did to them.
struct Between {
    port: u16,
    fetched: Arc<AtomicUsize>,
}

/// For each request of an object, by its line and number: how many bytes of the answer are passed on.
fn between(moto: &Moto, limit: impl Fn(&str, usize) -> Option<usize> + Send + 'static) -> Between {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, to) = (listener.local_addr().unwrap().port(), moto.port);
    let fetched = Arc::new(AtomicUsize::new(0));
    let count = fetched.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.extend(byte);
            }
            let text = String::from_utf8_lossy(&head).into_owned();
            let line = text.lines().next().unwrap_or_default();
            let is_object = line.starts_with("GET ") && !line.contains("list-type");
            let number = count.fetch_add(usize::from(is_object), Ordering::SeqCst);
            let limit = if is_object { limit(line, number) } else { None };
            let mut upstream = TcpStream::connect(("127.0.0.1", to)).unwrap();
            upstream
                .write_all(
                    text.replacen("\r\n", "\r\nConnection: close\r\n", 1)
                        .as_bytes(),
                )
                .unwrap();
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).unwrap();
            let end = limit.map_or(answer.len(), |limit| limit.min(answer.len()));
            _ = stream.write_all(&answer[..end]);
            _ = stream.shutdown(Shutdown::Both);
        }
    });
    Between { port, fetched }
}

#[test]
fn a_copy_of_the_directory_and_a_forwarders_objects_give_the_same_figures() {
    let moto = Moto::start();
    let data = hand(6);
    let expected = moto.figures(data.path().to_str().unwrap(), moto.port);
    moto.put_all("all/of-it", data.path());
    let counted = between(&moto, |_, _| None);
    let fetched = || counted.fetched.swap(0, Ordering::SeqCst);
    let all = || moto.figures("s3://shop/all/of-it", counted.port);
    assert_eq!(all(), expected);
    assert!(fetched() > 3);
    // The manifest alone: what did not change is not fetched again.
    assert_eq!(all(), expected);
    assert_eq!(fetched(), 1);
    // As the forwarder names them: some of a segment, what comes after it.
    for (number, lines) in (0_u64..).zip(HAND.lines().collect::<Vec<_>>().chunks(5)) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let name = format!(
            "vitrine/{:020}-{:012}.ndjson",
            1 + number / 2,
            number * 9_000
        );
        moto.put(&name, text.into_bytes());
    }
    // Who was erased, no forwarder says.
    moto.put(
        "vitrine/erased.ndjson",
        fs::read(data.path().join("erased.ndjson")).unwrap(),
    );
    assert_eq!(moto.figures("s3://shop/vitrine/", moto.port), expected);
    // What is gone from the bucket is gone from the copy.
    moto.delete(&format!("vitrine/{:020}-{:012}.ndjson", 1, 0));
    assert_ne!(moto.figures("s3://shop/vitrine", moto.port), expected);
}

#[test]
fn what_is_wrong_is_said_in_words() {
    let moto = Moto::start();
    moto.put("other/file.txt", b"nothing".to_vec());
    for (data, key, words) in [
        ("s3://shopp/vitrine", &*moto.key, "there is no such bucket"),
        ("s3://shop/vitrine", "AKIAWRONG", "the keys are refused"),
        (
            "s3://shop/vitrine",
            &moto.key,
            "found nothing of a collector",
        ),
        ("s3://shop/other", &moto.key, "found nothing of a collector"),
    ] {
        let output = moto.report(data, moto.port, key);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(words) && said.contains(data),
            "{words:?} is not in: {said}"
        );
    }
    // An object that was put there in part: no retry makes it whole.
    let data = hand(HAND.lines().count());
    let names = moto.put_all("cut", data.path());
    let name = names
        .iter()
        .find(|name| name.ends_with(".parquet"))
        .unwrap();
    let path = data.path().join(name.strip_prefix("cut/").unwrap());
    let bytes = fs::read(&path).unwrap();
    moto.put(name, bytes[..bytes.len() / 2].to_vec());
    let output = moto.report("s3://shop/cut", moto.port, &moto.key);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_vanishes_or_is_cut_short_on_its_way_is_fetched_again() {
    let moto = Arc::new(Moto::start());
    let data = hand(HAND.lines().count());
    let expected = moto.figures(data.path().to_str().unwrap(), moto.port);
    moto.put_all("cut", data.path());
    // Heads are some 300 bytes: a part of the object comes, and then nothing.
    let cut = between(&moto, |line, number| {
        (line.contains(".parquet") && number < 3).then_some(900)
    });
    assert_eq!(moto.figures("s3://shop/cut", cut.port), expected);
    // A compaction elsewhere puts another file in the place of one, after the list and before it is fetched.
    let names = moto.put_all("moved", data.path());
    let old = names
        .iter()
        .find(|name| name.contains("archive/day="))
        .unwrap()
        .clone();
    let (inner, file) = (
        Arc::downgrade(&moto),
        data.path().join(old.strip_prefix("moved/").unwrap()),
    );
    let moved = between(&moto, move |line, number| {
        if number == 1 {
            let inner = inner.upgrade().unwrap();
            assert!(
                line.contains("parquet") || line.contains("ndjson"),
                "{line}"
            );
            inner.put(&old.replace("part-", "part-1"), fs::read(&file).unwrap());
            inner.delete(&old);
        }
        None
    });
    assert_eq!(moto.figures("s3://shop/moved", moved.port), expected);
    assert!(moved.fetched.load(Ordering::SeqCst) > names.len() / 2);
}
