//! What is told to who runs the collector.

#[cfg(feature = "forward")]
use super::routes::wall_clock;
use super::routes::{App, Peer, Reply, reply, words};
use super::sender::header;
#[cfg(feature = "forward")]
use crate::forward::lag;
use crate::metrics::Gauges;
use crate::store::state::Clocks;
use crate::store::writer::locked;
use crate::views::Report;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

pub(super) async fn ready(State(app): State<Arc<App>>) -> Reply {
    match app.metrics.not_ready() {
        None => words(StatusCode::OK, "ready\n"),
        Some(why) => words(StatusCode::SERVICE_UNAVAILABLE, why),
    }
}

/// Numbers are for who runs the collector: with the token, or on this machine and not through a proxy.
fn may_ask(app: &App, request: &Request<Body>) -> bool {
    let headers = request.headers();
    if let Some(token) = &app.settings.admin_token {
        let said = header(headers, "authorization").and_then(|value| value.strip_prefix("Bearer "));
        return said.is_some_and(|said| same(said.as_bytes(), token.as_bytes()));
    }
    let peer = request.extensions().get::<Peer>();
    let through = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback()) && !through
}

/// In a time that does not tell how much is right.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one
        .iter()
        .zip(other)
        .fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && differing == 0
}

const FORBIDDEN: &str = "for who runs this collector: with the admin token, or from this machine\n";

/// The report, at most five seconds old.
fn report(app: &App) -> (Report, Clocks) {
    let mut last = app.report.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, report, clocks)) = &*last
        && at.elapsed()
            < Duration::from_secs(1)
                .max(Duration::from_millis(report.all.views / 100).min(Duration::from_secs(5)))
    {
        return (report.clone(), *clocks);
    }
    let (report, clocks) = locked(&app.state).report(app.steady.minute(), 20);
    *last = Some((Instant::now(), report.clone(), clocks));
    (report, clocks)
}

pub(super) async fn metrics(State(app): State<Arc<App>>, request: Request<Body>) -> Reply {
    if !may_ask(&app, &request) {
        return words(StatusCode::FORBIDDEN, FORBIDDEN);
    }
    let (report, clocks) = report(&app);
    let (ids, id_bytes, window_minutes) = locked(&app.state).ids(app.steady.minute());
    let views = locked(&app.state).tracked_views();
    let gauges = Gauges {
        ids,
        id_bytes,
        window_minutes,
        views,
        missing: report.all.missing,
        pending: report.all.pending,
        explained: report.all.explained,
        late: report.late,
        skewed: clocks.skewed,
        behind_most_ms: clocks.behind_most_ms,
        ahead_most_ms: clocks.ahead_most_ms,
    };
    let text = app.metrics.text(&gauges);
    #[cfg(feature = "forward")]
    let text = with_lags(&app, text);
    reply(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        text,
    )
}

/// With how far the forwarders are.
#[cfg(feature = "forward")]
fn with_lags(app: &App, mut text: String) -> String {
    match lag::of(&app.settings.data, wall_clock()) {
        Ok(lags) => text.push_str(&lag::text(&lags)),
        Err(error) => {
            tracing::warn!(
                error = format!("{error:#}"),
                "forwarders' places cannot be read"
            )
        }
    }
    text
}

pub(super) async fn completeness(State(app): State<Arc<App>>, request: Request<Body>) -> Reply {
    if !may_ask(&app, &request) {
        return words(StatusCode::FORBIDDEN, FORBIDDEN);
    }
    let (report, clocks) = report(&app);
    let all = &report.all;
    let answer = json!({
        "views": { "all": all.views, "complete": all.complete, "open": all.open, "incomplete": all.incomplete,
                   "no_longer_tracked": report.settled_views },
        "events": { "received": all.received, "missing": all.missing, "pending": all.pending,
                    "explained": all.explained, "late": report.late, "without_seq": report.without_seq,
                    "counted_as_dropped": report.dropped_count },
        "clocks": clocks,
        "worst": report.worst,
    });
    reply(StatusCode::OK, "application/json", answer.to_string())
}
