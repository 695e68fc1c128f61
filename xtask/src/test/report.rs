//! The steps of a test run: each named as it starts, all counted at the end.

use anyhow::Result;
use std::fmt;
use std::time::{Duration, Instant};

/// The steps so far.
#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: String,
    passed: bool,
    took: Duration,
    /// What a reader must know although the step passed.
    note: Option<String>,
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.passed { "passed" } else { "FAILED" };
        write!(
            out,
            "{word} {:>7.1} s  {}",
            self.took.as_secs_f32(),
            self.name
        )?;
        match &self.note {
            Some(note) => write!(out, " ({note})"),
            None => Ok(()),
        }
    }
}

impl Report {
    /// Runs a step.
    pub fn step(&mut self, name: &str, run: impl FnOnce() -> Result<()>) {
        self.noted(name, || run().map(|()| None));
    }

    /// Runs a step that may have something to say although it passes.
    pub fn noted(&mut self, name: &str, run: impl FnOnce() -> Result<Option<String>>) {
        println!("\n== {name}");
        let started = Instant::now();
        let result = run();
        if let Err(error) = &result {
            println!("error: {error:#}");
        }
        let step = Step {
            name: name.to_owned(),
            passed: result.is_ok(),
            took: started.elapsed(),
            note: result.unwrap_or_default(),
        };
        println!("== {step}");
        self.steps.push(step);
    }

    /// Prints all steps and, last, the line that counts them. Whether all passed.
    pub fn finish(self) -> bool {
        println!("\n{self}");
        self.failed() == 0
    }

    fn failed(&self) -> usize {
        self.steps.iter().filter(|step| !step.passed).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(out, "{step}")?;
        }
        let failed = self.failed();
        write!(out, "{} passed, {failed} failed", self.steps.len() - failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_failed_step_does_not_hide_the_others() {
        let mut report = Report::default();
        report.step("one", || Ok(()));
        report.step("two", || Err(anyhow!("broken")));
        report.noted("three", || Ok(Some("but offline".to_owned())));
        let text = report.to_string();
        assert!(text.contains("FAILED"), "{text}");
        assert!(text.contains("three (but offline)"), "{text}");
        assert!(text.ends_with("\n2 passed, 1 failed"), "{text}");
        assert!(!report.finish());
    }
}
