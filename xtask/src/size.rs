//! `cargo xtask size`: what each file of `dist/` weighs, and whether it is too much.

use crate::Repo;
use crate::parts;
use crate::run::read;
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use std::fs;
use std::io::Write;

/// What a page loads before its first hotspot.
const FIRST: [&str; 3] = ["vitrine.js", "vitrine.mjs", "vitrine_bg.wasm"];
/// What every page loads after it; the rest is for pages that name it, or whose files have problems.
const THEN: [&str; 3] = [
    "vitrine-shop.mjs",
    "vitrine-outbox.mjs",
    "vitrine-outbox_bg.wasm",
];
const BUDGET: &str = "size-budget.json";

/// Bytes as stored and as sent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn of(bytes: &[u8]) -> Result<Size> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let gzip = gzip.finish()?;
        let packed = packed(bytes, 11)?;
        Ok(Size {
            raw: bytes.len() as u64,
            gzip: gzip.len() as u64,
            brotli: packed.len() as u64,
        })
    }

    fn plus(self, other: Size) -> Size {
        Size {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Packed by brotli of this quality; 11 is the best, which is slow.
pub(crate) fn packed(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params)?;
    Ok(packed)
}

/// Prints the table; an error if `dist/` is over its budget.
pub fn size(repo: &Repo) -> Result<()> {
    let (files, mut sizes) = (parts::files(repo)?, Vec::new());
    for name in &files {
        let file = repo.dist().join(name);
        let bytes = fs::read(&file).with_context(|| {
            let file = file.display();
            format!("{file} cannot be read; `cargo xtask build` writes it")
        })?;
        sizes.push((name.as_str(), Size::of(&bytes)?));
    }
    let budget = serde_json::from_str(&read(&repo.at(BUDGET))?)
        .with_context(|| format!("{BUDGET} is not JSON"))?;
    print!("{}", table(&sizes));
    let over = over(&sizes, &budget)?;
    if !over.is_empty() {
        bail!(
            "over {BUDGET}, in bytes after brotli 11:\n  {}\n\
             make it smaller, or raise the budget in the commit that needs it",
            over.join("\n  ")
        );
    }
    Ok(())
}

fn sum(sizes: &[(&str, Size)], names: &[&str]) -> Size {
    let counted = sizes.iter().filter(|(name, _)| names.contains(name));
    counted.fold(Size::default(), |sum, (_, size)| sum.plus(*size))
}

fn table(sizes: &[(&str, Size)]) -> String {
    let mut text = format!(
        "{:<30} {:>9} {:>9} {:>9}\n",
        "bytes", "raw", "gzip -9", "brotli 11"
    );
    let first = sum(sizes, &FIRST);
    let totals = [
        ("before the first hotspot (*)", first),
        ("on every page (* and +)", first.plus(sum(sizes, &THEN))),
    ];
    for (name, size) in sizes.iter().chain(&totals) {
        let mark = match name {
            name if FIRST.contains(name) => " *",
            name if THEN.contains(name) => " +",
            _ => "",
        };
        text.push_str(&format!(
            "{:<30} {:>9} {:>9} {:>9}\n",
            format!("{name}{mark}"),
            size.raw,
            size.gzip,
            size.brotli
        ));
    }
    text
}

/// One line for each budget that is exceeded.
fn over(sizes: &[(&str, Size)], budget: &Value) -> Result<Vec<String>> {
    let limit = |value: &Value, path: &str| {
        let limit = value.as_u64();
        limit.with_context(|| {
            format!("{BUDGET}: {path}: found {value}, a number of bytes is needed")
        })
    };
    let first = sum(sizes, &FIRST).brotli;
    let mut rows = Vec::new();
    for (name, bytes) in [
        ("before_first_hotspot", first),
        ("on_every_page", first + sum(sizes, &THEN).brotli),
    ] {
        rows.push((name, bytes, limit(&budget[name], name)?));
    }
    for (name, value) in budget["files"].as_object().into_iter().flatten() {
        let known = sizes.iter().find(|(file, _)| file == name);
        let (file, size) =
            known.with_context(|| format!("{BUDGET}: files.{name}: dist/ has no such file"))?;
        rows.push((file, size.brotli, limit(value, &format!("files.{name}"))?));
    }
    let over = rows.iter().filter(|(_, found, limit)| found > limit);
    Ok(over
        .map(|(name, found, limit)| format!("{name}: {found}, {} more than {limit}", found - limit))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn brotli(bytes: u64) -> Size {
        Size {
            brotli: bytes,
            ..Size::default()
        }
    }

    #[test]
    fn sizes_are_those_of_the_usual_tools() {
        let text = "abc".repeat(1000);
        let size = Size::of(text.as_bytes()).unwrap();
        assert_eq!(size.raw, 3000);
        assert!((20..60).contains(&size.gzip), "{size:?}");
        assert!((8..30).contains(&size.brotli), "{size:?}");
    }

    #[test]
    fn a_budget_holds_to_the_byte() {
        let sizes = [
            ("vitrine.js", brotli(10)),
            ("vitrine.mjs", brotli(20)),
            ("vitrine_bg.wasm", brotli(70)),
            ("vitrine-shop.mjs", brotli(5)),
            ("vitrine.d.ts", brotli(1000)),
        ];
        let judge = |budget: Value| over(&sizes, &budget);
        assert!(
            judge(json!({"before_first_hotspot": 100, "on_every_page": 105}))
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            judge(
                json!({"before_first_hotspot": 99, "on_every_page": 104, "files": {"vitrine.js": 9}})
            )
            .unwrap(),
            [
                "before_first_hotspot: 100, 1 more than 99",
                "on_every_page: 105, 1 more than 104",
                "vitrine.js: 10, 1 more than 9"
            ]
        );
        for wrong in [
            json!({}),
            json!({"before_first_hotspot": "22 KiB", "on_every_page": 105}),
            json!({"before_first_hotspot": 100}),
            json!({"before_first_hotspot": 100, "on_every_page": 105, "files": {"a.js": 1}}),
        ] {
            assert!(judge(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
