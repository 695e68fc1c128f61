//! The only code that names a browser: it feeds [`Session`] with what happens, and carries out
//! what it returns through the thin host in `www/host.js`.

mod dispatch;
mod effects;
mod host;
mod node;

use crate::config::{Config, Problem, Severity, decode};
use crate::outbox::{Outbox, Policy};
use crate::session::{Consent, Do, Session, goods, spots};
use host::Dispatch;
pub use host::Host;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use talc::cell::TalcSyncCell;
use talc::wasm::{WasmBinning, WasmGrowAndClaim};
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, WasmBinning> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);

/// The style sheet, minified in what is built for pages.
const CSS: &str = include_str!(env!("VITRINE_CSS"));

/// What ends a field, an entry and a list in the texts that the host splits.
const FIELD: &str = "\x01";
const ENTRY: &str = "\x02";
const LIST: &str = "\x03";

/// What changes while an overlay lives.
struct State {
    session: Session,
    outbox: Outbox,
    consent: Consent,
    /// There is a collector to send events to.
    collects: bool,
    /// The hotspot file that follows, once everything about the one before has been carried out.
    next: Option<Config>,
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
    pub fn attach(host: Host, config: &JsValue, consent: f64) {
        let Some((config, problems)) = usable(&host, config) else {
            return;
        };
        let Some(consent) = Consent::numbered(consent) else {
            return host.report(CONSENT_USAGE, true);
        };
        let app = Rc::new(App {
            state: RefCell::new(State {
                session: Session::new(config),
                outbox: Outbox::new(Policy::default()),
                consent,
                collects: false,
                next: None,
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
        // The view begins; what happens is heard of from here on.
        app.host.watch();
        let life = (dispatch, app.clone());
        app.life.replace(Some(life));
    }

    /// Gives the host the parts of the hotspot file that were understood.
    fn adopt(&self) {
        let mut state = self.state.borrow_mut();
        let config = state.session.config();
        let mut words = String::new();
        for list in [&config.theme, &config.strings, &config.campaign] {
            for (name, value) in list {
                // They would end where their author does not.
                if name.bytes().chain(value.bytes()).any(|byte| byte < 4) {
                    continue;
                }
                words.push_str(name);
                words.push_str(FIELD);
                words.push_str(value);
                words.push_str(ENTRY);
            }
            words.push_str(LIST);
        }
        state.collects = self.host.adopt(&goods(config), &spots(config), &words);
    }

    fn apply_consent(&self, consent: Consent) {
        self.tell(Do::Identify, f64::from(consent as u8));
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
            self.host.report(&list(problems), false);
        }
    }

    fn set_consent(&self, number: f64) {
        match Consent::numbered(number) {
            Some(consent) => {
                // What was not kept left a gap in `seq`: what is kept from here on is another view.
                let again =
                    consent == Consent::Granted && self.state.borrow().consent == Consent::Denied;
                if again {
                    self.state.borrow_mut().session.leave();
                    self.work();
                }
                self.apply_consent(consent);
                if again {
                    self.host.start();
                }
            }
            None => self.host.report(CONSENT_USAGE, true),
        }
    }

    fn set_config(&self, config: &JsValue) {
        if let Some((config, problems)) = usable(&self.host, config) {
            self.state.borrow_mut().next = Some(config);
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
        host.report(&list(&decoded.problems), true);
    }
    Some((decoded.config?, decoded.problems))
}

/// Problems for the host: `message \x01 severity \x01 path \x01 found \x01 allowed`, each ended by `\x02`.
fn list(problems: &[Problem]) -> String {
    let mut list = String::new();
    for problem in problems {
        let severity = if problem.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        for text in [
            &problem.message(),
            severity,
            &problem.path,
            &problem.found,
            &problem.allowed,
        ] {
            list.push_str(text);
            list.push_str(FIELD);
        }
        list.push_str(ENTRY);
    }
    list
}
