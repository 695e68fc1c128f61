//! What was read of an object, field by field.

use crate::cart::Money;
use core::mem::{swap, take};

/// What was read of a field: a text, a number (or the place of a word among its names, or the
/// length of a list) or texts by name. Of an absent one the number is none.
#[derive(Default)]
pub(super) struct Cell {
    pub text: Option<String>,
    pub number: f64,
    pub pairs: Vec<(String, String)>,
}

/// The fields of an object in the order of the table, and the one that is being read. What a field
/// says is swapped into its place in the model: that needs no code to drop what was there.
#[derive(Default)]
pub(super) struct Row {
    cells: Vec<Cell>,
    pub cell: Cell,
}

impl Row {
    /// Puts the cell that was read to the others.
    pub fn next(&mut self) {
        self.cells.push(take(&mut self.cell));
    }

    /// The number of the field before the one that is being read.
    #[inline(never)]
    pub fn before(&self) -> f64 {
        self.number(self.cells.len().wrapping_sub(1))
    }

    /// The text of the field before the one that is being read.
    pub fn text_before(&self) -> Option<&str> {
        self.get(self.cells.len().wrapping_sub(1))
    }

    #[inline(never)]
    pub fn get(&self, index: usize) -> Option<&str> {
        self.cells.get(index)?.text.as_deref()
    }

    #[inline(never)]
    pub fn number(&self, index: usize) -> f64 {
        self.cells.get(index).map_or(f64::NAN, |cell| cell.number)
    }

    #[inline(never)]
    pub fn text(&mut self, index: usize, to: &mut Option<String>) {
        if let Some(cell) = self.cells.get_mut(index) {
            swap(&mut cell.text, to);
        }
    }

    #[inline(never)]
    pub fn needed(&mut self, index: usize, to: &mut String) {
        if let Some(cell) = self.cells.get_mut(index)
            && let Some(text) = &mut cell.text
        {
            swap(text, to);
        }
    }

    #[inline(never)]
    pub fn price(&self, index: usize, to: &mut Option<Money>) {
        *to = Money::parse(self.get(index).unwrap_or_default());
    }

    #[inline(never)]
    pub fn pairs(&mut self, index: usize, to: &mut Vec<(String, String)>) {
        if let Some(cell) = self.cells.get_mut(index) {
            swap(&mut cell.pairs, to);
        }
    }
}
