//! What an analyst checks in collected events: nothing is missing, and what led to what.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The events' types, in order.
pub fn types(events: &[Value]) -> Vec<String> {
    let text = |event: &Value| event["type"].as_str().unwrap_or("?").to_owned();
    events.iter().map(text).collect()
}

/// The events by view, in the order of `seq`; views in the order of their first arrival.
pub fn views(events: &[Value]) -> Vec<Vec<Value>> {
    let mut views: Vec<Vec<Value>> = Vec::new();
    for event in events {
        let same = |view: &&mut Vec<Value>| view[0]["view_id"] == event["view_id"];
        match views.iter_mut().find(same) {
            Some(view) => view.push(event.clone()),
            None => views.push(vec![event.clone()]),
        }
    }
    for view in &mut views {
        view.sort_by_key(|event| event["seq"].as_u64());
    }
    views
}

/// A view's `seq` starts at the first number, 0 or 1, and misses none; ids are all different.
pub fn check_seq(view: &[Value]) -> Result<()> {
    let numbers: Vec<Option<u64>> = view.iter().map(|event| event["seq"].as_u64()).collect();
    let first = numbers.first().copied().flatten().context("no seq")?;
    ensure!(first <= 1, "the first seq is {first}");
    let wanted: Vec<Option<u64>> = (first..).take(numbers.len()).map(Some).collect();
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
