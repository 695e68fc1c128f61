//! Counters, and how Prometheus reads them.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// One number.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn one(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Relaxed);
    }

    /// One less.
    pub fn less(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// This number from now on.
    fn set(&self, number: u64) {
        self.0.store(number, Relaxed);
    }

    /// The number.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// How often something took up to so much.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    counts: [Count; 12],
    /// In millionths.
    sum: Count,
}

impl Histogram {
    const fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: [const { Count(AtomicU64::new(0)) }; 12],
            sum: Count(AtomicU64::new(0)),
        }
    }

    fn observe(&self, value: f64) {
        let at = self
            .bounds
            .iter()
            .position(|bound| value <= *bound)
            .unwrap_or(self.bounds.len());
        if let Some(count) = self.counts.get(at) {
            count.one();
        }
        self.sum.add((value * 1e6) as usize);
    }

    fn write(&self, out: &mut String, name: &str, help: &str) {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram");
        let mut sum = 0;
        for (count, bound) in self.counts.iter().zip(self.bounds) {
            sum += count.get();
            let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {sum}");
        }
        sum += self.counts.get(self.bounds.len()).map_or(0, Count::get);
        let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {sum}");
        let _ = writeln!(
            out,
            "{name}_sum {}\n{name}_count {sum}",
            self.sum.get() as f64 / 1e6
        );
    }
}

const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
const JOBS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];
const STATUSES: [u16; 12] = [204, 400, 401, 403, 404, 405, 408, 413, 415, 429, 503, 500];

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    answers: [Count; STATUSES.len()],
    /// Events written.
    pub kept: Count,
    /// Events that came before.
    pub repeated: Count,
    /// Events refused.
    pub invalid: Count,
    /// Events of a type that is none of the catalogue.
    pub unknown: Count,
    /// Batches of senders that say that they are no person.
    pub bots: Count,
    /// Bytes of bodies, as they were after decompression.
    pub body_bytes: Count,
    /// Bytes written to segments.
    written: Count,
    /// Connections that are open.
    pub connections: Count,
    /// Connections closed at once, as there were too many.
    pub turned_away: Count,
    /// Requests refused for their rate.
    pub limited: Count,
    /// Connections that broke, or were too slow.
    pub broken: Count,
    /// Runs of `retain` that failed.
    pub retain_failed: Count,
    compactions: Count,
    compactions_failed: Count,
    compacted_events: Count,
    /// Of the last one.
    compaction_ms: Count,
    /// When the last one ended well, in epoch seconds.
    compacted_at: Count,
    commits: Histogram,
    jobs: Histogram,
    failed_commits: Count,
    disk_failing: AtomicBool,
    /// A stop was asked for.
    pub stopping: AtomicBool,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            answers: Default::default(),
            kept: Count::default(),
            repeated: Count::default(),
            invalid: Count::default(),
            unknown: Count::default(),
            bots: Count::default(),
            body_bytes: Count::default(),
            written: Count::default(),
            connections: Count::default(),
            turned_away: Count::default(),
            limited: Count::default(),
            broken: Count::default(),
            retain_failed: Count::default(),
            compactions: Count::default(),
            compactions_failed: Count::default(),
            compacted_events: Count::default(),
            compaction_ms: Count::default(),
            compacted_at: Count::default(),
            commits: Histogram::new(SECONDS),
            jobs: Histogram::new(JOBS),
            failed_commits: Count::default(),
            disk_failing: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
        }
    }
}

/// What is not counted but asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gauges {
    /// Ids known.
    pub ids: usize,
    /// The bytes they take.
    pub id_bytes: usize,
    /// For so many minutes back repeats are known.
    pub window_minutes: u32,
    /// Views that are tracked.
    pub views: usize,
    /// Events missing, waited for, explained, late.
    pub missing: u64,
    /// Waited for.
    pub pending: u64,
    /// Explained by `dropped`.
    pub explained: u64,
    /// Came late.
    pub late: u64,
    /// Batches whose clock was off.
    pub skewed: u64,
    /// The furthest that a sender's clock was behind.
    pub behind_most_ms: i64,
    /// The furthest that one was ahead.
    pub ahead_most_ms: i64,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: u16) {
        let at = STATUSES
            .iter()
            .position(|known| *known == status)
            .unwrap_or(STATUSES.len() - 1);
        if let Some(count) = self.answers.get(at) {
            count.one();
        }
    }

    /// A group was written, or could not be.
    pub fn commit(&self, took: Duration, jobs: usize, bytes: usize, kept: bool) {
        if kept {
            self.commits.observe(took.as_secs_f64());
            self.jobs.observe(jobs as f64);
            self.written.add(bytes);
        } else {
            self.failed_commits.one();
        }
    }

    /// A compaction ended: it added so many events; none where it failed.
    pub fn compacted(&self, events: Option<u64>, took: Duration, at: u64) {
        self.compaction_ms
            .set(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let Some(events) = events else {
            return self.compactions_failed.one();
        };
        self.compactions.one();
        self.compacted_events.add(events as usize);
        self.compacted_at.set(at);
    }

    /// Whether the disk fails from now on; returns whether it did before.
    pub fn disk_fails(&self, failing: bool) -> bool {
        self.disk_failing.swap(failing, Relaxed)
    }

    /// Why no events should be sent here now.
    pub fn not_ready(&self) -> Option<&'static str> {
        if self.stopping.load(Relaxed) {
            return Some("stopping");
        }
        self.disk_failing
            .load(Relaxed)
            .then_some("the disk takes no events")
    }

    /// In Prometheus' text format.
    pub fn text(&self, gauges: &Gauges) -> String {
        let mut out = String::with_capacity(8_192);
        let name = "vitrine_requests_total";
        let _ = writeln!(
            out,
            "# HELP {name} Answers to POST /events.\n# TYPE {name} counter"
        );
        for (status, count) in STATUSES.iter().zip(&self.answers) {
            let _ = writeln!(out, "{name}{{status=\"{status}\"}} {}", count.get());
        }
        let counters = [
            (
                "events_kept_total",
                "Events written, each once.",
                &self.kept,
            ),
            (
                "events_repeated_total",
                "Events that came before.",
                &self.repeated,
            ),
            ("events_invalid_total", "Events refused.", &self.invalid),
            (
                "events_unknown_total",
                "Events of a type that is none of the catalogue.",
                &self.unknown,
            ),
            (
                "bot_batches_total",
                "Batches of senders that say that they are no person.",
                &self.bots,
            ),
            (
                "body_bytes_total",
                "Bytes of bodies, decompressed.",
                &self.body_bytes,
            ),
            (
                "written_bytes_total",
                "Bytes written to segments.",
                &self.written,
            ),
            (
                "rate_limited_total",
                "Requests refused for their rate.",
                &self.limited,
            ),
            (
                "connections_turned_away_total",
                "Connections closed as there were too many.",
                &self.turned_away,
            ),
            (
                "connections_broken_total",
                "Connections that broke off or were too slow.",
                &self.broken,
            ),
            (
                "commits_failed_total",
                "Groups that the disk did not take.",
                &self.failed_commits,
            ),
            (
                "compactions_total",
                "Compactions by this process that ended well.",
                &self.compactions,
            ),
            (
                "compactions_failed_total",
                "Compactions by this process that failed.",
                &self.compactions_failed,
            ),
            (
                "compacted_events_total",
                "Events that compactions by this process added to the archive.",
                &self.compacted_events,
            ),
            (
                "retain_failed_total",
                "Runs that could not remove what is too old.",
                &self.retain_failed,
            ),
        ];
        for (name, help, count) in counters {
            one(&mut out, name, "counter", help, count.get() as i64);
        }
        self.commits.write(
            &mut out,
            "vitrine_commit_seconds",
            "Time to write and sync a group.",
        );
        self.jobs
            .write(&mut out, "vitrine_commit_batches", "Batches of a group.");
        let ready = i64::from(self.not_ready().is_none());
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let gauges = [
            ("ready", "Whether events are taken.", ready),
            (
                "connections",
                "Connections that are open.",
                signed(self.connections.get()),
            ),
            (
                "compaction_last_milliseconds",
                "How long the last compaction took.",
                signed(self.compaction_ms.get()),
            ),
            (
                "compaction_last_success_seconds",
                "When a compaction by this process ended well, in epoch seconds; 0 is not yet.",
                signed(self.compacted_at.get()),
            ),
            ("ids", "Event ids known.", gauges.ids as i64),
            (
                "ids_bytes",
                "Memory that they take.",
                gauges.id_bytes as i64,
            ),
            (
                "ids_window_seconds",
                "So far back repeats are known.",
                i64::from(gauges.window_minutes) * 60,
            ),
            (
                "views_tracked",
                "Views whose numbers are tracked.",
                gauges.views as i64,
            ),
            (
                "events_missing",
                "Events that did not come, unexplained, in quiet views.",
                signed(gauges.missing),
            ),
            (
                "events_pending",
                "Events that did not come yet, in views with news.",
                signed(gauges.pending),
            ),
            (
                "events_explained",
                "Events that a dropped event counts as lost.",
                signed(gauges.explained),
            ),
            (
                "events_late",
                "Events that came late since the start of what is known.",
                signed(gauges.late),
            ),
            (
                "batches_skewed",
                "Batches of clocks more than five seconds off.",
                signed(gauges.skewed),
            ),
            (
                "clock_behind_most_milliseconds",
                "The furthest that a sender's clock was behind.",
                gauges.behind_most_ms,
            ),
            (
                "clock_ahead_most_milliseconds",
                "The furthest that a sender's clock was ahead.",
                gauges.ahead_most_ms,
            ),
        ];
        for (name, help, value) in gauges {
            one(&mut out, name, "gauge", help, value);
        }
        out
    }
}

fn one(out: &mut String, name: &str, kind: &str, help: &str, value: i64) {
    let _ = writeln!(
        out,
        "# HELP vitrine_{name} {help}\n# TYPE vitrine_{name} {kind}\nvitrine_{name} {value}"
    );
}
