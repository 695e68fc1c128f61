//! The complete card as a whole: for everyone, wrong fields, when it is loaded.

use crate::card::{is, picture, press, radio, shirt};
use crate::everyone::{axe, inject_axe, plain};
use crate::pages;
use e2e::{Engine, Result, Stage, Value, ensure, json};

e2e::engines!(
    the_complete_card_is_for_everyone,
    what_is_wrong_on_the_complete_card_is_said,
    many_variants_leave_the_buttons_in_sight,
    plain_products_load_no_more,
);

fn the_complete_card_is_for_everyone(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    for name in ["shirt", "sand", "ink", "back", "detail"] {
        picture(stage, name, "#cba");
    }
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    inject_axe(browser)?;
    browser.js_with(
        "lab.overlay = await lab.attach(probe.video(), { config: args, wishlist: async ({ type }) => ({ ok: type !== 'add_to_wishlist', reason: 'The list is full.' }) }); await probe.seek(1.5);",
        shirt(),
    )?;
    browser.wait("probe.spot('shirt')")?;
    browser.js("probe.spot('shirt').click();")?;
    browser.wait("probe.part('card')")?;
    axe(browser, "options, quantity and pictures")?;
    let named = |element: &str, role: &str, name: &str| -> Result<()> {
        let found = browser.computed(element)?;
        ensure!(
            found.0 == role && plain(&found.1) == name,
            "{element} is {found:?}, not {role} {name:?}"
        );
        Ok(())
    };
    // WebKitGTK's driver computes neither.
    if browser.engine() != Engine::WebKit {
        named(&radio("M"), "radio", "M, Sold out")?;
        named(&radio("Sand"), "radio", "Sand")?;
        named(
            "probe.root().querySelector('.option .chips')",
            "radiogroup",
            "Colour",
        )?;
        named(
            "probe.root().querySelector('.count')",
            "spinbutton",
            "Quantity",
        )?;
        named("probe.part('more')", "button", "More")?;
        named("probe.part('wishlist')", "button", "Save to wishlist")?;
    }
    // A page that cannot save it says so, and nothing is saved.
    browser.js("probe.part('wishlist').click();")?;
    is(
        browser,
        "probe.root().querySelector('.refused')?.textContent ?? ''",
        "The list is full.",
    )?;
    is(
        browser,
        "probe.part('wishlist').getAttribute('aria-pressed')",
        "false",
    )?;
    axe(browser, "a wish that was refused")?;
    browser.js("probe.part('close').click(); probe.spot('both').click();")?;
    browser.wait("probe.root().querySelector('.several')")?;
    axe(browser, "several products")?;
    // In a low picture the card scrolls, and nothing in it gives way.
    ensure!(
        browser.get("probe.root().querySelector('.several').getBoundingClientRect().bottom <= probe.root().querySelector('.head').getBoundingClientRect().top")? == true,
        "the products lie on what is below them"
    );
    browser.js("probe.part('close').click(); Object.assign(document.querySelector('#player').style, { width: '240px', height: '160px' }); await probe.frames(3); probe.spot('shirt').click();")?;
    browser.wait("probe.part('card')?.matches('.sheet')")?;
    axe(browser, "a sheet")
}

fn what_is_wrong_on_the_complete_card_is_said(stage: &mut Stage) -> Result<()> {
    let mut file = shirt();
    file["products"][2]["rating"] = json!({ "value": "4,5" });
    file["products"][0]["badges"] = json!("New");
    pages::open(stage, &file)?;
    let browser = &stage.browser;
    browser.wait("probe.said('vitrine:error').length === 1")?;
    let problems = browser.get("probe.said('vitrine:error')[0].detail.problems.map(({ severity, path }) => severity + ' ' + path).join()")?;
    ensure!(
        problems == "warning products[0].badges,error products[2].rating.value",
        "{problems}"
    );
    // All else of it is shown.
    browser.js("await probe.seek(1.5);")?;
    press(browser, "probe.spot('shirt')")?;
    browser.wait("probe.root().querySelector('.option')")?;
    ensure!(
        browser.get("probe.part('rating')")? == Value::Null,
        "a wrong rating is shown"
    );
    Ok(())
}

/// A hundred sizes and nothing else: one can be chosen and added without a search for the button.
fn many_variants_leave_the_buttons_in_sight(stage: &mut Stage) -> Result<()> {
    let mut file = pages::file(vec![pages::still(
        "lamp",
        0.0,
        6.0,
        [25.0, 30.0, 12.0, 16.0],
        json!({}),
    )]);
    let sizes: Vec<Value> = (0..100)
        .map(|size| json!({ "id": format!("s{size}"), "options": { "size": size.to_string() }, "availability": if size % 3 == 0 { "out_of_stock" } else { "in_stock" } }))
        .collect();
    file["products"][0]["variants"] = json!(sizes);
    pages::open(stage, &file)?;
    let browser = &stage.browser;
    browser.js("document.addEventListener('vitrine:add-to-cart', (event) => event.preventDefault()); await probe.seek(2);")?;
    browser.wait("probe.spot('lamp')")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.wait("getComputedStyle(probe.part('add-to-cart')).position === 'sticky'")?;
    let seen = "(() => { const card = probe.part('card').getBoundingClientRect(), button = probe.part('add-to-cart').getBoundingClientRect(); return button.bottom <= card.bottom && button.top >= card.top; })()";
    ensure!(browser.get(seen)? == true, "the button is out of sight");
    browser.js("probe.root().querySelectorAll('[part~=choice]')[50].click();")?;
    ensure!(
        browser.get(seen)? == true,
        "the button is out of sight after a choice"
    );
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("probe.said('vitrine:add-to-cart').length")?;
    let added = browser.get("probe.said('vitrine:add-to-cart')[0].detail.items[0].item_variant")?;
    ensure!(added == "s50", "{added} was added");
    Ok(())
}

fn plain_products_load_no_more(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &crate::list::file())?;
    let browser = &stage.browser;
    browser.js("await probe.seek(1.5);")?;
    press(browser, "probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    let loaded = browser.get("performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /vitrine-(card|cart)/.test(name)).join()")?;
    ensure!(loaded == "", "it loaded {loaded}");
    Ok(())
}
