//! BigCommerce and Magento.

use super::{Shop, answer, stock, text};
use e2e::{Value, json};
use xtask::server::{Request, Response};

/// BigCommerce's Storefront Carts API.
pub fn bigcommerce(shop: &mut Shop, what: &str, _: &Request, body: &Value) -> Option<Response> {
    let path = what.replace("/api/storefront/carts", "");
    if path == what {
        return None;
    }
    let (method, rest) = path.split_once(' ')?;
    let item = |id: &str, count: u64| {
        let number: u64 = id.parse().unwrap_or(0);
        json!({ "id": format!("line-{id}"), "productId": number + 100, "variantId": number, "quantity": count, "name": "Lamp" })
    };
    // `88` is downloaded.
    let kind = |shop: &Shop, is_digital: bool| {
        let all = shop.list(item).into_iter();
        all.filter(|line| (line["variantId"] == 88) == is_digital)
            .collect::<Vec<_>>()
    };
    let cart = |shop: &Shop| {
        json!({ "id": "c1", "currency": { "code": "EUR", "decimalPlaces": 2 }, "baseAmount": shop.total() as f64 * 99.0, "cartAmount": 1.0,
                "lineItems": { "physicalItems": kind(shop, false), "digitalItems": kind(shop, true), "giftCertificates": [], "customItems": [] } })
    };
    Some(match (method, rest) {
        ("GET", "") if shop.lines.is_empty() => answer(200, &json!([])),
        ("GET", "") => answer(200, &json!([cart(shop)])),
        ("POST", "" | "/c1/items") => {
            if !rest.is_empty() && shop.lines.is_empty() {
                let error =
                    json!({ "status": 404, "title": "Cart does not exist", "type": "/cart" });
                return Some(answer(404, &error));
            }
            shop.asked.push(body.clone());
            for one in body["lineItems"].as_array()? {
                let (id, wanted) = (text(&one["variantId"]), one["quantity"].as_u64()?);
                if shop.take(&id, wanted, Value::Null) < wanted {
                    let words = "The requested quantity is out of stock";
                    return Some(answer(
                        422,
                        &json!({ "status": 422, "title": words, "type": "/stock" }),
                    ));
                }
            }
            answer(200, &cart(shop))
        }
        ("PUT", _) => {
            let (key, one) = (rest.rsplit('/').next()?.to_owned(), &body["lineItem"]);
            let (variant, wanted) = (text(&one["variantId"]), one["quantity"].as_u64()?);
            if one["productId"] != variant.parse::<u64>().ok()? + 100 {
                let error = json!({ "status": 422, "title": "Missing or invalid data" });
                return Some(answer(422, &error));
            }
            if wanted > stock(variant.as_bytes()) {
                let words = "The requested quantity is out of stock";
                let error = json!({ "status": 422, "title": words, "type": "/stock" });
                return Some(answer(422, &error));
            }
            shop.set_line(&key, wanted);
            answer(200, &cart(shop))
        }
        ("DELETE", _) => {
            shop.drop_line(rest.rsplit('/').next()?);
            match shop.lines.is_empty() {
                true => Response::empty(204),
                false => answer(200, &cart(shop)),
            }
        }
        _ => return None,
    })
}

/// Magento's carts of guests.
pub fn magento(shop: &mut Shop, what: &str, _: &Request, body: &Value) -> Option<Response> {
    let path = what.replace("/rest/default/V1/guest-carts", "");
    if path == what {
        return None;
    }
    let id = format!("masked{}", shop.age);
    let item = |sku: &str, count: u64| json!({ "item_id": sku.parse::<u64>().unwrap_or(0), "sku": sku, "qty": count, "name": "Lamp", "price": 99.0 });
    let (method, rest) = path.split_once(' ')?;
    if (method, rest) == ("POST", "") {
        return Some(answer(200, &json!(id)));
    }
    let Some(rest) = rest
        .strip_prefix('/')
        .and_then(|rest| rest.strip_prefix(id.as_str()))
    else {
        let message = "No such entity with %fieldName = %fieldValue";
        return Some(answer(
            404,
            &json!({ "message": message, "parameters": { "fieldName": "cartId", "fieldValue": 0 } }),
        ));
    };
    Some(match (method, rest) {
        ("GET", "") => answer(
            200,
            &json!({ "items": shop.list(item), "items_qty": shop.total(), "currency": { "quote_currency_code": "EUR" } }),
        ),
        ("POST", "/items") => {
            shop.asked.push(body.clone());
            let one = &body["cartItem"];
            let (sku, wanted) = (text(&one["sku"]), one["qty"].as_u64()?);
            if one["quote_id"] != id.as_str() {
                return Some(answer(400, &json!({ "message": "No quote_id" })));
            }
            let had = shop.count(&sku);
            if had + wanted > stock(sku.as_bytes()) {
                let message = "The requested qty of %1 is not available: %2 left";
                let left = json!([sku, stock(sku.as_bytes()) - had]);
                return Some(answer(
                    400,
                    &json!({ "message": message, "parameters": left }),
                ));
            }
            shop.take(&sku, wanted, Value::Null);
            answer(200, &item(&sku, shop.count(&sku)))
        }
        ("PUT", _) => {
            let (key, one) = (rest.rsplit('/').next()?.to_owned(), &body["cartItem"]);
            let wanted = one["qty"].as_u64()?;
            if one["quote_id"] != id.as_str() {
                return Some(answer(400, &json!({ "message": "No quote_id" })));
            }
            if wanted > stock(key.as_bytes()) {
                let message = "The requested qty is not available";
                return Some(answer(400, &json!({ "message": message })));
            }
            shop.set_line(&key, wanted);
            answer(200, &item(&key, wanted))
        }
        ("DELETE", _) => {
            shop.drop_line(rest.rsplit('/').next()?);
            answer(200, &json!(true))
        }
        _ => return None,
    })
}
