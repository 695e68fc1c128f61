//! The time of events: the wall clock's, as a document found it, carried on by one that never jumps.

/// A wall clock that moved by less has been corrected, as all are now and then, in milliseconds.
const JUMP_MS: f64 = 2_000.0;

/// Dates events. A wall clock that is put right, or wrong, while a page is open neither reorders nor
/// misdates its events.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// The wall clock's time when the other was 0, in milliseconds.
    origin: f64,
}

impl Clock {
    /// Both clocks' time now, in milliseconds.
    pub fn new(wall: f64, monotonic: f64) -> Self {
        Self {
            origin: wall - monotonic,
        }
    }

    /// The date of a time by the clock that never jumps.
    pub fn date(&self, monotonic: f64) -> f64 {
        self.origin + monotonic
    }

    /// The page was not looked at until now. A computer that slept stops the one clock and not the
    /// other: the wall clock is believed where it is ahead, so that time goes forward only.
    pub fn resume(&mut self, wall: f64, monotonic: f64) {
        let origin = wall - monotonic;
        if origin > self.origin + JUMP_MS {
            self.origin = origin;
        }
    }
}
