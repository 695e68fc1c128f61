//! The overlay's state: what happens goes in, what shall be done comes out.
//!
//! [`Session::step`] is a reducer: it has no side effect of its own and knows no browser. The web
//! layer calls it while it holds the state, lets go, and only then carries out the effects.

mod card;
mod exposure;
mod goods;
mod media;
mod order;
mod spot;
mod stage;
mod watch;

use crate::cart::Answer;
use crate::config::Config;
use crate::event::{Event, Extra, Now, Number, Subject};
use crate::geometry::Rect;

pub use card::{CardView, Question};
pub use goods::{goods, spots};
pub use media::{MediaFlags, MediaKind};
pub use order::check_order;
pub use spot::{CardSpot, Side, card_spot};
pub use stage::Layout;

/// The earlier of two deadlines.
pub fn earlier(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b < a { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// What the viewer allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Ids are kept, events are sent.
    Granted,
    /// Nobody has asked yet: events wait in memory, nothing is stored.
    Required,
    /// Events are not kept, ids are forgotten.
    Denied,
}

impl Consent {
    /// From its name; granted where none was given.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "" | "granted" => Some(Self::Granted),
            "required" => Some(Self::Required),
            "denied" => Some(Self::Denied),
            _ => None,
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Required => "required",
            Self::Denied => "denied",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The overlay was attached, or came back from the back-forward cache: a view begins.
    Start {
        /// The video was already playing.
        playing: bool,
    },
    /// A video frame is being presented. Both in seconds.
    Frame {
        /// `requestVideoFrameCallback`'s `mediaTime`.
        media_time: f64,
        /// `HTMLMediaElement.currentTime`.
        current_time: f64,
    },
    /// The media element fired an event.
    Media {
        /// Which.
        kind: MediaKind,
        /// `currentTime`, seconds.
        current_time: f64,
        /// `duration`, seconds; NaN while unknown.
        duration: f64,
        /// The element's flags at that moment.
        flags: MediaFlags,
    },
    /// The video's box, its picture or the overlay's own box was measured anew.
    Layout(Layout),
    /// A hotspot came into the viewport by half of its area, or left it.
    InView {
        /// Its index.
        hotspot: usize,
        /// In or out.
        in_view: bool,
    },
    /// The tab was shown or hidden.
    PageVisible(bool),
    /// A control of the overlay was used.
    Act(Act),
    /// A key was pressed on the overlay.
    Escape,
    /// A cancelable DOM event was left to the overlay, or was taken over by the page.
    Asked {
        /// What the event was about.
        question: Question,
        /// The page called `preventDefault()`.
        taken: bool,
    },
    /// The page's cart answered.
    Answered {
        /// Which request.
        request: u32,
        /// How.
        answer: Answer,
        /// Which of the page's own words came with it; 0 for none.
        note: u32,
    },
    /// A deadline of [`Session::deadline`] passed.
    Wake,
    /// The page tracks something of its own; the note has its type and data.
    Track {
        /// Which of the page's own words.
        note: u32,
    },
    /// An order was placed; the note has it.
    Purchase {
        /// Which of the page's own words.
        note: u32,
        /// The products ordered, as far as the hotspot file has them.
        products: Vec<usize>,
    },
    /// The view ends: the page is left, or the overlay destroyed.
    Leave,
}

/// What the viewer did with a control of the overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Pressed a hotspot's button.
    Hotspot(usize),
    /// Closed the card.
    Close,
    /// *Add to cart*.
    Add,
    /// *Buy now*.
    Buy,
    /// Followed the link to the product's page.
    View,
    /// Chose a variant.
    Variant(usize),
    /// Chose one of the hotspot's products.
    Product(usize),
}

/// Something to do in the browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Queue the event and show it to the page as `vitrine:event`.
    Emit(Event),
    /// Add a hotspot's button before another's, or at the end.
    Show {
        /// Its index.
        hotspot: usize,
        /// The index of the one that comes after it in time order.
        before: Option<usize>,
    },
    /// Remove a hotspot's button.
    Hide {
        /// Its index.
        hotspot: usize,
    },
    /// Lay the overlay's own box here: margins from its static position, and its size, in pixels.
    Frame(Rect),
    /// Draw the card anew, from [`Session::card`].
    Card {
        /// Move the focus into it.
        focus: bool,
    },
    /// Give the focus back to a hotspot's button, or to the video where that is gone.
    FocusHotspot(usize),
    /// Fire a cancelable DOM event about an event on the video, then feed the answer back.
    Ask {
        /// Its name.
        name: &'static str,
        /// Its `detail`: an event that was emitted just before.
        event: Number,
        /// What to feed back.
        question: Question,
    },
    /// Fire a DOM event on the video that asks nothing.
    Tell {
        /// Its name.
        name: &'static str,
        /// Its `detail`: an event that was emitted just before.
        event: Number,
    },
    /// Call the page's `cart` callback, then feed its answer back.
    CallCart {
        /// Which request.
        request: u32,
        /// Its argument: an event that was emitted before.
        event: Number,
    },
    /// Open a hotspot's link in a new tab.
    Open {
        /// Its index.
        hotspot: usize,
    },
    /// Go where the shop's answer says to pay.
    Checkout {
        /// Which of the page's own words.
        note: u32,
    },
    /// Jump in the video, seconds.
    Seek(f64),
    /// Start or stop the video.
    Play(bool),
    /// Send everything now: the page is being left or hidden.
    Flush,
}

/// The state of one overlay on one video.
pub struct Session {
    config: Config,
    /// Counts the events.
    number: Number,
    view: u32,
    began: f64,
    seq: u32,
    ended: bool,
    media: media::Media,
    stage: stage::Stage,
    exposures: exposure::Exposures,
    /// The exposure event of each hotspot; 0 until there is one.
    exposed: Vec<Number>,
    experiment_shown: bool,
    page_visible: bool,
    card: Option<card::Card>,
    requests: u32,
    /// Requests to the cart that it has not answered yet.
    asked: Vec<card::Asked>,
    /// Which product was added, and by which event.
    added: Vec<(usize, Number)>,
    now: Now,
    effects: Vec<Effect>,
}

impl Session {
    /// A session that has not started.
    pub fn new(config: Config) -> Self {
        let count = config.hotspots.len();
        Self {
            stage: stage::Stage::new(&config),
            exposures: exposure::Exposures::new(count, true),
            exposed: vec![0; count],
            config,
            number: 0,
            view: 0,
            began: 0.0,
            seq: 0,
            ended: true,
            media: media::Media::default(),
            experiment_shown: false,
            page_visible: true,
            card: None,
            requests: 0,
            asked: Vec::new(),
            added: Vec::new(),
            now: Now::default(),
            effects: Vec::new(),
        }
    }

    /// Replaces the hotspots within the same view. The card closes.
    pub fn set_config(&mut self, config: Config, now: Now) {
        self.now = now;
        self.close_card("replaced");
        for hotspot in self.stage.clear() {
            self.effects.push(Effect::Hide { hotspot });
        }
        self.added.clear();
        self.stage.adopt(&config);
        self.exposures = exposure::Exposures::new(config.hotspots.len(), self.page_visible);
        self.exposed = vec![0; config.hotspots.len()];
        self.config = config;
        self.show(self.media.time);
    }

    /// Takes in what happened at `now`; [`next_effect`](Self::next_effect) says what to do.
    pub fn step(&mut self, input: Input, now: Now) {
        self.now = now;
        match input {
            Input::Frame { media_time, current_time } => self.frame(media_time, current_time),
            Input::Media { kind, current_time, duration, flags } => {
                self.media_event(kind, current_time, duration, flags);
            }
            Input::Layout(layout) => self.layout(layout),
            Input::InView { hotspot, in_view } => {
                self.exposures.set_in_view(hotspot, in_view, now.monotonic_ms);
            }
            Input::PageVisible(visible) => self.page_visible(visible),
            Input::Act(act) => self.act(act),
            Input::Escape => self.close_card("escape"),
            Input::Asked { question, taken } => self.asked(question, taken),
            Input::Answered { request, answer, note } => self.answered(request, answer, note),
            Input::Wake => self.wake(),
            Input::Track { note } => {
                self.settle();
                self.emit(Event { note, ..Event::default() });
            }
            Input::Purchase { note, products } => self.purchase(note, &products),
            Input::Start { playing } => self.start(playing),
            Input::Leave => self.leave(),
        }
    }

    /// The next thing to do, in order.
    pub fn next_effect(&mut self) -> Option<Effect> {
        if self.effects.is_empty() { None } else { Some(self.effects.remove(0)) }
    }

    /// One more thing to do, after all others.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// When [`Input::Wake`] should come, by the monotonic clock.
    pub fn deadline(&self) -> Option<f64> {
        earlier(self.exposures.deadline(), self.media.deadline())
    }

    /// The boxes that have moved and were not placed yet, as `index, left, top, width, height`.
    pub fn moved(&self) -> &[f32] {
        self.stage.moved()
    }

    /// They have been placed.
    pub fn clear_moved(&mut self) {
        self.stage.clear_moved();
    }

    /// The hotspot file as it was understood.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A `dropped` event: so many events could not be kept.
    pub fn dropped(&mut self, count: u32, now: Now) {
        self.now = now;
        self.tell("dropped", Extra::Number("count", f64::from(count)));
    }

    /// The stretches of the video really watched in this view, as `start, end` in seconds.
    pub fn watched(&self) -> &[(f64, f64)] {
        self.media.watch.stretches()
    }

    /// Milliseconds for which each hotspot was seen in this view.
    pub fn dwell(&self) -> impl Iterator<Item = (usize, f64)> {
        self.exposures.dwell(self.now.monotonic_ms)
    }

    fn start(&mut self, playing: bool) {
        if !self.ended {
            return;
        }
        self.ended = false;
        self.view += 1;
        self.began = self.now.monotonic_ms;
        self.seq = 0;
        self.media.begin_view();
        self.exposures.restart(self.now.monotonic_ms);
        self.exposed.fill(0);
        self.experiment_shown = false;
        self.tell("impression", Extra::None);
        self.media.paused = !playing;
        if playing {
            self.tell("play", Extra::None);
        }
    }

    fn leave(&mut self) {
        if !self.ended {
            self.settle();
            self.expose();
            self.tell("view_end", Extra::None);
            self.ended = true;
        }
        self.effects.push(Effect::Flush);
    }

    fn page_visible(&mut self, visible: bool) {
        self.page_visible = visible;
        self.exposures.set_page_visible(visible, self.now.monotonic_ms);
        if !visible {
            self.settle();
            self.expose();
            self.effects.push(Effect::Flush);
        }
    }

    fn wake(&mut self) {
        if self.media.deadline().is_some_and(|at| at <= self.now.monotonic_ms) {
            self.settle();
        }
        self.expose();
    }

    fn expose(&mut self) {
        while let Some((index, total)) = self.exposures.take_exposed(self.now.monotonic_ms) {
            let number = self.emit(Event {
                kind: "hotspot_exposure",
                subject: Subject { hotspot: Some(index), ..Subject::default() },
                extra: Extra::Number("duration_ms", total),
                ..Event::default()
            });
            if let Some(slot) = self.exposed.get_mut(index) {
                *slot = number;
            }
        }
    }

    /// Emits an event about nothing but the video.
    fn tell(&mut self, kind: &'static str, extra: Extra) {
        self.emit(Event { kind, extra, ..Event::default() });
    }

    /// Emits an event of this moment. `seq` is given here, so that none is ever skipped.
    fn emit(&mut self, event: Event) -> Number {
        if self.ended {
            return 0;
        }
        self.number += 1;
        let media_time = self.media.time;
        self.effects.push(Effect::Emit(Event {
            number: self.number,
            seq: self.seq,
            view: self.view,
            now: self.now,
            elapsed_ms: self.now.monotonic_ms - self.began,
            media_time,
            segment: self.config.video.segments.iter().position(|s| s.start <= media_time && media_time < s.end),
            ..event
        }));
        self.seq += 1;
        self.number
    }
}
