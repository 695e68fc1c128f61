//! The overlay in Chromium, Firefox and WebKit. Each module is a test file with one browser per
//! engine; all are one program, which links once.

mod ground;
