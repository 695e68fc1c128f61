//! The README's picture: `cargo test -p e2e --test picture -- --ignored` draws `docs/demo.webp` anew.

use e2e::{Browser, Context, Engine, Result, Stage, ensure, json};
use std::fs;
use std::process::Command;
use xtask::Repo;

/// The window, and how wide the picture is.
const SIZE: (u32, u32) = (1280, 780);
const WIDE: u32 = 960;

#[test]
#[ignore = "it writes docs/demo.webp"]
fn the_readme_s_picture() {
    e2e::run(Engine::Chromium, &[("picture", picture)]);
}

fn shot(browser: &Browser, name: &str) -> Result<std::path::PathBuf> {
    let place = Repo::here().target.join("e2e");
    fs::create_dir_all(&place)?;
    let file = place.join(name);
    fs::write(&file, browser.screenshot()?)?;
    Ok(file)
}

fn picture(stage: &mut Stage) -> Result<()> {
    let screen =
        json!({ "width": SIZE.0, "height": SIZE.1, "deviceScaleFactor": 1, "mobile": true });
    stage
        .browser
        .devtools("Emulation.setDeviceMetricsOverride", screen)?;
    stage.open_demo()?;
    let browser = &stage.browser;
    browser.js("await probe.seek(4.5);")?;
    browser.click_on("probe.spot('bag').querySelector('.dot')")?;
    browser.wait("probe.part('card') && [...probe.root().querySelectorAll('img')].every((image) => image.complete)")?;
    // The events have arrived, and nothing moves any more.
    browser.wait("document.querySelectorAll('#event-list li').length > 3")?;
    browser.js("scrollTo(0, 0); await new Promise((done) => setTimeout(done, 1500));")?;
    let file = shot(browser, "demo.png")?;
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]).arg(file);
    ffmpeg.args(["-vf", &format!("scale={WIDE}:-1:flags=lanczos")]);
    ffmpeg.args("-c:v libwebp -quality 70 -compression_level 6".split(' '));
    let done = ffmpeg
        .arg(Repo::here().at("docs/demo.webp"))
        .status()
        .context("ffmpeg is not installed; run: apt-get install ffmpeg")?;
    ensure!(done.success(), "ffmpeg did not write the picture");
    Ok(())
}
