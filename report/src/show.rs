//! Figures, worked out and written.

use crate::bar::Bar;
use crate::print;
use anyhow::{Context, Result, bail};
use std::path::Path;
use vitrine_collector::archive::time::now;
use vitrine_report::bucket;
use vitrine_report::cli::{Arguments, Format, Options, chosen, list};
use vitrine_report::engine::{Engine, rows};
use vitrine_report::figures::{Figure, HOSTS, LAUNCH};
use vitrine_report::output::{self, Answer};
use vitrine_report::scope::Scope;

/// Segments of this size are read again for each report: it is time for a compaction.
const MUCH_LIVE: u64 = 256 << 20;

/// What was asked for, once it is known to make sense.
pub struct Plan {
    figures: Vec<(&'static Figure, Scope)>,
    scope: Scope,
}

/// Understands what was asked for.
pub fn plan(arguments: &Arguments) -> Result<Plan> {
    let figures = chosen(&arguments.figures)?;
    if figures.is_empty() {
        bail!("found no figure. Name some, or `all`:\n{}", list()?);
    }
    let many = figures.len() > 1;
    let format = arguments.options.format;
    let to_files = format == Format::Csv && many || format == Format::Parquet;
    if to_files && arguments.options.output.is_none() {
        bail!("--output is missing: this goes to a file, or of several figures to a directory");
    }
    let scope = arguments.filters.scope(now())?;
    if !many {
        missing(&figures, &scope)?;
    }
    let figures: Result<_> = figures
        .into_iter()
        .map(|figure| match figure.scope(&scope) {
            // Of several figures, those that do not have this dimension are shown by their own.
            Err(_) if many => Ok((figure, figure.scope(&scope.clone().by(""))?)),
            scope => Ok((figure, scope?)),
        })
        .collect();
    Ok(Plan {
        figures: figures?,
        scope,
    })
}

/// A figure that is asked for by itself has what it needs; among others it has no rows without.
fn missing(figures: &[&Figure], scope: &Scope) -> Result<()> {
    for figure in figures {
        match figure.name {
            LAUNCH if scope.launch.is_none() => {
                bail!("launch needs --launch DAY, such as 2026-05-04")
            }
            HOSTS if scope.tables.segments.is_none() => {
                bail!("hosts needs --segments FILE: a CSV file with video,segment,host,length")
            }
            _ => {}
        }
    }
    Ok(())
}

/// Works the figures out, and writes them.
pub fn show(plan: &Plan, options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut bar = Bar::new();
    let answers = runtime.block_on(answers(plan, options, &mut bar));
    bar.end();
    write(&answers?, options)
}

async fn answers(plan: &Plan, options: &Options, bar: &mut Bar) -> Result<Vec<Answer>> {
    let (data, copies) = (&options.data, &options.copies);
    let fetching = &mut |done, all| bar.say("fetching from the bucket", done, all);
    let data = bucket::local(data, copies, &plan.scope, fetching).await?;
    let engine = Engine::open(&data, &plan.scope, &mut |what, done, all| {
        bar.say(what, done, all);
    })
    .await?;
    if engine.sources.live_bytes > MUCH_LIVE {
        bar.note("much is not in the archive yet; `vitrine-collector compact` makes this faster");
    }
    let mut answers = Vec::new();
    for (done, (figure, scope)) in (0..).zip(&plan.figures) {
        bar.say(figure.name, done, plan.figures.len() as u64);
        let frame = engine.figure(figure, scope).await?;
        answers.push(Answer {
            figure,
            scope: scope.clone(),
            frame,
        });
    }
    Ok(answers)
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
        Format::Html => put(output, output::html(answers)?.as_bytes()),
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
