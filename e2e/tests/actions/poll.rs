//! One question, answered once.

use crate::{STATUS, TITLE, dialog, open, pages};
use e2e::{Context, Result, Stage, Value, caused, ensure, json, one};

e2e::engines!(
    a_poll_has_one_answer,
    an_answer_is_kept_where_the_viewer_agrees,
    scales_have_their_numbers,
);

fn a_poll_has_one_answer(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    dialog(stage, "which")?;
    let shown = stage.browser.get(&format!("[{TITLE}, [...probe.root().querySelectorAll('[part~=answer]')].map(({{ textContent }}) => textContent)]"))?;
    ensure!(
        shown
            == json!([
                "Which one for your desk?",
                ["Brass", "Brushed steel", "Neither"]
            ]),
        "{shown}"
    );
    stage
        .browser
        .click_on("probe.root().querySelectorAll('[part~=answer]')[1]")?;
    stage
        .browser
        .wait(&format!("{STATUS} === 'Thank you for your answer.'"))?;
    stage.browser.js(
        "probe.root().querySelectorAll('[part~=answer]')[0].click(); probe.part('close').click();",
    )?;
    // Asked once: the second time it shows what was answered.
    dialog(stage, "which")?;
    stage
        .browser
        .js("probe.root().querySelectorAll('[part~=answer]')[2].click();")?;
    let chosen = stage.browser.get("[...probe.root().querySelectorAll('[aria-pressed=true]')].map(({ textContent }) => textContent)")?;
    ensure!(chosen == json!(["Brushed steel"]), "{chosen}");
    let view = stage.flushed("poll_answered")?;
    let answer = one(&view, "poll_answered")?;
    ensure!(
        answer["kind"] == "choice"
            && answer["answer"] == "steel"
            && answer["hotspot_id"] == "which"
            && answer.get("score").is_none(),
        "{answer}"
    );
    let click = view
        .iter()
        .find(|event| event["type"] == "hotspot_click")
        .context("no click")?;
    caused(answer, click)
}

/// Asked once by a site, if it may remember it; else once in a page.
fn an_answer_is_kept_where_the_viewer_agrees(stage: &mut Stage) -> Result<()> {
    let chosen = "[...probe.root().querySelectorAll('[aria-pressed=true]')].map(({ textContent }) => textContent)";
    let again = |state: &str| {
        let collector = format!("/events\" data-consent=\"{state}");
        let tag = pages::Tag {
            collector: &collector,
            ..pages::Tag::default()
        };
        stage.open_ready(&pages::serve(stage, "made", pages::PLAYER, &tag))?;
        stage.browser.js("await probe.seek(2);")?;
        dialog(stage, "which")
    };
    let answer = "probe.root().querySelectorAll('[part~=answer]')[1].click();";
    open(stage)?;
    again("required")?;
    stage.browser.js(answer)?;
    let stored = "localStorage['vitrine:choices'] ?? null";
    ensure!(
        stage.browser.get(stored)? == Value::Null,
        "stored without consent"
    );
    again("granted")?;
    ensure!(
        stage.browser.get(chosen)? == json!([]),
        "known without consent"
    );
    stage.browser.js(answer)?;
    again("granted")?;
    ensure!(
        stage.browser.get(chosen)? == json!(["Brushed steel"]),
        "forgotten on the next page"
    );
    // Once refused it is gone, but for this page.
    stage.browser.js("vitrine.consent('denied');")?;
    stage.browser.wait(&format!("({stored}) === null"))?;
    ensure!(
        stage.browser.get(chosen)? == json!(["Brushed steel"]),
        "asked twice in a page"
    );
    again("granted")?;
    ensure!(stage.browser.get(chosen)? == json!([]), "not deleted");
    Ok(())
}

fn scales_have_their_numbers(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    for (id, count, ends, at, score) in [
        ("nps", 11, "0 = not at all likely10 = very likely", 9, 9),
        ("csat", 5, "1 = very dissatisfied5 = very satisfied", 3, 4),
    ] {
        dialog(stage, id)?;
        let shown = stage.browser.get("[probe.root().querySelectorAll('[part~=answer]').length, probe.root().querySelector('#ends').textContent]")?;
        ensure!(shown == json!([count, ends]), "{shown}");
        stage.browser.click_on(&format!(
            "probe.root().querySelectorAll('[part~=answer]')[{at}]"
        ))?;
        stage.browser.wait(&format!("{STATUS}?.length"))?;
        stage.browser.js("vitrine.flush();")?;
        let events = stage.collected(id, |events| {
            events
                .iter()
                .any(|event| event["type"] == "poll_answered" && event["hotspot_id"] == id)
        })?;
        let answer = events
            .iter()
            .find(|event| event["type"] == "poll_answered" && event["hotspot_id"] == id)
            .context("none")?;
        ensure!(
            answer["score"] == score && answer["answer"].as_str() == Some(&*score.to_string()),
            "{answer}"
        );
        stage.browser.js("probe.part('close').click();")?;
    }
    Ok(())
}
