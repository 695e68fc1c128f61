//! Plyr, media-chrome, Vidstack and Shaka's user interface, each as its documentation sets it up.

use crate::pages::{self, Tag};
use crate::stream;
use e2e::{Context, Result, Stage, Value, ensure, json};
use std::fs;
use std::time::Duration;
use xtask::Repo;

e2e::engines!(
    plyr_is_dressed,
    media_chrome_is_dressed,
    vidstack_is_dressed,
    shaka_is_dressed
);

/// A player: its page, and where its own things are in it.
struct Player {
    name: &'static str,
    head: &'static str,
    body: &'static str,
    /// What sets it up.
    script: &'static str,
    /// What is true once it can play.
    begun: &'static str,
    /// Its controls, of which none may be covered, by the list's button neither.
    controls: &'static str,
    /// The box that it puts into fullscreen.
    boxed: &'static str,
    play: &'static str,
    fullscreen: &'static str,
    /// What opens a menu over the picture, and what is chosen from there.
    menu: Option<(&'static str, &'static str)>,
}

const PLYR: Player = Player {
    name: "plyr",
    head: "<link rel=\"stylesheet\" href=\"/players/plyr/dist/plyr.css\">",
    body: "<div style=\"width:640px\"><video id=\"v\" playsinline controls muted preload=\"auto\">\
        <source src=\"/e2e/clip.webm\" type=\"video/webm\"></video></div>\
        <script src=\"/players/plyr/dist/plyr.js\"></script><script src=\"/e2e/player.js\"></script>",
    // Its icons and its empty clip are on another server otherwise.
    begun: "true",
    script: "new Plyr('#v', { iconUrl: '/players/plyr/dist/plyr.svg', blankVideo: '/e2e/clip.webm' });",
    controls: ".plyr__controls :is(button, input)",
    boxed: ".plyr",
    play: ".plyr__controls [data-plyr=play]",
    fullscreen: ".plyr__controls [data-plyr=fullscreen]",
    menu: Some((
        ".plyr__controls [data-plyr=settings]",
        ".plyr__menu__container [role=menu] button:not([hidden])",
    )),
};

const MEDIA_CHROME: Player = Player {
    name: "media-chrome",
    head: "<script src=\"/players/media-chrome/dist/iife/index.js\" defer></script>",
    body: "<media-controller style=\"width:640px;aspect-ratio:16/9\">\
        <video slot=\"media\" id=\"v\" src=\"/e2e/clip.webm\" playsinline muted preload=\"auto\"></video>\
        <media-control-bar><media-play-button></media-play-button><media-time-range></media-time-range>\
        <media-time-display showduration></media-time-display><media-mute-button></media-mute-button>\
        <media-fullscreen-button></media-fullscreen-button></media-control-bar></media-controller>",
    begun: "true",
    script: "",
    controls: "media-control-bar > *",
    boxed: "media-controller",
    play: "media-play-button",
    fullscreen: "media-fullscreen-button",
    menu: None,
};

const VIDSTACK: Player = Player {
    name: "vidstack",
    head: "<link rel=\"stylesheet\" href=\"/players/vidstack/player/styles/default/theme.css\">\
        <link rel=\"stylesheet\" href=\"/players/vidstack/player/styles/default/layouts/video.css\">\
        <script type=\"module\" src=\"/players/vidstack/cdn/with-layouts/here.js\"></script>",
    body: "<media-player style=\"width:640px\" title=\"Clip\" src=\"/e2e/clip.webm\" playsinline muted load=\"eager\">\
        <media-provider></media-provider><media-video-layout></media-video-layout></media-player>",
    begun: "true",
    script: "",
    controls: ".vds-controls :is(media-play-button, media-mute-button, media-menu-button, media-time-slider, media-fullscreen-button)",
    boxed: "media-player",
    play: ".vds-controls media-play-button",
    fullscreen: ".vds-controls media-fullscreen-button",
    menu: Some((
        ".vds-controls media-menu-button, .vds-controls .vds-menu-button",
        ".vds-menu-items [role=menuitem]",
    )),
};

const SHAKA: Player = Player {
    name: "shaka",
    head: "<link rel=\"stylesheet\" href=\"/players/shaka-player/dist/controls.css\">",
    body: "<div data-shaka-player-container style=\"width:640px\"><video data-shaka-player id=\"v\" style=\"width:100%;height:100%\" \
        src=\"/e2e/clip.webm\" muted preload=\"auto\"></video></div>\
        <script src=\"/players/shaka-player/dist/shaka-player.ui.js\"></script>",
    begun: "document.querySelector('.shaka-current-time').textContent.includes('/')",
    script: "",
    controls: ".shaka-bottom-controls :is(button:not([disabled]), .shaka-seek-bar)",
    boxed: "[data-shaka-player-container]",
    // WebKit gets it in the middle of the picture, large.
    play: ".shaka-play-button",
    fullscreen: ".shaka-controls-button-panel .shaka-fullscreen-button",
    menu: Some((
        ".shaka-overflow-menu-button",
        ".shaka-overflow-menu button:not(.shaka-hidden)",
    )),
};

fn plyr_is_dressed(stage: &mut Stage) -> Result<()> {
    works(stage, &PLYR)
}

fn media_chrome_is_dressed(stage: &mut Stage) -> Result<()> {
    works(stage, &MEDIA_CHROME)
}

fn vidstack_is_dressed(stage: &mut Stage) -> Result<()> {
    works(stage, &VIDSTACK)
}

fn shaka_is_dressed(stage: &mut Stage) -> Result<()> {
    works(stage, &SHAKA)
}

/// Vidstack's build for pages loads two packages from another server; here they are npm's.
fn serve_vidstack(stage: &Stage) -> Result<()> {
    let place = Repo::here().at("e2e/players/node_modules/vidstack/cdn/with-layouts/vidstack.js");
    let mut text =
        fs::read_to_string(&place).with_context(|| format!("{} is missing", place.display()))?;
    for (far, near) in [
        ("media-icons@1.1.5/dist/cdn.js", "media-icons/dist/cdn.js"),
        (
            "media-captions@1.0.4/dist/prod.js",
            "media-captions/dist/prod.js",
        ),
    ] {
        let far = format!("https://cdn.jsdelivr.net/npm/{far}/+esm");
        ensure!(text.contains(&far), "Vidstack does not load {far} any more");
        text = text.replace(&far, &format!("/players/{near}"));
    }
    let path = "/players/vidstack/cdn/with-layouts/here.js";
    stage.site.put(path, "text/javascript", text);
    Ok(())
}

/// Where the hotspots are that a click on their dot does not reach.
const UNREACHED: &str = "probe.shown().filter((id) => { const { x, y, width, height } = \
    probe.spot(id).querySelector('.dot').getBoundingClientRect(); \
    return !probe.spot(id).contains(players.at(x + width / 2, y + height / 2)); })";

fn open(stage: &mut Stage, player: &Player) -> Result<()> {
    stream::open_site(stage)?;
    serve_vidstack(stage)?;
    stage
        .site
        .put("/e2e/player.js", "text/javascript", player.script);
    pages::serve_config(stage, &stream::hotspots());
    let head = format!("{}<script src=\"/e2e/players.js\"></script>", player.head);
    let tag = Tag {
        video: "video",
        head: &head,
        ..Tag::default()
    };
    let page = pages::serve(stage, player.name, player.body, &tag);
    let ready = format!(
        "document.querySelector('{}')?.getBoundingClientRect().width > 0 && probe.video().readyState > 1 && {}",
        player.fullscreen, player.begun
    );
    // In WebKitGTK Shaka begins on two of three pages only, with or without an overlay.
    for _ in 0..6 {
        stage.open_ready(&page)?;
        if stage
            .browser
            .wait_for(&ready, Duration::from_secs(4))
            .is_ok()
        {
            return Ok(());
        }
    }
    stage.browser.wait(&ready).map(drop)
}

fn click(stage: &Stage, selector: &str) -> Result<()> {
    let browser = &stage.browser;
    // A bar that went away by itself comes back to the mouse.
    browser.hover(browser.centre("document.querySelector('video')")?)?;
    browser.click_on(&format!("document.querySelector('{selector}')"))
}

/// Its play button, until it did this. A press may only bring hidden controls back.
fn play(stage: &Stage, player: &Player, done: &str) -> Result<()> {
    click(stage, player.play)?;
    if stage
        .browser
        .wait_for(done, Duration::from_secs(4))
        .is_err()
    {
        click(stage, player.play)?;
    }
    stage.browser.wait(done).map(drop)
}

/// The hotspots are on their products, can be hit, and leave the player's own controls alone.
fn check(stage: &Stage, player: &Player, what: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.wait("probe.shown().join() === 'box,corner,low,menu'")?;
    browser.wait(&format!(
        "players.off({TIME}, probe.video(), 'contain') < 0.01"
    ))?;
    // Off the button, whose tooltip lies over the picture.
    browser.hover(browser.centre("probe.video()")?)?;
    // It moves in by a transition where the mouse is on it.
    browser.wait(&format!(
        "document.querySelector('{}').getBoundingClientRect().width > 0",
        player.play
    ))?;
    let (mut unreached, mut covered) = (Value::Null, Value::Null);
    let good = e2e::until(Duration::from_secs(5), || {
        unreached = browser.get(UNREACHED)?;
        covered = browser.get(&format!(
            "players.covered(document.querySelectorAll('{}'))",
            player.controls
        ))?;
        Ok((unreached == json!([]) && covered == json!([])).then_some(()))
    })?;
    ensure!(
        good.is_some(),
        "{what}: hotspots that a click does not reach: {unreached}; controls that hotspots cover: {covered}"
    );
    Ok(())
}

/// When the clip's box is looked at.
const TIME: f64 = 2.2;

fn works(stage: &mut Stage, player: &Player) -> Result<()> {
    // After a pause that is followed by a seek at once WebKitGTK's video is at 0 on every fourth page, and stays there, with or
    // without an overlay.
    let mut there = false;
    for _ in 0..6 {
        open(stage, player)?;
        let browser = &stage.browser;
        play(stage, player, "!probe.video().paused")?;
        browser.wait("probe.video().currentTime > 0.3")?;
        play(stage, player, "probe.video().paused")?;
        browser.js_with("await probe.seek(args);", json!(TIME))?;
        there = browser.get("probe.video().currentTime")? == TIME;
        if there {
            break;
        }
    }
    ensure!(there, "it does not seek to {TIME} s");
    let browser = &stage.browser;
    check(stage, player, "in the page")?;
    sells(stage, "in the page")?;
    chooses(stage, player)?;
    click(stage, player.fullscreen)?;
    browser.wait("!!document.fullscreenElement")?;
    let whole = format!("document.fullscreenElement.matches('{}')", player.boxed);
    ensure!(browser.get(&whole)? == true, "another box is in fullscreen");
    browser.wait("probe.video().getBoundingClientRect().width > 700")?;
    check(stage, player, "in fullscreen")?;
    sells(stage, "in fullscreen")?;
    click(stage, player.fullscreen)?;
    browser.wait("!document.fullscreenElement")?;
    check(stage, player, "back in the page")
}

/// Its menu opens over the hotspots that are there, and closes again.
fn chooses(stage: &Stage, player: &Player) -> Result<()> {
    let Some((opener, entries)) = player.menu else {
        return Ok(());
    };
    let browser = &stage.browser;
    browser.hover(browser.centre("probe.video()")?)?;
    click(stage, opener)?;
    let seen = format!(
        "[...document.querySelectorAll('{entries}')].filter((entry) => entry.checkVisibility() && entry.getBoundingClientRect().height > 0)"
    );
    browser.wait(&format!("{seen}.length > 0"))?;
    let under = format!("players.covered({seen})");
    let free = browser.wait_for(&format!("{under}.length === 0"), Duration::from_secs(4));
    ensure!(
        free.is_ok(),
        "hotspots cover the menu: {}",
        browser.get(&under)?
    );
    click(stage, opener)?;
    browser.wait(&format!("{seen}.length === 0")).map(drop)
}

/// A click on a hotspot opens its card and not the player's anything; its button can be hit.
fn sells(stage: &Stage, what: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.click_on("probe.spot('box').querySelector('.dot')")?;
    browser.wait("!!probe.part('card')")?;
    ensure!(
        browser.get("probe.video().paused")? == true,
        "{what}: the click on the hotspot was the player's too"
    );
    let under = "players.covered([probe.part('add-to-cart'), probe.part('close')])";
    browser.wait(&format!("{under}.length === 0"))?;
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('card')").map(drop)
}
