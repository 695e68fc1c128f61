//! A table of plain rows, whatever engine they came from.

use serde::Serialize;

/// One cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// A whole number: a count, minor units, milliseconds.
    Int(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
}

impl Value {
    /// As a whole number, where it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// As a number, where it is one.
    pub fn real(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// As a text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Null, Self::Real)
    }
}

/// Rows with named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<Value>>,
}

impl Frame {
    /// Where a column is.
    pub fn index(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    /// A cell.
    pub fn cell(&self, row: usize, column: &str) -> Option<&Value> {
        self.rows.get(row)?.get(self.index(column)?)
    }

    /// Puts columns behind another one; `values` makes their cells of each row's.
    pub fn insert_after<const N: usize>(
        &mut self,
        place: usize,
        names: [String; N],
        values: impl Fn(&[Value]) -> [Value; N],
    ) {
        let at = (place + 1).min(self.columns.len());
        self.columns.splice(at..at, names);
        for row in &mut self.rows {
            let new = values(row);
            row.splice(at..at, new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_behind_the_one_they_belong_to() {
        let mut frame = Frame {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![Value::Int(2), Value::Int(3)]],
        };
        frame.insert_after(0, ["twice".to_owned()], |row| {
            [row[0].real().map(|number| number * 2.0).into()]
        });
        assert_eq!(frame.columns, ["a", "twice", "b"]);
        assert_eq!(frame.cell(0, "twice"), Some(&Value::Real(4.0)));
        assert_eq!(frame.cell(0, "b"), Some(&Value::Int(3)));
    }
}
