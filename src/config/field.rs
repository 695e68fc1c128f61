//! One field: whether its value is of its kind, and the rules that hold it to its neighbours.

use super::check;
use super::decode::Decoder;
use super::model::Action;
use super::nearest::nearest;
use super::node::Node;
use super::problem::Severity;
use super::row::{Cell, Row};
use super::table;
use crate::cart::Money;
use crate::geometry::Shape;
use alloc::string::String;

impl<const SAY: bool> Decoder<'_, SAY> {
    /// Reads the field `key` of an object into the cell of its row.
    #[inline(never)]
    pub fn field<N: Node>(&mut self, node: &N, field: &str, key: &str, row: &mut Row) {
        let &[kind, need, ..] = field.as_bytes() else {
            return;
        };
        let node = node.get(key);
        let needed = need == b'!' || (need == b'?' && self.is_needed(kind, row));
        row.cell = Cell {
            number: f64::NAN,
            money: None,
        };
        if !needed && node.as_ref().is_none_or(Node::is_null) {
            return;
        }
        let mark = self.enter(key);
        let right = match &node {
            Some(node) => self.value(node, kind, needed, row),
            None => false,
        };
        if !right {
            self.refuse_kind(node.as_ref(), kind);
        }
        self.leave(mark);
    }

    /// Whether a field must be there because of what was read before.
    fn is_needed(&self, kind: u8, row: &Row) -> bool {
        let action = row.number(0);
        if SAY && matches!(kind, b'k' | b'e' | b'h' | b'g' | b'Q') {
            return match kind {
                b'k' => action == 4.0,
                b'e' | b'h' => action == 5.0,
                b'g' => action == 6.0,
                // The first kind of poll has answers of its own.
                _ => action == 6.0 && row.before().max(0.0) == 0.0,
            };
        }
        match kind {
            b'#' => self.shape != 0,
            b'R' => self.needs_product(),
            // Unless there are variants to draw one from.
            b't' => row.before().is_nan(),
            // The eighth format is a push within the page.
            b'u' => row.before() != 7.0,
            // The fourth shape has points, the fourth action a time, the fourth platform's cart is described.
            _ => row.before() == 3.0,
        }
    }

    /// Whether the action of the hotspot means a product.
    #[inline(never)]
    pub fn needs_product(&self) -> bool {
        !matches!(
            self.hotspot.action,
            Action::Seek { .. } | Action::Link { url: true }
        )
    }

    /// Reads a value into the cell, and says whether it is of its kind.
    fn value<N: Node>(&mut self, node: &N, kind: u8, needed: bool, row: &mut Row) -> bool {
        if SAY && kind == b'P' && node.keys().is_some() {
            self.object(node, b'X', 0);
            return true;
        }
        match kind {
            b'2' if !SAY => true,
            b'0'..=b'9' => {
                // A wrong action needs no product, so that it makes no second error.
                if kind == b'5' {
                    self.hotspot.action = Action::Seek { time: 0.0 };
                }
                self.object(node, kind, 0);
                true
            }
            b'A' | b'B' | b'M' | b'T' => self.map(node, kind),
            b'A'..=b'Z' => self.list(node, kind, row),
            b'j' if SAY => true,
            b'n' if SAY => node
                .number()
                .is_some_and(|number| number >= 0.0 && number.is_finite()),
            b'p' if SAY => node.number().is_some_and(is_count),
            b'v' => node.number() == Some(1.0),
            b'b' => {
                let flag = node.boolean();
                row.cell.number = f64::from(u8::from(flag == Some(true)));
                flag.is_some()
            }
            b'!'..=b'@' => self.number(node, kind, row),
            b'z' => true,
            _ => match node.text() {
                Some(text) => self.text(node, kind, needed, &text, row),
                None => false,
            },
        }
    }

    fn number<N: Node>(&mut self, node: &N, kind: u8, row: &mut Row) -> bool {
        let percent = kind == b'%' || kind == b'#';
        let mut number = node.number();
        if number.is_none() && !percent {
            number = node.text().and_then(|text| check::seconds(&text));
        }
        let number = number.unwrap_or(-1.0);
        if !(0.0..=if percent { 100.0 } else { f64::MAX }).contains(&number) {
            return false;
        }
        row.cell.number = number;
        if kind == b'>' && number <= row.before() {
            self.refuse(Some(node), "a time after start");
        }
        if kind == b'+' {
            if number <= self.last {
                self.refuse(Some(node), "a later time than the keyframe before it has");
            }
            if number < self.hotspot.start || number > self.hotspot.end {
                self.refuse(Some(node), "a time from the hotspot's start to its end");
            }
            self.last = number;
        }
        true
    }

    fn text<N: Node>(
        &mut self,
        node: &N,
        kind: u8,
        needed: bool,
        text: &str,
        row: &mut Row,
    ) -> bool {
        if table::is_word::<SAY>(kind) {
            return self.pick(kind, text, row);
        }
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() {
            return !needed;
        }
        let right = check::is_short(text)
            && match kind {
                kind if kind == b'u' || SAY && kind == b'h' => check::is_link(trimmed),
                b'm' | b's' => {
                    row.cell.money = Money::parse(text);
                    row.cell.money.is_some()
                }
                b'l' => check::is_locale(text),
                b'y' => check::is_css_value(text),
                _ => true,
            };
        if !right {
            return false;
        }
        row.cell.number = 1.0;
        if kind == b'i' && !self.ids.add(self.scope, text) {
            self.refuse(Some(node), "an id that nothing before it in this list has");
        }
        if kind == b's' && !is_sale(row.cell.money, row.price_before().or(self.regular)) {
            self.refuse(Some(node), "at most the price, in its currency");
        }
        true
    }

    /// Finds a word among the names of its kind.
    fn pick(&mut self, kind: u8, text: &str, row: &mut Row) -> bool {
        let Some(index) = table::position(table::names::<SAY>(kind), text) else {
            return false;
        };
        row.cell.number = index as f64;
        true
    }

    /// Reads an item that is no object: a text of a kind, which must be there.
    pub fn entry<N: Node>(&mut self, node: &N, kind: u8) {
        if !self.value(node, kind, true, &mut Row::default()) {
            self.refuse_kind(Some(node), kind);
        }
    }

    /// Reads a corner of a polygon.
    pub fn corner<N: Node>(&mut self, node: &N) {
        let (x, y) = (coordinate(node, 0), coordinate(node, 1));
        if node.length() != Some(2) || x < 0.0 || y < 0.0 {
            let allowed = "[x, y], both from 0 to 100 (percent of the hotspot's box)";
            self.refuse(Some(node), allowed);
        }
        if let Shape::Polygon(corners) = &mut self.hotspot.shape {
            corners.push((x, y));
        }
    }

    /// Reads the id of a product that a hotspot names.
    pub fn reference<N: Node>(&mut self, node: &N) {
        let id = node.text().unwrap_or_default();
        // Which products there are is known once they are there.
        if SAY && self.elsewhere && !id.is_empty() {
            return self.hotspot.products.push(0);
        }
        let Some(place) = self.ids.find(&id) else {
            return self.note(Severity::Error, |decoder| {
                let nearest = nearest(&id, &decoder.ids.products(), &mut decoder.guesses);
                let allowed = String::from("the id of a product of this file, in quotes");
                (node.show(), allowed, nearest)
            });
        };
        let Some(product) = self.config.products.get(place) else {
            let allowed = "a product without errors: this one was left out";
            return self.refuse(Some(node), allowed);
        };
        let products = &mut self.hotspot.products;
        // The library's `contains` is unrolled, for 150 bytes.
        #[allow(clippy::manual_contains)]
        if products.iter().any(|product| *product == place) {
            return self.note(Severity::Warning, |_| {
                (node.show(), String::from("each product once"), None)
            });
        }
        products.push(place);
        if let (Action::Link { url: false }, false, 1) =
            (&self.hotspot.action, product.link, products.len())
        {
            let allowed = "a first product that has a link, or a url in the action";
            self.refuse(Some(node), allowed);
        }
    }
}

/// Whether it is a whole number from 1 that JavaScript holds exactly.
fn is_count(number: f64) -> bool {
    (1.0..=9_007_199_254_740_991.0).contains(&number) && number % 1.0 == 0.0
}

/// Whether the sale price is right beside the price.
fn is_sale(sale: Option<Money>, price: Option<Money>) -> bool {
    match (sale, price) {
        (Some(sale), Some(price)) => sale.currency == price.currency && sale.minor <= price.minor,
        _ => false,
    }
}

/// A number of a pair, if it is a percentage; else -1.
#[inline(never)]
fn coordinate<N: Node>(pair: &N, index: usize) -> f64 {
    match pair.item(index).and_then(|item| item.number()) {
        Some(number) if (0.0..=100.0).contains(&number) => number,
        _ => -1.0,
    }
}
