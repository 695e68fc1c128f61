//! What a product costs and whether it can be bought.

use crate::cart::Money;
use crate::config::{Availability, Config, Product};
use alloc::vec::Vec;

impl Product {
    /// Whether it can be bought, or this variant of it.
    pub fn is_available(&self, variant: Option<usize>) -> bool {
        let variant = variant.and_then(|index| self.variants.get(index));
        variant
            .and_then(|v| v.availability)
            .unwrap_or(self.availability)
            != Availability::OutOfStock
    }

    /// The price now of it or of this variant, and the regular one where that differs. A variant's
    /// own price goes before the product's, and then the product's sale does not count.
    pub fn prices(&self, variant: Option<usize>) -> (Option<Money>, Option<Money>) {
        let (price, sale) = match variant.and_then(|index| self.variants.get(index)) {
            Some(variant) if variant.price.is_some() || variant.sale_price.is_some() => {
                (variant.price.or(self.price), variant.sale_price)
            }
            _ => (self.price, self.sale_price),
        };
        if sale.is_some() {
            (sale, price)
        } else {
            (price, None)
        }
    }
}

/// Products and their variants as the host needs them, eight numbers each: the product's index, its
/// place in the file, the variant's index and its place in the file (-1 for the product itself),
/// the price now and the regular price where that differs (minor units; NaN for none), the
/// currency's decimals, and 1 where it can be bought, else 0.
pub fn goods(config: &Config) -> Vec<f64> {
    let mut rows = Vec::new();
    for (index, product) in config.products.iter().enumerate() {
        push_row(&mut rows, index, product, None);
        for variant in 0..product.variants.len() {
            push_row(&mut rows, index, product, Some(variant));
        }
    }
    rows
}

fn push_row(rows: &mut Vec<f64>, index: usize, product: &Product, variant: Option<usize>) {
    let (now, before) = product.prices(variant);
    let minor = |money: Option<Money>| money.map_or(f64::NAN, |money| money.minor as f64);
    let digits = now.map_or(0, |money| money.currency.exponent()) as f64;
    let at = |place: Option<usize>| place.map_or(-1.0, |place| place as f64);
    let source = variant
        .and_then(|index| product.variants.get(index))
        .map(|variant| variant.source);
    let available = f64::from(product.is_available(variant));
    rows.extend([
        index as f64,
        product.source as f64,
        at(variant),
        at(source),
        minor(now),
        minor(before),
        digits,
        available,
    ]);
}

/// Hotspots as the host needs them: the place in the file, the number of products, their indices.
pub fn spots(config: &Config) -> Vec<f64> {
    let mut rows = Vec::new();
    for hotspot in &config.hotspots {
        rows.push(hotspot.source as f64);
        rows.push(hotspot.products.len() as f64);
        rows.extend(hotspot.products.iter().map(|index| *index as f64));
    }
    rows
}
