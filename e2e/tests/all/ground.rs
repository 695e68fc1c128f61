//! What the other tests stand on: these engines play the clip, name its frames, and let a test
//! click, press keys and open tabs.

use e2e::{Result, Stage, ensure};

e2e::engines!(
    plays_and_names_frames,
    pointer_keys_and_tabs,
    posts_to_the_sink,
    tells_a_broken_policy
);

const CLICKS: &str = "window.clicks = []; document.addEventListener('click', (event) => \
    clicks.push([event.target.id, event.isTrusted])); \
    document.addEventListener('keydown', (event) => clicks.push([event.key, event.isTrusted]));";

fn plays_and_names_frames(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.js("probe.record(); await probe.play();")?;
    browser.wait("probe.video().ended")?;
    let frames = browser.get("probe.samples.map(([time]) => time)")?;
    let frames: Vec<f64> = frames
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|time| time.as_f64())
        .collect();
    ensure!(
        frames.len() > 60,
        "{} of 150 frames were named",
        frames.len()
    );
    ensure!(frames.is_sorted(), "times go back: {frames:?}");
    let last = frames.last().copied().unwrap_or_default();
    ensure!(last > 5.5, "the last frame named is at {last}");
    Ok(())
}

fn pointer_keys_and_tabs(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.js(CLICKS)?;
    browser.click_on("document.querySelector('#other')")?;
    browser.press('x')?;
    browser.click_on("probe.video()")?;
    let seen = browser.wait("clicks.length === 3 && JSON.stringify(clicks)")?;
    ensure!(
        seen == r#"[["other",true],["x",true],["v",true]]"#,
        "{seen}"
    );
    browser.in_new_tab(|tab| {
        tab.goto(&stage.site.url("/e2e/blank.html?tab"))?;
        ensure!(
            tab.get("location.search")? == "?tab",
            "the tab is another page"
        );
        Ok(())
    })?;
    ensure!(
        browser.get("location.search")? == "",
        "the first tab is another page"
    );
    Ok(())
}

fn posts_to_the_sink(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage.browser.js(
        "navigator.sendBeacon('/events', JSON.stringify({ schema: 'vitrine/1', events: [{ id: 'a', type: 'play' }] }));",
    )?;
    stage.collected("the beacon", |events| events.len() == 1)?;
    Ok(())
}

/// That no other test reports a violation means something only if this one does.
fn tells_a_broken_policy(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage
        .browser
        .js("document.body.setAttribute('style', 'color: red');")?;
    stage.browser.wait("probe.violations.length")?;
    ensure!(stage.check_policy().is_err(), "a violation was not told");
    stage.browser.js("probe.violations.length = 0;").map(drop)
}
