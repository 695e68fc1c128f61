//! The query engine over a collector's directory: tables `events`, `items` and `watched`.

mod archive;
mod listed;
pub mod rows;
mod shared;
mod watched;

use crate::figures::Figure;
use crate::frame::Frame;
use crate::scope::{Parameter, Scope};
use anyhow::{Context, Result, anyhow};
use datafusion::common::ScalarValue;
use datafusion::prelude::{SessionConfig, SessionContext};
use listed::Listed;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::OnceCell;

/// What is told while something takes its time.
pub type Progress<'a> = &'a mut (dyn FnMut(&str, u64, u64) + Send);

/// What the engine reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Events of the archive's days that are in the period.
    pub archive_files: usize,
    /// Bytes of segments that are in no archive yet.
    pub live_bytes: u64,
    /// Events that came again in them, or are in the archive already.
    pub live_repeated: u64,
    /// Lines in them that are no batch, and events without an id.
    pub live_unusable: u64,
}

/// So often a query is asked again because a compaction replaced files under it.
const TIMES: usize = 5;

/// The tables of one directory in one period.
pub struct Engine {
    opened: RwLock<Opened>,
    data: PathBuf,
    period: Scope,
    partitions: Option<usize>,
    /// What they are made of.
    pub sources: Sources,
}

/// The tables over the files that there were at one moment.
#[derive(Clone)]
struct Opened {
    context: SessionContext,
    listed: Arc<Listed>,
    watched: Arc<OnceCell<()>>,
}

impl Engine {
    /// Opens the directory that a collector writes to.
    pub async fn open(data: &Path, scope: &Scope, progress: Progress<'_>) -> Result<Self> {
        Self::open_with(data, scope, None, progress).await
    }

    /// The same with so many partitions at once; as many as there are cores where that is not said.
    pub async fn open_with(
        data: &Path,
        scope: &Scope,
        partitions: Option<usize>,
        progress: Progress<'_>,
    ) -> Result<Self> {
        let mut asked = 1;
        let (opened, sources) = loop {
            match opened(data, scope, partitions, progress).await? {
                Ok(found) => break found,
                Err(error) if asked == TIMES => return Err(error),
                Err(_) => asked += 1,
            }
        };
        Ok(Self {
            opened: RwLock::new(opened),
            data: data.to_owned(),
            period: scope.clone(),
            partitions,
            sources,
        })
    }

    /// The tables over the files as they are now.
    async fn open_again(&self) -> Result<()> {
        let found = opened(&self.data, &self.period, self.partitions, &mut |_, _, _| {}).await?;
        // Of one that is replaced once more, the next query tells.
        if let Ok((opened, _)) = found {
            *self.opened.write().unwrap_or_else(PoisonError::into_inner) = opened;
        }
        Ok(())
    }

    fn opened(&self) -> Opened {
        let opened = self.opened.read();
        opened.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The rows of a figure, finished.
    pub async fn figure(&self, figure: &Figure, scope: &Scope) -> Result<Frame> {
        let scope = figure.scope(scope)?;
        let frame = self
            .query(figure.sql, &scope)
            .await
            .with_context(|| format!("report/kpi/{}.sql", figure.name))?;
        figure.finished(frame, &scope)
    }

    /// The rows of a text of SQL, with the scope's values for its parameters. If a compaction replaces a file meanwhile, it is
    /// asked again over the new ones: half of an old file and half of a new one are no answer, even where they can be read.
    pub async fn query(&self, sql: &str, scope: &Scope) -> Result<Frame> {
        let mut asked = 1;
        loop {
            let opened = self.opened();
            let answer = self.answer(&opened, sql, scope).await;
            if asked == TIMES || opened.listed.is_as_it_was() {
                return answer;
            }
            self.open_again().await?;
            asked += 1;
        }
    }

    async fn answer(&self, opened: &Opened, sql: &str, scope: &Scope) -> Result<Frame> {
        if watched::is_named(sql) {
            let made = || watched::register(&opened.context, &self.period);
            opened.watched.get_or_try_init(made).await?;
        }
        answer(&opened.context, sql, scope).await
    }
}

/// Opens the tables. The inner error is of files that were replaced meanwhile.
async fn opened(
    data: &Path,
    scope: &Scope,
    partitions: Option<usize>,
    progress: Progress<'_>,
) -> Result<Result<(Opened, Sources)>> {
    let mut config = SessionConfig::new();
    if let Some(partitions) = partitions {
        config = config.with_target_partitions(partitions);
    }
    // Most conditions leave few events: they are looked at before the other columns are decoded.
    config.options_mut().execution.parquet.pushdown_filters = true;
    config.options_mut().execution.parquet.reorder_filters = true;
    let context = SessionContext::new_with_config(config);
    let listed = Arc::new(Listed::now(data, scope)?);
    let registered = archive::register(&context, data, scope, progress).await;
    // What was read from a segment may be in a file that came since: it would count twice.
    let is_as_it_was = Listed::now(data, scope)? == *listed;
    match registered {
        Ok(sources) if is_as_it_was => Ok(Ok((
            Opened {
                context,
                listed,
                watched: Arc::default(),
            },
            sources,
        ))),
        Err(error) if is_as_it_was => Err(error),
        Err(error) => Ok(Err(error)),
        Ok(_) => Ok(Err(anyhow!(
            "{}: the archive changes faster than it can be read; wait until its compaction is done",
            data.display()
        ))),
    }
}

async fn answer(context: &SessionContext, sql: &str, scope: &Scope) -> Result<Frame> {
    let (plan, _shared) = shared::plan(context, sql, scope).await?;
    let schema = plan.schema().inner().clone();
    rows::frame(&schema, &plan.collect().await?)
}

/// The scope's values for the parameters of a text of SQL, as the engine takes them.
fn parameters(sql: &str, scope: &Scope) -> Result<Vec<(String, ScalarValue)>> {
    let values = scope.parameters(sql)?.into_iter();
    Ok(values
        .map(|(name, value)| match value {
            Parameter::Int(number) => (name, ScalarValue::Int64(Some(number))),
            Parameter::Text(text) => (name, ScalarValue::Utf8(Some(text))),
        })
        .collect())
}
