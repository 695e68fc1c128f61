//! Chromium over chromedriver: just enough W3C WebDriver, and the DevTools protocol through it.

use crate::run::which;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The driver listens within this time.
const START: Duration = Duration::from_secs(20);
/// The driver answers within this time, whatever a script waits for.
const ANSWER: Duration = Duration::from_secs(150);
/// A script that does not end sooner has failed.
const SCRIPT: Duration = Duration::from_secs(120);

/// A browser with one page. Dropping it ends it.
pub struct Chrome {
    driver: Child,
    port: u16,
    session: String,
}

impl Chrome {
    /// Starts driver and browser.
    pub fn start() -> Result<Chrome> {
        let browsers = ["chromium", "google-chrome", "chromium-browser"];
        let browser = browsers.iter().find_map(|name| which(name));
        let browser = browser.context("Chromium is missing; run: apt-get install chromium")?;
        let program = which("chromedriver")
            .context("chromedriver is missing; run: apt-get install chromium-driver")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let driver = Command::new(program)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver cannot be started")?;
        let mut chrome = Chrome {
            driver,
            port,
            session: String::new(),
        };
        let deadline = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if Instant::now() > deadline {
                bail!("chromedriver does not listen after {START:?}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        let started = chrome.send(
            "POST",
            "/session",
            &json!({ "capabilities": { "alwaysMatch": {
                "browserName": "chrome",
                "timeouts": { "script": SCRIPT.as_millis() },
                "goog:chromeOptions": {
                    "binary": browser,
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                        "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", "--window-size=1280,900",
                    ],
                },
            } } }),
        )?;
        let session = started["sessionId"].as_str().context("no session")?;
        chrome.session = format!("/session/{session}");
        Ok(chrome)
    }

    /// The browser's name and version.
    pub fn version(&self) -> Result<String> {
        let version = self.cdp("Browser.getVersion", json!({}))?;
        Ok(version["product"].as_str().unwrap_or("Chromium").to_owned())
    }

    /// Loads a page; returns after its `load`.
    pub fn goto(&self, url: &str) -> Result<()> {
        self.command("/url", &json!({ "url": url }))?;
        Ok(())
    }

    /// The value of a JavaScript expression; a promise is awaited.
    pub fn get(&self, expression: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[0];\n\
             (async () => ({expression}))().then((value) => done([value ?? null]), (error) => done(String(error)));"
        );
        let mut answer =
            self.command("/execute/async", &json!({ "script": script, "args": [] }))?;
        match answer.get_mut(0) {
            Some(value) => Ok(value.take()),
            None => bail!("{expression} threw {answer}"),
        }
    }

    /// A command of the DevTools protocol.
    pub fn cdp(&self, command: &str, params: Value) -> Result<Value> {
        self.command(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": params }),
        )
    }

    fn command(&self, path: &str, body: &Value) -> Result<Value> {
        self.send("POST", &format!("{}{path}", self.session), body)
            .with_context(|| {
                let mut words = body.to_string();
                words.truncate(words.floor_char_boundary(200));
                format!("chromedriver: {path} {words}")
            })
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(ANSWER))?;
        let body = body.to_string();
        let mut request = String::new();
        write!(
            request,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        stream.write_all(request.as_bytes())?;
        let mut answer: Value = serde_json::from_slice(&read_body(&mut BufReader::new(stream))?)?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) => bail!("{error}: {}", value["message"].as_str().unwrap_or_default()),
            None => Ok(value),
        }
    }
}

/// The body of an answer whose length is told.
fn read_body(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            bail!("the connection ended early");
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}

impl Drop for Chrome {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // It ends the browser and removes its profile.
            drop(self.send("DELETE", &self.session, &json!({})));
        }
        drop(self.driver.kill());
        drop(self.driver.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_length() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: y\r\n\r\n{\"a\"more";
        assert_eq!(read_body(&mut text.as_bytes()).unwrap(), b"{\"a\"");
        let short = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}";
        assert!(read_body(&mut short.as_bytes()).is_err());
    }
}
