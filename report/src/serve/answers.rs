//! Figures, each worked out once for as long as the data stays the same.

use super::Serve;
use super::stamp::stamp;
use crate::engine::Engine;
use crate::figures::Figure;
use crate::kpi::Kind;
use crate::output::{self, Answer};
use crate::scope::{Scope, parameter_names};
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::spawn_blocking;

/// Figures that are worked out at the same time; each may use all cores.
const AT_ONCE: usize = 2;
/// Periods whose tables are kept: what is in no archive yet is held in memory.
const PERIODS: usize = 2;
/// Answers that are kept.
const ANSWERS: usize = 512;

type Once<T> = Arc<OnceCell<Arc<T>>>;

/// What is known of the data as it is.
#[derive(Default)]
struct Known {
    stamp: u64,
    engines: Vec<((i64, i64), Once<Engine>)>,
    answers: HashMap<String, Once<Vec<u8>>>,
}

/// Answers questions.
pub struct Answers {
    options: Serve,
    known: Mutex<Known>,
    permits: Semaphore,
}

impl Answers {
    /// Over the data of a directory.
    pub fn new(options: Serve) -> Self {
        Self {
            options,
            known: Mutex::default(),
            permits: Semaphore::new(AT_ONCE),
        }
    }

    /// How it is served.
    pub fn options(&self) -> &Serve {
        &self.options
    }

    /// A figure as JSON. Whoever asks for one that is being worked out waits for it.
    pub async fn answer(&self, figure: &'static Figure, scope: &Scope) -> Result<Arc<Vec<u8>>> {
        let data = self.options.data.clone();
        let tables = self.options.tables.files();
        let stamp = spawn_blocking(move || stamp(&data, &tables)).await?;
        let stamp =
            stamp.with_context(|| format!("{} cannot be read", self.options.data.display()))?;
        let (engine, answer) = self.places(stamp, figure, scope);
        let answer = answer.get_or_try_init(|| async {
            let _permit = self.permits.acquire().await?;
            let engine = engine.get_or_try_init(|| self.open(scope.clone())).await?;
            let frame = engine.figure(figure, scope).await?;
            let scope = scope.clone();
            let answer = Answer {
                figure,
                scope,
                frame,
            };
            anyhow::Ok(Arc::new(serde_json::to_vec(&described(&answer)?)?))
        });
        answer.await.cloned()
    }

    /// Where the tables and the answer are, or will be.
    fn places(&self, stamp: u64, figure: &Figure, scope: &Scope) -> (Once<Engine>, Once<Vec<u8>>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.stamp != stamp {
            *known = Known {
                stamp,
                ..Known::default()
            };
        }
        let period = (scope.from, scope.to);
        let place = known.engines.iter().position(|(of, _)| *of == period);
        let engine = match place {
            Some(place) => known.engines.remove(place).1,
            None => Once::default(),
        };
        known.engines.truncate(PERIODS - 1);
        known.engines.insert(0, (period, engine.clone()));
        if known.answers.len() >= ANSWERS {
            known.answers.clear();
        }
        let answer = known.answers.entry(key(figure, scope)).or_default();
        (engine, answer.clone())
    }

    /// Opening reads files: on a thread that may wait.
    async fn open(&self, scope: Scope) -> Result<Arc<Engine>> {
        let (data, handle) = (self.options.data.clone(), Handle::current());
        let open = move || handle.block_on(Engine::open(&data, &scope, &mut |_, _, _| {}));
        Ok(Arc::new(spawn_blocking(open).await??))
    }
}

/// What makes two questions the same. As time goes by, only what is pending changes: that is asked again each minute.
fn key(figure: &Figure, scope: &Scope) -> String {
    let ages = parameter_names(figure.sql).contains(&"as_of")
        || ["forecast", "launch"].contains(&figure.name);
    let as_of = if ages { scope.as_of / 60_000 } else { 0 };
    format!(
        "{} {:?}",
        figure.name,
        Scope {
            as_of,
            ..scope.clone()
        }
    )
}

/// As the command line writes it, with what is in each column and by what its rows can be put together.
fn described(answer: &Answer) -> Result<Value> {
    let head = answer.figure.head()?;
    let kinds = head.columns.iter().map(|column| {
        let kind = match &column.kind {
            Kind::Text => json!({ "kind": "text" }),
            Kind::Count => json!({ "kind": "count" }),
            Kind::Rate(part, whole) => json!({ "kind": "rate", "part": part, "whole": whole }),
            Kind::Money => json!({ "kind": "money" }),
            Kind::Seconds => json!({ "kind": "seconds" }),
            Kind::Millis => json!({ "kind": "ms" }),
            Kind::Number => json!({ "kind": "number" }),
        };
        (column.name.clone(), kind)
    });
    let names: Vec<_> = head.columns.iter().map(|column| &column.name).collect();
    let mut value = output::json(answer)?;
    value["kinds"] = Value::Object(kinds.collect::<Map<_, _>>());
    value["order"] = json!(names);
    value["by_choices"] = json!(head.by);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::find;
    use clap::Parser;
    use std::fs;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_figure_is_worked_out_once_until_the_data_changes() {
        let data = tempfile::tempdir().unwrap();
        let segments = data.path().join("segments");
        fs::create_dir(&segments).unwrap();
        let hand = include_str!("../../tests/data/hand.ndjson");
        let (old, new) = hand.split_at(hand.find('\n').unwrap() + 1);
        fs::write(segments.join("00000000000000000001.ndjson"), old).unwrap();
        let mut options = Line::try_parse_from(["serve"]).unwrap().serve;
        options.data = data.path().to_owned();
        let (answers, scope) = (Answers::new(options), Scope::default());
        let figure = find("overview").unwrap();
        let scope = figure.scope(&scope).unwrap();
        let ask = || answers.answer(figure, &scope);
        let (one, other) = tokio::join!(ask(), ask());
        let one = one.unwrap();
        assert!(Arc::ptr_eq(&one, &other.unwrap()));
        assert!(Arc::ptr_eq(&one, &ask().await.unwrap()));
        fs::write(segments.join("00000000000000000002.ndjson"), new).unwrap();
        assert_ne!(one, ask().await.unwrap());
    }

    #[test]
    fn only_what_can_be_pending_is_asked_again() {
        let at = |as_of| Scope {
            as_of,
            ..Scope::default()
        };
        for (name, again) in [("overview", false), ("abandoned", true), ("forecast", true)] {
            let figure = find(name).unwrap();
            assert_eq!(key(figure, &at(1)), key(figure, &at(59_999)), "{name}");
            let later = key(figure, &at(60_000));
            assert_eq!(key(figure, &at(1)) != later, again, "{name}");
        }
        let figure = find("overview").unwrap();
        assert_ne!(key(figure, &at(1)), key(figure, &at(1).by("video")));
    }
}
