//! Cells of a frame by their names, as the figures that need more than SQL read them.

use crate::frame::{Frame, Value};
use anyhow::{Context, Result};

/// A row of a frame.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    frame: &'a Frame,
    at: usize,
}

impl<'a> Row<'a> {
    /// All rows.
    pub fn all(frame: &'a Frame) -> impl Iterator<Item = Self> {
        (0..frame.rows.len()).map(move |at| Self { frame, at })
    }

    fn cell(&self, column: &str) -> Option<&'a Value> {
        self.frame.cell(self.at, column)
    }

    /// A cell as it is.
    #[cfg(feature = "webhook")]
    pub fn value(&self, column: &str) -> Option<&'a Value> {
        self.cell(column)
    }

    /// A text; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        self.cell(column).and_then(Value::text).unwrap_or_default()
    }

    /// A whole number, where there is one. Engines add up whole numbers to ones of other types.
    pub fn int(&self, column: &str) -> Option<i64> {
        let value = self.cell(column)?;
        value
            .int()
            .or_else(|| value.real().map(|real| real.round() as i64))
    }

    /// How many.
    pub fn count(&self, column: &str) -> Result<u64> {
        self.int(column)
            .and_then(|number| number.try_into().ok())
            .with_context(|| format!("{column}: found no count in row {}", self.at))
    }
}

/// A frame of rows with these columns.
pub fn frame<const N: usize>(columns: [&str; N], rows: Vec<[Value; N]>) -> Frame {
    Frame {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(Vec::from).collect(),
    }
}

/// A text as a cell.
pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A count as a cell.
pub fn count(number: u64) -> Value {
    i64::try_from(number).map_or(Value::Null, Value::Int)
}
