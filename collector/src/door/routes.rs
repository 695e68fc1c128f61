//! The requests that are answered. No answer quotes anything of its request.

use super::admin;
use super::body::{self, Scale, Unread, Weight};
use super::limits::{Rates, subscriber};
use super::origin::Guests;
use super::sender::{client, header, is_bot, kept, shortened};
use crate::batch::{self, Batch, Refusal, Rules};
use crate::config::{Settings, Site};
use crate::ids::IdMaker;
use crate::metrics::Metrics;
use crate::store::line::Sender;
use crate::store::state::Clocks;
use crate::store::writer::{Job, Outcome, Shared, Steady};
use crate::views::Report;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
    RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::routing::{any, get};
use bytes::Bytes;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::oneshot;

/// The address that a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What all requests share.
pub struct App {
    /// As they hold.
    pub settings: Settings,
    /// Who may send.
    pub guests: Guests,
    /// Ids of this process.
    pub ids: IdMaker,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What is known of events.
    pub state: Shared,
    /// Passes without jumps.
    pub steady: Steady,
    /// To the writer; none while it stops.
    pub jobs: Mutex<Option<SyncSender<Box<Job>>>>,
    /// Bytes under way.
    pub scale: Scale,
    /// By address.
    pub addresses: Rates<IpAddr>,
    /// By site.
    pub shops: Rates<String>,
    /// When it began.
    pub started: Instant,
    /// The last report, as making one looks at every view.
    pub report: Mutex<Option<(Instant, Report, Clocks)>>,
}

pub(super) type Reply = Response<Body>;

/// All paths.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/events", any(events))
        .route(
            "/healthz",
            get(|| async { words(StatusCode::OK, "well\n") }),
        )
        .route("/readyz", get(admin::ready))
        .route("/metrics", get(admin::metrics))
        .route("/completeness", get(admin::completeness))
        .fallback(|| async { words(StatusCode::NOT_FOUND, "there is nothing here\n") })
        .with_state(app)
}

/// The wall clock, in epoch milliseconds.
pub fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

pub(super) fn reply(status: StatusCode, kind: &'static str, text: impl Into<Body>) -> Reply {
    let mut reply = Response::new(text.into());
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

pub(super) fn words(status: StatusCode, text: &'static str) -> Reply {
    reply(status, "text/plain; charset=utf-8", text)
}

/// Why a batch is not taken.
enum No {
    Words(StatusCode, &'static str),
    Later(StatusCode, &'static str, u64),
}

impl No {
    fn reply(self) -> Reply {
        match self {
            Self::Words(status, text) => words(status, text),
            Self::Later(status, text, seconds) => {
                with(words(status, text), RETRY_AFTER, &seconds.to_string())
            }
        }
    }
}

const BUSY: No = No::Later(
    StatusCode::SERVICE_UNAVAILABLE,
    "too much is under way\n",
    2,
);

async fn events(State(app): State<Arc<App>>, request: Request<Body>) -> Reply {
    let origin = header(request.headers(), "origin").map(str::to_owned);
    let allowed = origin
        .as_deref()
        .and_then(|origin| app.guests.origin(origin));
    let answer = match request.method().as_str() {
        "OPTIONS" => return cors(preflight(allowed.is_some()), allowed),
        "POST" if origin.is_some() && allowed.is_none() => Err(No::Words(
            StatusCode::FORBIDDEN,
            "pages of this origin may not send here; add it to origins\n",
        )),
        "POST" => post(&app, request, origin.as_deref()).await,
        _ => Err(No::Words(
            StatusCode::METHOD_NOT_ALLOWED,
            "POST is taken here\n",
        )),
    };
    let mut reply = answer.unwrap_or_else(No::reply);
    if reply.status() == StatusCode::METHOD_NOT_ALLOWED {
        reply = with(reply, ALLOW, "POST, OPTIONS");
    }
    app.metrics.answered(reply.status().as_u16());
    cors(reply, allowed)
}

fn preflight(allowed: bool) -> Reply {
    let mut reply = Response::new(Body::empty());
    *reply.status_mut() = match allowed {
        true => StatusCode::NO_CONTENT,
        false => StatusCode::FORBIDDEN,
    };
    let reply = with(reply, ACCESS_CONTROL_ALLOW_METHODS, "POST");
    let reply = with(
        reply,
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-encoding, content-type",
    );
    with(reply, ACCESS_CONTROL_MAX_AGE, "7200")
}

fn cors(reply: Reply, allowed: Option<&str>) -> Reply {
    let reply = with(reply, VARY, "Origin");
    let Some(allowed) = allowed else { return reply };
    let reply = with(reply, ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After");
    with(reply, ACCESS_CONTROL_ALLOW_ORIGIN, allowed)
}

async fn post(app: &App, request: Request<Body>, origin: Option<&str>) -> Result<Reply, No> {
    let (head, body) = request.into_parts();
    let peer = head
        .extensions
        .get::<Peer>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    let ip = client(peer, &head.headers, &app.settings.trusted_proxies);
    let now = u64::try_from(app.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let limit = app.settings.requests_per_second;
    app.addresses
        .take(subscriber(ip), 1, limit, now)
        .map_err(|wait| limited(app, wait))?;
    let packed = packed(&head.headers)?;
    let (body, weight) = take(app, body, packed)
        .await
        .map_err(|why| unread(app, why))?;
    let received_at = wall_clock();
    let rules = Rules {
        event_bytes: app.settings.event_bytes,
        events: app.settings.batch_events,
        depth: app.settings.depth,
    };
    app.metrics.body_bytes.add(body.len());
    let batch = batch::read(body, &app.ids, &rules).map_err(refusal)?;
    let query = head.uri.query().and_then(|query| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix("write_key="))
    });
    let bearer =
        header(&head.headers, "authorization").and_then(|value| value.strip_prefix("Bearer "));
    let key = query.or(bearer).or(batch.write_key.as_deref());
    let site = app.guests.site(key).ok_or(No::Words(
        StatusCode::UNAUTHORIZED,
        "a write key of this collector is needed: as write_key in the query or the body, or as a bearer\n",
    ))?;
    if !app.guests.may_send(site, origin) {
        return Err(No::Words(
            StatusCode::FORBIDDEN,
            "this key is not for pages of this origin\n",
        ));
    }
    let amount = u32::try_from(batch.valid() + batch.invalid.len()).unwrap_or(u32::MAX);
    app.shops
        .take(site.name.clone(), amount, site.events_per_second, now)
        .map_err(|wait| limited(app, wait))?;
    let sender = sender(app, site, ip, &head.headers);
    keep(app, batch, sender, received_at, weight).await
}

fn sender(app: &App, site: &Site, ip: IpAddr, headers: &HeaderMap) -> Sender {
    let user_agent = headers
        .get("user-agent")
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    let user_agent = user_agent.unwrap_or_default();
    Sender {
        site: site.name.as_str().into(),
        ip: kept(ip, app.settings.ip),
        bot: is_bot(&user_agent),
        user_agent: (!user_agent.is_empty()).then(|| shortened(&user_agent)),
    }
}

/// Whether the body is gzip.
fn packed(headers: &HeaderMap) -> Result<bool, No> {
    const KINDS: [&str; 7] = [
        "text/plain",
        "application/json",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/cloudevents-batch+json",
        "application/cloudevents+json",
    ];
    let kind = header(headers, "content-type").unwrap_or("text/plain");
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        return Err(No::Words(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "JSON, lines of JSON or CloudEvents are taken, as text/plain or as what they are\n",
        ));
    }
    match header(headers, "content-encoding")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(_) => Err(No::Words(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "gzip is the only encoding taken\n",
        )),
    }
}

async fn take(app: &App, body: Body, packed: bool) -> Result<(Bytes, Weight), Unread> {
    let most = app.settings.body_bytes;
    let longest = Duration::from_secs(app.settings.body_seconds);
    let (body, mut weight) = body::read(body, most, longest, &app.scale).await?;
    if packed {
        let whole = body::gunzip(&body, most, &mut weight)?;
        return Ok((whole, weight));
    }
    Ok((body, weight))
}

fn limited(app: &App, wait: u64) -> No {
    app.metrics.limited.one();
    No::Later(StatusCode::TOO_MANY_REQUESTS, "too much for now\n", wait)
}

fn unread(app: &App, why: Unread) -> No {
    match why {
        Unread::Large => No::Words(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is larger than this collector allows\n",
        ),
        Unread::Slow => {
            app.metrics.broken.one();
            No::Words(StatusCode::REQUEST_TIMEOUT, "the body took too long\n")
        }
        Unread::Broken => {
            app.metrics.broken.one();
            No::Words(StatusCode::BAD_REQUEST, "the body broke off\n")
        }
        Unread::Busy => BUSY,
        Unread::Packed => No::Words(StatusCode::BAD_REQUEST, "the body is not gzip\n"),
    }
}

fn refusal(why: Refusal) -> No {
    match why {
        Refusal::Malformed(why) => No::Words(StatusCode::BAD_REQUEST, why),
        Refusal::Many => No::Words(
            StatusCode::PAYLOAD_TOO_LARGE,
            "more events than this collector takes at once\n",
        ),
        Refusal::Schema => No::Words(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "schema: \"vitrine/1\" is read here\n",
        ),
    }
}

/// Hands the batch to the writer, and answers when the disk has it.
async fn keep(
    app: &App,
    batch: Batch,
    sender: Sender,
    received_at: i64,
    weight: Weight,
) -> Result<Reply, No> {
    let metrics = &app.metrics;
    metrics.bots.add(usize::from(sender.bot));
    metrics.invalid.add(batch.invalid.len());
    let all = batch.groups.iter().flat_map(|group| &group.events);
    let unknown = all.filter(|event| event.head.unknown).count();
    let invalid = refused(&batch);
    if batch.valid() == 0 && batch.invalid.is_empty() {
        return Ok(no_content());
    }
    let (done, told) = oneshot::channel();
    let job = Box::new(Job {
        batch,
        sender,
        received_at,
        done,
        weight,
    });
    let sent = {
        let jobs = app.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.as_ref().map(|jobs| jobs.try_send(job))
    };
    match sent {
        Some(Ok(())) => {}
        Some(Err(TrySendError::Full(_))) => return Err(BUSY),
        Some(Err(TrySendError::Disconnected(_))) | None => {
            return Err(No::Later(StatusCode::SERVICE_UNAVAILABLE, "stopping\n", 5));
        }
    }
    let (new, repeated) = match told.await {
        Ok(Outcome::Kept { new, repeated }) => (new, repeated),
        Ok(Outcome::Failed) | Err(_) => {
            return Err(No::Later(
                StatusCode::SERVICE_UNAVAILABLE,
                "the disk takes no events now\n",
                5,
            ));
        }
    };
    metrics.kept.add(new);
    metrics.repeated.add(repeated);
    metrics.unknown.add(unknown);
    if invalid.is_empty() {
        return Ok(no_content());
    }
    let answer = json!({ "accepted": new, "repeated": repeated, "invalid": invalid });
    Ok(reply(
        StatusCode::BAD_REQUEST,
        "application/json",
        answer.to_string(),
    ))
}

fn no_content() -> Reply {
    let mut reply = Response::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    reply
}

/// What is wrong with which event, in words of ours.
fn refused(batch: &Batch) -> Vec<serde_json::Value> {
    let invalid = batch.invalid.iter().map(
        |one| json!({ "index": one.index, "path": one.problem.path, "reason": one.problem.reason }),
    );
    invalid.collect()
}
