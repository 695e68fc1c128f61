//! The two tables: Parquet files, and what is not in them yet.

use super::{Progress, Sources};
use crate::scope::Scope;
use anyhow::{Context, Result, bail};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::JoinType;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use datafusion::prelude::{DataFrame, SessionContext, col, lit};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vitrine_collector::archive::columns::Table;
use vitrine_collector::archive::live::{self, Unfinished};

/// Registers `events` and `items`.
pub async fn register(
    context: &SessionContext,
    data: &Path,
    scope: &Scope,
    progress: Progress<'_>,
) -> Result<Sources> {
    check(data)?;
    let all = live::pending_bytes(data)?;
    let mut done = 0;
    let live = live::live(data, &mut |bytes| {
        done += bytes;
        progress("reading what is not in the archive yet", done, all);
    })?;
    let unfinished = live::unfinished(data)?;
    let (from, to) = (scope.from, scope.to);
    let event_files = live::archive_files(data, Table::Events, from, to)?;
    let item_files = live::archive_files(data, Table::Items, from, to)?;
    let sources = Sources {
        archive_files: event_files.len(),
        live_bytes: live.bytes,
        live_repeated: live.repeated,
        live_unusable: live.unusable,
    };
    let events = table(context, Table::Events, event_files, live.events)?;
    let items = table(context, Table::Items, item_files, live.items)?;
    let gone = erased(events.clone(), &unfinished)?;
    let (events, items) = match gone {
        Some(gone) => (without(events, &gone)?, without(items, &gone)?),
        None => (events, items),
    };
    context.register_table("events", events.into_view())?;
    context.register_table("items", items.into_view())?;
    Ok(sources)
}

/// Whether there is anything to read.
fn check(data: &Path) -> Result<()> {
    let shown = data.display();
    if !data.is_dir() {
        bail!("--data {shown}: found no directory. Use the one that the collector writes to.");
    }
    if !data.join("segments").is_dir() && !data.join("archive").is_dir() {
        bail!(
            "--data {shown}: found neither segments/ nor archive/. Use the directory that the collector writes to."
        );
    }
    Ok(())
}

/// Files and rows as one table.
fn table(
    context: &SessionContext,
    table: Table,
    files: Vec<PathBuf>,
    live: Vec<RecordBatch>,
) -> Result<DataFrame> {
    let schema = viewed(&table.schema());
    let live: Result<Vec<_>> = live.iter().map(|rows| cast_to(&schema, rows)).collect();
    let live = live?;
    let is_live = live.iter().any(|rows| rows.num_rows() > 0);
    let memory = MemTable::try_new(schema.clone(), vec![live])?;
    let memory = context.read_table(Arc::new(memory))?;
    if files.is_empty() {
        return Ok(memory);
    }
    let paths: Result<Vec<_>> = files.iter().map(|file| url(file)).collect();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(paths?)
        .with_listing_options(options)
        .with_schema(schema);
    let archive = context.read_table(Arc::new(ListingTable::try_new(config)?))?;
    match is_live {
        true => Ok(archive.union(memory)?),
        false => Ok(archive),
    }
}

fn url(file: &Path) -> Result<ListingTableUrl> {
    let file = std::path::absolute(file)?;
    // As a URL, so that no letter of the path is taken for a pattern.
    let url = url_of(&file).with_context(|| format!("{} is no path of a file", file.display()))?;
    Ok(ListingTableUrl::parse(url)?)
}

/// `file:///…`, with everything but the plainest letters in percent.
fn url_of(file: &Path) -> Option<String> {
    let mut url = "file://".to_owned();
    for byte in file.to_str()?.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'=' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(url)
}

/// The schema with texts as the engine likes them.
fn viewed(schema: &SchemaRef) -> SchemaRef {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => Field::new(field.name(), DataType::Utf8View, field.is_nullable()),
        _ => field.as_ref().clone(),
    };
    Arc::new(Schema::new(
        schema.fields().iter().map(field).collect::<Vec<_>>(),
    ))
}

fn cast_to(schema: &SchemaRef, rows: &RecordBatch) -> Result<RecordBatch> {
    let columns = rows.columns().iter().zip(schema.fields());
    let columns: Result<Vec<_>, _> = columns
        .map(|(column, field)| cast(column, field.data_type()))
        .collect();
    Ok(RecordBatch::try_new(schema.clone(), columns?)?)
}

/// The events of persons whose erasure has not gone through the archive.
fn erased(events: DataFrame, unfinished: &[Unfinished]) -> Result<Option<DataFrame>> {
    let covered = unfinished.iter().map(|erasure| {
        let came = col("received_at").lt_eq(lit(erasure.at));
        let happened = (col("time") - lit(5_000_i64)).lt_eq(lit(erasure.at));
        col("viewer_id")
            .eq(lit(erasure.viewer_id.clone()))
            .and(came.or(happened))
    });
    let Some(any) = covered.reduce(|all, one| all.or(one)) else {
        return Ok(None);
    };
    let ids = col("event_id").alias("erased_id");
    Ok(Some(events.filter(any)?.select(vec![ids])?))
}

fn without(rows: DataFrame, gone: &DataFrame) -> Result<DataFrame> {
    let left = rows.join(
        gone.clone(),
        JoinType::LeftAnti,
        &["event_id"],
        &["erased_id"],
        None,
    )?;
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::url_of;
    use std::path::Path;

    #[test]
    fn no_letter_of_a_path_is_a_pattern() {
        let url = url_of(Path::new("/a b/day=2026-05-04/[x]*?.parquet"));
        let words = "file:///a%20b/day=2026-05-04/%5Bx%5D%2A%3F.parquet";
        assert_eq!(url.as_deref(), Some(words));
    }
}
