//! The collector as a process of its own, for the demo and the tests.

use crate::Repo;
use crate::run::run;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// A collector that runs. It stops when its standard input, which this value holds, ends.
pub struct Collector {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The directory of its events.
    pub data: PathBuf,
}

/// Builds it, without what only its archive needs.
pub fn build(repo: &Repo) -> Result<()> {
    run(Command::new("cargo").current_dir(&repo.root).args([
        "build",
        "--quiet",
        "--package",
        "vitrine-collector",
        "--bin",
        "vitrine-collector",
        "--no-default-features",
    ]))
}

/// Passes on what it says, unless all is well.
fn tell(line: &str) {
    let said: Value = serde_json::from_str(line).unwrap_or_default();
    if said["level"] != "INFO" {
        eprintln!("{line}");
    }
}

impl Collector {
    /// Starts what was built, on any port unless `more` names one; `more` are further flags of `serve`.
    pub fn start(repo: &Repo, data: &Path, more: &[&str]) -> Result<Collector> {
        let listen: &[&str] = match more.contains(&"--listen") {
            true => &[],
            false => &["--listen", "127.0.0.1:0"],
        };
        let mut child = Command::new(repo.target.join("debug/vitrine-collector"))
            .args(["serve", "--with-parent"])
            .args(listen)
            .args(more)
            .arg("--data")
            .arg(data)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("the collector could not be started")?;
        let log = child.stderr.take().context("the collector has no log")?;
        let mut lines = BufReader::new(log).lines();
        while let Some(Ok(line)) = lines.next() {
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = said["address"].as_str() {
                let address = address.parse().context("the collector's address")?;
                thread::spawn(move || lines.map_while(Result::ok).for_each(|line| tell(&line)));
                return Ok(Collector {
                    child,
                    address,
                    data: data.to_owned(),
                });
            }
            tell(&line);
        }
        bail!("the collector ended before it listened")
    }

    /// Sends it a signal, such as `STOP`.
    pub fn signal(&self, name: &str) -> Result<()> {
        let mut kill = Command::new("kill");
        let status = kill.args(["-s", name, &self.child.id().to_string()]);
        ensure!(status.status()?.success(), "it is not there for SIG{name}");
        Ok(())
    }

    /// Kills it at once, and waits until it is gone.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        if let Ok(Some(_)) = self.child.try_wait() {
            return;
        }
        // Its input ends, and so does it, in order; one that is halted would wait for ever.
        drop(self.child.stdin.take());
        drop(self.signal("CONT"));
        drop(self.child.wait());
    }
}
