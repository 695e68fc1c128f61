//! What a page asks for, in the words of the command line.

use super::Serve;
use crate::cli::Arguments;
use crate::scope::Scope;
use anyhow::{Result, anyhow, bail};
use clap::Parser;

/// The filters of the command line that a page has. Those that name files are the server's own.
const NAMES: [&str; 12] = [
    "from", "to", "site", "video", "segment", "hotspot", "campaign", "device", "variant", "by",
    "window", "launch",
];

/// `from=2026-05-04&video=summer` as the scope of a figure.
pub fn scope(query: &str, options: &Serve, now: i64) -> Result<Scope> {
    let mut words = vec!["vitrine-report".to_owned()];
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !NAMES.contains(&name.as_ref()) {
            bail!("{name:?} is no filter; {} are", NAMES.join(", "));
        }
        if !value.is_empty() {
            words.push(format!("--{name}={value}"));
        }
    }
    let mut arguments = Arguments::try_parse_from(words).map_err(said)?;
    let filters = &mut arguments.filters;
    filters.tables.clone_from(&options.tables);
    filters.scope(now)
}

/// What the command line says, without how to call it.
fn said(error: clap::Error) -> anyhow::Error {
    let text = error.to_string();
    let said = text.split("\n\nFor more").next().unwrap_or_default();
    let said = said.trim_start_matches("error: ").split_whitespace();
    anyhow!("{}", said.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: Serve,
    }

    fn options() -> Serve {
        Line::try_parse_from(["serve"]).unwrap().serve
    }

    #[test]
    fn the_words_are_those_of_the_command_line() {
        let found = scope("video=-a+b%26c&by=day&from=&window=5", &options(), 7).unwrap();
        assert_eq!((found.video.as_str(), found.by.as_str()), ("-a b&c", "day"));
        assert_eq!((found.from, found.window_ms, found.as_of), (0, 300_000, 7));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (query, words) in [
            ("costs=/etc/passwd", "\"costs\" is no filter"),
            ("device=fridge", "[possible values: phone, tablet, desktop]"),
            ("from=soon", "soon: found no time"),
            ("by=day&by=video", "cannot be used multiple times"),
        ] {
            let error = scope(query, &options(), 7).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains('\n'), "{error}");
        }
    }
}
