//! What is posted of an intent.

use crate::figures::rows::Row;
use crate::frame::Frame;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// A message: the same intent has always the same.
#[derive(Debug)]
pub struct Message {
    /// `webhook-id`: of the intent, so that it is the same after a crash, too.
    pub id: String,
    /// The intent.
    pub intent: String,
    /// JSON.
    pub body: Vec<u8>,
}

impl Message {
    /// Of a row of `intents`.
    pub fn of(frame: &Frame, row: &Row) -> Self {
        let intent = row.text("intent").to_owned();
        let cells = frame.columns.iter().map(|name| {
            let value = row
                .value(name)
                .and_then(|value| serde_json::to_value(value).ok());
            (name.clone(), value.unwrap_or(Value::Null))
        });
        let body = json!({
            "type": "stream_intent.abandoned",
            "timestamp": row.text("closed_at"),
            "data": cells.collect::<Map<_, _>>(),
        });
        // What browsers send is anybody's text, and no header takes all of it.
        let hash = digest(
            &SHA256,
            format!("{}\0{intent}", row.text("site")).as_bytes(),
        );
        let hex: String = hash
            .as_ref()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            id: format!("msg_{hex}"),
            body: body.to_string().into_bytes(),
            intent,
        }
    }
}
