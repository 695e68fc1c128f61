//! A code that is shown and copied.

use crate::{STATUS, TITLE, dialog, open};
use e2e::{Result, Stage, caused, ensure, json, one};

e2e::engines!(
    a_coupon_is_revealed_and_copied,
    a_coupon_where_copying_is_forbidden,
);

fn a_coupon_is_revealed_and_copied(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    // A page may not use the real clipboard of a machine without a screen.
    stage.browser.js("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });")?;
    dialog(stage, "offer")?;
    let shown = stage.browser.get(&format!(
        "[{TITLE}, probe.part('code').textContent, probe.part('use').pathname]"
    ))?;
    ensure!(
        shown == json!(["10 % on lamps", "SPRING-10", "/e2e/blank.html"]),
        "the dialog has {shown}"
    );
    stage.browser.click_on("probe.part('copy')")?;
    stage
        .browser
        .wait("probe.part('copy').textContent === 'Copied'")?;
    let state = stage
        .browser
        .get("[copied, probe.root().activeElement.getAttribute('part')]")?;
    ensure!(
        state == json!(["SPRING-10", "copy"]),
        "copied, focus: {state}"
    );
    let view = stage.flushed("coupon_copied")?;
    let (click, revealed, copied) = (
        one(&view, "hotspot_click")?,
        one(&view, "coupon_revealed")?,
        one(&view, "coupon_copied")?,
    );
    caused(revealed, click)?;
    caused(copied, revealed)?;
    for event in [revealed, copied] {
        ensure!(
            event["coupon"] == "SPRING-10"
                && event["hotspot_id"] == "offer"
                && event["media_time"] == 2,
            "{event}"
        );
    }
    Ok(())
}

fn a_coupon_where_copying_is_forbidden(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    stage.browser.js("Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => true;")?;
    dialog(stage, "offer")?;
    stage.browser.click_on("probe.part('copy')")?;
    stage
        .browser
        .wait("probe.part('copy').textContent === 'Copied'")?;
    stage
        .browser
        .js("probe.part('close').click(); document.execCommand = () => false;")?;
    dialog(stage, "offer")?;
    stage.browser.click_on("probe.part('copy')")?;
    stage
        .browser
        .wait(&format!("{STATUS}?.includes('copy it yourself')"))?;
    let left = stage
        .browser
        .get("document.querySelectorAll('textarea').length")?;
    ensure!(left == 0, "{left} fields were left on the page");
    let view = stage.flushed("coupon_copied")?;
    one(&view, "coupon_copied").map(drop)
}
