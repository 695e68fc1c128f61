//! Shops as their documentation describes them: addresses, answers, errors, and what they do without a word.

mod other;
mod shopify;

use e2e::{Value, json};
pub use other::{bigcommerce, magento};
pub use shopify::{shopify, storefront};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use xtask::server::{Request, Response, Server};

/// What every shop of the tests has on stock: `41` three times, `42` none, all else enough.
const fn stock(id: &[u8]) -> u64 {
    match id {
        b"41" => 3,
        b"42" => 0,
        _ => 1000,
    }
}

/// A shop's memory.
#[derive(Default)]
pub struct Shop {
    /// Product, how many, and what was said of it.
    pub lines: Vec<(String, u64, Value)>,
    /// The bodies of what was to be added.
    pub asked: Vec<Value>,
    /// How long it thinks before it answers to what shall be added.
    pub delay: Duration,
    /// What was right before this counts for nothing any more: nonces, cart ids.
    pub age: u32,
}

impl Shop {
    /// Adds as many as there are; says how many.
    fn take(&mut self, id: &str, quantity: u64, more: Value) -> u64 {
        let had: u64 = self.count(id);
        let taken = quantity.min(stock(id.as_bytes()).saturating_sub(had));
        match self
            .lines
            .iter_mut()
            .find(|line| line.0 == id && line.2 == more)
        {
            Some(line) => line.1 += taken,
            None if taken > 0 => self.lines.push((id.to_owned(), taken, more)),
            None => {}
        }
        taken
    }

    /// How many of a product are in the cart.
    pub fn count(&self, id: &str) -> u64 {
        let lines = self.lines.iter().filter(|line| line.0 == id);
        lines.map(|line| line.1).sum()
    }

    fn total(&self) -> u64 {
        self.lines.iter().map(|line| line.1).sum()
    }

    fn drop_line(&mut self, key: &str) {
        let key = key.trim_start_matches("line-");
        self.lines.retain(|line| line.0 != key);
    }

    /// Makes a line so many, as far as there are.
    fn set_line(&mut self, key: &str, quantity: u64) {
        let key = key.trim_start_matches("line-");
        for line in self.lines.iter_mut().filter(|line| line.0 == key) {
            line.1 = quantity.min(stock(key.as_bytes()));
        }
        self.lines.retain(|line| line.1 > 0);
    }

    fn list(&self, write: impl Fn(&str, u64) -> Value) -> Vec<Value> {
        let lines = self.lines.iter();
        lines.map(|(id, count, _)| write(id, *count)).collect()
    }
}

/// A shop, within reach of the test.
pub type Shared = Arc<Mutex<Shop>>;

/// The shop's memory.
pub fn look(shop: &Shared) -> MutexGuard<'_, Shop> {
    shop.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(status: u16, body: &Value) -> Response {
    let kind = "application/json; charset=utf-8";
    Response::bytes(status, kind, body.to_string().into_bytes())
}

/// An answer of one of the shops, unless the address is none of its own.
pub type Double = fn(&mut Shop, &str, &Request, &Value) -> Option<Response>;

/// Puts a shop onto the site, with an empty cart.
pub fn serve(site: &Server, double: Double) -> Shared {
    let shop = Shared::default();
    let mine = Arc::clone(&shop);
    site.api(move |request| {
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let what = format!("{} {}", request.method, request.path);
        let delay = look(&mine).delay;
        if request.method == "POST" && request.path != "/events" {
            thread::sleep(delay);
        }
        double(&mut look(&mine), &what, request, &body)
    });
    shop
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// WooCommerce's Store API. `43` is clamped to two without a word.
pub fn woocommerce(
    shop: &mut Shop,
    what: &str,
    request: &Request,
    body: &Value,
) -> Option<Response> {
    let path = what.replace("/wp-json/wc/store/v1", "");
    if path == what {
        return None;
    }
    let item = |id: &str, count: u64| {
        let number: u64 = id.parse().unwrap_or(0);
        json!({ "key": format!("line-{id}"), "id": number, "quantity": count, "name": "Lamp &amp; shade",
                "totals": { "line_subtotal": (count * 8000).to_string(), "line_subtotal_tax": (count * 1900).to_string() } })
    };
    let cart = |shop: &Shop| {
        json!({ "items": shop.list(item), "items_count": shop.total(),
                "totals": { "total_items": (shop.total() * 9900).to_string(), "total_items_tax": "0", "currency_code": "EUR", "currency_minor_unit": 2 } })
    };
    let error = |status: u16, code: &str, message: &str, more: Option<Value>| {
        let mut data = json!({ "status": status });
        if let Some(cart) = more {
            data["cart"] = cart;
        }
        answer(
            status,
            &json!({ "code": code, "message": message, "data": data }),
        )
    };
    let nonce = format!("nonce-{}", shop.age);
    let fresh = request.header("nonce") == Some(&nonce);
    let reply = match path.as_str() {
        "GET /cart" => answer(200, &cart(shop)),
        _ if !fresh => error(
            403,
            "woocommerce_rest_invalid_nonce",
            "Nonce is invalid.",
            None,
        ),
        "POST /cart/add-item" => {
            shop.asked.push(body.clone());
            // A product with options becomes the variation that they name: the cart has that one's id.
            let named = |value: &Value| value["attribute"] == "finish" && value["value"] == "brass";
            let asked = text(&body["id"]);
            let is_brass = body["variation"]
                .as_array()
                .is_some_and(|all| all.iter().any(named));
            if asked == "141" && !is_brass {
                let words = "Missing attributes for variable product.";
                return Some(error(
                    400,
                    "woocommerce_rest_missing_attributes",
                    words,
                    None,
                ));
            }
            let id = if asked == "141" {
                "41".to_owned()
            } else {
                asked
            };
            let wanted = body["quantity"].as_u64()?;
            if id == "46" {
                let words = "No such <b>product</b> &ndash; sorry.";
                return Some(error(
                    400,
                    "woocommerce_rest_cart_invalid_product",
                    words,
                    None,
                ));
            }
            let left = if id == "43" {
                2u64.saturating_sub(shop.count(&id))
            } else {
                u64::MAX
            };
            let taken = shop.take(&id, wanted.min(left), Value::Null);
            if id == "45" {
                // It took it, and its answer is lost.
                return Some(Response::half(200));
            }
            if id == "44" {
                let words = "Another tab emptied your cart.";
                error(
                    409,
                    "woocommerce_rest_cart_conflict",
                    words,
                    Some(cart(shop)),
                )
            } else if taken < wanted && id != "43" {
                let words = "You cannot add &quot;Mug &amp; Cup&quot; to the cart because the product is out of stock. <a href=\"/cart\">View&nbsp;cart</a>";
                error(400, "woocommerce_rest_product_out_of_stock", words, None)
            } else {
                answer(201, &cart(shop))
            }
        }
        "POST /cart/update-item" => {
            shop.set_line(&text(&body["key"]), body["quantity"].as_u64()?);
            answer(200, &cart(shop))
        }
        "POST /cart/remove-item" => {
            shop.drop_line(&text(&body["key"]));
            answer(200, &cart(shop))
        }
        _ => return None,
    };
    Some(reply.with("Nonce", nonce).with("Cart-Token", "token"))
}

/// A GraphQL shop of no name, whose session is a bearer token.
pub fn graphql(shop: &mut Shop, what: &str, request: &Request, body: &Value) -> Option<Response> {
    if what != "POST /shop-api" {
        return None;
    }
    let mine = request.header("authorization") == Some("Bearer session-1");
    if !mine {
        shop.lines.clear();
    }
    let (query, variables) = (body["query"].as_str()?, &body["variables"]);
    let order = |shop: &Shop| {
        let line = |id: &str, count: u64| json!({ "id": format!("line-{id}"), "quantity": count, "variant": { "id": id } });
        json!({ "lines": shop.list(line), "total": shop.total() })
    };
    let data = if query.contains("addItem") {
        shop.asked.push(body.clone());
        let (id, wanted) = (text(&variables["id"]), variables["quantity"].as_u64()?);
        let taken = shop.take(&id, wanted, Value::Null);
        if taken < wanted {
            json!({ "addItem": { "errorCode": "INSUFFICIENT_STOCK_ERROR", "message": format!("{taken} left"), "available": taken } })
        } else {
            json!({ "addItem": order(shop) })
        }
    } else if query.contains("adjustLine") {
        let (key, wanted) = (text(&variables["line"]), variables["quantity"].as_u64()?);
        if wanted > stock(key.trim_start_matches("line-").as_bytes()) {
            json!({ "adjustLine": { "errorCode": "INSUFFICIENT_STOCK_ERROR", "message": "No more of it" } })
        } else {
            shop.set_line(&key, wanted);
            json!({ "adjustLine": order(shop) })
        }
    } else if query.contains("removeLine") {
        shop.drop_line(&text(&variables["line"]));
        json!({ "removeLine": order(shop) })
    } else {
        json!({ "order": order(shop) })
    };
    Some(answer(200, &json!({ "data": data })).with("X-Session", "session-1"))
}
