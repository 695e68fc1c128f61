//! What a shop sets is what a viewer sees: colours, light and dark, the demo's looks.

use crate::pages::{self, PLAYER, Tag};
use e2e::{Context, Result, Stage, Value, ensure, json};

e2e::engines!(
    text_on_any_accent,
    light_and_dark_as_the_page,
    names_of_the_page_s_own,
    the_demo_s_looks,
    the_demo_s_switch,
);

const RIGHT: char = '\u{e014}';
/// WCAG 2.2, 1.4.3.
const AA: f64 = 4.5;

/// Sets properties of the overlay as a page's style sheet does. `style-src 'self'` lets a script do so.
const SHEET: &str = "window.wear = (text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); \
    document.adoptedStyleSheets = [sheet]; };";

/// A page whose overlay has its card open.
fn open_card(stage: &Stage) -> Result<()> {
    let spot = pages::still(
        "lamp",
        0.0,
        6.0,
        [25.0, 40.0, 12.0, 16.0],
        json!({ "shape": "rect" }),
    );
    pages::serve_config(stage, &pages::file(vec![spot]));
    let tag = Tag {
        head: "<script src=\"/e2e/contrast.js\"></script>",
        ..Tag::default()
    };
    stage.open_ready(&pages::serve(stage, "look", PLAYER, &tag))?;
    let browser = &stage.browser;
    browser.js(SHEET)?;
    browser.js("await probe.seek(1.0);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    // A transition would show a colour between two.
    browser
        .js("await Promise.allSettled(probe.part('card').getAnimations({ subtree: true }).map(({ finished }) => finished));")
        .map(drop)
}

/// The red, green, blue and alpha behind a part.
fn ground(stage: &Stage, part: &str) -> Result<Value> {
    stage.browser.get(&format!(
        "contrast.pixel(contrast.ground(probe.part('{part}')))"
    ))
}

fn text_on_any_accent(stage: &mut Stage) -> Result<()> {
    open_card(stage)?;
    // All hues in light, middle and dark, greys close to where white gives way to black, and every way to write a colour.
    let measured = stage.browser.js(
        "const accents = ['#2b3bff', '#d4ff3a', 'red', 'rebeccapurple', 'hotpink', 'oklch(0.62 0.2 30)', 'oklch(0.62 0.2 150)', \
           'lab(49.5 60 20)', 'lab(49.5 -50 20)', 'color(display-p3 0 0.55 0)', 'rgb(0 123 255)', 'light-dark(#ffd400, #5b21b6)']; \
         for (let grey = 108; grey < 130; grey++) accents.push(`rgb(${grey} ${grey} ${grey})`); \
         for (let hue = 0; hue < 360; hue += 15) for (const light of [30, 40, 45, 50, 55, 60, 80]) accents.push(`hsl(${hue} 90% ${light}%)`); \
         const button = probe.part('add-to-cart'), least = []; \
         for (const accent of accents) for (const scheme of ['light', 'dark']) { \
           wear(`:root { color-scheme: ${scheme} } vitrine-overlay { --vitrine-accent: ${accent} }`); \
           least.push([contrast.text(button), accent, scheme, getComputedStyle(button).backgroundColor]); } \
         wear(''); least.push([contrast.text(button), 'none']); \
         const grounds = new Set(least.map((row) => row[3])); \
         return { least: least.sort((a, b) => a[0] - b[0])[0], count: least.length, grounds: grounds.size };",
    )?;
    let least = measured["least"][0].as_f64().context("no contrast")?;
    ensure!(least >= AA, "the text on an accent: {measured}");
    let seen = measured["grounds"].as_u64().context("no count")?;
    ensure!(seen > 150, "the accents were not all painted: {measured}");
    Ok(())
}

fn light_and_dark_as_the_page(stage: &mut Stage) -> Result<()> {
    open_card(stage)?;
    let browser = &stage.browser;
    let (light, dark) = (json!([255, 255, 255, 255]), json!([28, 30, 35, 255]));
    for (css, expected) in [
        ("", &light),
        (":root { color-scheme: dark }", &dark),
        (":root { color-scheme: light }", &light),
        ("#player { color-scheme: dark }", &dark),
        ("vitrine-overlay { color-scheme: dark }", &dark),
        (
            ":root { color-scheme: light; --vitrine-color-scheme: dark }",
            &dark,
        ),
    ] {
        browser.js(&format!("wear('{css}');"))?;
        let found = ground(stage, "card")?;
        ensure!(found == *expected, "{css:?}: the card is {found}");
        for part in [
            "title",
            "brand",
            "price",
            "add-to-cart",
            "buy-now",
            "view-product",
        ] {
            let ratio = browser.get(&format!("contrast.text(probe.part('{part}'))"))?;
            let ratio = ratio.as_f64().context("no contrast")?;
            ensure!(ratio >= AA, "{css:?}: {part} has {ratio:.2} to 1");
        }
    }
    Ok(())
}

/// A page may call its own colours what the overlay calls its own within, and hand them on.
fn names_of_the_page_s_own(stage: &mut Stage) -> Result<()> {
    open_card(stage)?;
    let browser = &stage.browser;
    browser.js(
        "wear(':root { --accent: #0a7d3c; --surface: #fff7e0; --text: #402000; --radius: 3px } \
           vitrine-overlay { --vitrine-accent: var(--accent); --vitrine-surface: var(--surface); --vitrine-text: var(--text); \
             --vitrine-radius: var(--radius) } \
           vitrine-overlay::part(title) { text-transform: uppercase }');",
    )?;
    ensure!(
        ground(stage, "add-to-cart")? == json!([10, 125, 60, 255]),
        "the accent was lost"
    );
    ensure!(
        ground(stage, "card")? == json!([255, 247, 224, 255]),
        "the surface was lost"
    );
    let style = browser.get(
        "[getComputedStyle(probe.part('card')).borderTopLeftRadius, getComputedStyle(probe.part('title')).color, \
          getComputedStyle(probe.part('title')).textTransform]",
    )?;
    ensure!(
        style == json!(["3px", "rgb(64, 32, 0)", "uppercase"]),
        "{style}"
    );
    Ok(())
}

/// The card of the demo in one of its looks.
fn wear(stage: &Stage, query: &str) -> Result<()> {
    let browser = &stage.browser;
    stage.open_ready(&format!("/probed.html{query}"))?;
    browser.js("await probe.seek(2.8);")?;
    browser.click_on("probe.spot('bag')")?;
    browser.wait("probe.part('card')")?;
    browser.js("await new Promise((done, fail) => { const script = document.createElement('script'); \
        script.src = '/e2e/contrast.js'; script.onload = done; script.onerror = fail; document.head.append(script); }); \
        await document.fonts.ready;")
        .map(drop)
}

fn the_demo_s_looks(stage: &mut Stage) -> Result<()> {
    stage.open_demo()?;
    let mut accents = Vec::new();
    for look in ["ondine", "stade", "rosee"] {
        for colours in ["light", "dark"] {
            wear(stage, &format!("?look={look}&colours={colours}"))?;
            let worn = stage.browser.get(
                "({ checked: [...document.querySelectorAll('#looks :checked')].map(({ value }) => value), \
                    least: [['title', 'brand', 'price', 'description', 'choice', 'add-to-cart', 'buy-now', 'view-product', 'chip', 'status'] \
                        .map((part) => [contrast.text(probe.part(part)), part]), \
                      [...document.querySelectorAll('h1, .lead p, #looks label, .events h2, .product .quiet, .price .now, .price s, .count, .bottom .quiet')] \
                        .map((element) => [contrast.text(element), element.className || element.localName])].flat().sort((a, b) => a[0] - b[0])[0], \
                    fonts: [...document.fonts].filter(({ status }) => status === 'error').length })",
            )?;
            ensure!(
                worn["checked"] == json!([look, colours]),
                "{look}, {colours}: {worn}"
            );
            let least = worn["least"][0].as_f64().context("no contrast")?;
            ensure!(least >= AA, "{look}, {colours}: {worn}");
            ensure!(worn["fonts"] == 0, "{look}: a font did not load");
            let accent = ground(stage, "add-to-cart")?;
            ensure!(
                !accents.contains(&accent),
                "{look}, {colours} looks like another: {accent}"
            );
            accents.push(accent);
        }
    }
    stage.check_policy()
}

/// By keyboard or by mouse; the address remembers it.
fn the_demo_s_switch(stage: &mut Stage) -> Result<()> {
    stage.open_demo()?;
    let browser = &stage.browser;
    let chosen = "document.querySelector('#looks [name=look]:checked')";
    let page = "getComputedStyle(document.body).backgroundColor";
    let before = browser.get(page)?;
    browser.js(&format!("{chosen}.focus();"))?;
    browser.press(RIGHT)?;
    browser.wait("location.search === '?look=stade'")?;
    ensure!(browser.get(page)? != before, "the page looks as before");
    browser.press(RIGHT)?;
    browser.wait("location.search === '?look=rosee'")?;
    browser.js("document.querySelector('#looks [name=colours]:checked').focus();")?;
    browser.press(RIGHT)?;
    browser.wait("location.search === '?look=rosee&colours=light'")?;
    let worn = browser.get(page)?;
    browser.js("window.left = true; location.reload();")?;
    browser.wait(
        "!window.left && window.probe?.said('vitrine:ready').length && document.readyState === 'complete'",
    )?;
    ensure!(browser.get(page)? == worn, "the address did not remember");
    ensure!(
        browser.get(&format!("{chosen}.value"))? == "rosee",
        "the switch says another look"
    );
    browser.click_on("document.querySelector('#looks [value=ondine]')")?;
    browser
        .wait("location.search === '?colours=light'")
        .map(drop)
}
