//! Record batches to plain rows, and back.

use crate::frame::{Frame, Value};
use anyhow::{Context, Result, bail};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef};
use std::sync::Arc;

/// The rows of an answer.
pub fn frame(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Frame> {
    let columns = schema.fields().iter().map(|field| field.name().clone());
    let mut frame = Frame {
        columns: columns.collect(),
        rows: Vec::new(),
    };
    for batch in batches {
        let cells: Result<Vec<_>> = batch.columns().iter().map(cells).collect();
        let mut columns: Vec<_> = cells?.into_iter().map(Vec::into_iter).collect();
        for _ in 0..batch.num_rows() {
            frame
                .rows
                .push(columns.iter_mut().filter_map(Iterator::next).collect());
        }
    }
    Ok(frame)
}

fn cells(column: &ArrayRef) -> Result<Vec<Value>> {
    let rows = 0..column.len();
    let kind = match column.data_type() {
        kind if kind.is_integer() => DataType::Int64,
        kind if kind.is_floating() => DataType::Float64,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Boolean => DataType::Int64,
        DataType::Null => return Ok(vec![Value::Null; column.len()]),
        other => bail!("a column of {other} is in no figure"),
    };
    let column = cast(column, &kind)?;
    let value = |row: usize| match &kind {
        _ if column.is_null(row) => Value::Null,
        DataType::Int64 => Value::Int(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::Real(column.as_primitive::<Float64Type>().value(row)),
        _ => Value::Text(column.as_string::<i32>().value(row).to_owned()),
    };
    Ok(rows.map(value).collect())
}

/// Plain rows as a record batch, for files.
pub fn batch(frame: &Frame) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (place, name) in frame.columns.iter().enumerate() {
        let cells: Vec<_> = frame.rows.iter().filter_map(|row| row.get(place)).collect();
        let array: ArrayRef = if cells.iter().any(|cell| matches!(cell, Value::Text(_))) {
            Arc::new(StringArray::from_iter(cells.iter().map(|cell| cell.text())))
        } else if cells.iter().any(|cell| matches!(cell, Value::Real(_))) {
            Arc::new(Float64Array::from_iter(
                cells.iter().map(|cell| cell.real()),
            ))
        } else {
            Arc::new(Int64Array::from_iter(cells.iter().map(|cell| cell.int())))
        };
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .context("rows cannot be put together")
}

/// Plain rows as a Parquet file.
pub fn parquet(frame: &Frame) -> Result<Vec<u8>> {
    let batch = batch(frame)?;
    let mut out = Vec::new();
    let mut writer =
        datafusion::parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(out)
}
