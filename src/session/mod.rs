//! The overlay's state: what happens goes in, what shall be done comes out.
//!
//! [`Session`] is a reducer: each of its methods takes in what happened at the time that
//! [`Session::at`] was told, has no side effect of its own and knows no browser. The web layer calls
//! them while it holds the state, lets go, and only then has the host carry out the effects.

mod card;
mod effect;
mod exposure;
mod goods;
mod list;
mod media;
mod spot;
mod stage;
mod view;
mod watch;

use crate::cart::Answer;
use crate::config::Config;
use crate::event::{Kind, NO_VALUE, Number, Subject};
use alloc::vec::Vec;
use effect::push;

pub use effect::{Ask, Do};
pub use goods::{goods, spots};
pub use media::{MediaFlags, MediaKind};
pub use spot::{CardSpot, Side, card_spot};
pub use stage::Layout;
pub use view::CardView;

/// The earlier of two deadlines.
pub fn earlier(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b < a { b } else { a }),
        (a, b) => a.or(b),
    }
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

/// The state of one overlay on one video.
pub struct Session {
    config: Config,
    /// Counts the events.
    number: Number,
    view: u32,
    /// The event that summed the view up last.
    concluded: Number,
    began: f64,
    seq: u32,
    ended: bool,
    media: media::Media,
    stage: stage::Stage,
    exposures: exposure::Exposures,
    experiment_shown: bool,
    page_visible: bool,
    card: Option<card::Card>,
    requests: u32,
    /// Requests to the cart.
    asked: Vec<card::Asked>,
    /// The hotspot to which the cart answered last, and until when its buttons do nothing.
    deaf: (i32, f64),
    /// Which product was added, and by which event.
    added: Vec<(i32, Number)>,
    /// The event that said that the list was opened.
    listed: Number,
    /// The click that stands for an entry of the list, and which of the hotspot's products it was.
    picked: (Number, usize),
    /// By the monotonic clock, milliseconds.
    now: f64,
    effects: Vec<f64>,
}

impl Session {
    /// A session that has not started.
    pub fn new(config: Config) -> Self {
        let mut session = Self {
            stage: stage::Stage::new(),
            exposures: exposure::Exposures::default(),
            config: Config::default(),
            number: 0,
            view: 0,
            concluded: 0,
            began: 0.0,
            seq: 0,
            ended: true,
            media: media::Media::default(),
            experiment_shown: false,
            page_visible: true,
            card: None,
            requests: 0,
            asked: Vec::new(),
            deaf: (0, 0.0),
            added: Vec::new(),
            listed: 0,
            picked: (0, 0),
            now: 0.0,
            effects: Vec::new(),
        };
        session.adopt(config);
        session
    }

    fn adopt(&mut self, config: Config) {
        self.stage.adopt(&config);
        self.exposures = exposure::Exposures::new(config.hotspots.len(), self.page_visible);
        self.config = config;
    }

    /// Ends what refers to the hotspot file, before another follows: the card, requests to the cart
    /// that were not answered, the hotspots on the stage.
    pub fn retire(&mut self) {
        self.close_card(card::Reason::Replaced);
        while let Some(request) = self.open_request() {
            self.answered(request, Answer::Refused, 0);
        }
        self.clear_stage();
        self.added.clear();
    }

    /// Goes on with another hotspot file in the same view, after [`retire`](Self::retire).
    pub fn set_config(&mut self, config: Config) {
        self.adopt(config);
        self.show(self.media.time);
    }

    /// Sets the clock to what the browser's monotonic one shows, in milliseconds.
    pub fn at(&mut self, now: f64) {
        self.now = now;
    }

    /// What to do, in order, since the last call of this, as rows of numbers: a row's length, what to
    /// [`Do`], and with which numbers.
    pub fn take_effects(&mut self) -> Vec<f64> {
        core::mem::take(&mut self.effects)
    }

    /// When [`wake`](Self::wake) should be called, by the monotonic clock.
    pub fn deadline(&self) -> Option<f64> {
        earlier(
            self.stage.rest.then_some(self.now + stage::FRAME_MS),
            earlier(self.exposures.deadline(), self.media.deadline()),
        )
    }

    /// The hotspot file as it was understood.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Events could not be kept; the note says how many of which.
    pub fn dropped(&mut self, note: u32) {
        self.emit(Kind::Dropped, 0, Subject::VIDEO, NO_VALUE, note);
    }

    /// The stretches of the video really watched in this view, as `start, end` in seconds.
    pub fn watched(&self) -> &[(f64, f64)] {
        self.media.watch.stretches()
    }

    /// For how many milliseconds a hotspot was seen in this view; none past the last.
    pub fn dwell(&self, hotspot: usize) -> Option<f64> {
        self.exposures.dwell(hotspot, self.now)
    }

    /// The overlay was attached, or came back from the back-forward cache: a view begins.
    pub fn start(&mut self, playing: bool) {
        if !self.ended {
            return;
        }
        self.ended = false;
        self.view += 1;
        self.began = self.now;
        self.seq = 0;
        self.media.begin_view();
        self.exposures.restart(self.now);
        self.experiment_shown = false;
        self.tell(Kind::Impression, NO_VALUE);
        self.media.paused = !playing;
        if playing {
            self.tell(Kind::Play, NO_VALUE);
        }
    }

    /// The view ends: the page is left, or the overlay destroyed.
    pub fn leave(&mut self) {
        if !self.ended {
            self.conclude();
            self.ended = true;
        }
        push(&mut self.effects, Do::Leave, &[]);
    }

    /// A hotspot came into the viewport by half of its area, or left it.
    pub fn in_view(&mut self, hotspot: usize, in_view: bool) {
        self.exposures.set_in_view(hotspot, in_view, self.now);
    }

    /// The tab was shown or hidden.
    pub fn page_visible(&mut self, visible: bool) {
        self.page_visible = visible;
        self.exposures.set_page_visible(visible, self.now);
        if !visible {
            self.conclude();
            push(&mut self.effects, Do::Leave, &[]);
        }
    }

    /// Reports what is held back and sums the view up, unless nothing happened since it was. A hidden
    /// page may be killed without another word, as phones do; where it comes back, the view goes on
    /// and ends again.
    fn conclude(&mut self) {
        self.settle();
        self.expose();
        if self.number != self.concluded || !self.media.paused {
            self.tell(Kind::ViewEnd, NO_VALUE);
            self.concluded = self.number;
        }
    }

    /// A key that closes was pressed on the overlay.
    pub fn escape(&mut self) {
        self.close_card(card::Reason::Escape);
    }

    /// The page tracks something of its own; the note has its type and data.
    pub fn track(&mut self, note: u32) {
        self.settle();
        self.emit(Kind::Track, 0, Subject::VIDEO, NO_VALUE, note);
    }

    /// A deadline of [`deadline`](Self::deadline) passed.
    pub fn wake(&mut self) {
        if self.media.deadline().is_some_and(|at| at <= self.now) {
            self.settle();
        }
        if self.stage.rest {
            self.show(self.media.time);
        }
        self.expose();
    }

    fn expose(&mut self) {
        while let Some((hotspot, total)) = self.exposures.take_exposed(self.now) {
            let subject = Subject::hotspot(hotspot as i32);
            let event = self.emit(Kind::HotspotExposure, 0, subject, total, 0);
            self.exposures.set_event(hotspot, event);
        }
    }

    /// Emits an event about nothing but the video.
    fn tell(&mut self, kind: Kind, value: f64) {
        self.emit(kind, 0, Subject::VIDEO, value, 0);
    }

    /// Emits an event of this moment, led to by `cause`, with the field that its kind may have and
    /// the page's own words that belong to it. `seq` is given here, so that none is ever skipped.
    fn emit(&mut self, kind: Kind, cause: Number, about: Subject, value: f64, note: u32) -> Number {
        if self.ended {
            return 0;
        }
        self.number += 1;
        let (row, segment) = (self.effects.len(), self.segment());
        push(
            &mut self.effects,
            Do::Emit,
            &[
                f64::from(self.number),
                f64::from(kind as u8),
                f64::from(self.seq),
                f64::from(self.view),
                f64::from(cause),
                self.now,
                self.now - self.began,
                self.media.time,
                f64::from(segment),
                f64::from(about.hotspot),
                f64::from(about.product),
                f64::from(about.variant),
                f64::from(note),
                value,
            ],
        );
        if kind == Kind::ViewEnd {
            self.sum_up(row);
        }
        self.seq += 1;
        self.number
    }

    /// Adds to the row of a view's last event what was watched and seen in it.
    fn sum_up(&mut self, row: usize) {
        let watched = self.media.watch.stretches();
        self.effects.push(watched.len() as f64);
        for (start, end) in watched {
            self.effects.extend_from_slice(&[*start, *end]);
        }
        let mut hotspot = 0;
        while let Some(milliseconds) = self.exposures.dwell(hotspot, self.now) {
            if milliseconds > 0.0 {
                self.effects
                    .extend_from_slice(&[hotspot as f64, milliseconds]);
            }
            hotspot += 1;
        }
        let length = self.effects.len() - row;
        if let Some(first) = self.effects.get_mut(row) {
            *first = length as f64;
        }
    }
}
