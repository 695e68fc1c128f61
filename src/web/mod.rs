//! The only code that names a browser: it feeds [`Session`] with what happens, and carries out
//! what it returns through the thin host in `www/host.js`.

mod dispatch;
mod effects;
mod host;
mod node;

use crate::config::{Config, Problem, Severity, decode};
use crate::event::Now;
use crate::outbox::{Outbox, Policy};
use crate::session::{Consent, Input, Session, goods, spots};
use host::Dispatch;
pub use host::Host;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The style sheet, minified in what is built for pages.
const CSS: &str = include_str!(env!("VITRINE_CSS"));

/// What changes while an overlay lives.
struct State {
    session: Session,
    outbox: Outbox,
    consent: Consent,
    /// There is a collector to send events to.
    collects: bool,
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
    pub fn attach(host: Host, config: &JsValue, consent: &str) {
        let Some((config, problems)) = usable(&host, config) else { return };
        let Some(consent) = Consent::parse(consent) else {
            return fail(&host, CONSENT_USAGE);
        };
        let app = Rc::new(App {
            state: RefCell::new(State {
                session: Session::new(config),
                outbox: Outbox::new(Policy::default()),
                consent,
                collects: false,
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
        app.adopt();
        app.report(&problems);
        app.feed(Input::Start { playing: app.host.playing() });
        // What happens is heard of from here on.
        app.host.watch();
        let life = (dispatch, app.clone());
        app.life.replace(Some(life));
    }

    /// Both of the browser's clocks.
    fn now(&self) -> Now {
        Now { epoch_ms: js_sys::Date::now(), monotonic_ms: self.host.monotonic() }
    }

    /// Gives the host the parts of the hotspot file that were understood.
    fn adopt(&self) {
        let mut state = self.state.borrow_mut();
        let config = state.session.config();
        let mut words = String::new();
        for list in [&config.theme, &config.strings, &config.campaign] {
            for (name, value) in list {
                words.push_str(name);
                words.push('\x01');
                words.push_str(value);
                words.push('\x02');
            }
            words.push('\x03');
        }
        state.collects = self.host.adopt(&goods(config), &spots(config), &words);
    }

    fn apply_consent(&self, consent: Consent) {
        self.host.identify(consent == Consent::Granted);
        let mut state = self.state.borrow_mut();
        state.consent = consent;
        state.outbox.hold(consent != Consent::Granted);
        if consent == Consent::Denied {
            state.outbox.clear();
        }
    }

    /// Tells the page what is wrong with the hotspot file, and the console in one line.
    fn report(&self, problems: &[Problem]) {
        if !problems.is_empty() {
            self.host.report(&list(problems));
        }
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
                self.work();
            }
            None => fail(&self.host, CONSENT_USAGE),
        }
    }

    fn set_config(&self, config: &JsValue) {
        if let Some((config, problems)) = usable(&self.host, config) {
            self.state.borrow_mut().session.set_config(config, self.now());
            self.adopt();
            self.work();
            self.report(&problems);
        }
    }
}

const CONSENT_USAGE: &str = "consent: use \"granted\", \"required\" or \"denied\".";

/// The hotspot file, unless nothing of it can be used.
fn usable(host: &Host, config: &JsValue) -> Option<(Config, Vec<Problem>)> {
    let decoded = decode(config);
    if decoded.config.is_none() {
        host.fail(&list(&decoded.problems));
    }
    Some((decoded.config?, decoded.problems))
}

/// Makes the page's call that is going on throw.
fn fail(host: &Host, message: &str) {
    host.fail(message);
}

/// Problems for the host: `message \x01 severity \x01 path \x01 found \x01 allowed`, each ended by `\x02`.
fn list(problems: &[Problem]) -> String {
    let mut list = String::new();
    for problem in problems {
        let severity = if problem.severity == Severity::Error { "error" } else { "warning" };
        for text in [&problem.message(), severity, &problem.path, &problem.found, &problem.allowed] {
            list.push_str(text);
            list.push('\x01');
        }
        list.push('\x02');
    }
    list
}
