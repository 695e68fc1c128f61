//! The dashboard over made-up traffic: the numbers of the command line, for whoever has the token; and over what a demo
//! sends meanwhile.

mod attacker;
mod desk;
mod look;
mod page;
mod panels;
mod patience;
mod shop;

use desk::{Dashboard, Tables, first_video, traffic};
use e2e::{Browser, Context, Engine, Result, ensure};

fn the_dashboard(engine: Engine) -> Result<()> {
    let data = traffic()?;
    let (tables, film) = (Tables::of(data.path())?, first_video(data.path())?);
    let bare = Dashboard::start(data.path(), &film, &[])?;
    let dashboard = Dashboard::start(data.path(), &film, &tables.flags())?;
    let browser = Browser::start(engine)?;
    page::the_token_lets_in(&browser, &bare).context("token")?;
    // The refusals that were asked for stand there too.
    browser.log()?;
    page::numbers_and_filters(&browser, &dashboard).context("numbers and filters")?;
    page::the_video_and_its_curves(&browser, &dashboard).context("video and curves")?;
    page::the_optimum_length(&browser, &dashboard).context("optimum length")?;
    panels::what_is_missing_is_said(&browser, &bare).context("without tables")?;
    panels::what_the_command_line_says(&browser, &dashboard).context("panels")?;
    look::by_keyboard(&browser, &dashboard).context("keyboard")?;
    patience::who_waits_is_told(&browser, &dashboard).context("waiting")?;
    page::live(&browser, &dashboard).context("live")?;
    look::axe_finds_nothing(&browser, &[&dashboard, &bare]).context("axe-core")?;
    let log = browser.log()?;
    ensure!(log.is_empty(), "the browser complains: {log:?}");
    // It does now, as an answer is an error.
    patience::an_error_stays_alone(&browser, &dashboard, &tables).context("an error")
}

fn run(test: impl FnOnce() -> Result<()>) {
    if let Err(error) = test() {
        panic!("{error:#}");
    }
}

#[test]
fn chromium() {
    run(|| the_dashboard(Engine::Chromium));
}

#[test]
fn firefox() {
    run(|| the_dashboard(Engine::Firefox));
}

#[test]
fn webkit() {
    run(|| the_dashboard(Engine::WebKit));
}

#[test]
fn a_click_in_the_demo_moves_a_figure() {
    run(|| shop::a_click_moves_a_figure(Engine::Chromium));
}

#[test]
fn an_attacker_gets_nothing() {
    run(attacker::gets_nothing);
}
