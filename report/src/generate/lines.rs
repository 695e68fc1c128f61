//! Batches as the collector has written them, in the order in which they came.

use super::text::{Clock, Event, View};
use super::truth::Truth;
use super::world::{CAMPAIGNS, Device, MARKETS};
use anyhow::{Context, Result, bail};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use vitrine_collector::event::is_known;

/// A segment's size, as the collector seals it.
const SEGMENT_BYTES: u64 = 64 << 20;
/// A batch goes after so many events, or so many milliseconds.
const BATCH_EVENTS: usize = 20;
const BATCH_MS: i64 = 5_000;

/// Segments that are written one after the other.
pub struct Segments {
    folder: PathBuf,
    number: u64,
    written: u64,
    file: Option<BufWriter<File>>,
}

impl Segments {
    /// In a directory of its own: what was made up must not get among what happened.
    pub fn open(data: &Path) -> Result<Self> {
        let folder = data.join("segments");
        if !vitrine_collector::segment_files::list(data)?.is_empty() {
            bail!(
                "{}: found segments. Made-up traffic needs a directory of its own.",
                folder.display()
            );
        }
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self {
            folder,
            number: 0,
            written: SEGMENT_BYTES,
            file: None,
        })
    }

    fn next(&mut self) -> Result<BufWriter<File>> {
        self.number += 1;
        self.written = 0;
        let path = self.folder.join(format!("{:020}.ndjson", self.number));
        let file =
            File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(BufWriter::with_capacity(1 << 20, file))
    }

    fn write(&mut self, line: &str) -> Result<()> {
        if self.written >= SEGMENT_BYTES {
            self.seal()?;
            self.file = Some(self.next()?);
        }
        self.written += line.len() as u64;
        let file = self.file.as_mut().context("no segment is open")?;
        file.write_all(line.as_bytes())
            .context("a segment cannot be written")
    }

    fn seal(&mut self) -> Result<()> {
        match self.file.take() {
            Some(mut file) => file.flush().context("a segment cannot be written"),
            None => Ok(()),
        }
    }

    /// All that was written is sealed: an empty segment is the open one.
    pub fn finish(mut self) -> Result<()> {
        self.seal()?;
        self.next()?;
        Ok(())
    }
}

/// How a browser sends.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub device: &'a Device,
    pub campaign: usize,
    /// The page's path.
    pub page: &'a str,
    /// How far its clock is ahead of the right one.
    pub ahead: i64,
    /// What came late goes so much later.
    pub late: i64,
    /// Some batches come twice.
    pub repeats: bool,
    pub robot: bool,
}

/// Lines that came, until those before them have come, too.
#[derive(Default)]
pub struct Lines {
    waiting: BinaryHeap<Reverse<(i64, u64, String)>>,
    count: u64,
    clock: Clock,
}

impl Lines {
    /// Writes what came before a time.
    pub fn write_until(&mut self, time: i64, segments: Option<&mut Segments>) -> Result<()> {
        let Some(segments) = segments else {
            self.waiting.clear();
            return Ok(());
        };
        while self.waiting.peek().is_some_and(|line| line.0.0 < time) {
            if let Some(Reverse((_, _, line))) = self.waiting.pop() {
                segments.write(&line)?;
            }
        }
        Ok(())
    }

    /// Sends the events of a view, in order, in batches. `seq` is that of the first.
    pub fn send(
        &mut self,
        view: &View,
        sender: Sender,
        events: &[Event],
        mut seq: usize,
        missing: Option<usize>,
        (rng, truth): (&mut ChaCha8Rng, &mut Truth),
    ) {
        let mut from = 0;
        while let Some(first) = events.get(from) {
            let rest = events.get(from..).unwrap_or_default();
            let fits = rest
                .iter()
                .take(BATCH_EVENTS)
                .take_while(|one| one.at < first.at + BATCH_MS);
            let count = fits.count().max(1);
            let batch = rest.get(..count).unwrap_or_default();
            self.batch(view, sender, batch, seq, missing, (&mut *rng, &mut *truth));
            from += count;
            seq += count;
        }
    }

    fn batch(
        &mut self,
        view: &View,
        sender: Sender,
        events: &[Event],
        seq: usize,
        missing: Option<usize>,
        (rng, truth): (&mut ChaCha8Rng, &mut Truth),
    ) {
        let ended = events.last().map_or(0, |event| event.at);
        let full =
            events.len() == BATCH_EVENTS || events.iter().any(|event| event.kind == "view_end");
        let began = events.first().map_or(0, |event| event.at);
        let sent = view.start + if full { ended + 1 } else { began + BATCH_MS } + sender.late;
        let received = sent - sender.ahead + rng.random_range(20..300);
        let mut body = String::with_capacity(events.len() * 460);
        let mut marks = String::new();
        let mut count = 0;
        for (index, event) in events.iter().enumerate() {
            if missing == Some(seq + index) {
                truth.missing_events += 1;
                continue;
            }
            if count > 0 {
                body.push(',');
            }
            view.write(&mut body, &mut self.clock, event, seq + index);
            if !is_known(event.kind) {
                let comma = if marks.is_empty() { "" } else { "," };
                _ = write!(marks, r#"{comma}"{count}":["unknown_type"]"#);
            }
            tell(truth, event.kind, sender);
            count += 1;
        }
        if count == 0 {
            return;
        }
        let line = line(view, sender, received, sent, &body, &marks);
        if sender.repeats && rng.random::<f64>() < 0.3 {
            truth.repeated_events += count;
            // The first answer was lost: the same bytes come again.
            let again = rng.random_range(1_000..90_000);
            self.push(received + again, again_line(&line, received, sent, again));
        }
        self.push(received, line);
    }

    fn push(&mut self, received: i64, line: String) {
        self.count += 1;
        self.waiting.push(Reverse((received, self.count, line)));
    }
}

fn tell(truth: &mut Truth, kind: &str, sender: Sender) {
    truth.events += 1;
    if sender.robot {
        truth.bot_events += 1;
        return;
    }
    truth.late_events += u64::from(sender.late > 0);
    if let Some(count) = truth.by_type.get_mut(kind) {
        *count += 1;
    } else {
        truth.by_type.insert(kind.to_owned(), 1);
    }
}

fn head(received: i64, sent: i64) -> String {
    format!(r#"{{"v":1,"received_at":{received},"sent_at":{sent},"#)
}

/// The same line when it comes once more: the page says anew when it sends.
fn again_line(line: &str, received: i64, sent: i64, later: i64) -> String {
    line.replacen(
        &head(received, sent),
        &head(received + later, sent + later),
        1,
    )
}

fn line(view: &View, sender: Sender, received: i64, sent: i64, body: &str, marks: &str) -> String {
    let mut out = String::with_capacity(body.len() + 600);
    out.push_str(&head(received, sent));
    let Device {
        user_agent,
        viewport,
        ..
    } = sender.device;
    let Sender { page, robot, .. } = sender;
    let (campaign, locale) = (CAMPAIGNS[sender.campaign].json, MARKETS[view.market].locale);
    _ = write!(
        out,
        r#""site":"default","bot":{robot},"user_agent":"{user_agent}","context":{{"page_url":"https://shop.example/{page}","referrer":"","campaign":{campaign},"locale":"{locale}","viewport":{viewport},"consent":"granted"}},"events":[{body}]"#
    );
    if !marks.is_empty() {
        _ = write!(out, r#","marks":{{{marks}}}"#);
    }
    out.push_str("}\n");
    out
}
