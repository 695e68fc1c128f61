//! The complete card: options, quantity, pictures, several products, wishlist; from the hotspot to the collector.

use crate::pages;
use e2e::{Browser, Context, Result, Stage, Value, caused, ensure, json, one};

e2e::engines!(
    options_choose_the_variant,
    options_by_the_keyboard,
    a_quantity_within_the_shop_s_limits,
    pictures_are_turned,
    several_products_and_a_wishlist,
);

const RIGHT: char = '\u{e014}';
const LEFT: char = '\u{e012}';
const END: char = '\u{e010}';

/// The radio whose words begin with a text.
pub fn radio(label: &str) -> String {
    format!(
        "[...probe.root().querySelectorAll('[role=radio]')].find((radio) => radio.querySelector('.name').firstChild.data === '{label}')"
    )
}

/// Each option's values: `*` the chosen one, `!` what cannot be chosen.
const VALUES: &str = "[...probe.root().querySelectorAll('.option')].map((option) => option.querySelector('.legend').textContent + ': ' + \
    [...option.querySelectorAll('[role=radio]')].map((radio) => radio.querySelector('.name').firstChild.data + \
      (radio.getAttribute('aria-checked') === 'true' ? '*' : '') + (radio.getAttribute('aria-disabled') ? '!' : '')).join(' ')).join(', ')";

pub fn shirt() -> Value {
    let variant = |color: &str, size: &str, price: &str, availability: &str| {
        json!({ "id": format!("{color}-{size}"), "options": { "color": color, "size": size }, "price": price,
            "image_link": format!("/vitrine-test/{color}.svg"), "availability": availability })
    };
    let mut file = pages::file(vec![
        pages::still(
            "shirt",
            0.0,
            6.0,
            [15.0, 30.0, 12.0, 16.0],
            json!({ "products": ["shirt"] }),
        ),
        pages::still(
            "both",
            0.0,
            6.0,
            [15.0, 80.0, 12.0, 16.0],
            json!({ "products": ["mug", "shirt"] }),
        ),
    ]);
    if let Some(products) = file["products"].as_array_mut() {
        products.push(json!({
            "id": "shirt", "title": "Linen shirt", "price": "80.00 EUR", "link": "/e2e/blank.html?shirt", "badge": "New",
            "image_link": "/vitrine-test/shirt.svg", "additional_image_link": ["/vitrine-test/back.svg", "/vitrine-test/detail.svg"],
            "rating": { "value": 4.5, "count": 31 }, "quantity": { "min": 2, "max": 6, "step": 2 },
            "options": [
                { "name": "color", "label": "Colour", "values": [{ "value": "sand", "label": "Sand", "swatch": "#d9cdb8" }, { "value": "ink", "label": "Ink", "swatch": "#20263a;position:fixed" }] },
                { "name": "size", "label": "Size", "values": ["S", "M", "L"] },
            ],
            "variants": [
                variant("sand", "S", "80.00 EUR", "in_stock"), variant("sand", "M", "80.00 EUR", "out_of_stock"),
                variant("ink", "M", "90.00 EUR", "in_stock"), variant("ink", "S", "80.00 EUR", "in_stock"), variant("sand", "L", "84.00 EUR", "in_stock"),
            ],
        }));
        if let Some(variant) = products[2]["variants"][1].as_object_mut() {
            variant.insert("availability_date".to_owned(), json!("2999-06-12"));
        }
    }
    file["cart"] = json!({ "wishlist": true });
    file
}

pub fn picture(stage: &Stage, name: &str, color: &str) {
    stage.site.put(
        &format!("/vitrine-test/{name}.svg"),
        "image/svg+xml",
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path fill=\"{color}\" d=\"M0 0h9v9H0z\"/></svg>"),
    );
}

pub fn open(stage: &Stage, spot: &str) -> Result<()> {
    for (name, color) in [
        ("shirt", "#cba"),
        ("sand", "#d9cdb8"),
        ("ink", "#20263a"),
        ("back", "#abc"),
        ("detail", "#bca"),
    ] {
        picture(stage, name, color);
    }
    pages::open(stage, &shirt())?;
    let browser = &stage.browser;
    // No other test's wishes.
    browser.js("localStorage.removeItem('vitrine:choices');")?;
    browser.js(
        "window.taken = []; document.addEventListener('vitrine:add-to-cart', (event) => { event.preventDefault(); taken.push(event.detail); }); await probe.seek(1.5);",
    )?;
    browser.wait("probe.part('product-list')")?;
    show(browser, spot)
}

/// Scrolls the card to a control, and presses it.
pub fn press(browser: &Browser, control: &str) -> Result<()> {
    browser.js(&format!(
        "({control}).scrollIntoView({{ block: 'nearest', behavior: 'instant' }});"
    ))?;
    browser.click_on(control)
}

fn show(browser: &Browser, spot: &str) -> Result<()> {
    press(browser, &format!("probe.spot('{spot}')"))?;
    browser.wait("probe.part('card')").map(drop)
}

pub fn is(browser: &Browser, what: &str, wanted: &str) -> Result<()> {
    browser.becomes(what, wanted, e2e::LIMIT / 8)
}

fn options_choose_the_variant(stage: &mut Stage) -> Result<()> {
    open(stage, "shirt")?;
    let browser = &stage.browser;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S* M! L")?;
    // Words, not colour alone; and reachable, though it chooses nothing.
    is(
        browser,
        &format!("{}.textContent", radio("M")),
        "M, Sold out",
    )?;
    is(
        browser,
        "probe.part('restock').textContent",
        "Sand / M: Back on June 12, 2999",
    )?;
    press(browser, &radio("M"))?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S* M! L")?;
    is(browser, "probe.part('price').textContent.trim()", "€80.00")?;
    // A size that the other colour has not goes, and comes back with it.
    press(browser, &radio("L"))?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S M! L*")?;
    is(browser, "probe.part('price').textContent.trim()", "€84.00")?;
    press(browser, &radio("Ink"))?;
    is(browser, VALUES, "Colour: Sand Ink*, Size: S M* L!")?;
    is(
        browser,
        &format!("{}.textContent", radio("L")),
        "L, Not available",
    )?;
    is(browser, "probe.part('price').textContent.trim()", "€90.00")?;
    is(
        browser,
        "probe.part('picture').getAttribute('src')",
        "/vitrine-test/ink.svg",
    )?;
    // What is no colour does nothing.
    is(
        browser,
        "String(probe.root().querySelectorAll('.swatch').length)",
        "1",
    )?;
    press(browser, "probe.part('add-to-cart')")?;
    browser.wait("taken.length === 1")?;
    let view = stage.flushed("cart_outcome")?;
    let add = one(&view, "add_to_cart")?;
    caused(add, one(&view, "hotspot_click")?)?;
    caused(one(&view, "cart_outcome")?, add)?;
    ensure!(
        add["items"][0]["item_variant"] == "ink-M"
            && add["items"][0]["price"] == 9000
            && add["items"][0]["quantity"] == 2
            && add["value"] == 18000
            && add["hotspot_id"] == "shirt",
        "{add}"
    );
    ensure!(
        one(&view, "view_item")?["items"][0]["quantity"] == 1,
        "what is only looked at is one"
    );
    Ok(())
}

fn options_by_the_keyboard(stage: &mut Stage) -> Result<()> {
    open(stage, "shirt")?;
    let browser = &stage.browser;
    let on = "probe.root().activeElement.querySelector('.name')?.firstChild.data ?? ''";
    browser.js(&format!("{}.focus();", radio("Sand")))?;
    browser.press(RIGHT)?;
    is(browser, on, "Ink")?;
    is(browser, VALUES, "Colour: Sand Ink*, Size: S* M L!")?;
    // One stop of Tab for each group, and round it goes.
    browser.press(RIGHT)?;
    is(browser, on, "Sand")?;
    crate::list::tab(browser)?;
    is(browser, on, "S")?;
    // What cannot be chosen is reached, and is not chosen.
    browser.press(RIGHT)?;
    is(browser, on, "M")?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S* M! L")?;
    browser.press(' ')?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S* M! L")?;
    browser.press(RIGHT)?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S M! L*")?;
    browser.press(LEFT)?;
    browser.press(LEFT)?;
    is(browser, VALUES, "Colour: Sand* Ink, Size: S* M! L")?;
    // In a language from the right, the next one is on the left.
    let mut arabic = shirt();
    arabic["locale"] = json!("ar");
    browser.js_with("await vitrine.overlays[0].setConfig(args);", arabic)?;
    browser.wait("probe.root().querySelector('.box').dir === 'rtl'")?;
    show(browser, "shirt")?;
    browser.js(&format!("{}.focus();", radio("Sand")))?;
    browser.press(LEFT)?;
    is(browser, on, "Ink")?;
    // And its words are there.
    is(
        browser,
        &format!("{}.querySelector('.why').textContent", radio("L")),
        "غير متوفر",
    )?;
    stage.check_policy()
}

fn a_quantity_within_the_shop_s_limits(stage: &mut Stage) -> Result<()> {
    open(stage, "shirt")?;
    let browser = &stage.browser;
    let count = "probe.root().querySelector('.count').value";
    is(browser, count, "2")?;
    is(
        browser,
        "probe.root().querySelector('.limit').textContent",
        "In steps of 2",
    )?;
    press(browser, "probe.part('fewer')")?;
    is(browser, count, "2")?;
    press(browser, "probe.part('more')")?;
    is(browser, count, "4")?;
    press(browser, "probe.part('more')")?;
    is(browser, count, "6")?;
    is(
        browser,
        "probe.root().querySelector('.limit').textContent",
        "At most 6",
    )?;
    press(browser, "probe.part('more')")?;
    is(browser, count, "6")?;
    for (typed, became) in [("99", "6"), ("-3", "2"), ("", "2"), ("4.9", "4")] {
        browser.js_with(
            "const input = probe.root().querySelector('.count'); input.focus(); input.value = args; input.dispatchEvent(new Event('change', { bubbles: true }));",
            json!(typed),
        )?;
        is(browser, count, became)?;
    }
    press(browser, "probe.part('add-to-cart')")?;
    browser.wait("taken.length === 1")?;
    let view = stage.flushed("cart_outcome")?;
    for name in ["add_to_cart", "cart_outcome"] {
        let event = one(&view, name)?;
        ensure!(
            event["items"][0]["quantity"] == 4 && event["value"] == 32000,
            "{event}"
        );
    }
    Ok(())
}

fn pictures_are_turned(stage: &mut Stage) -> Result<()> {
    open(stage, "shirt")?;
    let browser = &stage.browser;
    let seen = "probe.root().querySelector('.strip').getAttribute('aria-label')";
    is(browser, seen, "Picture 1 of 3")?;
    is(
        browser,
        "probe.part('previous').getAttribute('aria-disabled')",
        "true",
    )?;
    press(browser, "probe.part('next')")?;
    is(browser, seen, "Picture 2 of 3")?;
    browser.js("probe.root().querySelector('.strip').focus();")?;
    browser.press(END)?;
    is(browser, seen, "Picture 3 of 3")?;
    browser.press(LEFT)?;
    is(browser, seen, "Picture 2 of 3")?;
    // A swipe is a scroll.
    browser.js("const strip = probe.root().querySelector('.strip'); strip.scrollTo({ left: strip.clientWidth * 2, behavior: 'instant' });")?;
    is(browser, seen, "Picture 3 of 3")?;
    // Another colour begins with its own picture.
    press(browser, &radio("Ink"))?;
    is(browser, seen, "Picture 1 of 3")?;
    is(
        browser,
        "String(Math.round(probe.root().querySelector('.strip').scrollLeft))",
        "0",
    )
}

fn several_products_and_a_wishlist(stage: &mut Stage) -> Result<()> {
    open(stage, "both")?;
    let browser = &stage.browser;
    is(browser, "probe.part('title').textContent", "Stoneware mug")?;
    ensure!(
        browser.get("probe.root().querySelector('.options, .amount, .gallery')")? == Value::Null,
        "the mug has nothing to choose"
    );
    browser.js(&format!("{}.focus();", radio("Stoneware mug")))?;
    browser.press(RIGHT)?;
    is(browser, "probe.part('title').textContent", "Linen shirt")?;
    is(
        browser,
        "probe.part('rating').textContent",
        "4.5 of 5 stars 4.5Ratings: 31 (31)",
    )?;
    is(browser, "probe.part('badge').textContent", "New")?;
    browser.js("window.wished = []; document.addEventListener('vitrine:add-to-wishlist', ({ detail }) => wished.push(detail));")?;
    press(browser, "probe.part('wishlist')")?;
    is(
        browser,
        "probe.part('wishlist').getAttribute('aria-pressed')",
        "true",
    )?;
    is(browser, "probe.part('wishlist').textContent", "Saved")?;
    browser.wait("wished.length === 1")?;
    press(browser, "probe.part('wishlist')")?;
    is(
        browser,
        "probe.part('wishlist').getAttribute('aria-pressed')",
        "false",
    )?;
    let view = stage.flushed("remove_from_wishlist")?;
    let (save, select) = (one(&view, "add_to_wishlist")?, one(&view, "select_item")?);
    let look = view
        .iter()
        .rfind(|event| event["type"] == "view_item")
        .context("no view_item")?;
    caused(save, look)?;
    caused(look, select)?;
    ensure!(
        save["items"][0]["item_id"] == "shirt"
            && save["items"][0]["item_variant"] == "sand-S"
            && save["value"] == 8000
            && save["currency"] == "EUR"
            && save["hotspot_id"] == "both",
        "{save}"
    );
    // On the site's next page it is still saved.
    press(browser, "probe.part('wishlist')")?;
    is(browser, "probe.part('wishlist').textContent", "Saved")?;
    pages::open(stage, &shirt())?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1.5);")?;
    show(browser, "shirt")?;
    is(browser, "probe.part('wishlist').textContent", "Saved")?;
    press(browser, "probe.part('wishlist')")?;
    is(
        browser,
        "String(localStorage['vitrine:choices']?.includes('wish shirt') ?? false)",
        "false",
    )?;
    Ok(())
}
