//! A server that takes its time, and a figure that fails.

use crate::desk::{Dashboard, Tables};
use crate::look::axe;
use crate::page::{open, shown};
use e2e::{Browser, Context, Result, ensure};
use std::fs;

/// A bar after a second; the page goes on meanwhile, and the old figures stay until the new ones come.
pub fn who_waits_is_told(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    dashboard.halt(true)?;
    let looked = || -> Result<()> {
        browser.js("const field = document.querySelector('[name=device]'); field.value = 'tablet'; field.dispatchEvent(new Event('change', { bubbles: true }));")?;
        browser.wait("document.querySelector('#progress progress')")?;
        browser.wait("document.querySelector('#overview .waiting').checkVisibility?.() ?? true")?;
        ensure!(
            browser.get("document.querySelectorAll('#overview .tile').length > 3")? == true,
            "the old figures went away"
        );
        // The second that was chosen is told at once.
        browser.js("document.querySelector('input[type=range]').focus();")?;
        browser.press('\u{e014}')?;
        browser.wait("document.querySelector('.said').textContent.startsWith('0:01')")?;
        axe(browser)
    };
    let looked = looked();
    dashboard.halt(false)?;
    looked?;
    shown(browser)?;
    let left = "document.querySelector('#progress progress, .waiting:not([hidden]), [aria-busy]')";
    browser
        .wait(&format!("{left} === null"))
        .context("something waits on")?;
    Ok(())
}

/// A table that is wrong takes the return and the influencers, and nothing else; once it is right, all is well.
pub fn an_error_stays_alone(
    browser: &Browser,
    dashboard: &Dashboard,
    tables: &Tables,
) -> Result<()> {
    let well = fs::read_to_string(tables.costs())?;
    fs::write(tables.costs(), "video,amount,currency\nspring,3,euro\n")?;
    open(browser, &dashboard.address)?;
    let failed = "[...document.querySelectorAll('.error')].map((error) => error.closest('section').id + ': ' + error.textContent).join()";
    let said = browser.get(failed)?;
    let said = said.as_str().unwrap_or_default();
    let sections = browser.get("[...document.querySelectorAll('.error')].map((error) => error.closest('section').id).join()")?;
    ensure!(
        sections == "return,influencers" && said.contains("row 1: currency is \"euro\""),
        "{said}"
    );
    ensure!(
        browser.get("document.querySelectorAll('#forecast svg, #cohorts svg').length >= 2")?
            == true,
        "other figures are missing"
    );
    axe(browser)?;
    fs::write(tables.costs(), well)?;
    open(browser, &dashboard.address)?;
    ensure!(browser.get(failed)? == "", "it is still wrong");
    Ok(())
}
