//! Decoding in general: valid files come back whole, and nothing that is put into a file makes the
//! decoder panic or lose the hotspots that are right.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use vitrine::cart::{Currency, Money};
use vitrine::config::{Action, Problem, Severity, decode, skim};
use vitrine::geometry::Shape;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../www/hotspots.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

fn base() -> Value {
    serde_json::from_str(include_str!("config/base.json")).unwrap()
}

/// Any JSON, with the names and words of hotspot files in it.
fn any_json() -> impl Strategy<Value = Value> {
    let words = select(vec![
        "card",
        "seek",
        "link",
        "rect",
        "polygon",
        "in_stock",
        "1.00 EUR",
        "01:05.5",
        "posthog",
        "dataLayer",
        "bag-01",
        "javascript:x",
        "/p",
        "",
        "\u{0}é😀",
    ]);
    let names = select(vec![
        "version",
        "video",
        "id",
        "title",
        "start",
        "end",
        "time",
        "x",
        "y",
        "w",
        "h",
        "type",
        "url",
        "format",
        "body",
        "collectors",
        "products",
        "hotspots",
        "keyframes",
        "points",
        "price",
        "sale_price",
        "theme",
        "$x",
        "ünknown",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-2i64..200).prop_map(Value::from),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((names.clone(), inner), 0..6).prop_map(|fields| Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<Map<_, _>>()
            )),
        ]
    })
}

/// Every place of a file.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| pointers(field, &format!("{at}/{name}"), out)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), out)),
        _ => {}
    }
}

/// A hotspot that is right, in thousandths of a second and of a percent.
fn hotspot() -> impl Strategy<Value = (u32, Vec<(u32, [u32; 4])>, usize, bool)> {
    let place = [
        0u32..=100_000,
        0u32..=100_000,
        0u32..=100_000,
        0u32..=100_000,
    ];
    (
        0u32..1_000_000,
        vec((1u32..100_000, place), 1..6),
        0usize..4,
        any::<bool>(),
    )
}

fn clock(milliseconds: u32) -> Value {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    json!(format!(
        "{:02}:{:02}:{:02}.{rest:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    ))
}

/// The cart's settings are its adapter's to look at; what only the complete card shows of a product is the card's.
fn is_looked_at_later(path: &str) -> bool {
    let steps: Vec<&str> = path
        .split('.')
        .map(|step| step.split('[').next().unwrap())
        .collect();
    let read = "id title description link image_link price sale_price availability brand item_group_id platform_id variants";
    let of_variant = "id options price sale_price image_link availability platform_id";
    match steps.as_slice() {
        ["cart", ..] => true,
        ["products", "variants", field, ..] => !of_variant.split(' ').any(|known| known == *field),
        ["products", field, ..] => !read.split(' ').any(|known| known == *field),
        _ => false,
    }
}

proptest! {
    #[test]
    fn valid_files_come_back_whole(list in vec(hotspot(), 0..12)) {
        let thousandths = |value: u32| f64::from(value) / 1000.0;
        let mut file = base();
        file["hotspots"] = list.iter().enumerate().map(|(index, (start, keyframes, shape, as_text))| {
            let time = |value: u32| if *as_text { clock(value) } else { json!(thousandths(value)) };
            let mut at = *start;
            let frames: Vec<Value> = keyframes.iter().map(|(step, [x, y, w, h])| {
                at += step;
                json!({"time": time(at), "x": thousandths(*x), "y": thousandths(*y), "w": thousandths(*w), "h": thousandths(*h)})
            }).collect();
            json!({
                "id": format!("h{index}"), "products": ["hat-02", "bag-01"], "start": time(*start), "end": time(at), "keyframes": frames,
                "shape": (["point", "rect", "ellipse", "polygon"][*shape]), "points": [[0, 0], [100, 0], [50, 100.0]], "pause": as_text,
            })
        }).collect();
        prop_assert!(SCHEMA.is_valid(&file));
        let decoded = decode(&&file);
        prop_assert_eq!(decoded.problems, vec![]);
        let config = decoded.config.unwrap();
        prop_assert_eq!(config.hotspots.len(), list.len());
        prop_assert!(config.hotspots.windows(2).all(|pair| pair[0].start <= pair[1].start));
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by_key(|index| list[*index].0);
        for (hotspot, index) in config.hotspots.iter().zip(order) {
            let (start, keyframes, shape, pause) = &list[index];
            prop_assert_eq!(hotspot.source, index);
            prop_assert_eq!(hotspot.start, thousandths(*start));
            prop_assert_eq!(&hotspot.products, &vec![1, 0]);
            prop_assert_eq!(hotspot.pause, *pause);
            prop_assert_eq!(&hotspot.action, &Action::Card);
            let corners = vec![(0.0, 0.0), (100.0, 0.0), (50.0, 100.0)];
            prop_assert_eq!(&hotspot.shape, &[Shape::Point, Shape::Rect, Shape::Ellipse, Shape::Polygon(corners)][*shape]);
            let mut at = *start;
            for (found, (step, [x, y, w, _])) in hotspot.path.keyframes.iter().zip(keyframes) {
                at += step;
                prop_assert_eq!(found.time, thousandths(at));
                prop_assert_eq!((found.place.x, found.place.y), (thousandths(*x), thousandths(*y)));
                prop_assert_eq!(found.place.w, if *shape == 0 { 0.0 } else { thousandths(*w) });
            }
            prop_assert_eq!(hotspot.end, thousandths(at));
        }
    }

    #[test]
    fn any_json_is_survived(value in any_json()) {
        for problem in decode(&&value).problems {
            prop_assert!(!problem.message().contains('\n'));
        }
    }

    #[test]
    fn a_wrong_hotspot_takes_no_other_with_it(bad in any_json(), at in 0usize..3) {
        let mut file = base();
        file["hotspots"].as_array_mut().unwrap().insert(at, bad);
        let config = decode(&&file).config.unwrap();
        for source in (0..3).filter(|source| *source != at) {
            prop_assert!(config.hotspots.iter().any(|hotspot| hotspot.source == source), "{source}");
        }
    }

    /// The schema and the decoder agree wherever the error is not one that a schema cannot say, and the
    /// decoder understands the same with words and without.
    #[test]
    fn mutations_are_survived_and_the_schema_agrees(place in any::<Index>(), value in any_json()) {
        let mut places = Vec::new();
        pointers(&base(), "", &mut places);
        let mut file = base();
        *file.pointer_mut(place.get::<String>(&places)).unwrap() = value;
        let decoded = decode(&&file);
        let (config, flawed) = skim(&&file);
        // Of an action the core reads no more than what it carries out itself.
        prop_assume!(!decoded.problems.iter().any(|problem| problem.severity == Severity::Error
            && problem.path.split_once(".action.").is_some_and(|(_, field)| !["type", "time", "url"].contains(&field))));
        // As text: the times of a wrong segment are not numbers, and equal nothing.
        prop_assert_eq!(format!("{config:?}"), format!("{:?}", decoded.config));
        let is_for_later = |problem: &Problem| is_looked_at_later(&problem.path)
            || problem.severity == Severity::Warning && problem.path.contains(".action.");
        prop_assert_eq!(flawed, !decoded.problems.iter().all(is_for_later));
        let errors: Vec<_> = decoded.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        if SCHEMA.is_valid(&file) {
            let unsaid = ["nothing before it", "later time", "a time from", "time after", "of this file", "left out", "at most the price", "that has a link"];
            for error in errors {
                prop_assert!(unsaid.iter().any(|words| error.allowed.contains(words)), "{}", error.message());
            }
        } else {
            prop_assert!(!errors.is_empty(), "{}", file);
        }
    }

    #[test]
    fn money_round_trips(minor in 0i64..9_999_999_999_999, code in "[A-Z]{3}") {
        let currency = Currency::parse(&code).unwrap();
        let scale = 10i64.pow(currency.exponent());
        let amount = match currency.exponent() {
            0 => format!("{} {code}", minor % 100_000_000_000),
            decimals => format!("{}.{:0width$} {code}", minor / scale % 100_000_000_000, minor % scale, width = decimals as usize),
        };
        let minor = if scale == 1 { minor % 100_000_000_000 } else { minor / scale % 100_000_000_000 * scale + minor % scale };
        prop_assert_eq!(Money::parse(&amount), Some(Money { minor, currency }));
        prop_assert_eq!(currency.as_str(), &code);
        prop_assert_eq!(Money::parse(&format!("-{amount}")), None);
    }

    #[test]
    fn any_text_is_survived_as_money(text in "\\PC*|[0-9.,]{0,25} ?[A-Z]{0,4}") {
        if let Some(money) = Money::parse(&text) {
            prop_assert!((0..1_000_000_000_000_000).contains(&money.minor));
        }
    }

    #[test]
    fn times_in_words_are_the_numbers_they_say(whole in 0u32..1_000_000, fraction in "[0-9]{1,6}") {
        let text = format!("{whole}.{fraction}");
        let mut file = base();
        file["video"]["duration"] = json!(text);
        let decoded = decode(&&file);
        prop_assert_eq!(decoded.config.unwrap().video.duration, Some(text.parse::<f64>().unwrap()));
    }
}
