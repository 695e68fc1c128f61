//! A page with an outbox, its collector, and what must hold in the end.

use crate::behind::Behind;
use e2e::{Browser, Context, Result, Stage, Value, bail, ensure, json, until};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;
use std::time::Duration;
use xtask::server::{CSP, Options, Server};

/// What has to arrive sooner or later arrives within this time, retries included.
pub const SOON: Duration = Duration::from_secs(30);

/// A script that counts the rows of the journal.
pub const JOURNALED: &str = "const request = indexedDB.open('vitrine'); \
             const db = await new Promise((done) => { request.onsuccess = () => done(request.result); request.onerror = () => done(null); }); \
             if (!db?.objectStoreNames.contains('events')) return 0; \
             const all = db.transaction('events').objectStore('events').count(); \
             const count = await new Promise((done) => { all.onsuccess = () => done(all.result); }); \
             db.close(); return count;";

/// A site of its own, so that no case finds what another left in the browser.
pub struct Lab {
    /// Pages and collector.
    pub site: Server,
    /// What is behind the sites' sinks, if anything is.
    behind: Behind,
    others: RefCell<Vec<Rc<Server>>>,
    /// The ids of all events that were queued.
    pub made: Vec<String>,
}

impl Lab {
    /// An origin that the browser has not seen.
    pub fn new() -> Result<Lab> {
        Lab::with_csp(&format!("{CSP}; connect-src http://127.0.0.1:*"))
    }

    /// The same under another policy.
    pub fn with_csp(csp: &str) -> Result<Lab> {
        let behind = Behind::start()?;
        let options = Options {
            csp: Some(csp.to_owned()),
            upstream: behind.address(),
            ..e2e::site()?
        };
        Ok(Lab {
            site: Server::start(options)?,
            behind,
            others: RefCell::default(),
            made: Vec::new(),
        })
    }

    /// A sink on an origin of its own.
    pub fn other(&self) -> Result<Rc<Server>> {
        let other = Rc::new(Server::start(Options {
            upstream: self.behind.address(),
            ..Options::default()
        })?);
        self.others.borrow_mut().push(Rc::clone(&other));
        Ok(other)
    }

    /// What came to the sinks is behind them, each event once.
    pub fn kept(&self) -> Result<()> {
        self.behind.has(|| {
            let others = self.others.borrow();
            let all = others.iter().map(Rc::as_ref).chain([&self.site]);
            all.flat_map(Server::batches).collect()
        })
    }

    /// The page's address; `options` is what the outbox is opened with.
    pub fn address(&self, options: &Value) -> String {
        let text = options.to_string();
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let before = match &options["before"] {
            Value::String(name) => format!("&before={name}"),
            _ => String::new(),
        };
        self.site
            .url(&format!("/e2e/outbox.html?o={query}{before}"))
    }

    /// Opens the page with its outbox.
    pub fn open(&self, browser: &Browser, options: &Value) -> Result<()> {
        browser.goto(&self.address(options))?;
        browser.wait("window.lab?.ready").map(drop)
    }

    /// Runs a script that queues events and returns their ids.
    pub fn act(&mut self, browser: &Browser, script: &str) -> Result<()> {
        let ids = browser.js(script)?;
        self.note(&ids);
        Ok(())
    }

    /// Takes the ids of events that were queued.
    pub fn note(&mut self, ids: &Value) {
        let list = ids.as_array().cloned().unwrap_or_else(|| vec![ids.clone()]);
        let ids = list.iter().filter_map(Value::as_str);
        self.made.extend(ids.map(str::to_owned));
    }

    /// Waits until every event has arrived or is counted, then looks at all that came.
    pub fn settle(&self) -> Result<()> {
        self.settle_within(SOON)
    }

    /// The same within a time.
    pub fn settle_within(&self, limit: Duration) -> Result<()> {
        self.site
            .wait_until(limit, |events| self.missing(events) == 0);
        let events = self.site.events();
        let missing = self.missing(&events);
        ensure!(
            missing == 0,
            "{missing} of {} events neither arrived nor were counted; the requests: {:?}",
            self.made.len(),
            self.site
                .requests()
                .iter()
                .filter(|line| line.contains("/events"))
                .collect::<Vec<_>>()
        );
        self.check()
    }

    /// How many events did not arrive and were not counted either.
    fn missing(&self, events: &[Value]) -> usize {
        let came: HashSet<&str> = events
            .iter()
            .filter_map(|event| event["id"].as_str())
            .collect();
        let lost = self
            .made
            .iter()
            .filter(|id| !came.contains(id.as_str()))
            .count();
        lost.saturating_sub(self.dropped(events))
    }

    /// How many events were counted as dropped.
    pub fn dropped(&self, events: &[Value]) -> usize {
        let counts = events.iter().filter(|event| event["type"] == "dropped");
        counts
            .filter_map(|event| event["count"].as_u64())
            .sum::<u64>() as usize
    }

    /// What comes again is the same; and `seq` has no gap that is not explained.
    fn check(&self) -> Result<()> {
        let mut bodies: BTreeMap<String, Value> = BTreeMap::new();
        for batch in self.site.batches() {
            for event in batch.body["events"].as_array().into_iter().flatten() {
                let id = event["id"].to_string();
                if let Some(first) = bodies.insert(id, event.clone()) {
                    ensure!(first == *event, "came as {first}, then as {event}");
                }
            }
        }
        let mut views: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for event in bodies.values() {
            let seqs = views.entry(event["view_id"].to_string()).or_default();
            seqs.extend(event["seq"].as_u64());
            for (view, missing) in event["missing"].as_object().into_iter().flatten() {
                let seqs = views.entry(json!(view).to_string()).or_default();
                seqs.extend(
                    missing
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_u64),
                );
            }
        }
        for (view, mut seqs) in views {
            seqs.sort_unstable();
            seqs.dedup();
            let gapless = (0..).zip(&seqs).all(|(expected, seq)| expected == *seq);
            ensure!(gapless, "view {view} has a gap: {seqs:?}");
        }
        self.kept()
    }

    /// How often each event came.
    pub fn times(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for batch in self.site.batches() {
            for event in batch.body["events"].as_array().into_iter().flatten() {
                let id = event["id"].as_str().unwrap_or_default().to_owned();
                *times.entry(id).or_default() += 1;
            }
        }
        times
    }

    /// No event came twice.
    pub fn check_once(&self) -> Result<()> {
        let twice: Vec<_> = self
            .times()
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .collect();
        ensure!(twice.is_empty(), "came more than once: {twice:?}");
        Ok(())
    }

    /// The answers to `POST /events` so far.
    pub fn answers(&self) -> Vec<String> {
        let all = self.site.requests().into_iter();
        let posts = all.filter(|line| line.starts_with("POST /events"));
        posts
            .map(|line| line.rsplit(' ').next().unwrap_or_default().to_owned())
            .collect()
    }

    /// How many rows the journal has.
    pub fn journaled(&self, browser: &Browser) -> Result<u64> {
        let count = browser.js(JOURNALED)?;
        count.as_u64().context("no count")
    }

    /// Waits until the journal is empty.
    pub fn emptied(&self, browser: &Browser) -> Result<()> {
        let empty = until(SOON, || Ok((self.journaled(browser)? == 0).then_some(())))?;
        if empty.is_none() {
            bail!("the journal still has {} rows", self.journaled(browser)?);
        }
        Ok(())
    }
}

/// Opens a lab on the stage's browser.
pub fn opened(stage: &Stage, options: &Value) -> Result<Lab> {
    let lab = Lab::new()?;
    lab.open(&stage.browser, options)?;
    Ok(lab)
}
