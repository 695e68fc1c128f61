//! Pages that forbid much, and servers that are set up wrongly: the overlay works, or the console
//! says in one line what to do, and the video plays.

use crate::pages::{self, PLAYER, Tag};
use crate::trouble::{one_line, told};
use e2e::{Engine, Result, Stage, ensure, json};
use xtask::server::{CSP, Options, Server};

e2e::engines!(
    trusted_types,
    isolated_page,
    isolated_page_and_another_origin,
    isolated_page_and_an_origin_without_corp,
    integrity,
    wrong_integrity,
    below_a_path,
    another_origin,
    another_origin_without_cors,
    wasm_without_cors,
    hotspots_without_cors,
    wasm_as_text,
    wasm_missing,
    wasm_that_is_a_page,
    module_missing,
    frame_without_storage,
    csp_without_wasm,
    no_webassembly,
);

/// A header of what is below a path.
type Header<'a> = (&'a str, &'static str, &'a str);

const ISOLATED: [Header<'_>; 2] = [
    ("/e2e/", "Cross-Origin-Opener-Policy", "same-origin"),
    ("/e2e/", "Cross-Origin-Embedder-Policy", "require-corp"),
];
const CORS: Header<'_> = ("/", "Access-Control-Allow-Origin", "*");
const WASM: &str = "/vitrine/vitrine_bg.wasm";

/// A site with this policy and these headers.
fn site(csp: &str, headers: &[Header<'_>]) -> Result<Server> {
    let own = |(path, name, value): &Header<'_>| ((*path).to_owned(), *name, (*value).to_owned());
    let site = Server::start(Options {
        csp: Some(csp.to_owned()),
        headers: headers.iter().map(own).collect(),
        ..e2e::site()?
    })?;
    let spot = pages::still(
        "lamp",
        0.0,
        6.0,
        [30.0, 40.0, 12.0, 16.0],
        json!({ "shape": "rect" }),
    );
    let config = pages::file(vec![spot]).to_string();
    site.put("/e2e/made.json", "application/json", config);
    Ok(site)
}

/// Loads the clip's page on a site; `src` begins the attributes of the overlay's script tag.
fn open(stage: &Stage, site: &Server, head: &str, src: &str) -> Result<()> {
    let tag = Tag {
        head,
        ..Tag::default()
    };
    let page = pages::html(PLAYER, &tag);
    let usual = "src=\"/vitrine/vitrine.js\"";
    ensure!(page.matches(usual).count() == 1, "the page's tag: {page}");
    let page = page.replace(usual, src);
    site.put("/e2e/strict.html", "text/html; charset=utf-8", page);
    stage.check_policy()?;
    stage.browser.goto(&site.url("/e2e/strict.html"))
}

/// The clip's page on a site that has the overlay too.
fn open_own(stage: &Stage, site: &Server) -> Result<()> {
    open(stage, site, "", "src=\"/vitrine/vitrine.js\"")
}

/// The strict policy, with another origin allowed for scripts and requests.
fn allowing(other: &str) -> String {
    let scripts = "script-src 'self'";
    let policy = CSP.replace(scripts, &format!("{scripts} {other}"));
    format!("{policy}; connect-src 'self' {other}")
}

/// Another origin that has the overlay, a site that allows it by its policy, and the script's address.
fn two_origins(
    of_site: &[Header<'_>],
    of_other: &[Header<'_>],
) -> Result<(Server, Server, String)> {
    let other = site(CSP, of_other)?;
    let site = site(&allowing(&other.url("")), of_site)?;
    let src = format!("src=\"{}\"", other.url("/vitrine/vitrine.js"));
    Ok((site, other, src))
}

/// The overlay shows its hotspot, opens the card, and the site's collector gets the click.
fn works(stage: &Stage, site: &Server) -> Result<()> {
    let browser = &stage.browser;
    browser.wait("probe.said('vitrine:ready').length")?;
    browser.js("await probe.play();")?;
    browser.wait("probe.shown().join() === 'lamp'")?;
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    browser.js("vitrine.flush();")?;
    collected(site)?;
    let wrong = browser.get("probe.lines().concat(probe.errors)")?;
    ensure!(wrong == json!([]), "the console has {wrong}");
    Ok(())
}

fn collected(site: &Server) -> Result<()> {
    let clicked = |events: &[e2e::Value]| events.iter().any(|one| one["type"] == "hotspot_click");
    let came = site.wait_until(e2e::LIMIT, clicked);
    ensure!(came, "the collector has {:?}", e2e::types(&site.events()));
    Ok(())
}

/// The video plays without an overlay, after one line on the console with these words.
fn plays_on(stage: &Stage, words: &[&str]) -> Result<()> {
    one_line(stage, words)?;
    no_overlay(stage)
}

fn no_overlay(stage: &Stage) -> Result<()> {
    let left = stage
        .browser
        .get("document.querySelectorAll('vitrine-overlay').length")?;
    ensure!(left == 0, "{left} overlays");
    Ok(())
}

/// The video plays without an overlay; the browser has refused the script and said so itself.
fn plays_alone(stage: &Stage, word: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.js("await probe.play();")?;
    browser.wait("probe.video().currentTime > 0.3")?;
    no_overlay(stage)?;
    let log = browser.log()?;
    ensure!(
        browser.engine() != Engine::Chromium || log.iter().any(|line| line.contains(word)),
        "the browser's log does not say {word:?}: {log:?}"
    );
    Ok(())
}

/// Chromium, and newer ones of the others, refuse texts as markup and scripts here.
fn trusted_types(stage: &mut Stage) -> Result<()> {
    let strict = "require-trusted-types-for 'script'; trusted-types 'none'";
    let site = site(&format!("{CSP}; {strict}"), &[])?;
    open_own(stage, &site)?;
    works(stage, &site)?;
    let browser = &stage.browser;
    let known = browser.get("'trustedTypes' in window")?;
    eprintln!("{:?} knows Trusted Types: {known}", browser.engine());
    ensure!(
        known == true || browser.engine() != Engine::Chromium,
        "Chromium knows no Trusted Types"
    );
    // That nothing was refused above means something only where this is.
    let refused = browser.get(
        "(() => { try { document.createElement('p').innerHTML = 'x'; } catch { return true; } return false; })()",
    )?;
    ensure!(refused == known, "a text as markup is refused: {refused}");
    browser.js("probe.violations.length = 0;").map(drop)
}

fn isolated(stage: &Stage) -> Result<()> {
    let isolated = stage.browser.get("crossOriginIsolated")?;
    ensure!(isolated == true, "the page is not isolated");
    Ok(())
}

fn isolated_page(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &ISOLATED)?;
    open_own(stage, &site)?;
    works(stage, &site)?;
    isolated(stage)
}

fn isolated_page_and_another_origin(stage: &mut Stage) -> Result<()> {
    let corp = ("/", "Cross-Origin-Resource-Policy", "cross-origin");
    let (site, _other, src) = two_origins(&ISOLATED, &[CORS, corp])?;
    open(stage, &site, "", &src)?;
    works(stage, &site)?;
    isolated(stage)?;
    // Asked for by CORS, the script needs no more than that.
    let (site, _other, src) = two_origins(&ISOLATED, &[CORS])?;
    open(stage, &site, "", &format!("crossorigin {src}"))?;
    works(stage, &site)
}

fn isolated_page_and_an_origin_without_corp(stage: &mut Stage) -> Result<()> {
    let (site, _other, src) = two_origins(&ISOLATED, &[])?;
    open(stage, &site, "", &src)?;
    plays_alone(stage, "ERR_BLOCKED_BY_RESPONSE")
}

/// The hash of the loader, as a page's developer makes it.
fn hash(stage: &Stage, site: &Server) -> Result<String> {
    stage.open("/e2e/blank.html")?;
    stage.browser.goto(&site.url("/e2e/blank.html"))?;
    let hash = stage.browser.js(
        "const script = await (await fetch('/vitrine/vitrine.js')).arrayBuffer(); \
         const bytes = new Uint8Array(await crypto.subtle.digest('SHA-384', script)); \
         return 'sha384-' + btoa(String.fromCharCode(...bytes));",
    )?;
    Ok(hash.as_str().unwrap_or_default().to_owned())
}

fn integrity(stage: &mut Stage) -> Result<()> {
    let own = site(CSP, &[])?;
    let hash = hash(stage, &own)?;
    let src = format!("integrity=\"{hash}\" src=\"/vitrine/vitrine.js\"");
    open(stage, &own, "", &src)?;
    works(stage, &own)?;
    let (site, _other, src) = two_origins(&[], &[CORS])?;
    open(
        stage,
        &site,
        "",
        &format!("integrity=\"{hash}\" crossorigin {src}"),
    )?;
    works(stage, &site)
}

fn wrong_integrity(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[])?;
    let wrong = format!("sha384-{}", "A".repeat(64));
    let src = format!("integrity=\"{wrong}\" src=\"/vitrine/vitrine.js\"");
    open(stage, &site, "", &src)?;
    plays_alone(stage, "integrity")
}

fn below_a_path(stage: &mut Stage) -> Result<()> {
    let usual = e2e::site()?;
    let below =
        |(path, root): &(String, std::path::PathBuf)| (format!("/shop/de{path}"), root.clone());
    let roots = usual.roots.iter().filter(|(path, _)| path != "/");
    let site = Server::start(Options {
        // The script that notes what happens is found where it always is.
        roots: roots
            .clone()
            .map(below)
            .chain(
                usual
                    .roots
                    .iter()
                    .filter(|(path, _)| path == "/e2e/")
                    .cloned(),
            )
            .collect(),
        ..usual.clone()
    })?;
    let page = pages::html(
        PLAYER,
        &Tag {
            config: "../hotspots/made.json",
            collector: "../../../events",
            ..Tag::default()
        },
    );
    let page = page.replace("src=\"/vitrine/", "src=\"../vitrine/");
    site.put("/shop/de/p/strict.html", "text/html; charset=utf-8", page);
    let spot = pages::still(
        "lamp",
        0.0,
        6.0,
        [30.0, 40.0, 12.0, 16.0],
        json!({ "shape": "rect" }),
    );
    site.put(
        "/shop/de/hotspots/made.json",
        "application/json",
        pages::file(vec![spot]).to_string(),
    );
    stage.check_policy()?;
    stage.browser.goto(&site.url("/shop/de/p/strict.html"))?;
    works(stage, &site)?;
    let outside: Vec<String> = site
        .requests()
        .into_iter()
        .filter(|line| line.contains(" /vitrine/"))
        .collect();
    ensure!(
        outside.is_empty(),
        "asked for outside the path: {outside:?}"
    );
    Ok(())
}

fn another_origin(stage: &mut Stage) -> Result<()> {
    let (site, _other, src) = two_origins(&[], &[CORS])?;
    open(stage, &site, "", &src)?;
    works(stage, &site)
}

fn another_origin_without_cors(stage: &mut Stage) -> Result<()> {
    let (site, other, src) = two_origins(&[], &[])?;
    open(stage, &site, "", &src)?;
    plays_on(stage, &[&other.url("/vitrine/vitrine.mjs"), "CORS"])
}

fn wasm_without_cors(stage: &mut Stage) -> Result<()> {
    let modules = ["/vitrine/vitrine.js", "/vitrine/vitrine.mjs"];
    let headers = modules.map(|path| (path, "Access-Control-Allow-Origin", "*"));
    let (site, _other, src) = two_origins(&[], &headers)?;
    open(stage, &site, "", &src)?;
    plays_on(stage, &["vitrine_bg.wasm", "CORS"])?;
    told(stage, false)
}

fn hotspots_without_cors(stage: &mut Stage) -> Result<()> {
    let (site, other, _) = two_origins(&[], &[])?;
    // Of an attribute that is there twice, the first counts.
    let config = other.url("/e2e/made.json");
    let src = format!("data-config=\"{config}\" src=\"/vitrine/vitrine.js\"");
    open(stage, &site, "", &src)?;
    plays_on(stage, &["hotspot file", "CORS"])?;
    told(stage, false)
}

/// It works, and the console says how it would start sooner.
fn wasm_as_text(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[(WASM, "Content-Type", "text/plain")])?;
    open_own(stage, &site)?;
    stage.browser.wait("probe.shown().join() === 'lamp'")?;
    stage.browser.click_on("probe.spot('lamp')")?;
    collected(&site)?;
    one_line(
        stage,
        &["vitrine_bg.wasm", "text/plain", "application/wasm"],
    )
}

fn wasm_missing(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[])?;
    let lost = site.url("/lost/vitrine.js");
    for name in ["vitrine.js", "vitrine.mjs"] {
        let file = e2e::site()?
            .roots
            .iter()
            .find(|(path, _)| path == "/vitrine/")
            .map(|(_, root)| root.join(name));
        let text = std::fs::read(file.unwrap_or_default())?;
        site.put(&format!("/lost/{name}"), "text/javascript", text);
    }
    open(stage, &site, "", &format!("src=\"{lost}\""))?;
    plays_on(stage, &["/lost/vitrine_bg.wasm", "404"])?;
    told(stage, false)
}

/// As servers of one-page applications answer for a file that they do not have.
fn wasm_that_is_a_page(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[])?;
    site.put(WASM, "text/html", "<!doctype html><title>Shop</title>");
    open_own(stage, &site)?;
    plays_on(stage, &["vitrine_bg.wasm", "text/html"])
}

fn module_missing(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[])?;
    site.put("/vitrine/vitrine.mjs", "text/html", "<!doctype html>");
    open_own(stage, &site)?;
    plays_on(stage, &["/vitrine/vitrine.mjs", "vitrine.js"])
}

/// A sandboxed frame is an origin of its own, whose storage throws at the first touch.
fn frame_without_storage(stage: &mut Stage) -> Result<()> {
    let site = site("default-src *; script-src * 'wasm-unsafe-eval'", &[CORS])?;
    open_own(stage, &site)?;
    works(stage, &site)?;
    site.clear();
    let frame = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page with a frame</title></head>\
        <body><iframe sandbox=\"allow-scripts\" title=\"shop\" width=\"1000\" height=\"700\" src=\"/e2e/strict.html\"></iframe></body></html>";
    site.put("/e2e/framed.html", "text/html; charset=utf-8", frame);
    stage.browser.goto(&site.url("/e2e/framed.html"))?;
    stage.browser.in_frame(0, |browser| {
        let throws =
            browser.get("(() => { try { return !localStorage; } catch { return true; } })()")?;
        ensure!(throws == true, "the frame has storage");
        works(stage, &site)
    })
}

/// The violation that the page's policy is about is the one that there is.
fn only_wasm_was_refused(stage: &Stage) -> Result<()> {
    let violations = stage.browser.get("probe.violations.splice(0)")?;
    let list = violations.as_array().cloned().unwrap_or_default();
    let ours = |line: &e2e::Value| {
        line.as_str()
            .is_some_and(|text| text.starts_with("script-src"))
    };
    ensure!(list.iter().all(ours), "violations: {violations}");
    Ok(())
}

fn csp_without_wasm(stage: &mut Stage) -> Result<()> {
    let site = site(&CSP.replace(" 'wasm-unsafe-eval'", ""), &[])?;
    open_own(stage, &site)?;
    let judged = plays_on(stage, &["WebAssembly", "script-src 'wasm-unsafe-eval'"]);
    only_wasm_was_refused(stage)?;
    judged?;
    told(stage, false)
}

fn no_webassembly(stage: &mut Stage) -> Result<()> {
    let site = site(CSP, &[])?;
    site.put(
        "/e2e/off.js",
        "text/javascript",
        "delete window.WebAssembly; window.left = typeof WebAssembly;",
    );
    open(
        stage,
        &site,
        "<script src=\"/e2e/off.js\"></script>",
        "src=\"/vitrine/vitrine.js\"",
    )?;
    ensure!(
        stage.browser.get("left")? == "undefined",
        "WebAssembly is there"
    );
    plays_on(stage, &["WebAssembly", "switched off"])?;
    told(stage, false)
}
