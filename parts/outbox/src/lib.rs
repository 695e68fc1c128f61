//! The outbox of a document, behind functions that take and return numbers alone: no glue is needed.
//! `www/outbox/main.js` calls them and carries out the effects.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

// The same source as the overlay's, without the rest of that crate and what it depends on.
#[path = "../../../src/outbox/mod.rs"]
pub mod outbox;

use alloc::vec::Vec;
use core::cell::RefCell;
use outbox::{Browser, Clock, Consent, Delivery, Limits, Post, Rules, Worth};

// And the same allocator.
#[cfg(target_arch = "wasm32")]
#[path = "../../../src/web/heap.rs"]
mod global;
#[path = "../../../src/heap.rs"]
pub mod heap;

struct Part {
    delivery: Delivery,
    clock: Clock,
    /// The lanes of the event that is pushed next, with its length in each.
    routes: Vec<(usize, usize)>,
    /// The effects that were taken last.
    rows: Vec<f64>,
}

struct Local<T>(RefCell<T>);

// SAFETY: this module runs on one thread.
unsafe impl<T> Sync for Local<T> {}

static PART: Local<Option<Part>> = Local(RefCell::new(None));
/// Where the caller writes an event's type.
static KIND: Local<[u8; 64]> = Local(RefCell::new([0; 64]));

/// Does something with the outbox, once it is there. It is never borrowed twice: nothing here calls
/// back.
fn with<T: Default>(work: impl FnOnce(&mut Part) -> T) -> T {
    match PART.0.try_borrow_mut() {
        Ok(mut part) => part.as_mut().map(work).unwrap_or_default(),
        Err(_) => T::default(),
    }
}

/// Begins: whether the browser has keepalive and deferred fetches, the state of consent, whether
/// anonymous events were asked for, and the time by both clocks.
#[unsafe(no_mangle)]
pub extern "C" fn start(
    keepalive: u32,
    later: u32,
    consent: u32,
    anonymous: u32,
    wall: f64,
    now: f64,
) {
    let browser = Browser {
        keepalive: keepalive != 0,
        later: later != 0,
    };
    let consent = Consent::numbered(consent);
    let fresh = Part {
        delivery: Delivery::new(Rules::default(), browser, consent, anonymous != 0),
        clock: Clock::new(wall, now),
        routes: Vec::new(),
        rows: Vec::new(),
    };
    if let Ok(mut part) = PART.0.try_borrow_mut() {
        *part = Some(fresh);
    }
}

/// One more collector.
#[unsafe(no_mangle)]
pub extern "C" fn lane(events: u32, bytes: u32, event: u32, each: u32, beacon: u32, later: u32) {
    let limits = Limits {
        events: events as usize,
        bytes: bytes as usize,
        event: event as usize,
        each: each as usize,
        beacon: beacon != 0,
        later: later != 0,
    };
    with(|part| part.delivery.add_lane(limits));
}

/// How long a collector's body is without events, in a group's context.
#[unsafe(no_mangle)]
pub extern "C" fn envelope(lane: u32, group: u32, bytes: u32) {
    with(|part| {
        part.delivery
            .set_envelope(lane as usize, group, bytes as usize)
    });
}

/// Where to write an event's type: 64 bytes.
#[unsafe(no_mangle)]
pub extern "C" fn kind() -> *mut u8 {
    KIND.0.as_ptr().cast()
}

/// The event that is pushed next goes to a collector, with a text so long.
#[unsafe(no_mangle)]
pub extern "C" fn route(lane: u32, bytes: u32) {
    with(|part| part.routes.push((lane as usize, bytes as usize)));
}

/// Takes an event: its number, the length of its type and of what the journal keeps, its group; and
/// its age where another visit had it, NaN where none did.
#[unsafe(no_mangle)]
pub extern "C" fn push(number: u32, kind: u32, bytes: u32, group: u32, age: f64, now: f64) {
    let worth = match KIND.0.try_borrow() {
        Ok(buffer) => Worth::of(buffer.get(..kind as usize).unwrap_or_default()),
        Err(_) => Worth::Click,
    };
    let post = Post {
        number,
        worth,
        bytes: bytes as usize,
        group,
        adopted: (!age.is_nan()).then_some(age),
    };
    with(|part| {
        let routes = core::mem::take(&mut part.routes);
        part.delivery.push(post, &routes, now);
    });
}

/// A request was answered; see [`Delivery::answered`].
#[unsafe(no_mangle)]
pub extern "C" fn answered(request: u32, status: u32, asked: f64, now: f64, random: f64) {
    with(|part| part.delivery.answered(request, status, asked, now, random));
}

/// The browser took a beacon, or not.
#[unsafe(no_mangle)]
pub extern "C" fn handed(request: u32, taken: u32, now: f64, random: f64) {
    with(|part| part.delivery.handed(request, taken != 0, now, random));
}

/// The browser sent a collector's deferred fetch.
#[unsafe(no_mangle)]
pub extern "C" fn fired(lane: u32) {
    with(|part| part.delivery.fired(lane as usize));
}

/// The browser refuses deferred fetches.
#[unsafe(no_mangle)]
pub extern "C" fn refuse_later() {
    with(|part| part.delivery.refuse_later());
}

/// Another document has an event from the journal.
#[unsafe(no_mangle)]
pub extern "C" fn forget(number: u32) {
    with(|part| part.delivery.forget(&[number]));
}

/// Events of another visit were lost.
#[unsafe(no_mangle)]
pub extern "C" fn miss() {
    with(|part| part.delivery.miss());
}

/// The browser begins to tell that the page is hidden or left.
#[unsafe(no_mangle)]
pub extern "C" fn begin_leaving() {
    with(|part| part.delivery.begin_leaving());
}

/// Has the dropped events counted.
#[unsafe(no_mangle)]
pub extern "C" fn tell(now: f64) {
    with(|part| part.delivery.tell(now));
}

/// The page is hidden or left, and its last events are here.
#[unsafe(no_mangle)]
pub extern "C" fn leave(now: f64) {
    with(|part| part.delivery.leave(now));
}

/// Nothing shall wait for more.
#[unsafe(no_mangle)]
pub extern "C" fn hurry() {
    with(|part| part.delivery.hurry());
}

/// The browser has a network, or none.
#[unsafe(no_mangle)]
pub extern "C" fn online(online: u32, now: f64, random: f64) {
    with(|part| part.delivery.set_online(online != 0, now, random));
}

/// What the viewer agreed to.
#[unsafe(no_mangle)]
pub extern "C" fn consent(consent: u32) {
    with(|part| part.delivery.set_consent(Consent::numbered(consent)));
}

/// The last overlay is gone.
#[unsafe(no_mangle)]
pub extern "C" fn close(now: f64) {
    with(|part| part.delivery.close(now));
}

/// Decides what follows from all of that, now or, with `soon`, at the next timer; [`rows`] has where it
/// is, this its length.
#[unsafe(no_mangle)]
pub extern "C" fn work(now: f64, soon: u32) -> u32 {
    with(|part| {
        if soon == 0 {
            part.delivery.work(now);
        } else {
            part.delivery.note(now);
        }
        part.rows = part.delivery.take_effects();
        part.rows.len() as u32
    })
}

/// Where the effects are that [`work`] gave.
#[unsafe(no_mangle)]
pub extern "C" fn rows() -> usize {
    with(|part| part.rows.as_ptr() as usize)
}

/// The date of a time by the clock that never jumps.
#[unsafe(no_mangle)]
pub extern "C" fn date(now: f64) -> f64 {
    with(|part| part.clock.date(now))
}

/// The page is looked at again.
#[unsafe(no_mangle)]
pub extern "C" fn resume(wall: f64, now: f64) {
    with(|part| part.clock.resume(wall, now));
}
