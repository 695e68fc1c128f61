//! What follows from each answer of a collector, and which events give way to which.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use vitrine::outbox::{Browser, Clock, Consent, Delivery, Do, Limits, Post, Rules, Worth};

const LIMITS: Limits = Limits {
    events: 100,
    bytes: 500_000,
    event: 32_000,
    each: 1,
    beacon: true,
    later: true,
};

/// A delivery to one collector, and what it wanted done last.
struct Desk {
    delivery: Delivery,
    now: f64,
    last: u32,
    rows: Vec<Vec<f64>>,
}

impl Desk {
    fn new(rules: Rules) -> Self {
        let browser = Browser {
            keepalive: true,
            later: false,
        };
        let mut delivery = Delivery::new(rules, browser, Consent::Granted, false);
        delivery.add_lane(LIMITS);
        delivery.set_envelope(0, 0, 100);
        Self {
            delivery,
            now: 1e6,
            last: 0,
            rows: Vec::new(),
        }
    }

    fn push(&mut self, kind: &str, bytes: usize) -> u32 {
        self.last += 1;
        let post = Post {
            number: self.last,
            worth: Worth::of(kind.as_bytes()),
            bytes,
            group: 0,
            adopted: None,
        };
        self.delivery.push(post, &[(0, bytes)], self.now);
        self.last
    }

    fn many(&mut self, count: usize) {
        for _ in 0..count {
            self.push("progress", 200);
        }
    }

    fn work(&mut self) {
        self.delivery.work(self.now);
        let effects = self.delivery.take_effects();
        let mut rest = effects.as_slice();
        self.rows.clear();
        while let Some(length) = rest.first() {
            let (row, more) = rest.split_at(*length as usize);
            self.rows.push(row[1..].to_vec());
            rest = more;
        }
    }

    /// The numbers of the rows of a kind, after so many that are about something else.
    fn about(&mut self, what: Do, skip: usize) -> Vec<u32> {
        let rows = self
            .rows
            .iter()
            .filter(|row| row[0] == f64::from(what as u8));
        rows.flat_map(|row| row[1 + skip..].iter().map(|number| *number as u32))
            .collect()
    }

    /// Sends what is here: the request, and its events.
    fn send(&mut self) -> Option<(u32, Vec<u32>)> {
        self.delivery.hurry();
        self.work();
        let row = self
            .rows
            .iter()
            .find(|row| row[0] == f64::from(Do::Send as u8))?;
        Some((
            row[1] as u32,
            row[4..].iter().map(|number| *number as u32).collect(),
        ))
    }

    fn answer(&mut self, request: u32, status: u32, asked: f64) {
        self.delivery
            .answered(request, status, asked, self.now, 1.0);
    }

    /// How long it waits now.
    fn waits(&mut self) -> f64 {
        self.delivery
            .deadline()
            .map_or(f64::INFINITY, |at| (at - self.now).max(0.0))
    }
}

#[test]
fn every_2xx_is_success() {
    for status in [200, 201, 202, 204, 206] {
        let mut desk = Desk::new(Rules::default());
        desk.many(3);
        let (request, events) = desk.send().unwrap();
        desk.answer(request, status, f64::NAN);
        desk.work();
        assert_eq!(desk.about(Do::Erase, 0), events);
        assert!(desk.delivery.is_empty());
    }
}

#[test]
fn waits_double_up_to_the_cap_and_start_over() {
    for status in [0, 302, 408, 425, 429, 500, 503] {
        let mut desk = Desk::new(Rules::default());
        desk.many(1);
        for expected in [
            1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 64e3, 128e3, 256e3, 300e3, 300e3,
        ] {
            let (request, _) = desk.send().unwrap();
            desk.answer(request, status, f64::NAN);
            assert_eq!(desk.waits(), expected, "after {status}");
            assert_eq!(desk.send(), None);
            desk.now += expected;
        }
        let (request, _) = desk.send().unwrap();
        desk.answer(request, 204, f64::NAN);
        desk.many(1);
        assert_eq!(desk.waits(), 5_000.0);
    }
}

#[test]
fn a_collector_is_asked_no_sooner_than_it_asks_and_within_the_hour() {
    for (asked, expected) in [
        (30_000.0, 31_000.0),
        (1e12, 3_601_000.0),
        (-5.0, 1_000.0),
        (f64::NAN, 1_000.0),
    ] {
        let mut desk = Desk::new(Rules::default());
        desk.many(1);
        let (request, _) = desk.send().unwrap();
        desk.answer(request, 429, asked);
        assert_eq!(desk.waits(), expected, "asked for {asked}");
    }
}

#[test]
fn a_poisoned_event_is_found_and_holds_up_nobody() {
    let mut desk = Desk::new(Rules::default());
    desk.many(60);
    let (mut arrived, mut refused, mut requests) = (0, Vec::new(), 0);
    while let Some((request, events)) = desk.send() {
        let status = if events.contains(&13) { 400 } else { 204 };
        desk.answer(request, status, f64::NAN);
        requests += 1;
        if status == 204 {
            arrived += events.len();
        }
        if status == 400 && events.len() == 1 {
            refused.extend(events);
        }
    }
    assert_eq!((arrived, refused), (59, vec![13]));
    assert!(desk.delivery.is_empty());
    assert!(requests < 20, "{requests} requests");
}

#[test]
fn a_collector_that_understands_nothing_loses_two_events_and_is_left_alone() {
    let mut desk = Desk::new(Rules::default());
    desk.many(60);
    let mut requests = 0;
    while let Some((request, _)) = desk.send() {
        desk.answer(request, 400, f64::NAN);
        requests += 1;
    }
    assert_eq!(desk.delivery.len(), 58);
    assert!(requests < 12, "{requests} requests");
    desk.now += 1e6;
    assert_eq!(desk.send(), None);
}

#[test]
fn what_is_too_large_is_halved_and_then_given_up() {
    let mut desk = Desk::new(Rules::default());
    desk.many(20);
    let mut sizes = Vec::new();
    while let Some((request, events)) = desk.send() {
        sizes.push(events.len());
        desk.answer(request, if events.len() > 3 { 413 } else { 200 }, f64::NAN);
    }
    assert_eq!(&sizes[..4], &[20, 9, 4, 1]);
    assert!(desk.delivery.is_empty());
    let number = desk.push("purchase", 9_000);
    let (request, _) = desk.send().unwrap();
    desk.answer(request, 413, f64::NAN);
    desk.work();
    assert_eq!(desk.about(Do::Drop, 2), [number]);
    assert_eq!(desk.about(Do::Erase, 0), [number]);
}

#[test]
fn a_collector_that_is_closed_keeps_its_events_and_another_gets_them() {
    for status in [401, 403, 404, 405, 410, 415] {
        let mut desk = Desk::new(Rules::default());
        desk.delivery.add_lane(LIMITS);
        desk.last += 1;
        let post = Post {
            number: 1,
            worth: Worth::Cart,
            bytes: 200,
            group: 0,
            adopted: None,
        };
        desk.delivery.push(post, &[(0, 200), (1, 200)], desk.now);
        let (first, _) = desk.send().unwrap();
        desk.answer(first, status, f64::NAN);
        desk.answer(first + 1, 204, f64::NAN);
        desk.work();
        assert_eq!(desk.about(Do::Done, 1), [1], "{status}");
        assert_eq!(desk.delivery.len(), 1);
        assert_eq!(desk.send(), None);
    }
}

#[test]
fn what_takes_no_events_keeps_them() {
    let mut desk = Desk::new(Rules::default());
    desk.delivery.add_lane(Limits {
        events: 0,
        ..LIMITS
    });
    let post = Post {
        number: 1,
        worth: Worth::Click,
        bytes: 100,
        group: 0,
        adopted: None,
    };
    desk.delivery.push(post, &[(1, 100)], desk.now);
    desk.delivery.hurry();
    desk.delivery.leave(desk.now);
    desk.work();
    assert_eq!(desk.about(Do::Write, 0), [1]);
    assert_eq!(desk.send(), None);
    assert_eq!(desk.delivery.len(), 1);
}

#[test]
fn the_least_valuable_gives_way_and_never_what_is_under_way() {
    let mut desk = Desk::new(Rules {
        kept_bytes: 1_000,
        ..Rules::default()
    });
    let flying = desk.push("progress", 200);
    let (request, _) = desk.send().unwrap();
    let kept: Vec<u32> = ["purchase", "add_to_cart", "hotspot_click"]
        .iter()
        .map(|kind| desk.push(kind, 200))
        .collect();
    let seen = desk.push("hotspot_exposure", 200);
    let later = desk.push("progress", 200);
    desk.work();
    assert_eq!(desk.about(Do::Drop, 2), [later]);
    let click = desk.push("hotspot_click", 200);
    desk.work();
    assert_eq!(desk.about(Do::Drop, 2), [seen]);
    desk.push("purchase", 200);
    desk.work();
    assert_eq!(
        desk.about(Do::Drop, 2),
        [kept[2]],
        "the oldest of its worth"
    );
    desk.answer(request, 204, f64::NAN);
    desk.work();
    assert_eq!(desk.about(Do::Erase, 0), [flying]);
    assert!(desk.delivery.len() == 4 && click > 0);
}

#[test]
fn what_was_kept_for_a_week_is_counted_and_gone() {
    let mut desk = Desk::new(Rules::default());
    let day = 86_400_000.0;
    for (number, age) in [(1, -day), (2, 6.9 * day), (3, 7.1 * day)] {
        let post = Post {
            number,
            worth: Worth::Purchase,
            bytes: 200,
            group: 0,
            adopted: Some(age),
        };
        desk.delivery.push(post, &[(0, 200)], desk.now);
    }
    desk.last = 3;
    desk.work();
    assert_eq!(desk.about(Do::Drop, 2), [3]);
    assert_eq!(desk.send(), None, "they went at once");
    assert_eq!(desk.delivery.len(), 2);
}

#[test]
fn offline_waits_for_the_network() {
    let mut desk = Desk::new(Rules::default());
    desk.many(30);
    desk.delivery.set_online(false, desk.now, 0.0);
    assert_eq!(desk.send(), None);
    assert_eq!(desk.waits(), f64::INFINITY);
    desk.delivery.set_online(true, desk.now, 0.5);
    assert_eq!(desk.waits(), 500.0);
    desk.now += 500.0;
    assert!(desk.send().is_some());
}

#[test]
fn a_wall_clock_that_jumps_changes_no_date() {
    let day = 86_400_000.0;
    let mut clock = Clock::new(1e12, 500.0);
    assert_eq!(clock.date(1_500.0), 1e12 + 1_000.0);
    // Back, or a little: it goes on as it was.
    for wall in [1e12 + 10_000.0 - day, 1e12 + 10_000.0 + 1_500.0] {
        clock.resume(wall, 10_500.0);
        assert_eq!(clock.date(10_500.0), 1e12 + 10_000.0);
    }
    // The computer slept for a day.
    clock.resume(1e12 + 10_000.0 + day, 10_500.0);
    assert_eq!(clock.date(10_500.0), 1e12 + 10_000.0 + day);
}
