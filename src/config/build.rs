//! What the fields of an object say, in the words of the model.

use super::decode::Decoder;
use super::model::*;
use super::row::Row;
use crate::motion::{Interpolation, Keyframe, Place};
use core::mem::{swap, take};

impl Decoder<'_> {
    /// Keeps what an object says, unless it has an error. The cells of its row are in the order of
    /// its fields in the table.
    pub fn build(&mut self, kind: u8, row: &mut Row) {
        match kind {
            b'K' => self.keyframe(row),
            b'5' => self.action(row),
            b'H' => self.hotspot(row),
            b'V' => self.variant(row),
            b'P' => self.product(row),
            b'S' => self.segment(row),
            b'0' => {
                row.pairs(7, &mut self.config.campaign);
                row.text(8, &mut self.config.locale);
                row.pairs(9, &mut self.config.strings);
                row.pairs(10, &mut self.config.theme);
            }
            b'1' => {
                row.needed(0, &mut self.config.video.id);
                row.text(1, &mut self.config.video.title);
                let duration = row.number(2);
                self.config.video.duration = (duration >= 0.0).then_some(duration);
            }
            b'3' if row.get(0).is_some() => {
                let mut collector = Collector::default();
                row.needed(0, &mut collector.url);
                self.config.collector = Some(collector);
            }
            b'4' if row.get(0).is_some() && row.get(1).is_some() => {
                let mut experiment = Experiment::default();
                row.needed(0, &mut experiment.id);
                row.needed(1, &mut experiment.variant);
                self.config.experiment = Some(experiment);
            }
            _ => {}
        }
    }

    fn segment(&mut self, row: &mut Row) {
        let mut segment = Segment::default();
        row.needed(0, &mut segment.id);
        row.text(1, &mut segment.title);
        segment.start = row.number(2);
        segment.end = row.number(3);
        row.text(4, &mut segment.host);
        if !self.bad {
            self.config.video.segments.push(segment);
        }
    }

    fn keyframe(&mut self, row: &mut Row) {
        let (x, y) = (row.number(1), row.number(2));
        let (mut w, mut h) = (0.0, 0.0);
        // A point has no size.
        if self.shape != 0 {
            (w, h) = (row.number(3), row.number(4));
        }
        self.hotspot.path.keyframes.push(Keyframe {
            time: row.number(0),
            place: Place { x, y, w, h },
        });
    }

    fn action(&mut self, row: &mut Row) {
        self.hotspot.action = match row.number(0) as i32 {
            0 => Action::Card,
            1 => {
                let mut url = None;
                row.text(2, &mut url);
                Action::Link { url }
            }
            2 => Action::AddToCart,
            _ => Action::Seek {
                time: row.number(1),
            },
        };
    }

    fn hotspot(&mut self, row: &mut Row) {
        let mut hotspot = take(&mut self.hotspot);
        row.needed(0, &mut hotspot.id);
        row.text(1, &mut hotspot.label);
        hotspot.path.interpolation = match row.number(6) as i32 {
            1 => Interpolation::Step,
            2 => Interpolation::CatmullRom,
            _ => Interpolation::Linear,
        };
        hotspot.pause = row.number(9) == 1.0;
        if !self.bad {
            self.config.hotspots.push(hotspot);
        }
    }

    fn product(&mut self, row: &mut Row) {
        let mut product = Product::default();
        swap(&mut product.variants, &mut self.variants);
        // With its last variant the product would lose what there is to buy of it.
        self.bad |= row.number(11) > 0.0 && product.variants.is_empty();
        row.needed(0, &mut product.id);
        row.needed(1, &mut product.title);
        row.text(2, &mut product.description);
        row.text(3, &mut product.link);
        row.text(4, &mut product.image_link);
        row.price(5, &mut product.price);
        row.price(6, &mut product.sale_price);
        product.availability = availability(row.number(7)).unwrap_or_default();
        row.text(8, &mut product.brand);
        row.text(9, &mut product.item_group_id);
        row.text(10, &mut product.platform_id);
        if !self.bad {
            self.config.products.push(product);
        }
    }

    fn variant(&mut self, row: &mut Row) {
        let mut variant = Variant::default();
        row.needed(0, &mut variant.id);
        row.pairs(1, &mut variant.options);
        row.price(2, &mut variant.price);
        row.price(3, &mut variant.sale_price);
        row.text(4, &mut variant.image_link);
        variant.availability = availability(row.number(5));
        row.text(6, &mut variant.platform_id);
        if !self.bad {
            self.variants.push(variant);
        }
    }
}

#[inline(never)]
fn availability(place: f64) -> Option<Availability> {
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
