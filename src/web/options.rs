//! The options of `attach`.

use super::{error, host};
use crate::config::Node;
use crate::outbox::Policy;
use crate::session::Identity;
use wasm_bindgen::JsValue;

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
    pub fn parse(state: &str) -> Option<Self> {
        match state {
            "granted" => Some(Self::Granted),
            "required" => Some(Self::Required),
            "denied" => Some(Self::Denied),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Required => "required",
            Self::Denied => "denied",
        }
    }

    /// Who watches, remembered only where that is allowed.
    pub fn identity(self) -> Identity {
        let ids = host::identity(self == Self::Granted);
        let text = |index| ids.get(index).as_string().unwrap_or_default();
        Identity { viewer_id: text(0), session_id: text(1) }
    }
}

/// The options of `attach`, as far as Rust needs them.
pub struct Options {
    /// Where events go; goes before the hotspot file's.
    pub collector: Option<String>,
    /// The page's `cart` callback.
    pub cart: Option<JsValue>,
    pub consent: Consent,
}

impl Options {
    pub fn read(options: &JsValue) -> Result<Self, JsValue> {
        let field = |key| options.get(key).filter(|value: &JsValue| !Node::is_null(value));
        let collector = match field("collector") {
            None => None,
            Some(value) => Some(Node::text(&value).ok_or_else(|| error("collector: use a URL."))?),
        };
        let cart = field("cart");
        if cart.as_ref().is_some_and(|callback| !callback.is_function()) {
            return Err(error("cart: use a function that returns a promise of {ok: true} or {ok: false, reason}."));
        }
        let consent = match field("consent").map(|value| Node::text(&value).unwrap_or_default()) {
            None => Consent::Granted,
            Some(state) => Consent::parse(&state)
                .ok_or_else(|| error("consent: use \"granted\", \"required\" or \"denied\"."))?,
        };
        Ok(Self { collector, cart, consent })
    }

    pub fn policy(&self) -> Policy {
        Policy::default()
    }
}

/// 128 bits of real randomness.
pub fn seed() -> (u64, u64) {
    let words = host::seed();
    let word = |index: usize| words.get(index).copied().map_or(0, u64::from);
    (word(0) << 32 | word(1), word(2) << 32 | word(3))
}
