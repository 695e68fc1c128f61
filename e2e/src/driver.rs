//! The driver as a process of ours: it, its browser and its display end when the value is dropped.

use crate::engine::{Engine, program};
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A driver listens within this time.
const START: Duration = Duration::from_secs(20);
/// The variable by which the processes of a driver are known, whoever their parent is.
const MARK: &str = "VITRINE_E2E_OWNER";

/// A running driver.
pub struct Driver {
    port: u16,
    process: Child,
    display: Option<Child>,
    /// Profiles and the driver's log.
    place: TempDir,
}

impl Driver {
    /// Starts the engine's driver on a free port, and a display if the engine needs one.
    pub fn start(engine: Engine) -> Result<Driver> {
        let program = engine.driver()?;
        engine.browser()?;
        let place = tempfile::Builder::new().prefix("vitrine-e2e-").tempdir()?;
        let (mut display, mut number) = (None, None);
        if engine == Engine::WebKit {
            let (process, name) = start_display(place.path())?;
            (display, number) = (Some(process), Some(name));
        }
        let (port, other) = free_ports()?;
        let log = File::create(place.path().join("driver.log"))?;
        let mut command = Command::new(program);
        command
            .args(engine.arguments(port, other))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .env(MARK, mark(place.path()))
            .env("TMPDIR", place.path())
            // WebKit's sandbox refuses to start as root.
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
        if let Some(number) = number {
            command.env("DISPLAY", number);
            command.env("GDK_BACKEND", "x11");
        }
        let process = command.spawn().context("the driver cannot be started")?;
        let driver = Driver {
            port,
            process,
            display,
            place,
        };
        driver.listening()?;
        Ok(driver)
    }

    /// Where the driver listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the driver and its browser printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.place.path().join("driver.log")).unwrap_or_default()
    }

    /// Kills those of the browser's processes whose command line satisfies the test.
    pub fn kill_browser(&self, test: impl Fn(&str) -> bool) {
        for pid in marked(&mark(self.place.path())) {
            let id = pid.as_raw_nonzero().get();
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            if u32::try_from(id) != Ok(self.process.id()) && test(&line) {
                // It may have ended by itself meanwhile.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }

    fn listening(&self) -> Result<()> {
        let deadline = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if Instant::now() > deadline {
                bail!(
                    "the driver does not listen after {START:?}:\n{}",
                    self.log()
                );
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        end(&mut self.process);
        for pid in marked(&mark(self.place.path())) {
            // It may have ended by itself meanwhile.
            let _ = kill_process(pid, Signal::KILL);
        }
        if let Some(display) = &mut self.display {
            end(display);
        }
    }
}

/// Kills a process group that this program started, and takes its leader's status.
fn end(process: &mut Child) {
    if let Ok(id) = i32::try_from(process.id())
        && let Some(pid) = Pid::from_raw(id)
    {
        let _ = kill_process_group(pid, Signal::KILL);
    }
    drop(process.wait());
}

/// What the processes of the driver that lives in this directory have in their environment.
fn mark(place: &Path) -> OsString {
    place.as_os_str().to_owned()
}

/// The processes that inherited the mark. Browsers put their helpers in groups of their own.
fn marked(mark: &OsString) -> Vec<Pid> {
    let wanted = [MARK.as_bytes(), b"=", mark.as_encoded_bytes()].concat();
    let Ok(all) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<i32>().ok();
    all.flatten()
        .filter_map(number)
        .filter(|id| {
            let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|line| line == wanted)
        })
        .filter_map(Pid::from_raw)
        .collect()
}

/// Two ports that nobody listens on.
fn free_ports() -> Result<(u16, u16)> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let second = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok((first.local_addr()?.port(), second.local_addr()?.port()))
}

/// An X server on a free display number, which it prints itself.
fn start_display(place: &Path) -> Result<(Child, String)> {
    let mut process = Command::new(program(&["Xvfb"], "apt-get install xvfb")?)
        .args(["-displayfd", "1", "-screen", "0", "1400x1000x24"])
        .args(["-nolisten", "tcp", "-noreset"])
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(place.join("display.log"))?)
        .spawn()?;
    let mut line = String::new();
    if let Some(output) = process.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    let number = line.trim();
    if number.is_empty() {
        end(&mut process);
        let words = fs::read_to_string(place.join("display.log")).unwrap_or_default();
        bail!("Xvfb gave no display: {words}");
    }
    Ok((process, format!(":{number}")))
}
