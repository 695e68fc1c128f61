//! The keyboard alone is enough, and the player's shortcuts stay the player's.

use crate::pages;
use e2e::{Result, Stage, ensure, json};

e2e::engines!(tab_goes_in_time_order, enter_and_space_open_escape_closes);

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';

/// Where the focus is: a hotspot's id, a part, or the page's own element.
const FOCUS: &str = "(probe.root()?.activeElement?.closest('[data-hotspot]')?.dataset.hotspot \
    ?? probe.root()?.activeElement?.closest('[part]')?.getAttribute('part') ?? document.activeElement.id)";

/// Hotspots whose order in the file is not that of their times.
fn open(stage: &Stage) -> Result<()> {
    let spot = |id, start, x| {
        pages::still(
            id,
            start,
            6.0,
            [x, 50.0, 10.0, 15.0],
            json!({ "shape": "rect" }),
        )
    };
    let config = pages::file(vec![
        spot("third", 1.0, 20.0),
        spot("first", 0.2, 80.0),
        spot("second", 0.6, 50.0),
    ]);
    pages::open(stage, &config)?;
    stage.browser.js(
        // What the focused video itself gets is its own; what the overlay lets through is not.
        "window.keys = []; for (const type of ['keydown', 'keyup', 'keypress']) \
           document.querySelector('#player').addEventListener(type, (event) => event.target.id !== 'v' && keys.push(event.key)); \
         await probe.seek(2); document.querySelector('#before').focus();",
    )?;
    stage
        .browser
        .wait("probe.shown().length === 3 && probe.part('product-list')")
        .map(drop)
}

fn focused(stage: &Stage, wanted: &str) -> Result<()> {
    let expression = format!("{FOCUS} === '{wanted}'");
    let found = e2e::until(e2e::LIMIT / 8, || {
        Ok((stage.browser.get(&expression)? == true).then_some(()))
    })?;
    ensure!(
        found.is_some(),
        "the focus is on {}, not on {wanted:?}",
        stage.browser.get(FOCUS)?
    );
    Ok(())
}

/// Tab, to the next element that is not the video itself: Firefox makes that a stop of its own.
fn tab(stage: &Stage) -> Result<()> {
    stage.browser.press(TAB)?;
    if stage.browser.get(FOCUS)? == "v" {
        stage.browser.press(TAB)?;
    }
    Ok(())
}

fn tab_goes_in_time_order(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    for wanted in ["product-list", "first", "second", "third", "after"] {
        tab(stage)?;
        focused(stage, wanted)?;
    }
    let order = stage.browser.get("keys.length")?;
    ensure!(
        order == 0,
        "the player's element got {}",
        stage.browser.get("keys")?
    );
    Ok(())
}

fn enter_and_space_open_escape_closes(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    // The first is the list of products.
    tab(stage)?;
    for (key, wanted) in [(ENTER, "first"), (' ', "second")] {
        tab(stage)?;
        focused(stage, wanted)?;
        browser.press(key)?;
        browser.wait("probe.part('card')")?;
        ensure!(
            browser.get("!!probe.root().activeElement?.closest('[part=card]')")? == true,
            "the focus is not in the card, but on {}",
            browser.get(FOCUS)?
        );
        ensure!(
            browser.get("probe.video().paused")? == true,
            "the key reached the player"
        );
        browser.press(ESCAPE)?;
        browser.wait("!probe.part('card')")?;
        focused(stage, wanted)?;
    }
    let clicks = browser
        .get("probe.said('vitrine:hotspot-click').map(({ detail }) => detail.hotspot_id).join()")?;
    ensure!(clicks == "first,second", "clicks were told for {clicks}");
    ensure!(
        browser.get("keys.length")? == 0,
        "the player's element got {}",
        browser.get("keys")?
    );
    Ok(())
}
