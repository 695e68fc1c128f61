//! What a collector has on disk after a benchmark: as many events as it acknowledged, or the figures are worth nothing.

use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// An event has one of these; its items have others.
const ID: &str = "\"id\":\"";

/// Counts events in segments.
pub struct Kept {
    segments: PathBuf,
    events: u64,
    torn: u64,
}

impl Kept {
    /// Of a data directory.
    pub fn new(data: &Path) -> Kept {
        Kept {
            segments: data.join("segments"),
            events: 0,
            torn: 0,
        }
    }

    /// Counts the sealed segments, and removes them.
    pub fn take_sealed(&mut self) -> Result<()> {
        let mut files = self.files()?;
        // The one that is written to stays.
        files.pop();
        for file in files {
            self.count(&file)?;
            fs::remove_file(&file)?;
        }
        Ok(())
    }

    /// Counts all that is there.
    pub fn count_all(&mut self) -> Result<()> {
        let files = self.files()?;
        files.iter().try_for_each(|file| self.count(file))
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(&self.segments)?;
        let mut files = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<PathBuf>>>()?;
        files.sort();
        Ok(files)
    }

    /// By grep: this program is built without optimisation, and would take the processor from what is measured.
    fn count(&mut self, path: &Path) -> Result<()> {
        let mut grep = Command::new("grep")
            .env("LC_ALL", "C")
            .args(["-oF", ID])
            .arg(path)
            .stdout(Stdio::piped())
            .spawn()
            .context("grep could not be started")?;
        let mut out = grep.stdout.take().context("grep says nothing")?;
        let bytes = io::copy(&mut out, &mut io::sink())?;
        grep.wait()?;
        self.events += bytes / (ID.len() as u64 + 1);
        let mut file = File::open(path)?;
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        self.torn += u64::from(last != *b"\n");
        Ok(())
    }

    /// As many as were acknowledged, no more and no fewer, and none was taken for a repeat.
    pub fn check(&self, acknowledged: u64, address: &str) -> Result<()> {
        let (kept, repeated) = (
            metric(address, "events_kept_total")?,
            metric(address, "events_repeated_total")?,
        );
        println!(
            "{acknowledged} events were acknowledged, {} are on disk; the collector says {kept} kept, {repeated} repeated",
            self.events
        );
        ensure!(
            self.events == acknowledged && kept == acknowledged && repeated == 0 && self.torn == 0,
            "these should be the same, with no repeats and whole lines; {} lines are torn",
            self.torn
        );
        Ok(())
    }
}

/// A number of `/metrics`.
pub fn metric(address: &str, name: &str) -> Result<u64> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: collector\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let prefix = format!("vitrine_{name} ");
    let number = text.lines().find_map(|line| line.strip_prefix(&prefix));
    Ok(number
        .with_context(|| format!("no {name} in the metrics"))?
        .parse()?)
}
