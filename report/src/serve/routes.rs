//! The addresses that the dashboard has.

use super::answers::Answers;
use super::media::{self, Source};
use super::{Serve, ask, door};
use crate::figures::{self, Figure, INTENTS};
use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::get;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use tokio::net::TcpListener;
use vitrine_collector::archive::time::now;

const PAGE: &str = include_str!("../../dashboard/index.html");
const SCRIPT: &str = include_str!("../../dashboard/dist/main.js");
const STYLE: &str = include_str!("../../dashboard/dist/main.css");

struct Desk {
    answers: Answers,
    media: BTreeMap<String, Source>,
    /// A browser's video element sends no token: its address has this instead, anew at each start.
    ticket: String,
    token: String,
    hosts: Vec<String>,
    policy: HeaderValue,
}

type Answered = Response<Body>;

/// Serves until it is stopped.
pub async fn serve(options: &Serve) -> Result<()> {
    if !options.data.is_dir() {
        bail!(
            "--data {}: found no directory. Use the one that the collector writes to.",
            options.data.display()
        );
    }
    let media = media::sources(&options.media)?;
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!(
            "{} cannot be listened on; choose another: --listen 127.0.0.1:0",
            options.listen
        )
    })?;
    let address = listener.local_addr()?;
    let token = options.token.clone().map_or_else(door::secret, Ok)?;
    let desk = Arc::new(Desk {
        answers: Answers::new(options.clone()),
        policy: HeaderValue::from_str(&door::policy(&origins(&media)?))?,
        media,
        ticket: door::secret()?,
        token: token.clone(),
        hosts: door::hosts(address, &options.host),
    });
    // Whoever started it may have stopped listening.
    _ = writeln!(
        std::io::stdout(),
        "the dashboard is at http://{address}/#token={token}"
    );
    axum::serve(listener, router(desk))
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .await?;
    Ok(())
}

fn origins(media: &BTreeMap<String, Source>) -> Result<Vec<String>> {
    let urls = media.values().filter_map(|source| match source {
        Source::Url(url) => Some(url),
        Source::File(_) => None,
    });
    urls.map(|url| {
        media::origin(url).with_context(|| format!("--media {url}: this is no address of a film"))
    })
    .collect()
}

fn router(desk: Arc<Desk>) -> Router {
    let api = Router::new()
        .route("/list", get(list))
        .route("/figure/{name}", get(figure))
        .layer(from_fn_with_state(desk.clone(), guarded));
    Router::new()
        .route("/", get(async || text("text/html; charset=utf-8", PAGE)))
        .route(
            "/main.js",
            get(async || text("text/javascript; charset=utf-8", SCRIPT)),
        )
        .route(
            "/main.css",
            get(async || text("text/css; charset=utf-8", STYLE)),
        )
        .route("/media/{ticket}/{id}", get(film))
        .nest("/api", api)
        .fallback(async || refused(StatusCode::NOT_FOUND, "nothing is at this address"))
        .layer(from_fn_with_state(desk.clone(), received))
        .with_state(desk)
}

/// Before all: is it meant for us? After all: what the browser may do with it.
async fn received(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Answered {
    let host = text_of(request.headers(), header::HOST);
    let mut answer = match door::knows_host(host, &desk.hosts) {
        true => next.run(request).await,
        false => refused(
            StatusCode::MISDIRECTED_REQUEST,
            "the dashboard has another name; `--host NAME:PORT` gives it this one too",
        ),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, desk.policy.clone());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

async fn guarded(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Answered {
    let given = text_of(request.headers(), header::AUTHORIZATION);
    match door::has_token(given, &desk.token) {
        true => next.run(request).await,
        false => refused(
            StatusCode::UNAUTHORIZED,
            "the token is missing or another one; `vitrine-report serve` prints it when it starts",
        ),
    }
}

async fn list(State(desk): State<Arc<Desk>>) -> Answered {
    let all: Result<Vec<Value>> = figures::all()
        .map(|figure| {
            let head = figure.head()?;
            Ok(json!({ "name": figure.name, "title": head.title, "by": head.by }))
        })
        .collect();
    let media: Map<String, Value> = desk
        .media
        .iter()
        .map(|(id, source)| {
            let url = match source {
                Source::Url(url) => url.clone(),
                Source::File(_) => format!("media/{}/{}", desk.ticket, encoded(id)),
            };
            (id.clone(), url.into())
        })
        .collect();
    let tables = &desk.answers.options().tables;
    let given = json!({
        "inventory": tables.inventory.is_some(),
        "costs": tables.costs.is_some(),
        "influencers": tables.influencers.is_some(),
        "segments": tables.segments.is_some(),
        "rates": tables.rates.is_some(),
    });
    match all {
        Ok(all) => text(
            "application/json",
            json!({ "figures": all, "media": media, "given": given }).to_string(),
        ),
        Err(error) => broken(&error),
    }
}

async fn figure(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Answered {
    let figure = match figures::find(&name) {
        Ok(Figure { name: INTENTS, .. }) => {
            let words = "intents are about persons: `vitrine-report intents` exports them";
            return refused(StatusCode::NOT_FOUND, words);
        }
        Ok(figure) => figure,
        Err(error) => return refused(StatusCode::NOT_FOUND, &format!("{error:#}")),
    };
    let scope = ask::scope(&query.unwrap_or_default(), desk.answers.options(), now());
    let scope = match scope.and_then(|scope| figure.scope(&scope)) {
        Ok(scope) => scope,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &format!("{error:#}")),
    };
    match desk.answers.answer(figure, &scope).await {
        Ok(bytes) => text("application/json", Bytes::from_owner(Shared(bytes))),
        Err(error) => broken(&error),
    }
}

/// An answer that is kept goes out without a copy.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

async fn film(
    State(desk): State<Arc<Desk>>,
    Path((ticket, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answered {
    let source = door::same(&ticket, &desk.ticket).then(|| desk.media.get(&id));
    let Some(Some(Source::File(path))) = source else {
        return refused(StatusCode::NOT_FOUND, "no video is at this address");
    };
    let (path, range) = (
        path.clone(),
        text_of(&headers, header::RANGE).map(str::to_owned),
    );
    let read = tokio::task::spawn_blocking(move || media::file(&path, range.as_deref()));
    match read.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => broken(&error),
        Err(error) => broken(&error.into()),
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn text(kind: &'static str, body: impl Into<Body>) -> Answered {
    let mut answer = Response::new(body.into());
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn refused(status: StatusCode, words: &str) -> Answered {
    let mut answer = text("application/json", json!({ "error": words }).to_string());
    *answer.status_mut() = status;
    answer
}

fn broken(error: &anyhow::Error) -> Answered {
    eprintln!("error: {error:#}");
    refused(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
}
