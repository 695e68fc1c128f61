//! Row groups: from one to the next by time, within one by type and view.
//!
//! Most figures are about a few types of events, and find theirs in a few pages of each group. Who looks for a time or an
//! id, which begins with its time, finds it in few groups.

use super::columns::Table;
use anyhow::{Context, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, Int64Array, RecordBatch, StringArray};
use arrow_select::interleave::interleave_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Rows that are read or written at a time.
pub const CHUNK: usize = 8_192;
/// Rows of a group.
const ROWS: usize = 131_072;
/// Rows of a page at most: who wants a rare type reads few others.
const PAGE_ROWS: usize = 4_096;
/// A group of long texts has fewer: they wait in memory until it is written.
const BYTES: usize = 256 << 20;

/// A row in some batches: the batch's place, and the row's in it.
pub type Place = (usize, usize);

/// What rows are sorted by.
pub struct Keys<'a> {
    types: &'a StringArray,
    views: &'a StringArray,
    times: &'a Int64Array,
    ids: &'a StringArray,
}

impl<'a> Keys<'a> {
    /// Those of a batch of either table.
    pub fn of(batch: &'a RecordBatch) -> Result<Self> {
        let column = |name: &'static str| {
            let column = batch.column_by_name(name);
            column.with_context(|| format!("found no column {name}"))
        };
        let text = |name| anyhow::Ok(column(name)?.as_string::<i32>());
        Ok(Self {
            types: text("type")?,
            views: text("view_id")?,
            times: column("time")?.as_primitive::<Int64Type>(),
            ids: text("event_id")?,
        })
    }

    /// From one group to the next.
    pub fn time(&self, row: usize) -> (i64, &'a str) {
        (self.times.value(row), self.ids.value(row))
    }

    /// Within a group.
    fn within(&self, row: usize) -> (&'a str, Option<&'a str>, i64, &'a str) {
        let view = self.views.is_valid(row).then(|| self.views.value(row));
        let (time, id) = self.time(row);
        (self.types.value(row), view, time, id)
    }
}

/// The places of all rows, sorted; stable, so the items of an event keep their order.
fn sorted<'a, K: Ord>(
    batches: &'a [RecordBatch],
    key: impl Fn(&Keys<'a>, usize) -> K,
) -> Result<Vec<Place>> {
    let keys: Result<Vec<_>> = batches.iter().map(Keys::of).collect();
    let mut rows = Vec::new();
    for (at, (batch, keys)) in batches.iter().zip(keys?).enumerate() {
        rows.extend((0..batch.num_rows()).map(|row| (key(&keys, row), (at, row))));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(rows.into_iter().map(|(_, place)| place).collect())
}

/// The places of a group's rows, by time.
pub fn by_time(group: &[RecordBatch]) -> Result<Vec<Place>> {
    sorted(group, Keys::time)
}

/// The groups of a file, each in some batches.
pub fn read(path: &Path) -> Result<impl Iterator<Item = Result<Vec<RecordBatch>>>> {
    let words = format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(|| words.clone())?;
    let metadata = ArrowReaderMetadata::load(&file, Default::default());
    let metadata = metadata.with_context(|| words.clone())?;
    let groups = 0..metadata.metadata().num_row_groups();
    Ok(groups.map(move |group| {
        let read = || -> Result<Vec<RecordBatch>> {
            let file = file.try_clone()?;
            let rows = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
                .with_row_groups(vec![group])
                .with_batch_size(CHUNK)
                .build()?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        read().with_context(|| words.clone())
    }))
}

/// Writes a file.
pub struct Writer<W: Write + Send> {
    file: ArrowWriter<W>,
    most_rows: usize,
    waiting: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> Writer<W> {
    /// Of a table.
    pub fn new(table: Table, out: W) -> Result<Self> {
        Ok(Self {
            file: ArrowWriter::try_new(out, table.schema(), Some(properties(table)?))?,
            most_rows: ROWS,
            waiting: Vec::new(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes rows, which are later than those before.
    pub fn push(&mut self, mut batch: RecordBatch) -> Result<()> {
        self.bytes += batch.get_array_memory_size();
        while self.rows + batch.num_rows() >= self.most_rows {
            let room = self.most_rows - self.rows;
            self.waiting.push(batch.slice(0, room));
            self.write()?;
            batch = batch.slice(room, batch.num_rows() - room);
        }
        self.rows += batch.num_rows();
        self.waiting.push(batch);
        match self.bytes >= BYTES {
            true => self.write(),
            false => Ok(()),
        }
    }

    /// The rows of some batches, in the order of their places.
    pub fn push_places(&mut self, batches: &[&RecordBatch], places: &[Place]) -> Result<()> {
        for places in places.chunks(CHUNK) {
            self.push(interleave_record_batch(batches, places)?)?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let batches: Vec<_> = waiting.iter().collect();
        for places in sorted(&waiting, Keys::within)?.chunks(CHUNK) {
            let rows = interleave_record_batch(&batches, places)?;
            self.file.write(&rows)?;
        }
        self.file.flush()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Writes the rest.
    pub fn close(mut self) -> Result<()> {
        self.write()?;
        self.file.close()?;
        Ok(())
    }
}

fn properties(table: Table) -> Result<WriterProperties> {
    let column = |name: &str| table.columns().iter().position(|column| column.0 == name);
    let sorted = ["type", "view_id", "time", "event_id"].iter();
    let sorted = sorted.filter_map(|name| {
        let index = i32::try_from(column(name)?).ok()?;
        Some(SortingColumn {
            column_idx: index,
            descending: false,
            nulls_first: true,
        })
    });
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_sorting_columns(Some(sorted.collect()));
    // Values that hardly repeat: a dictionary of them is larger than they are.
    for (name, encoding) in [
        ("event_id", Encoding::DELTA_BYTE_ARRAY),
        ("cause", Encoding::DELTA_BYTE_ARRAY),
        ("order_id", Encoding::DELTA_BYTE_ARRAY),
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

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::new_null_array;
    use std::sync::Arc;

    /// Two types and three views in turn, one event each millisecond.
    fn rows(times: std::ops::Range<i64>) -> RecordBatch {
        let schema = Table::Events.schema();
        let texts = |text: &dyn Fn(i64) -> String| -> arrow_array::ArrayRef {
            Arc::new(
                times
                    .clone()
                    .map(|time| Some(text(time)))
                    .collect::<StringArray>(),
            )
        };
        let count = (times.end - times.start) as usize;
        let columns = schema
            .fields()
            .iter()
            .map(|field| match field.name().as_str() {
                "type" => texts(&|time| ["play", "end"][time as usize % 2].to_owned()),
                "view_id" => texts(&|time| format!("view-{}", time % 3)),
                "event_id" => texts(&|time| format!("{time:06}")),
                "site" => texts(&|_| "default".to_owned()),
                "time" | "received_at" => Arc::new(times.clone().collect::<Int64Array>()),
                "bot" | "unknown" => Arc::new(arrow_array::BooleanArray::from(vec![false; count])),
                _ => new_null_array(field.data_type(), count),
            });
        RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
    }

    #[test]
    fn groups_follow_time_and_their_rows_type_and_view() {
        let path = std::env::temp_dir().join(format!("vitrine-groups-{}", std::process::id()));
        let mut writer = Writer::new(Table::Events, File::create(&path).unwrap()).unwrap();
        writer.most_rows = 300;
        writer.push(rows(0..250)).unwrap();
        writer.push(rows(250..1_000)).unwrap();
        writer.close().unwrap();
        let groups: Vec<_> = read(&path).unwrap().map(Result::unwrap).collect();
        std::fs::remove_file(&path).unwrap();
        let sizes: Vec<usize> = groups
            .iter()
            .map(|group| group.iter().map(RecordBatch::num_rows).sum())
            .collect();
        assert_eq!(sizes, [300, 300, 300, 100]);
        let mut times = Vec::new();
        for group in &groups {
            let keys: Vec<_> = group.iter().map(|batch| Keys::of(batch).unwrap()).collect();
            let written = group.iter().zip(&keys);
            let written =
                written.flat_map(|(batch, keys)| (0..batch.num_rows()).map(|row| keys.within(row)));
            let written: Vec<_> = written.collect();
            assert!(written.is_sorted());
            assert_eq!(written[0].0, "end");
            times.extend(
                by_time(group)
                    .unwrap()
                    .iter()
                    .map(|(batch, row)| keys[*batch].time(*row).0),
            );
        }
        assert_eq!(times, (0..1_000).collect::<Vec<_>>());
    }
}
