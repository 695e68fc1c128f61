//! To a bucket: many batches are an object of lines.

use super::follow::Chunk;
use anyhow::{Context, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectStoreExt, RetryConfig};
use std::time::Duration;

/// Where objects go, and how large they are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The bucket's name.
    pub bucket: String,
    /// Before the name of each object.
    pub prefix: String,
    /// Where the bucket is, unless it is at Amazon.
    pub endpoint: Option<String>,
    /// An object has about so many bytes.
    pub object_bytes: u64,
    /// Fewer bytes wait so long for others.
    pub object_age: Duration,
}

/// A bucket.
#[derive(Debug)]
pub struct S3 {
    store: AmazonS3,
    settings: Settings,
}

impl S3 {
    /// Keys and region come from the environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
    /// `AWS_REGION` and the others of the AWS tools.
    pub fn open(settings: Settings) -> Result<Self> {
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&settings.bucket)
            // The forwarder tries again by itself, for as long as it takes.
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 1,
                retry_timeout: Duration::from_secs(20),
            });
        if let Some(endpoint) = &settings.endpoint {
            let plain = endpoint.starts_with("http://");
            builder = builder.with_endpoint(endpoint).with_allow_http(plain);
        }
        let store = builder.build().context("the bucket cannot be used")?;
        Ok(Self { store, settings })
    }

    /// How many bytes an object has, and how long fewer wait.
    pub fn batching(&self) -> (u64, Duration) {
        (self.settings.object_bytes, self.settings.object_age)
    }

    /// Writes an object. Its name is the place of its first line: what is sent again replaces what
    /// was sent.
    pub async fn send(&self, chunk: &Chunk) -> Result<()> {
        let mut lines = Vec::with_capacity(chunk.bytes.len());
        for (_, line) in chunk.batches() {
            lines.extend_from_slice(line);
            lines.push(b'\n');
        }
        if !lines.is_empty() {
            let name = format!(
                "{}{:020}-{:012}.ndjson",
                self.settings.prefix, chunk.segment, chunk.start
            );
            self.store.put(&Path::from(name), lines.into()).await?;
        }
        Ok(())
    }
}
