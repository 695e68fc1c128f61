//! `cargo xtask demo`: the demo shop, with a sink for its events, on this machine.

use crate::Repo;
use crate::build::{Profile, build};
use crate::run::say;
use crate::server::{Options, Server};
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;

/// The port if none is named.
pub const PORT: u16 = 8080;

/// What the demo serves: the shop at `/`, `dist/` at `/vitrine/`, the sink at `/events`.
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
    let server = match Server::start(options(repo, port)) {
        Ok(server) => server,
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program; choose another: cargo xtask demo --port {}",
            port.checked_add(1).unwrap_or(PORT)
        ),
        Err(error) => {
            return Err(error).with_context(|| format!("127.0.0.1:{port} cannot be listened on"));
        }
    };
    build(repo, Profile::Release)?;
    say(format!("the demo shop is at {}", server.url("/")));
    say(format!(
        "its events are at {} (and on the page); Ctrl-C stops",
        server.url("/events.json")
    ));
    server.wait();
    Ok(())
}
