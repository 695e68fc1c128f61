//! What the fields of an object say, in the words of the model.

use super::decode::Decoder;
use super::model::*;
use super::row::Row;
use crate::motion::{Interpolation, Keyframe, Place};
use core::mem::take;

impl<const SAY: bool> Decoder<'_, SAY> {
    /// Keeps what an object says, unless it has an error: the item `source` of its list, if it is
    /// one. The cells of its row are in the order of its fields in the table.
    pub fn build(&mut self, kind: u8, source: usize, row: &Row) {
        match kind {
            b'K' => self.keyframe(row),
            b'5' => {
                self.hotspot.action = match row.number(0) as i32 {
                    0 => Action::Card,
                    1 => Action::Link { url: row.has(2) },
                    2 => Action::AddToCart,
                    _ => Action::Seek {
                        time: row.number(1),
                    },
                }
            }
            b'H' => {
                let mut hotspot = take(&mut self.hotspot);
                hotspot.source = source;
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
            b'V' if !self.bad => self.variants.push(Variant {
                source,
                price: row.price(2),
                sale_price: row.price(3),
                availability: row.availability(5),
            }),
            b'P' => {
                let variants = take(&mut self.variants);
                // With its last variant the product would lose what there is to buy of it.
                self.bad |= row.number(11) > 0.0 && variants.is_empty();
                if !self.bad {
                    self.config.products.push(Product {
                        source,
                        price: row.price(5),
                        sale_price: row.price(6),
                        availability: row.availability(7).unwrap_or_default(),
                        link: row.has(3),
                        variants,
                    });
                }
            }
            b'S' => self.span = (row.number(2), row.number(3)),
            b'1' => {
                self.named = row.has(0);
                let duration = row.number(2);
                self.config.video.duration = (duration >= 0.0).then_some(duration);
            }
            b'8' if SAY => self.elsewhere = row.has(0),
            b'4' if row.has(0) && row.has(2) => {
                self.config.experiment = Some(Experiment {
                    start: row.number(3),
                })
            }
            _ => {}
        }
    }

    fn keyframe(&mut self, row: &Row) {
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
}
