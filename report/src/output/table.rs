//! A table for people: rates in percent with their interval, money in its currency.

use super::Answer;
use crate::figures::tables::digits;
use crate::frame::Value;
use crate::kpi::{Column, Head, Kind};
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, TableComponent, presets};
use std::fmt::Write;

/// One figure, with its heading.
pub fn table(answer: &Answer, width: Option<u16>) -> Result<String> {
    let head = answer.figure.head()?;
    let mut out = String::new();
    writeln!(out, "{} ({})", head.title, answer.figure.name)?;
    writeln!(out, "{}; {}; {}", head.unit, head.population, head.window)?;
    if head.by.len() > 1 {
        writeln!(
            out,
            "by {}; others: --by {}",
            answer.scope.by,
            head.by.join(" | ")
        )?;
    }
    if answer.frame.rows.is_empty() {
        writeln!(out, "\nNothing in this period with these filters.")?;
        return Ok(out);
    }
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, '─')
        .set_style(TableComponent::MiddleHeaderIntersections, '─')
        .set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width {
        table.set_width(width);
    }
    match answer.frame.rows.len() <= FEW {
        true => columns_down(&mut table, answer, &head),
        false => columns_across(&mut table, answer, &head),
    }
    writeln!(out, "{table}")?;
    Ok(out)
}

/// Few rows stand beside each other, with what their columns mean.
pub(super) const FEW: usize = 3;

fn columns_down(table: &mut Table, answer: &Answer, head: &Head) {
    let rows = 0..answer.frame.rows.len();
    for column in &head.columns {
        let mut cells = vec![Cell::new(spaced(&column.name))];
        cells.extend(
            rows.clone().map(|row| {
                Cell::new(cell(answer, row, column)).set_alignment(CellAlignment::Right)
            }),
        );
        cells.push(Cell::new(&column.words));
        table.add_row(cells);
    }
}

fn columns_across(table: &mut Table, answer: &Answer, head: &Head) {
    table.set_header(head.columns.iter().map(|column| spaced(&column.name)));
    for row in 0..answer.frame.rows.len() {
        table.add_row(head.columns.iter().map(|column| {
            let alignment = match column.kind {
                Kind::Text => CellAlignment::Left,
                _ => CellAlignment::Right,
            };
            Cell::new(cell(answer, row, column)).set_alignment(alignment)
        }));
    }
}

/// A column's name, as people read it.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// A cell, as people read it.
pub(super) fn cell(answer: &Answer, row: usize, column: &Column) -> String {
    let frame = &answer.frame;
    let number = |name: &str| frame.cell(row, name).and_then(Value::real);
    let value = frame.cell(row, &column.name).unwrap_or(&Value::Null);
    match (&column.kind, value) {
        (_, Value::Null) => "–".to_owned(),
        (_, Value::Text(text)) => text.clone(),
        (Kind::Rate(..), value) => {
            let ends = number(&format!("{}_low", column.name))
                .zip(number(&format!("{}_high", column.name)));
            let ends = ends.map_or(String::new(), |(low, high)| {
                format!(" [{:.1}–{:.1}]", low * 100.0, high * 100.0)
            });
            format!("{:.1} %{ends}", value.real().unwrap_or_default() * 100.0)
        }
        (Kind::Money, value) => {
            let currency = frame.cell(row, "currency").and_then(Value::text);
            money(
                value.real().unwrap_or_default(),
                currency.unwrap_or_default(),
            )
        }
        (Kind::Seconds, value) => duration(value.real().unwrap_or_default()),
        (Kind::Millis, value) => duration(value.real().unwrap_or_default() / 1000.0),
        (_, Value::Int(number)) => grouped(*number),
        (_, Value::Real(number)) => format!("{number:.2}"),
    }
}

/// `1234567` as `1 234 567`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Minor units as the currency is written. ISO 4217 says how many digits they are.
fn money(minor: f64, currency: &str) -> String {
    let digits = digits(currency);
    let scale = 10_i64.pow(digits.unsigned_abs());
    let minor = minor.round() as i64;
    let (whole, part) = (minor.abs() / scale, minor.abs() % scale);
    let sign = if minor < 0 { "-" } else { "" };
    let part = match digits {
        0 => String::new(),
        digits => format!(".{part:0width$}", width = digits.unsigned_abs() as usize),
    };
    format!("{sign}{}{part} {currency}", grouped(whole))
        .trim_end()
        .to_owned()
}

/// Seconds, as one reads them.
fn duration(seconds: f64) -> String {
    let whole = seconds.round() as i64;
    match whole {
        _ if seconds < 100.0 => format!("{seconds:.1} s"),
        0..6_000 => format!("{}:{:02} min", whole / 60, whole % 60),
        6_000..360_000 => format!("{}:{:02} h", whole / 3600, whole / 60 % 60),
        _ => format!("{} h", grouped(whole / 3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(grouped(-999), "-999");
        assert_eq!(money(123_456.0, "EUR"), "1 234.56 EUR");
        assert_eq!(money(-5.0, "EUR"), "-0.05 EUR");
        assert_eq!(money(1_500.0, "JPY"), "1 500 JPY");
        assert_eq!(money(1_500.0, "KWD"), "1.500 KWD");
        assert_eq!(duration(4.25), "4.2 s");
        assert_eq!(duration(125.0), "2:05 min");
        assert_eq!(duration(7_260.0), "2:01 h");
    }
}
