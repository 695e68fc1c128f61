//! The hotspot file as a whole, its video, its products and the settings beside them.

use super::check;
use super::hotspot;
use super::ids::{Ids, sort};
use super::model::*;
use super::node::{Node, quoted};
use super::problem::{Problem, Severity};
use super::read::{List, Reader, present};
use super::text::{LINE, Text};
use crate::cart::Money;

/// What came of a hotspot file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// Everything that is right; `None` if the file is no object, its `version` is missing or is
    /// not 1, or the video's id is missing.
    pub config: Option<Config>,
    /// Everything that is wrong, in the order of the file.
    pub problems: Vec<Problem>,
}

const FILE: &[&str] = &[
    "version",
    "video",
    "products",
    "hotspots",
    "cart",
    "collector",
    "experiment",
    "campaign",
    "locale",
    "strings",
    "theme",
];
const VIDEO: &[&str] = &["id", "title", "duration", "segments"];
/// Names of which this build does the first, and takes the others for it with a warning.
const PLATFORMS: &[&str] = &[
    "page",
    "shopify",
    "woocommerce",
    "bigcommerce",
    "magento",
    "http",
];
const FORMATS: &[&str] = &[
    "json",
    "cloudevents",
    "ndjson",
    "segment",
    "rudderstack",
    "snowplow",
    "posthog",
    "ga4",
];
/// Names in a map of texts.
const MOST_ENTRIES: usize = 1_000;
const AVAILABILITY: &[&str] = &["in_stock", "out_of_stock", "preorder", "backorder"];

const SEGMENTS: List = List {
    key: "segments",
    needed: false,
    least: 0,
    most: 1_000,
    allowed: "a list of at most 1,000 segments",
    fields: &["id", "title", "start", "end", "host"],
};
const PRODUCTS: List = List {
    key: "products",
    needed: false,
    least: 0,
    most: 10_000,
    allowed: "a list of at most 10,000 products",
    fields: &[
        "id",
        "title",
        "description",
        "link",
        "image_link",
        "price",
        "sale_price",
        "availability",
        "brand",
        "item_group_id",
        "platform_id",
        "variants",
    ],
};
const VARIANTS: List = List {
    key: "variants",
    needed: false,
    least: 0,
    most: 1_000,
    allowed: "a list of at most 1,000 variants",
    fields: &[
        "id",
        "options",
        "price",
        "sale_price",
        "image_link",
        "availability",
        "platform_id",
    ],
};

/// Decodes a hotspot file. What is wrong is left out and said; what is right is kept.
pub fn decode<N: Node>(root: &N) -> Decoded {
    let mut reader = Reader::new();
    let config = file(&mut reader, root);
    Decoded {
        config,
        problems: reader.problems,
    }
}

fn file<N: Node>(r: &mut Reader, root: &N) -> Option<Config> {
    let version = root.get("version").and_then(|version| version.number());
    if version.is_some_and(|version| version > 1.0) {
        // Of such a file nothing else can be said.
        r.refuse(
            root,
            "version",
            "a newer Vitrine: the file was made for one, and this one reads version 1",
        );
        return None;
    }
    if !r.object(root, FILE) {
        return None;
    }
    if version != Some(1.0) {
        r.refuse(root, "version", "1, the version of this format");
    }
    let video = video(r, root);
    let whole = version == Some(1.0) && !video.id.is_empty();
    let (products, ids) = products(r, root);
    let hotspots = hotspot::hotspots(r, root, &products, &ids);
    let config = Config {
        video,
        products,
        hotspots,
        cart: cart(r, root),
        collector: collector(r, root),
        experiment: experiment(r, root),
        campaign: map(r, root, "campaign", false),
        locale: r.text(root, "locale", false, Text::Locale),
        strings: map(r, root, "strings", false),
        theme: map(r, root, "theme", true),
    };
    Some(config).filter(|_| whole)
}

/// The video; without an id if it has none.
fn video<N: Node>(r: &mut Reader, root: &N) -> Video {
    let Some((node, mark)) = r.open(root, "video", true, VIDEO) else {
        return Video::default();
    };
    let id = r.needed(&node, "id");
    let title = r.line(&node, "title");
    let duration = r.time(&node, "duration", false);
    let mut segments = Vec::new();
    let mut ids = Ids::default();
    r.each(&node, &SEGMENTS, true, &mut |r, node| {
        let id = ids.read(r, node);
        let title = r.line(node, "title");
        let (start, end) = r.span(node);
        let host = r.line(node, "host");
        if !r.bad {
            segments.push(Segment {
                id,
                title,
                start,
                end,
                host,
            });
        }
    });
    r.leave(mark);
    sort(&mut segments, |segment: &Segment| segment.start);
    Video {
        id,
        title,
        duration,
        segments,
    }
}

fn products<N: Node>(r: &mut Reader, root: &N) -> (Vec<Product>, Ids) {
    let mut products = Vec::new();
    let mut ids = Ids::default();
    r.each(root, &PRODUCTS, true, &mut |r, node| {
        let product = product(r, node, &mut ids);
        if !r.bad {
            ids.keep(products.len());
            products.push(product);
        }
    });
    (products, ids)
}

fn product<N: Node>(r: &mut Reader, node: &N, ids: &mut Ids) -> Product {
    let id = ids.read(r, node);
    let title = r.needed(node, "title");
    let description = r.text(node, "description", false, Text::Prose);
    let link = r.link(node, "link", false);
    let image_link = r.link(node, "image_link", false);
    let (price, sale_price) = prices(r, node, None);
    let mut product = Product {
        id,
        title,
        description,
        link,
        image_link,
        price,
        sale_price,
        availability: availability(r, node).unwrap_or_default(),
        brand: r.line(node, "brand"),
        item_group_id: r.line(node, "item_group_id"),
        platform_id: r.line(node, "platform_id"),
        variants: Vec::new(),
    };
    let mut ids = Ids::default();
    let (mut variants, mut listed) = (Vec::new(), false);
    r.each(node, &VARIANTS, true, &mut |r, node| {
        listed = true;
        let variant = variant(r, node, &mut ids, price);
        if !r.bad {
            variants.push(variant);
        }
    });
    // With its last variant the product would lose what there is to buy of it.
    r.bad |= listed && variants.is_empty();
    product.variants = variants;
    product
}

fn variant<N: Node>(r: &mut Reader, node: &N, ids: &mut Ids, regular: Option<Money>) -> Variant {
    let id = ids.read(r, node);
    let options = map(r, node, "options", false);
    let (price, sale_price) = prices(r, node, regular);
    Variant {
        id,
        options,
        price,
        sale_price,
        image_link: r.link(node, "image_link", false),
        availability: availability(r, node),
        platform_id: r.line(node, "platform_id"),
    }
}

/// `price` and `sale_price`, which may not be more than `price` or, without one, than `regular`.
fn prices<N: Node>(
    r: &mut Reader,
    node: &N,
    regular: Option<Money>,
) -> (Option<Money>, Option<Money>) {
    let before = core::mem::take(&mut r.bad);
    let (price, sale) = (r.price(node, "price"), r.price(node, "sale_price"));
    if let (false, Some(sale)) = (r.bad, sale) {
        let fits = |price: Money| sale.currency == price.currency && sale.minor <= price.minor;
        if !price.or(regular).is_some_and(fits) {
            r.refuse(
                node,
                "sale_price",
                "at most the price, in its currency, and with a price beside it",
            );
        }
    }
    r.bad |= before;
    (price, sale)
}

fn availability<N: Node>(r: &mut Reader, node: &N) -> Option<Availability> {
    r.pick(node, "availability", false, AVAILABILITY)
        .map(|index| match index {
            1 => Availability::OutOfStock,
            2 => Availability::Preorder,
            3 => Availability::Backorder,
            _ => Availability::InStock,
        })
}

fn cart<N: Node>(r: &mut Reader, root: &N) -> CartPlatform {
    if let Some((node, mark)) = r.open(root, "cart", false, &["platform"]) {
        only_first(
            r,
            &node,
            "platform",
            PLATFORMS,
            "page: this build sells through the page's own cart, here too",
        );
        r.leave(mark);
    }
    CartPlatform::Page
}

fn collector<N: Node>(r: &mut Reader, root: &N) -> Option<Collector> {
    let (node, mark) = r.open(root, "collector", false, &["url", "format"])?;
    let url = r.link(&node, "url", true);
    only_first(
        r,
        &node,
        "format",
        FORMATS,
        "json: this build sends nothing else, here neither",
    );
    r.leave(mark);
    Some(Collector { url: url? })
}

/// Reads a name of which this build knows the meaning of the first only.
fn only_first<N: Node>(r: &mut Reader, node: &N, key: &str, names: &[&str], instead: &str) {
    if let Some(index @ 1..) = r.pick(node, key, false, names) {
        let found = names
            .get(index)
            .map_or_else(String::new, |name| quoted(name));
        r.note(Severity::Warning, key, found, instead, None);
    }
}

fn experiment<N: Node>(r: &mut Reader, root: &N) -> Option<Experiment> {
    let (node, mark) = r.open(root, "experiment", false, &["id", "variant"])?;
    let (id, variant) = (r.needed(&node, "id"), r.needed(&node, "variant"));
    r.leave(mark);
    Some(Experiment { id, variant }).filter(|it| !it.id.is_empty() && !it.variant.is_empty())
}

/// Free names with texts; of a `theme`, names and values that a style can take.
fn map<N: Node>(r: &mut Reader, node: &N, key: &str, theme: bool) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let Some(child) = present(node, key) else {
        return out;
    };
    let names = child.keys();
    let many = |names: &Vec<String>| names.len() > MOST_ENTRIES;
    if names.as_ref().is_none_or(many) {
        r.refuse(
            node,
            key,
            "an object of up to 1,000 texts: { \"name\": \"text\" }",
        );
    }
    let (kind, allowed) = if theme {
        (Text::Style, "a name of the letters a to z and -")
    } else {
        (Text::Line, "a name of up to 500 characters")
    };
    let mark = r.enter(key, None);
    for name in names.iter().flatten().take(MOST_ENTRIES) {
        let fits = if theme {
            check::is_css_name(name)
        } else {
            check::is_short(name, LINE)
        };
        if !fits {
            r.note(
                Severity::Error,
                name,
                String::from("such a name"),
                allowed,
                None,
            );
        } else if let Some(text) = r.text(&child, name, false, kind) {
            out.push((name.clone(), text));
        }
    }
    r.leave(mark);
    out
}
