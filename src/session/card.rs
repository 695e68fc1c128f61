//! What a viewer does with a hotspot, its card and the cart.

use super::effect::{Ask, Do, push};
use super::{Act, Session};
use crate::cart::{Answer, CartState};
use crate::config::{Action, Product};
use crate::event::{Kind, NO_VALUE, NOTHING, Number, Subject};

/// A second click within this time of an answer was meant for the same button.
const DOUBLE_CLICK_MS: f64 = 600.0;

/// The one word of [`Kind::SelectItem`]: the product's own page was opened.
const PRODUCT_PAGE: f64 = 0.0;

/// A request to the cart that it has not answered yet.
pub(super) struct Asked {
    request: u32,
    /// The event that asked, and what it was about.
    event: Number,
    subject: Subject,
    /// By *buy now*, which has no button that says *added*.
    buy: bool,
}

/// Why a card was closed, by its place among the words of [`Kind::CardClose`].
#[derive(Clone, Copy)]
pub(super) enum Reason {
    Button,
    Escape,
    Replaced,
}

/// The open card.
#[derive(Debug)]
pub(super) struct Card {
    pub hotspot: usize,
    /// Which of the hotspot's products.
    pub shown: usize,
    pub variant: Option<usize>,
    pub cart: CartState,
    /// The click that opened it: the cause of what is added from it.
    click: Number,
    /// The `view_item` of the product shown.
    view: Number,
    /// It is shown; an *add to cart* hotspot has it once there is an outcome, or at once where it is sold out.
    pub open: bool,
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
    /// A control of the overlay was used.
    pub fn act(&mut self, act: Act) {
        self.settle();
        match act {
            Act::Hotspot(hotspot) => {
                self.click(hotspot, self.exposures.event(hotspot));
            }
            Act::Close => self.close_card(Reason::Button),
            Act::Add => self.ask_cart(Kind::AddToCart, Ask::Add),
            Act::Buy => self.ask_cart(Kind::BuyNow, Ask::Buy),
            Act::View => {
                self.tell_shown(Kind::SelectItem, PRODUCT_PAGE);
            }
            Act::Variant(variant) => self.choose(None, variant),
            Act::Product(product) => self.choose(Some(product), 0),
        }
    }

    pub(super) fn click(&mut self, hotspot: usize, cause: Number) -> Number {
        let click = self.tell_hotspot(Kind::HotspotClick, hotspot, cause);
        self.ask(Ask::Click, hotspot as f64, click);
        click
    }

    /// Emits an event about a hotspot and all of its products.
    pub(super) fn tell_hotspot(&mut self, kind: Kind, hotspot: usize, cause: Number) -> Number {
        let subject = Subject::hotspot(hotspot as i32);
        self.emit(kind, cause, subject, NO_VALUE, 0)
    }

    fn ask(&mut self, ask: Ask, about: f64, event: Number) {
        push(
            &mut self.effects,
            Do::Ask,
            &[f64::from(ask as u8), about, f64::from(event)],
        );
    }

    /// The page left a request to the cart to the overlay: its callback is called.
    pub fn call_cart(&mut self, request: u32, event: Number) {
        push(
            &mut self.effects,
            Do::Call,
            &[f64::from(request), f64::from(event)],
        );
    }

    /// The page left a click on a hotspot to the overlay: the hotspot's action is carried out. Behind
    /// an entry of the list that is always the card.
    pub fn follow(&mut self, index: usize, click: Number) {
        let Some(hotspot) = self.config.hotspots.get(index) else {
            return;
        };
        let pause = hotspot.pause && !self.media.paused;
        let (action, shown) = match self.picked {
            (by, shown) if by == click => (&Action::Card, shown),
            _ => (&hotspot.action, 0),
        };
        match *action {
            // A second click just after the answer buys nothing more, and leaves the card.
            Action::AddToCart if self.is_deaf(index) => {}
            Action::AddToCart => {
                self.open_card(index, 0, click, false);
                self.ask_cart(Kind::AddToCart, Ask::Add);
            }
            Action::Seek { time } => push(&mut self.effects, Do::Seek, &[time]),
            Action::Link { .. } => {
                self.tell_hotspot(Kind::SelectItem, index, click);
                push(&mut self.effects, Do::Open, &[index as f64, 0.0]);
            }
            Action::Card => {
                self.open_card(index, shown, click, true);
                if pause && let Some(card) = &mut self.card {
                    card.paused = true;
                    push(&mut self.effects, Do::Play, &[0.0]);
                }
            }
        }
    }

    /// Whether the cart has just answered to the hotspot.
    fn is_deaf(&self, hotspot: usize) -> bool {
        self.deaf.0 == hotspot as i32 && self.now < self.deaf.1
    }

    fn open_card(&mut self, hotspot: usize, shown: usize, click: Number, open: bool) {
        // Another card gives way to this one, and the video stays as it paused it.
        let paused = self.card.as_ref().is_some_and(|card| card.paused);
        self.report_close(Reason::Replaced);
        let mut cart = CartState::Idle;
        // It was closed, or clicked again, while the shop thinks.
        for asked in &self.asked {
            if asked.request != 0 && asked.subject.hotspot == hotspot as i32 {
                let request = asked.request;
                cart = CartState::Pending { request };
            }
        }
        self.card = Some(Card {
            hotspot,
            shown,
            variant: None,
            cart,
            click,
            view: click,
            open: false,
            paused,
        });
        self.choose_first_variant();
        // What cannot be added at once is shown, with the words that say why.
        if open || !self.sellable() {
            if self
                .config
                .hotspots
                .get(hotspot)
                .is_some_and(|h| h.products.len() > 1)
            {
                self.tell_hotspot(Kind::ViewItemList, hotspot, click);
            }
            self.view_item(click);
            self.draw_card(true);
        }
    }

    /// The variant that is chosen to begin with: the first that can be bought.
    fn choose_first_variant(&mut self) {
        let mut chosen = None;
        if let Some((_, product)) = self.shown() {
            for index in (0..product.variants.len()).rev() {
                if index == 0 && chosen.is_none() || product.is_available(Some(index)) {
                    chosen = Some(index);
                }
            }
        }
        if let Some(card) = &mut self.card {
            card.variant = chosen;
        }
    }

    /// The product that the card shows, and its index.
    fn shown(&self) -> Option<(usize, &Product)> {
        let card = self.card.as_ref()?;
        let index = *self
            .config
            .hotspots
            .get(card.hotspot)?
            .products
            .get(card.shown)?;
        Some((index, self.config.products.get(index)?))
    }

    /// Whether what the card shows can be bought.
    pub(super) fn sellable(&self) -> bool {
        let variant = self.card.as_ref().and_then(|card| card.variant);
        self.shown()
            .is_some_and(|(_, product)| product.is_available(variant))
    }

    /// What the card is about.
    fn subject(&self) -> Subject {
        let Some(card) = &self.card else {
            return Subject::VIDEO;
        };
        Subject {
            hotspot: card.hotspot as i32,
            product: self.shown().map_or(NOTHING, |(index, _)| index as i32),
            variant: card.variant.map_or(NOTHING, |index| index as i32),
        }
    }

    /// Emits an event about what the card shows, caused by the click that opened it.
    fn tell_shown(&mut self, kind: Kind, value: f64) -> Number {
        let cause = self.card.as_ref().map_or(0, |card| card.click);
        self.emit(kind, cause, self.subject(), value, 0)
    }

    fn view_item(&mut self, cause: Number) {
        let view = self.emit(Kind::ViewItem, cause, self.subject(), NO_VALUE, 0);
        if let Some(card) = &mut self.card {
            card.view = view;
            card.open = true;
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
            let selected = self.tell_shown(Kind::SelectItem, NO_VALUE);
            self.view_item(selected);
        }
        self.draw_card(false);
    }

    /// Tells the collector, asks the page.
    fn ask_cart(&mut self, kind: Kind, ask: Ask) {
        let deaf = self
            .card
            .as_ref()
            .is_none_or(|card| self.is_deaf(card.hotspot));
        let hears = !deaf && self.sellable();
        let request = self.requests + 1;
        match &mut self.card {
            // A second click, while the shop thinks or just after it answered, buys nothing more.
            Some(card) if hears && card.pending().is_none() => {
                card.cart = CartState::Pending { request };
            }
            _ => return,
        }
        self.requests = request;
        let event = self.tell_shown(kind, NO_VALUE);
        self.asked.push(Asked {
            request,
            event,
            subject: self.subject(),
            buy: kind == Kind::BuyNow,
        });
        self.draw_card(false);
        self.ask(ask, f64::from(request), event);
    }

    /// A request to the cart that was not answered yet.
    pub(super) fn open_request(&self) -> Option<u32> {
        let requests = self.asked.iter().map(|asked| asked.request);
        requests.into_iter().find(|request| *request != 0)
    }

    /// The shop has not answered for a while: the card shows it, and how to stop it.
    pub fn slow(&mut self, request: u32) {
        if let Some(card) = &mut self.card
            && card.pending() == Some(request)
        {
            let focus = !card.open;
            card.open = true;
            self.draw_card(focus);
        }
    }

    /// The shop answered; the card that asked may be closed by now.
    pub fn answered(&mut self, request: u32, answer: Answer, note: u32) {
        let mut found = None;
        for asked in &mut self.asked {
            if asked.request == request {
                // Each request has one answer.
                asked.request = 0;
                found = Some((asked.event, asked.subject, asked.buy));
            }
        }
        let Some((event, subject, buy)) = found else {
            return;
        };
        // The outcome is the place of its word in `KINDS`.
        let (outcome, state) = match answer {
            Answer::Confirmed { .. } => (0.0, CartState::Added),
            Answer::HandedOver => (1.0, CartState::Added),
            Answer::Partial => (3.0, CartState::Refused { note }),
            Answer::Refused => (2.0, CartState::Refused { note }),
            Answer::Missing => (2.0, CartState::Missing),
        };
        if state == CartState::Added || answer == Answer::Partial {
            self.added.push((subject.product, event));
        }
        let cause = self.emit(Kind::CartOutcome, event, subject, outcome, note);
        self.deaf = (subject.hotspot, self.now + DOUBLE_CLICK_MS);
        if let Some(card) = &mut self.card
            && card.pending() == Some(request)
        {
            card.cart = if buy && state == CartState::Added {
                CartState::Idle
            } else {
                state
            };
            let focus = !card.open;
            card.open = true;
            self.draw_card(focus);
        }
        if answer == (Answer::Confirmed { checkout: true }) {
            self.emit(Kind::BeginCheckout, cause, subject, NO_VALUE, note);
            push(
                &mut self.effects,
                Do::Open,
                &[f64::from(NOTHING), f64::from(note)],
            );
        }
    }

    fn report_close(&mut self, reason: Reason) {
        if let Some(card) = self.card.as_ref().filter(|card| card.open) {
            let (cause, reason) = (card.view, f64::from(reason as u8));
            self.emit(Kind::CardClose, cause, self.subject(), reason, 0);
        }
    }

    pub(super) fn close_card(&mut self, reason: Reason) {
        self.report_close(reason);
        if let Some(card) = self.card.take() {
            self.draw_card(false);
            push(&mut self.effects, Do::Focus, &[card.hotspot as f64]);
            if card.paused && self.media.paused {
                push(&mut self.effects, Do::Play, &[1.0]);
            }
        }
    }

    /// An order was placed: the note has it, and these products are in it as far as the hotspot file
    /// has them. What was added last of them led to it.
    pub fn purchase(&mut self, note: u32, products: &[i32]) {
        self.settle();
        let mut cause = 0;
        for (added, event) in &self.added {
            for product in products {
                if product == added {
                    cause = *event;
                }
            }
        }
        let event = self.emit(Kind::Purchase, cause, Subject::VIDEO, NO_VALUE, note);
        self.ask(Ask::Purchase, 0.0, event);
    }
}
