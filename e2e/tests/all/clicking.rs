//! Click, card, cart: what the viewer sees, and what the collector gets.

use crate::list::ENTER;
use crate::pages::{self, FRAME};
use e2e::{Context, Point, Result, Stage, Value, bail, caused, ensure, json, one, types};

e2e::engines!(
    paused_click_to_cart,
    where_it_was_clicked,
    click_while_playing,
    the_cart_callback_s_answers,
    buy_now_and_purchase,
    other_actions,
    the_demo_s_cart,
);

/// A page that takes both cart events itself.
const TAKES: &str = "window.taken = []; for (const type of ['vitrine:add-to-cart', 'vitrine:buy-now']) \
    document.addEventListener(type, (event) => { event.preventDefault(); taken.push(event.detail.items[0].item_id); });";

/// The page's words so far.
fn text(stage: &Stage, part: &str) -> Result<String> {
    let text = stage
        .browser
        .get(&format!("probe.part('{part}')?.textContent ?? ''"))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

fn lamp() -> Value {
    pages::file(vec![
        pages::still(
            "lamp",
            0.0,
            6.0,
            [25.0, 30.0, 12.0, 16.0],
            json!({ "shape": "rect" }),
        ),
        pages::still(
            "mug",
            1.0,
            5.0,
            [75.0, 60.0, 12.0, 16.0],
            json!({ "products": ["mug"] }),
        ),
    ])
}

fn near(event: &Value, time: f64, tolerance: f64) -> Result<()> {
    let found = event["media_time"].as_f64().context("no media_time")?;
    ensure!(
        (found - time).abs() <= tolerance,
        "{} is at {found} s, not {time} s",
        event["type"]
    );
    Ok(())
}

fn paused_click_to_cart(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &lamp())?;
    let browser = &stage.browser;
    browser.js(TAKES)?;
    browser.js("await probe.seek(1.5);")?;
    // Long enough on screen for an exposure, which is then the click's cause.
    browser.wait("probe.said('vitrine:event').filter(({ detail }) => detail.type === 'hotspot_exposure').length === 2")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    let card = text(stage, "card")?;
    for words in ["Brass lamp", "Hell & Klar", "99", "129"] {
        ensure!(
            card.contains(words),
            "the card does not say {words:?}: {card}"
        );
    }
    ensure!(
        browser.get("probe.part('card').getAttribute('role')")? == "dialog",
        "the card is no dialog"
    );
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("taken.length === 1")?;
    browser.click_on("probe.part('close')")?;
    browser.wait("!probe.part('card')")?;
    let view = stage.flushed("card_close")?;
    let click = one(&view, "hotspot_click")?;
    let exposure = view
        .iter()
        .find(|event| event["type"] == "hotspot_exposure" && event["hotspot_id"] == "lamp");
    caused(click, exposure.context("no exposure of the lamp")?)?;
    let (item, add) = (one(&view, "view_item")?, one(&view, "add_to_cart")?);
    caused(item, click)?;
    caused(add, click)?;
    let outcome = one(&view, "cart_outcome")?;
    caused(outcome, add)?;
    ensure!(
        outcome["outcome"] == "handed_over",
        "the outcome is {}",
        outcome["outcome"]
    );
    ensure!(
        add["items"][0]["item_id"] == "lamp" && add["value"] == 9900 && add["currency"] == "EUR",
        "{add}"
    );
    // What a hotspot shows has no value of its own, and still a price that formats can tell.
    ensure!(
        click["items"][0]["price"] == 9900 && click["items"][0]["currency"] == "EUR",
        "{click}"
    );
    for event in [click, item, add, outcome] {
        near(event, 1.5, 0.001)?;
        ensure!(event["hotspot_id"] == "lamp", "{event}");
    }
    one(&view, "card_close").map(drop)
}

fn click_while_playing(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &lamp())?;
    let browser = &stage.browser;
    // What is on screen when the click comes, by the page's own reading.
    browser.js(
        "probe.record(); addEventListener('click', () => { \
           window.clicked = [probe.samples.at(-1)[0], probe.video().currentTime]; }, true); await probe.play();",
    )?;
    browser.wait("probe.samples.length > 20")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    ensure!(
        browser.get("probe.video().paused")? == false,
        "the click paused the video"
    );
    let seen = browser.get("clicked[0]")?.as_f64().context("no frame")?;
    let view = stage.flushed("hotspot_click")?;
    near(one(&view, "hotspot_click")?, seen, FRAME + 0.002)?;
    ensure!(
        one(&view, "play")?["media_time"]
            .as_f64()
            .is_some_and(|time| time < 0.5),
        "play is late"
    );
    Ok(())
}

/// Opens the blank page and attaches by the module, with a cart whose next answer is `lab.answer`.
fn attach(stage: &Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage.browser.wait("window.lab")?;
    stage.browser.js_with(
        "lab.overlay = await lab.attach(probe.video(), { config: args, collector: '/events', cart: (event) => { \
           lab.asked = event; return new Promise((done) => { lab.answer = done; }); } });",
        lamp(),
    )?;
    ensure!(
        stage.browser.get("probe.said('vitrine:ready').length")? == 1,
        "vitrine:ready was not fired once"
    );
    Ok(())
}

fn the_cart_callback_s_answers(stage: &mut Stage) -> Result<()> {
    attach(stage)?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    browser.click_on("probe.spot('mug')")?;
    browser.wait("probe.part('card')")?;
    let idle = text(stage, "add-to-cart")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait("lab.answer")?;
    let pending = text(stage, "add-to-cart")?;
    ensure!(
        pending != idle,
        "the button does not show that it waits: {pending}"
    );
    browser.js("lab.answer({ ok: false, reason: 'Only two left, and both are mine.' }); lab.answer = null;")?;
    browser.wait("probe.part('card').textContent.includes('Only two left, and both are mine.')")?;
    // Once the button listens again, it can be tried again.
    let again = || -> Result<Option<()>> {
        browser.click_on("probe.part('add-to-cart')")?;
        Ok((browser.get("!!lab.answer")? == true).then_some(()))
    };
    e2e::until(e2e::LIMIT, again)?.context("the button cannot be tried again")?;
    browser.js("lab.answer({ ok: true });")?;
    let added = browser.wait(&format!(
        "![{idle:?}, {pending:?}].includes(probe.part('add-to-cart').textContent) && probe.part('add-to-cart').textContent"
    ))?;
    ensure!(
        !browser
            .get("probe.part('card').textContent")?
            .to_string()
            .contains("Only two"),
        "the old reason is still there"
    );
    browser.js("lab.overlay.destroy();")?;
    let view = stage.view(&stage.view_id()?, "view_end")?;
    let of = |name: &str| {
        view.iter()
            .filter(|event| event["type"] == name)
            .cloned()
            .collect::<Vec<_>>()
    };
    let (adds, outcomes) = (of("add_to_cart"), of("cart_outcome"));
    ensure!(
        adds.len() == 2 && outcomes.len() == 2,
        "{:?} (button: {added})",
        types(&view)
    );
    for (add, outcome) in adds.iter().zip(&outcomes) {
        caused(outcome, add)?;
    }
    ensure!(
        outcomes[0]["outcome"] == "failed"
            && outcomes[0]["reason"] == "Only two left, and both are mine.",
        "{}",
        outcomes[0]
    );
    ensure!(outcomes[1]["outcome"] == "confirmed", "{}", outcomes[1]);
    Ok(())
}

fn buy_now_and_purchase(stage: &mut Stage) -> Result<()> {
    pages::open(stage, &lamp())?;
    let browser = &stage.browser;
    browser.js(TAKES)?;
    browser.js("await probe.seek(2);")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('buy-now')")?;
    browser.wait("taken.length === 1")?;
    browser.js(
        "vitrine.push((api) => api.purchase({ order_id: 'A-1', items: [{ item_id: 'lamp', quantity: 1, price: 9900 }], \
           value: 9900, currency: 'EUR' })); ",
    )?;
    browser.wait("probe.said('vitrine:purchase').length === 1")?;
    let view = stage.flushed("purchase")?;
    let purchase = one(&view, "purchase")?;
    caused(purchase, one(&view, "buy_now")?)?;
    ensure!(
        purchase["order_id"] == "A-1" && purchase["value"] == 9900,
        "{purchase}"
    );
    Ok(())
}

/// Hotspots that jump, that add at once, and that pause the video for their card.
fn other_actions(stage: &mut Stage) -> Result<()> {
    let spot = |id, x, more| pages::still(id, 0.0, 6.0, [x, 50.0, 10.0, 15.0], more);
    pages::open(
        stage,
        &pages::file(vec![
            spot(
                "jump",
                20.0,
                json!({ "products": [], "action": { "type": "seek", "time": 3.0 } }),
            ),
            spot("add", 50.0, json!({ "action": { "type": "add_to_cart" } })),
            spot("stop", 80.0, json!({ "pause": true })),
        ]),
    )?;
    let browser = &stage.browser;
    browser.js(TAKES)?;
    browser.js("await probe.play();")?;
    browser.click_on("probe.spot('jump')")?;
    browser.wait("probe.video().currentTime >= 3")?;
    ensure!(
        browser.get("probe.video().paused")? == false,
        "the jump stopped the video"
    );
    browser.click_on("probe.spot('add')")?;
    browser.wait("taken.join() === 'lamp'")?;
    browser.click_on("probe.spot('stop')")?;
    browser.wait("probe.part('card') && probe.video().paused")?;
    browser.click_on("probe.part('close')")?;
    browser
        .wait("!probe.part('card') && !probe.video().paused")
        .map(drop)
}

/// The shop as `cargo xtask demo` serves it: its cart counts, and its panel shows the events.
fn the_demo_s_cart(stage: &mut Stage) -> Result<()> {
    stage.open_demo()?;
    let browser = &stage.browser;
    let count = "Number(document.querySelector('#cart-count').textContent)";
    let before = browser
        .get(count)?
        .as_i64()
        .context("the cart has no count")?;
    browser.js("await probe.seek(2.8);")?;
    browser.click_on("probe.spot('bag')")?;
    browser.wait("probe.part('card')")?;
    browser.click_on("probe.part('add-to-cart')")?;
    browser.wait(&format!("{count} === {}", before + 1))?;
    let view = stage.flushed("cart_outcome")?;
    let add = one(&view, "add_to_cart")?;
    caused(add, one(&view, "hotspot_click")?)?;
    caused(one(&view, "cart_outcome")?, add)?;
    ensure!(
        one(&view, "cart_outcome")?["outcome"] == "handed_over",
        "the shop did not take it"
    );
    ensure!(
        add["items"][0]["item_id"] == "bag-01" && add["items"][0]["item_variant"] == "bag-01-tan",
        "{add}"
    );
    near(add, 2.8, 0.001)?;
    browser
        .wait("document.querySelector('#event-list [data-event=add_to_cart]')")
        .map(drop)
}

/// In a box with room beside the picture, which lies at its right end: hits and misses are told in percent of the picture, and
/// neither keys nor what is beside the picture are told.
fn where_it_was_clicked(stage: &mut Stage) -> Result<()> {
    const PICTURE: &str = "(() => { const video = document.querySelector('video'), { x, y } = video.getBoundingClientRect(); \
        const width = 300 * video.videoWidth / video.videoHeight; return [x + 5 + 700 - width, y + 5, width, 300]; })()";
    pages::open(stage, &lamp())?;
    let browser = &stage.browser;
    browser.js(
        "document.querySelector('video').style.cssText = 'box-sizing:content-box;max-width:none;width:700px;height:300px;padding:5px;border:0;object-fit:contain;object-position:100% 0'; \
        await probe.seek(1.5);",
    )?;
    let sides = browser.get(PICTURE)?;
    let side = |index: usize| sides[index].as_f64();
    let (Some(left), Some(top), Some(width), Some(height)) = (side(0), side(1), side(2), side(3))
    else {
        bail!("no picture");
    };
    let at = |x: f64, y: f64| Point {
        x: left + width * x / 100.0,
        y: top + height * y / 100.0,
    };
    browser.click(at(60.0, 80.0))?;
    browser.click(at(-10.0, 50.0))?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.js("probe.spot('mug').focus();")?;
    browser.press(ENTER)?;
    browser.wait("probe.said('vitrine:event').filter(({ detail }) => detail.type === 'hotspot_click').length === 2")?;
    let view = stage.flushed("card_close")?;
    let near = |event: &Value, place: [f64; 2]| {
        let found = [event["x"].as_f64(), event["y"].as_f64()];
        let right = found
            .iter()
            .zip(place)
            .all(|(found, there)| found.is_some_and(|found| (found - there).abs() < 0.6));
        ensure!(right, "clicked at {place:?}: {event}");
        Ok(())
    };
    let missed = one(&view, "video_click")?;
    near(missed, [60.0, 80.0])?;
    ensure!(
        missed["media_time"].is_number() && missed["hotspot_id"].is_null(),
        "{missed}"
    );
    let clicks: Vec<_> = view
        .iter()
        .filter(|event| event["type"] == "hotspot_click")
        .collect();
    let [lamp, mug] = clicks[..] else {
        bail!("{:?}", types(&view));
    };
    near(lamp, [25.0, 30.0])?;
    ensure!(mug["x"].is_null() && mug["y"].is_null(), "by key: {mug}");
    Ok(())
}
