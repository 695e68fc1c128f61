//! Parquet: written, merged with what is new, searched and filtered, in bounded memory.

use super::columns::Table;
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use arrow_select::interleave::interleave_record_batch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Rows that are read or written at a time.
const CHUNK: usize = 8_192;
/// What a writer holds in memory before it compresses.
const ROW_GROUP: usize = 131_072;

fn properties(table: Table) -> Result<WriterProperties> {
    let column = |name: &str| table.columns().iter().position(|column| column.0 == name);
    let sorted = ["time", "event_id"].iter().filter_map(|name| {
        let index = i32::try_from(column(name)?).ok()?;
        Some(SortingColumn {
            column_idx: index,
            descending: false,
            nulls_first: false,
        })
    });
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_sorting_columns(Some(sorted.collect()));
    // Values that hardly repeat: a dictionary of them is larger than they are.
    for (name, encoding) in [
        ("event_id", Encoding::DELTA_BYTE_ARRAY),
        ("time", Encoding::DELTA_BINARY_PACKED),
        ("event_time", Encoding::DELTA_BINARY_PACKED),
        ("elapsed_ms", Encoding::DELTA_BINARY_PACKED),
    ] {
        let path = ColumnPath::from(name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, encoding);
    }
    Ok(properties.build())
}

fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let words = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(words)?;
    ParquetRecordBatchReaderBuilder::try_new(file).with_context(words)
}

fn read_all(path: &Path) -> Result<ParquetRecordBatchReader> {
    let reader = open(path)?.with_batch_size(CHUNK).build();
    reader.with_context(|| format!("{} cannot be read", path.display()))
}

/// How many rows a file has.
pub fn row_count(path: &Path) -> Result<usize> {
    let rows = open(path)?.metadata().file_metadata().num_rows();
    Ok(usize::try_from(rows).unwrap_or(0))
}

/// By what rows are sorted.
fn key(batch: &RecordBatch, row: usize) -> (i64, &str) {
    let time = batch
        .column_by_name("time")
        .map(|times| times.as_primitive::<Int64Type>());
    (time.map_or(0, |times| times.value(row)), id_at(batch, row))
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
pub fn order(batch: &RecordBatch, without: &Ids) -> Vec<usize> {
    let goes = |row: &usize| {
        let of_site = without.get(site_at(batch, *row));
        of_site.is_some_and(|ids| ids.contains(id_at(batch, *row)))
    };
    let mut rows: Vec<_> = (0..batch.num_rows()).filter(|row| !goes(row)).collect();
    // Stable: the items of an event keep their order.
    rows.sort_by(|a, b| key(batch, *a).cmp(&key(batch, *b)));
    rows
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

/// Writes the new rows, in `order`, merged with those of a file that is sorted already.
pub fn merge(
    table: Table,
    old: Option<&Path>,
    new: &RecordBatch,
    order: &[usize],
    out: impl Write + Send,
) -> Result<()> {
    let mut writer = ArrowWriter::try_new(out, table.schema(), Some(properties(table)?))?;
    let mut order = order.iter().copied().peekable();
    if let Some(path) = old {
        for batch in read_all(path)? {
            let batch = batch.with_context(|| format!("{} cannot be read", path.display()))?;
            let mut picked = Vec::with_capacity(CHUNK);
            for row in 0..batch.num_rows() {
                while let Some(before) = order.next_if(|next| key(new, *next) < key(&batch, row)) {
                    picked.push((1, before));
                }
                picked.push((0, row));
                if picked.len() >= CHUNK {
                    writer.write(&interleave_record_batch(&[&batch, new], &picked)?)?;
                    picked.clear();
                }
            }
            writer.write(&interleave_record_batch(&[&batch, new], &picked)?)?;
        }
    }
    let rest: Vec<_> = order.map(|row| (0, row)).collect();
    for picked in rest.chunks(CHUNK) {
        writer.write(&interleave_record_batch(&[new], picked)?)?;
    }
    writer.close()?;
    Ok(())
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
    let mut writer = ArrowWriter::try_new(out, table.schema(), Some(properties(table)?))?;
    let mut rows = 0;
    for batch in read_all(path)? {
        let batch = batch.with_context(|| format!("{} cannot be read", path.display()))?;
        let batch = filter_record_batch(&batch, &kept(&batch, goes))?;
        rows += batch.num_rows();
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(rows)
}
