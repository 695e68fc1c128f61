//! What a collector has on disk after a benchmark: as many events as it acknowledged, or the figures are worth nothing.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An event has one of these; its items have others.
const ID: &[u8] = b"\"id\":\"";

/// Counts events in segments, as they grow.
pub struct Kept {
    segments: PathBuf,
    /// How far each was read.
    read: BTreeMap<PathBuf, u64>,
    events: u64,
    torn: u64,
}

impl Kept {
    /// Of a data directory.
    pub fn new(data: &Path) -> Kept {
        Kept {
            segments: data.join("segments"),
            read: BTreeMap::new(),
            events: 0,
            torn: 0,
        }
    }

    /// Counts what came since the last look; whole segments alone where they are to go.
    pub fn look(&mut self, remove: bool) -> Result<()> {
        let entries = fs::read_dir(&self.segments)?;
        let mut files = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<PathBuf>>>()?;
        files.sort();
        if remove {
            // The one that is written to stays.
            files.pop();
        }
        for file in files {
            self.count(&file)?;
            if remove {
                fs::remove_file(&file)?;
                self.read.remove(&file);
            }
        }
        Ok(())
    }

    fn count(&mut self, path: &Path) -> Result<()> {
        let from = self.read.entry(path.to_owned()).or_default();
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(*from))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            *from += line.len() as u64;
            let ids = line.windows(ID.len()).filter(|part| *part == ID).count();
            self.events += ids as u64;
            self.torn += u64::from(!line.ends_with(b"}\n"));
            line.clear();
        }
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
