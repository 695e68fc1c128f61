//! What collectors answer, or do not.

use crate::cases::{Case, PATIENT, SOON, case};
use crate::tracker::Tracker;
use crate::trial::Trial;
use anyhow::Result;
use e2e::json;
use std::thread::sleep;
use std::time::Duration;
use xtask::server::{CSP, Rule, Script};

fn scripted(trial: &mut Trial, script: Script, events: usize) -> Result<()> {
    trial.visit()?;
    trial.site.script(script);
    trial.make(events)
}

fn waiting(after: Option<&str>) -> Script {
    Script {
        retry_after: after.map(str::to_owned),
        ..Script::status(429, 1)
    }
}

fn moved(status: u16, trial: &mut Trial) -> Result<()> {
    let location = match trial.tracker {
        Tracker::Vitrine => "/events?moved",
        Tracker::Snowplow => "/com.snowplowanalytics.snowplow/tp2?moved",
        Tracker::PostHog => "/e/?moved",
    };
    let script = Script {
        location: Some(location.to_owned()),
        ..Script::status(status, 1)
    };
    scripted(trial, script, 5)
}

fn refused(trial: &mut Trial, contains: &str, longer: usize, status: u16) {
    trial.site.rule(Some(Rule {
        contains: contains.to_owned(),
        longer,
        status,
    }));
}

/// Text that no compression makes short.
const NOISE: &str = "const noise = (length) => { let text = ''; while (text.length < length) text += Math.random().toString(36).slice(2); return text; };";

/// The cases.
pub fn answers() -> Vec<Case> {
    vec![
        case("all is well", SOON, |trial| {
            trial.visit()?;
            trial.make(45)
        }),
        case("503 three times", PATIENT, |trial| {
            scripted(trial, Script::status(503, 3), 5)
        }),
        case("429, `Retry-After: 2`", PATIENT, |trial| {
            scripted(trial, waiting(Some("2")), 5)
        }),
        case("429, no `Retry-After`", PATIENT, |trial| {
            scripted(trial, waiting(None), 5)
        }),
        case("413 for bodies above 8 KB", PATIENT, |trial| {
            trial.visit()?;
            refused(trial, "", 8_000, 413);
            trial.act(&format!(
                "{NOISE} return bench.many(40, 'progress', {{ words: noise(400) }});"
            ))
        }),
        case("413 for one event of forty", PATIENT, |trial| {
            trial.visit()?;
            refused(trial, "too large for this", 0, 413);
            trial.act("return [...bench.many(19), bench.add('progress', { words: 'too large for this' }), ...bench.many(20)];")
        }),
        case("400 for one event of forty", PATIENT, |trial| {
            trial.visit()?;
            refused(trial, "ψ poison", 0, 400);
            trial.act("return [...bench.many(19), bench.add('progress', { words: 'ψ poison' }), ...bench.many(20)];")
        }),
        case("401 once", SOON, |trial| {
            scripted(trial, Script::status(401, 1), 5)
        }),
        case("answered by 200", SOON, |trial| {
            scripted(trial, Script::status(200, 1), 5)
        }),
        case("answered by 202", SOON, |trial| {
            // Who takes it for a failure sends again by then.
            scripted(trial, Script::status(202, 1), 5)?;
            sleep(Duration::from_secs(8));
            Ok(())
        }),
        case("answered by 204", SOON, |trial| {
            // Who takes it for a failure sends again by then.
            scripted(trial, Script::status(204, 1), 5)?;
            sleep(Duration::from_secs(8));
            Ok(())
        }),
        case("302 to another path", SOON, |trial| moved(302, trial)),
        case("307 to another path", SOON, |trial| moved(307, trial)),
        case(
            "no answer for 12 s, then a closed connection",
            PATIENT,
            |trial| {
                let script = Script {
                    delay: Duration::from_secs(12),
                    ..Script::status(0, 1)
                };
                scripted(trial, script, 5)
            },
        ),
        case("taken, and the answer lost", PATIENT, |trial| {
            let script = Script {
                keep: true,
                ..Script::status(0, 1)
            };
            scripted(trial, script, 5)?;
            sleep(Duration::from_secs(12));
            Ok(())
        }),
        case("taken, and half an answer", PATIENT, |trial| {
            let script = Script {
                half: true,
                ..Script::status(200, 1)
            };
            scripted(trial, script, 5)?;
            sleep(Duration::from_secs(12));
            Ok(())
        }),
        case("connection closed twice", PATIENT, |trial| {
            scripted(trial, Script::status(0, 2), 5)
        }),
        case("preflight refused for 8 s", PATIENT, |trial| {
            trial.other.refuse_preflight(true);
            let collector = trial.other.url("/events");
            trial.visit_with(json!({ "collector": collector, "header": "Bearer key" }))?;
            trial.make(5)?;
            sleep(Duration::from_secs(8));
            trial.other.refuse_preflight(false);
            Ok(())
        }),
        case(
            "blocked by `connect-src`, which the next visit mends",
            3,
            |trial| {
                trial.site.policy(&format!("{CSP}; connect-src 'self'"));
                let collector = trial.other.url("/events");
                trial.visit_with(json!({ "collector": collector }))?;
                trial.make(5)?;
                sleep(Duration::from_secs(8));
                let mended = format!("{CSP}; connect-src http://127.0.0.1:*");
                trial.site.policy(&mended);
                trial.leave()
            },
        ),
    ]
}
