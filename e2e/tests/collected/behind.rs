//! The collector behind the sinks, and what it must have in the end.

use e2e::{Context, Result, Value, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xtask::Repo;
use xtask::collector::{self, Collector};
use xtask::server::Batch;

/// A report of the collector is up to a second old, and a batch may be under way.
const SOON: Duration = Duration::from_secs(8);

/// A collector with a directory of its own.
pub struct Behind {
    /// The process.
    pub collector: Collector,
    folder: TempDir,
}

impl Behind {
    /// Starts it, with what holds where nothing is said.
    pub fn start() -> Result<Behind> {
        Behind::with(&[])
    }

    /// With flags of its own.
    pub fn with(flags: &[&str]) -> Result<Behind> {
        Behind::on(tempfile::tempdir()?, flags)
    }

    /// On a directory that may have something in it.
    pub fn on(folder: TempDir, flags: &[&str]) -> Result<Behind> {
        static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
        let build = || collector::build(&Repo::here()).map_err(|error| error.to_string());
        BUILT.get_or_init(build).clone().map_err(e2e::Error::msg)?;
        Ok(Behind {
            collector: Collector::start(&Repo::here(), &folder.path().join("data"), flags)?,
            folder,
        })
    }

    /// Kills it, and after a while starts another on its directory and its port.
    pub fn killed(self, pause: Duration, flags: &[&str]) -> Result<Behind> {
        let address = self.collector.address.to_string();
        self.collector.kill()?;
        std::thread::sleep(pause);
        Behind::on(self.folder, &[&["--listen", &address], flags].concat())
    }

    /// Waits until each of these events is on disk or counted as dropped there, and nothing is missing. Says how many were dropped.
    pub fn arrived(&self, made: &[String]) -> Result<usize> {
        let until = Instant::now() + crate::lab::SOON;
        loop {
            let kept = self.kept()?;
            let lost = made.iter().filter(|id| !kept.contains_key(*id)).count();
            let counts = kept.values().filter(|event| event["type"] == "dropped");
            let dropped: u64 = counts.filter_map(|event| event["count"].as_u64()).sum();
            if lost <= dropped as usize {
                self.complete()?;
                return Ok(lost);
            }
            ensure!(
                Instant::now() < until,
                "{lost} of {} events are not on disk, {dropped} are counted as dropped",
                made.len()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Option<SocketAddr> {
        Some(self.collector.address)
    }

    /// Each event that came is on disk once, as it first came; each repeat was dropped by its id; and nothing is missing.
    /// Repeats may still be on their way: `batches` says what came so far.
    pub fn has(&self, batches: impl Fn() -> Vec<Batch>) -> Result<()> {
        self.soon("events", |this| {
            let mut first: BTreeMap<String, Value> = BTreeMap::new();
            let mut came = 0;
            for batch in batches() {
                for event in list(&batch.body["events"]) {
                    first.entry(id(event)).or_insert_with(|| event.clone());
                    came += 1;
                }
            }
            ensure!(this.kept()? == first, "what came is not what is on disk");
            let kept = this.metric("events_kept_total")? as usize;
            let repeated = this.metric("events_repeated_total")? as usize;
            ensure!(
                (kept, repeated) == (first.len(), came - first.len()),
                "{came} events came, of which {} are different; it kept {kept} and dropped {repeated}",
                first.len()
            );
            Ok(())
        })?;
        self.complete()
    }

    /// It says that nothing is missing, and nothing waited for.
    pub fn complete(&self) -> Result<()> {
        self.soon("completeness", |this| {
            let said: Value = serde_json::from_str(&this.get("/completeness")?)?;
            let events = &said["events"];
            ensure!(
                events["missing"] == 0 && events["pending"] == 0,
                "it misses events: {said}"
            );
            Ok(())
        })
    }

    fn soon(&self, what: &str, holds: impl Fn(&Behind) -> Result<()>) -> Result<()> {
        let until = Instant::now() + SOON;
        loop {
            match holds(self) {
                Err(_) if Instant::now() < until => std::thread::sleep(Duration::from_millis(100)),
                held => return held.with_context(|| format!("the collector's {what}")),
            }
        }
    }

    /// The events on disk by their ids; fails where one is there twice, or a line is none.
    pub fn kept(&self) -> Result<BTreeMap<String, Value>> {
        let mut kept = BTreeMap::new();
        for file in segments(&self.collector.data)? {
            for line in fs::read_to_string(&file)?.lines() {
                let line: Value = serde_json::from_str(line)
                    .with_context(|| format!("a line of {}: {line}", file.display()))?;
                for event in list(&line["events"]) {
                    let twice = kept.insert(id(event), event.clone());
                    ensure!(twice.is_none(), "{event} is on disk twice");
                }
            }
        }
        Ok(kept)
    }

    /// A number of `/metrics`.
    pub fn metric(&self, name: &str) -> Result<u64> {
        let text = self.get("/metrics")?;
        let prefix = format!("vitrine_{name} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&prefix));
        let number = line.with_context(|| format!("no {name} in the metrics"))?;
        Ok(number.parse()?)
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.collector.address)?;
        stream.set_read_timeout(Some(SOON))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: collector\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let body = answer.split_once("\r\n\r\n").context("half an answer")?;
        Ok(body.1.to_owned())
    }
}

fn list(events: &Value) -> impl Iterator<Item = &Value> {
    events.as_array().into_iter().flatten()
}

fn id(event: &Value) -> String {
    event["id"].as_str().unwrap_or_default().to_owned()
}

fn segments(data: &Path) -> Result<BTreeSet<std::path::PathBuf>> {
    let entries = fs::read_dir(data.join("segments"))?;
    Ok(entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?)
}
