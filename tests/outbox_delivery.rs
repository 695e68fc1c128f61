//! Delivery under any order of events, answers, lost answers, crashes, tabs, consent and clock jumps.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod world;

use proptest::prelude::*;
use vitrine::outbox::{Consent, Reason, Rules};
use world::World;

#[derive(Clone, Debug)]
enum Step {
    Push(usize, usize, usize, u32),
    Wait(f64, f64),
    Answer {
        tab: usize,
        which: usize,
        status: u32,
        lost: bool,
        asked: f64,
        random: f64,
    },
    Leave(usize),
    Hurry(usize),
    Crash(usize, bool),
    Close(usize),
    Open {
        later: bool,
        keepalive: bool,
        consent: u32,
    },
    Adopt(usize),
    Fire(usize, usize),
    Online(usize, bool),
    Consent(usize, u32),
}

fn status() -> impl Strategy<Value = u32> {
    prop_oneof![
        10 => Just(204u32),
        6 => prop::sample::select(vec![0, 200, 202, 302, 400, 408, 413, 422, 429, 500, 503]),
        1 => prop::sample::select(vec![401, 403, 404, 405, 410]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let tab = 0usize..3;
    let asked = prop_oneof![3 => Just(f64::NAN), 1 => 0.0..100_000.0];
    prop_oneof![
        12 => (tab.clone(), 0usize..6, 100usize..3_000, 0u32..2).prop_map(|(a, b, c, d)| Step::Push(a, b, c, d)),
        1 => (tab.clone(), 0usize..6, 20_000usize..90_000, 0u32..2).prop_map(|(a, b, c, d)| Step::Push(a, b, c, d)),
        4 => (0.0..8_000.0).prop_map(|ms| Step::Wait(ms, 0.0)),
        1 => (0.0..100_000.0, -1e8..1e8).prop_map(|(ms, jump)| Step::Wait(ms, jump)),
        8 => (tab.clone(), 0usize..8, status(), any::<bool>(), asked, 0.0..=1.0).prop_map(
            |(tab, which, status, lost, asked, random)| Step::Answer { tab, which, status, lost, asked, random }),
        2 => tab.clone().prop_map(Step::Leave),
        1 => tab.clone().prop_map(Step::Hurry),
        1 => (tab.clone(), any::<bool>()).prop_map(|(a, b)| Step::Crash(a, b)),
        1 => tab.clone().prop_map(Step::Close),
        2 => (any::<bool>(), any::<bool>(), prop_oneof![4 => Just(0u32), 1 => Just(1), 1 => Just(2)])
            .prop_map(|(later, keepalive, consent)| Step::Open { later, keepalive, consent }),
        2 => tab.clone().prop_map(Step::Adopt),
        1 => (tab.clone(), 0usize..2).prop_map(|(a, b)| Step::Fire(a, b)),
        1 => (tab.clone(), any::<bool>()).prop_map(|(a, b)| Step::Online(a, b)),
        1 => (tab, 0u32..3).prop_map(|(a, b)| Step::Consent(a, b)),
    ]
}

fn take(world: &mut World, step: Step) {
    let count = world.tabs.len();
    let at = |tab: usize| (count > 0).then(|| tab % count);
    match step {
        Step::Wait(ms, jump) => world.wait(ms, jump),
        Step::Open {
            later,
            keepalive,
            consent,
        } => {
            if count < 3 {
                world.open(later, keepalive, Consent::numbered(consent));
            }
        }
        Step::Push(tab, kind, bytes, group) => {
            if let Some(tab) = at(tab) {
                world.push(tab, kind, bytes, group);
            }
        }
        Step::Answer {
            tab,
            which,
            status,
            lost,
            asked,
            random,
        } => {
            if let Some(tab) = at(tab) {
                world.answer(tab, which, status, lost, asked, random);
            }
        }
        Step::Leave(tab)
        | Step::Hurry(tab)
        | Step::Crash(tab, _)
        | Step::Close(tab)
        | Step::Adopt(tab)
        | Step::Fire(tab, _)
        | Step::Online(tab, _)
        | Step::Consent(tab, _) => {
            if let Some(tab) = at(tab) {
                act(world, tab, step);
            }
        }
    }
}

fn act(world: &mut World, tab: usize, step: Step) {
    match step {
        Step::Leave(_) => world.leave(tab),
        Step::Hurry(_) => world.with(tab, |delivery, _| delivery.hurry()),
        Step::Crash(_, luck) => world.crash(tab, luck),
        Step::Close(_) => world.close(tab),
        Step::Adopt(_) => world.adopt(tab),
        Step::Fire(_, lane) => world.fire(tab, lane),
        Step::Online(_, online) => {
            world.with(tab, |delivery, now| delivery.set_online(online, now, 0.5))
        }
        Step::Consent(_, consent) => world.consent(tab, Consent::numbered(consent)),
        _ => {}
    }
}

fn run(rules: Rules, steps: Vec<Step>) -> World {
    let mut world = World::new(rules);
    world.open(true, true, Consent::Granted);
    for step in steps {
        take(&mut world, step);
    }
    world.heal();
    world.check();
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_event_arrives_or_is_counted(steps in prop::collection::vec(step(), 1..150)) {
        let world = run(Rules::default(), steps);
        prop_assert_eq!(world.reasons[Reason::Full as usize], 0);
    }

    #[test]
    fn what_gives_way_is_counted(steps in prop::collection::vec(step(), 1..150)) {
        let world = run(Rules { kept_bytes: 40_000, ..Rules::default() }, steps);
        prop_assert!(world.dropped.is_empty() || world.reported > 0);
    }
}
