//! The three engines: which programs they need, and how they are asked for a session.

use anyhow::{Context, Result};
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use std::env;
use std::path::{Path, PathBuf};

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium by chromedriver.
    Chromium,
    /// Firefox by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser by WebKitWebDriver, on a display of its own.
    WebKit,
}

/// Where Debian and Fedora keep MiniBrowser, which is on nobody's PATH.
const MINI_BROWSERS: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/webkit2gtk-4.1/MiniBrowser",
];

impl Engine {
    /// The driver's program.
    pub fn driver(self) -> Result<PathBuf> {
        match self {
            Engine::Chromium => program(
                &["chromedriver"],
                "apt-get install chromium chromium-driver",
            ),
            Engine::Firefox => program(&["geckodriver"], "cargo install geckodriver"),
            Engine::WebKit => program(
                &["WebKitWebDriver"],
                "apt-get install webkit2gtk-driver xvfb",
            ),
        }
    }

    /// The browser's program.
    pub fn browser(self) -> Result<PathBuf> {
        match self {
            Engine::Chromium => program(
                &["chromium", "google-chrome", "chromium-browser"],
                "apt-get install chromium chromium-driver",
            ),
            Engine::Firefox => program(&["firefox-esr", "firefox"], "apt-get install firefox-esr"),
            Engine::WebKit => MINI_BROWSERS
                .iter()
                .map(PathBuf::from)
                .find(|path| path.is_file())
                .context("WebKit's MiniBrowser is missing; run: apt-get install webkit2gtk-driver"),
        }
    }

    /// The driver's arguments for listening on a port; `other` is a second free port.
    pub fn arguments(self, port: u16, other: u16) -> Vec<String> {
        let port = match self {
            Engine::Chromium | Engine::WebKit => format!("--port={port}"),
            Engine::Firefox => {
                // Its second port is fixed otherwise: two drivers at a time would collide.
                return [
                    "--port",
                    &port.to_string(),
                    "--websocket-port",
                    &other.to_string(),
                ]
                .map(str::to_owned)
                .to_vec();
            }
        };
        vec![port]
    }

    /// What a new session is asked for, with a profile of the caller's if there is one.
    pub fn capabilities(self, profile: Option<&Path>) -> Result<Capabilities> {
        let browser = self.browser()?;
        let mut wanted = match self {
            Engine::Chromium => json!({
                "browserName": "chrome",
                "goog:loggingPrefs": { "browser": "ALL" },
                "goog:chromeOptions": {
                    "binary": browser,
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                        "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", "--window-size=1280,900",
                    ],
                },
            }),
            Engine::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": browser,
                    "args": ["-headless", "--width=1280", "--height=900"],
                },
            }),
            Engine::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] },
            }),
        };
        if let Some(profile) = profile {
            let (options, more) = match self {
                Engine::Chromium => (
                    "goog:chromeOptions",
                    vec![format!("--user-data-dir={}", profile.display())],
                ),
                _ => (
                    "moz:firefoxOptions",
                    vec!["-profile".to_owned(), profile.display().to_string()],
                ),
            };
            if let Some(arguments) = wanted[options]["args"].as_array_mut() {
                arguments.extend(more.into_iter().map(Value::String));
            }
        }
        match wanted {
            Value::Object(map) => Ok(map),
            _ => Ok(Capabilities::new()),
        }
    }
}

/// The first of these programs on PATH or in cargo's bin; the error says how to get one.
pub fn program(names: &[&str], install: &str) -> Result<PathBuf> {
    let mut places: Vec<PathBuf> =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cargo")));
    places.extend(home.map(|home| home.join("bin")));
    names
        .iter()
        .flat_map(|name| places.iter().map(move |place| place.join(name)))
        .find(|path| path.is_file())
        .with_context(|| format!("{} is not installed; run: {install}", names[0]))
}
