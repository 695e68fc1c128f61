//! The only code that names a browser: it feeds [`Session`] with what happens, and carries out
//! what it returns through the thin host in `www/host.js`.

mod dispatch;
mod effects;
mod host;
mod node;

use crate::config::{Config, Problem, Severity, decode};
use crate::event::{Ids, Now};
use crate::json::{Json, end_list, push_item};
use crate::outbox::{Outbox, Policy};
use crate::session::{Consent, Identity, Input, Session};
use crate::text::push_int;
pub use host::Host;
use host::{Dispatch, warn};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

const CSS: &str = include_str!(env!("VITRINE_CSS"));

/// What changes while an overlay lives.
struct State {
    session: Session,
    outbox: Outbox,
    consent: Consent,
    /// Where events go; empty for nowhere.
    collector: String,
    /// The deadline that the host's timer is set to.
    due: Option<f64>,
    destroyed: bool,
}

/// One overlay on one video, with everything it owns.
pub struct App {
    state: RefCell<State>,
    working: Cell<bool>,
    host: Host,
    /// The callback of everything, and with it the overlay's life: it lasts until it is destroyed,
    /// whatever the page keeps.
    life: RefCell<Option<(Dispatch, Rc<App>)>>,
}

impl App {
    /// Attaches an overlay to the host's video, or tells the host why not.
    pub fn attach(host: Host, config: &JsValue) {
        let Some((config, problems)) = usable(&host, config) else { return };
        let Some(consent) = Consent::parse(&host.option("consent")) else {
            return fail(&host, CONSENT_USAGE);
        };
        let seed = || u64::from(host.random()) << 32 | u64::from(host.random());
        let session = Session::new(config, identity(&host, consent), Ids::new((seed(), seed())));
        let app = Rc::new(App {
            state: RefCell::new(State {
                session,
                outbox: Outbox::new(Policy::default()),
                consent,
                collector: String::new(),
                due: None,
                destroyed: false,
            }),
            working: Cell::new(false),
            host,
            life: RefCell::default(),
        });
        let weak: Weak<App> = Rc::downgrade(&app);
        let dispatch: Dispatch = Closure::new(move |what, a, b, data| {
            if let Some(app) = weak.upgrade() {
                app.dispatched(what, a, b, &data);
            }
        });
        app.host.mount(CSS, &dispatch);
        app.apply_consent(consent);
        app.apply_config();
        app.report(&problems);
        app.feed(Input::Start { playing: app.host.playing() });
        // What happens is heard of from here on.
        app.host.watch();
        let life = (dispatch, app.clone());
        app.life.replace(Some(life));
        app.host.fire("vitrine:ready", "null");
    }

    /// Both of the browser's clocks.
    fn now(&self) -> Now {
        Now { epoch_ms: js_sys::Date::now(), monotonic_ms: self.host.monotonic() }
    }

    /// What the hotspot file says about more than hotspots.
    fn apply_config(&self) {
        let mut state = self.state.borrow_mut();
        let config = state.session.config();
        let mut theme = Json::new();
        for (name, value) in &config.theme {
            theme.text(name, value);
        }
        self.host.label(state.session.texts().get("overlay"), &theme.object());
        let mut collector = self.host.option("collector");
        if collector.is_empty()
            && let Some(own) = &config.collector
        {
            collector.push_str(&own.url);
        }
        state.collector = collector;
    }

    fn apply_consent(&self, consent: Consent) {
        let mut state = self.state.borrow_mut();
        state.consent = consent;
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
            push_int(&mut message, problems.len() as i64 - 1);
            message.push_str(" more: listen to vitrine:error for all.");
        }
        self.host.fire("vitrine:error", &report(&message, problems));
        warn(&message);
    }

    /// Feeds one input to the session and carries out what follows from it.
    fn feed(&self, input: Input) {
        // Nothing calls back while the state is borrowed.
        self.state.borrow_mut().session.step(input, self.now());
        self.work();
    }

    fn set_consent(&self, state: &str) {
        match Consent::parse(state) {
            Some(consent) => {
                self.apply_consent(consent);
                self.state.borrow_mut().session.identify(identity(&self.host, consent));
                self.work();
            }
            None => fail(&self.host, CONSENT_USAGE),
        }
    }

    fn set_config(&self, config: &JsValue) {
        if let Some((config, problems)) = usable(&self.host, config) {
            self.state.borrow_mut().session.set_config(config, self.now());
            self.apply_config();
            self.work();
            self.report(&problems);
        }
    }
}

const CONSENT_USAGE: &str = "consent: use \"granted\", \"required\" or \"denied\".";

/// Who watches, remembered only where that is allowed.
fn identity(host: &Host, consent: Consent) -> Identity {
    let keep = consent == Consent::Granted;
    Identity { viewer_id: host.identity("viewer", keep), session_id: host.identity("session", keep) }
}

/// The hotspot file, unless nothing of it can be used.
fn usable(host: &Host, config: &JsValue) -> Option<(Config, Vec<Problem>)> {
    let decoded = decode(config);
    if decoded.config.is_none()
        && let Some(first) = decoded.problems.first()
    {
        host.fail(&report(&first.message(), &decoded.problems));
    }
    Some((decoded.config?, decoded.problems))
}

/// Makes the call that is going on throw.
fn fail(host: &Host, message: &str) {
    host.fail(&report(message, &[]));
}

/// What is wrong, as `vitrine:error` carries it.
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
