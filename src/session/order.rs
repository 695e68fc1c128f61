//! An order, as the page reports it.

use crate::config::Node;
use crate::json::{Json, end_list, push_item};

/// Reads what the page gave to `purchase`: the event's fields, and the ids of the products ordered.
/// Amounts are minor units. The error says what to mend.
pub fn order<N: Node>(node: &N) -> Result<(Json, Vec<String>), &'static str> {
    let mut fields = Json::new();
    let mut products = Vec::new();
    match node.get("order_id").map(|id| id.text().unwrap_or_else(|| id.show())) {
        Some(id) if !id.is_empty() => fields.text("order_id", &id),
        _ => return Err("purchase: order_id is missing. Give the shop's own order number."),
    }
    if let Some(list) = node.get("items") {
        let mut items = String::new();
        for index in 0..list.length().unwrap_or(0) {
            let Some(item) = list.item(index) else { continue };
            let Some(id) = item.get("item_id").and_then(|id| id.text()) else {
                return Err("purchase: an item has no item_id. Use the product's id.");
            };
            let mut line = Json::new();
            line.text("item_id", &id);
            for key in ["item_name", "item_brand", "item_variant", "platform_id"] {
                copy_text(&mut line, &item, key);
            }
            copy_whole(&mut line, &item, "price")?;
            copy_whole(&mut line, &item, "quantity")?;
            push_item(&mut items, &line.object());
            products.push(id);
        }
        fields.raw("items", &end_list(items));
    }
    if copy_whole(&mut fields, node, "value")? && node.get("currency").and_then(|c| c.text()).is_none() {
        return Err("purchase: value has no currency. Add an ISO 4217 code such as EUR.");
    }
    copy_text(&mut fields, node, "currency");
    copy_text(&mut fields, node, "coupon");
    Ok((fields, products))
}

fn copy_text<N: Node>(to: &mut Json, from: &N, key: &str) {
    to.maybe(key, from.get(key).and_then(|value| value.text()).as_ref());
}

/// Copies a whole number; whether it was there.
fn copy_whole<N: Node>(to: &mut Json, from: &N, key: &str) -> Result<bool, &'static str> {
    match from.get(key).filter(|value| !value.is_null()) {
        None => Ok(false),
        Some(value) => match value.number() {
            Some(amount) if amount.is_finite() && amount == amount.floor() => {
                to.number(key, amount);
                Ok(true)
            }
            _ => Err("purchase: an amount is not a whole number. Use minor units: 9900 for 99.00 EUR."),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn an_order_is_read_and_bad_ones_are_refused_with_words() {
        let given = json!({"order_id": "A-1", "value": 9900, "currency": "EUR", "coupon": "ANA10",
            "items": [{"item_id": "bag", "price": 9900, "quantity": 2}]});
        let (fields, products) = order(&&given).unwrap();
        let read: Value = serde_json::from_str(&fields.object()).unwrap();
        assert_eq!(read, given);
        assert_eq!(products, ["bag"]);
        let (fields, _) = order(&&json!({"order_id": 17})).unwrap();
        assert_eq!(fields.object(), "{\"order_id\":\"17\"}");
        for bad in [
            json!({}),
            json!({"order_id": "1", "value": 99.5, "currency": "EUR"}),
            json!({"order_id": "1", "value": 99}),
            json!({"order_id": "1", "items": [{}]}),
        ] {
            assert!(order(&&bad).is_err(), "{bad}");
        }
    }
}
