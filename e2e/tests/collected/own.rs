//! Faults of the collector's own. Pages send to it directly, from another origin.

use crate::behind::Behind;
use crate::lab::Lab;
use e2e::{Context, Result, Stage, Value, ensure, json};
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

crate::engines!(
    all_is_well_across_origins,
    killed_and_started_again,
    told_to_stop_and_started_again,
    halted,
    an_event_that_it_refuses,
    an_event_that_it_finds_too_large,
    too_often_for_it,
    without_its_key,
    with_its_key_in_a_header,
    an_origin_that_it_does_not_know,
    its_disk_is_full,
);

const FIVE: &str = "const ids = lab.many(5); lab.line.flush(); return ids;";

/// What the outbox is opened with.
fn to(behind: &Behind) -> Value {
    json!({ "collectors": [{ "url": format!("http://{}/events", behind.collector.address) }] })
}

/// A page that sends to it.
fn opened(stage: &Stage, behind: &Behind) -> Result<Lab> {
    let lab = Lab::new()?;
    lab.open(&stage.browser, &to(behind))?;
    Ok(lab)
}

/// A collector with these settings in a file.
fn with_settings(text: &str) -> Result<Behind> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("collector.toml");
    fs::write(&file, text)?;
    Behind::on(folder, &["--config", &file.display().to_string()])
}

fn all_is_well_across_origins(stage: &mut Stage) -> Result<()> {
    let behind = Behind::start()?;
    let mut lab = opened(stage, &behind)?;
    lab.act(&stage.browser, "return lab.many(45);")?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)?;
    ensure!(
        behind.metric("events_repeated_total")? == 0,
        "it came twice"
    );
    Ok(())
}

/// The page goes on meanwhile.
fn gone_for_a_while(stage: &mut Stage, gone: impl FnOnce(Behind) -> Result<Behind>) -> Result<()> {
    let behind = Behind::start()?;
    let mut lab = opened(stage, &behind)?;
    stage.browser.js(
        "const tick = () => { lab.many(10); lab.line.flush(); if (!window.over) setTimeout(tick, 20); }; tick();",
    )?;
    sleep(Duration::from_millis(500));
    let behind = gone(behind)?;
    sleep(Duration::from_millis(500));
    lab.act(
        &stage.browser,
        "window.over = true; lab.line.flush(); return lab.made;",
    )?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)
}

fn killed_and_started_again(stage: &mut Stage) -> Result<()> {
    gone_for_a_while(stage, |behind| {
        behind.killed(Duration::from_millis(700), &[])
    })
}

fn told_to_stop_and_started_again(stage: &mut Stage) -> Result<()> {
    gone_for_a_while(stage, |behind| {
        behind.collector.signal("TERM")?;
        behind.killed(Duration::from_millis(700), &[])
    })
}

/// It answers nothing for longer than the page waits, and then what it was asked before: those are repeats.
fn halted(stage: &mut Stage) -> Result<()> {
    let behind = Behind::start()?;
    let mut lab = Lab::new()?;
    let mut options = to(&behind);
    options["collectors"][0]["timeout"] = json!(1);
    lab.open(&stage.browser, &options)?;
    behind.collector.signal("STOP")?;
    lab.act(&stage.browser, FIVE)?;
    sleep(Duration::from_millis(2_500));
    behind.collector.signal("CONT")?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)
}

/// The others are kept at once, and known when the page looks for the one at fault.
fn an_event_that_it_refuses(stage: &mut Stage) -> Result<()> {
    let behind = Behind::start()?;
    let mut lab = opened(stage, &behind)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(12); ids.push(lab.add('play', { time: 'yesterday' })); ids.push(...lab.many(27)); lab.line.flush(); return ids;",
    )?;
    ensure!(behind.arrived(&lab.made)? == 1, "one event is no event");
    lab.emptied(&stage.browser)?;
    ensure!(
        behind.metric("events_repeated_total")? > 0,
        "it was not looked for"
    );
    let mut aside = Vec::new();
    for file in fs::read_dir(behind.collector.data.join("quarantine"))? {
        let text = fs::read_to_string(file?.path())?;
        aside.extend(text.lines().map(str::to_owned));
    }
    ensure!(
        aside.len() == 1 && aside.iter().all(|line| line.contains("yesterday")),
        "put aside: {aside:?}"
    );
    Ok(())
}

fn an_event_that_it_finds_too_large(stage: &mut Stage) -> Result<()> {
    let behind = with_settings("body_bytes = 5_000")?;
    let mut lab = opened(stage, &behind)?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(19); ids.push(lab.add('huge', { words: 'x'.repeat(6000) })); ids.push(...lab.many(5)); lab.line.flush(); return ids;",
    )?;
    ensure!(behind.arrived(&lab.made)? == 1, "one event is too large");
    lab.emptied(&stage.browser)
}

/// Five requests at once, then one a second.
fn too_often_for_it(stage: &mut Stage) -> Result<()> {
    let behind = Behind::with(&["--requests-per-second", "1"])?;
    let mut lab = opened(stage, &behind)?;
    for _ in 0..8 {
        lab.act(&stage.browser, FIVE)?;
        sleep(Duration::from_millis(100));
    }
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)?;
    ensure!(
        behind.metric("rate_limited_total")? > 0,
        "it took all of them"
    );
    Ok(())
}

/// What it refused at one visit arrives at the next, when it knows the sender.
fn refused_at_first(stage: &mut Stage, settings: &str) -> Result<()> {
    let behind = with_settings(settings)?;
    let mut lab = opened(stage, &behind)?;
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    ensure!(behind.kept()?.is_empty(), "it kept what it refused");
    let behind = behind.killed(Duration::ZERO, &[])?;
    lab.open(&stage.browser, &to(&behind))?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)
}

fn without_its_key(stage: &mut Stage) -> Result<()> {
    refused_at_first(
        stage,
        "[[sites]]\nname = \"shop\"\nkey = \"a-key-of-its-own\"",
    )
}

fn an_origin_that_it_does_not_know(stage: &mut Stage) -> Result<()> {
    refused_at_first(stage, "origins = [\"https://shop.example\"]")
}

/// A header of this name is asked for first.
fn with_its_key_in_a_header(stage: &mut Stage) -> Result<()> {
    let behind = with_settings("[[sites]]\nname = \"shop\"\nkey = \"a-key-of-its-own\"")?;
    let mut lab = Lab::new()?;
    let mut options = to(&behind);
    options["collectors"][0]["headers"] = json!({ "authorization": "Bearer a-key-of-its-own" });
    lab.open(&stage.browser, &options)?;
    lab.act(&stage.browser, FIVE)?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)
}

/// A small disk of memory, which goes with this value.
struct Disk(String);

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").args(["-l", &self.0]).status());
    }
}

fn its_disk_is_full(stage: &mut Stage) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("data").display().to_string();
    fs::create_dir(&path)?;
    let mut mount = Command::new("mount");
    let mount = mount.args(["-t", "tmpfs", "-o", "size=256k", "tmpfs", &path]);
    if !mount.output()?.status.success() {
        eprintln!("skipped: mounting a tmpfs needs root");
        return Ok(());
    }
    let disk = Disk(path);
    let behind = Behind::on(folder, &[])?;
    // Taken away before its folder is.
    let disk = disk;
    let ballast = behind.collector.data.join("ballast");
    // As much as there is room for.
    drop(fs::write(&ballast, vec![0; 300_000]));
    let mut lab = opened(stage, &behind)?;
    lab.act(&stage.browser, FIVE)?;
    let refused = e2e::until(e2e::LIMIT, || {
        Ok((behind.metric("commits_failed_total")? > 0).then_some(()))
    })?;
    refused.context("the disk took events, though it is full")?;
    ensure!(
        lab.journaled(&stage.browser)? == 5,
        "the page does not keep them"
    );
    fs::remove_file(&ballast)?;
    ensure!(behind.arrived(&lab.made)? == 0, "events were dropped");
    lab.emptied(&stage.browser)?;
    drop(disk);
    Ok(())
}
