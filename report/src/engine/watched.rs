//! The table `watched`: what of its video each view played, one row for each stretch, of the view's last `view_end` in the
//! period.
//!
//! A list in JSON is what engines read least alike, so this table is made of it before the queries; they stay portable.

use crate::scope::Scope;
use anyhow::Result;
use datafusion::arrow::array::{AsArray, Float64Builder, RecordBatch, StringViewBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use std::sync::Arc;

const LAST_ENDS: &str = "
SELECT view_id, watched FROM (
  SELECT view_id, watched, ROW_NUMBER() OVER (PARTITION BY view_id ORDER BY seq DESC, time DESC, event_id DESC) AS place
  FROM events WHERE type = 'view_end' AND view_id IS NOT NULL AND NOT bot AND time >= $from AND time < $to
) WHERE place = 1 AND watched IS NOT NULL";

/// Whether a text of SQL names it. Where none does it need not be made, which takes as long as a figure.
pub fn is_named(sql: &str) -> bool {
    let code = sql.lines().filter(|line| !line.starts_with("--"));
    code.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .any(|word| word.eq_ignore_ascii_case("watched"))
}

/// Registers it, over the `events` that are registered.
pub async fn register(context: &SessionContext, scope: &Scope) -> Result<()> {
    let schema = Arc::new(Schema::new(vec![
        Field::new("view_id", DataType::Utf8View, false),
        Field::new("start_s", DataType::Float64, false),
        Field::new("end_s", DataType::Float64, false),
    ]));
    let mut stretches = Vec::new();
    let period = vec![
        ("from", ScalarValue::Int64(Some(scope.from))),
        ("to", ScalarValue::Int64(Some(scope.to))),
    ];
    let ends = context.sql(LAST_ENDS).await?.with_param_values(period)?;
    for ends in ends.collect().await? {
        let (views, texts) = (
            ends.column(0).as_string_view(),
            ends.column(1).as_string_view(),
        );
        let mut view = StringViewBuilder::new();
        let (mut start, mut end) = (Float64Builder::new(), Float64Builder::new());
        for row in 0..ends.num_rows() {
            for (from, to) in stretches_of(texts.value(row)) {
                view.append_value(views.value(row));
                start.append_value(from);
                end.append_value(to);
            }
        }
        stretches.push(RecordBatch::try_new(
            schema.clone(),
            vec![
                Arc::new(view.finish()),
                Arc::new(start.finish()),
                Arc::new(end.finish()),
            ],
        )?);
    }
    let table = MemTable::try_new(schema, vec![stretches])?;
    context.register_table("watched", Arc::new(table))?;
    Ok(())
}

/// `[[0, 4.5], [9, 12]]`, without what is no stretch.
fn stretches_of(text: &str) -> Vec<(f64, f64)> {
    let pairs: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let pair = |pair: &serde_json::Value| {
        let (start, end) = (pair.get(0)?.as_f64()?, pair.get(1)?.as_f64()?);
        (0.0 <= start && start < end).then_some((start, end))
    };
    pairs.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_named, stretches_of};

    #[test]
    fn a_table_is_named_by_a_whole_word() {
        assert!(is_named("SELECT 1\nFROM watched WHERE 1") && is_named("SELECT x FROM (Watched)"));
        assert!(!is_named(
            "-- column a (count): watched\nSELECT watched_view FROM unwatched"
        ));
    }

    #[test]
    fn what_is_no_stretch_is_left_out() {
        let text = "[[0,4.5],[9,9],[12,11],[1],7,[-1,3],[10,12]]";
        assert_eq!(stretches_of(text), [(0.0, 4.5), (10.0, 12.0)]);
        assert!(stretches_of("{}").is_empty() && stretches_of("[[").is_empty());
    }
}
