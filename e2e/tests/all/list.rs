//! The list of products: the equal way to what moves on the picture.

use crate::pages::{self, Tag};
use e2e::{Browser, Context, Engine, Result, Stage, Value, caused, ensure, json};

e2e::engines!(
    the_keyboard_alone_buys_from_the_list,
    the_list_gives_the_focus_back,
    the_list_marks_what_is_on_screen,
    a_page_takes_an_entry_over,
    a_list_of_what_was_missed,
    the_pill_can_be_left_out,
    a_list_that_is_not_loaded_at_once,
);

pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';

/// Where the focus is: a hotspot's id, a part, or the page's own element.
pub const FOCUS: &str = "((focus) => !focus ? document.activeElement.id : focus.dataset.hotspot ?? \
    (focus.matches('.stage') ? 'stage' : focus.getAttribute('part')))(probe.root()?.activeElement)";

/// The list's entries, as they are read aloud.
const ENTRIES: &str = "[...probe.root().querySelectorAll('[part=entry]')].map((entry) => entry.textContent.replace(/\\s+/g, ' ').replace(/ ?, ?/g, ', ').trim())";

/// Three products: the second is at two hotspots, of which the later one has the third as well.
pub fn file() -> Value {
    let rect = |id, start, end, x, more: Value| {
        let mut spot = pages::still(id, start, end, [x, 55.0, 10.0, 15.0], more);
        spot["shape"] = json!("rect");
        spot
    };
    let mut file = pages::file(vec![
        rect("lamp", 0.5, 2.0, 20.0, json!({})),
        rect("mug", 1.0, 3.0, 50.0, json!({ "products": ["mug"] })),
        rect(
            "pair",
            3.5,
            5.5,
            80.0,
            json!({ "products": ["mug", "tray"], "action": { "type": "add_to_cart" } }),
        ),
    ]);
    if let Some(products) = file["products"].as_array_mut() {
        products.push(json!({ "id": "tray", "title": "Oak tray", "price": "42.00 EUR", "description": "Oiled, by hand. ".repeat(20),
            "variants": [{ "id": "tray-s", "options": { "size": "small" } },
                         { "id": "tray-l", "options": { "size": "large" }, "availability": "out_of_stock" }] }));
    }
    file
}

pub fn open(stage: &Stage, time: f64) -> Result<()> {
    pages::open(stage, &file())?;
    let browser = &stage.browser;
    browser.wait("probe.part('product-list')")?;
    browser.js(&format!(
        "window.keys = []; document.querySelector('#player').addEventListener('keydown', \
           (event) => event.target.id !== 'v' && keys.push(event.key)); await probe.seek({time}); document.querySelector('#before').focus();"
    ))?;
    Ok(())
}

pub fn focused(browser: &Browser, wanted: &str) -> Result<()> {
    let found = e2e::until(e2e::LIMIT / 8, || {
        Ok((browser.get(FOCUS)? == wanted).then_some(()))
    })?;
    ensure!(
        found.is_some(),
        "the focus is on {}, not on {wanted:?}",
        browser.get(FOCUS)?
    );
    Ok(())
}

/// Tab, to the next element that is not the video itself: Firefox makes that a stop of its own.
pub fn tab(browser: &Browser) -> Result<()> {
    browser.press(TAB)?;
    if browser.get(FOCUS)? == "v" {
        browser.press(TAB)?;
    }
    Ok(())
}

/// Opens the list by its pill.
pub fn list(browser: &Browser) -> Result<()> {
    browser.click_on("probe.part('product-list')")?;
    browser.wait("probe.part('drawer')").map(drop)
}

/// The last event of this type that the page was shown.
fn last(browser: &Browser, name: &str) -> Result<Value> {
    let event = browser.get(&format!(
        "probe.said('vitrine:event').map(({{ detail }}) => detail).findLast(({{ type }}) => type === '{name}')"
    ))?;
    ensure!(!event.is_null(), "no {name}");
    Ok(event)
}

fn the_keyboard_alone_buys_from_the_list(stage: &mut Stage) -> Result<()> {
    open(stage, 1.5)?;
    let browser = &stage.browser;
    browser.js("document.addEventListener('vitrine:add-to-cart', (event) => { event.preventDefault(); window.taken = event.detail; });")?;
    browser.wait("probe.shown().length === 2")?;
    for wanted in ["product-list", "lamp", "mug", "after"] {
        tab(browser)?;
        focused(browser, wanted)?;
    }
    browser.js("document.querySelector('#before').focus();")?;
    tab(browser)?;
    browser.press(ENTER)?;
    browser.wait("probe.part('drawer')")?;
    focused(browser, "drawer")?;
    for wanted in ["close", "entry", "entry", "entry"] {
        tab(browser)?;
        focused(browser, wanted)?;
    }
    let listed = last(browser, "view_item_list")?;
    let ids: Vec<&Value> = listed["items"]
        .as_array()
        .context("no items")?
        .iter()
        .map(|item| &item["item_id"])
        .collect();
    ensure!(
        ids == ["lamp", "mug", "tray"] && listed["hotspot_id"].is_null(),
        "{listed}"
    );
    browser.press(ENTER)?;
    // Not added at once, though that is what a click on its hotspot does: its card opens.
    browser.wait("probe.part('card')?.querySelector('h2').textContent === 'Oak tray' && !probe.part('drawer')")?;
    browser.wait(
        "probe.shown().join() === 'pair' && Math.abs(probe.video().currentTime - 3.5) < 0.01",
    )?;
    focused(browser, "card")?;
    let (select, click, view) = (
        last(browser, "select_item")?,
        last(browser, "hotspot_click")?,
        last(browser, "view_item")?,
    );
    caused(&select, &listed)?;
    caused(&click, &select)?;
    caused(&view, &click)?;
    ensure!(
        select["items"][0]["item_id"] == "tray"
            && select["items"]
                .as_array()
                .is_some_and(|items| items.len() == 1),
        "{select}"
    );
    ensure!(
        select["value"] == 4200 && select["hotspot_id"] == "pair" && click["hotspot_id"] == "pair",
        "{select} {click}"
    );
    ensure!(
        browser.get("window.taken ?? null")?.is_null(),
        "it was added unasked"
    );
    // Beside its hotspot, where that stands after the jump.
    let near = "((card, spot) => spot.left - card.right >= 0 && spot.left - card.right < 30)\
        (probe.part('card').getBoundingClientRect(), probe.spot('pair').getBoundingClientRect())";
    browser.wait(near)?;
    let mut steps = 0;
    while browser.get(FOCUS)? != "add-to-cart" {
        tab(browser)?;
        steps += 1;
        ensure!(
            steps < 8,
            "no Tab reaches the button; the focus is on {}",
            browser.get(FOCUS)?
        );
    }
    browser.press(' ')?;
    browser.wait("window.taken?.items[0].item_variant === 'tray-s'")?;
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('card')")?;
    focused(browser, "pair")?;
    ensure!(
        browser.get("keys.length")? == 0,
        "the player got {}",
        browser.get("keys")?
    );
    Ok(())
}

fn the_list_gives_the_focus_back(stage: &mut Stage) -> Result<()> {
    open(stage, 1.5)?;
    let browser = &stage.browser;
    tab(browser)?;
    browser.press(' ')?;
    browser.wait("probe.part('drawer')")?;
    // The drawer lies where the pill was.
    ensure!(
        browser.get("probe.part('product-list').checkVisibility()")? == false,
        "the pill is still there"
    );
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('drawer')")?;
    focused(browser, "product-list")?;
    ensure!(
        browser.get("keys.length")? == 0,
        "the player got {}",
        browser.get("keys")?
    );
    list(browser)?;
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('drawer')")?;
    focused(browser, "product-list")?;
    // It does not lie over what has the focus.
    list(browser)?;
    browser.js("probe.spot('mug').focus();")?;
    browser.wait("!probe.part('drawer')")?;
    focused(browser, "mug")?;
    // Nor beside a card.
    browser.press(ENTER)?;
    browser.wait("probe.part('card')")?;
    browser.js("probe.part('product-list').click();")?;
    browser.wait("probe.part('drawer') && !probe.part('card')")?;
    ensure!(
        last(browser, "card_close")?["reason"] == "replaced",
        "{}",
        last(browser, "card_close")?
    );
    focused(browser, "drawer")?;
    let opened = browser.get("probe.said('vitrine:event').filter(({ detail }) => detail.type === 'view_item_list').length")?;
    ensure!(
        opened == 4,
        "the list was opened 4 times, told {opened} times"
    );
    Ok(())
}

fn the_list_marks_what_is_on_screen(stage: &mut Stage) -> Result<()> {
    open(stage, 1.5)?;
    let browser = &stage.browser;
    list(browser)?;
    let marked = "[...probe.root().querySelectorAll('[part=entry][aria-current=true]')].map((entry) => entry.querySelector('.title').firstChild.data).join()";
    let entries = browser.get(ENTRIES)?;
    ensure!(
        entries
            == json!([
                "Brass lamp, now €99.00 instead of €129.00, 0:00, On screen",
                "Stoneware mug, €18.50, 0:01, On screen",
                "Oak tray, €42.00, 0:03"
            ]),
        "{entries}"
    );
    for (time, wanted) in [
        (2.5, "Stoneware mug"),
        (4.0, "Stoneware mug,Oak tray"),
        (5.8, ""),
        (0.6, "Brass lamp"),
    ] {
        browser.js(&format!("await probe.seek({time});"))?;
        browser.wait(&format!("{marked} === '{wanted}'"))?;
        ensure!(
            browser.get("probe.root().activeElement?.getAttribute('part')")? == "drawer",
            "the focus left the list"
        );
    }
    // What is on screen is shown where it is: the mug's second hotspot.
    browser.js("await probe.seek(4);")?;
    browser.click_on("probe.root().querySelectorAll('[part=entry]')[1]")?;
    browser.wait("probe.part('card')")?;
    ensure!(browser.get("probe.video().currentTime")? == 4, "it jumped");
    ensure!(
        last(browser, "select_item")?["hotspot_id"] == "pair",
        "{}",
        last(browser, "select_item")?
    );
    Ok(())
}

fn a_page_takes_an_entry_over(stage: &mut Stage) -> Result<()> {
    open(stage, 0.1)?;
    let browser = &stage.browser;
    browser.js(
        "document.addEventListener('vitrine:hotspot-click', (event) => event.preventDefault());",
    )?;
    list(browser)?;
    browser.click_on("probe.root().querySelectorAll('[part=entry]')[1]")?;
    browser.wait("!probe.part('drawer') && probe.shown().includes('mug')")?;
    ensure!(
        browser.get("!probe.part('card')")? == true,
        "a card opened all the same"
    );
    focused(browser, "product-list")?;
    // A later click is its own: the hotspot's action follows again, and no card.
    browser.js("probe.dom.length = 0;")?;
    browser.click_on("probe.spot('mug')")?;
    browser
        .wait("probe.said('vitrine:hotspot-click').length === 1")
        .map(drop)
}

/// As the viewer comes back from elsewhere: with these hotspots alone, and without taking the focus.
fn a_list_of_what_was_missed(stage: &mut Stage) -> Result<()> {
    // The host is the overlay's own, for the part of it that watches over fullscreen to call. A page sees it
    // when it becomes a shop.
    let hook = "const { setPrototypeOf } = Object; Object.setPrototypeOf = (object, prototype) => \
        setPrototypeOf('equip' in object ? window.host = object : object, prototype);";
    stage.site.put("/e2e/hook.js", "text/javascript", hook);
    let tag = Tag {
        head: "<script src=\"/e2e/hook.js\"></script>",
        ..Tag::default()
    };
    pages::serve_config(stage, &file());
    stage.open_ready(&pages::serve(stage, "hooked", pages::PLAYER, &tag))?;
    let browser = &stage.browser;
    browser.wait("window.host && probe.part('product-list')")?;
    browser.js("document.querySelector('#after').focus(); await host.openList([1]);")?;
    let (title, entries) = (
        browser.get("probe.part('drawer').querySelector('h2').textContent")?,
        browser.get(ENTRIES)?,
    );
    ensure!(title == "Shown while you were away", "{title}");
    ensure!(
        entries == json!(["Stoneware mug, €18.50, 0:01"]),
        "{entries}"
    );
    focused(browser, "after")?;
    let said = browser.get("probe.root().querySelector('.box > [role=status]').textContent")?;
    ensure!(said == title, "{said}");
    browser.click_on("probe.part('entry')")?;
    browser
        .wait("probe.part('card') && probe.shown().includes('mug')")
        .map(drop)
}

fn the_pill_can_be_left_out(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &file());
    let page = pages::html(pages::PLAYER, &Tag::default()).replacen(
        "<script async",
        "<script async data-list=\"off\"",
        1,
    );
    stage
        .site
        .put("/e2e/nolist.html", "text/html; charset=utf-8", page);
    stage.open_ready("/e2e/nolist.html")?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2.5);")?;
    browser.js("probe.spot('mug').focus();")?;
    browser.press(ENTER)?;
    browser.wait("probe.part('card')")?;
    ensure!(
        browser.get("!probe.part('product-list')")? == true,
        "there is a pill"
    );
    browser.js("await probe.seek(3.2);")?;
    browser.press(ESCAPE)?;
    browser.wait("!probe.part('card')")?;
    // No hotspot, no pill, no controls: from here the next Tab still goes on after the video.
    focused(
        browser,
        if browser.engine() == Engine::Firefox {
            "v"
        } else {
            "stage"
        },
    )?;
    tab(browser)?;
    focused(browser, "after")
}

fn a_list_that_is_not_loaded_at_once(stage: &mut Stage) -> Result<()> {
    let path = "/vitrine/vitrine-list.mjs";
    stage.site.put(path, "text/html", "<!doctype html>");
    open(stage, 1.5)?;
    let browser = &stage.browser;
    browser.click_on("probe.part('product-list')")?;
    browser.wait("probe.lines().some((line) => line.includes('vitrine-list.mjs'))")?;
    ensure!(
        browser.get("!probe.part('drawer')")? == true,
        "a list out of nothing"
    );
    let dist = e2e::site()?
        .roots
        .into_iter()
        .find(|(at, _)| at == "/vitrine/");
    let (_, dist) = dist.context("no dist")?;
    let module = std::fs::read(dist.join("vitrine-list.mjs"))?;
    stage.site.put(path, "text/javascript", module);
    list(browser)
}
