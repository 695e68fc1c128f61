//! `cargo xtask demo`: the demo shop, with the collector for its events, on this machine.

use crate::Repo;
use crate::build::{Profile, build};
use crate::run::{run, say};
use crate::server::{Options, Server};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread;

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
    let (_collector, address) = collector(repo, &data)?;
    let server = start(Options {
        collector: Some(address),
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

/// The collector; it stops when its standard input, which this process holds, ends.
fn collector(repo: &Repo, data: &std::path::Path) -> Result<(Child, SocketAddr)> {
    run(Command::new("cargo").current_dir(&repo.root).args([
        "build",
        "--quiet",
        "--package",
        "vitrine-collector",
        "--bin",
        "vitrine-collector",
        "--no-default-features",
    ]))?;
    let mut child = Command::new(repo.target.join("debug/vitrine-collector"))
        .args([
            "serve",
            "--with-parent",
            "--listen",
            "127.0.0.1:0",
            "--data",
        ])
        .arg(data)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("the collector could not be started")?;
    let log = child.stderr.take().context("the collector has no log")?;
    let mut lines = BufReader::new(log).lines();
    while let Some(Ok(line)) = lines.next() {
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(address) = said["address"].as_str() {
            let address = address.parse().context("the collector's address")?;
            thread::spawn(move || {
                lines
                    .map_while(Result::ok)
                    .for_each(|line| eprintln!("{line}"))
            });
            return Ok((child, address));
        }
        if said["level"] != "INFO" {
            eprintln!("{line}");
        }
    }
    bail!("the collector ended before it listened")
}
