//! What a figure is worth: intervals, tests, estimates.
