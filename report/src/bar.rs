//! What is told while something takes its time.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A progress bar on the terminal, once something has taken a second.
pub struct Bar {
    bar: ProgressBar,
    since: Instant,
}

impl Bar {
    /// Not yet on the terminal.
    pub fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            since: Instant::now(),
        }
    }

    /// So much of all is done.
    pub fn say(&mut self, what: &str, done: u64, all: u64) {
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

    /// Says something besides.
    #[cfg(feature = "engine")]
    pub fn note(&self, words: &str) {
        self.bar.suspend(|| eprintln!("note: {words}"));
    }

    /// Takes it off the terminal.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
