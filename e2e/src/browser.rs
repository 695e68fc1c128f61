//! A browser, as a viewer and a test have it: pages, pointer, keys, and scripts to look with.

use crate::driver::Driver;
use crate::engine::Engine;
use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    TouchActions,
};
use fantoccini::error::CmdError;
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// What should happen soon happens within this time, on a slow machine too.
pub const LIMIT: Duration = Duration::from_secs(20);
/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(25);

/// A place in the viewport, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Waits until the function finds something; None if the time was up first.
pub fn until<T>(limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        if Instant::now() > deadline {
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// A driver answers within this time, its own limits of a minute included.
const STUCK: Duration = Duration::from_secs(75);

/// The driver does not answer any more, as WebKit's has done.
#[derive(Debug)]
pub struct Stuck;

impl std::fmt::Display for Stuck {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "the driver did not answer within {} s",
            STUCK.as_secs()
        )
    }
}

impl std::error::Error for Stuck {}

/// A browser with one session. Dropping it ends all its processes.
pub struct Browser {
    engine: Engine,
    runtime: Runtime,
    client: Client,
    driver: Driver,
    killed: bool,
}

impl Browser {
    /// Starts driver and browser.
    pub fn start(engine: Engine) -> Result<Browser> {
        Browser::start_with(engine, None)
    }

    /// The same with a profile that others had before, or will have. WebKit's driver has none.
    pub fn start_with(engine: Engine, profile: Option<&Path>) -> Result<Browser> {
        let driver = Driver::start(engine)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let client = runtime.block_on(async {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(engine.capabilities(profile)?)
                .connect(&driver.url())
                .await
                .map_err(|error| anyhow!("{engine:?} gave no session: {error}\n{}", driver.log()))
        })?;
        let browser = Browser {
            engine,
            runtime,
            client,
            driver,
            killed: false,
        };
        browser.settle()?;
        Ok(browser)
    }

    /// The same time limits and window in all engines.
    fn settle(&self) -> Result<()> {
        let second = Duration::from_secs(1);
        let limits = TimeoutConfiguration::new(Some(60 * second), Some(60 * second), None);
        self.on(self.client.update_timeouts(limits))?;
        self.on(self.client.set_window_rect(0, 0, 1280, 900))
    }

    fn on<T>(&self, work: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
        let limited = async { tokio::time::timeout(STUCK, work).await };
        let Ok(done) = self.runtime.block_on(limited) else {
            return Err(Stuck.into());
        };
        done.map_err(|error| match error {
            CmdError::Standard(error) => anyhow!("{}: {}", error.error, error.message),
            other => anyhow!("{other}\n{}", self.driver.log()),
        })
    }

    /// Kills the browser with all of its processes, as a crash of the machine would.
    pub fn kill(mut self) {
        self.killed = true;
        self.driver.kill_browser(|_| true);
    }

    /// Kills the processes that pages live in.
    pub fn kill_renderers(&self) {
        self.driver.kill_browser(|command| {
            ["--type=renderer", "-contentproc", "WebKitWebProcess"]
                .iter()
                .any(|word| command.contains(word))
        });
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Loads a page; returns after its `load`.
    pub fn goto(&self, url: &str) -> Result<()> {
        let going = self.on(self.client.goto(url));
        going.with_context(|| format!("going to {url}"))
    }

    /// Runs the body of an async function in the page, with `arguments` as `args`, and returns its value.
    pub fn js_with(&self, body: &str, arguments: Value) -> Result<Value> {
        let script = format!(
            "const [args, done] = arguments;\n\
             (async () => {{ {body}\n }})().then(\n\
               (value) => done({{ value: value === undefined ? null : value }}),\n\
               (error) => done({{ error: String(error && error.stack || error) + ' ' + error }}));"
        );
        let answer = self.on(self.client.execute_async(&script, vec![arguments]));
        let mut answer = answer.with_context(|| format!("script: {body}"))?;
        match answer.get("error") {
            Some(error) => bail!("script: {body}\nthrew {error}"),
            None => Ok(answer["value"].take()),
        }
    }

    /// Runs the body of an async function in the page and returns its value.
    pub fn js(&self, body: &str) -> Result<Value> {
        self.js_with(body, Value::Null)
    }

    /// The value of a JavaScript expression.
    pub fn get(&self, expression: &str) -> Result<Value> {
        self.js(&format!("return ({expression});"))
    }

    /// Waits until a JavaScript expression is truthy, and returns its value.
    pub fn wait(&self, expression: &str) -> Result<Value> {
        self.wait_for(expression, LIMIT)
    }

    /// Waits until an expression has that text.
    pub fn becomes(&self, what: &str, wanted: &str, limit: Duration) -> Result<()> {
        let found = until(limit, || Ok((self.get(what)? == wanted).then_some(())))?;
        ensure!(
            found.is_some(),
            "{what} is {}, not {wanted:?}",
            self.get(what)?
        );
        Ok(())
    }

    /// Waits so long until a JavaScript expression is truthy, and returns its value.
    pub fn wait_for(&self, expression: &str, limit: Duration) -> Result<Value> {
        let script = format!("const value = ({expression}); return value ? [value] : null;");
        let found = until(limit, || {
            let mut value = self.js(&script)?;
            Ok(value.get_mut(0).map(Value::take))
        })?;
        found.with_context(|| {
            let state = self.js("return window.probe ? probe.state() : null;");
            format!(
                "not within {limit:?}: {expression}\nthe page: {}",
                state.unwrap_or_default()
            )
        })
    }

    /// A real click of the mouse's left button.
    pub fn click(&self, at: Point) -> Result<()> {
        let mouse = MouseActions::new("mouse".to_owned());
        self.on(self.client.perform_actions(pressed(mouse.then(to(at)))))
    }

    /// Moves the mouse.
    pub fn hover(&self, at: Point) -> Result<()> {
        let mouse = MouseActions::new("mouse".to_owned());
        self.on(self.client.perform_actions(mouse.then(to(at))))
    }

    /// A tap of a finger; WebKitGTK's driver makes it a click of the mouse.
    pub fn tap(&self, at: Point) -> Result<()> {
        let finger = TouchActions::new("finger".to_owned());
        self.on(self.client.perform_actions(pressed(finger.then(to(at)))))
    }

    /// The centre of the element that a JavaScript expression gives, scrolled into view.
    pub fn centre(&self, element: &str) -> Result<Point> {
        let place = self.js(&format!(
            "const element = ({element});\n\
             if (!element) throw new Error('no such element');\n\
             let box = element.getBoundingClientRect();\n\
             if (box.top < 0 || box.bottom > innerHeight) {{\n\
               element.scrollIntoView({{ block: 'center', behavior: 'instant' }});\n\
               box = element.getBoundingClientRect();\n\
             }}\n\
             return [box.x + box.width / 2, box.y + box.height / 2];"
        ))?;
        Ok(Point {
            x: place[0].as_f64().context("no place")?,
            y: place[1].as_f64().context("no place")?,
        })
    }

    /// A real click on the element that a JavaScript expression gives.
    pub fn click_on(&self, element: &str) -> Result<()> {
        self.click(self.centre(element)?)
    }

    /// Presses and releases a key; `fantoccini::key` lists those that are no characters.
    pub fn press(&self, key: char) -> Result<()> {
        let keys = KeyActions::new("keys".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.on(self.client.perform_actions(keys))
    }

    /// Does something in a tab of its own, then closes that. In WebKit it is a window: MiniBrowser
    /// does not lay out a tab that a driver opened.
    pub fn in_new_tab(&self, work: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
        let first = self.on(self.client.window())?;
        let tab = self
            .on(self.client.new_window(self.engine != Engine::WebKit))?
            .handle;
        self.on(self.client.switch_to_window(tab))?;
        let worked = work(self);
        let closed = self.on(self.client.close_window());
        self.on(self.client.switch_to_window(first))?;
        worked.and(closed)
    }

    /// Does something in the page's frame of this number, counted from 0.
    pub fn in_frame(&self, number: u16, work: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
        self.on(self.client.enter_frame(number))?;
        let worked = work(self);
        self.on(self.client.enter_parent_frame())?;
        worked
    }

    /// Does something in a window of its own, whatever became of the page in this one.
    pub fn in_new_window(&self, work: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
        let window = self.on(self.client.new_window(false))?.handle;
        self.on(self.client.switch_to_window(window))?;
        work(self)
    }

    /// The browser's own log since the last call, as far as the driver has one (Chromium's has).
    pub fn log(&self) -> Result<Vec<String>> {
        if self.engine != Engine::Chromium {
            return Ok(Vec::new());
        }
        let lines = self.on(self.client.issue_cmd(BrowserLog))?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let text = |line: &Value| line["message"].as_str().map(str::to_owned);
        Ok(lines.iter().filter_map(text).collect())
    }

    /// A command of the DevTools protocol, which chromedriver passes on.
    pub fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let command = json!({ "cmd": command, "params": parameters });
        self.on(self.client.issue_cmd(DevTools(command)))
    }

    /// The role and the name that assistive technology gets of the element that a JavaScript expression gives.
    pub fn computed(&self, element: &str) -> Result<(String, String)> {
        let found = self.get(element)?;
        let found = found.as_object().and_then(|object| object.values().next());
        let id = found.and_then(Value::as_str).context("no such element")?;
        let ask = |what: &'static str| -> Result<String> {
            let answer = self.on(self.client.issue_cmd(Computed(what, id.to_owned())))?;
            Ok(answer.as_str().unwrap_or_default().to_owned())
        };
        Ok((ask("computedrole")?, ask("computedlabel")?))
    }

    /// A picture of the page as base64 of a PNG, as the driver sends it.
    pub fn screenshot_text(&self) -> Result<String> {
        let text = self.on(self.client.issue_cmd(Screenshot))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Makes a picture of the page, for a failure's report.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.on(self.client.screenshot())
    }
}

fn to(at: Point) -> PointerAction {
    PointerAction::MoveTo {
        duration: None,
        x: at.x.round(),
        y: at.y.round(),
    }
}

fn pressed<S: InputSource<Action = PointerAction>>(pointer: S) -> S {
    let button = MOUSE_BUTTON_LEFT;
    let down = pointer.then(PointerAction::Down { button });
    down.then(PointerAction::Up { button })
}

impl Drop for Browser {
    fn drop(&mut self) {
        if self.killed {
            return;
        }
        // The polite way first: it removes the profile. The driver's drop ends what is left.
        let closing = self.client.clone().close();
        let limit = Duration::from_secs(5);
        drop(
            self.runtime
                .block_on(async { tokio::time::timeout(limit, closing).await }),
        );
    }
}

/// Chromedriver's command for the browser's log.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (
            http::Method::POST,
            Some(json!({ "type": "browser" }).to_string()),
        )
    }
}

/// Chromedriver's command for the DevTools protocol.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// The standard's commands for what assistive technology gets of an element.
#[derive(Debug)]
struct Computed(&'static str, String);

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let (what, element) = (self.0, &self.1);
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/element/{element}/{what}"))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}

/// The standard's command for a picture, without the detour over bytes.
#[derive(Debug)]
struct Screenshot;

impl WebDriverCompatibleCommand for Screenshot {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/screenshot",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::GET, None)
    }
}
