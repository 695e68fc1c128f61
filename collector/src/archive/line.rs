//! A line of a segment: one accepted batch.

use super::object::Object;
use crate::time;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// One accepted batch, with the events as they are in the text.
#[derive(Deserialize)]
pub struct Line<'a> {
    /// By the collector's clock.
    pub received_at: i64,
    /// By the browser's clock.
    #[serde(default)]
    pub sent_at: Option<i64>,
    /// Which site it is of.
    #[serde(borrow)]
    pub site: Cow<'a, str>,
    /// Whether a machine sent it.
    #[serde(default)]
    pub bot: bool,
    /// Of the browser.
    #[serde(borrow, default)]
    pub user_agent: Option<Cow<'a, str>>,
    /// What the events of a batch share.
    #[serde(borrow, default)]
    pub context: Option<&'a RawValue>,
    /// As sent.
    #[serde(borrow)]
    pub events: Vec<&'a RawValue>,
    /// By the event's place: what is odd about it.
    #[serde(borrow, default)]
    pub marks: HashMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
}

impl<'a> Line<'a> {
    /// Reads a line; an error says what is wrong with it.
    pub fn read(line: &'a [u8]) -> Result<Self, String> {
        serde_json::from_slice(line).map_err(|error| error.to_string())
    }

    /// How much the browser's clock is behind.
    pub fn skew(&self) -> Option<i64> {
        time::skew(self.received_at, self.sent_at)
    }

    /// A moment of the browser's clock, by the collector's.
    pub fn corrected(&self, time: i64) -> i64 {
        time::corrected(time, self.received_at, self.sent_at)
    }

    /// Whether an event has that mark.
    pub fn is_marked(&self, index: usize, mark: &str) -> bool {
        let marks = (!self.marks.is_empty()).then(|| self.marks.get(&*index.to_string()));
        marks
            .flatten()
            .is_some_and(|all| all.iter().any(|one| one == mark))
    }

    /// What the events share, as fields.
    pub fn context(&self) -> Object<'a> {
        let object = self.context.and_then(|raw| Object::read(raw.get()));
        object.unwrap_or_default()
    }
}

/// What kind of device a view was on, of the browser's name for itself and the page's width.
pub fn device(
    bot: bool,
    user_agent: Option<&str>,
    viewport: Option<(f64, f64)>,
) -> Option<&'static str> {
    if bot {
        return Some("bot");
    }
    let agent = user_agent.unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|word| agent.contains(word));
    // Android phones say Mobile, its tablets do not:
    // https://developer.chrome.com/docs/privacy-security/user-agent#chrome_for_android
    if has(&["iPad", "Tablet", "PlayBook", "Silk/"]) || has(&["Android"]) && !has(&["Mobile"]) {
        return Some("tablet");
    }
    if has(&["iPhone", "iPod", "Mobile", "Windows Phone"]) {
        return Some("phone");
    }
    if has(&["Windows", "Macintosh", "X11", "Linux", "CrOS"]) {
        return Some("desktop");
    }
    let (width, height) = viewport?;
    let shorter = width.min(height);
    Some(match shorter {
        _ if shorter <= 0.0 => return None,
        _ if shorter < 500.0 => "phone",
        _ if width.max(height) < 1_100.0 => "tablet",
        _ => "desktop",
    })
}
