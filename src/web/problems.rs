//! What is wrong with a hotspot file, for `www/check.mjs`.

use crate::config::{Severity, decode};
use alloc::string::String;
use wasm_bindgen::JsValue;

/// What ends a field and a problem in the text that JavaScript splits.
const FIELD: &str = "\x01";
const ENTRY: &str = "\x02";

/// The problems of a hotspot file, each as message, severity, path, found and allowed.
pub fn problems(config: &JsValue) -> String {
    let mut list = String::new();
    for problem in decode(config).problems {
        let severity = if problem.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        for text in [
            &problem.message(),
            severity,
            &problem.path,
            &problem.found,
            &problem.allowed,
        ] {
            list.push_str(text);
            list.push_str(FIELD);
        }
        list.push_str(ENTRY);
    }
    list
}
