//! The page as a whole: its door, its numbers, its filters, its video.

use crate::desk::{Dashboard, text};
use e2e::{Browser, Context, Result, Value, ensure, json};

/// Opens the page anew, and waits until all of its figures are there.
pub fn open(browser: &Browser, address: &str) -> Result<()> {
    browser.goto("about:blank")?;
    browser.goto(address)?;
    shown(browser)
}

/// Waits until all figures are there.
pub fn shown(browser: &Browser) -> Result<()> {
    browser.wait("document.body.dataset.shown === (location.search || '?')")?;
    Ok(())
}

/// What a tile says.
pub fn tile(browser: &Browser, name: &str) -> Result<String> {
    let text = browser.get(&format!(
        "document.querySelector('#tile-overview-{name}').textContent"
    ))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// `1,234`
pub fn grouped(number: &Value) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The tiles say what the command line says.
fn same_overview(browser: &Browser, found: &Value) -> Result<()> {
    let row = &found["rows"][0];
    let (clicked, views) = (grouped(&row["clicked_views"]), grouped(&row["impressions"]));
    let impressions = tile(browser, "impressions")?;
    ensure!(impressions.contains(&views), "{impressions}: not {views}");
    // Of two tenths that are as near JavaScript takes the larger, Rust the even one.
    let percent = |name: &str| {
        row[name]
            .as_f64()
            .map_or(f64::NAN, |rate| (rate * 100.0).next_up())
    };
    let words = format!(
        "{:.1} %[{:.1}–{:.1}], {clicked} of {views}",
        percent("ctr"),
        percent("ctr_low"),
        percent("ctr_high")
    );
    let ctr = tile(browser, "ctr")?;
    ensure!(ctr.contains(&words), "{ctr}: not {words}");
    Ok(())
}

/// Nobody else.
pub fn the_token_lets_in(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    browser.goto(dashboard.bare())?;
    browser.wait("!document.querySelector('#door').hidden")?;
    let status = "(async () => (await fetch('api/figure/overview', { headers: { authorization: 'Bearer ' + 'x'.repeat(32) } })).status)()";
    ensure!(
        browser.js(&format!("return await {status};"))? == 401,
        "another token was let in"
    );
    let wrong = "document.querySelector('#door input').value = 'wrong'; document.querySelector('#door button').click();";
    browser.js(wrong)?;
    browser.wait("document.querySelector('#door-words').textContent.includes('another one')")?;
    ensure!(
        browser.get("document.querySelector('#desk').hidden")? == true,
        "the desk is open"
    );
    open(browser, &dashboard.address)?;
    ensure!(
        browser.get("location.hash")? == "",
        "the token stays in the address"
    );
    // A tab that was let in once needs no token in its address.
    open(browser, dashboard.bare())
}

/// By the address, by hand, and back.
pub fn numbers_and_filters(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    same_overview(browser, &dashboard.figure(&["overview"])?)?;
    let found = dashboard.figure(&[
        "overview",
        "--device",
        "phone",
        "--from",
        "2026-03-10",
        "--to",
        "2026-03-20",
    ])?;
    open(
        browser,
        &dashboard.with("device=phone&from=2026-03-10&to=2026-03-20"),
    )?;
    same_overview(browser, &found)?;
    let fields = "['device', 'from'].map((name) => document.querySelector(`[name=${name}]`).value)";
    ensure!(
        browser.get(fields)? == json!(["phone", "2026-03-10"]),
        "the form says something else"
    );
    // By hand: the address follows, and one can go back.
    browser.js("const field = document.querySelector('[name=device]'); field.value = 'desktop'; field.dispatchEvent(new Event('change', { bubbles: true }));")?;
    browser.wait("location.search.includes('device=desktop')")?;
    shown(browser)?;
    let found = dashboard.figure(&[
        "overview",
        "--device",
        "desktop",
        "--from",
        "2026-03-10",
        "--to",
        "2026-03-20",
    ])?;
    same_overview(browser, &found)?;
    browser.js("history.back();")?;
    browser.wait("location.search.includes('device=phone')")?;
    shown(browser)
}

/// What is under the video is of its second.
pub fn the_video_and_its_curves(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    browser.wait("document.querySelector('video').readyState > 0")?;
    browser.wait("document.querySelectorAll('.curves svg').length === 2")?;
    // A click in the middle of the curves seeks to the middle of the video.
    browser.click_on("document.querySelector('.curves')")?;
    browser.wait("Math.abs(document.querySelector('video').currentTime / document.querySelector('video').duration - 0.5) < 0.1")?;
    let found = dashboard.figure(&["overview", "--by", "video"])?;
    let video = text(&found["rows"][0], "dimension").to_owned();
    let rows = dashboard.figure(&["retention", "--video", &video])?;
    let second = browser.get("Math.floor(document.querySelector('video').currentTime)")?;
    let row = rows["rows"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["at_second"] == second));
    let row = row.context("no such second")?;
    let words = format!(
        "{} of {} views",
        grouped(&row["watching_views"]),
        grouped(&row["started_views"])
    );
    browser.wait(&format!(
        "document.querySelector('.said').textContent.includes({})",
        json!(words)
    ))?;
    // The playhead follows the video.
    let place = "new DOMMatrix(document.querySelector('.playhead').style.transform).e";
    let before = browser.get(place)?.as_f64().unwrap_or_default();
    browser.js(
        "const video = document.querySelector('video'); video.muted = true; await video.play();",
    )?;
    browser.wait(&format!("{place} > {before} + 2"))?;
    browser.js("document.querySelector('video').pause();")?;
    Ok(())
}

/// What comes in while one looks.
pub fn live(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    browser.js("document.querySelector('#live').click();")?;
    let before = tile(browser, "impressions")?;
    dashboard.add_segment()?;
    let changed = "document.querySelector('#tile-overview-impressions').textContent !== ";
    browser.wait(&format!("{changed}{}", json!(before)))?;
    same_overview(browser, &dashboard.figure(&["overview"])?)?;
    browser.js("document.querySelector('#live').click();")?;
    Ok(())
}

/// It stands in the curve of HCTR, and one can go there by a key.
pub fn the_optimum_length(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["optimum_length"])?;
    let row = found["rows"].as_array().and_then(|rows| {
        rows.iter()
            .find(|row| row["optimum_length"].as_u64().is_some())
    });
    let row = row.context("no video has an optimum length")?;
    let second = row["optimum_length"].as_u64().unwrap_or_default();
    let words = format!("{}:{:02}", second / 60, second % 60);
    open(
        browser,
        &dashboard.with(&format!("video={}", text(row, "video"))),
    )?;
    let chart = "document.querySelectorAll('.curves svg')[1]";
    let said = browser.get(&format!("{chart}.getAttribute('aria-label')"))?;
    let label = format!("optimum length {words}");
    ensure!(
        said.as_str().is_some_and(|said| said.ends_with(&label)),
        "{said}: not {label}"
    );
    let drawn = format!(
        "[...{chart}.querySelectorAll('text')].some((text) => text.textContent === {}) && {chart}.querySelector('.note line')",
        json!(label)
    );
    ensure!(
        !browser.get(&format!("({drawn}) ? 1 : null"))?.is_null(),
        "the optimum length is not drawn"
    );
    // The line is where a playhead at this second is.
    browser.js("document.querySelectorAll('.jump')[1].focus();")?;
    browser.press('\u{e007}')?;
    browser.wait(&format!(
        "document.querySelector('.said').textContent.startsWith({})",
        json!(words)
    ))?;
    let apart = browser.get(&format!(
        "Math.abs({chart}.querySelector('.note line').getBoundingClientRect().x - document.querySelector('.playhead').getBoundingClientRect().x)"
    ))?;
    ensure!(
        apart.as_f64().is_some_and(|apart| apart < 3.0),
        "the line is {apart} px from the playhead"
    );
    Ok(())
}
