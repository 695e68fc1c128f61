//! The columns of the two tables, and rows that become record batches.

use anyhow::{Context, Result, bail};
use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// VARCHAR
    Text,
    /// BIGINT
    Int,
    /// INTEGER
    Small,
    /// DOUBLE
    Real,
    /// BOOLEAN
    Flag,
}

/// A column: its name, what it holds, and whether it may be null.
pub type Column = (&'static str, Kind, bool);

/// One value of a row.
#[derive(Clone, Copy)]
pub enum Cell<'a> {
    /// Of a text column.
    Text(Option<&'a str>),
    /// Of a whole number's column, however wide.
    Int(Option<i64>),
    /// Of a number's column.
    Real(Option<f64>),
    /// Of a column that says yes or no.
    Flag(bool),
}

/// The two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// One row for each event.
    Events,
    /// One row for each product of an event.
    Items,
}

impl Table {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Events, Self::Items];

    /// Its columns, in their order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Events => EVENTS,
            Self::Items => ITEMS,
        }
    }

    /// Its columns, as Arrow names them.
    pub fn schema(self) -> SchemaRef {
        let field = |(name, kind, nullable): &Column| {
            let data_type = match kind {
                Kind::Text => DataType::Utf8,
                Kind::Int => DataType::Int64,
                Kind::Small => DataType::Int32,
                Kind::Real => DataType::Float64,
                Kind::Flag => DataType::Boolean,
            };
            Field::new(*name, data_type, *nullable)
        };
        let fields: Vec<_> = self.columns().iter().map(field).collect();
        Arc::new(Schema::new(fields))
    }
}

use Kind::{Flag, Int, Real, Small, Text};

const EVENTS: &[Column] = &[
    ("event_id", Text, false),
    ("seq", Int, true),
    ("type", Text, false),
    ("time", Int, false),
    ("event_time", Int, true),
    ("received_at", Int, false),
    ("skew_ms", Int, true),
    ("elapsed_ms", Int, true),
    ("site", Text, false),
    ("viewer_id", Text, true),
    ("session_id", Text, true),
    ("view_id", Text, true),
    ("video_id", Text, true),
    ("media_time", Real, true),
    ("hotspot_id", Text, true),
    ("segment_id", Text, true),
    ("experiment_id", Text, true),
    ("experiment_variant", Text, true),
    ("cause", Text, true),
    ("value", Int, true),
    ("currency", Text, true),
    ("order_id", Text, true),
    ("coupon", Text, true),
    ("outcome", Text, true),
    ("reason", Text, true),
    ("target", Text, true),
    ("percent", Int, true),
    ("duration_ms", Int, true),
    ("page_url", Text, true),
    ("referrer", Text, true),
    ("locale", Text, true),
    ("campaign_source", Text, true),
    ("campaign_medium", Text, true),
    ("campaign_name", Text, true),
    ("campaign_content", Text, true),
    ("campaign_term", Text, true),
    ("device", Text, true),
    ("country", Text, true),
    ("bot", Flag, false),
    ("unknown", Flag, false),
    ("x", Real, true),
    ("y", Real, true),
    ("watched", Text, true),
    ("exposures", Text, true),
    ("data", Text, true),
];

const ITEMS: &[Column] = &[
    ("event_id", Text, false),
    ("type", Text, false),
    ("time", Int, false),
    ("site", Text, false),
    ("view_id", Text, true),
    ("viewer_id", Text, true),
    ("video_id", Text, true),
    ("hotspot_id", Text, true),
    ("item_index", Small, false),
    ("item_id", Text, true),
    ("item_name", Text, true),
    ("item_brand", Text, true),
    ("item_variant", Text, true),
    ("platform_id", Text, true),
    ("price", Int, true),
    ("quantity", Int, true),
    ("currency", Text, true),
    // What figures of products ask of the event, so that they need not look for it.
    ("media_time", Real, true),
    ("segment_id", Text, true),
    ("experiment_id", Text, true),
    ("experiment_variant", Text, true),
    ("campaign_source", Text, true),
    ("campaign_name", Text, true),
    ("device", Text, true),
    ("bot", Flag, false),
    ("unknown", Flag, false),
];

enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Small(Int32Builder),
    Real(Float64Builder),
    Flag(BooleanBuilder),
}

/// Rows of a table that are held in memory, and what they are sorted by.
pub struct Rows {
    table: Table,
    builders: Vec<Builder>,
    length: usize,
}

impl Rows {
    /// None yet.
    pub fn of(table: Table) -> Self {
        let builder = |column: &Column| match column.1 {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Int => Builder::Int(Int64Builder::new()),
            Kind::Small => Builder::Small(Int32Builder::new()),
            Kind::Real => Builder::Real(Float64Builder::new()),
            Kind::Flag => Builder::Flag(BooleanBuilder::new()),
        };
        Self {
            table,
            builders: table.columns().iter().map(builder).collect(),
            length: 0,
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.length
    }

    /// Adds a row, its cells in the order of the columns.
    pub fn push(&mut self, cells: &[Cell]) -> Result<()> {
        if cells.len() != self.builders.len() {
            bail!("a row of {:?} has {} cells", self.table, cells.len());
        }
        for (builder, cell) in self.builders.iter_mut().zip(cells) {
            match (builder, cell) {
                (Builder::Text(builder), Cell::Text(text)) => builder.append_option(*text),
                (Builder::Int(builder), Cell::Int(number)) => builder.append_option(*number),
                (Builder::Small(builder), Cell::Int(number)) => {
                    builder.append_option(number.and_then(|number| number.try_into().ok()));
                }
                (Builder::Real(builder), Cell::Real(number)) => builder.append_option(*number),
                (Builder::Flag(builder), Cell::Flag(flag)) => builder.append_value(*flag),
                _ => bail!(
                    "a cell of {:?} is of another type than its column",
                    self.table
                ),
            }
        }
        self.length += 1;
        Ok(())
    }

    /// All of them.
    pub fn finish(mut self) -> Result<RecordBatch> {
        let array = |builder: &mut Builder| -> ArrayRef {
            match builder {
                Builder::Text(builder) => Arc::new(builder.finish()),
                Builder::Int(builder) => Arc::new(builder.finish()),
                Builder::Small(builder) => Arc::new(builder.finish()),
                Builder::Real(builder) => Arc::new(builder.finish()),
                Builder::Flag(builder) => Arc::new(builder.finish()),
            }
        };
        let arrays = self.builders.iter_mut().map(array).collect();
        RecordBatch::try_new(self.table.schema(), arrays).context("rows cannot be put together")
    }
}
