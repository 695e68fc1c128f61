//! The one thread that writes. All requests that wait share one `fdatasync`; what is not on disk is not answered.

use super::dir::DataDir;
use super::line::{self, Sender};
use super::quarantine::Quarantine;
use super::segment::Segment;
use super::state::{State, minute};
use crate::batch::Batch;
use crate::metrics::Metrics;
use std::io;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A batch on its way to the disk.
#[derive(Debug)]
pub struct Job {
    /// What came.
    pub batch: Batch,
    /// From whom.
    pub sender: Sender,
    /// When, by the wall clock.
    pub received_at: i64,
    /// Told when the disk has it, or cannot.
    pub done: oneshot::Sender<Outcome>,
    /// Counts its bytes among those under way, as long as it lives.
    pub weight: crate::door::body::Weight,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// On disk. So many events are new, and so many came before.
    Kept {
        /// Written now.
        new: usize,
        /// On disk already.
        repeated: usize,
    },
    /// The disk took nothing of it.
    Failed,
}

/// When a segment is sealed.
#[derive(Debug, Clone, Copy)]
pub struct Sealing {
    /// Above so many bytes.
    pub bytes: u64,
    /// After so long.
    pub age: Duration,
}

/// A clock for windows of time: it goes on from the wall clock of the start, and never jumps.
#[derive(Debug, Clone, Copy)]
pub struct Steady {
    started: Instant,
    wall: i64,
}

impl Steady {
    /// From the wall clock as it is now.
    pub fn new(wall: i64) -> Self {
        Self {
            started: Instant::now(),
            wall,
        }
    }

    /// Minutes since 1970, as they pass for this process.
    pub fn minute(&self) -> u32 {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        minute(self.wall.saturating_add(passed))
    }
}

/// What is known, shared with who asks for it.
pub type Shared = Arc<Mutex<State>>;

/// Locks what is known. A thread that panicked with it left it whole enough.
pub fn locked(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// So much is gathered for one sync at most.
const GROUP_BYTES: usize = 8 << 20;
const GROUP_JOBS: usize = 4_096;

/// Everything that writing needs.
pub struct Writer {
    data: DataDir,
    segment: Segment,
    opened: Instant,
    sealing: Sealing,
    state: Shared,
    steady: Steady,
    metrics: Arc<Metrics>,
    out: Vec<u8>,
    aside: Quarantine,
}

/// What a group of jobs came to, before it is on disk.
struct Tally {
    new: usize,
    repeated: usize,
    /// By group of the batch, the places of its new events.
    fresh: Vec<Vec<usize>>,
}

impl Writer {
    /// Writes on where the last process stopped.
    pub fn new(
        data: DataDir,
        number: u64,
        sealing: Sealing,
        state: Shared,
        steady: Steady,
        metrics: Arc<Metrics>,
    ) -> io::Result<Self> {
        let segment = Segment::open(&data.segments(), number)?;
        Ok(Self {
            aside: Quarantine::default(),
            data,
            segment,
            opened: Instant::now(),
            sealing,
            state,
            steady,
            metrics,
            out: Vec::with_capacity(1 << 20),
        })
    }

    /// Writes until nobody is left who could send a job.
    pub fn run(mut self, jobs: &Receiver<Box<Job>>) {
        let _ends_with_it = EndsTogether;
        let mut group = Vec::new();
        loop {
            match jobs.recv_timeout(Duration::from_secs(5)) {
                Ok(job) => group.push(*job),
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    self.idle();
                    continue;
                }
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
            }
            let mut bytes = 0;
            while bytes < GROUP_BYTES
                && group.len() < GROUP_JOBS
                && let Ok(job) = jobs.try_recv()
            {
                bytes += job.batch.body.len();
                group.push(*job);
            }
            self.write(&mut group);
        }
    }

    fn idle(&mut self) {
        locked(&self.state).expire(self.steady.minute());
        if !self.segment.is_empty() && self.opened.elapsed() >= self.sealing.age {
            self.seal();
        }
    }

    /// Goes on in a new segment; in this one if that cannot be made.
    fn seal(&mut self) {
        match Segment::open(&self.data.segments(), self.segment.number() + 1) {
            Ok(next) => {
                self.segment = next;
                self.opened = Instant::now();
            }
            Err(error) => {
                tracing::error!(%error, "no new segment could be made; the open one goes on")
            }
        }
    }

    fn write(&mut self, group: &mut Vec<Job>) {
        let started = Instant::now();
        let minute = self.steady.minute();
        self.out.clear();
        let tallies: Vec<Tally> = {
            let state = Arc::clone(&self.state);
            let mut state = locked(&state);
            group
                .iter()
                .map(|job| self.gather(job, &mut state, minute))
                .collect()
        };
        let result = self.commit(group);
        let mut state = locked(&self.state);
        let kept = result.is_ok();
        if kept {
            for (job, tally) in group.iter().zip(&tallies) {
                remember(&mut state, job, tally, minute);
            }
        } else {
            state.take_back(tallies.iter().map(|tally| tally.new).sum());
        }
        state.expire(minute);
        drop(state);
        self.metrics
            .commit(started.elapsed(), group.len(), self.out.len(), kept);
        self.tell(result);
        for (job, tally) in group.drain(..).zip(tallies) {
            let outcome = match kept {
                true => Outcome::Kept {
                    new: tally.new,
                    repeated: tally.repeated,
                },
                false => Outcome::Failed,
            };
            // Who asked may have gone meanwhile.
            let _ = job.done.send(outcome);
        }
        if self.out.capacity() > 2 * GROUP_BYTES {
            self.out = Vec::with_capacity(1 << 20);
        }
        if self.segment.len() >= self.sealing.bytes || self.opened.elapsed() >= self.sealing.age {
            self.seal();
        }
    }

    /// Appends a job's lines to what is written next, without what came before.
    fn gather(&mut self, job: &Job, state: &mut State, minute: u32) -> Tally {
        let mut tally = Tally {
            new: 0,
            repeated: 0,
            fresh: Vec::with_capacity(job.batch.groups.len()),
        };
        let of_site = state.of_site(&job.sender.site);
        for part in &job.batch.groups {
            let start = self.out.len();
            line::begin(
                &mut self.out,
                &job.sender,
                job.received_at,
                &job.batch,
                part,
            );
            let mut fresh = Vec::with_capacity(part.events.len());
            let mut unknown = Vec::new();
            for (at, event) in part.events.iter().enumerate() {
                if !state.admit(&event.head, of_site, minute) {
                    tally.repeated += 1;
                    continue;
                }
                if event.head.unknown {
                    unknown.push(fresh.len());
                }
                line::push(&mut self.out, &job.batch, event, fresh.is_empty());
                fresh.push(at);
            }
            match fresh.is_empty() {
                true => self.out.truncate(start),
                false => line::end(&mut self.out, &unknown),
            }
            tally.new += fresh.len();
            tally.fresh.push(fresh);
        }
        tally
    }

    fn commit(&mut self, group: &[Job]) -> io::Result<()> {
        self.aside.write(&self.data, group)?;
        if self.out.is_empty() {
            return Ok(());
        }
        self.segment.append(&self.out)
    }

    fn tell(&mut self, result: io::Result<()>) {
        let was_failing = self.metrics.disk_fails(result.is_err());
        match result {
            Ok(()) if was_failing => tracing::info!("the disk takes events again"),
            Ok(()) => {}
            Err(error) => {
                if !was_failing {
                    tracing::error!(%error, "the disk takes no events; 503 is answered until it does");
                }
                self.after_failure(&error);
            }
        }
    }

    /// A full disk leaves the segment as it was. After any other error nobody knows what is in the file's end: it is sealed.
    fn after_failure(&mut self, error: &io::Error) {
        let full = matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        );
        if !full && !self.segment.is_empty() {
            self.seal();
        }
    }
}

/// Without its writer the process is of no use: whoever looks after it starts it again.
struct EndsTogether;

impl Drop for EndsTogether {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

fn remember(state: &mut State, job: &Job, tally: &Tally, minute: u32) {
    for (part, fresh) in job.batch.groups.iter().zip(&tally.fresh) {
        let heads = fresh
            .iter()
            .filter_map(|at| part.events.get(*at))
            .map(|event| &event.head);
        state.keep(
            heads,
            &job.sender.site,
            minute,
            job.received_at,
            part.sent_at,
        );
    }
}
