//! A browser with a site in front of it, and the run of a file's scenarios.

use crate::browser::{Browser, LIMIT, Stuck};
use crate::chain::{check_seq, types};
use crate::engine::Engine;
use anyhow::{Context, Error, Result, bail, ensure};
use serde_json::Value;
use std::env;
use std::fs;
use std::panic;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use xtask::Repo;
use xtask::examples;
use xtask::server::{CSP, Options, Server};

/// One browser at a time: a machine of two cores would drop frames otherwise.
static TURN: Mutex<()> = Mutex::new(());

/// What a scenario acts on.
pub struct Stage {
    /// The browser.
    pub browser: Browser,
    /// The site: the demo at `/`, `dist/` at `/vitrine/`, the tests' pages at `/e2e/`, the clips
    /// that they make at `/made/`.
    pub site: Server,
}

/// The page's newest view, by the events that it was shown.
const VIEW_ID: &str = "probe.said('vitrine:event').at(-1)?.detail.view_id";

/// A named scenario.
pub type Scenario = (&'static str, fn(&mut Stage) -> Result<()>);

/// The options of the site that the tests run against, under the strict policy.
pub fn site() -> Result<Options> {
    let repo = Repo::here();
    // Another build than the repository's can be put to the same tests.
    let dist = env::var_os("VITRINE_DIST").map_or_else(|| repo.dist(), PathBuf::from);
    ensure!(
        dist.join("vitrine.js").is_file(),
        "{} is missing; run: cargo xtask build",
        dist.display()
    );
    Ok(Options {
        roots: vec![
            ("/".to_owned(), repo.at("www/demo")),
            ("/vitrine/".to_owned(), dist),
            ("/e2e/".to_owned(), repo.at("e2e/pages")),
            ("/examples/".to_owned(), examples::built(&repo)),
            ("/made/".to_owned(), repo.target.join("e2e/made")),
        ],
        ..Options::default()
    })
}

/// The strict policy, with one more address that the page may connect to.
pub fn policy(connect: &str) -> String {
    format!("{CSP}; connect-src 'self' {connect}")
}

impl Stage {
    fn start(engine: Engine) -> Result<Stage> {
        let site = Server::start(site()?)?;
        Ok(Stage {
            browser: Browser::start(engine)?,
            site,
        })
    }

    /// Loads a page of the site, after a look at what the last one did against the policy.
    pub fn open(&self, path: &str) -> Result<()> {
        self.check_policy()?;
        self.browser.goto(&self.site.url(path))
    }

    /// Loads the demo, as it is but for the script that notes what happens, until its overlay is ready.
    pub fn open_demo(&self) -> Result<()> {
        let page = Repo::here().at("www/demo/index.html");
        let page =
            fs::read_to_string(&page).with_context(|| format!("{} is missing", page.display()))?;
        let probe = "<head><script src=\"/e2e/probe.js\"></script>";
        let probed = page.replacen("<head>", probe, 1);
        ensure!(probed != page, "the demo has no <head>");
        self.site
            .put("/probed.html", "text/html; charset=utf-8", probed);
        self.open_ready("/probed.html")
    }

    /// Loads a page and waits until the overlay on it is ready.
    pub fn open_ready(&self, path: &str) -> Result<()> {
        self.open(path)?;
        self.browser
            .wait("probe.said('vitrine:ready').length")
            .map(drop)
    }

    /// No page may break the content security policy.
    pub fn check_policy(&self) -> Result<()> {
        let broken = self.browser.get("window.probe ? probe.violations : []")?;
        ensure!(
            broken.as_array().is_some_and(Vec::is_empty),
            "the page broke its policy: {broken}"
        );
        Ok(())
    }

    /// Waits until the sink has what the test looks for; the error lists what it has.
    pub fn collected(&self, what: &str, done: impl FnMut(&[Value]) -> bool) -> Result<Vec<Value>> {
        let came = self.site.wait_until(LIMIT, done);
        let events = self.site.events();
        ensure!(
            came,
            "the sink did not get {what} within {LIMIT:?}; it has {}",
            types(&events).join(" ")
        );
        Ok(events)
    }

    /// The id of the view that began last on the page.
    pub fn view_id(&self) -> Result<String> {
        let id = self.browser.wait(VIEW_ID)?;
        Ok(id.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the sink has an event of this type from a view; returns the view's events by `seq`.
    pub fn view(&self, id: &str, until: &str) -> Result<Vec<Value>> {
        let of_view = |events: &[Value]| {
            let mine = events.iter().filter(|event| event["view_id"] == id);
            let mut view: Vec<Value> = mine.cloned().collect();
            view.sort_by_key(|event| event["seq"].as_u64());
            view
        };
        // Batches may overtake each other: complete is what counts.
        let came = self.site.wait_until(LIMIT, |events| {
            let view = of_view(events);
            view.iter().any(|event| event["type"] == until) && check_seq(&view).is_ok()
        });
        let view = of_view(&self.site.events());
        check_seq(&view)?;
        ensure!(
            came,
            "the sink did not get {until}; it has {:?}",
            types(&view)
        );
        Ok(view)
    }

    /// Sends what is queued on a page with the script tag; then as [`Stage::view`] for its view.
    pub fn flushed(&self, until: &str) -> Result<Vec<Value>> {
        self.browser.js("vitrine.flush();")?;
        self.view(&self.view_id()?, until)
    }

    fn play(&mut self, scenario: Scenario) -> Result<()> {
        self.site.clear();
        scenario.1(self)?;
        self.check_policy()
    }

    /// Where a failed page's picture is.
    fn picture(&self, name: &str) -> Result<String> {
        let place = Repo::here().target.join("e2e");
        fs::create_dir_all(&place)?;
        let file = place.join(format!("{:?}-{name}.png", self.browser.engine()));
        fs::write(&file, self.browser.screenshot()?)?;
        Ok(file.display().to_string())
    }
}

/// Runs the scenarios in one browser and panics with all their failures.
pub fn run(engine: Engine, scenarios: &[Scenario]) {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let result = run_all(engine, scenarios);
    drop(turn);
    if let Err(error) = result {
        eprintln!("{engine:?}: {error:#}");
        // The message says it all: no hook, no backtrace of the harness.
        panic::resume_unwind(Box::new(()));
    }
}

fn run_all(engine: Engine, scenarios: &[Scenario]) -> Result<()> {
    let filter = env::var("VITRINE_E2E").unwrap_or_default();
    let chosen = scenarios.iter().filter(|(name, _)| name.contains(&filter));
    let chosen: Vec<Scenario> = chosen.copied().collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let mut stage = Stage::start(engine)?;
    let mut failures = Vec::new();
    for scenario in chosen {
        let (name, start) = (scenario.0, Instant::now());
        let mut result = stage.play(scenario);
        // Three engines share two cores with whatever else runs there, and what is slow now may be in time
        // then; what is wrong fails again. By hand there is one try, so that nothing stays unseen.
        let again = |error: &Error| error.is::<Stuck>() || env::var_os("CI").is_some();
        if let Err(error) = result.as_ref()
            && again(error)
        {
            eprintln!("{engine:?} {name}: once more, in another browser, after: {error:#}");
            drop(stage);
            stage = Stage::start(engine)?;
            result = stage.play(scenario);
        }
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        eprintln!(
            "{engine:?} {name}: {word} in {:.1} s",
            start.elapsed().as_secs_f64()
        );
        if let Err(error) = result {
            let picture = stage
                .picture(name)
                .unwrap_or_else(|error| error.to_string());
            failures.push(format!("{name}: {error:#}\n  picture: {picture}"));
        }
    }
    if !failures.is_empty() {
        bail!("{} failed:\n- {}", failures.len(), failures.join("\n- "));
    }
    Ok(())
}
