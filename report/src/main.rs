//! `vitrine report …`, which runs this binary.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use vitrine_report::cli::{Arguments, Command, list};
use vitrine_report::figures;

#[cfg(feature = "engine")]
mod show;

/// What was asked for cannot be shown.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    match &arguments.command {
        Some(Command::List) => print(list()?.as_bytes()),
        Some(Command::Sql { figure }) => print(figures::find(figure)?.sql.as_bytes()),
        None => show(arguments),
    }
}

#[cfg(feature = "engine")]
fn show(arguments: &Arguments) -> anyhow::Result<()> {
    show::show(arguments)
}

#[cfg(not(feature = "engine"))]
fn show(_: &Arguments) -> anyhow::Result<()> {
    anyhow::bail!(
        "this program was built without its query engine: build it with the feature `engine`"
    )
}

/// Prints, whoever stops listening: `vitrine report … | head` is no error.
fn print(text: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
