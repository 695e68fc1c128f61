//! What collectors answer, or do not.

use crate::lab::{Lab, opened};
use e2e::{Engine, Result, Stage, Value, ensure, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use xtask::server::{Rule, Script};

crate::engines!(
    all_is_well,
    away_for_a_while,
    asked_to_wait,
    every_2xx,
    moved,
    too_large,
    poisoned,
    locked_out,
    hung,
    answer_lost,
    half_an_answer,
    hangs_up,
    preflight_refused,
    blocked_by_the_policy,
);

const FIVE: &str = "const ids = lab.many(5); lab.line.flush(); return ids;";

fn all_is_well(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(&stage.browser, "return lab.many(45);")?;
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)
}

fn away_for_a_while(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script::status(503, 3));
    lab.act(&stage.browser, FIVE)?;
    // The third retry waits up to eight seconds, and on a busy machine Firefox takes its time, too.
    lab.settle_within(Duration::from_secs(90))?;
    lab.check_once()?;
    lab.emptied(&stage.browser)?;
    ensure!(
        lab.answers() == ["503", "503", "503", "204"],
        "answers: {:?}",
        lab.answers()
    );
    Ok(())
}

/// A time as HTTP writes it.
fn http_date(in_seconds: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let at = now.as_secs() + in_seconds;
    let (days, rest) = (at / 86_400, at % 86_400);
    // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (
        doy - (153 * mp + 2) / 5 + 1,
        if mp < 10 { mp + 3 } else { mp - 9 },
    );
    let year = yoe + era * 400 + u64::from(month <= 2);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let name = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][(month - 1) as usize];
    format!(
        "{weekday}, {day:02} {name} {year} {:02}:{:02}:{:02} GMT",
        rest / 3_600,
        rest % 3_600 / 60,
        rest % 60
    )
}

fn asked_to_wait(stage: &mut Stage) -> Result<()> {
    for (seconds, least) in [(true, 2.0), (false, 1.5), (true, 0.0)] {
        let header = match (seconds, least > 0.0) {
            (_, false) => None,
            (true, _) => Some("2".to_owned()),
            (false, _) => Some(http_date(3)),
        };
        let mut lab = opened(stage, &json!({}))?;
        let script = Script {
            retry_after: header.clone(),
            ..Script::status(429, 1)
        };
        lab.site.script(script);
        let started = Instant::now();
        lab.act(&stage.browser, FIVE)?;
        lab.settle()?;
        lab.check_once()?;
        let waited = started.elapsed().as_secs_f64();
        ensure!(
            waited >= least && waited < 6.0,
            "after {header:?} it waited {waited} s"
        );
    }
    Ok(())
}

fn every_2xx(stage: &mut Stage) -> Result<()> {
    for status in [200, 202, 204] {
        let mut lab = opened(stage, &json!({}))?;
        lab.site.script(Script::status(status, 1));
        lab.act(&stage.browser, FIVE)?;
        lab.settle()?;
        lab.emptied(&stage.browser)?;
        ensure!(
            lab.answers() == [status.to_string()],
            "answers: {:?}",
            lab.answers()
        );
    }
    Ok(())
}

/// A POST that is sent elsewhere by 302 becomes a GET, with nothing in it; one by 307 stays one.
fn moved(stage: &mut Stage) -> Result<()> {
    for status in [302, 307] {
        let mut lab = opened(stage, &json!({}))?;
        lab.site.script(Script {
            location: Some("/events?moved".to_owned()),
            ..Script::status(status, 1)
        });
        lab.act(&stage.browser, FIVE)?;
        lab.settle()?;
        lab.emptied(&stage.browser)?;
    }
    Ok(())
}

fn too_large(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    let rule = |longer| {
        Some(Rule {
            contains: String::new(),
            longer,
            status: 413,
        })
    };
    lab.site.rule(rule(2_500));
    lab.act(
        &stage.browser,
        "const ids = lab.many(19); ids.push(lab.add('huge', { words: 'x'.repeat(5000) })); ids.push(...lab.many(5)); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    ensure!(
        lab.dropped(&lab.site.events()) == 1,
        "one event is too large"
    );
    lab.emptied(&stage.browser)
}

fn poisoned(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.rule(Some(Rule {
        contains: "ψ poison".to_owned(),
        longer: 0,
        status: 400,
    }));
    lab.act(
        &stage.browser,
        "const ids = lab.many(12); ids.push(lab.add('odd', { words: 'ψ poison' })); ids.push(...lab.many(27)); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    lab.check_once()?;
    let events = lab.site.events();
    let told: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "dropped")
        .collect();
    ensure!(
        told.len() == 1
            && told[0]["types"] == json!({ "odd": 1 })
            && told[0]["reasons"] == json!({ "refused": 1 }),
        "told {told:?}"
    );
    ensure!(lab.answers().len() < 16, "answers: {:?}", lab.answers());
    lab.emptied(&stage.browser)
}

/// It is left alone, in one line of the console; the next visit finds everything.
fn locked_out(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script::status(401, 1));
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    lab.act(
        &stage.browser,
        "const ids = lab.many(30); lab.line.flush(); return ids;",
    )?;
    std::thread::sleep(Duration::from_secs(1));
    ensure!(lab.answers() == ["401"], "answers: {:?}", lab.answers());
    let lines = stage.browser.get("lab.warned")?;
    let line = lines[0].as_str().unwrap_or_default();
    ensure!(
        lines.as_array().is_some_and(|lines| lines.len() == 1)
            && line.contains("401")
            && line.contains("/events"),
        "said {lines}"
    );
    lab.open(&stage.browser, &json!({}))?;
    lab.settle()
}

fn hung(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(
        stage,
        &json!({ "collectors": [{ "url": "/events", "timeout": 1 }] }),
    )?;
    lab.site.script(Script {
        delay: Duration::from_secs(20),
        ..Script::status(0, 1)
    });
    lab.act(&stage.browser, FIVE)?;
    lab.settle_within(Duration::from_secs(8))?;
    lab.check_once()
}

fn answer_lost(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script {
        keep: true,
        ..Script::status(0, 1)
    });
    lab.act(&stage.browser, FIVE)?;
    lab.settle()?;
    lab.emptied(&stage.browser)?;
    let times = lab.times();
    ensure!(times.values().all(|count| *count <= 2), "came {times:?}");
    Ok(())
}

fn half_an_answer(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script {
        half: true,
        ..Script::status(200, 1)
    });
    lab.act(&stage.browser, FIVE)?;
    lab.settle()?;
    lab.act(&stage.browser, FIVE)?;
    lab.settle()?;
    lab.emptied(&stage.browser)
}

fn hangs_up(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script::status(0, 2));
    lab.act(&stage.browser, FIVE)?;
    lab.settle()?;
    lab.check_once()
}

/// A collector with a key in a header, on another origin, that does not allow it until later.
fn preflight_refused(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::new()?;
    let other = lab.other()?;
    other.refuse_preflight(true);
    let collector =
        json!({ "url": other.url("/events"), "headers": { "authorization": "Bearer key" } });
    lab.open(&stage.browser, &json!({ "collectors": [collector] }))?;
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    ensure!(other.events().is_empty(), "events without a preflight");
    other.refuse_preflight(false);
    let came = other.wait_until(crate::lab::SOON, |events| events.len() == 5);
    ensure!(came, "requests: {:?}", other.requests());
    lab.emptied(&stage.browser)?;
    lab.kept()
}

/// The policy of the page forbids the collector: a beacon says yes all the same. The events wait for a
/// page that may.
fn blocked_by_the_policy(stage: &mut Stage) -> Result<()> {
    let mut lab = Lab::with_csp(&format!("{}; connect-src 'self'", xtask::server::CSP))?;
    let other = lab.other()?;
    let options = json!({ "collectors": [{ "url": other.url("/events") }] });
    lab.open(&stage.browser, &options)?;
    lab.act(&stage.browser, FIVE)?;
    stage.browser.wait("lab.warned.length")?;
    lab.site.policy(&format!(
        "{}; connect-src http://127.0.0.1:*",
        xtask::server::CSP
    ));
    stage.browser.goto(&lab.site.url("/e2e/blank.html"))?;
    lab.open(&stage.browser, &options)?;
    let came = other.wait_until(crate::lab::SOON, |events| events.len() >= 5);
    ensure!(came, "requests: {:?}", other.requests());
    ensure!(
        stage.browser.engine() != Engine::Chromium || other.batches().len() <= 2,
        "sent too often"
    );
    lab.kept()
}
