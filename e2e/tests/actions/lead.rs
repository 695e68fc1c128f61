//! A name and an e-mail address: at the shop's endpoint, and in no event.

use crate::{STATUS, dialog, endpoint, open, sent};
use e2e::{Result, Stage, caused, ensure, json, one};

e2e::engines!(
    a_lead_arrives_and_no_event_has_it,
    what_is_wrong_with_a_lead_is_said,
);

fn fill(stage: &Stage, name: &str, email: &str, consent: bool) -> Result<()> {
    stage.browser.js_with(
        "const of = (name) => probe.root().querySelector('#lead-' + name); of('name').value = args[0]; of('email').value = args[1]; of('consent').checked = args[2];",
        json!([name, email, consent]),
    )?;
    Ok(())
}

fn a_lead_arrives_and_no_event_has_it(stage: &mut Stage) -> Result<()> {
    let leads = endpoint(stage, 201);
    open(stage)?;
    dialog(stage, "news")?;
    // By the keyboard, as it is for the player's own keys, too.
    stage.browser.js("window.keys = []; document.addEventListener('keydown', ({ key }) => keys.push(key)); probe.root().querySelector('#lead-name').focus();")?;
    stage.browser.press('p')?;
    let typed = stage
        .browser
        .get("[probe.root().querySelector('#lead-name').value, keys]")?;
    ensure!(
        typed == json!(["p", []]),
        "typed, and heard by the player: {typed}"
    );
    fill(stage, "Ana Lopez", "ana@shop.example", true)?;
    stage
        .browser
        .js("probe.root().querySelector('#lead-email').focus();")?;
    stage.browser.press('\u{E007}')?;
    stage.browser.wait(&format!("{STATUS} === 'Thank you, see you soon.' && probe.root().activeElement === probe.part('status')"))?;
    let [lead] = &sent(&leads)[..] else {
        e2e::bail!("the endpoint got {:?}", sent(&leads))
    };
    ensure!(
        lead["name"] == "Ana Lopez"
            && lead["email"] == "ana@shop.example"
            && lead["hotspot_id"] == "news"
            && lead["video_id"] == "clip"
            && lead["consent"]["given"] == true
            && lead["consent"]["text"] == "I agree to get e-mails.",
        "{lead}"
    );
    let view = stage.flushed("generate_lead")?;
    let event = one(&view, "generate_lead")?;
    caused(event, one(&view, "hotspot_click")?)?;
    ensure!(event["hotspot_id"] == "news", "{event}");
    let all = json!(stage.site.events()).to_string();
    ensure!(
        !all.contains("Ana") && !all.contains("ana@"),
        "an event has what the viewer wrote"
    );
    Ok(())
}

fn what_is_wrong_with_a_lead_is_said(stage: &mut Stage) -> Result<()> {
    let leads = endpoint(stage, 500);
    open(stage)?;
    dialog(stage, "news")?;
    stage.browser.click_on("probe.part('send')")?;
    let faults =
        "[...probe.root().querySelectorAll('.fault')].map(({ textContent }) => textContent)";
    let focused = "probe.root().activeElement.id";
    let seen = stage.browser.get(&format!(
        "[{faults}, {focused}, probe.root().querySelector('#lead-email').ariaInvalid ?? 'true']"
    ))?;
    ensure!(
        seen == json!([
            [
                "Enter an e-mail address like name@example.com.",
                "Tick the box to agree first."
            ],
            "lead-email",
            "true"
        ]),
        "{seen}"
    );
    fill(stage, "", "ana@nowhere", true)?;
    stage.browser.click_on("probe.part('send')")?;
    let seen = stage.browser.get(&format!("{faults}.length"))?;
    ensure!(seen == 1, "{seen} faults of an address without a domain");
    fill(stage, "", "ana@shop.example", true)?;
    stage.browser.click_on("probe.part('send')")?;
    stage.browser.wait(&format!(
        "{STATUS} === 'It could not be sent. Please try again.'"
    ))?;
    let kept = stage
        .browser
        .get("probe.root().querySelector('#lead-email').value")?;
    ensure!(
        kept == "ana@shop.example",
        "what was written is gone: {kept}"
    );
    let line = "probe.lines().some((line) => line.includes('\"news\"') && line.includes('it answered 500'))";
    stage.browser.wait(line)?;
    let leads = (leads, endpoint(stage, 204));
    stage.browser.click_on("probe.part('send')")?;
    stage
        .browser
        .wait(&format!("{STATUS} === 'Thank you, see you soon.'"))?;
    ensure!(
        sent(&leads.0).len() == 1 && sent(&leads.1).len() == 1,
        "sent more than once"
    );
    let view = stage.flushed("generate_lead")?;
    let failed = one(&view, "lead_failed")?;
    ensure!(
        failed["failure"] == "refused" && failed["status"] == 500,
        "{failed}"
    );
    Ok(())
}
