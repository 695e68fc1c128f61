//! The same batches elsewhere: to NATS JetStream and S3, at least once.
//!
//! A forwarder follows the segments from a place that it remembers. It needs nothing of the
//! collector's request path, may run beside it or later, and goes on where it was after any outage.
//! Its place moves only after the other side has said that it keeps what it got.

pub mod command;
mod follow;
pub mod lag;
mod nats;
mod position;
mod run;
mod s3;

pub use follow::{Chunk, Odd, next};
pub use nats::Nats;
pub use position::Position;
pub use run::{Forwarder, Target};
pub use s3::S3;
