//! Hotspots appear and go on time, by the times of the frames themselves.

use crate::pages::{self, FRAME, TIMES};
use e2e::{Context, Result, Stage, Value, bail, ensure, json};

e2e::engines!(
    on_time_while_playing,
    exact_while_paused,
    follows_a_jump_while_playing,
    in_a_loop_at_double_speed
);

/// The sample's time and ids.
fn sample(sample: &Value) -> Result<(f64, Vec<String>)> {
    let ids = sample[1].as_array().context("no ids")?;
    let ids = ids
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Ok((sample[0].as_f64().context("no time")?, ids))
}

/// Every frame has the hotspots of its time; next to a boundary it may have its neighbour's.
pub fn check(samples: &Value) -> Result<usize> {
    let samples = samples.as_array().context("no samples")?;
    let mut late = 0;
    for each in samples {
        let (time, shown) = sample(each)?;
        if shown == pages::due(time) {
            continue;
        }
        late += 1;
        let neighbours = [time - FRAME - 0.001, time + FRAME + 0.001];
        if !neighbours.iter().any(|time| shown == pages::due(*time)) {
            bail!(
                "at {time} s the viewer sees {shown:?}, due are {:?}",
                pages::due(time)
            );
        }
    }
    eprintln!(
        "  {} frames, {late} of them with their neighbour's hotspots",
        samples.len()
    );
    Ok(samples.len())
}

fn on_time_while_playing(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &pages::timed())?;
    let browser = &stage.browser;
    browser.js("probe.record(); await probe.play();")?;
    browser.wait("probe.video().ended")?;
    let count = check(&browser.get("probe.samples")?)?;
    ensure!(
        count > 60,
        "only {count} of the clip's 150 frames were drawn"
    );
    Ok(())
}

fn exact_while_paused(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &pages::timed())?;
    let mut times: Vec<f64> = TIMES
        .iter()
        .flat_map(|(_, start, end)| [*start, end - 0.001, *end])
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times.dedup();
    // Backwards, then forwards over every boundary. The end comes last: paused there, WebKitGTK
    // begins no other seek.
    let back: Vec<f64> = times.iter().rev().skip(1).copied().collect();
    times.splice(0..0, back);
    let answers = stage.browser.js_with(
        "const rows = []; for (const time of args) { \
           await probe.seek(time); rows.push([probe.video().currentTime, probe.shown()]); } return rows;",
        json!(times),
    )?;
    let answers = answers.as_array().context("no answers")?;
    for (asked, answer) in times.iter().zip(answers) {
        let (time, shown) = sample(answer)?;
        ensure!(
            (time - asked).abs() < FRAME,
            "asked for {asked} s, the video is at {time} s"
        );
        let due = pages::due(time);
        ensure!(
            shown == due,
            "paused at {time} s the viewer sees {shown:?}, due are {due:?}"
        );
    }
    Ok(())
}

fn follows_a_jump_while_playing(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &pages::timed())?;
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.wait("probe.video().currentTime > 0.6")?;
    browser.js(
        "const video = probe.video(); \
         const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true })); \
         video.currentTime = 3; await sought; await probe.frames(2);",
    )?;
    let shown = browser.get("[probe.video().currentTime, probe.shown()]")?;
    let (time, ids) = sample(&shown)?;
    let near = [time - 0.1, time];
    ensure!(
        near.iter().any(|time| ids == pages::due(*time)),
        "at {time} s the viewer sees {ids:?}"
    );
    // From here on, frame by frame again.
    browser.js("probe.record();")?;
    browser.wait("probe.video().ended")?;
    check(&browser.get("probe.samples")?).map(drop)
}

fn in_a_loop_at_double_speed(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &pages::timed())?;
    let browser = &stage.browser;
    browser.js(
        "const video = probe.video(); video.loop = true; video.playbackRate = 2; probe.record(); await probe.play();",
    )?;
    // Round once, and into the second round.
    browser.wait(
        "probe.samples.some(([time], row) => row > 0 && time > 3 && time < 4 && probe.samples.slice(0, row) \
           .some(([earlier]) => earlier > 5)) && (probe.video().pause(), true)",
    )?;
    check(&browser.get("probe.samples")?).map(drop)
}
