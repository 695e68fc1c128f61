//! The dashboard over made-up traffic: the numbers of the command line, in Chromium, for whoever has the token.

use e2e::{Browser, Context, Engine, Result, Value, ensure, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use xtask::{Repo, tools};

/// The dashboard of a directory of its own.
struct Dashboard {
    program: PathBuf,
    data: TempDir,
    server: Child,
    /// With the token behind its #.
    address: String,
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
    }
}

impl Dashboard {
    fn start() -> Result<Self> {
        let repo = Repo::here();
        let program = repo.target.join("figures/vitrine-report");
        let hint = || {
            format!(
                "{} cannot be run; run: cargo xtask test report",
                program.display()
            )
        };
        let data = tempfile::tempdir()?;
        let made = Command::new(&program)
            .args(["generate", "--events", "20000", "--seed", "3", "--data"])
            .arg(data.path())
            .status()
            .with_context(hint)?;
        ensure!(made.success(), "no traffic was made up");
        let film = repo.at("www/demo/media/spring.mp4");
        let mut server = Command::new(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(
                first_video(&program, &data)?
                    .iter()
                    .flat_map(|id| ["--media".to_owned(), format!("{id}={}", film.display())]),
            )
            .stdout(Stdio::piped())
            .spawn()
            .with_context(hint)?;
        let out = server.stdout.take().context("the dashboard says nothing")?;
        let line = BufReader::new(out)
            .lines()
            .next()
            .context("the dashboard did not start")??;
        let address = line
            .split_whitespace()
            .last()
            .context("no address")?
            .to_owned();
        Ok(Self {
            program,
            data,
            server,
            address,
        })
    }

    /// What the command line finds.
    fn figure(&self, arguments: &[&str]) -> Result<Value> {
        figure(&self.program, &self.data, arguments)
    }

    /// The page's address with these filters, and the token.
    fn with(&self, query: &str) -> String {
        self.address.replace("/#", &format!("/?{query}#"))
    }

    /// Without the token.
    fn bare(&self) -> &str {
        self.address.split('#').next().unwrap_or_default()
    }
}

fn figure(program: &PathBuf, data: &TempDir, arguments: &[&str]) -> Result<Value> {
    let out = Command::new(program)
        .args(arguments)
        .args(["--format", "json", "--data"])
        .arg(data.path())
        .output()?;
    ensure!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let mut figures: Vec<Value> = serde_json::from_slice(&out.stdout)?;
    Ok(figures.remove(0))
}

fn first_video(program: &PathBuf, data: &TempDir) -> Result<Option<String>> {
    let found = figure(program, data, &["overview", "--by", "video"])?;
    Ok(found["rows"][0]["dimension"].as_str().map(str::to_owned))
}

/// Opens the page anew, and waits until all of its figures are there.
fn open(browser: &Browser, address: &str) -> Result<()> {
    browser.goto("about:blank")?;
    browser.goto(address)?;
    shown(browser)
}

fn shown(browser: &Browser) -> Result<()> {
    browser.wait("document.body.dataset.shown === (location.search || '?')")?;
    Ok(())
}

fn tile(browser: &Browser, name: &str) -> Result<String> {
    let text = browser.get(&format!(
        "document.querySelector('#tile-{name}').textContent"
    ))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

fn grouped(number: &Value) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The tiles say what the command line says.
fn same_overview(browser: &Browser, found: &Value) -> Result<()> {
    let row = &found["rows"][0];
    let (clicked, views) = (grouped(&row["clicked_views"]), grouped(&row["impressions"]));
    let impressions = tile(browser, "impressions")?;
    ensure!(impressions.contains(&views), "{impressions}: not {views}");
    // Of two tenths that are as near JavaScript takes the larger, Rust the even one.
    let percent = |name: &str| {
        row[name]
            .as_f64()
            .map_or(f64::NAN, |rate| (rate * 100.0).next_up())
    };
    let words = format!(
        "{:.1} %[{:.1}–{:.1}], {clicked} of {views}",
        percent("ctr"),
        percent("ctr_low"),
        percent("ctr_high")
    );
    let ctr = tile(browser, "ctr")?;
    ensure!(ctr.contains(&words), "{ctr}: not {words}");
    Ok(())
}

fn the_token_lets_in(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    browser.goto(dashboard.bare())?;
    browser.wait("!document.querySelector('#door').hidden")?;
    let status = "(async () => (await fetch('api/figure/overview', { headers: { authorization: 'Bearer ' + 'x'.repeat(32) } })).status)()";
    ensure!(
        browser.js(&format!("return await {status};"))? == 401,
        "another token was let in"
    );
    let wrong = "document.querySelector('#door input').value = 'wrong'; document.querySelector('#door button').click();";
    browser.js(wrong)?;
    browser.wait("document.querySelector('#door-words').textContent.includes('another one')")?;
    ensure!(
        browser.get("document.querySelector('#desk').hidden")? == true,
        "the desk is open"
    );
    open(browser, &dashboard.address)?;
    ensure!(
        browser.get("location.hash")? == "",
        "the token stays in the address"
    );
    // A tab that was let in once needs no token in its address.
    open(browser, dashboard.bare())
}

fn numbers_and_filters(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    same_overview(browser, &dashboard.figure(&["overview"])?)?;
    let found = dashboard.figure(&[
        "overview",
        "--device",
        "phone",
        "--from",
        "2026-03-10",
        "--to",
        "2026-03-20",
    ])?;
    open(
        browser,
        &dashboard.with("device=phone&from=2026-03-10&to=2026-03-20"),
    )?;
    same_overview(browser, &found)?;
    let fields = "['device', 'from'].map((name) => document.querySelector(`[name=${name}]`).value)";
    ensure!(
        browser.get(fields)? == json!(["phone", "2026-03-10"]),
        "the form says something else"
    );
    // By hand: the address follows, and one can go back.
    browser.js("const field = document.querySelector('[name=device]'); field.value = 'desktop'; field.dispatchEvent(new Event('change', { bubbles: true }));")?;
    browser.wait("location.search.includes('device=desktop')")?;
    shown(browser)?;
    let found = dashboard.figure(&[
        "overview",
        "--device",
        "desktop",
        "--from",
        "2026-03-10",
        "--to",
        "2026-03-20",
    ])?;
    same_overview(browser, &found)?;
    browser.js("history.back();")?;
    browser.wait("location.search.includes('device=phone')")?;
    shown(browser)
}

fn the_video_and_its_curves(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    browser.wait("document.querySelector('video').readyState > 0")?;
    browser.wait("document.querySelectorAll('.curves svg').length === 2")?;
    // A click in the middle of the curves seeks to the middle of the video.
    browser.click_on("document.querySelector('.curves')")?;
    browser.wait("Math.abs(document.querySelector('video').currentTime / document.querySelector('video').duration - 0.5) < 0.1")?;
    let video = first_video(&dashboard.program, &dashboard.data)?.context("no video")?;
    let rows = dashboard.figure(&["retention", "--video", &video])?;
    let second = browser.get("Math.floor(document.querySelector('video').currentTime)")?;
    let row = rows["rows"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["at_second"] == second));
    let row = row.context("no such second")?;
    let words = format!(
        "{} of {} views",
        grouped(&row["watching_views"]),
        grouped(&row["started_views"])
    );
    browser.wait(&format!(
        "document.querySelector('.said').textContent.includes({})",
        json!(words)
    ))?;
    // The playhead follows the video.
    let place = "new DOMMatrix(document.querySelector('.playhead').style.transform).e";
    let before = browser.get(place)?.as_f64().unwrap_or_default();
    browser.js(
        "const video = document.querySelector('video'); video.muted = true; await video.play();",
    )?;
    browser.wait(&format!("{place} > {before} + 2"))?;
    browser.js("document.querySelector('video').pause();")?;
    Ok(())
}

/// What comes in while one looks.
fn live(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    browser.js("document.querySelector('#live').click();")?;
    let before = tile(browser, "impressions")?;
    fs::copy(
        Repo::here().at("report/tests/data/hand.ndjson"),
        dashboard
            .data
            .path()
            .join("segments/00000000000000999999.ndjson"),
    )?;
    let changed = "document.querySelector('#tile-impressions').textContent !== ";
    browser.wait(&format!("{changed}{}", json!(before)))?;
    same_overview(browser, &dashboard.figure(&["overview"])?)?;
    browser.js("document.querySelector('#live').click();")?;
    Ok(())
}

fn axe_finds_nothing(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let file = tools::npm_tools(&Repo::here())?.join("../axe-core/axe.min.js");
    let source = fs::read_to_string(&file)?;
    for scheme in ["light", "dark"] {
        for width in [1280, 390] {
            let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
            browser.devtools("Emulation.setDeviceMetricsOverride", screen)?;
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            browser.devtools(
                "Emulation.setEmulatedMedia",
                json!({ "features": features }),
            )?;
            open(browser, &dashboard.with("by=device"))?;
            browser.js("document.querySelectorAll('details').forEach((details) => { details.open = true; });")?;
            browser.wait("document.querySelectorAll('td').length > 20")?;
            let wide = browser.get("document.documentElement.scrollWidth <= innerWidth")?;
            ensure!(wide == true, "{width}: the page is wider than its window");
            browser.js(&format!("{source}\nwindow.axe ??= globalThis.axe;"))?;
            let found = browser.js(
                "const { violations, passes } = await axe.run(); \
                 return [violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')), \
                   passes.map(({ id }) => id)];",
            )?;
            ensure!(
                found[0] == json!([]),
                "axe-core, {scheme}, {width}: {}",
                found[0]
            );
            let passes = found[1].as_array().context("no passes")?;
            ensure!(
                passes.iter().any(|rule| rule == "color-contrast"),
                "axe-core saw nothing: {passes:?}"
            );
            picture(browser, &format!("dashboard-{width}-{scheme}.png"))?;
        }
    }
    Ok(())
}

/// For whoever wants to look at it.
fn picture(browser: &Browser, name: &str) -> Result<()> {
    let place = Repo::here().target.join("e2e");
    fs::create_dir_all(&place)?;
    Ok(fs::write(place.join(name), browser.screenshot()?)?)
}

#[test]
fn the_dashboard() {
    let run = || -> Result<()> {
        let dashboard = Dashboard::start()?;
        let browser = Browser::start(Engine::Chromium)?;
        the_token_lets_in(&browser, &dashboard).context("token")?;
        // The refusals that were asked for stand there too.
        browser.log()?;
        numbers_and_filters(&browser, &dashboard).context("numbers and filters")?;
        the_video_and_its_curves(&browser, &dashboard).context("video and curves")?;
        live(&browser, &dashboard).context("live")?;
        axe_finds_nothing(&browser, &dashboard).context("axe-core")?;
        let log = browser.log()?;
        ensure!(log.is_empty(), "the browser complains: {log:?}");
        Ok(())
    };
    if let Err(error) = run() {
        panic!("{error:#}");
    }
}
