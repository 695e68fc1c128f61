//! Shopify, with its theme and without.

use super::{Shop, answer, stock, text};
use e2e::{Value, json};
use xtask::server::{Request, Response};

/// Shopify's Ajax API.
pub fn shopify(shop: &mut Shop, what: &str, _: &Request, body: &Value) -> Option<Response> {
    let item = |id: &str, count: u64| {
        let number: u64 = id.parse().unwrap_or(0);
        json!({ "id": number, "variant_id": number, "key": format!("line-{id}"), "quantity": count, "title": "Lamp", "properties": {} })
    };
    let cart = |shop: &Shop| {
        json!({ "token": "c1", "item_count": shop.total(), "items": shop.list(item), "currency": "EUR",
                "items_subtotal_price": shop.total() * 9900 })
    };
    let sections = |shop: &Shop| {
        let html = format!(
            "<div id=\"shopify-section-cart-icon-bubble\" class=\"shopify-section\"><b>{}</b></div>",
            shop.total()
        );
        json!({ "cart-icon-bubble": html, "no-such-section": null })
    };
    Some(match what {
        "GET /cart.js" => answer(200, &cart(shop)),
        "POST /cart/add.js" => {
            shop.asked.push(body.clone());
            let mut lines = Vec::new();
            for one in body["items"].as_array()? {
                let (id, wanted) = (text(&one["id"]), one["quantity"].as_u64()?);
                if id == "77" && one["selling_plan"].is_null() {
                    let words = "Variant can only be purchased with a selling plan.";
                    return Some(answer(
                        422,
                        &json!({ "status": 422, "message": "Cart Error", "description": words }),
                    ));
                }
                if shop.take(&id, wanted, one["properties"].clone()) < wanted {
                    let words = match stock(id.as_bytes()) {
                        0 => "The product 'Mug' is already sold out.".to_owned(),
                        count => format!("You can only add {count} Lamp to the cart."),
                    };
                    return Some(answer(
                        422,
                        &json!({ "status": 422, "message": "Cart Error", "description": words }),
                    ));
                }
                lines.push(item(&id, shop.count(&id)));
            }
            answer(
                200,
                &json!({ "items": lines, "sections": sections(shop), "sections_url": body["sections_url"] }),
            )
        }
        "POST /cart/change.js" => {
            shop.set_line(&text(&body["id"]), body["quantity"].as_u64()?);
            answer(200, &cart(shop))
        }
        _ => return None,
    })
}

/// Shopify's Storefront API.
pub fn storefront(
    shop: &mut Shop,
    what: &str,
    request: &Request,
    body: &Value,
) -> Option<Response> {
    if what != "POST /api/graphql.json" {
        return None;
    }
    if request.header("x-shopify-storefront-access-token") != Some("public-token") {
        let error = json!({ "message": "", "extensions": { "code": "UNAUTHORIZED" } });
        return Some(answer(401, &json!({ "errors": [error] })));
    }
    let (query, variables) = (body["query"].as_str()?, &body["variables"]);
    let id = format!("gid://shopify/Cart/{}", shop.age);
    let mut warnings = Vec::new();
    let name = [
        "cartCreate",
        "cartLinesAdd",
        "cartLinesUpdate",
        "cartLinesRemove",
    ]
    .into_iter()
    .find(|name| query.contains(*name));
    let known = name == Some("cartCreate") || variables["id"] == id.as_str();
    if known && name == Some("cartLinesRemove") {
        shop.drop_line(&text(&variables["keys"][0]));
    } else if known && name == Some("cartLinesUpdate") {
        let one = &variables["lines"][0];
        let (key, wanted) = (text(&one["id"]), one["quantity"].as_u64()?);
        shop.set_line(&key, wanted);
        if shop.total() < wanted {
            warnings.push(
                json!({ "code": "MERCHANDISE_NOT_ENOUGH_STOCK", "target": key, "message": "No more of them are available." }),
            );
        }
    } else if known && name.is_some() {
        shop.asked.push(body.clone());
        for one in variables["lines"].as_array()? {
            let variant = text(&one["merchandiseId"]);
            let (short, wanted) = (variant.rsplit('/').next()?, one["quantity"].as_u64()?);
            let taken = shop.take(short, wanted, one["attributes"].clone());
            if taken < wanted {
                let code = if taken == 0 {
                    "MERCHANDISE_OUT_OF_STOCK"
                } else {
                    "MERCHANDISE_NOT_ENOUGH_STOCK"
                };
                warnings.push(
                    json!({ "code": code, "target": "gid://shopify/CartLine/1", "message": format!("Only {taken} of them are available.") }),
                );
            }
        }
    }
    let line = |variant: &str, count: u64| {
        json!({ "id": format!("line-{variant}"), "quantity": count,
                "merchandise": { "id": format!("gid://shopify/ProductVariant/{variant}"), "title": "Lamp" } })
    };
    let cart = known.then(|| {
        json!({ "id": id, "checkoutUrl": "/e2e/blank.html?paid", "totalQuantity": shop.total(),
                "cost": { "subtotalAmount": { "amount": "99.0", "currencyCode": "EUR" } }, "lines": { "nodes": shop.list(line) } })
    });
    let errors = if known {
        json!([])
    } else {
        json!([{ "code": "INVALID", "field": ["cartId"], "message": "The specified cart does not exist." }])
    };
    Some(match name {
        Some(name) => answer(
            200,
            &json!({ "data": { name: { "cart": cart, "userErrors": errors, "warnings": warnings } } }),
        ),
        None => answer(200, &json!({ "data": { "cart": cart } })),
    })
}
