//! One overlay: it feeds [`Session`] with what happens, and carries out what it returns through the thin
//! host in `www/host.js`.

use super::host::Host;
use crate::config::{Config, skim};
use crate::session::{Session, goods, spots};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::mem::replace;
use wasm_bindgen::JsValue;

/// What changes while an overlay lives.
pub(super) struct State {
    pub session: Session,
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
    number: u32,
}

struct Living(RefCell<Vec<Rc<App>>>);

// SAFETY: this module runs on one thread.
unsafe impl Sync for Living {}

/// The overlays of the page, each until it is destroyed, whatever the page keeps.
static LIVING: Living = Living(RefCell::new(Vec::new()));

/// Nothing here calls the page, so the list is always free; `try` saves the words of a panic.
fn living<R>(act: impl FnOnce(&mut Vec<Rc<App>>) -> R) -> Option<R> {
    Some(act(&mut *LIVING.0.try_borrow_mut().ok()?))
}

impl App {
    /// Attaches an overlay to the host's video, or tells the host why not; says whether it did.
    pub fn attach(host: Host, config: &JsValue, number: u32) -> bool {
        let (Some(config), flawed) = skim(config) else {
            host.flawed(true);
            return false;
        };
        let app = Rc::new(App {
            state: RefCell::new(State {
                session: Session::new(config),
                next: None,
                due: None,
                destroyed: false,
            }),
            working: Cell::new(false),
            host,
            number,
        });
        living(|apps| apps.push(app.clone()));
        app.host.mount();
        app.adopt();
        app.report(flawed);
        // The view begins; what happens is heard of from here on.
        app.host.watch();
        true
    }

    /// The overlay of this number, unless it was destroyed.
    pub fn numbered(number: u32) -> Option<Rc<App>> {
        living(|apps| {
            for app in apps {
                if app.number == number {
                    return Some(app.clone());
                }
            }
            None
        })?
    }

    /// Ends the overlay's life once its last caller is done with it.
    pub(super) fn end(&self) {
        living(|apps| {
            let mut rest = Vec::new();
            for app in apps.iter() {
                if app.number != self.number {
                    rest.push(app.clone());
                }
            }
            replace(apps, rest)
        });
    }

    /// Gives the host the parts of the hotspot file that were understood.
    pub(super) fn adopt(&self) {
        let Ok(state) = self.state.try_borrow() else {
            return;
        };
        let config = state.session.config();
        self.host
            .adopt(&goods(config), &spots(config), &config.theme);
    }

    /// Tells the page what is wrong with the hotspot file, and the console in one line.
    fn report(&self, flawed: bool) {
        if flawed {
            self.host.flawed(false);
        }
    }

    pub(super) fn set_config(&self, config: &JsValue) {
        let (config, flawed) = skim(config);
        if config.is_none() {
            return self.host.flawed(true);
        }
        if let Ok(mut state) = self.state.try_borrow_mut() {
            state.next = config;
        }
        self.work();
        self.report(flawed);
    }
}
