//! The outbox under any order of pushes, answers, failures, page hides and passing time.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vitrine::outbox::{ALLOWANCE, Outbox, Outcome, Policy, Request, Via};

const PREFIX: &str = r#"{"schema":"vitrine/1","sent_at":"2026-01-01T00:00:00.000Z","events":["#;
const SUFFIX: &str = "]}";
const ENVELOPE: usize = PREFIX.len() + SUFFIX.len();

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Wait(f64),
    Poll { leaving: bool },
    Settle(usize, Outcome, f64),
    Hold(bool),
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        3 => Just(Outcome::Accepted),
        1 => Just(Outcome::Refused),
        1 => Just(Outcome::Unreachable),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (2usize..3_000).prop_map(Step::Push),
        2 => (20_000usize..90_000).prop_map(Step::Push),
        3 => (0.0..8_000.0).prop_map(Step::Wait),
        4 => Just(Step::Poll { leaving: false }),
        3 => Just(Step::Poll { leaving: true }),
        5 => (0usize..8, outcome(), 0.0..=1.0).prop_map(|(which, outcome, random)| Step::Settle(which, outcome, random)),
        1 => any::<bool>().prop_map(Step::Hold),
    ]
}

/// A page, its browser and its collector around the outbox, checking everything that comes out.
struct Page {
    outbox: Outbox,
    policy: Policy,
    now: f64,
    pushed: u32,
    sizes: BTreeMap<u32, usize>,
    held: bool,
    flying: Vec<(Request, Vec<u32>)>,
    arrived: BTreeSet<u32>,
    /// Bytes and time of the beacons that may still be under way.
    beacons: Vec<(usize, f64)>,
    dropped: u32,
}

impl Page {
    fn new(policy: Policy) -> Self {
        Self {
            outbox: Outbox::new(policy),
            policy,
            now: 1_000.0,
            pushed: 0,
            sizes: BTreeMap::new(),
            held: false,
            flying: Vec::new(),
            arrived: BTreeSet::new(),
            beacons: Vec::new(),
            dropped: 0,
        }
    }

    fn push(&mut self, length: usize) {
        self.pushed += 1;
        self.sizes.insert(self.pushed, length);
        self.outbox.push(self.pushed, length, self.now);
        self.dropped += self.outbox.dropped();
    }

    fn poll(&mut self, leaving: bool) -> bool {
        let Some(request) = self.outbox.poll(self.now, ENVELOPE, leaving) else {
            return false;
        };
        let ids: Vec<_> = self.outbox.events(&request).collect();
        self.check(&request, &ids, leaving);
        self.flying.push((request, ids));
        assert!(self.under_way() <= ALLOWANCE);
        true
    }

    fn check(&self, request: &Request, ids: &[u32], leaving: bool) {
        assert!(!self.held);
        let texts: usize = ids.iter().map(|id| self.sizes[id]).sum();
        assert_eq!(ENVELOPE + texts + ids.len() - 1, request.bytes);
        assert!(!ids.is_empty() && ids.len() <= self.policy.max_events);
        assert!(request.bytes <= self.policy.max_bytes || ids.len() == 1);
        assert!(ids.is_sorted());
        for id in ids {
            assert!(!self.arrived.contains(id), "{id} again");
            assert!(!self.flying.iter().any(|(_, other)| other.contains(id)));
        }
        assert_eq!(leaving, request.via == Via::Beacon);
        for (other, _) in &self.flying {
            assert_ne!(leaving, other.via == Via::Beacon);
        }
        if request.via == (Via::Fetch { keepalive: true }) {
            assert!(request.bytes <= self.policy.max_bytes);
        }
    }

    fn under_way(&self) -> usize {
        let alone = Via::Fetch { keepalive: false };
        let flying = self.flying.iter().map(|(request, _)| request);
        let flying = flying.filter(|request| request.via != alone);
        let taken = self
            .beacons
            .iter()
            .filter(|(_, at)| at + 10_000.0 > self.now);
        flying.map(|request| request.bytes).sum::<usize>()
            + taken.map(|(bytes, _)| bytes).sum::<usize>()
    }

    fn settle(&mut self, which: usize, outcome: Outcome, random: f64) {
        if self.flying.is_empty() {
            return;
        }
        let (request, ids) = self.flying.remove(which % self.flying.len());
        for _ in 0..2 {
            // The second answer to a request says nothing.
            self.outbox
                .settled(request.number, outcome, self.now, random);
        }
        if outcome == Outcome::Accepted {
            self.arrived.extend(&ids);
            if request.via == Via::Beacon {
                self.beacons.push((request.bytes, self.now));
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Push(length) => self.push(length),
            Step::Wait(ms) => self.now += ms,
            Step::Poll { leaving } => {
                self.poll(leaving);
            }
            Step::Settle(which, outcome, random) => self.settle(which, outcome, random),
            Step::Hold(held) => {
                self.held = held;
                self.outbox.hold(held);
            }
        }
        self.check_deadline();
    }

    /// The deadline is the first time at which a poll gives something.
    fn check_deadline(&self) {
        let gives = |at: f64| self.outbox.clone().poll(at, ENVELOPE, false).is_some();
        match self.outbox.deadline() {
            None => assert!(!gives(self.now + 1e9)),
            Some(at) => {
                assert!(gives(at.max(self.now)));
                assert!(at <= self.now || !gives((at - 1.0).max(self.now)));
            }
        }
    }

    /// Lets the collector accept everything from now on.
    fn drain(&mut self) {
        self.step(Step::Hold(false));
        while !self.flying.is_empty() {
            self.settle(0, Outcome::Accepted, 0.5);
        }
        while let Some(at) = self.outbox.deadline() {
            self.now = self.now.max(at);
            assert!(self.poll(false));
            self.settle(0, Outcome::Accepted, 0.5);
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_sent_twice(steps in prop::collection::vec(step(), 1..200)) {
        let mut page = Page::new(Policy::default());
        // An envelope is known from the first poll on, before which deadlines are early guesses.
        page.poll(false);
        for step in steps {
            page.step(step);
        }
        page.drain();
        prop_assert_eq!(page.dropped, 0);
        prop_assert!(page.outbox.is_empty());
        prop_assert_eq!(page.arrived.len() as u32, page.pushed);
    }

    #[test]
    fn what_gives_way_is_counted(steps in prop::collection::vec(step(), 1..200)) {
        let policy = Policy { max_kept_bytes: 60_000, ..Policy::default() };
        let mut page = Page::new(policy);
        page.poll(false);
        for step in steps {
            page.step(step);
            let kept = page.pushed - page.arrived.len() as u32 - page.dropped;
            prop_assert_eq!(page.outbox.len() as u32, kept);
        }
        page.drain();
        prop_assert_eq!(page.arrived.len() as u32 + page.dropped, page.pushed);
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_newest(lengths in prop::collection::vec(20usize..3_000, 1..200)) {
        let policy = Policy { max_kept_bytes: 20_000, ..Policy::default() };
        let mut page = Page::new(policy);
        for &length in &lengths {
            page.push(length);
        }
        let (mut kept, mut bytes) = (0, 0);
        for length in lengths.iter().rev() {
            bytes += length;
            kept += usize::from(bytes <= 20_000);
        }
        prop_assert_eq!(page.outbox.len(), kept);
        prop_assert_eq!(page.dropped as usize, lengths.len() - kept);
        page.drain();
        let newest = lengths.len() - kept + 1;
        prop_assert_eq!(page.arrived.first(), Some(&(newest as u32)));
    }
}

#[test]
fn a_batch_goes_by_age_by_count_or_by_bytes() {
    let mut page = Page::new(Policy::default());
    page.push(100);
    assert!(!page.poll(false));
    assert_eq!(page.outbox.deadline(), Some(6_000.0));
    page.now = 6_000.0;
    assert!(page.poll(false));
    page.settle(0, Outcome::Accepted, 0.0);
    for count in 1..=20 {
        page.push(100);
        assert_eq!(page.poll(false), count == 20);
    }
    page.settle(0, Outcome::Accepted, 0.0);
    for _ in 0..3 {
        page.push(10_000);
        assert!(!page.poll(false));
    }
    page.push(10_000);
    assert!(page.poll(false));
    assert_eq!(page.flying[0].1.len(), 3);
    assert_eq!(page.flying[0].0.via, Via::Fetch { keepalive: true });
}

#[test]
fn waits_double_up_to_the_cap_and_start_over() {
    let mut page = Page::new(Policy::default());
    page.push(100);
    page.now = 10_000.0;
    for expected in [1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 60e3, 60e3] {
        assert!(page.poll(false));
        page.settle(0, Outcome::Unreachable, 1.0);
        assert_eq!(page.outbox.deadline(), Some(page.now + expected));
        page.now += expected;
    }
    assert!(page.poll(false));
    page.settle(0, Outcome::Unreachable, 0.0);
    assert_eq!(page.outbox.deadline(), Some(page.now + 30_000.0));
    page.now += 30_000.0;
    assert!(page.poll(false));
    page.settle(0, Outcome::Accepted, 0.0);
    page.push(100);
    assert_eq!(page.outbox.deadline(), Some(page.now + 5_000.0));
}

#[test]
fn a_refused_batch_waits_longer_each_time() {
    let mut page = Page::new(Policy::default());
    page.push(100);
    page.now = 10_000.0;
    for least in [500.0, 1_000.0, 2_000.0, 4_000.0] {
        assert!(page.poll(false));
        page.settle(0, Outcome::Refused, 0.0);
        page.now += least - 1.0;
        assert!(!page.poll(false));
        page.now += 1.0;
    }
}

#[test]
fn an_answer_to_nothing_says_nothing() {
    let mut page = Page::new(Policy::default());
    page.push(100);
    for number in [0, 1, 9] {
        page.outbox.settled(number, Outcome::Accepted, 1_000.0, 0.5);
    }
    assert_eq!(page.outbox.len(), 1);
    page.drain();
    assert_eq!(page.arrived.len(), 1);
}

#[test]
fn leaving_sends_what_the_browser_takes_and_no_more() {
    let mut page = Page::new(Policy::default());
    for _ in 0..100 {
        page.push(1_000);
    }
    let mut beacons = 0;
    while page.poll(true) {
        page.settle(0, Outcome::Accepted, 0.0);
        beacons += 1;
    }
    assert_eq!(beacons, 4);
    assert!(page.under_way() > ALLOWANCE - 1_200);
    page.now += 10_000.0;
    while page.poll(true) {
        page.settle(0, Outcome::Accepted, 0.0);
    }
    assert_eq!(page.arrived.len(), 100);
}

#[test]
fn a_refused_beacon_is_not_tried_again_at_once() {
    let mut page = Page::new(Policy::default());
    page.push(100);
    assert!(page.poll(true));
    page.settle(0, Outcome::Refused, 1.0);
    assert!(!page.poll(true));
    page.now += 1_000.0;
    assert!(page.poll(true));
}

#[test]
fn an_event_over_the_limit_goes_alone_without_keepalive() {
    let mut page = Page::new(Policy::default());
    page.push(70_000);
    page.push(100);
    assert!(page.poll(true));
    assert_eq!(page.flying[0].1, [2]);
    page.settle(0, Outcome::Accepted, 0.0);
    assert!(!page.poll(true));
    assert!(page.poll(false));
    assert_eq!(page.flying[0].0.via, Via::Fetch { keepalive: false });
}

#[test]
fn without_consent_nothing_goes_and_a_refusal_forgets() {
    let mut page = Page::new(Policy::default());
    page.outbox.hold(true);
    for _ in 0..50 {
        page.push(100);
    }
    page.now += 1e6;
    assert!(!page.poll(true) && !page.poll(false));
    assert_eq!(page.outbox.deadline(), None);
    page.outbox.clear();
    page.outbox.hold(false);
    assert!(!page.poll(true) && page.outbox.is_empty());
    assert_eq!(page.outbox.dropped(), 0);
}

#[test]
fn an_event_larger_than_all_that_is_kept_drops_no_other() {
    let policy = Policy {
        max_kept_bytes: 1_000,
        ..Policy::default()
    };
    let mut page = Page::new(policy);
    page.push(900);
    page.push(1_001);
    assert_eq!((page.outbox.len(), page.dropped), (1, 1));
    page.push(900);
    assert_eq!((page.outbox.len(), page.dropped), (1, 2));
}

#[test]
fn in_a_hurry_it_goes_by_fetch_at_once() {
    let mut outbox = Outbox::new(Policy::default());
    outbox.hurry();
    outbox.push(1, 100, 0.0);
    assert_eq!(
        outbox.poll(0.0, ENVELOPE, false),
        None,
        "there was nothing to hurry with"
    );
    outbox.hurry();
    assert_eq!(outbox.deadline(), Some(0.0));
    let request = outbox.poll(0.0, ENVELOPE, false).unwrap();
    assert_eq!(request.via, Via::Fetch { keepalive: true });
    outbox.settled(request.number, Outcome::Accepted, 1.0, 0.5);
    assert_eq!(outbox.poll(1.0, ENVELOPE, false), None);
    outbox.push(2, 100, 1.0);
    assert_eq!(outbox.poll(2.0, ENVELOPE, false), None, "that was once");
}

#[test]
fn an_unsure_beacon_goes_again_by_fetch_or_when_the_page_is_left_again() {
    let mut outbox = Outbox::new(Policy::default());
    for number in 1..=50 {
        outbox.push(number, 600, 0.0);
    }
    let leave = |outbox: &mut Outbox, now: f64| {
        outbox.begin_leaving();
        let mut carried = Vec::new();
        while let Some(request) = outbox.poll(now, ENVELOPE, true) {
            carried.extend(outbox.events(&request));
            outbox.settled(request.number, Outcome::Unsure, now, 0.5);
        }
        carried
    };
    let all: Vec<u32> = (1..=50).collect();
    assert_eq!(leave(&mut outbox, 0.0), all, "each once");
    assert_eq!(leave(&mut outbox, 1.0), all, "and once more");
    assert!(leave(&mut outbox, 2.0).len() < 50, "64 KiB are taken");
    let request = outbox.poll(3.0, ENVELOPE, false).unwrap();
    assert_eq!(request.via, Via::Fetch { keepalive: false });
    assert_eq!(outbox.events(&request).collect::<Vec<_>>(), all[..20]);
    outbox.settled(request.number, Outcome::Accepted, 4.0, 0.5);
    assert_eq!(outbox.len(), 30);
}
