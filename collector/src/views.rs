//! Which `seq` of which view came: what proves that nothing is missing, or says what is.

use crate::event::{Head, ViewRef};
use crate::ids::{Id, uuid_text};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};

/// Ranges `from..to` of numbers that do not touch, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges(Vec<(u32, u32)>);

/// So many ranges are kept of a view; what a sender invents beyond that joins the last.
const MOST_RANGES: usize = 1_000;

impl Ranges {
    /// Adds a number.
    pub fn insert(&mut self, number: u32) {
        let at = self.0.partition_point(|(_, to)| *to < number);
        let many = self.0.len() >= MOST_RANGES;
        match self.0.get_mut(at) {
            Some((from, to)) if *from <= number && number < *to => return,
            Some((_, to)) if *to == number => *to += 1,
            Some((from, _)) if *from == number + 1 => {
                *from = number;
                return;
            }
            _ if many => return,
            _ => return self.0.insert(at, (number, number + 1)),
        }
        // It may have closed the gap to the next.
        if let (Some((_, to)), Some((from, end))) =
            (self.0.get(at).copied(), self.0.get(at + 1).copied())
            && to == from
        {
            self.0.remove(at + 1);
            if let Some(range) = self.0.get_mut(at) {
                range.1 = end;
            }
        }
    }

    /// Whether the number is in.
    pub fn contains(&self, number: u32) -> bool {
        let at = self.0.partition_point(|(_, to)| *to <= number);
        self.0.get(at).is_some_and(|(from, _)| *from <= number)
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(from, to)| u64::from(to - from)).sum()
    }

    /// One more than the highest.
    pub fn end(&self) -> u32 {
        self.0.last().map_or(0, |(_, to)| *to)
    }

    /// How many numbers are in both.
    pub fn common(&self, other: &Self) -> u64 {
        let each = self.0.iter().flat_map(|(from, to)| {
            let start = other.0.partition_point(|(_, end)| end <= from);
            let rest = other.0.get(start..).unwrap_or_default();
            rest.iter()
                .take_while(move |(begin, _)| begin < to)
                .map(move |(begin, end)| u64::from((*end).min(*to) - (*begin).max(*from)))
        });
        each.sum()
    }

    /// The first gaps below the end.
    fn gaps(&self, without: &Self, most: usize) -> Vec<u32> {
        let mut gaps = Vec::new();
        let mut next = 0;
        for (from, to) in &self.0 {
            gaps.extend(
                (next..*from)
                    .filter(|number| !without.contains(*number))
                    .take(most - gaps.len()),
            );
            next = *to;
        }
        gaps
    }
}

#[derive(Debug, Default)]
struct View {
    name: Option<Box<str>>,
    site: Box<str>,
    received: Ranges,
    explained: Option<Box<Ranges>>,
    /// One more than the `seq` of its last `view_end`.
    ended: u32,
    /// When an event of it came last, in minutes.
    touched: u32,
}

/// What a view's numbers say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Figures {
    received: u64,
    missing: u64,
    explained: u64,
    closed: bool,
}

impl View {
    fn figures(&self) -> Figures {
        let received = self.received.count();
        let end = self.received.end().max(
            self.explained
                .as_ref()
                .map_or(0, |explained| explained.end()),
        );
        let explained = self.explained.as_ref().map_or(0, |explained| {
            explained.count() - explained.common(&self.received)
        });
        Figures {
            received,
            missing: u64::from(end).saturating_sub(received + explained),
            explained,
            closed: self.ended > 0 && self.ended == self.received.end(),
        }
    }
}

/// Sums over views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Views of which anything came.
    pub views: u64,
    /// Those of which nothing is missing, and whose last event is a `view_end`.
    pub complete: u64,
    /// Those of which nothing is missing so far.
    pub open: u64,
    /// Those of which events are missing.
    pub incomplete: u64,
    /// Events that came, each once.
    pub received: u64,
    /// Events that did not, in views that are quiet.
    pub missing: u64,
    /// Events that did not yet, in views of which something came within the last minutes.
    pub pending: u64,
    /// Events that never will, as a `dropped` event says.
    pub explained: u64,
}

impl Sums {
    fn add(&mut self, figures: Figures, quiet: bool) {
        self.views += 1;
        self.received += figures.received;
        self.explained += figures.explained;
        match (figures.missing, figures.closed) {
            (0, true) => self.complete += 1,
            (0, false) => self.open += 1,
            _ => self.incomplete += 1,
        }
        if quiet {
            self.missing += figures.missing;
        } else {
            self.pending += figures.missing;
        }
    }
}

/// A view of which events are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Worst {
    /// Its id.
    pub view_id: String,
    /// Whose it is.
    pub site: String,
    /// Events that came.
    pub received: u64,
    /// Events that did not.
    pub missing: u64,
    /// Events that a `dropped` event counts.
    pub explained: u64,
    /// The first numbers that are missing.
    pub first_missing: Vec<u32>,
    /// For so long nothing of it came.
    pub quiet_minutes: u32,
}

/// What `GET /completeness` says of views.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Of the views that are tracked, and of those that are not any more.
    pub all: Sums,
    /// How many of them are tracked no more: nothing of theirs came for long, or there were too many.
    pub settled_views: u64,
    /// Events that came later than they should, by their corrected times.
    pub late: u64,
    /// Events without `view_id` and `seq`.
    pub without_seq: u64,
    /// The sum of all `count` of `dropped` events.
    pub dropped_count: u64,
    /// The views of which most is missing.
    pub worst: Vec<Worst>,
}

/// The views that are tracked.
#[derive(Debug)]
pub struct Views {
    views: HashMap<Id, View>,
    /// By the minute in which they were looked at last.
    order: VecDeque<(Id, u32)>,
    settled: Sums,
    late: u64,
    without_seq: u64,
    dropped_count: u64,
    most: usize,
    kept_minutes: u32,
}

/// Gaps of a view of which something came within so many minutes may still close.
const PENDING_MINUTES: u32 = 2;

impl Views {
    /// Tracks at most so many views, each until nothing of it came for so many minutes.
    pub fn new(most: usize, kept_minutes: u32) -> Self {
        Self {
            views: HashMap::new(),
            order: VecDeque::new(),
            settled: Sums::default(),
            late: 0,
            without_seq: 0,
            dropped_count: 0,
            most,
            kept_minutes,
        }
    }

    fn view(&mut self, of: &ViewRef, site: &str, minute: u32) -> &mut View {
        let order = &mut self.order;
        let view = self.views.entry(of.key).or_insert_with(|| {
            order.push_back((of.key, minute));
            View {
                name: of.name.clone(),
                site: site.into(),
                ..View::default()
            }
        });
        view.touched = view.touched.max(minute);
        view
    }

    /// An event that was kept.
    pub fn observe(&mut self, head: &Head, site: &str, minute: u32, late: bool) {
        self.late += u64::from(late);
        match &head.view {
            Some((of, seq)) => {
                let ends = head.ends;
                let view = self.view(of, site, minute);
                view.received.insert(*seq);
                if ends {
                    view.ended = view.ended.max(seq + 1);
                }
            }
            None => self.without_seq += 1,
        }
        if let Some(dropped) = &head.dropped {
            self.dropped_count = self.dropped_count.saturating_add(dropped.count);
            for (of, numbers) in &dropped.missing {
                let view = self.view(of, site, minute);
                // One site says nothing about another's views.
                if &*view.site == site {
                    let explained = view.explained.get_or_insert_default();
                    numbers.iter().for_each(|number| explained.insert(*number));
                }
            }
        }
    }

    /// Lets go of views that are quiet for long, or too many; their sums stay.
    pub fn expire(&mut self, minute: u32) {
        while let Some((key, at)) = self.order.front().copied()
            && (at.saturating_add(self.kept_minutes) < minute || self.views.len() > self.most)
        {
            self.order.pop_front();
            let touched = self.views.get(&key).map_or(0, |view| view.touched);
            if touched > at {
                self.order.push_back((key, touched));
            } else if let Some(view) = self.views.remove(&key) {
                self.settled.add(view.figures(), true);
            }
        }
    }

    /// How many are tracked.
    pub fn len(&self) -> usize {
        self.views.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// What is there, what is missing, and where most is.
    pub fn report(&self, minute: u32, worst: usize) -> Report {
        let mut all = self.settled;
        let mut ranked: Vec<(u64, Id)> = Vec::new();
        for (key, view) in &self.views {
            let figures = view.figures();
            all.add(
                figures,
                view.touched.saturating_add(PENDING_MINUTES) <= minute,
            );
            if figures.missing > 0 {
                ranked.push((figures.missing, *key));
            }
        }
        ranked.sort_unstable_by(|one, other| other.cmp(one));
        ranked.truncate(worst);
        let worst = ranked
            .iter()
            .filter_map(|(_, key)| self.worst(*key, minute))
            .collect();
        Report {
            all,
            settled_views: self.settled.views,
            late: self.late,
            without_seq: self.without_seq,
            dropped_count: self.dropped_count,
            worst,
        }
    }

    fn worst(&self, key: Id, minute: u32) -> Option<Worst> {
        let view = self.views.get(&key)?;
        let figures = view.figures();
        let none = Ranges::default();
        let explained = view.explained.as_deref().unwrap_or(&none);
        Some(Worst {
            view_id: view
                .name
                .as_deref()
                .map_or_else(|| uuid_text(key), str::to_owned),
            site: view.site.to_string(),
            received: figures.received,
            missing: figures.missing,
            explained: figures.explained,
            first_missing: view.received.gaps(explained, 20),
            quiet_minutes: minute.saturating_sub(view.touched),
        })
    }
}
