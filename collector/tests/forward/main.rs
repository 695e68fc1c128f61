//! The real program, a real NATS server, and moto in place of S3.
#![cfg(feature = "forward")]

mod nats;
mod s3;
mod servers;
