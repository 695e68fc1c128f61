// What the mini cart shows of a cart.
import assert from "node:assert/strict";
import test from "node:test";
import { costOf, find, grown, subtotals, taken } from "../../www/cart-lines.js";

const products = [
  { raw: { id: "7", platform_id: "90" }, variants: [] },
  { raw: { id: "bag", platform_id: 4050 }, variants: [{ raw: { id: "tan", platform_id: "4051" } }, { raw: { id: "ink" } }] },
  { raw: { id: "90" }, variants: [] },
];

test("a line is found by the shop's ids, then by the file's", () => {
  assert.deepEqual(["4051", 4051, "4050", "ink", "tan", "bag", "7"].map((id) => find(id, products)), [[1, 0], [1, 0], [1, -1], [1, 1], [1, 0], [1, -1], [0, -1]]);
  assert.deepEqual(find("90", products), [0, -1]);
  assert.deepEqual([find("none", products), find(undefined, products), find("7", [])], [undefined, undefined, undefined]);
});

test("amounts in different currencies are never added", () => {
  const line = (price, currency, quantity = 1) => ({ price, currency, quantity });
  assert.deepEqual(subtotals({}, [line(9900, "EUR"), line(500, "JPY", 3), line(100, "EUR", 2)]), [["EUR", 10100], ["JPY", 1500]]);
  assert.deepEqual(subtotals({ subtotal: 42, currency: "EUR" }, [line(9900, "EUR")]), [["EUR", 42]]);
  // A sum without one of its lines would be wrong.
  assert.deepEqual([subtotals({ subtotal: 42 }, [line(9900, "EUR"), line(undefined, "EUR")]), subtotals(undefined, [line(1)]), subtotals({}, [])], [[], [], []]);
});

test("what is added again goes to its line", () => {
  const item = (item_id, item_variant, quantity) => ({ item_id, item_variant, item_name: item_id.toUpperCase(), quantity });
  const first = grown([], [item("a", undefined, 1), item("b", "s", 2)]), second = grown(first, [item("b", "s", 3), item("b", "m", 1)]);
  assert.deepEqual(second.map(({ id, quantity, title }) => [id, quantity, title]), [["a", 1, "A"], ["s", 5, "B"], ["m", 1, "B"]]);
  // What was there is not changed beneath who holds it.
  assert.equal(first[1].quantity, 2);
});

test("of less than was asked for, the first are taken", () => {
  const items = [{ item_id: "a", quantity: 2 }, { item_id: "b", quantity: 2 }];
  assert.deepEqual([3, 2, 0, undefined].map((quantity) => taken(items, quantity).map(({ item_id, quantity }) => item_id + quantity).join()), ["a2,b1", "a2", "", "a2,b2"]);
});

test("the shop's price goes before the file's, and no currency takes the place of another", () => {
  const file = { price: 9900, currency: "EUR" };
  assert.deepEqual(costOf({ price: 8900 }, file, "USD"), { price: 8900, currency: "USD" });
  assert.deepEqual(costOf({}, file), file);
  assert.deepEqual(costOf({}, file, "EUR"), file);
  assert.deepEqual(costOf({ item: { price: 7900, currency: "EUR" } }, file), { price: 7900, currency: "EUR" });
  for (const none of [costOf({}, file, "USD"), costOf({ price: 1 }, file), costOf({ price: 1 }, {}, "EURO"), costOf({}, {}), costOf({}, { price: NaN, currency: "EUR" }), costOf({ price: "1" }, {}, { toString: () => "x" })])
    assert.deepEqual(none, { price: undefined, currency: undefined });
});
