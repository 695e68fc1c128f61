//! What was read of an object, field by field.

use super::model::Availability;
use crate::cart::Money;
use alloc::vec::Vec;

/// What was read of a field: a number, the place of a word among its names, the length of a list,
/// or 1 for a text; not a number if it is absent or wrong.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    pub number: f64,
    /// Of a price.
    pub money: Option<Money>,
}

/// The fields of an object in the order of the table, and the one that is being read.
#[derive(Default)]
pub(super) struct Row {
    cells: Vec<Cell>,
    pub cell: Cell,
}

impl Row {
    /// Puts the cell that was read to the others.
    pub fn next(&mut self) {
        self.cells.push(self.cell);
    }

    /// How many fields were read.
    pub fn length(&self) -> usize {
        self.cells.len()
    }

    /// The number of the field before the one that is being read.
    #[inline(never)]
    pub fn before(&self) -> f64 {
        self.number(self.cells.len().wrapping_sub(1))
    }

    #[inline(never)]
    pub fn number(&self, index: usize) -> f64 {
        self.cells.get(index).map_or(f64::NAN, |cell| cell.number)
    }

    /// Whether a text is there.
    pub fn has(&self, index: usize) -> bool {
        self.number(index) == 1.0
    }

    #[inline(never)]
    pub fn price(&self, index: usize) -> Option<Money> {
        self.cells.get(index).and_then(|cell| cell.money)
    }

    /// The price of the field before the one that is being read.
    pub fn price_before(&self) -> Option<Money> {
        self.price(self.cells.len().wrapping_sub(1))
    }

    #[inline(never)]
    pub fn availability(&self, index: usize) -> Option<Availability> {
        let place = self.number(index);
        if place.is_nan() {
            return None;
        }
        Some(match place as i32 {
            1 => Availability::OutOfStock,
            2 => Availability::Preorder,
            3 => Availability::Backorder,
            _ => Availability::InStock,
        })
    }
}
