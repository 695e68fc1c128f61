//! The door: who may send, what, and how much; and what is answered.

mod admin;
pub mod body;
pub mod limits;
pub mod origin;
pub mod routes;
pub mod sender;
