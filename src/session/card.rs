//! What a viewer does with a hotspot, its card and the cart.

use super::{Effect, Question, Session};
use crate::cart::{Answer, CartState};
use crate::config::{Action, Product, Variant};
use crate::event::Uuid;
use crate::json::{Json, end_list, push_item};
use crate::ui::{self, CardSpot, CardView, Markup, Prices};

/// A request to the cart that it has not answered yet.
pub(super) struct Asked {
    request: u32,
    /// The event that asked.
    event: Uuid,
    /// What it was about.
    fields: Json,
    product: String,
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
    click: Uuid,
    /// The `view_item` of the product shown.
    view: Uuid,
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

/// A second click within this time of an answer was meant for the same button.
const DOUBLE_CLICK_MS: f64 = 600.0;

/// One of a product, as an event's item.
pub(super) fn item(product: &Product, variant: Option<&Variant>) -> Json {
    let mut item = Json::new();
    item.text("item_id", &product.id);
    item.text("item_name", &product.title);
    item.maybe("item_brand", product.brand.as_ref());
    item.maybe("item_variant", variant.map(|v| &v.id));
    let platform_id = variant.and_then(|v| v.platform_id.as_ref()).or(product.platform_id.as_ref());
    item.maybe("platform_id", platform_id);
    if let Some(money) = ui::price_now(product, variant) {
        item.number("price", money.minor as f64);
    }
    item.number("quantity", 1.0);
    item
}

impl Session {
    /// The card as it shall be drawn; empty while it is closed.
    pub fn card(&self, prices: &dyn Prices) -> Markup {
        let Some(card) = self.card.as_ref().filter(|card| card.open) else { return Markup::default() };
        let Some(hotspot) = self.config.hotspots.get(card.hotspot) else { return Markup::default() };
        let products =
            hotspot.products.iter().filter_map(|index| self.config.products.get(*index)).collect();
        let frame = self.stage.frame;
        let spot = match self.stage.box_of(card.hotspot) {
            Some(hotspot) => ui::card_spot(hotspot, frame.w, frame.h),
            None => CardSpot::Sheet,
        };
        let view =
            CardView { products, shown: card.shown, variant: card.variant, cart: &card.cart, spot };
        ui::card(&view, &self.texts(), prices)
    }

    pub(super) fn act(&mut self, act: &str, arg: usize) {
        self.settle();
        match act {
            "hotspot" => self.click(arg),
            "close" => self.close_card("button"),
            "add" => self.ask_cart("add_to_cart"),
            "buy" => self.ask_cart("buy_now"),
            "view" => self.view_product(),
            "variant" => self.choose(|card| card.variant = Some(arg)),
            "product" => {
                self.choose(|card| (card.shown, card.variant) = (arg, None));
                self.select_product();
            }
            _ => {}
        }
    }

    fn click(&mut self, hotspot: usize) {
        if self.config.hotspots.get(hotspot).is_none() {
            return;
        }
        let cause = self.exposed.get(hotspot).copied().flatten();
        let event = self.emit("hotspot_click", cause, &self.about(hotspot));
        let question = Question::Click { hotspot, click: event.id };
        self.effects.push(Effect::Ask { name: "vitrine:hotspot-click", event: event.json, question });
    }

    pub(super) fn asked(&mut self, question: Question, taken: bool) {
        match question {
            Question::Click { hotspot, click } if !taken => self.follow(hotspot, click),
            Question::Click { .. } => {}
            Question::Cart { request, .. } if taken => self.answered(request, Answer::HandedOver),
            Question::Cart { request, event } => {
                self.effects.push(Effect::CallCart { request, event });
            }
        }
    }

    /// Carries out a hotspot's action.
    fn follow(&mut self, index: usize, click: Uuid) {
        let Some(hotspot) = self.config.hotspots.get(index) else { return };
        let pause = hotspot.pause;
        match hotspot.action.clone() {
            Action::Card => {
                self.open_card(index, click, true);
                if pause {
                    self.pause_for_card();
                }
            }
            Action::AddToCart => {
                self.open_card(index, click, false);
                self.ask_cart("add_to_cart");
            }
            Action::Seek { time } => self.effects.push(Effect::Seek(time)),
            Action::Link { url } => {
                let first = hotspot.products.first().and_then(|i| self.config.products.get(*i));
                if let Some(url) = url.or_else(|| first.and_then(|product| product.link.clone())) {
                    let mut fields = self.about(index);
                    fields.text("href", &url);
                    self.emit("select_item", Some(click), &fields);
                    self.effects.push(Effect::Open(url));
                }
            }
        }
    }

    fn open_card(&mut self, hotspot: usize, click: Uuid, open: bool) {
        // Another card gives way to this one, and the video stays as it paused it.
        let paused = self.card.as_ref().is_some_and(|card| card.paused);
        if self.card.is_some() {
            self.report_close("replaced");
        }
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
                self.emit("view_item_list", Some(click), &self.about(hotspot));
            }
            self.view_item(Some(click));
            self.effects.push(Effect::Card { focus: true });
        }
    }

    fn pause_for_card(&mut self) {
        if !self.media.paused
            && let Some(card) = &mut self.card
        {
            card.paused = true;
            self.effects.push(Effect::Play(false));
        }
    }

    /// The variant that is chosen to begin with: the first that can be bought.
    fn choose_first_variant(&mut self) {
        let variant = self.shown().and_then(|(product, _)| {
            let sellable = product.variants.iter().position(|v| ui::available(product, Some(v)));
            sellable.or((!product.variants.is_empty()).then_some(0))
        });
        if let Some(card) = &mut self.card {
            card.variant = variant;
        }
    }

    /// The product and variant that the card shows.
    fn shown(&self) -> Option<(&Product, Option<&Variant>)> {
        let card = self.card.as_ref()?;
        let hotspot = self.config.hotspots.get(card.hotspot)?;
        let product = self.config.products.get(*hotspot.products.get(card.shown)?)?;
        Some((product, card.variant.and_then(|index| product.variants.get(index))))
    }

    /// The fields of the product that the card shows.
    fn about_shown(&self) -> Json {
        let mut fields = Json::new();
        let hotspot = self.card.as_ref().and_then(|card| self.config.hotspots.get(card.hotspot));
        fields.maybe("hotspot_id", hotspot.map(|h| &h.id));
        if let Some((product, variant)) = self.shown() {
            let mut items = String::new();
            push_item(&mut items, &item(product, variant).object());
            fields.raw("items", &end_list(items));
            if let Some(money) = ui::price_now(product, variant) {
                fields.number("value", money.minor as f64);
                fields.text("currency", money.currency.as_str());
            }
        }
        fields
    }

    /// The click that opened the card.
    fn opening_click(&self) -> Option<Uuid> {
        self.card.as_ref().map(|card| card.click)
    }

    fn view_item(&mut self, cause: Option<Uuid>) {
        let view = self.emit("view_item", cause, &self.about_shown()).id;
        if let Some(card) = &mut self.card {
            card.view = view;
        }
    }

    fn choose(&mut self, change: impl FnOnce(&mut Card)) {
        if let Some(card) = &mut self.card
            && card.pending().is_none()
        {
            change(card);
            card.cart = CartState::Idle;
            self.effects.push(Effect::Card { focus: false });
        }
    }

    fn select_product(&mut self) {
        self.choose_first_variant();
        let selected = self.emit("select_item", self.opening_click(), &self.about_shown()).id;
        self.view_item(Some(selected));
    }

    fn view_product(&mut self) {
        let mut fields = self.about_shown();
        fields.maybe("href", self.shown().and_then(|(product, _)| product.link.as_ref()));
        self.emit("select_item", self.opening_click(), &fields);
    }

    /// `add_to_cart` or `buy_now`: tells the collector, asks the page.
    fn ask_cart(&mut self, kind: &'static str) {
        let sellable = self.shown().is_some_and(|(product, variant)| ui::available(product, variant));
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
        let fields = self.about_shown();
        let product = self.shown().map(|(product, _)| product.id.clone()).unwrap_or_default();
        let event = self.emit(kind, self.opening_click(), &fields);
        self.asked.push(Asked { request, event: event.id, fields, product });
        self.effects.push(Effect::Card { focus: false });
        let name = if kind == "buy_now" { "vitrine:buy-now" } else { "vitrine:add-to-cart" };
        let question = Question::Cart { request, event: event.json.clone() };
        self.effects.push(Effect::Ask { name, event: event.json, question });
    }

    /// The shop answered; the card that asked may be closed by now.
    pub(super) fn answered(&mut self, request: u32, answer: Answer) {
        let Some(index) = self.asked.iter().position(|asked| asked.request == request) else { return };
        let asked = self.asked.swap_remove(index);
        let mut checkout = None;
        let (outcome, state) = match answer {
            Answer::Confirmed { checkout_url } => {
                checkout = checkout_url;
                ("confirmed", CartState::Added)
            }
            Answer::HandedOver => ("handed_over", CartState::Added),
            Answer::Failed { reason } => ("failed", self.cart_failure(reason, "cart_failed")),
            Answer::Missing => ("failed", self.cart_failure(None, "cart_missing")),
        };
        let mut fields = asked.fields.clone();
        fields.text("outcome", outcome);
        if let CartState::Failed { reason } = &state {
            fields.text("reason", reason);
        } else {
            self.added.push((asked.product, asked.event));
        }
        let cause = self.emit("cart_outcome", Some(asked.event), &fields).id;
        self.show_answer(request, state);
        if let Some(url) = checkout {
            let mut fields = asked.fields;
            fields.text("href", &url);
            self.emit("begin_checkout", Some(cause), &fields);
            self.effects.push(Effect::Go(url));
        }
    }

    fn cart_failure(&self, reason: Option<String>, otherwise: &str) -> CartState {
        CartState::Failed { reason: reason.unwrap_or_else(|| self.texts().get(otherwise).into()) }
    }

    fn show_answer(&mut self, request: u32, state: CartState) {
        let deaf_until = self.now.monotonic_ms + DOUBLE_CLICK_MS;
        if let Some(card) = &mut self.card
            && card.pending() == Some(request)
        {
            card.cart = state;
            card.deaf_until = deaf_until;
            let opens = !card.open;
            card.open = true;
            self.effects.push(Effect::Card { focus: opens });
        }
    }

    fn report_close(&mut self, reason: &str) {
        let Some(view) = self.card.as_ref().filter(|card| card.open).map(|card| card.view) else {
            return;
        };
        let mut fields = self.about_shown();
        fields.text("reason", reason);
        self.emit("card_close", Some(view), &fields);
    }

    pub(super) fn close_card(&mut self, reason: &str) {
        self.report_close(reason);
        if let Some(card) = self.card.take() {
            self.effects.push(Effect::Card { focus: false });
            self.effects.push(Effect::FocusHotspot(card.hotspot));
            if card.paused && self.media.paused {
                self.effects.push(Effect::Play(true));
            }
        }
    }

    pub(super) fn purchase(&mut self, order: &Json, products: &[String]) {
        self.settle();
        let bought = self.added.iter().rev().find(|(id, _)| products.contains(id));
        let event = self.emit("purchase", bought.map(|(_, event)| *event), order);
        self.effects.push(Effect::Tell { name: "vitrine:purchase", event: event.json });
    }
}
