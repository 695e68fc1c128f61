//! What a collector does by itself now and then: it compacts, and removes what is too old.
//!
//! Each is a process of its own: what it needs of memory goes back when it ends, it leaves the processor to the collector, and it
//! may be killed at any moment. So a stop kills it, and waits for nothing.

use super::{Compacted, Removed};
use crate::config::{LogFormat, Settings};
use crate::metrics::Metrics;
use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

/// A collector that has just started waits no longer than this: one that is started again and again compacts, too.
const FIRST: Duration = Duration::from_secs(60);
/// How often a run is looked after.
const LOOK: Duration = Duration::from_millis(50);

/// Compacts as long as it lives.
pub struct Upkeep {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

/// What a run needs to know.
struct Keeper {
    data: PathBuf,
    every: Duration,
    days: u32,
    log: LogFormat,
    metrics: Arc<Metrics>,
    stopped: Receiver<()>,
}

/// A run was not ended, as the collector stops.
struct Stopped;

impl Upkeep {
    /// Starts, if the settings ask for it.
    pub fn start(settings: &Settings, metrics: &Arc<Metrics>) -> Result<Option<Self>> {
        if settings.compact_every == 0 {
            return Ok(None);
        }
        let (stop, stopped) = sync_channel(1);
        let keeper = Keeper {
            data: settings.data.clone(),
            every: Duration::from_secs(settings.compact_every),
            days: settings.retain_days,
            log: settings.log,
            metrics: Arc::clone(metrics),
            stopped,
        };
        let thread = thread::Builder::new()
            .name("upkeep".to_owned())
            .spawn(move || keeper.run())
            .context("the upkeep could not be started")?;
        Ok(Some(Self { stop, thread }))
    }

    /// Kills what runs, and ends.
    pub fn stop(self) {
        // An error is an end, too.
        let _ = self.stop.send(());
        drop(self.thread.join());
    }
}

impl Keeper {
    fn run(&self) {
        let mut wait = self.every.min(FIRST);
        while !self.told_to_stop(wait) {
            let started = Instant::now();
            if self.once().is_err() {
                return;
            }
            wait = self.every.saturating_sub(started.elapsed());
        }
    }

    /// Waits so long, and says whether it is to stop.
    fn told_to_stop(&self, wait: Duration) -> bool {
        !matches!(
            self.stopped.recv_timeout(wait),
            Err(RecvTimeoutError::Timeout)
        )
    }

    fn once(&self) -> Result<(), Stopped> {
        let started = Instant::now();
        let compacted = self.carry_out::<Compacted>("compact", &[])?;
        let took = started.elapsed();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_secs());
        let events = compacted.as_ref().ok().map(|done| done.events);
        self.metrics.compacted(events, took, now);
        match compacted {
            Ok(done) => tracing::info!(
                segments = done.segments,
                events = done.events,
                repeated = done.repeated,
                erased = done.erased,
                unusable = done.unusable,
                ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                "compacted"
            ),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "not compacted; tried again later"
                );
                return Ok(());
            }
        }
        if self.days == 0 {
            return Ok(());
        }
        match self.carry_out::<Removed>("retain", &["--days", &self.days.to_string()])? {
            Ok(done) if done == Removed::default() => {}
            Ok(done) => tracing::info!(
                days = done.days,
                segments = done.segments,
                quarantine = done.quarantine,
                "what was too old is removed"
            ),
            Err(error) => {
                self.metrics.retain_failed.one();
                tracing::error!(
                    error = format!("{error:#}"),
                    "what is too old could not be removed"
                );
            }
        }
        Ok(())
    }

    /// Runs a command of this program to its end, or until a stop.
    fn carry_out<T: DeserializeOwned>(
        &self,
        name: &str,
        more: &[&str],
    ) -> Result<Result<T>, Stopped> {
        let mut child = match self.spawn(name, more) {
            Ok(child) => child,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            match child.try_wait() {
                Ok(Some(_)) => return Ok(said(child)),
                Ok(None) if self.told_to_stop(LOOK) => {
                    tracing::info!(
                        "a run of {name} is given up for the stop; the next one does it"
                    );
                    // One that has ended meanwhile is no fault.
                    drop(child.kill());
                    drop(child.wait());
                    return Err(Stopped);
                }
                Ok(None) => {}
                Err(error) => return Ok(Err(error.into())),
            }
        }
    }

    fn spawn(&self, name: &str, more: &[&str]) -> Result<Child> {
        let log = match self.log {
            LogFormat::Json => "json",
            LogFormat::Text => "text",
        };
        Command::new(this_program()?)
            .args([name, "--gently", "--with-parent", "--json", "--log", log])
            .arg("--data")
            .arg(&self.data)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} could not be started"))
    }
}

/// Also when its file was replaced by a newer one.
fn this_program() -> Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    match running.exists() {
        true => Ok(running.to_owned()),
        false => std::env::current_exe().context("this program is not found"),
    }
}

/// What a run that has ended says that it did.
fn said<T: DeserializeOwned>(mut child: Child) -> Result<T> {
    let status = child.wait()?;
    let mut text = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut text)?;
    }
    if !status.success() {
        bail!("it ended with {status}; its own words are in this log");
    }
    serde_json::from_str(&text).context("it did not say what it did")
}
