//! An order, as the page reports it.

use crate::config::Node;

/// Says what to mend in what the page gave to `purchase`, if anything. Amounts are minor units.
pub fn check_order<N: Node>(node: &N) -> Result<(), &'static str> {
    let text = |node: &N, key| node.get(key).and_then(|value| value.text());
    if text(node, "order_id").is_none_or(|id| id.is_empty()) {
        return Err("purchase: order_id is missing. Give the shop's own order number, as a text.");
    }
    if let Some(list) = node.get("items") {
        for index in 0..list.length().unwrap_or(0) {
            let Some(item) = list.item(index) else {
                continue;
            };
            if text(&item, "item_id").is_none() {
                return Err("purchase: an item has no item_id. Use the product's id.");
            }
            whole(&item, "price")?;
            whole(&item, "quantity")?;
        }
    }
    if whole(node, "value")? && text(node, "currency").is_none() {
        return Err("purchase: value has no currency. Add an ISO 4217 code such as EUR.");
    }
    Ok(())
}

/// Whether there is a number, which must be whole.
fn whole<N: Node>(node: &N, key: &str) -> Result<bool, &'static str> {
    match node.get(key).filter(|value| !value.is_null()) {
        None => Ok(false),
        Some(value) => match value.number() {
            Some(amount) if amount.abs() < 1e15 && amount == amount as i64 as f64 => Ok(true),
            _ => Err(
                "purchase: an amount is not a whole number. Use minor units: 9900 for 99.00 EUR.",
            ),
        },
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_is_taken_and_bad_ones_are_refused_with_words() {
        let good = json!({"order_id": "A-1", "value": 9900, "currency": "EUR", "coupon": "ANA10",
            "items": [{"item_id": "bag", "price": 9900, "quantity": 2}]});
        assert_eq!(check_order(&&good), Ok(()));
        for bad in [
            json!({}),
            json!({"order_id": 17}),
            json!({"order_id": "1", "value": 99.5, "currency": "EUR"}),
            json!({"order_id": "1", "value": "99", "currency": "EUR"}),
            json!({"order_id": "1", "value": 99}),
            json!({"order_id": "1", "items": [{}]}),
            json!({"order_id": "1", "items": [{"item_id": "a", "price": 0.5}]}),
        ] {
            assert!(check_order(&&bad).is_err(), "{bad}");
        }
    }
}
