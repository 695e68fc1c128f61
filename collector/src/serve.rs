//! `vitrine-collector serve`: from its start to its stop.

use crate::config::{LogFormat, Settings};
use crate::door::body::Scale;
use crate::door::limits::Rates;
use crate::door::origin::Guests;
use crate::door::routes::{self, App, Peer, wall_clock};
use crate::ids::IdMaker;
use crate::metrics::Metrics;
use crate::store::dir::DataDir;
use crate::store::recover::{self, Found};
use crate::store::state::{Bounds, State};
use crate::store::writer::{Sealing, Steady, Writer};
use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tower_service::Service;

/// So many batches wait for the writer at most.
const WAITING: usize = 16_384;

/// Sets up the log: on stderr, one line for each thing that happened to the collector, none for each request.
pub fn log(format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false);
    // A second set-up, as in tests, changes nothing.
    let _ = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.try_init(),
    };
}

/// As many open files as the system allows: each connection is one.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// Runs until it is told to stop by SIGTERM or SIGINT.
pub fn serve(settings: Settings) -> Result<()> {
    log(settings.log);
    raise_file_limit();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if settings.threads > 0 {
        runtime.worker_threads(settings.threads);
    }
    let runtime = runtime
        .enable_all()
        .build()
        .context("the runtime could not be started")?;
    let data = DataDir::open(&settings.data)?;
    let listener = runtime
        .block_on(async { bind(settings.listen) })
        .with_context(|| format!("{} cannot be listened on", settings.listen))?;
    let steady = Steady::new(wall_clock());
    let ids = IdMaker::default();
    let mut state = State::new(Bounds {
        window_minutes: settings.window_days.saturating_mul(24 * 60),
        ids: settings.window_ids,
        views: settings.views,
        late_ms: i64::from(settings.late_seconds) * 1_000,
    });
    let found = restore(&data, &settings, &ids, &mut state)?;
    let state = Arc::new(Mutex::new(state));
    let metrics = Arc::new(Metrics::default());
    let sealing = Sealing {
        bytes: settings.segment_bytes,
        age: Duration::from_secs(settings.segment_seconds),
    };
    let writer = Writer::new(
        data,
        found.number,
        sealing,
        Arc::clone(&state),
        steady,
        Arc::clone(&metrics),
    )
    .context("the open segment cannot be written to")?;
    let (jobs, waiting) = mpsc::sync_channel(WAITING);
    let writing = thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || writer.run(&waiting))
        .context("the writer could not be started")?;
    #[cfg(feature = "archive")]
    let upkeep = crate::archive::upkeep::Upkeep::start(&settings, &metrics)?;
    let app = Arc::new(App {
        guests: Guests::new(&settings),
        scale: Scale::new(settings.inflight_bytes),
        addresses: Rates::new(100_000),
        shops: Rates::new(100_000),
        started: Instant::now(),
        report: Mutex::default(),
        jobs: Mutex::new(Some(jobs)),
        ids,
        metrics,
        state,
        steady,
        settings,
    });
    let listened = runtime.block_on(listen(listener, &app));
    #[cfg(feature = "archive")]
    if let Some(upkeep) = upkeep {
        upkeep.stop();
    }
    listened?;
    // The writer ends when nobody can send it more, and everything is on disk.
    app.jobs
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    runtime.shutdown_timeout(Duration::from_millis(200));
    writing
        .join()
        .map_err(|_| anyhow!("the writer ended too early"))?;
    tracing::info!("stopped; everything that was answered is on disk");
    Ok(())
}

/// Listens, with room for a crowd that comes at once.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    // The system cuts it to what it allows.
    socket.listen(16_384)
}

fn restore(data: &DataDir, settings: &Settings, ids: &IdMaker, state: &mut State) -> Result<Found> {
    let started = Instant::now();
    let window = Duration::from_secs(u64::from(settings.window_days) * 86_400);
    let found = recover::recover(data, ids, state, window, SystemTime::now())?;
    if found.torn_bytes > 0 {
        tracing::warn!(
            bytes = found.torn_bytes,
            segment = found.number,
            "the last line was torn and is cut: nobody was told that it is safe"
        );
    }
    if found.damaged_lines > 0 {
        tracing::error!(
            lines = found.damaged_lines,
            "lines cannot be read; those of the open segment are in quarantine/"
        );
    }
    tracing::info!(
        segments = found.segments,
        lines = found.lines,
        events = found.events,
        repeated = found.repeated,
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "the segments are read"
    );
    Ok(found)
}

async fn listen(listener: TcpListener, app: &Arc<App>) -> Result<()> {
    let mut terminate =
        signal(SignalKind::terminate()).context("SIGTERM cannot be listened for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be listened for")?;
    let router = routes::router(Arc::clone(app));
    let (stop, stopping) = watch::channel(false);
    let orphaned = Arc::new(Notify::new());
    if app.settings.with_parent {
        let orphaned = Arc::clone(&orphaned);
        thread::spawn(move || {
            // An error is an end, too.
            drop(io::copy(&mut io::stdin(), &mut io::sink()));
            orphaned.notify_one();
        });
    }
    let address = listener.local_addr().context("the socket has no address")?;
    tracing::info!(%address, data = %app.settings.data.display(), "listening");
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => (stream, Peer(from)),
                Err(error) => {
                    // Out of file descriptors, most likely: let some connection end first.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            () = orphaned.notified() => break,
        };
        if app.metrics.connections.get() >= app.settings.connections as u64 {
            app.metrics.turned_away.one();
            continue;
        }
        app.metrics.connections.one();
        tokio::spawn(connection(
            stream.0,
            stream.1,
            router.clone(),
            Arc::clone(app),
            stopping.clone(),
        ));
    }
    drop(listener);
    app.metrics.stopping.store(true, Relaxed);
    tracing::info!("stopping");
    // Nobody listens where there is no connection.
    let _ = stop.send(true);
    drop(stopping);
    let deadline = Duration::from_secs(app.settings.stop_seconds);
    if tokio::time::timeout(deadline, stop.closed()).await.is_err() {
        tracing::warn!(
            connections = app.metrics.connections.get(),
            "some requests did not end in time and are cut"
        );
    }
    Ok(())
}

/// Returns when a stop was asked for.
async fn told(stopping: &mut watch::Receiver<bool>) {
    // An error is a stop, too.
    drop(stopping.wait_for(|stop| *stop).await);
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    app: Arc<App>,
    mut stopping: watch::Receiver<bool>,
) {
    // Without it, an answer may wait for the packet before it to be acknowledged.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(app.settings.head_seconds))
        .max_headers(64)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = told(&mut stopping) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if served.is_err() {
        app.metrics.broken.one();
    }
    app.metrics.connections.less();
}
