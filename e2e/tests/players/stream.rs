//! What the players need: themselves, and the stream.

use crate::pages;
use e2e::{Context, Engine, Result, Stage, Value, ensure, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use xtask::Repo;
use xtask::server::Server;
use xtask::tools;

/// Players write styles of their own, and feed the video through `blob:`.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self' data:; img-src 'self' data:; font-src 'self' data: https://fonts.gstatic.com";

/// The stream's two sizes, with the bandwidth that its playlist names.
const SIZES: [(u32, u32, u32); 2] = [(640, 360, 900_000), (320, 180, 300_000)];

/// One test at a time installs and cuts.
static ONCE: Mutex<()> = Mutex::new(());

/// Puts the stage on a site with the players at `/players/` and the stream at `/hls/`. False where
/// this engine cannot play it here.
pub fn open_site(stage: &mut Stage) -> Result<bool> {
    let repo = Repo::here();
    let turn = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    let players = install(&repo)?;
    let stream = cut(&repo)?;
    drop(turn);
    stage.check_policy()?;
    let mut options = e2e::site()?;
    options.roots.push(("/players/".to_owned(), players));
    options.roots.push(("/hls/".to_owned(), stream));
    options.csp = Some(CSP.to_owned());
    stage.site = Server::start(options)?;
    stage.open("/e2e/blank.html")?;
    let plays = stage.browser.get(
        "!!window.MediaSource && MediaSource.isTypeSupported('video/mp4; codecs=\"avc1.42E01E\"')",
    )?;
    if plays != true {
        eprintln!(
            "  skipped: {:?} plays no H.264 by Media Source Extensions here{}",
            stage.browser.engine(),
            if stage.browser.engine() == Engine::WebKit {
                "; apt-get install gstreamer1.0-libav"
            } else {
                ""
            }
        );
    }
    Ok(plays == true)
}

/// The players from npm, as `e2e/players/package-lock.json` says.
fn install(repo: &Repo) -> Result<PathBuf> {
    let place = repo.at("e2e/players");
    tools::npm_ci(&place, "the players", &["--ignore-scripts"])?;
    Ok(place.join("node_modules"))
}

/// Cuts the tests' clip into an HLS stream, once.
fn cut(repo: &Repo) -> Result<PathBuf> {
    let place = repo.target.join("e2e").join("hls-1");
    if place.join("master.m3u8").is_file() {
        return Ok(place);
    }
    fs::create_dir_all(&place)?;
    let mut master = "#EXTM3U\n#EXT-X-VERSION:3\n".to_owned();
    for (width, height, bandwidth) in SIZES {
        rendition(repo, &place, width, height)?;
        master.push_str(&format!(
            "#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},RESOLUTION={width}x{height},CODECS=\"avc1.42c01e\"\n{height}.m3u8\n"
        ));
    }
    fs::write(place.join("master.m3u8"), master)?;
    Ok(place)
}

fn rendition(repo: &Repo, place: &Path, width: u32, height: u32) -> Result<()> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-i"]);
    ffmpeg.arg(repo.at("e2e/pages/clip.webm"));
    ffmpeg.args(["-vf", &format!("scale={width}:{height}")]);
    // No B-frames: WebKit reports their times two frames late.
    ffmpeg.args(
        "-an -c:v libx264 -preset veryfast -profile:v baseline -pix_fmt yuv420p -crf 20 -bf 0"
            .split(' '),
    );
    ffmpeg.args(
        "-g 25 -keyint_min 25 -sc_threshold 0 -f hls -hls_time 1 -hls_list_size 0".split(' '),
    );
    ffmpeg.arg("-hls_segment_filename");
    ffmpeg.arg(place.join(format!("{height}-%d.ts")));
    ffmpeg.arg(place.join(format!("{height}.m3u8")));
    let done = ffmpeg
        .status()
        .context("ffmpeg is not installed; run: apt-get install ffmpeg")?;
    ensure!(done.success(), "ffmpeg did not cut the stream");
    Ok(())
}

/// Hotspots: `box` moves with the clip's box; `low` and `corner` stand where control bars are;
/// `menu` covers what a menu opens over.
pub fn hotspots() -> Value {
    let keyframes: Vec<Value> = (0..=29)
        .map(|tick| {
            let time = f64::from(tick) * 0.2;
            let (x, y) = (88.0 + 74.0 * time, 156.0 + 40.0 * (2.0 * time).sin());
            json!({ "time": time, "x": x / 6.4, "y": y / 3.6, "w": 15.0, "h": 20.0 })
        })
        .collect();
    let moving = json!({
        "id": "box", "label": "Box", "products": ["lamp"], "start": 0.0, "end": 6.0, "shape": "rect",
        "interpolation": "catmull-rom", "keyframes": keyframes,
    });
    let still = |id, place, shape| pages::still(id, 0.0, 6.0, place, json!({ "shape": shape }));
    pages::file(vec![
        moving,
        still("low", [50.0, 98.0, 0.0, 0.0], "point"),
        still("corner", [6.0, 93.0, 12.0, 14.0], "rect"),
        still("menu", [85.0, 75.0, 30.0, 50.0], "rect"),
    ])
}
