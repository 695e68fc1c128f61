//! What a viewer does with a hotspot, its card and the cart.

use super::{Act, CardSpot, Effect, Session, card_spot};
use crate::cart::{Answer, CartState};
use crate::config::{Action, Product};
use crate::event::{Event, Extra, Number, Subject};

/// A second click within this time of an answer was meant for the same button.
const DOUBLE_CLICK_MS: f64 = 600.0;

/// What a cancelable DOM event asked the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// `vitrine:hotspot-click`: shall the hotspot's action follow?
    Click {
        /// The hotspot's index.
        hotspot: usize,
        /// The click event.
        click: Number,
    },
    /// `vitrine:add-to-cart` or `vitrine:buy-now`: shall the overlay call the page's cart?
    Cart {
        /// Which request.
        request: u32,
        /// The event that asks; the `cart` callback gets it.
        event: Number,
    },
}

/// What the card shows, as indices into the hotspot file as it was understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CardView {
    /// Whose products it shows.
    pub hotspot: usize,
    /// Which of its products, by their order in the hotspot.
    pub shown: usize,
    /// The chosen variant.
    pub variant: Option<usize>,
    /// Whether that can be bought.
    pub available: bool,
    /// How far *add to cart* has come.
    pub cart: CartState,
    /// Where it is drawn.
    pub spot: CardSpot,
}

/// A request to the cart that it has not answered yet.
pub(super) struct Asked {
    request: u32,
    /// The event that asked, and what it was about.
    event: Number,
    subject: Subject,
}

/// The open card.
#[derive(Debug)]
pub(super) struct Card {
    hotspot: usize,
    /// Which of the hotspot's products.
    shown: usize,
    variant: Option<usize>,
    cart: CartState,
    /// The click that opened it: the cause of what is added from it.
    click: Number,
    /// The `view_item` of the product shown.
    view: Number,
    /// It is shown; an *add to cart* hotspot has it only once there is an outcome.
    open: bool,
    /// Until then, by the monotonic clock, the cart buttons do nothing.
    deaf_until: f64,
    /// It was opened in a playing video that its hotspot paused.
    paused: bool,
}

impl Card {
    fn pending(&self) -> Option<u32> {
        match self.cart {
            CartState::Pending { request } => Some(request),
            _ => None,
        }
    }
}

impl Session {
    /// The card as it shall be drawn; `None` while it is closed.
    pub fn card(&self) -> Option<CardView> {
        let card = self.card.as_ref().filter(|card| card.open)?;
        let place = self.stage.box_of(card.hotspot);
        Some(CardView {
            hotspot: card.hotspot,
            shown: card.shown,
            variant: card.variant,
            available: self.sellable(),
            cart: card.cart,
            spot: place.map_or(CardSpot::Sheet, |place| card_spot(place, self.stage.frame)),
        })
    }

    pub(super) fn act(&mut self, act: Act) {
        self.settle();
        match act {
            Act::Hotspot(hotspot) => self.click(hotspot),
            Act::Close => self.close_card("button"),
            Act::Add => self.ask_cart("add_to_cart", "vitrine:add-to-cart"),
            Act::Buy => self.ask_cart("buy_now", "vitrine:buy-now"),
            Act::View => {
                self.tell_shown("select_item", Extra::Word("target", "product_page"));
            }
            Act::Variant(variant) => self.choose(None, variant),
            Act::Product(product) => self.choose(Some(product), 0),
        }
    }

    fn click(&mut self, hotspot: usize) {
        let cause = self.exposed.get(hotspot).copied().unwrap_or(0);
        let click = self.tell_hotspot("hotspot_click", hotspot, cause);
        let question = Question::Click { hotspot, click };
        self.effects.push(Effect::Ask { name: "vitrine:hotspot-click", event: click, question });
    }

    /// Emits an event about a hotspot and all of its products.
    fn tell_hotspot(&mut self, kind: &'static str, hotspot: usize, cause: Number) -> Number {
        let subject = Subject { hotspot: Some(hotspot), ..Subject::default() };
        self.emit(Event { kind, cause, subject, ..Event::default() })
    }

    pub(super) fn asked(&mut self, question: Question, taken: bool) {
        match question {
            Question::Click { hotspot, click } if !taken => self.follow(hotspot, click),
            Question::Click { .. } => {}
            Question::Cart { request, .. } if taken => self.answered(request, Answer::HandedOver, 0),
            Question::Cart { request, event } => self.effects.push(Effect::CallCart { request, event }),
        }
    }

    /// Carries out a hotspot's action.
    fn follow(&mut self, index: usize, click: Number) {
        let Some(hotspot) = self.config.hotspots.get(index) else { return };
        let pause = hotspot.pause && !self.media.paused;
        match hotspot.action {
            Action::Card => {
                self.open_card(index, click, true);
                if pause && let Some(card) = &mut self.card {
                    card.paused = true;
                    self.effects.push(Effect::Play(false));
                }
            }
            Action::AddToCart => {
                self.open_card(index, click, false);
                self.ask_cart("add_to_cart", "vitrine:add-to-cart");
            }
            Action::Seek { time } => self.effects.push(Effect::Seek(time)),
            Action::Link { .. } => {
                self.tell_hotspot("select_item", index, click);
                self.effects.push(Effect::Open { hotspot: index });
            }
        }
    }

    fn open_card(&mut self, hotspot: usize, click: Number, open: bool) {
        // Another card gives way to this one, and the video stays as it paused it.
        let paused = self.card.as_ref().is_some_and(|card| card.paused);
        self.report_close("replaced");
        self.card = Some(Card {
            hotspot,
            shown: 0,
            variant: None,
            cart: CartState::Idle,
            click,
            view: click,
            open,
            deaf_until: 0.0,
            paused,
        });
        self.choose_first_variant();
        if open {
            if self.config.hotspots.get(hotspot).is_some_and(|h| h.products.len() > 1) {
                self.tell_hotspot("view_item_list", hotspot, click);
            }
            self.view_item(click);
            self.effects.push(Effect::Card { focus: true });
        }
    }

    /// The variant that is chosen to begin with: the first that can be bought.
    fn choose_first_variant(&mut self) {
        let variant = self.shown().map_or(0, |(_, product)| {
            (0..product.variants.len()).find(|index| product.is_available(Some(*index))).unwrap_or(0)
        });
        let any = self.shown().is_some_and(|(_, product)| !product.variants.is_empty());
        if let Some(card) = &mut self.card {
            card.variant = any.then_some(variant);
        }
    }

    /// The product that the card shows, and its index.
    fn shown(&self) -> Option<(usize, &Product)> {
        let card = self.card.as_ref()?;
        let index = *self.config.hotspots.get(card.hotspot)?.products.get(card.shown)?;
        Some((index, self.config.products.get(index)?))
    }

    /// Whether what the card shows can be bought.
    fn sellable(&self) -> bool {
        let variant = self.card.as_ref().and_then(|card| card.variant);
        self.shown().is_some_and(|(_, product)| product.is_available(variant))
    }

    /// What the card is about.
    fn subject(&self) -> Subject {
        Subject {
            hotspot: self.card.as_ref().map(|card| card.hotspot),
            product: self.shown().map(|(index, _)| index),
            variant: self.card.as_ref().and_then(|card| card.variant),
        }
    }

    /// Emits an event about what the card shows, caused by the click that opened it.
    fn tell_shown(&mut self, kind: &'static str, extra: Extra) -> Number {
        let cause = self.card.as_ref().map_or(0, |card| card.click);
        self.emit(Event { kind, cause, subject: self.subject(), extra, ..Event::default() })
    }

    fn view_item(&mut self, cause: Number) {
        let view = self.emit(Event { kind: "view_item", cause, subject: self.subject(), ..Event::default() });
        if let Some(card) = &mut self.card {
            card.view = view;
        }
    }

    /// Another product, with the variant that can be bought; or another variant.
    fn choose(&mut self, product: Option<usize>, variant: usize) {
        match &mut self.card {
            Some(card) if card.pending().is_none() => {
                card.cart = CartState::Idle;
                card.variant = Some(variant);
                card.shown = product.unwrap_or(card.shown);
            }
            _ => return,
        }
        if product.is_some() {
            self.choose_first_variant();
            let selected = self.tell_shown("select_item", Extra::None);
            self.view_item(selected);
        }
        self.effects.push(Effect::Card { focus: false });
    }

    /// Tells the collector, asks the page.
    fn ask_cart(&mut self, kind: &'static str, name: &'static str) {
        let sellable = self.sellable();
        let request = self.requests + 1;
        let now = self.now.monotonic_ms;
        match &mut self.card {
            // A second click, while the shop thinks or just after it answered, buys nothing more.
            Some(card) if sellable && card.pending().is_none() && now >= card.deaf_until => {
                card.cart = CartState::Pending { request };
            }
            _ => return,
        }
        self.requests = request;
        let event = self.tell_shown(kind, Extra::None);
        self.asked.push(Asked { request, event, subject: self.subject() });
        self.effects.push(Effect::Card { focus: false });
        self.effects.push(Effect::Ask { name, event, question: Question::Cart { request, event } });
    }

    /// The shop answered; the card that asked may be closed by now.
    pub(super) fn answered(&mut self, request: u32, answer: Answer, note: u32) {
        let Some(index) = self.asked.iter().position(|asked| asked.request == request) else { return };
        let Asked { event, subject, .. } = self.asked.swap_remove(index);
        let (outcome, state) = match answer {
            Answer::Confirmed { .. } => ("confirmed", CartState::Added),
            Answer::HandedOver => ("handed_over", CartState::Added),
            Answer::Refused => ("failed", CartState::Refused { note }),
            Answer::Missing => ("failed", CartState::Missing),
        };
        if let (CartState::Added, Some(product)) = (state, subject.product) {
            self.added.push((product, event));
        }
        let extra = Extra::Word("outcome", outcome);
        let told = Event { kind: "cart_outcome", cause: event, subject, extra, note, ..Event::default() };
        let cause = self.emit(told);
        let deaf_until = self.now.monotonic_ms + DOUBLE_CLICK_MS;
        if let Some(card) = &mut self.card
            && card.pending() == Some(request)
        {
            card.cart = state;
            card.deaf_until = deaf_until;
            let focus = !card.open;
            card.open = true;
            self.effects.push(Effect::Card { focus });
        }
        if answer == (Answer::Confirmed { checkout: true }) {
            self.emit(Event { kind: "begin_checkout", cause, subject, note, ..Event::default() });
            self.effects.push(Effect::Checkout { note });
        }
    }

    fn report_close(&mut self, reason: &'static str) {
        if let Some(card) = self.card.as_ref().filter(|card| card.open) {
            let (kind, cause, extra) = ("card_close", card.view, Extra::Word("reason", reason));
            self.emit(Event { kind, cause, subject: self.subject(), extra, ..Event::default() });
        }
    }

    pub(super) fn close_card(&mut self, reason: &'static str) {
        self.report_close(reason);
        if let Some(card) = self.card.take() {
            self.effects.push(Effect::Card { focus: false });
            self.effects.push(Effect::FocusHotspot(card.hotspot));
            if card.paused && self.media.paused {
                self.effects.push(Effect::Play(true));
            }
        }
    }

    pub(super) fn purchase(&mut self, note: u32, products: &[usize]) {
        self.settle();
        let bought = self.added.iter().rev().find(|(product, _)| products.contains(product));
        let cause = bought.map_or(0, |(_, event)| *event);
        let event = self.emit(Event { kind: "purchase", cause, note, ..Event::default() });
        self.effects.push(Effect::Tell { name: "vitrine:purchase", event });
    }
}
