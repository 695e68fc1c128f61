//! What a collector, a network, a browser and a viewer do to events on their way, in real browsers: each
//! event arrives, or is counted; those that come twice have the same id.

mod answers;
mod behind;
mod browser;
mod cost;
mod ends;
mod lab;
mod storage;
mod viewer;

pub(crate) use e2e::engines;
