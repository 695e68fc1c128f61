//! `intents --webhook URL`: tells of each intent that was abandoned, once.
//!
//! Names of headers, signature and what an answer means are those of Standard Webhooks: <https://www.standardwebhooks.com>.

mod answer;
mod memory;
mod message;
mod post;
mod secret;

use crate::engine::Engine;
use crate::figures::rows::Row;
use crate::figures::{INTENTS, find};
use crate::scope::{FOREVER, Scope};
use answer::Answer;
use anyhow::{Context, Result, bail};
use memory::Memory;
use message::Message;
use post::Target;
use secret::Secret;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use vitrine_collector::archive::time::now;
use vitrine_collector::time::parse;

/// A batch goes after five seconds: an order that was made in time may still be on its way.
const SETTLE_MS: i64 = 10_000;
/// What was found longer ago is asked again before it is posted: meanwhile somebody may have ordered.
const FRESH: Duration = Duration::from_secs(30);
/// Between two looks at least, and at most: what comes late may have closed already.
const SOONEST: i64 = 5_000;
const LATEST: i64 = 60_000;
/// So often in a row without success, whoever does not watch gives up.
const TRIES: u32 = 6;

/// What is posted where.
#[derive(clap::Args, Debug, Default)]
// Without a name of its own clap takes the type's, which the command line's other options have, too.
#[group(id = "webhook_options")]
pub struct Options {
    /// Of `intents`: posts each to this address once, signed; https, or http on this machine.
    #[arg(long, value_name = "URL", conflicts_with_all = ["format", "output"])]
    pub webhook: Option<String>,
    /// A file with the secret of the signature, whsec_…; or VITRINE_WEBHOOK_SECRET.
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub webhook_secret_file: Option<PathBuf>,
    /// What remembers the intents that were posted; webhook-posted.ndjson in the directory of --data where absent.
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub state: Option<PathBuf>,
    /// Goes on, and posts each intent as soon as its window closes.
    #[arg(long, requires = "webhook")]
    pub watch: bool,
}

/// What was done.
#[derive(Debug, Default)]
struct Done {
    posted: u64,
    refused: u64,
}

/// Posts what was not posted; until it is stopped, if it watches.
pub async fn run(
    data: &Path,
    options: &Options,
    scope: impl Fn() -> Result<Scope>,
) -> Result<String> {
    let url = options.webhook.as_deref().context("--webhook is missing")?;
    let target = Target::read(url)?;
    let secret = Secret::find(options.webhook_secret_file.as_deref())?;
    let file = options
        .state
        .clone()
        .unwrap_or_else(|| data.join("webhook-posted.ndjson"));
    let mut memory = Memory::open(&file)?;
    let mut done = Done::default();
    let mut tried: HashMap<String, u32> = HashMap::new();
    // In a row, whatever the intent.
    let mut failures = 0;
    loop {
        let (mut due, next) = due(data, &scope()?, &memory).await?;
        let asked = Instant::now();
        // What failed waits behind the others: one that the receiver cannot digest holds nobody up.
        due.sort_by_key(|message| tried.get(&message.id).copied().unwrap_or(0));
        let mut wait = None;
        for message in &due {
            if asked.elapsed() > FRESH {
                break;
            }
            match target.post(message, &secret).await {
                Answer::Taken(status) => {
                    memory.remember(&message.id, status)?;
                    done.posted += 1;
                    failures = 0;
                }
                Answer::Refused(status) => {
                    eprintln!(
                        "note: {}: the receiver refused {} with {status}; it is not posted again",
                        message.intent, message.id
                    );
                    memory.remember(&message.id, status)?;
                    done.refused += 1;
                    failures = 0;
                }
                Answer::Closed(words) => bail!("{words}. {}", told(&done)),
                Answer::Later(words, after) => {
                    failures += 1;
                    *tried.entry(message.id.clone()).or_default() += 1;
                    if failures >= TRIES && !options.watch {
                        bail!(
                            "{words}, {failures} times in a row; the next run posts the rest. {}",
                            told(&done)
                        );
                    }
                    let pause = answer::pause(failures, after);
                    eprintln!("note: {words}; again in {} s", pause.as_secs());
                    wait = Some(pause);
                    break;
                }
            }
        }
        let is_done = wait.is_none() && due.iter().all(|message| memory.knows(&message.id));
        match wait {
            Some(pause) => tokio::time::sleep(pause).await,
            None if !is_done => {}
            None if options.watch => tokio::time::sleep(until(next, now())).await,
            None if done.refused > 0 => bail!("{}", told(&done)),
            None => return Ok(format!("{}\n", told(&done))),
        }
    }
}

fn told(done: &Done) -> String {
    match done.refused {
        0 => format!("{} intents posted", done.posted),
        refused => format!(
            "{} intents posted, {refused} refused by the receiver",
            done.posted
        ),
    }
}

/// How long nothing is to be done. `next` is when a window closes, in epoch milliseconds.
fn until(next: Option<i64>, now: i64) -> Duration {
    let wait = next.map_or(LATEST, |next| next + SETTLE_MS + 1 - now);
    Duration::from_millis(wait.clamp(SOONEST, LATEST).unsigned_abs())
}

/// Abandoned intents that were not posted, the oldest first; and when the next window closes.
async fn due(data: &Path, scope: &Scope, memory: &Memory) -> Result<(Vec<Message>, Option<i64>)> {
    let closed = scope.as_of - SETTLE_MS;
    // Those whose windows are open, too.
    let all = Scope {
        as_of: FOREVER,
        ..scope.clone()
    };
    let engine = Engine::open(data, &all, &mut |_, _, _| {}).await?;
    let frame = engine.figure(find(INTENTS)?, &all).await?;
    let (mut due, mut next) = (Vec::new(), None);
    for row in Row::all(&frame) {
        let closes = parse(row.text("closed_at")).unwrap_or(FOREVER);
        if closes >= closed {
            next = Some(next.map_or(closes, |other: i64| other.min(closes)));
            continue;
        }
        let message = Message::of(&frame, &row);
        if !memory.knows(&message.id) {
            due.push(message);
        }
    }
    due.reverse();
    Ok((due, next))
}

#[cfg(test)]
mod tests {
    use super::{LATEST, SETTLE_MS, SOONEST, until};

    #[test]
    fn a_look_is_taken_when_a_window_has_closed() {
        let wait = |next| until(next, 1_000_000).as_millis();
        assert_eq!(wait(None), LATEST as u128);
        assert_eq!(wait(Some(1_020_000)), 20_000 + SETTLE_MS as u128 + 1);
        assert_eq!(wait(Some(9_000_000)), LATEST as u128);
        // It has closed, and its orders are on their way.
        assert_eq!(wait(Some(994_000)), SOONEST as u128);
    }
}
