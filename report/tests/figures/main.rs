//! The figures, on events whose figures are known: by hand, or by another engine.

mod command_line;
mod hand;
mod oracle;
mod replaced;
mod support;
#[cfg(feature = "webhook")]
mod webhook;
