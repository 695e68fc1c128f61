//! The examples of `deploy/`, by the programs that they are for. A test that lacks its program says so.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use support::{Collector, batch, event, folder, lines};

const VIEW: &str = "0190f3a1-0000-7abc-8def-00000000000d";

fn example(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name);
    fs::read_to_string(path).unwrap()
}

/// The program, if it is installed.
fn program(name: &str, package: &str) -> Option<PathBuf> {
    let places = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let found = places
        .split(':')
        .map(|place| Path::new(place).join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        eprintln!("skipped: {name} is not installed: apt-get install {package}");
    }
    found
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn systemd_takes_the_unit() {
    let Some(analyze) = program("systemd-analyze", "systemd") else {
        return;
    };
    let folder = folder();
    let unit = example("vitrine-collector.service");
    // It wants the program to be there.
    let here = unit.replace(
        "/usr/local/bin/vitrine-collector",
        env!("CARGO_BIN_EXE_vitrine-collector"),
    );
    assert_ne!(here, unit);
    let path = folder.path().join("vitrine-collector.service");
    fs::write(&path, &here).unwrap();
    let verify = |path: &Path| {
        Command::new(&analyze)
            .arg("verify")
            .arg(path)
            .output()
            .unwrap()
    };
    let output = verify(&path);
    let words = said(&output);
    assert!(
        output.status.success() && !words.contains("vitrine-collector"),
        "{words}"
    );
    // It would have told.
    fs::write(&path, here.replace("ProtectHome=yes", "ProtectHouse=yes")).unwrap();
    assert!(said(&verify(&path)).contains("ProtectHouse"));
}

/// Nothing here can build an image; what it names is there.
#[test]
fn what_the_containerfile_names_is_there() {
    let text = example("Containerfile");
    let help = Command::new(env!("CARGO_BIN_EXE_vitrine-collector"))
        .args(["serve", "--help"])
        .output()
        .unwrap();
    let help = said(&help);
    let variables: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("ENV "))
        .flat_map(str::split_whitespace)
        .filter_map(|pair| pair.split('=').next())
        .collect();
    assert_eq!(variables, ["VITRINE_DATA", "VITRINE_LISTEN"]);
    assert!(
        variables
            .iter()
            .all(|name| help.contains(&format!("[env: {name}="))),
        "{help}"
    );
    let root =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml")).unwrap();
    assert!(root.contains("[profile.collector]") && text.contains("--profile collector"));
    assert!(text.contains("/src/target/collector/vitrine-collector"));
}

/// nginx with the example, on ports of this test's own, with a certificate that this test signed.
struct Nginx {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM, so that it takes its workers along.
        drop(
            Command::new("kill")
                .arg(self.child.id().to_string())
                .status(),
        );
        drop(self.child.wait());
    }
}

fn certificate(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=collect.example",
    ]);
    openssl.args(["-addext", "subjectAltName=DNS:collect.example", "-keyout"]);
    openssl
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"));
    let output = openssl.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

fn start(nginx: &Path, folder: &Path, collector: SocketAddr) -> Nginx {
    certificate(folder);
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let live = "/etc/letsencrypt/live/collect.example";
    let here = folder.display();
    let mut text = example("nginx.conf");
    for (from, to) in [
        ("127.0.0.1:8080".to_owned(), collector.to_string()),
        ("listen 443".to_owned(), format!("listen {port}")),
        (format!("{live}/fullchain.pem"), format!("{here}/cert.pem")),
        (format!("{live}/privkey.pem"), format!("{here}/key.pem")),
    ] {
        assert!(text.contains(&from), "no {from}");
        text = text.replace(&from, &to);
    }
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {here}/{name};\n"))
        .collect();
    let file = folder.join("nginx.conf");
    let whole = format!(
        "daemon off;\npid {here}/pid;\nerror_log {here}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    );
    fs::write(&file, whole).unwrap();
    let run = |more: &[&str]| {
        let mut run = Command::new(nginx);
        run.arg("-p").arg(folder).arg("-c").arg(&file).args(more);
        run.stderr(Stdio::piped());
        run
    };
    let output = run(&["-t"]).output().unwrap();
    assert!(output.status.success(), "nginx -t: {}", said(&output));
    assert!(!said(&output).contains("[warn]"), "{}", said(&output));
    let child = run(&[]).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < until, "nginx does not listen");
        thread::sleep(Duration::from_millis(20));
    }
    Nginx {
        child,
        folder: folder.to_owned(),
        port,
    }
}

impl Nginx {
    /// Asks by TLS, from an address of loopback; the status.
    fn ask(&self, from: &str, path: &str, more: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code} %{http_version}",
        ]);
        curl.arg("--cacert").arg(self.folder.join("cert.pem"));
        curl.args([
            "--resolve",
            &format!("collect.example:{}:127.0.0.1", self.port),
            "--interface",
            from,
        ]);
        curl.args(more)
            .arg(format!("https://collect.example:{}{path}", self.port));
        said(&curl.output().unwrap())
    }

    fn post(&self, from: &str, more: &[&str], body: &str) -> String {
        let post = [
            "--header",
            "content-type: text/plain",
            "--user-agent",
            "Mozilla/5.0",
            "--data-binary",
            body,
        ];
        self.ask(from, "/events", &[&post, more].concat())
    }
}

#[test]
fn behind_nginx_by_tls_with_the_viewer_s_own_address() {
    let Some(nginx) = program("nginx", "nginx-light") else {
        return;
    };
    let (Some(_), Some(_)) = (program("openssl", "openssl"), program("curl", "curl")) else {
        return;
    };
    let folder = folder();
    let flags = [
        "--ip",
        "full",
        "--trusted-proxies",
        "127.0.0.1",
        "--requests-per-second",
        "1",
    ];
    let data = folder.path().join("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
    command.arg(&data).args(flags).stderr(Stdio::piped());
    let collector = Collector::run(command, &data);
    let nginx = start(&nginx, folder.path(), collector.address);
    let body = |seq| batch(&[event(VIEW, seq)]).to_string();
    assert_eq!(nginx.post("127.0.0.2", &[], &body(0)), "204 2");
    // What a viewer claims of its address is not believed.
    let claim = ["--header", "x-forwarded-for: 203.0.113.9"];
    assert_eq!(nginx.post("127.0.0.3", &claim, &body(1)), "204 2");
    let ips: Vec<_> = lines(&data).iter().map(|line| line["ip"].clone()).collect();
    assert_eq!(ips, [json!("127.0.0.2"), json!("127.0.0.3")]);
    // Each viewer has a rate of its own.
    let statuses: Vec<String> = (2..10)
        .map(|seq| nginx.post("127.0.0.4", &[], &body(seq)))
        .collect();
    assert!(statuses.contains(&"429 2".to_owned()), "{statuses:?}");
    assert_eq!(nginx.post("127.0.0.5", &[], &body(10)), "204 2");
    // CORS comes through, gzip goes through, and the other paths are nobody's.
    let origin = [
        "--request",
        "OPTIONS",
        "--header",
        "origin: https://shop.example",
    ];
    assert_eq!(nginx.ask("127.0.0.6", "/events", &origin), "204 2");
    for path in ["/metrics", "/completeness", "/healthz", "/"] {
        assert_eq!(nginx.ask("127.0.0.7", path, &[]), "404 2", "{path}");
    }
    let large = folder.path().join("large");
    fs::write(&large, vec![b' '; 1_100_000]).unwrap();
    let large = format!("@{}", large.display());
    assert_eq!(nginx.post("127.0.0.8", &[], &large), "413 2");
}
