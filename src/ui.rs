//! What the overlay shows, as markup that the host builds and patches.

use crate::cart::{CartState, Money};
use crate::config::{Availability, Config, Hotspot, Product, Variant};
use crate::geometry::Shape;
use crate::text::{Texts, push_fixed, push_int};

/// A list of elements as one text, of which [`Markup::raw`] writes constant parts and the other
/// methods everything that is not ours. Four control characters give it its structure: `\x01`
/// opens an element and is followed by its tag, `\x02` by an attribute's `name=value`, `\x03` by
/// text, `\x04` closes. A tree of typed elements weighs four times as much. The host sets text as
/// text and never as markup, and the attribute `style` through the CSSOM, which strict pages allow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markup(String);

impl Markup {
    /// What the host takes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn raw(&mut self, constant: &'static str) {
        self.0.push_str(constant);
    }

    /// Someone's words. They must not be able to open an element.
    fn words(&mut self, words: &str) {
        self.0.extend(words.chars().filter(|c| !matches!(c, '\x01'..='\x04')));
    }

    /// An element that `open` begins and that these words end.
    fn leaf(&mut self, open: &'static str, words: &str) {
        self.raw(open);
        self.words(words);
        self.raw("\x04");
    }

    /// The same, if there are words.
    fn maybe(&mut self, open: &'static str, words: Option<&String>) {
        if let Some(words) = words {
            self.leaf(open, words);
        }
    }

    fn number(&mut self, number: usize) {
        push_int(&mut self.0, number as i64);
    }

    fn fixed(&mut self, before: &'static str, value: f64, after: &'static str) {
        self.raw(before);
        push_fixed(&mut self.0, value, 1);
        self.raw(after);
    }
}

/// Writes prices as the viewer's locale does.
pub trait Prices {
    /// `9900` EUR as `99,00 €`.
    fn price(&self, money: Money) -> String;
}

/// Where the card is drawn, in pixels of the overlay's box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CardSpot {
    /// A sheet at the bottom of the screen: the picture is too small for a card.
    Sheet,
    /// With its left edge at `left`; `rise` per mille of its height lie above `top`, which is
    /// also where its pointer is. So it stays inside the picture whatever its height is.
    Beside {
        /// Pixels.
        left: f64,
        /// Pixels.
        top: f64,
        /// 0 at the top of the box, 1000 at its bottom.
        rise: f64,
        /// `l` or `r`: the side of the card that its pointer is on; `n` for none.
        side: &'static str,
    },
}

/// The card's width and its distance from its hotspot, in pixels.
const CARD_WIDTH: f64 = 320.0;
const CARD_GAP: f64 = 12.0;

/// Picks the card's place beside its hotspot (`left, top, width, height`) in a box of this size.
pub fn card_spot(hotspot: [f32; 4], width: f64, height: f64) -> CardSpot {
    if width < 480.0 || height < 300.0 {
        return CardSpot::Sheet;
    }
    let [x, y, w, h] = hotspot.map(f64::from);
    let top = (y + h / 2.0).max(0.0).min(height);
    let rise = if height > 0.0 { top / height * 1_000.0 } else { 0.0 };
    let right = x + w + CARD_GAP;
    let left = x - CARD_GAP - CARD_WIDTH;
    let (left, side) = if right + CARD_WIDTH + CARD_GAP <= width {
        (right, "l")
    } else if left >= CARD_GAP {
        (left, "r")
    } else {
        ((x + w / 2.0 - CARD_WIDTH / 2.0).min(width - CARD_WIDTH - CARD_GAP).max(CARD_GAP), "n")
    };
    CardSpot::Beside { left, top, rise, side }
}

/// The button of a hotspot. Its box is set apart, frame by frame.
pub fn hotspot(config: &Config, index: usize, hotspot: &Hotspot, prices: &dyn Prices) -> Markup {
    let mut m = Markup::default();
    let product = hotspot.products.first().and_then(|index| config.products.get(*index));
    let title = hotspot.label.as_ref().or(product.map(|p| &p.title)).unwrap_or(&hotspot.id);
    let price = product.and_then(|p| price_now(p, None)).map(|money| prices.price(money));
    m.raw("\x01button\x02class=hotspot\x02type=button\x02part=hotspot\x02data-act=hotspot\x02data-arg=");
    m.number(index);
    m.raw("\x02data-hotspot=");
    m.words(&hotspot.id);
    m.raw("\x02aria-label=");
    m.words(title);
    if let Some(price) = &price {
        m.raw(", ");
        m.words(price);
    }
    outline(&mut m, &hotspot.shape);
    m.raw("\x01span\x02class=dot\x04\x01span\x02class=chip\x03");
    m.words(title);
    m.maybe("\x01b\x03", price.as_ref());
    m.raw("\x04\x04");
    m
}

fn outline(m: &mut Markup, shape: &Shape) {
    match shape {
        Shape::Point => {}
        Shape::Rect => m.raw("\x01span\x02class=outline\x04"),
        Shape::Ellipse => m.raw("\x01span\x02class=outline round\x04"),
        Shape::Polygon(points) => {
            m.raw("\x01svg\x02class=outline polygon\x02viewBox=0 0 100 100\x02preserveAspectRatio=none");
            // Twice: a dark line beneath a light one, so that it shows on any picture.
            for _ in 0..2 {
                m.raw("\x01polygon\x02points=");
                for (x, y) in points {
                    m.fixed("", *x, ",");
                    m.fixed("", *y, " ");
                }
                m.raw("\x04");
            }
            m.raw("\x04");
        }
    }
}

/// What the card shows.
pub struct CardView<'a> {
    /// The products of the hotspot, in its order.
    pub products: Vec<&'a Product>,
    /// Which of them is shown.
    pub shown: usize,
    /// The chosen variant.
    pub variant: Option<usize>,
    /// How far *add to cart* has come.
    pub cart: &'a CartState,
    /// Where it is drawn.
    pub spot: CardSpot,
}

/// The price that would be paid now.
pub fn price_now(product: &Product, variant: Option<&Variant>) -> Option<Money> {
    prices_of(product, variant).0
}

/// The price now, and the regular one where it differs. A variant's price goes before the product's.
fn prices_of(product: &Product, variant: Option<&Variant>) -> (Option<Money>, Option<Money>) {
    let (price, sale) = match variant {
        Some(variant) if variant.price.is_some() || variant.sale_price.is_some() => {
            (variant.price.or(product.price), variant.sale_price)
        }
        _ => (product.price, product.sale_price),
    };
    if sale.is_some() { (sale, price) } else { (price, None) }
}

/// Whether it can be bought.
pub fn available(product: &Product, variant: Option<&Variant>) -> bool {
    variant.and_then(|v| v.availability).unwrap_or(product.availability) != Availability::OutOfStock
}

/// The product card; empty where there is no product to show.
pub fn card(view: &CardView<'_>, texts: &Texts<'_>, prices: &dyn Prices) -> Markup {
    let mut m = Markup::default();
    let Some(product) = view.products.get(view.shown).copied() else { return m };
    let variant = view.variant.and_then(|index| product.variants.get(index));
    m.raw("\x01div\x02part=card\x02role=dialog\x02aria-labelledby=title\x02tabindex=-1\x02class=card ");
    match view.spot {
        CardSpot::Sheet => m.raw("sheet\x02style="),
        CardSpot::Beside { left, top, rise, side } => {
            m.raw(side);
            m.fixed("\x02style=left:", left, "px");
            m.fixed(";top:", top, "px");
            m.fixed(";--rise:", rise / 10.0, "%");
        }
    }
    m.raw("\x01button\x02type=button\x02class=close\x02part=close\x02data-act=close\x02aria-label=");
    m.words(texts.get("close"));
    m.raw("\x01svg\x02class=icon\x02viewBox=0 0 24 24\x02aria-hidden=true\x01path\x02d=M18 6 6 18M6 6l12 12\x04\x04\x04");
    if view.products.len() > 1 {
        let mut names = view.products.iter().map(|p| (p.title.clone(), true));
        chips(&mut m, "product", texts.get("products"), &mut names, Some(view.shown));
    }
    head(&mut m, product, variant, texts, prices);
    m.maybe("\x01p\x02class=description\x03", product.description.as_ref());
    if !product.variants.is_empty() {
        let mut names = product.variants.iter().map(|v| (variant_name(v), available(product, Some(v))));
        chips(&mut m, "variant", texts.get("variants"), &mut names, view.variant);
    }
    buttons(&mut m, product, variant, view.cart, texts);
    m.raw("\x04");
    m
}

fn head(m: &mut Markup, product: &Product, variant: Option<&Variant>, texts: &Texts<'_>, prices: &dyn Prices) {
    m.raw("\x01div\x02class=head");
    let image = variant.and_then(|v| v.image_link.as_ref()).or(product.image_link.as_ref());
    m.maybe("\x01img\x02alt=\x02width=96\x02height=96\x02src=", image);
    m.raw("\x01div\x02class=words");
    m.maybe("\x01p\x02class=brand\x03", product.brand.as_ref());
    m.leaf("\x01h2\x02class=title\x02id=title\x03", &product.title);
    let (now, before) = prices_of(product, variant);
    if let Some(now) = now {
        m.raw("\x01p\x02class=price");
        let before = before.map(|before| prices.price(before));
        // What a screen reader says before each price; there is nothing to say of a single one.
        if before.is_some() {
            m.leaf(ALOUD, texts.get("price_now"));
        }
        m.leaf("\x01b\x03", &prices.price(now));
        if before.is_some() {
            m.leaf(ALOUD, texts.get("price_before"));
        }
        m.maybe("\x01s\x03", before.as_ref());
        m.raw("\x04");
    }
    m.raw("\x04\x04");
}

/// Words that only a screen reader says.
const ALOUD: &str = "\x01span\x02class=sr\x03";

fn variant_name(variant: &Variant) -> String {
    let mut name = String::new();
    for (_, value) in &variant.options {
        if !name.is_empty() {
            name.push_str(" / ");
        }
        name.push_str(value);
    }
    if name.is_empty() { variant.id.clone() } else { name }
}

fn chips(
    m: &mut Markup,
    act: &'static str,
    label: &str,
    names: &mut dyn Iterator<Item = (String, bool)>,
    chosen: Option<usize>,
) {
    m.raw("\x01div\x02class=chips\x02role=group\x02aria-label=");
    m.words(label);
    for (index, (name, available)) in names.enumerate() {
        m.raw("\x01button\x02class=choice\x02type=button\x02data-act=");
        m.raw(act);
        m.raw("\x02data-arg=");
        m.number(index);
        m.raw("\x02aria-pressed=");
        m.raw(if chosen == Some(index) { "true" } else { "false" });
        if !available {
            m.raw("\x02disabled=");
        }
        m.leaf("\x03", &name);
    }
    m.raw("\x04");
}

/// The buttons, and the line that says in place, and aloud, how *add to cart* went.
fn buttons(m: &mut Markup, product: &Product, variant: Option<&Variant>, cart: &CartState, texts: &Texts<'_>) {
    let sellable = available(product, variant);
    let added = sellable && *cart == CartState::Added;
    let key = match cart {
        _ if !sellable => "sold_out",
        CartState::Pending { .. } => "adding",
        CartState::Added => "added",
        _ => "add_to_cart",
    };
    // `aria-disabled` and not `disabled`: a disabled button would lose the focus it has.
    let busy = !sellable || matches!(cart, CartState::Pending { .. });
    let disabled = if busy { "\x02aria-disabled=true" } else { "" };
    m.raw("\x01div\x02class=buttons\x01button\x02class=primary\x02type=button\x02part=add-to-cart\x02data-act=add");
    m.raw(disabled);
    if added {
        m.raw("\x01svg\x02class=icon\x02viewBox=0 0 24 24\x02aria-hidden=true\x01path\x02d=M20 6 9 17l-5-5\x04\x04");
    }
    m.leaf("\x03", texts.get(key));
    m.raw("\x01button\x02class=secondary\x02type=button\x02part=buy-now\x02data-act=buy");
    m.raw(disabled);
    m.leaf("\x03", texts.get("buy_now"));
    if let Some(link) = &product.link {
        m.raw("\x01a\x02class=link\x02part=view-product\x02target=_blank\x02rel=noopener\x02data-act=view\x02href=");
        m.words(link);
        m.leaf("\x03", texts.get("view_product"));
    }
    m.raw("\x04\x01p\x02class=status\x02role=status");
    if let CartState::Failed { reason } = cart {
        m.raw("\x03");
        m.words(reason);
    } else if added {
        m.leaf(ALOUD, texts.get("added_aloud"));
    }
    m.raw("\x04");
}
