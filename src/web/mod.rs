//! The only code that names a browser.

#[cfg(feature = "overlay")]
mod app;
#[cfg(feature = "overlay")]
mod dispatch;
#[cfg(feature = "overlay")]
mod effects;
mod heap;
#[cfg(feature = "overlay")]
mod host;
mod node;
#[cfg(feature = "check")]
pub mod problems;

#[cfg(feature = "overlay")]
pub use {app::App, host::Host};
