//! What the command line asks for.

use std::ffi::OsString;
use std::path::PathBuf;

/// What to do.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// Print this.
    Help(&'static str),
    /// Check hotspot files.
    Check(Options),
    /// Run another program of the same family.
    Other {
        /// The subcommand: NAME runs `vitrine-NAME`.
        name: OsString,
        /// All that follows it.
        arguments: Vec<OsString>,
    },
}

/// What to check, and how to say it.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// In the order of the command line; `-` is the standard input.
    pub files: Vec<PathBuf>,
    /// JSON instead of text.
    pub json: bool,
    /// Whether a warning is a problem too.
    pub strict: bool,
}

const HELP: &str = "\
vitrine: hotspot files on the command line

Usage: vitrine check FILE… [--format text|json] [--strict]
       vitrine NAME …      runs the program vitrine-NAME

`vitrine check --help` says more.
";

const CHECK_HELP: &str = "\
Checks hotspot files, with the same rules as the overlay.

Usage: vitrine check FILE… [--format text|json] [--strict]

  FILE             a hotspot file; - is the standard input
  --format text    one line for each problem (where absent)
  --format json    one JSON object
  --strict         a warning counts as a problem

Ends with 0 if all files are good, 1 if one has a problem, 2 if one cannot be read.
";

/// Reads the command line; an error says what is wrong with it.
pub fn parse(arguments: &[OsString]) -> Result<Command, String> {
    let Some((name, rest)) = arguments.split_first() else {
        return Err(format!("no command was given.\n\n{HELP}"));
    };
    match name.to_str() {
        Some("check") => parse_check(rest),
        Some("help" | "--help" | "-h") => Ok(Command::Help(HELP)),
        Some("--version" | "-V") => Ok(Command::Help(concat!(
            "vitrine ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        ))),
        Some(option) if option.starts_with('-') => {
            Err(format!("found the option \"{option}\".\n\n{HELP}"))
        }
        _ => Ok(Command::Other {
            name: name.clone(),
            arguments: rest.to_vec(),
        }),
    }
}

fn parse_check(arguments: &[OsString]) -> Result<Command, String> {
    let mut options = Options::default();
    let (mut arguments, mut only_files) = (arguments.iter(), false);
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        if only_files || text == "-" || !text.starts_with('-') {
            options.files.push(argument.into());
            continue;
        }
        match text {
            "--" => only_files = true,
            "--help" | "-h" => return Ok(Command::Help(CHECK_HELP)),
            "--strict" => options.strict = true,
            "--format" => options.json = is_json(arguments.next().and_then(|word| word.to_str()))?,
            _ => match text.strip_prefix("--format=") {
                Some(word) => options.json = is_json(Some(word))?,
                None => return Err(format!("found the option \"{text}\".\n\n{CHECK_HELP}")),
            },
        }
    }
    match options.files.is_empty() {
        true => Err(format!("no file was named.\n\n{CHECK_HELP}")),
        false => Ok(Command::Check(options)),
    }
}

fn is_json(word: Option<&str>) -> Result<bool, String> {
    match word {
        Some("json") => Ok(true),
        Some("text") => Ok(false),
        Some(word) => Err(format!("--format: found \"{word}\". Use text or json.")),
        None => Err("--format: found nothing. Use text or json.".into()),
    }
}
