//! The overlay in real browsers.
