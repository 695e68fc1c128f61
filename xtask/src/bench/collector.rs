//! The collector beside nginx, which writes the same bodies to a log, without looking at them and without a sync.

use crate::Repo;
use crate::run::{run, say};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const CONNECTIONS: [usize; 2] = [64, 256];

/// A server that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, so that nginx takes its workers along.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

/// Measures both for so many seconds at each number of connections, and prints a table.
pub fn measure(repo: &Repo, seconds: u64) -> Result<()> {
    run(Command::new("cargo").current_dir(&repo.root).args([
        "build",
        "--package",
        "vitrine-collector",
        "--profile",
        "collector",
        "--bins",
        "--examples",
    ]))?;
    let folder = repo.at("target/bench-collector");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (collector, address) = collector(repo, &folder)?;
    let nginx = nginx(&folder)?;
    if nginx.is_none() {
        say(
            "nginx is not installed, so there is nothing to compare with: apt-get install nginx-light",
        );
    }
    println!(
        "| | connections | events/s | p50 | p99 | not 2xx |\n| --- | --- | --- | --- | --- | --- |"
    );
    for connections in CONNECTIONS {
        let ours = load(repo, &address, connections, seconds)?;
        row("collector", connections, &ours);
        if let Some((_, address)) = &nginx {
            let theirs = load(repo, address, connections, seconds)?;
            row("nginx", connections, &theirs);
            let ratio = rate(&ours) / rate(&theirs).max(1.0);
            println!("| ratio | {connections} | {ratio:.2} | | | |");
        }
    }
    let status = fs::read_to_string(format!("/proc/{}/status", collector.0.id()))?;
    let memory = status.lines().find(|line| line.starts_with("VmHWM"));
    println!(
        "\ncollector's memory, at most: {}",
        memory
            .unwrap_or_default()
            .trim_start_matches("VmHWM:")
            .trim()
    );
    drop((collector, nginx));
    fs::remove_dir_all(&folder)?;
    Ok(())
}

fn rate(result: &Value) -> f64 {
    result["events_per_second"].as_f64().unwrap_or(0.0)
}

fn row(name: &str, connections: usize, result: &Value) {
    let ms = |name: &str| result[name].as_f64().unwrap_or(0.0);
    println!(
        "| {name} | {connections} | {:.0} | {:.1} ms | {:.1} ms | {} |",
        rate(result),
        ms("p50_ms"),
        ms("p99_ms"),
        result["failed"]
    );
}

fn load(repo: &Repo, address: &str, connections: usize, seconds: u64) -> Result<Value> {
    let output = Command::new(repo.at("target/collector/examples/load"))
        .args([address, &connections.to_string(), &seconds.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("the load generator could not be started")?;
    if !output.status.success() {
        bail!("the load generator failed");
    }
    serde_json::from_slice(&output.stdout).context("the load generator said no JSON")
}

/// Starts it on any port, and reads from its log which.
fn collector(repo: &Repo, folder: &Path) -> Result<(Running, String)> {
    let mut child = Command::new(repo.at("target/collector/vitrine-collector"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--requests-per-second",
            "0",
            "--data",
        ])
        .arg(folder.join("data"))
        .stderr(Stdio::piped())
        .spawn()
        .context("the collector could not be started")?;
    let log = child.stderr.take().context("the collector has no log")?;
    let running = Running(child);
    let mut lines = BufReader::new(log).lines();
    while let Some(Ok(line)) = lines.next() {
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(address) = said["address"].as_str() {
            let address = address.to_owned();
            // What it says later nobody reads, but it must be able to say it.
            thread::spawn(move || lines.for_each(drop));
            return Ok((running, address));
        }
        eprintln!("{line}");
    }
    bail!("the collector ended before it listened")
}

/// The second server is there so that nginx reads the body at all; it is told nothing of it.
fn settings(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off;\nworker_processes 2;\npid {folder}/pid;\nerror_log {folder}/error.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n  access_log off;\n  keepalive_requests 1000000000;\n  client_body_buffer_size 128k;\n\
         \x20 client_body_temp_path {folder}/body;\n  proxy_temp_path {folder}/proxy;\n\
         \x20 fastcgi_temp_path {folder}/fastcgi;\n  uwsgi_temp_path {folder}/uwsgi;\n  scgi_temp_path {folder}/scgi;\n\
         \x20 log_format body escape=none $request_body;\n\
         \x20 upstream none {{ server unix:{folder}/none; keepalive 256; }}\n\
         \x20 server {{ listen unix:{folder}/none; return 204; }}\n\
         \x20 server {{ listen 127.0.0.1:{port} backlog=4096;\n    location /events {{\n\
         \x20     access_log {folder}/bodies.log body;\n      proxy_pass http://none;\n      proxy_http_version 1.1;\n\
         \x20     proxy_set_header Connection \"\";\n      proxy_set_header Content-Length \"\";\n      proxy_pass_request_body off;\n    }}\n  }}\n}}\n"
    )
}

fn nginx(folder: &Path) -> Result<Option<(Running, String)>> {
    let places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];
    let Some(binary) = places.iter().map(PathBuf::from).find(|path| path.exists()) else {
        return Ok(None);
    };
    let folder = folder.join("nginx");
    fs::create_dir_all(&folder)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let file = folder.join("nginx.conf");
    fs::write(&file, settings(&folder, port))?;
    let child = Command::new(binary)
        .arg("-p")
        .arg(&folder)
        .arg("-c")
        .arg(&file)
        .spawn();
    let running = Running(child.context("nginx could not be started")?);
    let address = format!("127.0.0.1:{port}");
    let until = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(&address).is_err() {
        if Instant::now() > until {
            bail!(
                "nginx does not listen; it said:\n{}",
                fs::read_to_string(folder.join("error.log"))?
            );
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(Some((running, address)))
}
