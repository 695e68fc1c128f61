//! What the build changes in wasm-bindgen's glue.

use crate::run::{read, write};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Gives the glue the short names that wasm-opt gave to what the wasm imports and exports: the long
/// ones end in hashes, which no compression shortens, once in each file.
pub fn rename(part: &str, glue: &Path, names: &str) -> Result<()> {
    let module = format!("./{part}_bg.js");
    let names: serde_json::Value = serde_json::from_str(names)
        .with_context(|| format!("wasm-opt printed no table of names but {names:?}"))?;
    let mut text =
        fs::read_to_string(glue).with_context(|| format!("{} cannot be read", glue.display()))?;
    // `["module", "long", "short"]` of imports, `["long", "short"]` of exports.
    let of = |list: &str| names[list].as_array().cloned().unwrap_or_default();
    for (list, before, after) in [("imports", "        ", ":"), ("exports", "wasm.", "")] {
        for entry in of(list) {
            let mut entry: Vec<&str> = entry
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|n| n.as_str())
                .collect();
            let (Some(short), Some(long)) = (entry.pop(), entry.pop()) else {
                continue;
            };
            if entry.pop().is_some_and(|imported| imported != module) {
                bail!(
                    "{long} is imported past the glue, and would lose its name; make it a method of Host"
                );
            }
            let mut replaced = String::with_capacity(text.len());
            let mut rest = text.as_str();
            let name = format!("{before}{long}{after}");
            while let Some(at) = rest.find(&name) {
                let (head, tail) = rest.split_at(at);
                let tail = &tail[name.len()..];
                replaced.push_str(head);
                // `wasm.free` is not the beginning of `wasm.free_all`.
                let whole = !tail.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric());
                replaced.push_str(&if whole {
                    format!("{before}{short}{after}")
                } else {
                    name.clone()
                });
                rest = tail;
            }
            replaced.push_str(rest);
            text = replaced;
        }
    }
    // wasm-opt calls the one module that is imported from `a`.
    let text = text.replace(&format!("\"{module}\":"), "\"a\":");
    write(glue, text.as_bytes())
}

/// Cuts off how the glue fetches and starts the wasm: `module.mjs` does it, and says in words what went wrong.
pub fn leave_loading_to_us(glue: &Path) -> Result<()> {
    let text = read(glue)?;
    let start = text.find("async function __wbg_load(");
    let parts = [
        "function __wbg_get_imports(",
        "function __wbg_finalize_init(",
    ];
    let (Some(start), true) = (start, parts.iter().all(|part| text.contains(part))) else {
        bail!(
            "the glue of this wasm-bindgen ends otherwise; see {}, and adapt `leave_loading_to_us` to it",
            glue.display()
        );
    };
    let exports = "export { __wbg_get_imports as imports, __wbg_finalize_init as finish };\n";
    write(glue, format!("{}{exports}", &text[..start]).as_bytes())
}
