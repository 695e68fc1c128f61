//! The hotspots of a file: references, shapes, keyframes and actions.

use super::ids::{Ids, sort};
use super::model::{Action, Hotspot, Product};
use super::node::Node;
use super::problem::Severity;
use super::read::{List, Reader, is_percent, present};
use crate::geometry::Shape;
use crate::motion::{Interpolation, Keyframe, Path, Place};

const SHAPES: &[&str] = &["point", "rect", "ellipse", "polygon"];
const INTERPOLATIONS: &[&str] = &["linear", "step", "catmull-rom"];
const ACTIONS: &[&str] = &["card", "link", "add_to_cart", "seek"];

const HOTSPOTS: List = List {
    key: "hotspots",
    needed: true,
    least: 0,
    most: 10_000,
    allowed: "a list of at most 10,000 hotspots",
    fields: &[
        "id",
        "label",
        "products",
        "start",
        "end",
        "shape",
        "points",
        "interpolation",
        "keyframes",
        "action",
        "pause",
    ],
};
const KEYFRAMES: List = List {
    key: "keyframes",
    needed: true,
    least: 1,
    most: 1_000,
    allowed: "a list of 1 to 1,000 keyframes",
    fields: &["time", "x", "y", "w", "h"],
};
const POINTS: List = List {
    key: "points",
    needed: false,
    least: 3,
    most: 1_000,
    allowed: "a list of 3 to 1,000 corners [x, y]",
    fields: &[],
};
const REFERENCES: List = List {
    key: "products",
    needed: false,
    least: 0,
    most: 100,
    allowed: "a list of at most 100 product ids",
    fields: &[],
};

/// The hotspots without errors, sorted by start.
pub(super) fn hotspots<N: Node>(
    r: &mut Reader,
    root: &N,
    products: &[Product],
    known: &Ids,
) -> Vec<Hotspot> {
    let mut hotspots = Vec::new();
    let mut ids = Ids::default();
    r.each(root, &HOTSPOTS, true, &mut |r, node| {
        let hotspot = hotspot(r, node, &mut ids, products, known);
        if !r.bad {
            hotspots.push(hotspot);
        }
    });
    sort(&mut hotspots, |hotspot: &Hotspot| hotspot.start);
    hotspots
}

fn hotspot<N: Node>(
    r: &mut Reader,
    node: &N,
    ids: &mut Ids,
    products: &[Product],
    known: &Ids,
) -> Hotspot {
    let id = ids.read(r, node);
    let label = r.line(node, "label");
    let (start, end) = r.span(node);
    let shape = shape(r, node);
    let interpolation = match r.pick(node, "interpolation", false, INTERPOLATIONS) {
        Some(1) => Interpolation::Step,
        Some(2) => Interpolation::CatmullRom,
        _ => Interpolation::Linear,
    };
    let keyframes = keyframes(r, node, shape == Shape::Point, start, end);
    let action = action(r, node);
    let pause = r.flag(node, "pause");
    let products = references(r, node, &action, products, known);
    let path = Path {
        keyframes,
        interpolation,
    };
    Hotspot {
        id,
        label,
        products,
        start,
        end,
        shape,
        path,
        action,
        pause,
    }
}

/// The shape; a wrong one is taken for a point, so that its size makes no second error.
fn shape<N: Node>(r: &mut Reader, node: &N) -> Shape {
    let picked = r.pick(node, "shape", false, SHAPES);
    let mut points = Vec::new();
    r.items(node, &POINTS, &mut |r, point| {
        let at = |index| {
            point
                .item(index)
                .and_then(|item| item.number())
                .unwrap_or(-1.0)
        };
        let (x, y) = (at(0), at(1));
        if point.length() != Some(2) || !is_percent(x) || !is_percent(y) {
            r.refuse(
                point,
                "",
                "[x, y], both from 0 to 100 (percent of the hotspot's box)",
            );
        }
        points.push((x, y));
    });
    match picked {
        Some(1) => Shape::Rect,
        Some(2) => Shape::Ellipse,
        Some(3) => {
            if present(node, POINTS.key).is_none() {
                r.refuse(node, POINTS.key, POINTS.allowed);
            }
            Shape::Polygon(points)
        }
        _ => Shape::Point,
    }
}

fn keyframes<N: Node>(
    r: &mut Reader,
    node: &N,
    point: bool,
    start: f64,
    end: f64,
) -> Vec<Keyframe> {
    let mut keyframes = Vec::new();
    let mut last = -1.0;
    r.each(node, &KEYFRAMES, false, &mut |r, node| {
        let time = r.time(node, "time", true);
        let (x, y) = (r.percent(node, "x", true), r.percent(node, "y", true));
        let (w, h) = (r.percent(node, "w", !point), r.percent(node, "h", !point));
        let Some(time) = time else { return };
        if time <= last {
            r.refuse(node, "time", "a later time than the keyframe before it has");
        }
        if time < start || time > end {
            r.refuse(node, "time", "a time from the hotspot's start to its end");
        }
        last = time;
        let (w, h) = if point { (0.0, 0.0) } else { (w, h) };
        let place = Place { x, y, w, h };
        keyframes.push(Keyframe { time, place });
    });
    keyframes
}

/// The action; a wrong one is taken for one that needs no product, so that none makes no second error.
fn action<N: Node>(r: &mut Reader, node: &N) -> Action {
    if present(node, "action").is_none() {
        return Action::Card;
    }
    let mut action = Action::Seek { time: 0.0 };
    if let Some((node, mark)) = r.open(node, "action", true, &["type", "url", "time"]) {
        let kind = r.pick(&node, "type", true, ACTIONS);
        let url = r.link(&node, "url", false);
        let time = r.time(&node, "time", kind == Some(3));
        r.leave(mark);
        match kind {
            Some(0) => action = Action::Card,
            Some(1) => action = Action::Link { url },
            Some(2) => action = Action::AddToCart,
            _ => {
                action = Action::Seek {
                    time: time.unwrap_or_default(),
                }
            }
        }
    }
    action
}

/// The places of the products that a hotspot names. A card shows what is left of them; any other
/// action means the first one, so that a wrong name is the hotspot's error.
fn references<N: Node>(
    r: &mut Reader,
    node: &N,
    action: &Action,
    products: &[Product],
    known: &Ids,
) -> Vec<usize> {
    let mut places = Vec::new();
    let mut wrong = false;
    let count = r.items(node, &REFERENCES, &mut |r, name| {
        let before = core::mem::take(&mut r.bad);
        reference(r, name, &mut places, known);
        wrong |= core::mem::replace(&mut r.bad, before);
    });
    let card = matches!(action, Action::Card);
    r.bad |= wrong && (places.is_empty() || !card);
    let link = matches!(action, Action::Link { url: None });
    if count == 0 && (card || link || matches!(action, Action::AddToCart)) {
        let allowed = "the id of a product at least (only seek, and link with a url, need none)";
        r.refuse(node, REFERENCES.key, allowed);
    }
    let first = places.first().and_then(|place| products.get(*place));
    if link && first.is_some_and(|product| product.link.is_none()) {
        r.refuse(
            node,
            "action",
            "a url in it, or a first product that has a link",
        );
    }
    places
}

fn reference<N: Node>(r: &mut Reader, name: &N, places: &mut Vec<usize>, known: &Ids) {
    let Some(id) = name.text() else {
        r.refuse(name, "", "the id of a product, in quotes");
        return;
    };
    match known.find(&id) {
        Some(Some(place)) if places.contains(&place) => {
            r.note(
                Severity::Warning,
                "",
                name.show(),
                "each product once",
                None,
            );
        }
        Some(Some(place)) => places.push(place),
        Some(None) => r.refuse(name, "", "a product without errors: this one was left out"),
        None => {
            let nearest = r.guess(&id, &mut known.kept());
            r.note(
                Severity::Error,
                "",
                name.show(),
                "the id of a product of this file",
                nearest,
            );
        }
    }
}
