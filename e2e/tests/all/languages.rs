//! Words, direction and prices in the viewer's language, of which only the one in use is loaded.

use crate::list::{file, list};
use crate::pages::{self, PLAYER, Tag};
use e2e::{Result, Stage, Value, ensure, json};

e2e::engines!(
    the_language_of_the_page,
    the_file_s_language_and_words,
    from_right_to_left,
    a_language_that_is_not_built_in,
    another_language_with_another_file,
    words_that_cannot_be_loaded,
);

/// Opens a page with these attributes of `<html>` and of the video's box.
fn open(stage: &Stage, html: &str, player: &str, config: &Value) -> Result<()> {
    pages::serve_config(stage, config);
    let body = PLAYER.replacen("<div ", &format!("<div {player} "), 1);
    let page = pages::html(&body, &Tag::default()).replacen(
        "<html lang=\"en\"",
        &format!("<html {html}"),
        1,
    );
    stage
        .site
        .put("/e2e/tongue.html", "text/html; charset=utf-8", page);
    let before = stage.site.requests().len();
    stage.open_ready("/e2e/tongue.html")?;
    stage.browser.js("await probe.seek(1.5);")?;
    stage
        .browser
        .wait("probe.part('product-list') && probe.spot('lamp')")?;
    // Once the words are there, the shop does what waited for it.
    stage.browser.wait("probe.said('vitrine:event').length")?;
    let loaded: Vec<String> = stage
        .site
        .requests()
        .split_off(before)
        .into_iter()
        .filter(|line| line.contains("/strings/"))
        .collect();
    ensure!(
        loaded.len() <= 1,
        "more than one language was loaded: {loaded:?}"
    );
    Ok(())
}

/// What the overlay says, in a few places.
fn says(stage: &Stage, pill: &str, locale: &str, button: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.js("probe.spot('lamp').click();")?;
    browser.wait("probe.part('card')")?;
    let found = browser.get("[probe.part('product-list').getAttribute('aria-label'), probe.spot('lamp').getAttribute('aria-label'), \
        probe.part('card').querySelector('.price b').textContent, probe.part('add-to-cart').textContent]")?;
    // By the browser's own Intl, as their data differ.
    let price = browser.get(&format!(
        "new Intl.NumberFormat('{locale}', {{ style: 'currency', currency: 'EUR' }}).format(99)"
    ))?;
    let number = browser.get(&format!("new Intl.NumberFormat('{locale}').format(3)"))?;
    let pill = pill.replace('3', number.as_str().unwrap_or_default());
    let label = format!("lamp, {}", price.as_str().unwrap_or_default());
    ensure!(
        found == json!([pill, label, price, button]),
        "it says {found}"
    );
    browser.js("probe.part('close').click();")?;
    browser.wait("!probe.part('card')").map(drop)
}

fn the_language_of_the_page(stage: &mut Stage) -> Result<()> {
    open(stage, "lang=\"de-AT\"", "", &file())?;
    says(
        stage,
        "3 Produkte in diesem Video",
        "de-AT",
        "In den Warenkorb",
    )?;
    // What is nearest to the video counts, as content management systems write it too.
    open(stage, "lang=\"de\"", "lang=\"fr_FR\"", &file())?;
    says(
        stage,
        "3 produits dans cette vidéo",
        "fr-FR",
        "Ajouter au panier",
    )?;
    open(stage, "lang=\"nl\"", "", &file())?;
    says(stage, "3 producten in deze video", "nl", "In winkelwagen")?;
    open(stage, "lang=\"es\"", "", &file())?;
    says(
        stage,
        "3 productos en este vídeo",
        "es",
        "Añadir al carrito",
    )?;
    open(stage, "", "", &file())?;
    says(stage, "3 products in this video", "en", "Add to cart")?;
    let loaded = stage
        .site
        .requests()
        .iter()
        .filter(|line| line.contains("/strings/"))
        .count();
    ensure!(
        loaded == 4,
        "{loaded} languages were loaded, of four pages that need one"
    );
    Ok(())
}

fn the_file_s_language_and_words(stage: &mut Stage) -> Result<()> {
    let mut config = file();
    config["locale"] = json!("de");
    config["strings"] =
        json!({ "add_to_cart": "Mitnehmen", "count_other": "{n} Stücke", "buy_now": "  " });
    open(stage, "lang=\"fr\"", "", &config)?;
    says(stage, "3 Stücke", "de", "Mitnehmen")?;
    let browser = &stage.browser;
    ensure!(
        browser.get("probe.root().querySelector('.box').lang")? == "de",
        "the box has another language"
    );
    list(browser)?;
    ensure!(
        browser.get("probe.part('close').getAttribute('aria-label')")? == "Schließen",
        "the list's words are others"
    );
    Ok(())
}

/// The first of the list's column, and the pill, are at the left edge of the video; `end` says at which.
fn sides(stage: &Stage, left: bool) -> Result<()> {
    let browser = &stage.browser;
    let gap = |part: &str| {
        browser.get(&format!(
        "((part, video) => {} < 30)(probe.part('{part}').getBoundingClientRect(), probe.video().getBoundingClientRect())",
        if left { "part.left - video.left" } else { "video.right - part.right" }
    ))
    };
    ensure!(
        gap("product-list")? == true,
        "the pill is on the other side"
    );
    list(browser)?;
    ensure!(gap("drawer")? == true, "the list is on the other side");
    let order = browser.get("((picture, time) => picture.left < time.left)(probe.part('entry').firstChild.getBoundingClientRect(), probe.part('entry').lastChild.getBoundingClientRect())")?;
    ensure!(order == !left, "an entry is laid out the wrong way");
    browser.js("probe.part('close').click();")?;
    Ok(())
}

fn from_right_to_left(stage: &mut Stage) -> Result<()> {
    // The language's own direction, whatever the page's is.
    let mut config = file();
    config["locale"] = json!("ar");
    open(stage, "lang=\"en\"", "", &config)?;
    says(stage, "3 منتجات في هذا الفيديو", "ar", "أضف إلى السلة")?;
    sides(stage, true)?;
    // The hotspots and the card are where the picture has them: the pointer is a matter of places.
    let browser = &stage.browser;
    browser.js("probe.spot('lamp').click();")?;
    browser.wait("probe.part('card')")?;
    let beside = "((card, spot) => card.left - spot.right >= 0 && card.left - spot.right < 30 && probe.part('card').matches('.l'))\
        (probe.part('card').getBoundingClientRect(), probe.spot('lamp').getBoundingClientRect())";
    ensure!(
        browser.get(beside)? == true,
        "the card is not beside its hotspot"
    );
    let close = "((close, card) => close.left - card.left < 20)(probe.part('close').getBoundingClientRect(), probe.part('card').getBoundingClientRect())";
    ensure!(
        browser.get(close)? == true,
        "the close button is on the other side"
    );
    // The page's own.
    open(stage, "lang=\"ar\" dir=\"rtl\"", "", &file())?;
    sides(stage, true)?;
    open(stage, "dir=\"rtl\"", "", &file())?;
    sides(stage, true)?;
    let mut config = file();
    config["locale"] = json!("en");
    open(stage, "lang=\"ar\" dir=\"rtl\"", "", &config)?;
    sides(stage, false)
}

fn a_language_that_is_not_built_in(stage: &mut Stage) -> Result<()> {
    open(stage, "lang=\"pl\"", "", &file())?;
    // English words, with the page's prices.
    says(stage, "3 products in this video", "pl", "Add to cart")?;
    let mut config = file();
    config["strings"] = json!({ "count_few": "{n} produkty", "count_other": "{n} produktu", "add_to_cart": "Dodaj do koszyka" });
    open(stage, "lang=\"pl\"", "", &config)?;
    says(stage, "3 produkty", "pl", "Dodaj do koszyka")
}

fn another_language_with_another_file(stage: &mut Stage) -> Result<()> {
    open(stage, "lang=\"en\"", "", &file())?;
    says(stage, "3 products in this video", "en", "Add to cart")?;
    for (locale, pill, button) in [
        ("nl", "3 producten in deze video", "In winkelwagen"),
        ("en", "3 products in this video", "Add to cart"),
    ] {
        let mut config = file();
        config["locale"] = json!(locale);
        stage
            .browser
            .js_with("await vitrine.overlays[0].setConfig(args);", config)?;
        stage.browser.wait(&format!(
            "probe.part('product-list').getAttribute('aria-label') === '{pill}'"
        ))?;
        says(stage, pill, locale, button)?;
    }
    Ok(())
}

fn words_that_cannot_be_loaded(stage: &mut Stage) -> Result<()> {
    stage
        .site
        .put("/vitrine/strings/de.mjs", "text/html", "<!doctype html>");
    let opened = open(stage, "lang=\"de\"", "", &file());
    let said = says(stage, "3 products in this video", "de", "Add to cart");
    let lines = stage.browser.get("probe.lines()")?;
    opened.and(said)?;
    ensure!(
        lines.as_array().is_some_and(|lines| lines.len() == 1)
            && lines[0]
                .as_str()
                .is_some_and(|line| line.contains("\"de\"") && line.contains("dist/")),
        "the console says {lines}"
    );
    Ok(())
}
