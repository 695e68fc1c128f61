//! What was watched: a seek is a seek, and progress counts what was really seen.

use crate::pages;
use e2e::{Context, Result, Stage, Value, ensure, json, one, types};

e2e::engines!(
    a_seek_is_neither_pause_nor_play,
    a_whole_film,
    a_pause_is_a_pause
);

fn open(stage: &Stage) -> Result<()> {
    pages::open(
        stage,
        &pages::file(vec![pages::still(
            "lamp",
            0.0,
            6.0,
            [30.0, 40.0, 12.0, 16.0],
            json!({}),
        )]),
    )
}

/// The view's events, once the page is left.
fn left(stage: &Stage) -> Result<Vec<Value>> {
    let view = stage.view_id()?;
    stage.open("/e2e/blank.html")?;
    stage.view(&view, "view_end")
}

fn percents(events: &[Value]) -> Vec<i64> {
    let progress = events.iter().filter(|event| event["type"] == "progress");
    progress
        .filter_map(|event| event["percent"].as_i64())
        .collect()
}

fn ranges(events: &[Value]) -> Result<Vec<(f64, f64)>> {
    let watched = one(events, "view_end")?["watched"]
        .as_array()
        .context("no watched ranges")?;
    let pair = |pair: &Value| Some((pair[0].as_f64()?, pair[1].as_f64()?));
    Ok(watched.iter().filter_map(pair).collect())
}

fn media(events: &[Value]) -> Vec<String> {
    let all = types(events);
    let kinds = ["play", "pause", "seek", "end"];
    all.into_iter()
        .filter(|name| kinds.contains(&name.as_str()))
        .collect()
}

fn a_seek_is_neither_pause_nor_play(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.wait("probe.video().currentTime > 1.4")?;
    let from = browser.js(
        "const video = probe.video(), from = video.currentTime; \
         const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true })); \
         video.currentTime = 4; await sought; return from;",
    )?;
    let from = from.as_f64().context("no time")?;
    browser.wait("probe.video().ended")?;
    let events = left(stage)?;
    ensure!(
        media(&events) == ["play", "seek", "end"],
        "{:?}",
        types(&events)
    );
    let seek = one(&events, "seek")?;
    let told = (
        seek["from"].as_f64().context("no from")?,
        seek["media_time"].as_f64().context("no time")?,
    );
    ensure!(
        (told.0 - from).abs() < 0.15 && (told.1 - 4.0).abs() < 0.05,
        "the seek is told as {told:?}, it was {from} to 4"
    );
    let watched = ranges(&events)?;
    ensure!(watched.len() == 2, "watched ranges: {watched:?}");
    let off = [
        watched[0].0,
        watched[0].1 - from,
        watched[1].0 - 4.0,
        watched[1].1 - 6.0,
    ];
    ensure!(
        off.iter().all(|seconds| seconds.abs() < 0.15),
        "watched ranges: {watched:?}, jumped at {from}"
    );
    // A second and a half, and two: more than half of six.
    ensure!(
        percents(&events) == [25, 50],
        "progress: {:?}",
        percents(&events)
    );
    Ok(())
}

fn a_whole_film(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    stage.browser.js("await probe.play();")?;
    stage.browser.wait("probe.video().ended")?;
    let events = left(stage)?;
    ensure!(media(&events) == ["play", "end"], "{:?}", types(&events));
    ensure!(
        percents(&events) == [25, 50, 75, 100],
        "progress: {:?}",
        percents(&events)
    );
    let watched = ranges(&events)?;
    let whole = watched.len() == 1 && watched[0].0 < 0.15 && watched[0].1 > 5.85;
    ensure!(whole, "watched ranges: {watched:?}");
    Ok(())
}

fn a_pause_is_a_pause(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.wait("probe.video().currentTime > 0.5")?;
    let at = browser.js("probe.video().pause(); return probe.video().currentTime;")?;
    let at = at.as_f64().context("no time")?;
    browser.wait("probe.said('vitrine:event').some(({ detail }) => detail.type === 'pause')")?;
    browser.js("await probe.play();")?;
    browser.wait(
        "probe.said('vitrine:event').filter(({ detail }) => detail.type === 'play').length === 2",
    )?;
    let events = left(stage)?;
    ensure!(
        media(&events)[..3] == ["play", "pause", "play"],
        "{:?}",
        types(&events)
    );
    let told = one(&events, "pause")?["media_time"]
        .as_f64()
        .context("no time")?;
    ensure!(
        (told - at).abs() < 0.1,
        "the pause is told at {told} s, it was at {at} s"
    );
    Ok(())
}
