//! Parquet: written, merged with what is new, searched and filtered, in bounded memory.

use super::columns::Table;
use super::groups::{self, CHUNK, Keys, Writer};
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, BooleanArray, RecordBatch};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::statistics::Statistics;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;

fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let words = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(words)?;
    ParquetRecordBatchReaderBuilder::try_new(file).with_context(words)
}

/// How many rows a file has.
pub fn row_count(path: &Path) -> Result<usize> {
    let rows = open(path)?.metadata().file_metadata().num_rows();
    Ok(usize::try_from(rows).unwrap_or(0))
}

fn text_at<'a>(batch: &'a RecordBatch, name: &str, row: usize) -> &'a str {
    let texts = batch.column_by_name(name);
    texts.map_or("", |texts| texts.as_string::<i32>().value(row))
}

fn id_at(batch: &RecordBatch, row: usize) -> &str {
    text_at(batch, "event_id", row)
}

fn site_at(batch: &RecordBatch, row: usize) -> &str {
    text_at(batch, "site", row)
}

/// Ids of events, by site: two shops may both have an `order-77`.
pub type Ids<'a> = HashMap<&'a str, HashSet<&'a str>>;

/// The ids of a batch's events.
pub fn ids(batch: &RecordBatch) -> Ids<'_> {
    let mut ids = Ids::new();
    for row in 0..batch.num_rows() {
        let of_site = ids.entry(site_at(batch, row)).or_default();
        of_site.insert(id_at(batch, row));
    }
    ids
}

/// The rows in their order, without those of some events.
pub fn order(batch: &RecordBatch, without: &Ids) -> Result<Vec<usize>> {
    let keys = Keys::of(batch)?;
    let goes = |row: &usize| {
        let of_site = without.get(site_at(batch, *row));
        of_site.is_some_and(|ids| ids.contains(id_at(batch, *row)))
    };
    let mut rows: Vec<_> = (0..batch.num_rows()).filter(|row| !goes(row)).collect();
    // Stable: the items of an event keep their order.
    rows.sort_by_key(|row| keys.time(*row));
    Ok(rows)
}

/// Which of the ids a file has. Row groups whose ids are all smaller or larger are not read.
pub fn known_ids<'a>(path: &Path, ids: &Ids<'a>, known: &mut Ids<'a>) -> Result<()> {
    let all = || ids.values().flatten();
    let (Some(first), Some(last)) = (all().min(), all().max()) else {
        return Ok(());
    };
    let reader = open(path)?;
    let mask = ProjectionMask::columns(reader.parquet_schema(), ["event_id", "site"]);
    let may_have = |statistics: Option<&Statistics>| match statistics {
        Some(statistics) => {
            let (min, max) = (statistics.min_bytes_opt(), statistics.max_bytes_opt());
            min.is_none_or(|min| min <= last.as_bytes())
                && max.is_none_or(|max| max >= first.as_bytes())
        }
        None => true,
    };
    let groups = reader.metadata().row_groups().iter().enumerate();
    let wanted = groups.filter(|(_, group)| {
        let columns = group.columns().iter();
        let mut ids = columns.filter(|column| column.column_path().string() == "event_id");
        ids.all(|column| may_have(column.statistics()))
    });
    let wanted = wanted.map(|(index, _)| index).collect();
    let batches = reader
        .with_projection(mask)
        .with_row_groups(wanted)
        .with_batch_size(CHUNK)
        .build()?;
    for batch in batches {
        let batch = batch.with_context(|| format!("{} cannot be read", path.display()))?;
        for row in 0..batch.num_rows() {
            let of_site = ids.get_key_value(site_at(&batch, row));
            let same = of_site.and_then(|(site, ids)| Some((site, ids.get(id_at(&batch, row))?)));
            if let Some((site, id)) = same {
                known.entry(site).or_default().insert(id);
            }
        }
    }
    Ok(())
}

/// Writes the new rows, in `order`, merged with those of a file.
pub fn merge(
    table: Table,
    old: Option<&Path>,
    new: &RecordBatch,
    order: &[usize],
    out: impl Write + Send,
) -> Result<()> {
    let mut writer = Writer::new(table, out)?;
    let keys = Keys::of(new)?;
    let mut order = order.iter().copied().peekable();
    if let Some(path) = old {
        for group in groups::read(path)? {
            let group = group?;
            let old: Vec<_> = group.iter().map(Keys::of).collect::<Result<_>>()?;
            let mut places = Vec::new();
            for (batch, row) in groups::by_time(&group)? {
                let time = old.get(batch).map(|keys| keys.time(row));
                while let Some(next) = order.next_if(|next| Some(keys.time(*next)) < time) {
                    places.push((group.len(), next));
                }
                places.push((batch, row));
            }
            let batches: Vec<_> = group.iter().chain([new]).collect();
            writer.push_places(&batches, &places)?;
        }
    }
    let rest: Vec<_> = order.map(|row| (0, row)).collect();
    writer.push_places(&[new], &rest)?;
    writer.close()
}

/// Which rows go, by the viewer, the corrected time, and when they came.
pub type Goes<'a> = &'a dyn Fn(Option<&str>, i64, i64) -> bool;

fn kept(batch: &RecordBatch, goes: Goes) -> BooleanArray {
    let times = |name| {
        batch
            .column_by_name(name)
            .map(|column| column.as_primitive::<Int64Type>())
    };
    let (time, received) = (times("time"), times("received_at"));
    let viewers = batch
        .column_by_name("viewer_id")
        .map(|column| column.as_string::<i32>());
    let kept = (0..batch.num_rows()).map(|row| {
        let viewer = viewers
            .filter(|all| all.is_valid(row))
            .map(|all| all.value(row));
        let time = time.map_or(0, |all| all.value(row));
        !goes(viewer, time, received.map_or(time, |all| all.value(row)))
    });
    kept.collect::<Vec<_>>().into()
}

/// How many rows of a file go.
pub fn count(path: &Path, goes: Goes) -> Result<usize> {
    let reader = open(path)?;
    let names = ["viewer_id", "time", "received_at"];
    let mask = ProjectionMask::columns(reader.parquet_schema(), names);
    let mut count = 0;
    for batch in reader
        .with_projection(mask)
        .with_batch_size(CHUNK)
        .build()?
    {
        let batch = batch.with_context(|| format!("{} cannot be read", path.display()))?;
        count += batch.num_rows() - kept(&batch, goes).true_count();
    }
    Ok(count)
}

/// Writes the rows that stay; says how many they are.
pub fn filter(table: Table, path: &Path, goes: Goes, out: impl Write + Send) -> Result<usize> {
    let mut writer = Writer::new(table, out)?;
    let mut rows = 0;
    for group in groups::read(path)? {
        let group = group?;
        let stays: Vec<_> = group.iter().map(|batch| kept(batch, goes)).collect();
        let mut places = groups::by_time(&group)?;
        places.retain(|(batch, row)| stays.get(*batch).is_some_and(|stays| stays.value(*row)));
        rows += places.len();
        writer.push_places(&group.iter().collect::<Vec<_>>(), &places)?;
    }
    writer.close()?;
    Ok(rows)
}
