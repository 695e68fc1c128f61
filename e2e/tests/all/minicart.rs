//! The mini cart of a page that has a cart of its own.

use crate::everyone::{axe, inject_axe};
use crate::pages;
use e2e::{Browser, Context, Result, Stage, Value, caused, ensure, json, one};

e2e::engines!(
    the_demo_s_bag,
    the_demo_s_coupon_poll_and_prices,
    what_the_overlay_knows_of,
    nobody_takes_it,
    in_fullscreen_and_from_the_right
);

fn file() -> Value {
    let mut file = pages::file(vec![
        pages::still("lamp", 0.0, 6.0, [15.0, 30.0, 12.0, 16.0], json!({})),
        pages::still(
            "tray",
            0.0,
            6.0,
            [15.0, 80.0, 12.0, 16.0],
            json!({ "products": ["tray"] }),
        ),
    ]);
    file["products"][1] =
        json!({ "id": "tray", "title": "Oak tray", "price": "4200 JPY", "quantity": { "min": 2 } });
    file["cart"] = json!({ "mini_cart": true });
    file
}

fn is(browser: &Browser, what: &str, wanted: &str) -> Result<()> {
    browser.becomes(what, wanted, e2e::LIMIT / 4)
}

fn add(browser: &Browser, spot: &str) -> Result<()> {
    browser.js(&format!(
        "probe.part('close')?.click(); probe.spot('{spot}').click();"
    ))?;
    browser.wait("probe.part('card')")?;
    browser.js("probe.part('add-to-cart').click();")?;
    browser.wait("probe.part('view-cart')").map(drop)
}

fn what_the_overlay_knows_of(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &file())?;
    let browser = &stage.browser;
    browser.js(
        "window.taken = []; for (const type of ['add-to-cart', 'remove-from-cart', 'begin-checkout']) document.addEventListener('vitrine:' + type, (event) => { event.preventDefault(); taken.push([type, event.detail]); }); \
         await probe.seek(1.5);",
    )?;
    browser.wait("probe.part('product-list')")?;
    add(browser, "lamp")?;
    add(browser, "tray")?;
    browser.click_on("probe.part('view-cart')")?;
    browser.wait("probe.part('cart-drawer')")?;
    is(
        browser,
        "[...probe.root().querySelectorAll('[part=line]')].map((line) => line.querySelector('.words').innerText.replace(/\\s+/g, ' ').trim()).join('; ')",
        "Brass lamp 1 × €99.00; Oak tray 2 × ¥4,200",
    )?;
    // Never added to each other.
    is(
        browser,
        "[...probe.root().querySelectorAll('[part=subtotal] b')].map((sum) => sum.textContent).join('; ')",
        "€99.00; ¥8,400",
    )?;
    inject_axe(browser)?;
    axe(browser, "the mini cart")?;
    browser.click_on("probe.part('remove')")?;
    is(
        browser,
        "String(probe.root().querySelectorAll('[part=line]').length)",
        "1",
    )?;
    browser.click_on("probe.part('checkout')")?;
    browser.wait("taken.at(-1)[0] === 'begin-checkout'")?;
    browser.click_on("probe.part('remove')")?;
    browser.wait("probe.root().querySelector('.empty')")?;
    axe(browser, "an empty mini cart")?;
    let view = stage.flushed("begin_checkout")?;
    let (seen, begun) = (one(&view, "view_cart")?, one(&view, "begin_checkout")?);
    // Of two currencies there is no one value.
    ensure!(
        seen["value"].is_null()
            && seen["items"]
                .as_array()
                .is_some_and(|items| items.len() == 2),
        "{seen}"
    );
    caused(begun, seen)?;
    ensure!(
        begun["value"] == 8400 && begun["currency"] == "JPY" && begun["items"][0]["quantity"] == 2,
        "{begun}"
    );
    let removed = view
        .iter()
        .find(|event| event["type"] == "remove_from_cart")
        .cloned()
        .unwrap_or_default();
    ensure!(
        removed["items"][0]["item_id"] == "lamp" && removed["value"] == 9900,
        "{removed}"
    );
    Ok(())
}

/// What the page changes by itself is there, too.
fn the_demo_s_bag(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage.browser.js("localStorage.clear();")?;
    stage.open_demo()?;
    let browser = &stage.browser;
    browser.js("await probe.seek(3);")?;
    browser.wait("probe.part('product-list')")?;
    add(browser, "bag")?;
    is(browser, "probe.part('cart').textContent", "1")?;
    browser.js("document.querySelector('#cart-button').click(); document.querySelector('#cart-lines .more').click(); document.querySelector('#cart-close').click();")?;
    browser.js("probe.part('view-cart').click();")?;
    browser.wait("probe.part('cart-drawer')")?;
    is(
        browser,
        "[...probe.root().querySelectorAll('[part=line]')].map((line) => line.querySelector('.words').innerText.replace(/\\s+/g, ' ').trim()).join('; ')",
        "Ines shoulder bag Tan 2 × €99.00",
    )?;
    browser.js("probe.part('remove').click();")?;
    browser.wait("probe.root().querySelector('.empty')")?;
    is(
        browser,
        "document.querySelector('#cart-count').textContent",
        "0",
    )
}

/// What the demo shows besides selling: its coupon is worth something in its bag, and its lamp costs what the page says.
fn the_demo_s_coupon_poll_and_prices(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage.browser.js("localStorage.clear();")?;
    stage.open_demo()?;
    let browser = &stage.browser;
    browser.js("const data = document.querySelector('[type=\"application/ld+json\"]'); data.textContent = data.textContent.replace('145.00', '139.00'); await probe.seek(15);")?;
    browser.wait("probe.part('product-list')")?;
    browser.click_on("probe.spot('evening')")?;
    browser.wait("probe.part('dialog')")?;
    browser.js("probe.root().querySelectorAll('[part~=answer]')[2].click();")?;
    browser.wait("probe.part('status').textContent.startsWith('Thank you')")?;
    browser.js("probe.part('close').click();")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    is(
        browser,
        "probe.part('price').querySelector('b').textContent",
        "€139.00",
    )?;
    browser.wait("probe.part('add-to-cart')")?;
    browser.js(
        "probe.part('add-to-cart').click(); probe.part('close').click(); await probe.seek(21);",
    )?;
    browser.wait("probe.spot('offer')")?;
    browser.click_on("probe.spot('offer')")?;
    is(browser, "probe.part('code')?.textContent ?? ''", "FILM10")?;
    is(
        browser,
        "['#cart-off', '#cart-total'].map((place) => document.querySelector(place).textContent).join(' ')",
        "-€13.90 €125.10",
    )?;
    browser.js("probe.part('close').click(); document.querySelector('#cart-button').click(); document.querySelector('#place-order').click();")?;
    let view = stage.flushed("purchase")?;
    let order = one(&view, "purchase")?;
    ensure!(
        order["coupon"] == "FILM10"
            && order["value"] == 12510
            && order["items"][0]["price"] == 13900,
        "{order}"
    );
    ensure!(
        one(&view, "poll_answered")?["answer"] == "nothing",
        "{view:?}"
    );
    Ok(())
}

fn nobody_takes_it(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    browser.js_with(
        "window.asked = []; lab.overlay = await lab.attach(probe.video(), { config: args, cart: async (event) => { asked.push(event.type); \
           return event.type === 'add_to_cart' ? { ok: true } : { ok: false, reason: 'The cart is locked.' }; } }); await probe.seek(1.5);",
        file(),
    )?;
    browser.wait("probe.part('product-list')")?;
    add(browser, "lamp")?;
    browser.js("probe.part('close').click(); probe.part('cart').click();")?;
    browser.wait("probe.part('remove')")?;
    browser.js("probe.part('remove').click();")?;
    is(
        browser,
        "probe.part('status').textContent",
        "The cart is locked.",
    )?;
    is(
        browser,
        "String(probe.root().querySelectorAll('[part=line]').length)",
        "1",
    )?;
    is(browser, "asked.join()", "add_to_cart,remove_from_cart")?;
    ensure!(
        browser.get(
            "probe.said('vitrine:event').some(({ detail }) => detail.type === 'remove_from_cart')"
        )? == false,
        "told, though it was not removed"
    );
    browser.js("probe.part('checkout').click();")?;
    is(
        browser,
        "probe.part('status').textContent",
        "Please go to the shop's checkout.",
    )?;
    ensure!(
        browser.get("probe.lines().some((line) => line.includes('cart.checkout'))")? == true,
        "the console does not say what to do"
    );
    Ok(())
}

fn in_fullscreen_and_from_the_right(stage: &mut Stage) -> Result<()> {
    let mut arabic = file();
    arabic["locale"] = json!("ar");
    pages::open(stage, &arabic)?;
    let browser = &stage.browser;
    browser.js("document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault()); await probe.seek(1.5);")?;
    browser.wait("probe.part('product-list')")?;
    browser.wait("probe.root().querySelector('.box').dir === 'rtl'")?;
    add(browser, "lamp")?;
    browser.click_on("probe.part('view-cart')")?;
    is(
        browser,
        "probe.part('cart-drawer').querySelector('h2').textContent",
        "سلتك",
    )?;
    // At the side where a line of Arabic ends.
    ensure!(browser.get("probe.part('cart-drawer').getBoundingClientRect().left - probe.video().getBoundingClientRect().left < 20")? == true, "it is on the wrong side");
    browser.js("probe.part('close').click(); document.addEventListener('click', () => document.querySelector('#player').requestFullscreen?.(), { once: true });")?;
    browser.click_on("document.querySelector('#before')")?;
    browser.wait("document.fullscreenElement")?;
    browser.wait("probe.part('cart')")?;
    // The layout may still move into place.
    e2e::until(e2e::LIMIT, || {
        browser.click_on("probe.part('cart')")?;
        browser.js("await probe.frames(3);")?;
        Ok((browser.get("!!probe.part('cart-drawer')")? == true).then_some(()))
    })?
    .context("the mini cart does not open in fullscreen")?;
    browser.click_on("probe.part('continue')")?;
    browser.wait(
        "!probe.part('cart-drawer') && !probe.video().paused && document.fullscreenElement",
    )?;
    browser.js("await document.exitFullscreen();").map(drop)
}
