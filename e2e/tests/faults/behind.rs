//! Nothing is behind the sink here: what it took, it has. In `tests/collected` there is.

use e2e::Result;
use std::net::SocketAddr;
use xtask::server::Batch;

/// Nothing.
pub struct Behind;

impl Behind {
    /// Nothing to start.
    pub fn start() -> Result<Behind> {
        Ok(Behind)
    }

    /// Nowhere.
    pub fn address(&self) -> Option<SocketAddr> {
        None
    }

    /// What the sink took is looked at in the sink.
    pub fn has(&self, _: impl Fn() -> Vec<Batch>) -> Result<()> {
        Ok(())
    }
}
