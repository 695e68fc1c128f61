//! The overlay's state: what happens goes in, what shall be done comes out.
//!
//! [`Session::step`] is a reducer: it has no side effect of its own and knows no browser. The web
//! layer calls it while it holds the state, lets go, and only then carries out the effects.

mod card;
mod exposure;
mod media;
mod order;
mod stage;
mod watch;

use crate::cart::Answer;
use crate::config::Config;
use crate::event::{Event, Ids, Now, Uuid, rfc3339};
use crate::geometry::Rect;
use crate::json::{Json, end_list, push_item};
use crate::text::Texts;
use crate::ui::{self, Markup, Prices};

pub use media::{MediaFlags, MediaKind};
pub use order::order;
pub use stage::Layout;

/// Who is watching, as far as the browser may remember it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// Kept over visits.
    pub viewer_id: String,
    /// Kept over the pages of a visit.
    pub session_id: String,
}

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
    /// A control of the overlay was used, by its `data-act` and `data-arg`.
    Act {
        /// `hotspot`, `close`, `add`, `buy`, `view`, `variant`, `product`.
        act: String,
        /// The index that some of them need.
        arg: usize,
    },
    /// A key was pressed on the overlay.
    Key(String),
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
    },
    /// A deadline of [`Session::deadline`] passed.
    Wake,
    /// The page tracks something of its own.
    Track {
        /// The event's type.
        kind: String,
        /// Its data as JSON text; empty for none.
        data: String,
    },
    /// An order was placed.
    Purchase {
        /// What [`order`] read of it.
        order: Json,
        /// The products ordered.
        products: Vec<String>,
    },
    /// The view ends: the page is left, or the overlay destroyed.
    Leave,
}

/// What a cancelable DOM event asked the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// `vitrine:hotspot-click`: shall the hotspot's action follow?
    Click {
        /// The hotspot's index.
        hotspot: usize,
        /// The click event's id.
        click: Uuid,
    },
    /// `vitrine:add-to-cart` or `vitrine:buy-now`: shall the overlay call the page's cart?
    Cart {
        /// Which request.
        request: u32,
        /// The event, as JSON; the `cart` callback gets it.
        event: String,
    },
}

/// Something to do in the browser.
#[derive(Clone, Debug, PartialEq)]
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
    /// Fire a cancelable DOM event on the video, then feed the answer back.
    Ask {
        /// Its name.
        name: &'static str,
        /// Its `detail`, as JSON.
        event: String,
        /// What to feed back.
        question: Question,
    },
    /// Fire a DOM event on the video that asks nothing.
    Tell {
        /// Its name.
        name: &'static str,
        /// Its `detail`, as JSON.
        event: String,
    },
    /// Call the page's `cart` callback, then feed its answer back.
    CallCart {
        /// Which request.
        request: u32,
        /// Its argument, as JSON.
        event: String,
    },
    /// Open a page in a new tab.
    Open(String),
    /// Go to another page in this tab.
    Go(String),
    /// Jump in the video, seconds.
    Seek(f64),
    /// Start or stop the video.
    Play(bool),
    /// Send everything now: the page is being left or hidden.
    Flush,
}

/// The state of one view of one video.
pub struct Session {
    config: Config,
    identity: Identity,
    ids: Ids,
    view_id: Uuid,
    began: f64,
    seq: u32,
    ended: bool,
    media: media::Media,
    stage: stage::Stage,
    exposures: exposure::Exposures,
    /// The exposure event of each hotspot, once there is one.
    exposed: Vec<Option<Uuid>>,
    experiment_shown: bool,
    page_visible: bool,
    card: Option<card::Card>,
    requests: u32,
    /// Requests to the cart that it has not answered yet.
    asked: Vec<card::Asked>,
    /// What was added in this view, and by which event.
    added: Vec<(String, Uuid)>,
    now: Now,
    effects: Vec<Effect>,
}

impl Session {
    /// A session that has not started. `ids` must be seeded by real randomness.
    pub fn new(config: Config, identity: Identity, ids: Ids) -> Self {
        Self {
            stage: stage::Stage::new(&config),
            exposures: exposure::Exposures::new(config.hotspots.len(), true),
            exposed: vec![None; config.hotspots.len()],
            config,
            identity,
            ids,
            view_id: Uuid::default(),
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
        self.stage.adopt(&config);
        self.exposures = exposure::Exposures::new(config.hotspots.len(), self.page_visible);
        self.exposed = vec![None; config.hotspots.len()];
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
            Input::Act { act, arg } => self.act(&act, arg),
            Input::Key(key) if key == "Escape" => self.close_card("escape"),
            Input::Key(_) => {}
            Input::Asked { question, taken } => self.asked(question, taken),
            Input::Answered { request, answer } => self.answered(request, answer),
            Input::Wake => self.wake(),
            Input::Track { kind, data } => {
                self.settle();
                let mut fields = Json::new();
                if !data.is_empty() {
                    fields.raw("data", &data);
                }
                self.emit(&kind, None, &fields);
            }
            Input::Purchase { order, products } => self.purchase(&order, &products),
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

    /// The button of a hotspot.
    pub fn hotspot(&self, index: usize, prices: &dyn Prices) -> Markup {
        let hotspot = self.config.hotspots.get(index);
        hotspot.map(|hotspot| ui::hotspot(&self.config, index, hotspot, prices)).unwrap_or_default()
    }

    /// The overlay's words, with the hotspot file's own.
    pub fn texts(&self) -> Texts<'_> {
        Texts(&self.config.strings)
    }

    /// The hotspot file as it was understood.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A `dropped` event: so many events could not be kept.
    pub fn dropped(&mut self, count: u32, now: Now) {
        self.now = now;
        let mut fields = Json::new();
        fields.number("count", f64::from(count));
        self.emit("dropped", None, &fields);
    }

    /// Another identity from here on: the viewer allowed or refused to be remembered.
    pub fn identify(&mut self, identity: Identity) {
        self.identity = identity;
    }

    /// A number in `[0, 1)`, for spreading retries.
    pub fn chance(&mut self) -> f64 {
        self.ids.unit()
    }

    fn start(&mut self, playing: bool) {
        if !self.ended {
            return;
        }
        self.ended = false;
        self.view_id = self.ids.uuid(self.now.epoch_ms);
        self.began = self.now.monotonic_ms;
        self.seq = 0;
        self.media.begin_view();
        self.exposures.restart(self.now.monotonic_ms);
        self.exposed.fill(None);
        self.experiment_shown = false;
        self.tell("impression");
        self.media.paused = !playing;
        if playing {
            self.tell("play");
        }
    }

    fn leave(&mut self) {
        if !self.ended {
            self.settle();
            self.expose();
            let mut exposures = String::new();
            for (index, total) in self.exposures.dwell(self.now.monotonic_ms) {
                let mut dwell = Json::new();
                dwell.maybe("hotspot_id", self.config.hotspots.get(index).map(|h| &h.id));
                dwell.number("dwell_ms", total as i64 as f64);
                push_item(&mut exposures, &dwell.object());
            }
            let mut fields = Json::new();
            fields.raw("watched", &self.media.watch.json());
            fields.raw("exposures", &end_list(exposures));
            self.emit("view_end", None, &fields);
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
            let mut fields = self.about(index);
            fields.number("duration_ms", total as i64 as f64);
            let id = self.emit("hotspot_exposure", None, &fields).id;
            if let Some(slot) = self.exposed.get_mut(index) {
                *slot = Some(id);
            }
        }
    }

    /// The fields of a hotspot and all of its products.
    fn about(&self, index: usize) -> Json {
        let mut fields = Json::new();
        if let Some(hotspot) = self.config.hotspots.get(index) {
            fields.text("hotspot_id", &hotspot.id);
            let mut items = String::new();
            for index in &hotspot.products {
                if let Some(product) = self.config.products.get(*index) {
                    push_item(&mut items, &card::item(product, None).object());
                }
            }
            if !items.is_empty() {
                fields.raw("items", &end_list(items));
            }
        }
        fields
    }

    /// Emits an event that has no fields of its own.
    fn tell(&mut self, kind: &str) {
        self.emit(kind, None, &Json::new());
    }

    /// Emits an event of this moment. `seq` is given here, so that none is ever skipped.
    fn emit(&mut self, kind: &str, cause: Option<Uuid>, fields: &Json) -> Event {
        let id = self.ids.uuid(self.now.epoch_ms);
        let time = self.media.time;
        let mut event = Json::new();
        event.text("id", &id.text());
        event.number("seq", f64::from(self.seq));
        event.text("type", kind);
        event.text("time", &rfc3339(self.now.epoch_ms));
        event.number("elapsed_ms", (self.now.monotonic_ms - self.began) as i64 as f64);
        event.text("viewer_id", &self.identity.viewer_id);
        event.text("session_id", &self.identity.session_id);
        event.text("view_id", &self.view_id.text());
        event.text("video_id", &self.config.video.id);
        event.number("media_time", time);
        let segment = self.config.video.segments.iter().find(|s| s.start <= time && time < s.end);
        event.maybe("segment_id", segment.map(|s| &s.id));
        if let Some(experiment) = &self.config.experiment {
            let mut side = Json::new();
            side.text("id", &experiment.id);
            side.text("variant", &experiment.variant);
            event.raw("experiment", &side.object());
        }
        event.maybe("cause", cause.map(Uuid::text).as_ref());
        event.extend(fields);
        let event = Event { id, json: event.object() };
        if !self.ended {
            self.seq += 1;
            self.effects.push(Effect::Emit(event.clone()));
        }
        event
    }
}
