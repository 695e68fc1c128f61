//! Shops that a hotspot file describes, by their adapter alone.

use crate::answers::{ADD, say};
use crate::doubles::{self, look, serve};
use crate::shops::described;
use e2e::{Result, Stage, ensure, json};
use xtask::server::{Options, Response, Server};

e2e::engines!(
    a_status_may_be_the_answer,
    a_token_goes_back_to_its_shop_alone,
);

/// A described shop that says yes by its status alone, with nothing or with words; and no, where JSON was described.
fn a_status_may_be_the_answer(stage: &mut Stage) -> Result<()> {
    stage.open("/e2e/blank.html")?;
    stage.site.api(|request| match request.path.as_str() {
        "/quiet" => Some(Response::empty(201)),
        "/page" => Some(say("text/html", "<h1>Your cart</h1>")),
        _ => None,
    });
    for (url, answer, ok) in [
        ("/quiet", json!({ "message": "/why" }), true),
        ("/quiet", json!({ "success": "/ok" }), false),
        ("/page", json!(null), true),
        ("/page", json!({ "message": "/why" }), false),
    ] {
        let settings =
            json!({ "platform": "http", "add": { "url": url, "body": {}, "answer": answer } });
        let did = stage
            .browser
            .js_with(&format!("{ADD} return one;"), json!([settings]))?;
        ensure!(did["ok"] == ok, "{url} {answer}: {did}");
    }
    Ok(())
}

/// A described shop whose cart is read elsewhere: that one never sees the session.
fn a_token_goes_back_to_its_shop_alone(stage: &mut Stage) -> Result<()> {
    let other = Server::start(Options::default())?;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mine = std::sync::Arc::clone(&seen);
    other.api(move |request| {
        if let Ok(mut seen) = mine.lock() {
            seen.push(request.header("authorization").map(str::to_owned));
        }
        let headers = "content-type, authorization";
        let answer = say("application/json", "{\"data\":{\"order\":{\"lines\":[]}}}");
        let open = answer.with("Access-Control-Allow-Origin", "*");
        Some(open.with("Access-Control-Allow-Headers", headers))
    });
    stage.site.policy(&e2e::policy(&other.url("")));
    stage.open("/e2e/blank.html")?;
    stage.browser.js("localStorage.clear();")?;
    let shop = serve(&stage.site, doubles::graphql);
    let mut settings = described();
    settings["read"]["url"] = json!(other.url("/shop-api"));
    for _ in 0..2 {
        stage
            .browser
            .js_with(&format!("{ADD} return one;"), json!([settings]))?;
    }
    ensure!(
        look(&shop).count("41") == 2,
        "its own shop has another session"
    );
    let seen = seen.lock().map(|seen| seen.clone()).unwrap_or_default();
    ensure!(
        !seen.is_empty() && seen.iter().all(Option::is_none),
        "the other one saw {seen:?}"
    );
    Ok(())
}
