//! `cargo xtask demo`: the demo shop, with the collector for its events, on this machine.

use crate::Repo;
use crate::build::{Profile, build};
use crate::collector::{self, Collector};
use crate::run::say;
use crate::server::{Options, Server};
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;

/// The port if none is named.
pub const PORT: u16 = 8080;

/// What the demo serves: the shop at `/`, `dist/` at `/vitrine/`, the collector at `/events`.
pub fn options(repo: &Repo, port: u16) -> Options {
    Options {
        port,
        roots: vec![
            ("/".to_owned(), repo.at("www/demo")),
            ("/vitrine/".to_owned(), repo.dist()),
        ],
        ..Options::default()
    }
}

/// Builds the overlay and serves the shop until it is stopped.
pub fn demo(repo: &Repo, port: u16) -> Result<()> {
    let page = repo.at("www/demo/index.html");
    if !page.is_file() {
        bail!("{} is missing: it is the demo's page", page.display());
    }
    // The port first: nobody wants to hear after a build that it is taken.
    let server = start(options(repo, port))?;
    drop(server);
    build(repo, Profile::Release)?;
    let data = repo.target.join("demo/events");
    collector::build(repo)?;
    let collector = Collector::start(repo, &data, &[])?;
    let server = start(Options {
        collector: Some(collector.address),
        ..options(repo, port)
    })?;
    say(format!("the demo shop is at {}", server.url("/")));
    say(format!(
        "its events are in {} (and on the page); Ctrl-C stops",
        data.display()
    ));
    server.wait();
    Ok(())
}

fn start(options: Options) -> Result<Server> {
    let port = options.port;
    match Server::start(options) {
        Ok(server) => Ok(server),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program; choose another: cargo xtask demo --port {}",
            port.checked_add(1).unwrap_or(PORT)
        ),
        Err(error) => Err(error).with_context(|| format!("127.0.0.1:{port} cannot be listened on")),
    }
}
