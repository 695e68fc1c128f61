//! The list of the products in the video: the equal alternative to hitting a moving target. What
//! stands in it is the host's to draw.

use super::Session;
use super::card::Reason;
use super::effect::{Do, push};
use crate::event::{Kind, NO_VALUE, Subject};

/// A jump to a hotspot's start goes this much further, in seconds: browsers round times to
/// microseconds, and a hair before its start the hotspot is not there yet.
const HAIR: f64 = 0.001;

impl Session {
    /// The list was opened. The card gives way to it.
    pub fn open_list(&mut self) {
        self.settle();
        self.close_card(Reason::Replaced);
        self.listed = self.emit(Kind::ViewItemList, 0, Subject::VIDEO, NO_VALUE, 0);
    }

    /// An entry of the list was chosen: one of a hotspot's products. The video jumps to the hotspot
    /// unless it is on screen, and its card opens as if it had been clicked.
    pub fn pick(&mut self, index: usize, shown: usize) {
        self.settle();
        let Some(hotspot) = self.config.hotspots.get(index) else {
            return;
        };
        let time = self.media.time;
        if time < hotspot.start || time >= hotspot.end {
            push(&mut self.effects, Do::Seek, &[hotspot.start + HAIR]);
        }
        let select = self.tell_hotspot(Kind::SelectItem, index, self.listed);
        self.picked = (self.click(index, select), shown);
    }
}
