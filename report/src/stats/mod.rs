//! What a figure is worth: intervals, tests, estimates.

pub mod attribution;
pub mod bayes;
pub mod compare;
pub mod forecast;
pub mod means;
pub mod nps;
pub mod sequential;
pub mod shrink;
pub mod wilson;

/// The quantile of the standard normal distribution for a two-sided level of 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// Where a true value lies, by what was counted.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Interval {
    /// Not below this.
    pub low: f64,
    /// Not above this.
    pub high: f64,
}

impl Interval {
    /// Whether a value is within, the ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.high - self.low
    }
}
