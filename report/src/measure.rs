//! How long each figure takes, for `cargo xtask bench report`: what was measured, and the queries for another engine.

use crate::engine::Engine;
use crate::figures::ALL;
use crate::scope::{Parameter, Scope};
use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Instant;

/// Measures every figure over a directory.
#[derive(Args, Debug)]
pub struct Measure {
    /// The directory that the collector writes to.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// So often, after once to warm up; the median counts.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub times: usize,
}

impl Measure {
    /// Measures on two threads, as the other engine does. Peak memory is of the whole process.
    pub fn run(&self) -> Result<Value> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        runtime.block_on(self.measured())
    }

    async fn measured(&self) -> Result<Value> {
        let scope = Scope::default();
        let began = Instant::now();
        let engine = Engine::open_with(&self.data, &scope, Some(2), &mut |_, _, _| {}).await?;
        let opened = began.elapsed().as_secs_f64();
        let mut figures = Vec::new();
        for figure in ALL {
            let scope = figure.scope(&scope)?;
            let mut rows = 0;
            let (mut seconds, mut busy) = (Vec::new(), Vec::new());
            for _ in 0..=self.times {
                let (began, used) = (Instant::now(), cpu_seconds());
                rows = engine.figure(figure, &scope).await?.rows.len();
                seconds.push(began.elapsed().as_secs_f64());
                busy.extend(cpu_seconds().zip(used).map(|(now, then)| now - then));
            }
            let cold = seconds.remove(0);
            eprintln!(
                "{}: {cold:.1} s, then {seconds:.1?}, {} MiB at most so far",
                figure.name,
                peak_kb().unwrap_or_default() / 1024
            );
            figures.push(json!({
                "name": figure.name, "by": scope.by, "rows": rows, "cold_s": cold, "warm_s": median(seconds).unwrap_or(cold),
                // All of them, as the first one reads no less.
                "cpu_s": median(busy),
                "sql": figure.sql, "parameters": parameters(&scope, figure.sql)?,
            }));
        }
        Ok(json!({
            "open_s": opened, "peak_kb": peak_kb(), "to": scope.to, "times": self.times, "data": self.data, "figures": figures,
        }))
    }
}

fn parameters(scope: &Scope, sql: &str) -> Result<Map<String, Value>> {
    let values = scope.parameters(sql)?.into_iter();
    Ok(values
        .map(|(name, value)| match value {
            Parameter::Int(number) => (name, number.into()),
            Parameter::Text(text) => (name, text.into()),
        })
        .collect())
}

fn median(mut seconds: Vec<f64>) -> Option<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}

/// What the process computed so far. On a machine that has other work, too, this says more than a clock.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>: a hundredth of a second is what the kernel counts by.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name may have spaces; what counts is behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

/// The most memory that this process ever had, where the system says so.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(Vec::new()), None);
    }
}
