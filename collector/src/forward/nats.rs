//! To NATS JetStream: each batch is a message.

use super::follow::Chunk;
use anyhow::{Context as _, Result, bail};
use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::{Context, stream};
use async_nats::{Client, HeaderMap};
use bytes::Bytes;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the server may take to say that it keeps a message.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a message has beside the batch: its headers and the subject.
const OVERHEAD: usize = 1_024;

/// A stream of NATS JetStream.
#[derive(Debug)]
pub struct Nats {
    client: Client,
    context: Context,
    stream: String,
    subject: String,
}

impl Nats {
    /// Connects, now or as soon as a server answers. The stream is made when it is first needed,
    /// unless it is there.
    pub async fn connect(url: &str, stream: &str, subject: &str) -> Result<Self> {
        let options = async_nats::ConnectOptions::new().retry_on_initial_connect();
        let client = options
            .connect(url)
            .await
            .with_context(|| format!("--url: found {url:?}"))?;
        let mut context = async_nats::jetstream::new(client.clone());
        context.set_timeout(PATIENCE);
        Ok(Self {
            client,
            context,
            stream: stream.to_owned(),
            subject: subject.to_owned(),
        })
    }

    /// Publishes all batches, then waits until the server keeps each. A repeated one has the same
    /// `Nats-Msg-Id`, by which the server leaves it out:
    /// <https://docs.nats.io/using-nats/developer/develop_jetstream/model_deep_dive#message-deduplication>
    pub async fn send(&self, chunk: &Chunk) -> Result<()> {
        self.ensure_stream().await?;
        let largest = self
            .client
            .server_info()
            .max_payload
            .saturating_sub(OVERHEAD);
        if largest == 0 {
            bail!("the server has not said how large a message may be");
        }
        let mut kept: Vec<PublishAckFuture> = Vec::new();
        for (place, line) in chunk.batches() {
            let id = format!("{}-{place}", chunk.segment);
            for (index, part) in parts(line, largest).into_iter().enumerate() {
                let id = if index == 0 {
                    id.clone()
                } else {
                    format!("{id}-{index}")
                };
                if part.len() > largest {
                    // Waiting would hold up all others for ever.
                    tracing::error!(
                        bytes = part.len(),
                        message = id,
                        "left out: an event is larger than the server takes"
                    );
                    continue;
                }
                let mut headers = HeaderMap::new();
                headers.insert("Nats-Msg-Id", id);
                let sent = self
                    .context
                    .publish_with_headers(self.subject.clone(), headers, part);
                kept.push(sent.await?);
            }
        }
        for one in kept {
            match tokio::time::timeout(PATIENCE, one.into_future()).await {
                Ok(answer) => drop(answer?),
                Err(_) => bail!("the server did not answer within {} s", PATIENCE.as_secs()),
            }
        }
        Ok(())
    }

    async fn ensure_stream(&self) -> Result<()> {
        let config = stream::Config {
            name: self.stream.clone(),
            subjects: vec![self.subject.clone()],
            ..stream::Config::default()
        };
        let made = tokio::time::timeout(PATIENCE, self.context.get_or_create_stream(config));
        match made.await {
            Ok(made) => made
                .map(drop)
                .with_context(|| format!("the stream {} is not there", self.stream)),
            Err(_) => bail!("the server did not answer within {} s", PATIENCE.as_secs()),
        }
    }
}

/// A batch, in as many as it takes for each to be small enough.
fn parts(line: &[u8], largest: usize) -> Vec<Bytes> {
    let whole = || vec![Bytes::copy_from_slice(line)];
    if line.len() <= largest {
        return whole();
    }
    let fields: Option<BTreeMap<&str, &RawValue>> = serde_json::from_slice(line).ok();
    let Some(mut fields) = fields else {
        return whole();
    };
    let events = fields
        .remove("events")
        .and_then(|raw| serde_json::from_str(raw.get()).ok());
    let events: Vec<&RawValue> = events.unwrap_or_default();
    let marks = fields
        .remove("marks")
        .and_then(|raw| serde_json::from_str(raw.get()).ok());
    let marks: BTreeMap<String, &RawValue> = marks.unwrap_or_default();
    let rest: usize = fields
        .iter()
        .map(|(name, raw)| name.len() + raw.get().len() + 4)
        .sum();
    let mut parts = Vec::new();
    let (mut start, mut size) = (0, rest);
    for (index, event) in events.iter().enumerate() {
        let mark = marks
            .get(&index.to_string())
            .map_or(0, |mark| mark.get().len() + 16);
        let own = event.get().len() + 1 + mark;
        if size + own + 64 > largest && index > start {
            parts.extend(part(&fields, &events, &marks, start..index));
            (start, size) = (index, rest);
        }
        size += own;
    }
    parts.extend(part(&fields, &events, &marks, start..events.len()));
    parts
}

fn part(
    fields: &BTreeMap<&str, &RawValue>,
    events: &[&RawValue],
    marks: &BTreeMap<String, &RawValue>,
    range: std::ops::Range<usize>,
) -> Option<Bytes> {
    let raw = |text: String| RawValue::from_string(text).ok();
    let marks: BTreeMap<usize, _> = range
        .clone()
        .filter_map(|index| Some((index - range.start, marks.get(&index.to_string())?)))
        .collect();
    let own = raw(serde_json::to_string(events.get(range)?).ok()?)?;
    let marked = raw(serde_json::to_string(&marks).ok()?)?;
    let mut fields = fields.clone();
    fields.insert("events", &own);
    if !marks.is_empty() {
        fields.insert("marks", &marked);
    }
    Some(serde_json::to_vec(&fields).ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::parts;
    use serde_json::{Value, json};

    #[test]
    fn a_batch_that_is_too_large_goes_in_parts_with_all_events_once_and_their_marks() {
        let events: Vec<_> = (0..50)
            .map(|index| json!({ "id": index, "text": "x".repeat(index * 3) }))
            .collect();
        let batch = json!({ "v": 1, "site": "shop", "events": events, "marks": { "0": ["a"], "49": ["b"] } });
        let line = batch.to_string();
        assert_eq!(parts(line.as_bytes(), line.len()), [line.as_bytes()]);
        let parts = parts(line.as_bytes(), 700);
        assert!(parts.len() > 5 && parts.iter().all(|part| part.len() <= 700));
        let parts: Vec<Value> = parts
            .iter()
            .map(|part| serde_json::from_slice(part).unwrap())
            .collect();
        let all: Vec<_> = parts
            .iter()
            .flat_map(|part| part["events"].as_array().unwrap().clone())
            .collect();
        assert_eq!(all, events);
        assert!(parts.iter().all(|part| part["site"] == "shop"));
        assert_eq!(parts[0]["marks"], json!({ "0": ["a"] }));
        let last = parts.last().unwrap();
        let place = last["events"].as_array().unwrap().len() - 1;
        assert_eq!(last["marks"], json!({ place.to_string(): ["b"] }));
    }
}
