//! The collector beside nginx, which writes the same bodies to a log, without looking at them and without a sync.

use crate::Repo;
use crate::run::{run, say};
use anyhow::{Context, Error, Result, anyhow, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::kept::{Kept, metric};

const CONNECTIONS: [usize; 2] = [64, 256];
const HEAD: &str =
    "| | connections | events/s | p50 | p99 | not 2xx |\n| --- | --- | --- | --- | --- | --- |";

/// A server that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, so that nginx takes its workers along.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

/// Builds, and makes an empty folder.
fn prepare(repo: &Repo) -> Result<PathBuf> {
    run(Command::new("cargo").current_dir(&repo.root).args([
        "build",
        "--package",
        "vitrine-collector",
        "--profile",
        "collector",
        "--bins",
        "--example",
        "load",
    ]))?;
    let folder = repo.target.join("bench-collector");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A number of the process's status, in kB.
fn memory(process: &Running, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.0.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(number
        .context("the system does not say the memory")?
        .parse()?)
}

/// So many ids and views: both bounds are reached within the first minute, and from then on nothing may grow.
const BOUNDS: (&str, &str) = ("2000000", "views = 10_000\n");
/// Connections of a long run.
const STEADY: usize = 64;

/// Sends so many events a second for so many minutes, prints the memory each minute, and how it changed. Sealed segments are
/// counted and removed, so that the disk does not fill.
pub fn minutes(repo: &Repo, minutes: u64, rate: u64) -> Result<()> {
    let folder = prepare(repo)?;
    let settings = folder.join("collector.toml");
    fs::write(&settings, BOUNDS.1)?;
    let settings = settings.display().to_string();
    let flags = ["--config", &settings, "--window-ids", BOUNDS.0];
    let (collector, address) = collector(repo, &folder, &flags)?;
    let mut kept = Kept::new(&folder.join("data"));
    println!(
        "{rate} events/s at {STEADY} connections; {} ids and 10,000 views are known at most\n\n| minute | memory | ids | views |\n| --- | --- | --- | --- |",
        BOUNDS.0
    );
    let result = thread::scope(|scope| {
        let loading = scope.spawn(|| load(repo, &address, STEADY, minutes * 60, Some(rate)));
        let started = Instant::now();
        let mut each = Vec::new();
        while !loading.is_finished() {
            thread::sleep(Duration::from_millis(500));
            kept.take_sealed()?;
            let minute = started.elapsed().as_secs() / 60;
            if each.last().map_or(0, |(last, _)| *last) < minute {
                let now = memory(&collector, "VmRSS:")?;
                let (ids, views) = (metric(&address, "ids")?, metric(&address, "views_tracked")?);
                println!("| {minute} | {now} kB | {ids} | {views} |");
                each.push((minute, now));
            }
        }
        let result = loading
            .join()
            .map_err(|_| anyhow!("the load generator failed"))??;
        slope(&each);
        Ok::<_, Error>(result)
    })?;
    println!("\n{HEAD}");
    row("collector", STEADY, &result);
    println!("memory, at most: {} kB", memory(&collector, "VmHWM:")?);
    kept.count_all()?;
    kept.check(
        result["events_acknowledged"].as_u64().unwrap_or(0),
        &address,
    )?;
    drop(collector);
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// By the method of least squares, from the second minute on: in the first one the bounds are reached.
fn slope(each: &[(u64, u64)]) {
    let points: Vec<(f64, f64)> = each
        .iter()
        .filter(|(minute, _)| *minute > 1)
        .map(|(minute, kb)| (*minute as f64, *kb as f64))
        .collect();
    let count = points.len() as f64;
    if count < 2.0 {
        return println!("\nno slope: at least three minutes are needed");
    }
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (minute, kb) = (mean(|point| point.0), mean(|point| point.1));
    let above: f64 = points.iter().map(|(x, y)| (x - minute) * (y - kb)).sum();
    let below: f64 = points.iter().map(|(x, _)| (x - minute).powi(2)).sum();
    let slope = above / below;
    println!(
        "\nfrom minute 2 on: {kb:.0} kB in the mean, {slope:+.0} kB a minute ({:+.2} %)",
        slope / kb * 100.0
    );
}

/// Measures both for so many seconds at each number of connections, and prints a table.
pub fn measure(repo: &Repo, seconds: u64) -> Result<()> {
    let folder = prepare(repo)?;
    let (running, address) = collector(repo, &folder, &[])?;
    let nginx = nginx(&folder)?;
    if nginx.is_none() {
        say(
            "nginx is not installed, so there is nothing to compare with: apt-get install nginx-light",
        );
    }
    println!("{HEAD}");
    let mut acknowledged = 0;
    for connections in CONNECTIONS {
        let ours = load(repo, &address, connections, seconds, None)?;
        row("collector", connections, &ours);
        acknowledged += ours["events_acknowledged"].as_u64().unwrap_or(0);
        if let Some((_, address)) = &nginx {
            let theirs = load(repo, address, connections, seconds, None)?;
            row("nginx", connections, &theirs);
            let ratio = rate(&ours) / rate(&theirs).max(1.0);
            println!("| ratio | {connections} | {ratio:.2} | | | |");
        }
    }
    println!(
        "\ncollector's memory, at most: {} kB",
        memory(&running, "VmHWM:")?
    );
    let mut kept = Kept::new(&folder.join("data"));
    kept.count_all()?;
    kept.check(acknowledged, &address)?;
    drop((running, nginx));
    let started = Instant::now();
    let (running, _) = collector(repo, &folder, &[])?;
    println!(
        "started again on {acknowledged} events: {:.1} s until it listened, {} kB at most",
        started.elapsed().as_secs_f64(),
        memory(&running, "VmHWM:")?
    );
    drop(running);
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

fn load(
    repo: &Repo,
    address: &str,
    connections: usize,
    seconds: u64,
    rate: Option<u64>,
) -> Result<Value> {
    let output = Command::new(repo.target.join("collector/examples/load"))
        .args([address, &connections.to_string(), &seconds.to_string()])
        .args(["20", "/events"])
        .args(rate.map(|rate| rate.to_string()))
        .stderr(Stdio::inherit())
        .output()
        .context("the load generator could not be started")?;
    if !output.status.success() {
        bail!("the load generator failed");
    }
    serde_json::from_slice(&output.stdout).context("the load generator said no JSON")
}

/// Starts it on any port, and reads from its log which.
fn collector(repo: &Repo, folder: &Path, more: &[&str]) -> Result<(Running, String)> {
    let mut child = Command::new(repo.target.join("collector/vitrine-collector"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(["--requests-per-second", "0", "--compact-every", "0"])
        .args(more)
        .arg("--data")
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
