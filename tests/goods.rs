//! What the host is told of a hotspot file: places in the file, prices, what can be bought.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::json;
use vitrine::config::decode;
use vitrine::session::{goods, spots};

#[test]
fn places_in_the_file_survive_sorting_and_what_is_left_out() {
    let spot = |id: &str, product: &str, start: f64| json!({"id": id, "products": [product], "start": start, "end": 9, "keyframes": [{"time": start, "x": 1, "y": 1}]});
    let file = json!({
        "version": 1, "video": {"id": "v"},
        "products": [
            {"id": "broken"},
            {"id": "bag", "title": "Bag", "price": "129.00 EUR", "sale_price": "99.00 EUR", "variants": [
                {"id": "bad", "price": "much"},
                {"id": "tan", "availability": "out_of_stock"},
                {"id": "big", "price": "150.00 EUR"}]},
            {"id": "tea", "title": "Tea", "price": "1200 JPY"},
            {"id": "gift", "title": "Gift"}],
        "hotspots": [spot("late", "tea", 5.0), spot("lost", "broken", 1.0), spot("early", "bag", 2.0)]
    });
    let config = decode(&&file).config.unwrap();
    assert_eq!(spots(&config), [2.0, 1.0, 0.0, 0.0, 1.0, 1.0]);
    let rows = goods(&config);
    let rows: Vec<&[f64]> = rows.chunks(8).collect();
    // product, its place, variant, its place, now, before, decimals, available
    assert_eq!(rows[0], [0.0, 1.0, -1.0, -1.0, 9_900.0, 12_900.0, 2.0, 1.0]);
    assert_eq!(rows[1], [0.0, 1.0, 0.0, 1.0, 9_900.0, 12_900.0, 2.0, 0.0]);
    // A variant's own price goes before the product's sale.
    assert_eq!(rows[2][..5], [0.0, 1.0, 1.0, 2.0, 15_000.0]);
    assert!(rows[2][5].is_nan());
    assert_eq!([rows[3][1], rows[3][4], rows[3][6]], [2.0, 1_200.0, 0.0]);
    assert!(rows[4][4].is_nan());
}
