//! A browser with tabs and a journal, and collectors, around the outbox. Everything that comes out of
//! it is checked.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::{BTreeMap, BTreeSet};
use vitrine::outbox::{Browser, Consent, Delivery, Do, Limits, Post, Rules, Way, Worth};

pub type Id = u32;
pub const LANES: usize = 2;
pub const ENVELOPE: usize = 150;
const EACH: usize = 1;
const KINDS: [&str; 6] = [
    "progress",
    "hotspot_exposure",
    "hotspot_click",
    "add_to_cart",
    "purchase",
    "my_own",
];

/// A row of the journal.
#[derive(Clone, Debug)]
struct Row {
    kind: usize,
    bytes: usize,
    at: f64,
    to: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
struct Flight {
    lane: usize,
    way: Way,
    bytes: usize,
    leaving: bool,
    ids: Vec<Id>,
}

pub struct Tab {
    delivery: Delivery,
    name: u32,
    numbers: BTreeMap<u32, (Id, Row)>,
    last: u32,
    flights: BTreeMap<u32, Flight>,
    /// What the browser may still have under way of beacons, and since when.
    beacons: Vec<(usize, f64)>,
    armed: [Vec<Id>; LANES],
    consent: Consent,
    /// What the tab knows to have arrived.
    acked: BTreeSet<(Id, usize)>,
    leaving: bool,
    timer: Option<f64>,
    gone: bool,
}

pub struct World {
    pub rules: Rules,
    pub now: f64,
    pub wall: f64,
    pub tabs: Vec<Tab>,
    names: u32,
    ids: Id,
    journal: BTreeMap<(u32, Id), Row>,
    /// Per event and collector: arrived, and how it ended otherwise.
    pub arrived: BTreeMap<(Id, usize), usize>,
    pub dropped: BTreeMap<(Id, usize), usize>,
    pub excused: BTreeSet<Id>,
    pub all: BTreeSet<Id>,
    pub reported: usize,
    /// How many were dropped for each reason.
    pub reasons: [usize; 4],
    sizes: BTreeMap<Id, usize>,
}

impl World {
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            now: 1_000.0,
            wall: 1e12,
            tabs: Vec::new(),
            names: 0,
            ids: 0,
            journal: BTreeMap::new(),
            arrived: BTreeMap::new(),
            dropped: BTreeMap::new(),
            excused: BTreeSet::new(),
            all: BTreeSet::new(),
            reported: 0,
            reasons: [0; 4],
            sizes: BTreeMap::new(),
        }
    }

    /// Every fifth event is not understood by the second collector.
    pub fn is_poisoned(id: Id, lane: usize) -> bool {
        lane == 1 && id.is_multiple_of(5)
    }

    pub fn open(&mut self, later: bool, keepalive: bool, consent: Consent) {
        self.names += 1;
        let mut delivery = Delivery::new(self.rules, Browser { keepalive, later }, consent, false);
        for lane in 0..LANES {
            delivery.add_lane(Limits {
                events: 100,
                bytes: 500_000,
                event: 400_000,
                each: EACH,
                beacon: true,
                later: true,
            });
            for group in 0..3 {
                delivery.set_envelope(lane, group, ENVELOPE);
            }
        }
        self.tabs.push(Tab {
            delivery,
            name: self.names,
            numbers: BTreeMap::new(),
            last: 0,
            flights: BTreeMap::new(),
            beacons: Vec::new(),
            armed: Default::default(),
            consent,
            acked: BTreeSet::new(),
            leaving: false,
            timer: None,
            gone: false,
        });
        self.work(self.tabs.len() - 1);
    }

    pub fn push(&mut self, tab: usize, kind: usize, bytes: usize, group: u32) {
        self.ids += 1;
        let id = self.ids;
        self.all.insert(id);
        self.sizes.insert(id, bytes);
        let row = Row {
            kind,
            bytes,
            at: self.wall,
            to: (0..LANES).collect(),
        };
        if self.tabs[tab].consent == Consent::Denied {
            self.excused.insert(id);
        }
        self.enter(tab, id, row, group, None);
        self.work(tab);
    }

    fn enter(&mut self, at: usize, id: Id, row: Row, group: u32, adopted: Option<f64>) {
        let now = self.now;
        let tab = &mut self.tabs[at];
        tab.last += 1;
        let post = Post {
            number: tab.last,
            worth: Worth::of(KINDS[row.kind % KINDS.len()].as_bytes()),
            bytes: row.bytes,
            group,
            adopted,
        };
        let routes: Vec<_> = row.to.iter().map(|lane| (*lane, row.bytes)).collect();
        tab.numbers.insert(tab.last, (id, row));
        tab.delivery.push(post, &routes, now);
    }

    /// Takes over what tabs left that are gone.
    pub fn adopt(&mut self, at: usize) {
        if self.tabs[at].consent != Consent::Granted {
            return;
        }
        let alive: Vec<u32> = self.tabs.iter().map(|tab| tab.name).collect();
        let dead: Vec<_> = self
            .journal
            .keys()
            .filter(|(name, _)| !alive.contains(name))
            .copied()
            .collect();
        for key in dead {
            let row = self.journal.remove(&key).unwrap();
            self.journal
                .insert((self.tabs[at].name, key.1), row.clone());
            let age = self.wall - row.at;
            self.enter(at, key.1, row, 2, Some(age));
        }
        self.work(at);
    }

    /// The tab's memory is gone. What the browser has in hand may still arrive, `luck` decides.
    pub fn crash(&mut self, at: usize, luck: bool) {
        let tab = self.tabs.remove(at);
        for flight in tab
            .flights
            .values()
            .filter(|flight| luck && flight.way != Way::Fetch)
        {
            self.take(flight.lane, &flight.ids);
        }
        for (lane, ids) in tab.armed.iter().enumerate().filter(|_| luck) {
            self.take(lane, ids);
        }
        for (id, _) in tab.numbers.values() {
            if !self.journal.contains_key(&(tab.name, *id)) {
                // It was held in memory until the viewer agreed.
                self.excused.insert(*id);
            }
        }
    }

    /// A collector takes a whole body or nothing.
    fn take(&mut self, lane: usize, ids: &[Id]) -> bool {
        let bad = ids.iter().any(|id| Self::is_poisoned(*id, lane));
        if !bad {
            for id in ids {
                *self.arrived.entry((*id, lane)).or_default() += 1;
            }
        }
        !bad
    }

    /// One of the tab's requests is answered. Where the answer is lost, the events have arrived.
    pub fn answer(
        &mut self,
        at: usize,
        which: usize,
        status: u32,
        lost: bool,
        asked: f64,
        random: f64,
    ) {
        let now = self.now;
        let tab = &self.tabs[at];
        let open: Vec<u32> = tab.flights.keys().copied().collect();
        let Some(request) = open.get(which % open.len().max(1)).copied() else {
            return;
        };
        let flight = self.tabs[at].flights.remove(&request).unwrap();
        if flight.way == Way::Beacon {
            let taken = status != 0;
            if taken && !lost {
                self.take(flight.lane, &flight.ids);
            }
            self.tabs[at].delivery.handed(request, taken, now, random);
            return self.work(at);
        }
        let mut status = status;
        if (200..300).contains(&status) {
            if !self.take(flight.lane, &flight.ids) {
                status = 400;
            } else if lost {
                status = 0;
            } else {
                let acked = flight.ids.iter().map(|id| (*id, flight.lane));
                self.tabs[at].acked.extend(acked);
            }
        }
        for _ in 0..2 {
            // The second answer says nothing.
            self.tabs[at]
                .delivery
                .answered(request, status, asked, now, random);
        }
        self.work(at);
    }

    pub fn fire(&mut self, at: usize, lane: usize) {
        let ids = self.tabs[at].armed[lane].clone();
        if ids.is_empty() {
            return;
        }
        self.take(lane, &ids);
        self.tabs[at].armed[lane].clear();
        self.tabs[at].delivery.fired(lane);
        self.work(at);
    }

    pub fn leave(&mut self, at: usize) {
        let now = self.now;
        let tab = &mut self.tabs[at];
        tab.delivery.begin_leaving();
        tab.leaving = true;
        tab.delivery.leave(now);
        let effects = tab.delivery.take_effects();
        self.carry(at, &effects);
        self.tabs[at].leaving = false;
        self.work(at);
    }

    pub fn close(&mut self, at: usize) {
        let now = self.now;
        self.tabs[at].leaving = true;
        self.tabs[at].delivery.close(now);
        let effects = self.tabs[at].delivery.take_effects();
        self.carry(at, &effects);
        self.tabs[at].leaving = false;
        self.work(at);
        while !self.tabs[at].gone {
            assert!(
                !self.tabs[at].flights.is_empty(),
                "a closed tab neither waits nor ends"
            );
            self.answer(at, 0, 204, false, f64::NAN, 0.5);
        }
        self.crash(at, false);
    }

    pub fn consent(&mut self, at: usize, consent: Consent) {
        if consent == Consent::Denied && self.tabs[at].consent != Consent::Denied {
            // The journal is emptied, whoever's events it has; other tabs still have theirs.
            for (key, _) in std::mem::take(&mut self.journal) {
                self.excused.insert(key.1);
            }
            let held: Vec<Id> = self.tabs[at].numbers.values().map(|(id, _)| *id).collect();
            self.excused.extend(held);
        }
        self.tabs[at].consent = consent;
        self.tabs[at].delivery.set_consent(consent);
        self.work(at);
    }

    pub fn with(&mut self, at: usize, act: impl FnOnce(&mut Delivery, f64)) {
        act(&mut self.tabs[at].delivery, self.now);
        self.work(at);
    }

    /// Time goes on; timers fire.
    pub fn wait(&mut self, ms: f64, jump: f64) {
        let end = self.now + ms;
        for _ in 0..200 {
            let next = self
                .tabs
                .iter()
                .enumerate()
                .filter_map(|(at, tab)| Some((at, tab.timer?)));
            let Some((at, due)) = next.min_by(|a, b| a.1.total_cmp(&b.1)) else {
                break;
            };
            if due > end {
                break;
            }
            self.now = self.now.max(due);
            self.tabs[at].timer = None;
            self.work(at);
        }
        self.now = self.now.max(end);
        self.wall += ms + jump;
    }

    pub fn work(&mut self, at: usize) {
        let tab = &mut self.tabs[at];
        tab.delivery.work(self.now);
        let effects = tab.delivery.take_effects();
        self.carry(at, &effects);
        let tab = &mut self.tabs[at];
        assert_eq!(tab.delivery.len(), tab.numbers.len());
        if let Some(due) = tab.delivery.deadline() {
            // What is due now and not done would be asked for without end.
            assert!(
                due > self.now || !tab.flights.is_empty(),
                "due at {due}, it is {}",
                self.now
            );
        }
    }

    fn carry(&mut self, at: usize, effects: &[f64]) {
        let mut rest = effects;
        while let Some(length) = rest.first() {
            let (row, more) = rest.split_at(*length as usize);
            rest = more;
            self.carry_row(at, row[1] as u8, &row[2..]);
        }
    }

    fn carry_row(&mut self, at: usize, what: u8, row: &[f64]) {
        let is = |other: Do| what == other as u8;
        let (now, ledger) = (self.now, self.rules.ledger_bytes);
        let tab = &mut self.tabs[at];
        let id = |tab: &Tab, number: f64| tab.numbers[&(number as u32)].0;
        if is(Do::Write) {
            assert_eq!(tab.consent, Consent::Granted, "written without consent");
            for number in row {
                let (id, row) = tab.numbers[&(*number as u32)].clone();
                self.journal.insert((tab.name, id), row);
            }
        } else if is(Do::Erase) {
            for number in row {
                let (id, _) = tab.numbers.remove(&(*number as u32)).unwrap();
                self.journal.remove(&(tab.name, id));
            }
        } else if is(Do::Done) {
            for number in &row[1..] {
                let (id, kept) = tab.numbers.get_mut(&(*number as u32)).unwrap();
                kept.to.remove(&(row[0] as usize));
                if let Some(journaled) = self.journal.get_mut(&(tab.name, *id)) {
                    *journaled = kept.clone();
                }
            }
        } else if is(Do::Send) {
            let lane = row[1] as usize;
            let way = [Way::Fetch, Way::Keepalive, Way::Beacon][row[2] as usize];
            let ids: Vec<Id> = row[3..].iter().map(|number| id(tab, *number)).collect();
            let sizes = row[3..]
                .iter()
                .map(|number| tab.numbers[&(*number as u32)].1.bytes + EACH);
            let bytes = ENVELOPE + sizes.sum::<usize>();
            assert_ne!(tab.consent, Consent::Required);
            assert!(ids.len() <= self.rules.batch_events);
            assert!(bytes <= self.rules.batch_bytes || ids.len() == 1);
            if !tab.leaving {
                let busy = tab.flights.values().any(|flight| flight.lane == lane);
                assert!(!busy, "two requests to one collector");
            }
            for id in &ids {
                assert!(!tab.acked.contains(&(*id, lane)), "{id} again");
                let mut others = tab.flights.values().filter(|other| other.lane == lane);
                let twice = others.any(|other| {
                    !other.leaving && other.way != Way::Fetch && other.ids.contains(id)
                });
                assert!(!twice, "{id} is under way already");
            }
            let leaving = tab.leaving;
            tab.flights.insert(
                row[0] as u32,
                Flight {
                    lane,
                    way,
                    bytes,
                    leaving,
                    ids,
                },
            );
            if way == Way::Beacon {
                tab.beacons.push((bytes, now));
            }
            let fetches = tab
                .flights
                .values()
                .filter(|flight| flight.way == Way::Keepalive);
            let fetches: usize = fetches.map(|flight| flight.bytes).sum();
            let beacons = tab
                .beacons
                .iter()
                .filter(|(_, since)| since + 10_000.0 > now);
            let under_way = fetches + beacons.map(|(bytes, _)| bytes).sum::<usize>();
            assert!(
                way == Way::Fetch || under_way <= ledger,
                "{under_way} bytes under way"
            );
        } else if is(Do::Arm) {
            let armed: Vec<Id> = row[1..].iter().map(|number| id(tab, *number)).collect();
            tab.armed[row[0] as usize] = armed;
            let sizes = tab.armed.iter().flatten().map(|id| self.sizes[id]);
            assert!(sizes.sum::<usize>() <= self.rules.later_bytes);
        } else if is(Do::Drop) {
            let lanes: Vec<usize> = if row[0] < 0.0 {
                (0..LANES).collect()
            } else {
                vec![row[0] as usize]
            };
            self.reasons[row[1] as usize] += row.len() - 2;
            for number in &row[2..] {
                let id = id(tab, *number);
                let flying = tab.flights.values().any(|flight| flight.ids.contains(&id));
                assert!(
                    !flying || row[1] != 0.0,
                    "{id} gave way while it was under way"
                );
                for lane in &lanes {
                    *self.dropped.entry((id, *lane)).or_default() += 1;
                }
            }
        } else if is(Do::Report) {
            self.reported += 1;
        } else if is(Do::Wake) {
            tab.timer = (!row[0].is_nan()).then_some(now + row[0]);
        } else if is(Do::Close) {
            tab.gone = true;
        }
    }

    /// Everything is well from here on: what the last visit finds arrives.
    pub fn heal(&mut self) {
        while !self.tabs.is_empty() {
            self.crash(0, false);
        }
        for _ in 0..200 {
            if self.journal.is_empty() {
                return;
            }
            self.open(false, true, Consent::Granted);
            self.adopt(0);
            for _ in 0..5_000 {
                if !self.tabs[0].flights.is_empty() {
                    self.answer(0, 0, 204, false, f64::NAN, 0.5);
                } else if self.tabs[0].timer.is_some() {
                    let due = self.tabs[0].timer.unwrap();
                    self.wait((due - self.now).max(0.0), 0.0);
                } else {
                    break;
                }
            }
            self.crash(0, false);
        }
        panic!("{} rows of the journal never arrive", self.journal.len());
    }

    /// Each event arrived at each collector, or was counted, or could not be kept.
    pub fn check(&self) {
        for id in self.all.iter().filter(|id| !self.excused.contains(id)) {
            for lane in 0..LANES {
                let key = (*id, lane);
                let (arrived, dropped) = (self.arrived.get(&key), self.dropped.get(&key));
                assert!(
                    arrived.is_some() || dropped.is_some(),
                    "event {id} never came to {lane}"
                );
            }
        }
    }
}
