//! The only code that names a browser: it feeds [`Session`] with what happens, and carries out
//! what it returns through the thin host in `www/host.js`.

mod dispatch;
mod effects;
mod host;
mod node;
mod options;

use crate::config::{Config, Problem, Severity, decode};
use crate::event::{Ids, Now};
use crate::outbox::Outbox;
use crate::json::{Json, end_list, push_item};
use crate::session::{Effect, Input, Session, order};
use gloo_timers::callback::Timeout;
use host::{Dispatch, Host};
use options::{Consent, Options};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::HtmlVideoElement;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

const CSS: &str = include_str!(env!("VITRINE_CSS"));

/// What changes while an overlay lives.
struct State {
    session: Session,
    outbox: Outbox,
}

/// One overlay on one video, with everything it owns.
pub struct App {
    state: RefCell<State>,
    working: Cell<bool>,
    destroyed: Cell<bool>,
    consent: Cell<Consent>,
    collector: RefCell<Option<String>>,
    options: Options,
    timer: RefCell<Option<(f64, Timeout)>>,
    host: Host,
    _dispatch: Dispatch,
    video: HtmlVideoElement,
    /// Keeps the overlay alive until it is destroyed, whatever the page keeps.
    itself: RefCell<Option<Rc<App>>>,
}

impl App {
    /// Attaches an overlay to `video`.
    pub fn attach(video: HtmlVideoElement, config: &JsValue, options: &JsValue) -> Result<Rc<App>, JsValue> {
        let (config, problems) = decode_or_throw(config)?;
        let options = Options::read(options)?;
        let app = Rc::new_cyclic(|app: &Weak<App>| {
            let weak = app.clone();
            let dispatch: Dispatch = Closure::new(move |what, a, b, data| {
                if let Some(app) = weak.upgrade() {
                    app.dispatched(what, a, b, data);
                }
            });
            let session = Session::new(config, options.consent.identity(), Ids::new(options::seed()));
            App {
                state: RefCell::new(State { session, outbox: Outbox::new(options.policy()) }),
                working: Cell::new(false),
                destroyed: Cell::new(false),
                consent: Cell::new(options.consent),
                collector: RefCell::default(),
                timer: RefCell::default(),
                host: Host::new(&video, CSS, &dispatch),
                _dispatch: dispatch,
                options,
                video,
                itself: RefCell::default(),
            }
        });
        app.itself.replace(Some(app.clone()));
        app.begin(&problems);
        Ok(app)
    }

    fn begin(&self, problems: &[Problem]) {
        self.apply_config();
        self.apply_consent();
        self.report(problems);
        self.feed(Input::Start { playing: !self.video.paused() });
        self.host.watch();
        self.host.fire("vitrine:ready", "null");
    }

    /// What the hotspot file says about more than hotspots.
    fn apply_config(&self) {
        let state = self.state.borrow();
        let config = state.session.config();
        let mut theme = Json::new();
        for (name, value) in &config.theme {
            theme.text(name, value);
        }
        self.host.label(state.session.texts().get("overlay"), &theme.object());
        let collector =
            self.options.collector.clone().or_else(|| config.collector.as_ref().map(|c| c.url.clone()));
        self.collector.replace(collector);
    }

    fn apply_consent(&self) {
        let consent = self.consent.get();
        let mut state = self.state.borrow_mut();
        state.outbox.hold(consent != Consent::Granted);
        if consent == Consent::Denied {
            state.outbox.clear();
        }
    }

    /// Tells the page what is wrong with the hotspot file, and the console in one line.
    fn report(&self, problems: &[Problem]) {
        let Some(first) = problems.first() else { return };
        let mut message = first.message();
        if problems.len() > 1 {
            message.push_str(" And ");
            crate::text::push_int(&mut message, problems.len() as i64 - 1);
            message.push_str(" more: listen to vitrine:error for all.");
        }
        self.host.fire("vitrine:error", &report(&message, problems));
        host::warn(&message);
    }

    /// Feeds one input to the session and carries out what follows from it.
    fn feed(&self, input: Input) {
        // Nothing calls back while the state is borrowed.
        self.state.borrow_mut().session.step(input, now());
        self.work();
    }

    /// Ends the view and leaves the page as it was.
    pub fn destroy(&self) {
        if !self.destroyed.replace(true) {
            self.feed(Input::Leave);
        }
    }

    /// Sends what is queued now.
    pub fn flush(&self) {
        self.state.borrow_mut().session.push(Effect::Flush);
        self.work();
    }

    /// Tracks an event of the page's own.
    pub fn track(&self, kind: &str, data: &JsValue) -> Result<(), JsValue> {
        let known = !kind.is_empty() && kind.len() <= 64;
        if !known || !kind.bytes().all(|b| b == b'_' || b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(error("track: the type must be 1 to 64 of a-z, 0-9 and _, such as checkout_step."));
        }
        self.feed(Input::Track { kind: kind.into(), data: host::json(data) });
        Ok(())
    }

    /// Reports an order.
    pub fn purchase(&self, given: &JsValue) -> Result<(), JsValue> {
        let (order, products) = order(given).map_err(error)?;
        self.feed(Input::Purchase { order, products });
        Ok(())
    }

    /// What the viewer allows.
    pub fn consent(&self, state: &str) -> Result<(), JsValue> {
        let consent = Consent::parse(state)
            .ok_or_else(|| error("consent: use \"granted\", \"required\" or \"denied\"."))?;
        self.consent.set(consent);
        self.apply_consent();
        let identity = consent.identity();
        self.state.borrow_mut().session.identify(identity);
        self.work();
        Ok(())
    }

    /// Replaces the hotspots within the same view.
    pub fn set_config(&self, config: &JsValue) -> Result<(), JsValue> {
        let (config, problems) = decode_or_throw(config)?;
        self.state.borrow_mut().session.set_config(config, now());
        self.apply_config();
        self.work();
        self.report(&problems);
        Ok(())
    }
}

/// A hotspot file's problems, as `vitrine:error` carries them.
fn report(message: &str, problems: &[Problem]) -> String {
    let mut list = String::new();
    for problem in problems {
        let mut fields = Json::new();
        fields.text("severity", if problem.severity == Severity::Error { "error" } else { "warning" });
        fields.text("path", &problem.path);
        fields.text("found", &problem.found);
        fields.text("allowed", &problem.allowed);
        fields.text("message", &problem.message());
        push_item(&mut list, &fields.object());
    }
    let mut detail = Json::new();
    detail.text("message", message);
    detail.raw("problems", &end_list(list));
    detail.object()
}

fn decode_or_throw(config: &JsValue) -> Result<(Config, Vec<Problem>), JsValue> {
    let decoded = decode(config);
    match decoded.config {
        Some(config) => Ok((config, decoded.problems)),
        None => {
            let message = decoded.problems.first().map(Problem::message).unwrap_or_default();
            Err(host::problem(&report(&message, &decoded.problems)))
        }
    }
}

/// An `Error` for the page.
fn error(message: &str) -> JsValue {
    host::problem(&report(message, &[]))
}

/// Both of the browser's clocks.
fn now() -> Now {
    Now { epoch_ms: js_sys::Date::now(), monotonic_ms: host::monotonic() }
}
