//! Into a real shop: Vendure, in memory, through the `http` adapter, until its own API says that the order has the line.

#[path = "all/pages.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod pages;

use e2e::{Context, Error, Result, Stage, Value, caused, ensure, json, one};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use xtask::Repo;
use xtask::run::copy;
use xtask::tools;

e2e::engines!(a_line_of_an_order_by_bearer_token, by_the_session_s_cookie);

/// A running shop.
struct Shop {
    /// It ends with its standard input, which is this program's to close.
    _node: Child,
    /// Where it is, and which variant it sells: two of them are on stock.
    origin: String,
    variant: String,
}

impl Shop {
    /// The one shop of all tests: each has a session of its own, and an order takes nothing off the stock before it is paid.
    fn open() -> Result<&'static Shop> {
        static SHOP: OnceLock<std::result::Result<Shop, String>> = OnceLock::new();
        let shop = SHOP.get_or_init(|| Shop::start().map_err(|error| format!("{error:#}")));
        shop.as_ref().map_err(|words| Error::msg(words.clone()))
    }

    fn start() -> Result<Shop> {
        let place = install()?;
        let mut node = Command::new("node")
            .arg("shop.cjs")
            .current_dir(place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node cannot be started")?;
        let out = node.stdout.take().context("node has no output")?;
        // Its own words may come first.
        let ready = BufReader::new(out)
            .lines()
            .map_while(std::result::Result::ok)
            .find_map(|line| serde_json::from_str::<Value>(&line).ok());
        let ready = ready.context("the shop did not start; its own words are above")?;
        let text = |key: &str| ready[key].as_str().map(str::to_owned);
        Ok(Shop {
            _node: node,
            origin: text("origin").context("no origin")?,
            variant: text("variant").context("no variant")?,
        })
    }
}

/// Installs the shop by its lock file, outside of the tree; gives back where it is.
fn install() -> Result<std::path::PathBuf> {
    let repo = Repo::here();
    let (from, place) = (repo.at("e2e/shop"), repo.target.join("e2e/shop"));
    fs::create_dir_all(&place)?;
    for name in ["package.json", "package-lock.json", "shop.cjs"] {
        copy(&from.join(name), &place.join(name))?;
    }
    tools::npm_ci(&place, "Vendure", &["--ignore-scripts"])?;
    Ok(place)
}

const ORDER: &str = "totalQuantity lines { id quantity productVariant { id } }";

/// The shop as a hotspot file describes it.
fn described(shop: &Shop, bearer: bool) -> Value {
    let request = |query: String, variables: Value, at: &str| {
        let at = |rest: &str| format!("/data/{at}{rest}");
        let mut request = json!({
            "url": format!("{}/shop-api", shop.origin),
            "body": { "query": query, "variables": variables },
            "answer": { "success": at("/lines"), "message": at("/message"), "code": at("/errorCode"), "count": at("/totalQuantity"),
                        "lines": at("/lines"), "line_product": "/productVariant/id" },
        });
        if bearer {
            request["token_header"] = json!("vendure-auth-token");
        }
        request
    };
    let result =
        format!("{{ ... on Order {{ {ORDER} }} ... on ErrorResult {{ errorCode message }} }}");
    let add = format!(
        "mutation ($id: ID!, $quantity: Int!) {{ addItemToOrder(productVariantId: $id, quantity: $quantity) {result} }}"
    );
    let adjust = format!(
        "mutation ($line: ID!, $quantity: Int!) {{ adjustOrderLine(orderLineId: $line, quantity: $quantity) {result} }}"
    );
    let remove =
        format!("mutation ($line: ID!) {{ removeOrderLine(orderLineId: $line) {result} }}");
    let ids = json!({ "id": "{{variant.platform_id}}", "quantity": "{{quantity}}" });
    json!({
        "platform": "http", "checkout": "/e2e/blank.html",
        "add": request(add, ids, "addItemToOrder"),
        "read": request(format!("{{ activeOrder {{ {ORDER} }} }}"), json!({}), "activeOrder"),
        "update": request(adjust, json!({ "line": "{{line.id}}", "quantity": "{{quantity}}" }), "adjustOrderLine"),
        "remove": request(remove, json!({ "line": "{{line.id}}" }), "removeOrderLine"),
    })
}

/// The order of the page's own session, by the shop's own API.
fn order(stage: &Stage, shop: &Shop, bearer: bool) -> Result<Value> {
    stage.browser.js_with(
        "const [origin, query, bearer] = args, token = bearer && localStorage.getItem('vitrine-cart session ' + origin); \
         const answer = await fetch(origin + '/shop-api', { method: 'POST', body: JSON.stringify({ query }), credentials: bearer ? 'omit' : 'include', \
           headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) } }); \
         return (await answer.json()).data.activeOrder;",
        json!([shop.origin, format!("{{ activeOrder {{ code state {ORDER} }} }}"), bearer]),
    )
}

fn sell(stage: &Stage, bearer: bool) -> Result<()> {
    let shop = Shop::open()?;
    stage.site.policy(&e2e::policy(&shop.origin));
    let mut file = pages::file(vec![pages::still(
        "lamp",
        0.0,
        6.0,
        [15.0, 40.0, 10.0, 14.0],
        json!({ "shape": "rect" }),
    )]);
    file["products"] = json!([{ "id": "lamp", "title": "Brass lamp", "price": "99.00 EUR", "platform_id": shop.variant }]);
    file["cart"] = described(shop, bearer);
    pages::open(stage, &file)?;
    let browser = &stage.browser;
    browser.js("await probe.seek(2);")?;
    ensure!(
        order(stage, shop, bearer)?.is_null(),
        "there is an order before anything was added"
    );
    browser.click_on("probe.spot('lamp')")?;
    browser.wait("probe.part('card')")?;
    // Two are there; the third is not.
    for count in 1..=3 {
        let outcomes = "probe.said('vitrine:event').filter(({ detail }) => detail.type === 'cart_outcome').length";
        let told = e2e::until(e2e::LIMIT, || {
            browser.click_on("probe.part('add-to-cart')")?;
            Ok((browser.get(&format!(
                "{outcomes} >= {count} || probe.part('add-to-cart').ariaDisabled === 'true'"
            ))? == true)
                .then_some(()))
        })?;
        ensure!(told.is_some(), "the button stayed deaf");
        browser.wait(&format!("{outcomes} === {count}"))?;
        if count == 1 {
            let view = stage.flushed("cart_outcome")?;
            let outcome = one(&view, "cart_outcome")?;
            caused(outcome, one(&view, "add_to_cart")?)?;
            ensure!(
                outcome["outcome"] == "confirmed"
                    && outcome["lines"] == json!([{ "id": shop.variant, "quantity": 1 }]),
                "{outcome}"
            );
        }
    }
    browser.js("vitrine.flush();")?;
    let view = stage.view_id()?;
    let outcomes = |events: &[Value]| {
        let of_kind = events
            .iter()
            .filter(|event| event["type"] == "cart_outcome" && event["view_id"] == view.as_str());
        of_kind.cloned().collect::<Vec<_>>()
    };
    let events = stage.collected("three outcomes", |events| outcomes(events).len() == 3)?;
    let outcomes = outcomes(&events);
    let failed = outcomes.iter().find(|event| event["outcome"] == "failed");
    let last = failed.context("no refusal")?;
    ensure!(
        last["failure"] == "sold_out"
            && last["reason"]
                .as_str()
                .is_some_and(|words| words.contains("stock")),
        "{last}"
    );
    let now = order(stage, shop, bearer)?;
    ensure!(
        now["state"] == "AddingItems"
            && now["totalQuantity"] == 2
            && now["lines"]
                .as_array()
                .is_some_and(|lines| lines.len() == 1)
            && now["lines"][0]["productVariant"]["id"] == shop.variant.as_str(),
        "the shop's order is {now}"
    );
    in_the_mini_cart(stage, shop, bearer)
}

/// Fewer, more, more than there are, and out: each time the shop's own order has it.
fn in_the_mini_cart(stage: &Stage, shop: &Shop, bearer: bool) -> Result<()> {
    let browser = &stage.browser;
    browser.js("probe.part('close').click();")?;
    browser.wait("probe.part('cart')")?;
    browser.click_on("probe.part('cart')")?;
    for (part, wanted) in [("fewer", 1), ("more", 2), ("more", 2), ("remove", 0)] {
        browser.wait("probe.part('cart-drawer')?.getAttribute('aria-busy') == null")?;
        browser.click_on(&format!("probe.part('{part}')"))?;
        browser.wait("probe.part('cart-drawer')?.getAttribute('aria-busy') == null")?;
        let now = order(stage, shop, bearer)?;
        ensure!(
            now["totalQuantity"].as_u64().unwrap_or_default() == wanted,
            "after {part} the shop's order is {now}"
        );
        let shown = "[...probe.root().querySelectorAll('[part=line] .each')].map(({ textContent }) => parseInt(textContent)).join()";
        let words = if wanted == 0 {
            String::new()
        } else {
            wanted.to_string()
        };
        browser.becomes(shown, &words, e2e::LIMIT / 4)?;
    }
    Ok(())
}

fn a_line_of_an_order_by_bearer_token(stage: &mut Stage) -> Result<()> {
    sell(stage, true)
}

fn by_the_session_s_cookie(stage: &mut Stage) -> Result<()> {
    sell(stage, false)
}
