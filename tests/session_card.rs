//! The reducer: clicks, the card and the cart.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod page;

use page::{Effect, Extra, Input, Page};
use vitrine::cart::{Answer, CartState};
use vitrine::session::{Act, Ask};

#[test]
fn click_card_add_and_the_chain_of_causes() {
    let mut page = Page::new();
    page.play(0.0, 3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert!(
        page.effects.contains(&Effect::Play(false)),
        "the hotspot pauses"
    );
    page.pause(3.04);
    let card = page.session.card().unwrap();
    assert_eq!(
        (card.variant, card.available, card.cart),
        (Some(1), true, CartState::Idle),
        "black is sold out"
    );
    page.takes = true;
    page.feed(Input::Act(Act::Add));
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    let (click, view, add, outcome) = (
        page.last("hotspot_click"),
        page.last("view_item"),
        page.last("add_to_cart"),
        page.last("cart_outcome"),
    );
    assert_eq!(
        [view.cause, add.cause, outcome.cause],
        [click.number, click.number, add.number]
    );
    assert_eq!(outcome.extra, Extra::Word("outcome", "handed_over"));
    assert_eq!(
        (add.subject.product, add.subject.variant),
        (Some(0), Some(1))
    );
    // A double click buys once.
    page.feed(Input::Act(Act::Add));
    assert_eq!(page.last("add_to_cart").number, add.number);
    page.wait(700.0);
    page.feed(Input::Purchase {
        note: 7,
        products: vec![1, 0],
    });
    assert_eq!(
        (page.last("purchase").cause, page.last("purchase").note),
        (add.number, 7)
    );
    page.feed(Input::Escape);
    assert_eq!(page.session.card(), None);
    assert_eq!(page.last("card_close").cause, view.number);
    assert!(
        page.effects
            .ends_with(&[Effect::FocusHotspot(0), Effect::Play(true)]),
        "and it goes on"
    );
}

#[test]
fn the_cart_callback_answers_also_after_the_card_was_closed() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    assert!(page.kinds().contains(&"view_item_list"), "two products");
    page.feed(Input::Act(Act::Add));
    let Some(Effect::CallCart { request, .. }) = page
        .effects
        .iter()
        .rev()
        .find(|e| matches!(e, Effect::CallCart { .. }))
        .cloned()
    else {
        panic!("the callback is called");
    };
    assert_eq!(
        page.session.card().unwrap().cart,
        CartState::Pending { request }
    );
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Close));
    page.feed(Input::Answered {
        request,
        answer: Answer::Refused,
        note: 4,
    });
    let outcome = page.last("cart_outcome");
    assert_eq!(
        (outcome.extra, outcome.note),
        (Extra::Word("outcome", "failed"), 4)
    );
    assert_eq!(
        page.kinds()
            .iter()
            .filter(|kind| **kind == "add_to_cart")
            .count(),
        1
    );
    page.feed(Input::Answered {
        request,
        answer: Answer::Refused,
        note: 4,
    });
    assert_eq!(
        page.kinds()
            .iter()
            .filter(|kind| **kind == "cart_outcome")
            .count(),
        1,
        "one outcome each"
    );
}

#[test]
fn another_product_and_another_variant() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    page.feed(Input::Act(Act::Product(1)));
    assert_eq!(
        page.last("view_item").cause,
        page.last("select_item").number
    );
    assert_eq!(page.session.card().unwrap().variant, Some(1));
    page.feed(Input::Act(Act::Variant(0)));
    assert!(!page.session.card().unwrap().available);
    let before = page.events.len();
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Product(9)));
    page.feed(Input::Act(Act::Add));
    page.feed(Input::Act(Act::Hotspot(99)));
    assert!(
        !page.kinds()[before..].contains(&"add_to_cart"),
        "sold out, or not there"
    );
}

#[test]
fn a_prevented_click_is_the_pages_own() {
    let mut page = Page::new();
    page.takes = true;
    page.seek(3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert!(
        matches!(page.effects.last(), Some(Effect::Ask { ask, about: 0, .. }) if *ask == Ask::Click as u8)
    );
    assert_eq!(page.session.card(), None);
}

#[test]
fn other_actions() {
    let mut page = Page::new();
    page.takes = false;
    page.feed(Input::Act(Act::Hotspot(3)));
    assert!(page.effects.contains(&Effect::Seek(1.5)));
    page.feed(Input::Act(Act::Hotspot(2)));
    let Some(Effect::CallCart { request, .. }) = page.effects.last().cloned() else {
        panic!()
    };
    assert_eq!(
        page.session.card(),
        None,
        "nothing opens before there is an outcome"
    );
    page.feed(Input::Answered {
        request,
        answer: Answer::Confirmed { checkout: true },
        note: 3,
    });
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    assert_eq!(
        page.last("begin_checkout").cause,
        page.last("cart_outcome").number
    );
    assert!(page.effects.contains(&Effect::Checkout { note: 3 }));
}

#[test]
fn a_file_that_follows_leaves_no_request_without_an_outcome() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    page.feed(Input::Act(Act::Add));
    page.session.retire();
    page.work();
    assert_eq!(page.session.card(), None);
    assert!(page.shown().is_empty());
    assert_eq!(
        page.last("cart_outcome").extra,
        Extra::Word("outcome", "failed")
    );
    page.effects.clear();
    page.session.retire();
    page.work();
    assert!(page.effects.is_empty(), "once is enough");
}

#[test]
fn buy_now_does_not_say_added_on_the_other_button() {
    let mut page = Page::new();
    page.seek(3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    page.takes = true;
    page.feed(Input::Act(Act::Buy));
    assert_eq!(
        page.last("cart_outcome").extra,
        Extra::Word("outcome", "handed_over")
    );
    assert_eq!(page.session.card().unwrap().cart, CartState::Idle);
}

#[test]
fn an_entry_of_the_list_jumps_to_its_hotspot_and_opens_the_card() {
    let mut page = Page::new();
    page.session.at(page.now);
    page.session.open_list();
    page.work();
    let listed = page.last("view_item_list");
    assert_eq!((listed.cause, listed.subject.hotspot), (0, None));
    // The second product of a hotspot that is not on screen.
    page.session.pick(1, 1);
    page.work();
    assert!(page.effects.contains(&Effect::Seek(5.001)));
    let (select, click) = (page.last("select_item"), page.last("hotspot_click"));
    assert_eq!(
        [select.cause, click.cause, page.last("view_item").cause],
        [listed.number, select.number, click.number]
    );
    assert_eq!(select.subject.hotspot, Some(1));
    let card = page.session.card().unwrap();
    assert_eq!((card.hotspot, card.shown), (1, 1));
    // Beside where its hotspot will be, and then is.
    let before = card.spot;
    page.seek(5.001);
    let after = page.session.card().unwrap().spot;
    assert!((before.left - after.left).abs() < 1.0 && (before.top - after.top).abs() < 1.0);
    assert_eq!(before.side, after.side);
    // The list takes the card's place.
    page.session.open_list();
    page.work();
    assert_eq!(page.session.card(), None);
    assert_eq!(
        page.last("card_close").extra,
        Extra::Word("reason", "replaced")
    );
}

#[test]
fn an_entry_opens_the_card_whatever_its_hotspot_does() {
    let mut page = Page::new();
    for hotspot in [2, 3] {
        page.session.pick(hotspot, 0);
        page.work();
        assert_eq!(page.session.card().unwrap().hotspot, hotspot);
        assert!(!page.kinds().contains(&"add_to_cart"));
    }
    assert!(!page.effects.contains(&Effect::Seek(1.5)), "its own jump");
    // On screen already: no jump.
    page.seek(14.0);
    let jumps = page.effects.len();
    page.session.pick(2, 0);
    page.work();
    assert!(
        !page.effects[jumps..]
            .iter()
            .any(|effect| matches!(effect, Effect::Seek(_)))
    );
    // A click later on is its own again.
    page.feed(Input::Escape);
    page.feed(Input::Act(Act::Hotspot(2)));
    assert!(page.kinds().contains(&"add_to_cart"));
    // And what is no hotspot is nothing.
    page.session.pick(99, 0);
    page.work();
}

#[test]
fn an_open_card_follows_the_layout_also_when_its_hotspot_has_left() {
    let mut page = Page::new();
    page.seek(6.0);
    page.feed(Input::Act(Act::Hotspot(1)));
    page.seek(18.0);
    let spot = page.session.card().unwrap().spot;
    assert!(spot.left.is_finite() && spot.top.is_finite(), "{spot:?}");
}

/// The last request to the cart, which the overlay makes itself.
fn last_request(page: &Page) -> u32 {
    let requests = page.effects.iter().rev();
    let mut requests = requests.filter_map(|effect| match effect {
        Effect::CallCart { request, .. } => Some(*request),
        _ => None,
    });
    requests.next().unwrap()
}

fn count(page: &Page, kind: &str) -> usize {
    page.kinds().iter().filter(|one| **one == kind).count()
}

/// However one clicks a hotspot that adds at once: while the shop thinks, just after it answered, and later.
#[test]
fn a_double_click_on_a_hotspot_buys_once() {
    let mut page = Page::new();
    page.seek(13.5);
    for _ in 0..3 {
        page.feed(Input::Act(Act::Hotspot(2)));
    }
    assert_eq!(count(&page, "add_to_cart"), 1, "while the shop thinks");
    assert_eq!(page.session.card(), None, "the card waits for the answer");
    let request = last_request(&page);
    page.now += 10.0;
    page.feed(Input::Answered {
        request,
        answer: Answer::Confirmed { checkout: false },
        note: 0,
    });
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    page.feed(Input::Act(Act::Hotspot(2)));
    assert_eq!(count(&page, "add_to_cart"), 1, "just after the answer");
    assert_eq!(page.session.card().unwrap().cart, CartState::Added);
    page.now += 700.0;
    page.feed(Input::Act(Act::Hotspot(2)));
    assert_eq!(count(&page, "add_to_cart"), 2, "another one");
    assert_eq!(count(&page, "hotspot_click"), 5, "each click is told");
}

/// A card that is closed and opened anew while the shop thinks still waits for it.
#[test]
fn a_card_opened_anew_waits_for_what_was_asked() {
    let mut page = Page::new();
    page.seek(3.0);
    page.feed(Input::Act(Act::Hotspot(0)));
    page.feed(Input::Act(Act::Add));
    let request = last_request(&page);
    page.feed(Input::Escape);
    page.feed(Input::Act(Act::Hotspot(0)));
    assert_eq!(
        page.session.card().unwrap().cart,
        CartState::Pending { request }
    );
    page.feed(Input::Act(Act::Add));
    assert_eq!(count(&page, "add_to_cart"), 1);
    // Less than was asked for: the card says how much, and the product was bought.
    page.feed(Input::Answered {
        request,
        answer: Answer::Partial,
        note: 5,
    });
    assert_eq!(
        page.session.card().unwrap().cart,
        CartState::Refused { note: 5 }
    );
    let outcome = page.last("cart_outcome");
    assert_eq!(
        (outcome.extra, outcome.note),
        (Extra::Word("outcome", "partial"), 5)
    );
    page.feed(Input::Purchase {
        note: 6,
        products: vec![0],
    });
    assert_eq!(page.last("purchase").cause, page.last("add_to_cart").number);
}

/// A slow shop shows itself, also where no card was open; not after its answer.
#[test]
fn a_slow_shop_opens_the_card() {
    let mut page = Page::new();
    page.seek(13.5);
    page.feed(Input::Act(Act::Hotspot(2)));
    let request = last_request(&page);
    page.session.slow(request + 1);
    assert_eq!(page.session.card(), None, "another request");
    page.session.slow(request);
    page.work();
    assert_eq!(
        page.session.card().unwrap().cart,
        CartState::Pending { request }
    );
    page.feed(Input::Answered {
        request,
        answer: Answer::Refused,
        note: 1,
    });
    page.session.slow(request);
    assert_eq!(
        page.session.card().unwrap().cart,
        CartState::Refused { note: 1 }
    );
}

/// A hotspot that adds at once, of what is sold out: its card says so, and nothing is asked of the cart.
#[test]
fn what_cannot_be_added_at_once_is_shown() {
    let mut page = Page::of(page::with(|file| {
        file["products"][1]["availability"] = serde_json::json!("out_of_stock");
    }));
    page.seek(13.5);
    page.feed(Input::Act(Act::Hotspot(2)));
    let card = page.session.card().unwrap();
    assert_eq!((card.available, card.cart), (false, CartState::Idle));
    assert_eq!(count(&page, "add_to_cart"), 0);
    assert_eq!(
        page.last("view_item").cause,
        page.last("hotspot_click").number
    );
    page.feed(Input::Escape);
    assert_eq!(page.last("card_close").cause, page.last("view_item").number);
}
