//! One tracker in one case: a browser, a profile and a collector of its own.

use crate::cases::Case;
use crate::table::Outcome;
use crate::tracker::{self, Tracker};
use anyhow::{Context, Result};
use e2e::{Browser, Engine, Value, json};
use std::collections::{HashMap, HashSet};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xtask::Repo;
use xtask::server::{CSP, Options, Server};

/// What another visit has to bring comes within this time.
const VISIT: Duration = Duration::from_secs(12);
/// A viewer makes an event this often while the bench waits: longer than any tracker keeps one back.
const NOW_AND_THEN: Duration = Duration::from_secs(8);

/// A tracker in trouble.
pub struct Trial {
    /// Who.
    pub tracker: Tracker,
    /// Pages and collector.
    pub site: Server,
    /// Another origin's collector.
    pub other: Server,
    engine: Engine,
    profile: TempDir,
    browser: Option<Browser>,
    made: Vec<String>,
    options: Value,
    before: Vec<String>,
    failed: bool,
}

fn collector() -> Result<Options> {
    Ok(Options {
        readers: tracker::readers(),
        ..Options::default()
    })
}

impl Trial {
    /// With everything new.
    pub fn new(engine: Engine, tracker: Tracker) -> Result<Trial> {
        let repo = Repo::here();
        let mut options = e2e::site()?;
        options.readers = tracker::readers();
        options.csp = Some(format!("{CSP}; connect-src http://127.0.0.1:*"));
        let bundles = repo.target.join("bench/trackers");
        options.roots.push(("/trackers/".to_owned(), bundles));
        let profile = tempfile::tempdir()?;
        Ok(Trial {
            tracker,
            site: Server::start(options)?,
            other: Server::start(collector()?)?,
            browser: Some(Browser::start_with(engine, Some(profile.path()))?),
            engine,
            profile,
            made: Vec::new(),
            options: json!({}),
            before: Vec::new(),
            failed: false,
        })
    }

    /// The browser.
    pub fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("the browser was killed")
    }

    /// The page's address.
    pub fn address(&self) -> String {
        let text = self.options.to_string();
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let before: String = self
            .before
            .iter()
            .map(|name| format!("&before={name}"))
            .collect();
        let tracker = self.tracker.file();
        self.site.url(&format!(
            "/trackers/page.html?tracker={tracker}&o={query}{before}"
        ))
    }

    /// Loads the page; a killed browser is started again with its profile.
    pub fn visit(&mut self) -> Result<()> {
        if self.browser.is_none() {
            let again = Browser::start_with(self.engine, Some(self.profile.path()))?;
            self.browser = Some(again);
        }
        let browser = self.browser()?;
        browser.goto(&self.address())?;
        browser.wait("window.bench?.ready")?;
        self.failed |= browser.get("bench.failed")? != Value::Null;
        Ok(())
    }

    /// The same, with what the tracker is started with.
    pub fn visit_with(&mut self, options: Value) -> Result<()> {
        self.options = options;
        self.visit()
    }

    /// The same, after a script of the case's own.
    pub fn visit_after(&mut self, script: &str) -> Result<()> {
        self.site
            .put("/trackers/before.mjs", "text/javascript", script);
        self.before = vec!["before".to_owned()];
        self.visit()
    }

    /// Leaves for another page of the site.
    pub fn leave(&self) -> Result<()> {
        self.browser()?.goto(&self.site.url("/e2e/blank.html"))
    }

    /// Runs a script that makes events and returns their labels.
    pub fn act(&mut self, script: &str) -> Result<()> {
        let labels = self.browser()?.js(script)?;
        self.note(&labels);
        Ok(())
    }

    /// Takes the labels of events.
    pub fn note(&mut self, labels: &Value) {
        let list = labels
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![labels.clone()]);
        let labels = list.iter().filter_map(Value::as_str);
        self.made.extend(labels.map(str::to_owned));
    }

    /// Makes so many events.
    pub fn make(&mut self, count: usize) -> Result<()> {
        self.act(&format!("return bench.many({count});"))
    }

    /// Takes the network away, or gives it back, by the DevTools protocol: the browser knows.
    pub fn network(&self, gone: bool) -> Result<()> {
        let browser = self.browser()?;
        browser.devtools("Network.enable", json!({}))?;
        let conditions = json!({ "offline": gone, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser
            .devtools("Network.emulateNetworkConditions", conditions)
            .map(drop)
    }

    /// Ends all of the browser's processes.
    pub fn kill(&mut self) {
        if let Some(browser) = self.browser.take() {
            browser.kill();
        }
    }

    /// Plays a case, then waits for what is missing, at last on another visit, which has an event of its own.
    pub fn play(mut self, case: &Case) -> Result<Outcome> {
        (case.run)(&mut self)?;
        self.settle(case.limit)?;
        let mut outcome = self.outcome();
        if outcome.lost() > 0 {
            self.before.clear();
            self.visit()?;
            self.make(1)?;
            self.settle(VISIT)?;
            let before = outcome.lost();
            outcome = self.outcome();
            outcome.later = outcome.lost() < before;
        }
        Ok(outcome)
    }

    /// Waits until every event has arrived or is counted, or the time is up. Meanwhile the viewer does something
    /// now and then, as viewers do: there are trackers that try again with the next event only.
    fn settle(&mut self, limit: Duration) -> Result<()> {
        let (start, mut acted) = (Instant::now(), Instant::now());
        while self.outcome().lost() > 0 && start.elapsed() < limit {
            sleep(Duration::from_millis(200));
            if acted.elapsed() > NOW_AND_THEN && start.elapsed() + NOW_AND_THEN < limit {
                acted = Instant::now();
                self.act("return window.bench ? bench.many(1) : [];")?;
            }
        }
        // An answer may be on its way, and a repeat behind it.
        sleep(Duration::from_millis(300));
        Ok(())
    }

    /// What became of the events so far.
    pub fn outcome(&self) -> Outcome {
        let mut marks: HashMap<String, Vec<String>> = HashMap::new();
        let mut counts: HashMap<String, u64> = HashMap::new();
        for batch in [&self.site, &self.other]
            .iter()
            .flat_map(|site| site.batches())
        {
            for event in batch.body["events"].as_array().into_iter().flatten() {
                let id = event["id"].as_str().unwrap_or_default().to_owned();
                if let Some(made) = event["made"].as_str() {
                    marks.entry(made.to_owned()).or_default().push(id);
                } else if event["type"] == "dropped" {
                    counts.insert(id, event["count"].as_u64().unwrap_or_default());
                }
            }
        }
        let mut outcome = Outcome {
            made: self.made.len(),
            failed: self.failed,
            counted: counts.values().sum::<u64>() as usize,
            ..Outcome::default()
        };
        for made in &self.made {
            let Some(ids) = marks.get(made) else { continue };
            let different: HashSet<&String> = ids.iter().collect();
            outcome.arrived += 1;
            outcome.unmarked += different.len() - 1;
            outcome.marked += ids.len() - different.len();
        }
        outcome
    }
}
