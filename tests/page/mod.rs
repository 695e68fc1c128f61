//! A simulated browser page around a session, which reads the rows that the host gets.
#![allow(missing_docs, dead_code)]
#![cfg(not(target_arch = "wasm32"))]

mod rows;

pub use rows::{Effect, Event, Extra, read};
use serde_json::{Value, json};
use vitrine::cart::Answer;
use vitrine::config::decode;
use vitrine::geometry::{Fit, Position, Rect};
use vitrine::session::{Act, Ask, Layout, MediaFlags, MediaKind, Session};

/// Something that happened.
pub enum Input {
    Start {
        playing: bool,
    },
    Frame {
        media_time: f64,
        current_time: f64,
    },
    Media {
        kind: MediaKind,
        current_time: f64,
        duration: f64,
        flags: MediaFlags,
    },
    Layout(Box<Layout>),
    InView {
        hotspot: usize,
        in_view: bool,
    },
    PageVisible(bool),
    Act(Act),
    Escape,
    Answered {
        request: u32,
        answer: Answer,
        note: u32,
    },
    Wake,
    Track {
        note: u32,
    },
    Purchase {
        note: u32,
        products: Vec<i32>,
    },
    Leave,
}

/// A video of 20 seconds with two hotspots, watched by a simulated browser.
pub struct Page {
    pub session: Session,
    pub now: f64,
    paused: bool,
    /// What the page answers to cancelable events.
    pub takes: bool,
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
}

pub fn session() -> Session {
    with(|_| ())
}

/// The same after a change of the hotspot file.
pub fn with(change: impl FnOnce(&mut Value)) -> Session {
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
    let mut file = json!({
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
    change(&mut file);
    let decoded = decode(&&file);
    assert_eq!(decoded.problems, []);
    Session::new(decoded.config.unwrap())
}

impl Page {
    pub fn new() -> Self {
        Self::of(session())
    }

    pub fn of(session: Session) -> Self {
        let mut page = Page {
            session,
            now: 1_000.0,
            paused: true,
            takes: false,
            events: Vec::new(),
            effects: Vec::new(),
        };
        page.feed(Input::Start { playing: false });
        page.feed(Input::Layout(Box::new(Layout {
            video: Rect {
                x: 10.0,
                y: 20.0,
                w: 800.0,
                h: 450.0,
            },
            video_size: (800.0, 450.0),
            inset: [0.0; 4],
            anchor: (0.0, 0.0),
            natural: (1280.0, 720.0),
            fit: Fit::Contain,
            position: Position::default(),
            offset: (10.0, 20.0),
            safe: [-1.0; 4],
            bar: Rect::default(),
            controls: false,
        })));
        page
    }

    pub fn feed(&mut self, input: Input) {
        let session = &mut self.session;
        session.at(self.now);
        match input {
            Input::Start { playing } => session.start(playing),
            Input::Frame {
                media_time,
                current_time,
            } => session.frame(media_time, current_time, false),
            Input::Media {
                kind,
                current_time,
                duration,
                flags,
            } => {
                session.media_event(kind, current_time, duration, flags);
            }
            Input::Layout(layout) => session.layout(&layout),
            Input::InView { hotspot, in_view } => session.in_view(hotspot, in_view),
            Input::PageVisible(visible) => session.page_visible(visible),
            Input::Act(act) => session.act(act),
            Input::Escape => session.escape(),
            Input::Answered {
                request,
                answer,
                note,
            } => session.answered(request, answer, note),
            Input::Wake => session.wake(),
            Input::Track { note } => session.track(note),
            Input::Purchase { note, products } => session.purchase(note, &products),
            Input::Leave => session.leave(),
        }
        self.work();
    }

    pub fn work(&mut self) {
        loop {
            let effects = read(&self.session.take_effects());
            if effects.is_empty() {
                break;
            }
            for effect in effects {
                self.effects.push(effect.clone());
                match effect {
                    Effect::Emit(event) => self.events.push(event),
                    Effect::Ask { ask, about, event } => self.asked(ask, about, event),
                    _ => {}
                }
            }
        }
    }

    /// Answers a cancelable event, as src/web/dispatch.rs passes it on.
    fn asked(&mut self, ask: u8, about: u32, event: u32) {
        self.session.at(self.now);
        if ask == Ask::Add as u8 || ask == Ask::Buy as u8 {
            if self.takes {
                self.session.answered(about, Answer::HandedOver, 0);
            } else {
                self.session.call_cart(about, event);
            }
        } else if ask == Ask::Click as u8 && !self.takes {
            self.session.follow(about as usize, event);
        }
    }

    pub fn wait(&mut self, milliseconds: f64) {
        let until = self.now + milliseconds;
        while let Some(due) = self.session.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.feed(Input::Wake);
        }
        self.now = until;
    }

    pub fn media(&mut self, kind: MediaKind, at: f64, flags: MediaFlags) {
        self.paused = flags.paused;
        self.feed(Input::Media {
            kind,
            current_time: at,
            duration: 20.0,
            flags,
        });
    }

    pub fn play(&mut self, from: f64, to: f64) {
        if self.paused {
            self.media(MediaKind::Play, from, MediaFlags::default());
        }
        let frames = ((to - from) * 25.0).round() as u32;
        for frame in 0..=frames {
            let time = from + f64::from(frame) / 25.0;
            self.feed(Input::Frame {
                media_time: time,
                current_time: time + 0.013,
            });
            self.wait(40.0);
        }
    }

    pub fn pause(&mut self, at: f64) {
        self.media(
            MediaKind::Pause,
            at,
            MediaFlags {
                paused: true,
                ..MediaFlags::default()
            },
        );
    }

    pub fn seek(&mut self, to: f64) {
        let paused = self.paused;
        self.media(
            MediaKind::Seeking,
            to,
            MediaFlags {
                paused,
                seeking: true,
                ..MediaFlags::default()
            },
        );
        self.wait(60.0);
        self.media(
            MediaKind::Seeked,
            to,
            MediaFlags {
                paused,
                ..MediaFlags::default()
            },
        );
    }

    pub fn kinds(&self) -> Vec<&'static str> {
        self.events.iter().map(|event| event.kind).collect()
    }

    pub fn last(&self, kind: &str) -> Event {
        let found = self.events.iter().rev().find(|event| event.kind == kind);
        found
            .unwrap_or_else(|| panic!("no {kind}: {:?}", self.kinds()))
            .clone()
    }

    /// The boxes that were placed, as index, left, top, width, height.
    pub fn moved(&self) -> Vec<f64> {
        let mut moved = Vec::new();
        for effect in &self.effects {
            if let Effect::Place(place) = effect {
                moved.extend(place);
            }
        }
        moved
    }

    /// For how many milliseconds each hotspot was seen.
    pub fn dwell(&self) -> Vec<(usize, f64)> {
        let all = (0..).map_while(|hotspot| Some((hotspot, self.session.dwell(hotspot)?)));
        all.filter(|(_, milliseconds)| *milliseconds > 0.0)
            .collect()
    }

    pub fn shown(&self) -> Vec<usize> {
        let mut shown = Vec::new();
        for effect in &self.effects {
            match effect {
                Effect::Show { hotspot, before } => {
                    let place = before.map_or(shown.len(), |before| {
                        shown.iter().position(|h| *h == before).unwrap()
                    });
                    shown.insert(place, *hotspot);
                }
                Effect::Hide { hotspot } => shown.retain(|h| h != hotspot),
                _ => {}
            }
        }
        shown
    }
}
