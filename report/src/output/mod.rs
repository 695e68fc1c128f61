//! Figures as text: a table or a page for people, JSON and CSV for programs.

mod html;
mod table;

use crate::figures::Figure;
use crate::frame::{Frame, Value};
use crate::scope::Scope;
use anyhow::Result;
pub use html::html;
use serde_json::{Map, json};
pub use table::table;

/// A figure that was worked out.
pub struct Answer {
    /// Which.
    pub figure: &'static Figure,
    /// What was asked.
    pub scope: Scope,
    /// Its rows.
    pub frame: Frame,
}

/// One figure as JSON: what its columns mean, and a list of objects.
pub fn json(answer: &Answer) -> Result<serde_json::Value> {
    let head = answer.figure.head()?;
    let columns: Map<String, serde_json::Value> = head
        .columns
        .iter()
        .map(|column| (column.name.clone(), column.words.clone().into()))
        .collect();
    let rows = answer.frame.rows.iter().map(|row| {
        let cells = answer.frame.columns.iter().zip(row);
        cells
            .map(|(name, value)| Ok((name.clone(), serde_json::to_value(value)?)))
            .collect::<Result<Map<_, _>>>()
    });
    let rows: Result<Vec<_>> = rows.collect();
    Ok(json!({
        "figure": answer.figure.name,
        "title": head.title,
        "unit": head.unit,
        "population": head.population,
        "window": head.window,
        "from": answer.scope.from,
        "to": answer.scope.to,
        "by": answer.scope.by,
        "columns": columns,
        "rows": rows?,
    }))
}

/// One figure as CSV.
pub fn csv(frame: &Frame) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&frame.columns)?;
    for row in &frame.rows {
        out.write_record(row.iter().map(|value| match value {
            Value::Null => String::new(),
            Value::Int(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            // A spreadsheet takes these for a formula: https://owasp.org/www-community/attacks/CSV_Injection
            Value::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                format!("'{text}")
            }
            Value::Text(text) => text.clone(),
        }))?;
    }
    Ok(out.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_quoted_and_no_formula() {
        let text = |text: &str| Value::Text(text.to_owned());
        let frame = Frame {
            columns: vec!["name".to_owned(), "rate".to_owned()],
            rows: vec![
                vec![text("a, \"b\""), Value::Real(0.25)],
                vec![text("=1+1"), Value::Null],
            ],
        };
        let found = String::from_utf8(csv(&frame).unwrap()).unwrap();
        assert_eq!(found, "name,rate\n\"a, \"\"b\"\"\",0.25\n'=1+1,\n");
    }
}
