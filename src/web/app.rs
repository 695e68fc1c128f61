//! One overlay: it feeds [`Session`] with what happens, and carries out what it returns through the thin
//! host in `www/host.js`.

use super::host::{Dispatch, Host};
use crate::config::{Config, skim};
use crate::outbox::{Outbox, Policy};
use crate::session::{Consent, Do, Session, goods, spots};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// What changes while an overlay lives.
pub(super) struct State {
    pub session: Session,
    pub outbox: Outbox,
    pub consent: Consent,
    /// There is a collector to send events to.
    pub collects: bool,
    /// The hotspot file that follows, once everything about the one before has been carried out.
    pub next: Option<Config>,
    /// The deadline that the host's timer is set to.
    pub due: Option<f64>,
    pub destroyed: bool,
}

/// One overlay on one video, with everything it owns.
pub struct App {
    pub(super) state: RefCell<State>,
    pub(super) working: Cell<bool>,
    pub(super) host: Host,
    /// The callback of everything, and with it the overlay's life: it lasts until it is destroyed,
    /// whatever the page keeps.
    pub(super) life: RefCell<Option<(Dispatch, Rc<App>)>>,
}

impl App {
    /// Attaches an overlay to the host's video, or tells the host why not; says whether it did.
    pub fn attach(host: Host, config: &JsValue, consent: f64) -> bool {
        let (Some(config), flawed) = skim(config) else {
            host.flawed(true);
            return false;
        };
        let Some(consent) = Consent::numbered(consent) else {
            host.fail(CONSENT_USAGE);
            return false;
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
        app.host.mount(&dispatch);
        app.apply_consent(consent);
        app.adopt();
        app.report(flawed);
        // The view begins; what happens is heard of from here on.
        app.host.watch();
        let life = (dispatch, app.clone());
        app.life.replace(Some(life));
        true
    }

    /// Gives the host the parts of the hotspot file that were understood.
    pub(super) fn adopt(&self) {
        let mut state = self.state.borrow_mut();
        let config = state.session.config();
        let (goods, spots) = (goods(config), spots(config));
        state.collects = self.host.adopt(&goods, &spots, &config.theme);
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
    fn report(&self, flawed: bool) {
        if flawed {
            self.host.flawed(false);
        }
    }

    pub(super) fn set_consent(&self, number: f64) {
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
            None => self.host.fail(CONSENT_USAGE),
        }
    }

    pub(super) fn set_config(&self, config: &JsValue) {
        let (config, flawed) = skim(config);
        if config.is_none() {
            return self.host.flawed(true);
        }
        self.state.borrow_mut().next = config;
        self.work();
        self.report(flawed);
    }
}

const CONSENT_USAGE: &str = "consent: use \"granted\", \"required\" or \"denied\".";
