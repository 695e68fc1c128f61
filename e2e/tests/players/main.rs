//! The overlay on the players that shops use, from npm, with their stock markup and styles, and a
//! real HLS stream of two sizes.

mod hls_js;
#[path = "../all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;
mod stock;
mod stream;
mod video_js;
