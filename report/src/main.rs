//! `vitrine report …`, which runs this binary.

use bar::Bar;
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use vitrine_report::cli::{Arguments, Command, Generate, list};
use vitrine_report::figures;
use vitrine_report::serve::serve;

mod bar;
#[cfg(feature = "engine")]
mod show;

/// The figures cannot be worked out.
const FAILED: u8 = 1;
/// The command line is wrong.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Some(Command::List) => list()
            .and_then(|text| print(text.as_bytes()))
            .map_err(failed),
        Some(Command::Sql { figure }) => figures::find(figure)
            .map_err(misused)
            .and_then(|figure| print(figure.sql.as_bytes()).map_err(failed)),
        Some(Command::Generate(generate)) => generated(generate).map_err(failed),
        #[cfg(feature = "engine")]
        Some(Command::Measure(measure)) => measure
            .run()
            .and_then(|found| print(format!("{found}\n").as_bytes()))
            .map_err(failed),
        Some(Command::Serve(options)) => serve(options).map_err(failed),
        #[cfg(feature = "webhook")]
        None if arguments.options.webhook.webhook.is_some() => posted(&arguments),
        None => show(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, error)) => {
            eprintln!("error: {error:#}");
            ExitCode::from(code)
        }
    }
}

type Failure = (u8, anyhow::Error);

fn failed(error: anyhow::Error) -> Failure {
    (FAILED, error)
}

fn misused(error: anyhow::Error) -> Failure {
    (MISUSED, error)
}

fn generated(generate: &Generate) -> anyhow::Result<()> {
    let mut bar = Bar::new();
    let words = generate.run(&mut |events| bar.say("events", events, generate.events));
    bar.end();
    print(words?.as_bytes())
}

#[cfg(feature = "webhook")]
fn posted(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.figures != [figures::INTENTS] {
        return Err(misused(anyhow::anyhow!(
            "--webhook is of `intents`, and of no other figure"
        )));
    }
    let scope = || {
        arguments
            .filters
            .scope(vitrine_collector::archive::time::now())
    };
    scope().map_err(misused)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| failed(error.into()))?;
    let options = &arguments.options;
    let words = runtime.block_on(vitrine_report::webhook::run(
        &options.data,
        &options.webhook,
        scope,
    ));
    words
        .and_then(|words| print(words.as_bytes()))
        .map_err(failed)
}

#[cfg(feature = "engine")]
fn show(arguments: &Arguments) -> Result<(), Failure> {
    let plan = show::plan(arguments).map_err(misused)?;
    show::show(&plan, &arguments.options).map_err(failed)
}

#[cfg(not(feature = "engine"))]
fn show(_: &Arguments) -> Result<(), Failure> {
    Err(failed(anyhow::anyhow!(
        "this program was built without its query engine: build it with the feature `engine`"
    )))
}

/// Prints, whoever stops listening: `vitrine report … | head` is no error.
fn print(text: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
