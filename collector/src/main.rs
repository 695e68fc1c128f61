//! `vitrine-collector …`.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use vitrine_collector::config::{Flags, Settings};
use vitrine_collector::serve;

/// Takes the overlay's events: durable, each once, and provably complete.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Takes events by HTTP until it is stopped
    Serve(Box<Flags>),
    #[cfg(feature = "archive")]
    #[command(flatten)]
    Archive(vitrine_collector::archive::command::Command),
    #[cfg(feature = "forward")]
    #[command(flatten)]
    Forward(vitrine_collector::forward::command::Command),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(flags) => Settings::from(*flags).and_then(serve::serve),
        #[cfg(feature = "archive")]
        Command::Archive(command) => command.run(),
        #[cfg(feature = "forward")]
        Command::Forward(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
