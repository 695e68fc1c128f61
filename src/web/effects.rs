//! Carrying out what the session wants done.

use super::app::App;
use crate::session::Do;

impl App {
    /// Works off what the session wants done, and sets the timer. Where a page's
    /// listener calls back into the overlay, the outermost call does it, so that effects keep their
    /// order.
    pub(super) fn work(&self) {
        if self.working.replace(true) {
            return;
        }
        loop {
            let Ok(mut state) = self.state.try_borrow_mut() else {
                break;
            };
            if state.next.is_some() {
                state.session.retire();
            }
            let effects = state.session.take_effects();
            if effects.is_empty() {
                let Some(next) = state.next.take() else { break };
                state.session.set_config(next);
                drop(state);
                self.adopt();
                continue;
            }
            drop(state);
            self.host.carry(&effects);
        }
        let Ok(mut state) = self.state.try_borrow_mut() else {
            return;
        };
        let (due, destroyed) = (state.session.deadline(), state.destroyed);
        let changed = due != state.due;
        state.due = due;
        drop(state);
        if changed {
            self.tell(
                Do::Wake,
                due.map_or(f64::NAN, |at| at - self.host.monotonic()),
            );
        }
        self.working.set(false);
        if destroyed {
            self.tell(Do::Destroy, 0.0);
            self.end();
        }
    }

    /// Has the host do one thing.
    pub(super) fn tell(&self, what: Do, number: f64) {
        self.host.carry(&[3.0, f64::from(what as u8), number]);
    }
}
