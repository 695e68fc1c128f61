//! What of the card the host draws.

use super::effect::{Do, push};
use super::stage::box_at;
use super::{CardSpot, Session, card_spot};
use crate::cart::CartState;
use crate::event::NOTHING;

/// What the card shows, as indices into the hotspot file as it was understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CardView {
    /// Whose products it shows.
    pub hotspot: usize,
    /// Which of its products, by their order in the hotspot.
    pub shown: usize,
    /// The chosen variant.
    pub variant: Option<usize>,
    /// Whether that can be bought.
    pub available: bool,
    /// How far *add to cart* has come.
    pub cart: CartState,
    /// Where it is drawn.
    pub spot: CardSpot,
}

impl Session {
    /// The card as it shall be drawn; `None` while it is closed.
    pub fn card(&self) -> Option<CardView> {
        let card = self.card.as_ref().filter(|card| card.open)?;
        // Also where it is not on screen: where it will come, or was last.
        let stage = &self.stage;
        let hotspot = self.config.hotspots.get(card.hotspot);
        let place = hotspot.map(|hotspot| box_at(hotspot, stage.ground(), self.media.time));
        Some(CardView {
            hotspot: card.hotspot,
            shown: card.shown,
            variant: card.variant,
            available: self.sellable(),
            cart: card.cart,
            spot: place.map_or(CardSpot::SHEET, |[x, y, w, h, ..]| {
                card_spot([x, y, w, h], stage.safe)
            }),
        })
    }

    /// Has an open card drawn where its hotspot is now.
    pub(super) fn move_card(&mut self) {
        if self.card.is_some() {
            self.draw_card(false);
        }
    }

    /// Has the card drawn as it shall be now.
    pub(super) fn draw_card(&mut self, focus: bool) {
        let focus = f64::from(focus);
        let Some(view) = self.card() else {
            return push(&mut self.effects, Do::Card, &[focus]);
        };
        let (state, note) = match view.cart {
            CartState::Idle => (0.0, 0),
            CartState::Pending { .. } => (1.0, 0),
            CartState::Added => (2.0, 0),
            CartState::Refused { note } => (3.0, note),
            CartState::Missing => (4.0, 0),
        };
        let CardSpot {
            side,
            left,
            top,
            rise,
        } = view.spot;
        let side = f64::from(side as u8);
        let variant = view
            .variant
            .map_or(f64::from(NOTHING), |index| index as f64);
        let available = f64::from(view.available);
        let (hotspot, shown, note) = (view.hotspot as f64, view.shown as f64, f64::from(note));
        let numbers = [
            focus, hotspot, shown, variant, available, state, note, side, left, top, rise,
        ];
        push(&mut self.effects, Do::Card, &numbers);
    }
}
