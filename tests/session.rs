//! The reducer: what happens goes in, events and effects come out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::json;
use vitrine::cart::{Answer, CartState};
use vitrine::config::decode;
use vitrine::event::{Event, Extra, Now};
use vitrine::geometry::{Fit, Position, Rect};
use vitrine::session::{Act, Effect, Input, Layout, MediaFlags, MediaKind, Question, Session};

/// A video of 20 seconds with two hotspots, watched by a simulated browser.
struct Page {
    session: Session,
    now: f64,
    paused: bool,
    /// What the page answers to cancelable events.
    takes: bool,
    events: Vec<Event>,
    effects: Vec<Effect>,
}

fn session() -> Session {
    let point = |id: &str, product: &str, start: f64, end: f64| {
        json!({"id": id, "products": [product], "start": start, "end": end,
            "keyframes": [{"time": start, "x": 20, "y": 50}, {"time": end, "x": 60, "y": 50}]})
    };
    let mut bag = point("bag", "bag-01", 2.0, 8.0);
    bag["pause"] = json!(true);
    let mut set = point("set", "mug-01", 5.0, 12.0);
    set["products"] = json!(["mug-01", "bag-01"]);
    let mut add = point("add", "mug-01", 13.0, 15.0);
    add["action"] = json!({"type": "add_to_cart"});
    let mut jump = point("jump", "mug-01", 15.0, 16.0);
    jump["action"] = json!({"type": "seek", "time": 1.5});
    let file = json!({
        "version": 1,
        "video": {"id": "clip", "segments": [{"id": "intro", "start": 0, "end": 4}, {"id": "rest", "start": 6, "end": 20}]},
        "products": [
            {"id": "bag-01", "title": "Bag", "price": "129.00 EUR", "sale_price": "99.00 EUR", "variants": [
                {"id": "black", "options": {"color": "black"}, "availability": "out_of_stock"},
                {"id": "tan", "options": {"color": "tan"}}]},
            {"id": "mug-01", "title": "Mug", "price": "18.00 EUR", "link": "/mug"}],
        "hotspots": [bag, set, add, jump],
        "experiment": {"id": "host", "variant": "ana"}
    });
    let decoded = decode(&&file);
    assert_eq!(decoded.problems, []);
    Session::new(decoded.config.unwrap())
}

impl Page {
    fn new() -> Self {
        let mut page =
            Page { session: session(), now: 1_000.0, paused: true, takes: false, events: Vec::new(), effects: Vec::new() };
        page.feed(Input::Start { playing: false });
        page.feed(Input::Layout(Layout {
            video: Rect { x: 10.0, y: 20.0, w: 800.0, h: 450.0 },
            video_size: (800.0, 450.0),
            inset: [0.0; 4],
            anchor: (0.0, 0.0),
            natural: (1280.0, 720.0),
            fit: Fit::Contain,
            position: Position::default(),
        }));
        page
    }

    fn feed(&mut self, input: Input) {
        self.session.step(input, Now { epoch_ms: 1e12 + self.now, monotonic_ms: self.now });
        self.work();
    }

    fn work(&mut self) {
        while let Some(effect) = self.session.next_effect() {
            self.effects.push(effect);
            match effect {
                Effect::Emit(event) => self.events.push(event),
                Effect::Ask { question, .. } => self.feed(Input::Asked { question, taken: self.takes }),
                _ => {}
            }
        }
    }

    fn wait(&mut self, milliseconds: f64) {
        let until = self.now + milliseconds;
        while let Some(due) = self.session.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.feed(Input::Wake);
        }
        self.now = until;
    }

    fn media(&mut self, kind: MediaKind, at: f64, flags: MediaFlags) {
        self.paused = flags.paused;
        self.feed(Input::Media { kind, current_time: at, duration: 20.0, flags });
    }

    fn play(&mut self, from: f64, to: f64) {
        if self.paused {
            self.media(MediaKind::Play, from, MediaFlags::default());
        }
        let frames = ((to - from) * 25.0).round() as u32;
        for frame in 0..=frames {
            let time = from + f64::from(frame) / 25.0;
            self.feed(Input::Frame { media_time: time, current_time: time + 0.013 });
            self.wait(40.0);
        }
    }

    fn pause(&mut self, at: f64) {
        self.media(MediaKind::Pause, at, MediaFlags { paused: true, ..MediaFlags::default() });
    }

    fn seek(&mut self, to: f64) {
        let paused = self.paused;
        self.media(MediaKind::Seeking, to, MediaFlags { paused, seeking: true, ..MediaFlags::default() });
        self.wait(60.0);
        self.media(MediaKind::Seeked, to, MediaFlags { paused, ..MediaFlags::default() });
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.events.iter().map(|event| event.kind).collect()
    }

    fn last(&self, kind: &str) -> Event {
        *self.events.iter().rev().find(|event| event.kind == kind).unwrap_or_else(|| panic!("no {kind}: {:?}", self.kinds()))
    }

    fn shown(&self) -> Vec<usize> {
        let mut shown = Vec::new();
        for effect in &self.effects {
            match effect {
                Effect::Show { hotspot, before } => {
                    let place = before.map_or(shown.len(), |before| shown.iter().position(|h| *h == before).unwrap());
                    shown.insert(place, *hotspot);
                }
                Effect::Hide { hotspot } => shown.retain(|h| h != hotspot),
                _ => {}
            }
        }
        shown
    }
}

#[test]
fn hotspots_come_and_go_on_their_frames_and_move() {
    let mut page = Page::new();
    page.play(0.0, 1.96);
    assert!(page.shown().is_empty());
    page.play(2.0, 2.0);
    assert_eq!(page.shown(), [0]);
    // Frames of a 44 pixel target whose centre is at 20 % and half of the height.
    assert_eq!(page.session.moved()[..5], [0.0, 160.0 - 22.0, 225.0 - 22.0, 44.0, 44.0]);
    page.session.clear_moved();
    page.play(5.0, 5.04);
    assert_eq!(page.shown(), [0, 1]);
    page.seek(12.0);
    assert!(page.shown().is_empty());
    page.seek(6.0);
    assert_eq!(page.shown(), [0, 1], "time order, also after a jump");
}

#[test]
fn a_frame_that_changes_nothing_asks_for_nothing() {
    let mut page = Page::new();
    page.seek(16.5);
    page.wait(1_000.0);
    page.effects.clear();
    page.session.clear_moved();
    for _ in 0..10 {
        page.feed(Input::Frame { media_time: 16.5, current_time: 16.5 });
    }
    assert!(page.effects.is_empty() && page.session.moved().is_empty());
}

#[test]
fn seq_has_no_gap_and_everything_is_timed() {
    let mut page = Page::new();
    page.play(0.0, 20.0);
    page.feed(Input::Leave);
    for (index, event) in page.events.iter().enumerate() {
        assert_eq!(event.seq as usize, index);
        assert_eq!(event.number as usize, index + 1);
        assert!(event.media_time <= 20.0 && event.elapsed_ms >= 0.0);
    }
    assert_eq!(page.events.first().unwrap().kind, "impression");
    assert_eq!(page.events.last().unwrap().kind, "view_end");
    let before = page.events.len();
    page.feed(Input::Track { note: 1 });
    page.feed(Input::Leave);
    assert_eq!(page.events.len(), before, "nothing after the end");
    page.feed(Input::Start { playing: false });
    let again = page.events.last().unwrap();
    assert_eq!((again.kind, again.seq, again.view), ("impression", 0, 2));
}

#[test]
fn segments_progress_and_end() {
    let mut page = Page::new();
    page.play(0.0, 20.0);
    page.media(MediaKind::Ended, 20.0, MediaFlags { paused: true, ended: true, ..MediaFlags::default() });
    let percents: Vec<_> = page.events.iter().filter(|e| e.kind == "progress").map(|e| e.extra).collect();
    assert_eq!(percents, [25.0, 50.0, 75.0, 100.0].map(|p| Extra::Number("percent", p)));
    let entered: Vec<_> = page.events.iter().filter(|e| e.kind == "segment_enter").map(|e| e.segment).collect();
    assert_eq!(entered, [Some(0), Some(1)]);
    assert_eq!(page.kinds().iter().filter(|kind| **kind == "end").count(), 1);
    assert!(!page.kinds().contains(&"pause"), "the end is no pause");
}

#[test]
fn dragging_the_scrubber_is_one_seek() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.pause(3.0);
    for to in [4.0, 6.0, 9.0] {
        page.seek(to);
    }
    page.media(MediaKind::Play, 9.0, MediaFlags::default());
    page.play(9.0, 10.0);
    let told: Vec<_> = page.kinds().into_iter().filter(|kind| matches!(*kind, "play" | "pause" | "seek")).collect();
    assert_eq!(told, ["play", "seek"]);
    let seek = page.last("seek");
    assert_eq!((seek.extra, seek.media_time), (Extra::Number("from", 3.0), 9.0));
    assert_eq!(page.session.watched(), [(0.0, 3.0), (9.0, 10.0)]);
}

#[test]
fn a_real_pause_is_told_with_its_own_time() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.pause(3.0);
    let paused_at = page.now;
    page.wait(2_000.0);
    let pause = page.last("pause");
    assert_eq!((pause.media_time, pause.now.monotonic_ms), (3.0, paused_at));
    page.pause(3.0);
    page.media(MediaKind::Play, 3.0, MediaFlags::default());
    assert_eq!(page.kinds()[page.events.len() - 2..], ["pause", "play"]);
}

#[test]
fn a_loop_is_no_seek() {
    let mut page = Page::new();
    page.play(18.0, 20.0);
    let flags = MediaFlags { repeats: true, seeking: true, ..MediaFlags::default() };
    page.media(MediaKind::Seeking, 0.0, flags);
    page.media(MediaKind::Seeked, 0.0, MediaFlags { repeats: true, ..MediaFlags::default() });
    page.play(0.0, 1.0);
    assert!(!page.kinds().contains(&"seek"));
    assert_eq!(page.session.watched(), [(0.0, 1.0), (18.0, 20.0)]);
}

#[test]
fn webkit_repeats_an_old_media_time_after_a_seek() {
    let mut page = Page::new();
    page.play(0.0, 1.0);
    page.seek(6.0);
    page.feed(Input::Frame { media_time: 1.0, current_time: 6.0 });
    assert_eq!(page.shown(), [0, 1]);
}

#[test]
fn buffering_is_timed_but_seeking_is_not_buffering() {
    let mut page = Page::new();
    page.play(0.0, 1.0);
    page.media(MediaKind::Waiting, 1.0, MediaFlags::default());
    page.wait(700.0);
    page.media(MediaKind::Playing, 1.0, MediaFlags::default());
    assert_eq!(page.last("buffer").extra, Extra::Number("duration_ms", 700.0));
    page.media(MediaKind::Waiting, 1.0, MediaFlags { seeking: true, ..MediaFlags::default() });
    page.media(MediaKind::Playing, 1.0, MediaFlags::default());
    assert_eq!(page.kinds().iter().filter(|kind| **kind == "buffer").count(), 1);
}

#[test]
fn an_exposure_is_a_second_in_view_in_a_visible_tab() {
    let mut page = Page::new();
    page.seek(3.0);
    page.feed(Input::InView { hotspot: 0, in_view: true });
    page.wait(600.0);
    page.feed(Input::PageVisible(false));
    page.wait(5_000.0);
    page.feed(Input::PageVisible(true));
    page.wait(390.0);
    assert!(!page.kinds().contains(&"hotspot_exposure"));
    page.wait(20.0);
    let exposure = page.last("hotspot_exposure");
    assert_eq!((exposure.subject.hotspot, exposure.extra), (Some(0), Extra::Number("duration_ms", 1_000.0)));
    page.wait(600.0);
    // Off screen is out of view, whatever the observer says.
    page.seek(17.0);
    page.wait(3_000.0);
    assert_eq!(page.session.dwell().collect::<Vec<_>>(), [(0, 1_610.0 + 60.0)]);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert_eq!(page.last("hotspot_click").cause, exposure.number);
}

#[test]
fn click_card_add_and_the_chain_of_causes() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert!(page.effects.contains(&Effect::Play(false)), "the hotspot pauses");
    page.pause(3.04);
    let card = page.session.card().unwrap();
    assert_eq!((card.variant, card.available, card.cart), (Some(1), true, CartState::Idle), "black is sold out");
    page.takes = true;
    page.feed(Input::Act(Act::Add));
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    let (click, view, add, outcome) =
        (page.last("hotspot_click"), page.last("view_item"), page.last("add_to_cart"), page.last("cart_outcome"));
    assert_eq!([view.cause, add.cause, outcome.cause], [click.number, click.number, add.number]);
    assert_eq!(outcome.extra, Extra::Word("outcome", "handed_over"));
    assert_eq!((add.subject.product, add.subject.variant), (Some(0), Some(1)));
    // A double click buys once.
    page.feed(Input::Act(Act::Add));
    assert_eq!(page.last("add_to_cart").number, add.number);
    page.wait(700.0);
    page.feed(Input::Purchase { note: 7, products: vec![1, 0] });
    assert_eq!((page.last("purchase").cause, page.last("purchase").note), (add.number, 7));
    page.feed(Input::Escape);
    assert_eq!(page.session.card(), None);
    assert_eq!(page.last("card_close").cause, view.number);
    assert!(page.effects.ends_with(&[Effect::FocusHotspot(0), Effect::Play(true)]), "and it goes on");
}

#[test]
fn the_cart_callback_answers_also_after_the_card_was_closed() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    assert!(page.kinds().contains(&"view_item_list"), "two products");
    page.feed(Input::Act(Act::Add));
    let Some(Effect::CallCart { request, .. }) = page.effects.iter().rev().find(|e| matches!(e, Effect::CallCart { .. })).copied()
    else {
        panic!("the callback is called");
    };
    assert_eq!(page.session.card().unwrap().cart, CartState::Pending { request });
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Close));
    page.feed(Input::Answered { request, answer: Answer::Refused, note: 4 });
    let outcome = page.last("cart_outcome");
    assert_eq!((outcome.extra, outcome.note), (Extra::Word("outcome", "failed"), 4));
    assert_eq!(page.kinds().iter().filter(|kind| **kind == "add_to_cart").count(), 1);
    page.feed(Input::Answered { request, answer: Answer::Refused, note: 4 });
    assert_eq!(page.kinds().iter().filter(|kind| **kind == "cart_outcome").count(), 1, "one outcome each");
}

#[test]
fn another_product_and_another_variant() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    page.feed(Input::Act(Act::Product(1)));
    assert_eq!(page.last("view_item").cause, page.last("select_item").number);
    assert_eq!(page.session.card().unwrap().variant, Some(1));
    page.feed(Input::Act(Act::Variant(0)));
    assert!(!page.session.card().unwrap().available);
    let before = page.events.len();
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Product(9)));
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Hotspot(99)));
    assert!(!page.kinds()[before..].contains(&"add_to_cart"), "sold out, or not there");
}

#[test]
fn a_prevented_click_is_the_pages_own() {
    let mut page = Page::new();
    page.takes = true;
    page.seek(3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert!(matches!(page.effects.last(), Some(Effect::Ask { question: Question::Click { hotspot: 0, .. }, .. })));
    assert_eq!(page.session.card(), None);
}

#[test]
fn other_actions() {
    let mut page = Page::new();
    page.takes = false;
    page.feed(Input::Act(Act::Hotspot(3)));
    assert!(page.effects.contains(&Effect::Seek(1.5)));
    page.feed(Input::Act(Act::Hotspot(2)));
    let Some(Effect::CallCart { request, .. }) = page.effects.last().copied() else { panic!() };
    assert_eq!(page.session.card(), None, "nothing opens before there is an outcome");
    page.feed(Input::Answered { request, answer: Answer::Confirmed { checkout: true }, note: 3 });
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    assert_eq!(page.last("begin_checkout").cause, page.last("cart_outcome").number);
    assert!(page.effects.contains(&Effect::Checkout { note: 3 }));
}

#[test]
fn a_new_file_in_the_same_view() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    let seq = page.events.last().unwrap().seq;
    let config = session().config().clone();
    page.session.set_config(config, Now { epoch_ms: 0.0, monotonic_ms: page.now });
    page.work();
    assert_eq!(page.shown(), [0, 1]);
    assert_eq!(page.session.card(), None);
    page.feed(Input::Track { note: 1 });
    assert!(page.events.last().unwrap().seq > seq);
    assert_eq!(page.kinds().iter().filter(|kind| **kind == "experiment_exposure").count(), 1);
}
