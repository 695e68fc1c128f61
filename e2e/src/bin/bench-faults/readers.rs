//! What other trackers send, as batches of `{ id, made }`: their own mark of an event, and the bench's label.

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::Read;

fn batch(events: Vec<Value>) -> Value {
    json!({ "schema": "vitrine/1", "events": events })
}

fn json(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))
}

/// Tracker protocol 2: `eid` is the mark, and an entity has the label.
pub fn snowplow(body: &[u8]) -> Result<Value, String> {
    let body = json(body)?;
    let events = body["data"].as_array().ok_or("data: a list is needed")?;
    let read = |event: &Value| {
        let entities = json(event["co"].as_str().unwrap_or_default().as_bytes())?;
        let entities = entities["data"].as_array().cloned().unwrap_or_default();
        let mut ours = entities.into_iter().map(|mut entity| entity["data"].take());
        let mut ours = ours
            .find(|data| data["made"].is_string())
            .unwrap_or_default();
        ours["id"] = event["eid"].clone();
        Ok(ours)
    };
    let events: Result<Vec<Value>, String> = events.iter().map(read).collect();
    Ok(batch(events?))
}

/// One event, a list, or an object with a list; plain, gzip, or base64 in a form. `uuid` is the mark.
pub fn posthog(body: &[u8]) -> Result<Value, String> {
    let body = match body {
        [0x1f, 0x8b, ..] => {
            let mut text = Vec::new();
            let read = GzDecoder::new(body).read_to_end(&mut text);
            read.map_err(|error| format!("not gzip: {error}"))?;
            text
        }
        [b'd', b'a', b't', b'a', b'=', form @ ..] => base64(form),
        plain => plain.to_vec(),
    };
    let events = match json(&body)? {
        Value::Array(events) => events,
        Value::Object(mut one) => match one.remove("batch") {
            Some(Value::Array(events)) => events,
            _ => vec![Value::Object(one)],
        },
        _ => return Err("neither an event nor a list".to_owned()),
    };
    let read = |mut event: Value| {
        let mut ours = event["properties"].take();
        ours["id"] = event["uuid"].take();
        ours["event"] = event["event"].take();
        ours
    };
    Ok(batch(events.into_iter().map(read).collect()))
}

/// Base64 in the value of a form.
fn base64(form: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = url::form_urlencoded::parse(&[b"data=", form].concat())
        .next()
        .map(|(_, value)| value.into_owned().into_bytes())
        .unwrap_or_default();
    let mut out = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' | b' ' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peers_bodies_are_read() {
        let entities =
            json!({ "data": [{ "data": { "currentTime": 1 } }, { "data": { "made": "a" } }] });
        let body = json!({ "data": [{ "eid": "1", "co": entities.to_string() }] });
        let read = snowplow(body.to_string().as_bytes()).unwrap();
        assert_eq!(read["events"], json!([{ "id": "1", "made": "a" }]));
        let event = r#"{"uuid":"1","event":"play","properties":{"made":"a"}}"#;
        let expected = json!([{ "id": "1", "made": "a", "event": "play" }]);
        // printf %s "$event" | base64
        let form =
            "data=eyJ1dWlkIjoiMSIsImV2ZW50IjoicGxheSIsInByb3BlcnRpZXMiOnsibWFkZSI6ImEifX0%3D";
        for body in [
            event,
            &format!("[{event}]"),
            &format!(r#"{{"batch":[{event}]}}"#),
            form,
        ] {
            assert_eq!(posthog(body.as_bytes()).unwrap()["events"], expected);
        }
    }
}
