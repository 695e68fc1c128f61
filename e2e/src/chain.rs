//! What an analyst checks in collected events: nothing is missing, and what led to what.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The events' types, in order.
pub fn types(events: &[Value]) -> Vec<String> {
    let text = |event: &Value| event["type"].as_str().unwrap_or("?").to_owned();
    events.iter().map(text).collect()
}

/// A view's `seq` starts at 0 and misses none; ids are all different.
pub fn check_seq(view: &[Value]) -> Result<()> {
    let numbers: Vec<Option<u64>> = view.iter().map(|event| event["seq"].as_u64()).collect();
    let wanted: Vec<Option<u64>> = (0..).take(numbers.len()).map(Some).collect();
    ensure!(
        numbers == wanted,
        "seq has gaps or repeats: {numbers:?} in {:?}",
        types(view)
    );
    let mut ids: Vec<&str> = view
        .iter()
        .filter_map(|event| event["id"].as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ensure!(ids.len() == view.len(), "ids repeat or miss: {ids:?}");
    Ok(())
}

/// The only event of a type.
pub fn one<'a>(events: &'a [Value], name: &str) -> Result<&'a Value> {
    let mut found = events.iter().filter(|event| event["type"] == name);
    let first = found
        .next()
        .with_context(|| format!("no {name} among {:?}", types(events)))?;
    ensure!(
        found.next().is_none(),
        "more than one {name} among {:?}",
        types(events)
    );
    Ok(first)
}

/// An event's cause is another one.
pub fn caused(event: &Value, by: &Value) -> Result<()> {
    ensure!(
        event["cause"] == by["id"] && by["id"].is_string(),
        "the cause of {} is {}, not the {} {}",
        event["type"],
        event["cause"],
        by["type"],
        by["id"]
    );
    Ok(())
}
