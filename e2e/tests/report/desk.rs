//! A dashboard of made-up traffic, and what the command line says of the same.

use e2e::{Context, Result, Value, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use xtask::Repo;

/// Made-up traffic: each engine has a directory of its own, which is read and added to.
pub fn traffic() -> Result<TempDir> {
    let data = tempfile::tempdir()?;
    let made = Command::new(program())
        .args(["generate", "--events", "20000", "--seed", "3", "--data"])
        .arg(data.path())
        .status()
        .with_context(hint)?;
    ensure!(made.success(), "no traffic was made up");
    Ok(data)
}

fn program() -> PathBuf {
    Repo::here().target.join("figures/vitrine-report")
}

fn hint() -> String {
    format!(
        "{} cannot be run; run: cargo xtask test report",
        program().display()
    )
}

/// Its server.
pub struct Dashboard {
    data: PathBuf,
    flags: Vec<String>,
    server: Child,
    /// With the token behind its #.
    pub address: String,
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

impl Dashboard {
    /// Of a directory, with the film under this video's name and these tables.
    pub fn start(data: &Path, film: &str, flags: &[String]) -> Result<Self> {
        let file = Repo::here().at("www/demo/media/spring.mp4");
        let mut server = Command::new(program())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(["--media".to_owned(), format!("{film}={}", file.display())])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(hint)?;
        let out = server.stdout.take().context("the dashboard says nothing")?;
        let line = BufReader::new(out)
            .lines()
            .next()
            .context("the dashboard did not start")??;
        let address = line.split_whitespace().last().context("no address")?;
        Ok(Self {
            data: data.to_owned(),
            flags: flags.to_owned(),
            server,
            address: address.to_owned(),
        })
    }

    /// What the command line finds.
    pub fn figure(&self, arguments: &[&str]) -> Result<Value> {
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        figure(&self.data, &[arguments, &flags].concat())
    }

    /// The page's address with these filters, and the token.
    pub fn with(&self, query: &str) -> String {
        self.address.replace("/#", &format!("/?{query}#"))
    }

    /// Without the token.
    pub fn bare(&self) -> &str {
        self.address.split('#').next().unwrap_or_default()
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> &str {
        let bare = self.bare();
        bare.trim_start_matches("http://").trim_end_matches('/')
    }

    /// The token.
    pub fn token(&self) -> &str {
        self.address.split("token=").last().unwrap_or_default()
    }

    /// More of what the collector would have written.
    pub fn add_segment(&self) -> Result<()> {
        let hand = Repo::here().at("report/tests/data/hand.ndjson");
        let to = self.data.join("segments/00000000000000999999.ndjson");
        fs::copy(hand, to)?;
        Ok(())
    }

    /// As slow as can be, until it is told to go on.
    pub fn halt(&self, halted: bool) -> Result<()> {
        let signal = if halted { Signal::STOP } else { Signal::CONT };
        Ok(kill_process(Pid::from_child(&self.server), signal)?)
    }
}

/// What the command line finds in a directory.
pub fn figure(data: &Path, arguments: &[&str]) -> Result<Value> {
    let out = Command::new(program())
        .args(arguments)
        .args(["--format", "json", "--data"])
        .arg(data)
        .output()?;
    ensure!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let mut figures: Vec<Value> = serde_json::from_slice(&out.stdout)?;
    Ok(figures.remove(0))
}

/// A figure's rows.
pub fn rows(figure: &Value) -> &[Value] {
    figure["rows"].as_array().map_or(&[], Vec::as_slice)
}

/// A text of a row.
pub fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// The video that most is known of.
pub fn first_video(data: &Path) -> Result<String> {
    let found = figure(data, &["overview", "--by", "video"])?;
    Ok(text(&found["rows"][0], "dimension").to_owned())
}

/// Who presents and who sends viewers, as it is made up; costs of all videos, stock and unit costs of all products but one, and a rate for pounds alone.
pub struct Tables(TempDir);

impl Tables {
    /// Made for the traffic of a directory.
    pub fn of(data: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut costs = "video,amount,currency,kind\n".to_owned();
        for (at, row) in rows(&figure(data, &["overview", "--by", "video"])?)
            .iter()
            .enumerate()
        {
            let video = text(row, "dimension");
            costs.push_str(&format!("{video},{},EUR,shoot\n", 150 * (at + 1)));
        }
        let mut inventory = "item_id,stock,unit_cost,currency\n".to_owned();
        for (at, row) in rows(&figure(data, &["forecast"])?)
            .iter()
            .enumerate()
            .skip(1)
        {
            inventory.push_str(&format!("{},{},12.50,EUR\n", text(row, "product"), at % 5));
        }
        for name in ["segments.csv", "influencers.csv"] {
            fs::copy(data.join(name), folder.path().join(name))?;
        }
        fs::write(folder.path().join("costs.csv"), costs)?;
        fs::write(folder.path().join("inventory.csv"), inventory)?;
        fs::write(
            folder.path().join("rates.csv"),
            "date,from,to,rate\n2020-01-01,GBP,EUR,1.15\n",
        )?;
        Ok(Self(folder))
    }

    /// Where the costs are.
    pub fn costs(&self) -> PathBuf {
        self.0.path().join("costs.csv")
    }

    /// As the program takes them.
    pub fn flags(&self) -> Vec<String> {
        let flag = |name: &str| {
            [
                format!("--{name}"),
                self.0
                    .path()
                    .join(format!("{name}.csv"))
                    .display()
                    .to_string(),
            ]
        };
        ["costs", "inventory", "rates", "segments", "influencers"]
            .iter()
            .flat_map(|name| flag(name))
            .collect()
    }
}
