//! The only code that names a browser.

#[cfg(feature = "overlay")]
mod app;
#[cfg(feature = "overlay")]
mod dispatch;
#[cfg(feature = "overlay")]
mod effects;
#[cfg(feature = "overlay")]
mod host;
mod node;
#[cfg(feature = "check")]
pub mod problems;

#[cfg(feature = "overlay")]
pub use {app::App, host::Host};

use talc::cell::TalcSyncCell;
use talc::wasm::{WasmBinning, WasmGrowAndClaim};

#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, WasmBinning> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);
