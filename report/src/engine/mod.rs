//! The query engine over a collector's directory: tables `events`, `items` and `watched`.

mod archive;
pub mod rows;
mod watched;

use crate::figures::Figure;
use crate::frame::Frame;
use crate::scope::{Parameter, Scope, parameter_names};
use anyhow::{Context, Result};
use datafusion::common::ScalarValue;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::path::Path;

/// What is told while something takes its time.
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64, u64);

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

/// The tables of one directory in one period.
pub struct Engine {
    context: SessionContext,
    /// What they are made of.
    pub sources: Sources,
}

impl Engine {
    /// Opens the directory that a collector writes to.
    pub async fn open(data: &Path, scope: &Scope, progress: Progress<'_>) -> Result<Self> {
        let mut config = SessionConfig::new();
        // Most conditions leave few events: they are looked at before the other columns are decoded.
        config.options_mut().execution.parquet.pushdown_filters = true;
        config.options_mut().execution.parquet.reorder_filters = true;
        let context = SessionContext::new_with_config(config);
        let sources = archive::register(&context, data, scope, progress).await?;
        watched::register(&context, scope).await?;
        Ok(Self { context, sources })
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

    /// The rows of a text of SQL, with the scope's values for its parameters.
    pub async fn query(&self, sql: &str, scope: &Scope) -> Result<Frame> {
        let mut values = Vec::new();
        for name in parameter_names(sql) {
            let value = match scope.parameter(name)? {
                Parameter::Int(number) => ScalarValue::Int64(Some(number)),
                Parameter::Text(text) => ScalarValue::Utf8(Some(text)),
            };
            values.push((name, value));
        }
        let plan = self.context.sql(sql).await?.with_param_values(values)?;
        let schema = plan.schema().inner().clone();
        rows::frame(&schema, &plan.collect().await?)
    }
}
