//! One view of a video: what a viewer watches, clicks and wants.

use super::text::{About, Event, Id};
use super::world::{Video, World};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;

/// A step towards an order, as the journey keeps it.
#[derive(Clone, Copy)]
pub struct Touch {
    pub product: usize,
    pub event: Id,
    /// By the browser's clock.
    pub time: i64,
    pub view: Id,
    pub video: usize,
    pub hotspot: usize,
    pub media: f64,
    pub variant: usize,
    pub campaign: usize,
}

/// What decides how a view goes.
pub struct Plan<'a> {
    pub world: &'a World,
    pub video: usize,
    /// When the view begins, by the browser's clock.
    pub start: i64,
    pub view: Id,
    pub variant: usize,
    pub campaign: usize,
    /// A machine clicks everything.
    pub robot: bool,
    /// The viewer was in the experiment before: what they do then is decided already.
    pub seasoned: bool,
}

/// What happened in a view.
#[derive(Default)]
pub struct Seen {
    pub events: Vec<Event>,
    pub clicks: Vec<Touch>,
    pub intents: Vec<Touch>,
    pub sights: Vec<Touch>,
    /// By hotspot: whether it was exposed, whether it was clicked.
    pub hotspots: Vec<(bool, bool)>,
    pub watched_ms: i64,
    pub played: bool,
    /// All of it was watched, but for a tenth of a second.
    pub completed: bool,
    pub interrupted: bool,
    pub experiment: bool,
    /// When the view ended, in milliseconds since it began, and where in the video.
    pub left_at: i64,
    pub left_media: f64,
    /// The fields of its `view_end`.
    pub end: String,
}

/// A stretch of the video that was watched: from, to, and the view's time at its start.
#[derive(Clone, Copy)]
struct Stretch {
    from: f64,
    to: f64,
    at: f64,
}

pub(super) struct Tape<'a, 'r> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) rng: &'r mut ChaCha8Rng,
    stretches: Vec<Stretch>,
    pub(super) seen: Seen,
    /// The page is left then.
    pub(super) cut: Option<i64>,
}

impl Tape<'_, '_> {
    pub(super) fn video(&self) -> &Video {
        &self.plan.world.videos[self.plan.video]
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.rng.random::<f64>() < probability
    }

    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.rng.random_range(low..high)
    }

    pub(super) fn tell(
        &mut self,
        at: i64,
        kind: &'static str,
        media: f64,
        about: About,
        cause: Option<Id>,
    ) -> Id {
        self.tell_more(at, kind, media, about, cause, String::new())
    }

    pub(super) fn tell_more(
        &mut self,
        at: i64,
        kind: &'static str,
        media: f64,
        about: About,
        cause: Option<Id>,
        more: String,
    ) -> Id {
        let id = Id::new(self.rng, self.plan.start + at);
        let media = Some(media);
        self.seen.events.push(Event {
            at,
            id,
            kind,
            media,
            about,
            cause,
            more,
        });
        id
    }

    /// When the video shows a second, if it is watched.
    pub(super) fn when(&self, media: f64) -> Option<i64> {
        let stretch = self
            .stretches
            .iter()
            .find(|one| one.from <= media && media <= one.to)?;
        let at = (stretch.at + (media - stretch.from) * 1_000.0).round() as i64;
        self.cut.is_none_or(|cut| at < cut).then_some(at)
    }

    /// What the video shows at a time of the view.
    pub(super) fn shown(&self, at: i64) -> f64 {
        let mut media = 0.0;
        for one in &self.stretches {
            let into = (at as f64 - one.at) / 1_000.0;
            if into >= 0.0 {
                media = (one.from + into).min(one.to);
            }
        }
        media
    }

    /// How far the viewer watches, with at most one interruption.
    fn plan_stretches(&mut self) {
        let duration = self.video().duration;
        let mut stop = if self.chance(0.35) {
            duration
        } else {
            duration * self.rng.random::<f64>().powf(1.3)
        };
        if self.video().experiment.is_some()
            && let Some(last) = self.video().hotspots.last()
            && stop >= last.start
        {
            // Who sees the difference sees it whole, so that the groups' rates are those of the variants.
            stop = stop.max(last.end + 0.2);
        }
        let begin = self.between(150, 3_000) as f64;
        self.tell(begin as i64, "play", 0.0, About::Video, None);
        let whole = Stretch {
            from: 0.0,
            to: stop,
            at: begin,
        };
        let kind = self.rng.random::<f64>();
        let at = stop * (0.1 + 0.8 * self.rng.random::<f64>());
        let reached = begin + at * 1_000.0;
        if kind > 0.2 || self.video().experiment.is_some() || stop < 2.0 {
            self.stretches.push(whole);
            return;
        }
        let (mut gap, mut onwards) = (0.0, at);
        self.seen.interrupted = true;
        if kind < 0.1 {
            gap = self.between(1_000, 20_000) as f64;
            self.tell(reached as i64, "pause", at, About::Video, None);
            self.tell((reached + gap) as i64, "play", at, About::Video, None);
        } else if kind < 0.15 {
            gap = self.between(100, 4_000) as f64;
            let more = format!(r#","duration_ms":{gap}"#);
            self.tell_more(
                (reached + gap) as i64,
                "buffer",
                at,
                About::Video,
                None,
                more,
            );
        } else {
            gap += 40.0;
            onwards = (at + 2.0 + 10.0 * self.rng.random::<f64>()).min(stop);
            let more = format!(r#","from":{:.3}"#, at);
            self.tell_more(
                (reached + gap) as i64,
                "seek",
                onwards,
                About::Video,
                None,
                more,
            );
        }
        self.stretches.push(Stretch { to: at, ..whole });
        self.stretches.push(Stretch {
            from: onwards,
            to: stop,
            at: reached + gap,
        });
    }

    /// What was watched, up to where the page was left.
    fn watched(&self) -> Vec<(f64, f64)> {
        let mut found: Vec<(f64, f64)> = Vec::new();
        for one in &self.stretches {
            let to = match self.cut {
                Some(cut) => one.to.min(one.from + (cut as f64 - one.at) / 1_000.0),
                None => one.to,
            };
            match found.last_mut() {
                _ if to <= one.from => {}
                Some(last) if (last.1 - one.from).abs() < 1e-9 => last.1 = to,
                _ => found.push((one.from, to)),
            }
        }
        found
    }

    /// Quarters, segments and the end, by what was watched.
    fn milestones(&mut self) {
        let duration = self.video().duration;
        let watched = self.watched();
        let (mut total, mut quarter) = (0.0, 1);
        for (from, to) in &watched {
            while quarter <= 4 {
                let slack = if quarter == 4 { 0.1 } else { 0.0 };
                let media = from + duration * f64::from(quarter) / 4.0 - slack - total;
                if media > *to {
                    break;
                }
                if let Some(at) = self.when(media.max(*from)) {
                    let more = format!(r#","percent":{}"#, quarter * 25);
                    self.tell_more(at, "progress", media, About::Video, None, more);
                }
                quarter += 1;
            }
            total += to - from;
        }
        self.seen.watched_ms = (total * 1_000.0).round() as i64;
        let starts: Vec<f64> = self.video().segments.iter().map(|one| one.start).collect();
        for start in starts {
            if let Some(at) = self.when(start) {
                self.tell(at, "segment_enter", start, About::Video, None);
            }
        }
        self.seen.completed = quarter > 4;
        let ended = watched.last().is_some_and(|last| last.1 >= duration);
        if ended && let Some(at) = self.when(duration) {
            self.tell(at + 1, "end", duration, About::Video, None);
        }
    }

    /// The fields of `view_end`.
    fn ending(&self) -> String {
        let watched = self.watched();
        let mut out = String::from(r#","watched":["#);
        for (index, (from, to)) in watched.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let (from, to) = ((from * 1e3).round() / 1e3, (to * 1e3).round() / 1e3);
            // Writing to a String cannot fail.
            _ = write!(out, "{comma}[{from},{to}]");
        }
        out.push_str(r#"],"exposures":["#);
        let mut comma = "";
        for hotspot in &self.video().hotspots {
            let on =
                |&(from, to): &(f64, f64)| (to.min(hotspot.end) - from.max(hotspot.start)).max(0.0);
            let dwell = (watched.iter().map(on).sum::<f64>() * 1_000.0) as i64;
            if dwell > 0 {
                _ = write!(
                    out,
                    r#"{comma}{{"hotspot_id":"{}","dwell_ms":{dwell}}}"#,
                    hotspot.id
                );
                comma = ",";
            }
        }
        out.push(']');
        out
    }

    /// Polls, and the leads that the page itself tells.
    fn page(&mut self, at: i64) {
        let media = self.shown(at);
        if self.seen.completed && self.chance(0.12) {
            let (kind, score) = if self.chance(0.5) {
                ("satisfaction", self.between(2, 6))
            } else {
                ("recommendation", self.between(3, 11))
            };
            let more = format!(
                r#","hotspot_id":"poll-{kind}","kind":"{kind}","answer":"{score}","score":{score}"#
            );
            self.tell_more(at, "poll_answered", media, About::Video, None, more);
        }
        if !self.seen.clicks.is_empty() && self.chance(0.03) {
            let more = r#","data":{"form":"newsletter"}"#.to_owned();
            self.tell_more(at, "lead", media, About::Video, None, more);
        }
    }
}

/// Lets a view happen.
pub fn visit(plan: &Plan, rng: &mut ChaCha8Rng) -> Seen {
    let hotspots = plan.world.videos[plan.video].hotspots.len();
    let seen = Seen {
        hotspots: vec![(false, false); hotspots],
        ..Seen::default()
    };
    let mut tape = Tape {
        plan,
        rng,
        stretches: Vec::new(),
        seen,
        cut: None,
    };
    tape.tell(0, "impression", 0.0, About::Video, None);
    if tape.chance(0.9) {
        tape.seen.played = true;
        tape.plan_stretches();
        for index in 0..hotspots {
            tape.hotspot(index);
        }
        tape.milestones();
    }
    let last = tape
        .seen
        .events
        .iter()
        .map(|event| event.at)
        .max()
        .unwrap_or(0);
    let stop = tape
        .stretches
        .last()
        .map_or(0.0, |one| one.at + (one.to - one.from) * 1_000.0);
    let stayed = last.max(stop as i64) + tape.between(20, 4_000);
    let left = tape.cut.unwrap_or(stayed);
    if !plan.robot && tape.cut.is_none() {
        tape.page(left - 10);
    }
    // What a view that is left at once would have told later.
    tape.seen.events.retain(|event| event.at <= left);
    tape.seen.left_at = left;
    tape.seen.left_media = tape.shown(left);
    tape.seen.end = tape.ending();
    let began = plan.start;
    let happened = |touch: &Touch| touch.time - began <= left;
    tape.seen.intents.retain(happened);
    tape.seen.clicks.retain(happened);
    for (index, row) in tape.seen.hotspots.iter_mut().enumerate() {
        row.1 = tape.seen.clicks.iter().any(|click| click.hotspot == index);
    }
    let (media, more) = (tape.seen.left_media, tape.seen.end.clone());
    tape.tell_more(left, "view_end", media, About::Video, None, more);
    tape.seen.events.sort_by_key(|event| event.at);
    tape.seen
}
