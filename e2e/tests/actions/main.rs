//! Hotspots that do something else than sell: from the press to the event at the collector, and for a lead to the shop's endpoint.

mod coupon;
mod lead;
#[path = "../all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;
mod poll;

use e2e::{Browser, Engine, Result, Stage, Value, ensure, json, types};
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use xtask::Repo;
use xtask::server::Response;

e2e::engines!(
    dialogs_give_way_and_give_back,
    chapters_and_branches,
    wrong_actions_are_named_and_left_out,
    on_phones_and_from_the_right,
    in_fullscreen,
    axe_finds_nothing,
);

fn spot(id: &str, x: f64, action: Value) -> Value {
    let more = json!({ "shape": "rect", "products": [], "action": action });
    pages::still(id, 0.0, 6.0, [x, 50.0, 8.0, 12.0], more)
}

fn file() -> Value {
    let mut file = pages::file(vec![
        spot(
            "offer",
            8.0,
            json!({ "type": "coupon", "code": "SPRING-10", "title": "10 % on lamps", "text": "Until 31 May, once for each order.", "url": "/e2e/blank.html?sale" }),
        ),
        spot(
            "news",
            22.0,
            json!({ "type": "lead", "url": "/leads", "title": "Be the first to know", "text": "One e-mail for each collection.", "consent": "I agree to get e-mails.", "consent_url": "/e2e/blank.html?privacy", "thanks": "Thank you, see you soon." }),
        ),
        spot(
            "which",
            36.0,
            json!({ "type": "poll", "question": "Which one for your desk?", "answers": [{ "id": "brass", "title": "Brass" }, { "id": "steel", "title": "Brushed steel" }, { "id": "none", "title": "Neither" }] }),
        ),
        spot(
            "nps",
            50.0,
            json!({ "type": "poll", "kind": "recommendation", "question": "Would you recommend us?" }),
        ),
        spot(
            "csat",
            64.0,
            json!({ "type": "poll", "kind": "satisfaction", "question": "How do you like the film?", "thanks": "Good to know." }),
        ),
        spot("jump", 78.0, json!({ "type": "seek", "time": "00:04" })),
        pages::still(
            "lamp",
            0.0,
            6.0,
            [92.0, 50.0, 8.0, 12.0],
            json!({ "shape": "rect" }),
        ),
    ]);
    file["video"]["segments"] =
        json!([{ "id": "one", "start": 0, "end": 3 }, { "id": "two", "start": 3, "end": 6 }]);
    file
}

fn open_file(stage: &Stage, file: &Value) -> Result<()> {
    pages::open(stage, file)?;
    // No other test's answers.
    stage
        .browser
        .js("localStorage.removeItem('vitrine:choices'); await probe.seek(2);")
        .map(drop)
}

fn open(stage: &Stage) -> Result<()> {
    open_file(stage, &file())
}

fn dialog(stage: &Stage, spot: &str) -> Result<()> {
    stage.browser.wait(&format!("probe.spot('{spot}')"))?;
    stage.browser.click_on(&format!("probe.spot('{spot}')"))?;
    stage
        .browser
        .wait("probe.part('dialog')?.contains(probe.root().activeElement)")
        .map(drop)
}

const STATUS: &str = "probe.part('status')?.textContent";

/// What a viewer hears of a dialog.
const TITLE: &str = "probe.part('dialog').querySelector('#title').textContent";

type Leads = Arc<Mutex<Vec<Value>>>;

fn endpoint(stage: &Stage, status: u16) -> Leads {
    let leads = Leads::default();
    let mine = Arc::clone(&leads);
    stage.site.api(move |request| {
        if request.path != "/leads" {
            return None;
        }
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        mine.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(body);
        Some(Response::empty(status))
    });
    leads
}

fn sent(leads: &Leads) -> Vec<Value> {
    leads.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn dialogs_give_way_and_give_back(stage: &mut Stage) -> Result<()> {
    let mut file = file();
    file["hotspots"][2]["pause"] = json!(true);
    open_file(stage, &file)?;
    let browser = &stage.browser;
    dialog(stage, "offer")?;
    browser.press('\u{E00C}')?;
    browser.wait("!probe.part('dialog') && probe.root().activeElement === probe.spot('offer')")?;
    // One thing at a time: a dialog, the card, the list.
    dialog(stage, "offer")?;
    browser.js("probe.spot('lamp').click();")?;
    browser.wait("probe.part('add-to-cart') && !probe.part('dialog')")?;
    browser.js("probe.spot('news').click();")?;
    browser.wait("probe.part('dialog') && !probe.part('add-to-cart')")?;
    browser.js("probe.part('product-list').click();")?;
    browser.wait("probe.part('drawer') && !probe.part('dialog')")?;
    browser.js("probe.spot('which').click();")?;
    browser.wait("probe.part('dialog') && !probe.part('drawer')")?;
    browser.js("probe.part('close').click();")?;
    // The video stands still as long as it is open, if the file says so.
    browser.js("await probe.play(); probe.spot('which').click();")?;
    browser.wait("probe.part('dialog') && probe.video().paused")?;
    browser.js("probe.part('close').click();")?;
    browser.wait("!probe.video().paused")?;
    browser.js("await probe.seek(1);")?;
    // A page takes a click over.
    browser.js("document.addEventListener('vitrine:hotspot-click', (event) => event.preventDefault(), { once: true }); probe.spot('offer').click(); await probe.frames(5);")?;
    ensure!(
        browser.get("!probe.part('dialog')")? == true,
        "it opened all the same"
    );
    // Another file takes it away.
    dialog(stage, "offer")?;
    browser.js_with(
        "await vitrine.overlays[0].setConfig(args);",
        pages::file(vec![]),
    )?;
    browser.wait("!probe.part('dialog')")?;
    ensure!(
        browser.get("probe.lines()")? == json!([]),
        "{}",
        browser.get("probe.lines()")?
    );
    Ok(())
}

/// Playing it goes on from there; standing still it stands there.
fn chapters_and_branches(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.click_on("probe.spot('jump')")?;
    browser.wait("probe.video().currentTime === 4 && probe.video().paused")?;
    browser.js("await probe.seek(0); await probe.play();")?;
    browser.js("probe.spot('jump').click();")?;
    browser.wait("probe.video().currentTime > 4.2 && !probe.video().paused")?;
    browser.wait("probe.said('vitrine:event').some(({ detail: { type, media_time, from } }) => type === 'seek' && media_time >= 4 && from < 2)")?;
    let view = stage.flushed("segment_enter")?;
    let jumps: Vec<&Value> = view
        .iter()
        .filter(|event| {
            event["type"] == "seek" && event["media_time"].as_f64().is_some_and(|at| at >= 4.0)
        })
        .collect();
    ensure!(!jumps.is_empty(), "no jump among {:?}", types(&view));
    ensure!(
        view.iter()
            .any(|event| event["type"] == "segment_enter" && event["segment_id"] == "two"),
        "the chapter was not entered: {:?}",
        types(&view)
    );
    Ok(())
}

fn wrong_actions_are_named_and_left_out(stage: &mut Stage) -> Result<()> {
    let mut file = file();
    file["hotspots"][0]["action"] = json!({ "type": "coupon", "titel": "No code" });
    file["hotspots"][3]["action"]["kind"] = json!("stars");
    open_file(stage, &file)?;
    stage
        .browser
        .wait("probe.shown().join() === 'csat,jump,lamp,news,which'")?;
    let problems =
        "probe.said('vitrine:error').at(-1)?.detail.problems.map(({ path }) => path).join()";
    stage.browser.wait(&format!("{problems} === 'hotspots[0].action.titel,hotspots[0].action.code,hotspots[3].action.kind,hotspots[3].action.answers' || {problems}"))?;
    let told = stage.browser.get(problems)?;
    ensure!(
        told.as_str()
            .is_some_and(|told| told.contains("hotspots[0].action.code")
                && told.contains("hotspots[3].action.kind")),
        "told of {told}"
    );
    dialog(stage, "which")
}

fn on_phones_and_from_the_right(stage: &mut Stage) -> Result<()> {
    let mut file = file();
    file["locale"] = json!("ar");
    pages::serve_config(stage, &file);
    stage.open_ready(&pages::serve(
        stage,
        "made",
        pages::PLAYER,
        &pages::Tag::default(),
    ))?;
    let browser = &stage.browser;
    browser.js("document.querySelector('#player').style.cssText = 'width: 360px; height: 203px'; probe.video().style.width = '360px'; probe.video().style.height = '203px'; await probe.seek(2);")?;
    browser.wait("probe.spot('nps')")?;
    browser.js("probe.spot('nps').click();")?;
    browser.wait("probe.part('dialog')")?;
    let seen = browser.get("(() => { const box = probe.part('dialog').getBoundingClientRect(); const [first, second] = probe.root().querySelectorAll('[part~=answer]'); \
        return [probe.part('dialog').classList.contains('sheet'), Math.round(box.bottom) <= innerHeight, box.left >= 0 && box.right <= innerWidth, \
          first.getBoundingClientRect().left > second.getBoundingClientRect().left, first.getBoundingClientRect().height >= 44]; })()")?;
    ensure!(
        seen == json!([true, true, true, true, true]),
        "sheet, above the lower edge, within, from the right, large enough: {seen}"
    );
    browser.js("probe.root().querySelectorAll('[part~=answer]')[0].click();")?;
    browser.wait(&format!("{STATUS} === 'شكرًا على إجابتك.'"))?;
    Ok(())
}

fn in_fullscreen(stage: &mut Stage) -> Result<()> {
    open(stage)?;
    let browser = &stage.browser;
    browser.js("const video = probe.video(); const button = document.querySelector('#before'); \
        button.addEventListener('click', () => video.requestFullscreen().catch((error) => { window.refused = String(error); }), { once: true });")?;
    browser.click_on("document.querySelector('#before')")?;
    browser.wait("window.refused || document.fullscreenElement && probe.root().querySelector('dialog.screen')")?;
    let refused = browser.get("window.refused ?? null")?;
    ensure!(refused.is_null(), "{refused}");
    browser.js("probe.spot('which').click();")?;
    browser.wait("probe.root().querySelector('dialog.screen').open && probe.part('dialog')?.checkVisibility()")?;
    browser.click_on("probe.root().querySelectorAll('[part~=answer]')[0]")?;
    browser.wait(&format!("{STATUS} === 'Thank you for your answer.'"))?;
    if browser.engine() != Engine::WebKit {
        browser.js(
            "probe.part('close').click(); await probe.frames(2); probe.spot('news').click();",
        )?;
        browser.wait("probe.root().querySelector('#lead-name')")?;
        browser.js("probe.root().querySelector('#lead-name').focus();")?;
        browser.press('p')?;
        browser.wait("probe.root().querySelector('#lead-name').value === 'p'")?;
    }
    browser.js("await document.exitFullscreen();").map(drop)
}

fn axe(browser: &Browser, state: &str) -> Result<()> {
    for scheme in ["light", "dark"] {
        let found = browser.js_with(
            "document.querySelector('vitrine-overlay').style.setProperty('color-scheme', args); \
             await Promise.all(probe.root().getAnimations().map((animation) => animation.finished.catch(() => {}))); \
             const { violations, passes } = await axe.run({ include: ['vitrine-overlay'] }); \
             return [violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')), passes.length];",
            json!(scheme),
        )?;
        ensure!(
            found[0] == json!([]) && found[1].as_u64() > Some(10),
            "axe-core in the state {state}, {scheme}: {found}"
        );
    }
    Ok(())
}

fn axe_finds_nothing(stage: &mut Stage) -> Result<()> {
    endpoint(stage, 500);
    stage.open("/e2e/blank.html")?;
    let browser = &stage.browser;
    browser.wait("window.lab")?;
    let source = fs::read_to_string(Repo::here().at("tools/node_modules/axe-core/axe.min.js"))?;
    browser.js(&format!("{source}\nwindow.axe ??= globalThis.axe;"))?;
    browser.js_with(
        "await lab.attach(probe.video(), { config: args }); await probe.seek(2);",
        file(),
    )?;
    for id in ["offer", "news", "which", "nps", "csat"] {
        dialog(stage, id)?;
        axe(browser, id)?;
        match id {
            "news" => browser.js("probe.part('send').click();")?,
            "offer" => json!(null),
            _ => browser.js("probe.root().querySelectorAll('[part~=answer]')[1].click();")?,
        };
        axe(browser, &format!("{id}, pressed"))?;
        browser.js("probe.part('close').click();")?;
    }
    Ok(())
}
