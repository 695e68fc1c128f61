//! When something is wrong the video plays, and the console says in one line what to do.

use crate::pages::{self, Tag};
use e2e::{Context, Result, Stage, Value, ensure, json};
use std::net::TcpListener;
use xtask::server::{Options, Script, Server};

e2e::engines!(
    no_config,
    config_that_is_no_json,
    config_of_a_newer_version,
    a_bad_hotspot_among_good_ones,
    a_video_that_comes_later,
    a_collector_that_is_down,
    a_collector_that_comes_back,
    a_server_that_hangs_up,
);

fn spot(id: &str) -> Value {
    pages::still(
        id,
        0.0,
        6.0,
        [30.0, 40.0, 12.0, 16.0],
        json!({ "shape": "rect" }),
    )
}

/// The video plays on, and there is this one line on the console, with all of these words.
pub fn one_line(stage: &Stage, words: &[&str]) -> Result<()> {
    let browser = &stage.browser;
    browser.wait("probe.lines().length")?;
    browser.js("await probe.play();")?;
    browser.wait("probe.video().currentTime > 0.3")?;
    let lines = browser.get("probe.lines()")?;
    let lines = lines.as_array().context("no lines")?;
    ensure!(lines.len() == 1, "{} console lines: {lines:?}", lines.len());
    let line = lines[0].as_str().unwrap_or_default();
    ensure!(
        line.starts_with("vitrine: ") && !line.contains('\n'),
        "the line is {line:?}"
    );
    for word in words {
        ensure!(
            line.contains(word),
            "the line does not say {word:?}: {line:?}"
        );
    }
    let log = browser.log()?;
    let log: Vec<&String> = log
        .iter()
        .filter(|line| line.contains("vitrine: "))
        .collect();
    ensure!(log.len() <= 1, "the browser's log has {log:?}");
    let errors = browser.get("probe.errors")?;
    ensure!(
        errors.as_array().is_some_and(Vec::is_empty),
        "errors: {errors}"
    );
    Ok(())
}

/// The page was told too, with the console's words.
pub fn told(stage: &Stage, problems: bool) -> Result<()> {
    let browser = &stage.browser;
    let events = browser.get("probe.said('vitrine:error')")?;
    let events = events.as_array().context("no list")?;
    ensure!(events.len() == 1, "{} vitrine:error", events.len());
    let detail = &events[0]["detail"];
    ensure!(
        detail["message"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "no message: {detail}"
    );
    let list = detail["problems"].as_array().context("no problems")?;
    ensure!(list.is_empty() != problems, "problems: {list:?}");
    Ok(())
}

fn no_config(stage: &mut Stage) -> Result<()> {
    let tag = Tag {
        config: "/e2e/missing.json",
        ..Tag::default()
    };
    stage.open(&pages::serve(stage, "missing", pages::PLAYER, &tag))?;
    one_line(stage, &["/e2e/missing.json", "404"])?;
    told(stage, false)?;
    ensure!(
        stage
            .browser
            .get("document.querySelectorAll('vitrine-overlay').length")?
            == 0,
        "an overlay without hotspots"
    );
    Ok(())
}

fn config_that_is_no_json(stage: &mut Stage) -> Result<()> {
    stage.site.put(
        "/e2e/made.json",
        "application/json",
        "<!doctype html><p>Not found",
    );
    stage.open(&pages::serve(
        stage,
        "nojson",
        pages::PLAYER,
        &Tag::default(),
    ))?;
    one_line(stage, &["/e2e/made.json", "JSON"])?;
    told(stage, false)
}

fn config_of_a_newer_version(stage: &mut Stage) -> Result<()> {
    let mut config = pages::file(vec![spot("lamp")]);
    config["version"] = json!(2);
    pages::serve_config(stage, &config);
    stage.open(&pages::serve(
        stage,
        "newer",
        pages::PLAYER,
        &Tag::default(),
    ))?;
    one_line(stage, &["version", "2"])?;
    told(stage, true)
}

fn a_bad_hotspot_among_good_ones(stage: &mut Stage) -> Result<()> {
    let mut bad = spot("bad");
    bad["shape"] = json!("elipse");
    pages::open(stage, &pages::file(vec![spot("one"), bad, spot("two")]))?;
    one_line(stage, &["hotspots[1].shape", "elipse", "ellipse"])?;
    told(stage, true)?;
    let shown = stage.browser.get("probe.shown().join()")?;
    ensure!(shown == "one,two", "the viewer sees {shown}");
    Ok(())
}

fn a_video_that_comes_later(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &pages::file(vec![spot("lamp")]));
    let body = "<div id=\"player\" class=\"box\"></div>";
    stage.open(&pages::serve(stage, "later", body, &Tag::default()))?;
    let browser = &stage.browser;
    browser.wait("probe.lines().length")?;
    browser.js(
        "const video = document.createElement('video'); \
         Object.assign(video, { id: 'v', src: '/e2e/clip.webm', muted: true, playsInline: true, preload: 'auto' }); \
         document.querySelector('#player').append(video);",
    )?;
    browser.wait("probe.said('vitrine:ready').length === 1")?;
    one_line(stage, &["#v"])?;
    browser.wait("probe.shown().join() === 'lamp'")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')").map(drop)
}

/// Plays and clicks on a page whose collector nobody listens at: its site and its port.
fn without_a_collector(stage: &Stage) -> Result<(Server, u16)> {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let address = format!("http://127.0.0.1:{port}");
    let site = Server::start(Options {
        csp: Some(e2e::policy(&address)),
        ..e2e::site()?
    })?;
    let tag = Tag {
        collector: &format!("{address}/events"),
        ..Tag::default()
    };
    site.put(
        "/e2e/down.html",
        "text/html; charset=utf-8",
        pages::html(pages::PLAYER, &tag),
    );
    let config = pages::file(vec![spot("lamp")]);
    site.put("/e2e/made.json", "application/json", config.to_string());
    stage.check_policy()?;
    let browser = &stage.browser;
    browser.goto(&site.url("/e2e/down.html"))?;
    browser.wait("probe.said('vitrine:ready').length")?;
    browser.js("await probe.play();")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    Ok((site, port))
}

/// The console says so once, however often it is tried.
fn a_collector_that_is_down(stage: &mut Stage) -> Result<()> {
    let (site, _) = without_a_collector(stage)?;
    one_line(stage, &["collector"])?;
    stage.browser.js("vitrine.track('one_more');")?;
    stage.browser.wait("probe.video().ended")?;
    one_line(stage, &["collector"])?;
    drop(site);
    Ok(())
}

fn a_collector_that_comes_back(stage: &mut Stage) -> Result<()> {
    let (site, port) = without_a_collector(stage)?;
    // The first batch has been tried, in vain, when the video is over.
    stage.browser.wait("probe.video().ended")?;
    let collector = Server::start(Options {
        port,
        ..Options::default()
    })?;
    let came = collector.wait_until(e2e::LIMIT, |events| {
        events.iter().any(|event| event["type"] == "end")
    });
    let view: Vec<Value> = collector.events();
    ensure!(
        came,
        "the collector that came back has {:?}",
        e2e::types(&view)
    );
    e2e::check_seq(&view)?;
    e2e::one(&view, "hotspot_click")?;
    drop(site);
    Ok(())
}

/// A collector that answers 503, then takes a batch and hangs up: all of it comes again, by the same ids.
fn a_server_that_hangs_up(stage: &mut Stage) -> Result<()> {
    pages::serve_config(stage, &pages::file(vec![spot("lamp")]));
    let path = pages::serve(stage, "hangs", pages::PLAYER, &Tag::default());
    stage.site.script(Script::status(503, 1));
    stage.site.script(Script {
        keep: true,
        ..Script::status(0, 1)
    });
    stage.open_ready(&path)?;
    stage.browser.js("await probe.play();")?;
    stage.browser.click_on("probe.spot('lamp')")?;
    let answered = e2e::until(e2e::LIMIT, || {
        let last = stage
            .site
            .requests()
            .into_iter()
            .rfind(|line| line.starts_with("POST /events"));
        Ok(last.filter(|line| line.ends_with(" 204")))
    })?;
    ensure!(
        answered.is_some(),
        "the requests: {:?}",
        stage.site.requests()
    );
    stage.view(&stage.view_id()?, "hotspot_click")?;
    let batches = stage.site.batches();
    let ids = |index: usize| -> Vec<Value> {
        let events = batches
            .get(index)
            .and_then(|batch| batch.body["events"].as_array());
        events
            .into_iter()
            .flatten()
            .map(|event| event["id"].clone())
            .collect()
    };
    let (lost, again) = (ids(0), ids(1));
    ensure!(
        !lost.is_empty() && again.starts_with(&lost),
        "sent {lost:?}, then {again:?}"
    );
    Ok(())
}
