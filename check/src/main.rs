//! `vitrine`: what a shop does with hotspot files on the command line.

mod check;
mod locate;
mod options;
mod other;
mod report;

use options::{Command, parse};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// All files can be used as they are.
const GOOD: u8 = 0;
/// A file has errors.
const PROBLEMS: u8 = 1;
/// A file cannot be read, or the command line is wrong.
const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    ExitCode::from(match parse(&arguments) {
        Ok(Command::Help(text)) => print(text),
        Ok(Command::Check(options)) => {
            let files: Vec<_> = options.files.iter().map(check::check).collect();
            let text = match options.json {
                true => report::json(&files, options.strict),
                false => report::text(&files, std::io::stdout().is_terminal()),
            };
            print(&text).max(report::exit_code(&files, options.strict))
        }
        Ok(Command::Other { name, arguments }) => other::run(&name, &arguments),
        Err(words) => {
            eprintln!("vitrine: {words}");
            UNREADABLE
        }
    })
}

/// Prints, whoever stops listening: `vitrine check … | head` is no error.
fn print(text: &str) -> u8 {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("vitrine: the result cannot be written: {error}");
            UNREADABLE
        }
        _ => GOOD,
    }
}
