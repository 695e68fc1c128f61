//! A segment's line: one batch.

use crate::batch::{Batch, Event, Group};
use std::fmt::Write;

/// Who sent a batch, as its lines say.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    /// The site that the write key belongs to.
    pub site: Box<str>,
    /// The address, as far as it is kept.
    pub ip: Option<String>,
    /// It says that it is no person.
    pub bot: bool,
    /// What it says that it is.
    pub user_agent: Option<String>,
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Appends the line's start, up to its events.
pub fn begin(out: &mut Vec<u8>, sender: &Sender, received_at: i64, batch: &Batch, group: &Group) {
    let mut head = String::with_capacity(256);
    let sent_at = group
        .sent_at
        .map_or_else(|| "null".to_owned(), |time| time.to_string());
    let site = quoted(&sender.site);
    // Writing to a String cannot fail.
    let _ = write!(
        head,
        "{{\"v\":1,\"received_at\":{received_at},\"sent_at\":{sent_at},\"site\":{site}"
    );
    if let Some(ip) = &sender.ip {
        let _ = write!(head, ",\"ip\":{}", quoted(ip));
    }
    let _ = write!(head, ",\"bot\":{}", sender.bot);
    if let Some(user_agent) = &sender.user_agent {
        let _ = write!(head, ",\"user_agent\":{}", quoted(user_agent));
    }
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(b",\"context\":");
    match &group.context {
        Some(context) => out.extend_from_slice(batch.bytes(context)),
        None => out.extend_from_slice(b"{}"),
    }
    out.extend_from_slice(b",\"events\":[");
}

/// Appends an event.
pub fn push(out: &mut Vec<u8>, batch: &Batch, event: &Event, first: bool) {
    if !first {
        out.push(b',');
    }
    out.extend_from_slice(batch.bytes(&event.text));
}

/// Appends the line's end; `unknown` are the places of events whose type is none of the catalogue.
pub fn end(out: &mut Vec<u8>, unknown: &[usize]) {
    out.push(b']');
    if !unknown.is_empty() {
        let marks: Vec<String> = unknown
            .iter()
            .map(|at| format!("\"{at}\":[\"unknown_type\"]"))
            .collect();
        out.extend_from_slice(format!(",\"marks\":{{{}}}", marks.join(",")).as_bytes());
    }
    out.extend_from_slice(b"}\n");
}
