//! `forward` on the command line.

use super::{Forwarder, Nats, S3, Target, s3};
use crate::config::LogFormat;
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// Sends accepted batches elsewhere.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Sends accepted batches elsewhere too, at least once, and goes on after outages. The collector may run meanwhile.
    Forward(Forward),
}

/// See [`Command::Forward`].
#[derive(Args, Debug)]
pub struct Forward {
    /// The directory that the collector writes to.
    #[arg(long, value_name = "DIR", env = "VITRINE_DATA")]
    data: PathBuf,
    /// Whose place is remembered: a name for each place that batches are sent to [default: nats or s3].
    #[arg(long)]
    name: Option<String>,
    /// How log lines look.
    #[arg(
        long,
        env = "VITRINE_LOG",
        value_name = "FORMAT",
        default_value = "json"
    )]
    log: LogFormat,
    /// Ends when all that is there has been sent.
    #[arg(long)]
    once: bool,
    #[command(subcommand)]
    to: To,
}

#[derive(Debug, Subcommand)]
enum To {
    /// To a stream of NATS JetStream: each batch is a message.
    Nats {
        /// Of the server; with user and password if it wants them.
        #[arg(long, env = "VITRINE_NATS_URL")]
        url: String,
        /// Made if it is not there.
        #[arg(long, default_value = "VITRINE")]
        stream: String,
        /// Of the messages.
        #[arg(long, default_value = "vitrine.batches")]
        subject: String,
    },
    /// To a bucket of S3 or what speaks like it: many batches are an object of lines.
    S3 {
        /// Its name.
        #[arg(long)]
        bucket: String,
        /// Before the name of each object.
        #[arg(long, default_value = "vitrine/")]
        prefix: String,
        /// Where the bucket is, unless it is at Amazon.
        #[arg(long, value_name = "URL")]
        endpoint: Option<String>,
        /// An object has about so many MiB.
        #[arg(long, value_name = "MIB", default_value_t = 8)]
        object_size: u64,
        /// Fewer bytes wait so many seconds for others.
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        object_age: u64,
    },
}

impl Command {
    /// Forwards until the process is told to end.
    pub fn run(self) -> Result<()> {
        let Self::Forward(command) = self;
        crate::serve::log(command.log);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime
            .context("the runtime cannot be started")?
            .block_on(command.run())
    }
}

impl Forward {
    async fn run(self) -> Result<()> {
        let (kind, target) = match self.to {
            To::Nats {
                url,
                stream,
                subject,
            } => (
                "nats",
                Target::Nats(Box::new(Nats::connect(&url, &stream, &subject).await?)),
            ),
            To::S3 {
                bucket,
                prefix,
                endpoint,
                object_size,
                object_age,
            } => {
                let settings = s3::Settings {
                    bucket,
                    prefix,
                    endpoint,
                    object_bytes: object_size.max(1) << 20,
                    object_age: Duration::from_secs(object_age),
                };
                ("s3", Target::S3(S3::open(settings)?))
            }
        };
        let mut forwarder =
            Forwarder::open(&self.data, self.name.as_deref().unwrap_or(kind), target)?;
        tokio::select! {
            ended = forwarder.run(self.once) => ended,
            _ = stopped() => Ok(()),
        }
    }
}

/// Until the process is told to end.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    _ = tokio::signal::ctrl_c().await;
}
