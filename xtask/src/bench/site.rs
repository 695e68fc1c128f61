//! What both libraries are loaded from: their files and the pages, packed by brotli as a CDN sends them.

use super::hotspots::{self, Hotspot, Kind};
use crate::Repo;
use crate::run::read;
use crate::server::{Options, Server};
use crate::size;
use crate::tools;
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Library {
    /// Ours, as it is in `dist/`.
    Vitrine,
    /// The peer, as it is on npm.
    Peer,
}

/// Both.
pub const LIBRARIES: [Library; 2] = [Library::Vitrine, Library::Peer];
/// The peer's name on npm.
pub const PEER: &str = "js-cloudimage-video-hotspot";
/// How many hotspots there are on a page.
pub const COUNTS: [u32; 3] = [10, 100, 1000];
/// What makes Vitrine's page send its events.
const COLLECTOR: &str = " data-collector=\"/events\"";
const KINDS: [Kind; 3] = [Kind::AtOnce, Kind::Moving, Kind::Static];

/// The site with its pages.
pub struct Site {
    server: Server,
    sets: HashMap<(Kind, u32), Vec<Hotspot>>,
}

impl Site {
    /// Serves what `dist/` and the peer's package hold.
    pub fn start(repo: &Repo) -> Result<Site> {
        let header = |path: &str, name, value: &str| (path.to_owned(), name, value.to_owned());
        const CACHE: &str = "Cache-Control";
        let server = Server::start(Options {
            roots: vec![("/media/".to_owned(), repo.at("e2e/pages"))],
            // The peer writes its styles into the page, which the usual policy refuses.
            csp: None,
            headers: vec![
                header("/bench/", "Content-Encoding", "br"),
                header("/bench/lib/", CACHE, "max-age=86400"),
                header("/bench/data/", CACHE, "max-age=86400"),
                header("/bench/page/", CACHE, "no-store"),
                header("/media/", CACHE, "max-age=86400"),
            ],
            ..Options::default()
        })?;
        let mut site = Site {
            server,
            sets: HashMap::new(),
        };
        site.put_files(repo)?;
        site.put_pages(repo)?;
        Ok(site)
    }

    fn put(&self, path: &str, kind: &str, bytes: &[u8]) -> Result<()> {
        // Files are packed once and for all, pages and data while they are sent.
        let quality = if path.starts_with("/bench/lib/") {
            11
        } else {
            4
        };
        let packed = size::packed(bytes, quality)?;
        self.server.put(path, kind, packed);
        Ok(())
    }

    fn put_files(&self, repo: &Repo) -> Result<()> {
        let mut files = vec![
            repo.at("bench/overlay/probe.js"),
            repo.at("bench/overlay/node_modules")
                .join(PEER)
                .join(format!("dist/{PEER}.min.js")),
        ];
        let dist = repo.dist();
        for entry in fs::read_dir(&dist).context("dist/ is missing; run: cargo xtask build")? {
            files.push(entry?.path());
        }
        for file in files {
            let kind = match file.extension().and_then(|ending| ending.to_str()) {
                Some("js" | "mjs") => "text/javascript; charset=utf-8",
                Some("wasm") => "application/wasm",
                _ => continue,
            };
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let bytes =
                fs::read(&file).with_context(|| format!("{} is missing", file.display()))?;
            self.put(&format!("/bench/lib/{name}"), kind, &bytes)?;
        }
        Ok(())
    }

    fn put_pages(&mut self, repo: &Repo) -> Result<()> {
        const HTML: &str = "text/html; charset=utf-8";
        let ours = read(&repo.at("bench/overlay/vitrine.html"))?;
        let theirs = read(&repo.at("bench/overlay/peer.html"))?;
        self.put(
            "/bench/page/empty.html",
            HTML,
            b"<!doctype html><title>-</title>",
        )?;
        for (kind, count) in KINDS
            .iter()
            .flat_map(|kind| COUNTS.map(|count| (*kind, count)))
        {
            let set = hotspots::set(kind, count);
            let data = format!("/bench/data/{kind:?}-{count}.json");
            let file = hotspots::vitrine(&set).to_string();
            self.put(&data, "application/json", file.as_bytes())?;
            // Each as its own manual says: ours names a file, the peer has its hotspots in the page.
            let list = hotspots::peer(&set).to_string();
            let ours = ours.replace("{{hotspots}}", &data);
            let theirs = theirs.replace("{{hotspots}}", &list);
            let alone = ours.replace(COLLECTOR, "");
            let pages = [("Vitrine", ours), ("Alone", alone), ("Peer", theirs)];
            for (name, page) in pages {
                self.put(&path(name, kind, count), HTML, page.as_bytes())?;
            }
            self.sets.insert((kind, count), set);
        }
        Ok(())
    }

    /// Where a library's page is.
    pub fn page(&self, library: Library, kind: Kind, count: u32) -> String {
        self.server.url(&path(&format!("{library:?}"), kind, count))
    }

    /// Where Vitrine's page is that names no collector.
    pub fn alone(&self, kind: Kind, count: u32) -> String {
        self.server.url(&path("Alone", kind, count))
    }

    /// All pages.
    pub fn pages(&self) -> Vec<String> {
        let mut sets: Vec<(Kind, u32)> = self.sets.keys().copied().collect();
        sets.sort_by_key(|(kind, count)| (format!("{kind:?}"), *count));
        let page = |(kind, count)| LIBRARIES.map(|library| self.page(library, kind, count));
        sets.into_iter().flat_map(page).collect()
    }

    /// Serves until the process ends.
    pub fn wait(self) {
        self.server.wait();
    }

    /// An empty page of another site, so that the next page starts in a process of its own.
    pub fn elsewhere(&self) -> String {
        let port = self.server.address().port();
        format!("http://localhost:{port}/bench/page/empty.html")
    }

    /// The hotspots on a page.
    pub fn set(&self, kind: Kind, count: u32) -> &[Hotspot] {
        self.sets.get(&(kind, count)).map_or(&[], Vec::as_slice)
    }

    /// Forgets the events received so far, which grow in ten minutes.
    pub fn forget(&self) {
        self.server.clear();
    }
}

fn path(name: &str, kind: Kind, count: u32) -> String {
    format!("/bench/page/{name}-{kind:?}-{count}.html")
}

/// Installs the peer as `bench/overlay/package-lock.json` says; gives back its version.
pub fn install_peer(repo: &Repo) -> Result<String> {
    let place: PathBuf = repo.at("bench/overlay");
    tools::npm_ci(&place, "the peer of the bench", &[])?;
    let manifest = place.join("node_modules").join(PEER).join("package.json");
    let manifest: serde_json::Value = serde_json::from_str(&read(&manifest)?)?;
    let version = manifest["version"].as_str();
    Ok(version
        .context("the peer's package.json names no version")?
        .to_owned())
}
