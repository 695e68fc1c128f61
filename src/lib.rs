//! Vitrine: shoppable hotspots on any HTML5 video.
//!
//! Everything but this file and `web/` is pure Rust: no browser, no clock, no global state.
//! It is tested natively; `web/` carries out what it decides.

pub mod cart;
pub mod config;
pub mod geometry;
pub mod motion;
pub mod outbox;
pub mod timeline;
