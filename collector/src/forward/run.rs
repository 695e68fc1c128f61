//! A forwarder: follows, sends, remembers; waits when the other side does not answer.

use super::follow::{Chunk, Odd, next};
use super::nats::Nats;
use super::position::{Keeper, Position};
use super::s3::S3;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How often the segments are looked at when all has been forwarded.
const LOOK: Duration = Duration::from_millis(200);
/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));

/// Where batches go.
#[derive(Debug)]
pub enum Target {
    /// To a stream of NATS JetStream.
    Nats(Box<Nats>),
    /// To a bucket.
    S3(S3),
}

impl Target {
    /// How many bytes are sent at a time, and how long fewer may wait for others.
    fn batching(&self) -> (u64, Duration) {
        match self {
            Self::Nats(_) => (1 << 20, Duration::ZERO),
            Self::S3(s3) => s3.batching(),
        }
    }

    /// Sends, and ends well only when the other side keeps it.
    async fn send(&self, chunk: &Chunk) -> Result<()> {
        match self {
            Self::Nats(nats) => nats.send(chunk).await,
            Self::S3(s3) => s3.send(chunk).await,
        }
    }
}

/// Follows the segments of a directory.
#[derive(Debug)]
pub struct Forwarder {
    data: PathBuf,
    name: String,
    keeper: Keeper,
    position: Position,
    target: Target,
}

impl Forwarder {
    /// Goes on where the forwarder of that name was.
    pub fn open(data: &Path, name: &str, target: Target) -> Result<Self> {
        let keeper = Keeper::open(data, name)?;
        let position = keeper.read()?;
        tracing::info!(
            forwarder = name,
            data = %data.display(),
            segment = position.segment,
            byte = position.offset,
            "forwarding from here"
        );
        Ok(Self {
            data: data.to_owned(),
            name: name.to_owned(),
            keeper,
            position,
            target,
        })
    }

    /// Forwards until it is dropped, or with `once`, until all that is there has been forwarded.
    /// May be dropped at any moment: what was not remembered is forwarded again.
    pub async fn run(&mut self, once: bool) -> Result<()> {
        let (most, patience) = self.target.batching();
        let mut since: Option<Instant> = None;
        loop {
            let mut warn = |odd: Odd| odd.tell(&self.name);
            let Some(chunk) = next(&self.data, &self.position, most, &mut warn)? else {
                if once {
                    return Ok(());
                }
                sleep(LOOK).await;
                continue;
            };
            let waited = since.get_or_insert_with(Instant::now).elapsed();
            if !chunk.complete && !once && waited < patience {
                sleep(LOOK.min(patience)).await;
                continue;
            }
            since = None;
            self.send(&chunk).await;
            self.keeper.save(&chunk.after)?;
            self.position = chunk.after;
        }
    }

    /// Sends until it is kept.
    async fn send(&self, chunk: &Chunk) {
        let mut pause = PAUSES.0;
        let mut failed = false;
        while let Err(error) = self.target.send(chunk).await {
            tracing::warn!(
                forwarder = self.name,
                segment = chunk.segment,
                byte = chunk.start,
                error = format!("{error:#}"),
                again_in_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                "not taken; tried again"
            );
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
            failed = true;
        }
        if failed {
            tracing::info!(forwarder = self.name, "taken again");
        }
    }
}
