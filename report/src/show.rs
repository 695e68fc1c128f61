//! Figures, worked out and written.

use crate::print;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};
use vitrine_collector::archive::time::now;
use vitrine_report::cli::{Arguments, Format, Options, chosen};
use vitrine_report::engine::{Engine, rows};
use vitrine_report::output::{self, Answer};

/// Segments of this size are read again for each report: it is time for a compaction.
const MUCH_LIVE: u64 = 256 << 20;

/// Shows the figures that were asked for.
pub fn show(arguments: &Arguments) -> Result<()> {
    let figures = chosen(&arguments.figures)?;
    let options = &arguments.options;
    if figures.is_empty() {
        bail!(
            "found no figure. Name some, or `all`:\n{}",
            vitrine_report::cli::list()?
        );
    }
    let many = figures.len() > 1;
    let to_files = options.format == Format::Csv && many || options.format == Format::Parquet;
    if to_files && options.output.is_none() {
        bail!("--output is missing: this goes to a file, or of several figures to a directory");
    }
    let scope = arguments.filters.scope(now())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut bar = Bar::new();
    let answers = runtime.block_on(async {
        let engine = Engine::open(&options.data, &scope, &mut |what, done, all| {
            bar.say(what, done, all);
        })
        .await?;
        if engine.sources.live_bytes > MUCH_LIVE {
            bar.note(
                "much is not in the archive yet; `vitrine-collector compact` makes this faster",
            );
        }
        let mut answers = Vec::new();
        for (done, figure) in (0..).zip(&figures) {
            bar.say(figure.name, done, figures.len() as u64);
            let scope = match figure.scope(&scope) {
                // Of all figures, those that do not have this dimension are shown by their own.
                Err(_) if many => figure.scope(&scope.clone().by(""))?,
                scope => scope?,
            };
            let frame = engine.figure(figure, &scope).await?;
            answers.push(Answer {
                figure,
                scope,
                frame,
            });
        }
        anyhow::Ok(answers)
    });
    bar.end();
    write(&answers?, options)
}

fn write(answers: &[Answer], options: &Options) -> Result<()> {
    let output = options.output.as_deref();
    match options.format {
        Format::Table => {
            let tables = answers.iter().map(|answer| output::table(answer, None));
            let tables: Result<Vec<_>> = tables.collect();
            put(output, tables?.join("\n").as_bytes())
        }
        Format::Json => {
            let all: Result<Vec<_>> = answers.iter().map(output::json).collect();
            let mut text = serde_json::to_vec_pretty(&all?)?;
            text.push(b'\n');
            put(output, &text)
        }
        Format::Csv => files(answers, output, "csv", |answer| output::csv(&answer.frame)),
        Format::Parquet => files(answers, output, "parquet", |answer| {
            rows::parquet(&answer.frame)
        }),
    }
}

/// One figure to one place, several into a directory.
fn files(
    answers: &[Answer],
    output: Option<&Path>,
    ending: &str,
    text: impl Fn(&Answer) -> Result<Vec<u8>>,
) -> Result<()> {
    if let [answer] = answers {
        return put(output, &text(answer)?);
    }
    let directory = output.context("--output is missing")?;
    std::fs::create_dir_all(directory)
        .with_context(|| format!("{} cannot be made", directory.display()))?;
    for answer in answers {
        let path = directory.join(format!("{}.{ending}", answer.figure.name));
        put(Some(&path), &text(answer)?)?;
    }
    Ok(())
}

fn put(output: Option<&Path>, text: &[u8]) -> Result<()> {
    match output {
        None => print(text),
        Some(path) => std::fs::write(path, text)
            .with_context(|| format!("{} cannot be written", path.display())),
    }
}

/// A progress bar on the terminal, once something has taken a second.
struct Bar {
    bar: ProgressBar,
    since: Instant,
}

impl Bar {
    fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            since: Instant::now(),
        }
    }

    fn say(&mut self, what: &str, done: u64, all: u64) {
        if self.bar.is_hidden()
            && self.since.elapsed() > Duration::from_secs(1)
            && std::io::stderr().is_terminal()
        {
            self.bar = ProgressBar::new(all);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg}") {
                self.bar.set_style(style);
            }
            self.bar.enable_steady_tick(Duration::from_millis(200));
        }
        self.bar.set_length(all.max(1));
        self.bar.set_position(done);
        self.bar.set_message(what.to_owned());
    }

    fn note(&self, words: &str) {
        self.bar.suspend(|| eprintln!("note: {words}"));
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
