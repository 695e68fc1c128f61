//! A data directory, filled by hand, and what is read back from its archive.

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// 2026-05-04T09:30:05.012Z
pub const TIME: i64 = 1_777_887_005_012;

pub struct Directory(tempfile::TempDir);

impl Directory {
    pub fn new() -> Self {
        let directory = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(directory.path().join("segments")).unwrap();
        std::fs::create_dir(directory.path().join("quarantine")).unwrap();
        directory
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn segment(&self, number: u64) -> PathBuf {
        self.path().join(format!("segments/{number:020}.ndjson"))
    }

    /// Writes a segment of these batches, and an open one after it.
    pub fn write(&self, number: u64, batches: &[Value]) {
        let lines: String = batches.iter().map(|batch| format!("{batch}\n")).collect();
        std::fs::write(self.segment(number), lines).unwrap();
        if !self.segment(number + 1).exists() {
            std::fs::write(self.segment(number + 1), "").unwrap();
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
        let (name, rest) = arguments.split_first().unwrap();
        command.arg(name).arg("--data").arg(self.path()).args(rest);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it, and what it says.
    pub fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The files of a table, as `day=…/name`.
    pub fn files(&self, table: &str) -> Vec<String> {
        let root = self.path().join(table);
        let mut files = Vec::new();
        for day in std::fs::read_dir(&root).into_iter().flatten().flatten() {
            let name = day.file_name().into_string().unwrap();
            if name.starts_with("day=") {
                for file in std::fs::read_dir(day.path()).unwrap() {
                    let file = file.unwrap().file_name().into_string().unwrap();
                    files.push(format!("{name}/{file}"));
                }
            }
        }
        files.sort();
        files
    }

    /// All rows of `day=*/*.parquet`, as objects without nulls, file by file.
    pub fn rows(&self, table: &str) -> Vec<Map<String, Value>> {
        let files = self.files(table);
        let parquet = files.iter().filter(|file| file.ends_with(".parquet"));
        let batches = parquet.flat_map(|file| read(&self.path().join(table).join(file)));
        batches.flat_map(|batch| objects(&batch)).collect()
    }

    /// A column of text, sorted.
    pub fn texts(&self, table: &str, column: &str) -> Vec<String> {
        let rows = self.rows(table);
        let texts = rows
            .iter()
            .map(|row| row[column].as_str().unwrap().to_owned());
        let mut texts: Vec<_> = texts.collect();
        texts.sort();
        texts
    }
}

pub fn read(file: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(file).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    reader.build().unwrap().map(Result::unwrap).collect()
}

fn objects(batch: &RecordBatch) -> Vec<Map<String, Value>> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int32Type, Int64Type};
    use arrow_schema::DataType;
    let schema = batch.schema();
    let value = |column: usize, row: usize| {
        let array = batch.column(column);
        match array.data_type() {
            _ if array.is_null(row) => None,
            DataType::Utf8 => Some(json!(array.as_string::<i32>().value(row))),
            DataType::Int64 => Some(json!(array.as_primitive::<Int64Type>().value(row))),
            DataType::Int32 => Some(json!(array.as_primitive::<Int32Type>().value(row))),
            DataType::Float64 => Some(json!(array.as_primitive::<Float64Type>().value(row))),
            DataType::Boolean => Some(json!(array.as_boolean().value(row))),
            other => panic!("a column of {other}"),
        }
    };
    let object = |row| {
        let fields = schema.fields().iter().enumerate();
        fields
            .filter_map(|(column, field)| Some((field.name().clone(), value(column, row)?)))
            .collect()
    };
    (0..batch.num_rows()).map(object).collect()
}

/// `TIME` and some milliseconds, as a browser writes it.
pub fn moment(after: i64) -> String {
    let millis = TIME + after;
    let day = vitrine_collector::archive::time::day_name(millis.div_euclid(86_400_000));
    let of_day = millis.rem_euclid(86_400_000);
    let (hours, minutes) = (of_day / 3_600_000, of_day / 60_000 % 60);
    format!(
        "{day}T{hours:02}:{minutes:02}:{:02}.{:03}Z",
        of_day / 1000 % 60,
        of_day % 1000
    )
}

pub fn event(id: &str, viewer: &str, after: i64) -> Value {
    json!({ "id": id, "seq": 0, "type": "play", "time": moment(after), "viewer_id": viewer, "view_id": "view" })
}

/// A batch that came at `TIME` and some milliseconds.
pub fn batch(after: i64, events: &[Value]) -> Value {
    json!({
        "v": 1, "received_at": TIME + after, "sent_at": TIME + after, "site": "default", "bot": false,
        "ip": "203.0.113.0", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
        "context": { "page_url": "https://shop.example/spring" }, "events": events,
    })
}
