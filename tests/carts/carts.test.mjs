// What the adapters of shops decide, without a browser: what came of a call, texts, pointers, placeholders, settings.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Failure, added, line, open, outcome, sane } from "../../www/cart/common.js";
import fits from "../../www/cart/fits.js";
import { at, decoded, filled, minor } from "../../www/cart/text.js";
import { worded } from "../../www/cart/magento.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const ask = (id, quantity) => ({ id, quantity });
const cart = (...lines) => ({ lines, cart_count: lines.reduce((sum, { quantity }) => sum + quantity, 0) });

test("what came of it is told by what the cart has more", () => {
  const asked = [ask("a", 3)], sold = new Failure("sold_out", "Only &quot;two&quot; left");
  assert.equal(outcome(asked, cart(), cart(ask("a", 3))).ok, true);
  // The shop had one already, and took two without a word.
  assert.deepEqual(outcome(asked, cart(ask("a", 1)), cart(ask("a", 3))), { partial: true, lines: [ask("a", 3)], cart_count: 3, quantity: 2, requested: 3, reason: undefined });
  assert.deepEqual(outcome(asked, cart(ask("b", 1)), cart(ask("b", 1))), { ok: false, lines: [ask("b", 1)], cart_count: 1, failure: "sold_out", reason: undefined });
  // It refused, and added in part; refused, though the cart has it all; refused.
  assert.equal(outcome(asked, cart(), cart(ask("a", 2)), sold).reason, 'Only "two" left');
  assert.equal(outcome(asked, cart(), cart(ask("a", 3)), new Failure("network")).ok, true);
  assert.equal(outcome(asked, cart(ask("a", 2)), cart(ask("a", 2)), new Failure("needs_plan")).failure, "needs_plan");
  // A shop that cannot be read is believed, unless it says how many it took.
  assert.equal(outcome(asked, undefined, { cart_count: 9 }).ok, true);
  assert.deepEqual([added(asked, undefined, { added: 1 }), outcome(asked, undefined, { added: 0 }).failure], [1, "sold_out"]);
  // Two lines of one product, as Shopify makes them of other properties; and what others add meanwhile counts for nothing.
  assert.equal(outcome([ask("a", 1)], cart(ask("a", 2)), cart(ask("a", 2), ask("a", 1))).ok, true);
  assert.equal(added([ask("a", 1), ask("b", 1)], cart(), cart(ask("a", 5))), 1);
});

test("of a cart that is rubbish, what makes sense is left", () => {
  const lines = [{ key: "a", id: "1", quantity: 2, title: "Mug &amp; <b>Cup</b>" }, { key: "b", id: "2", quantity: 0.5, title: ["img", { onerror: "x" }] }];
  const { lines: [mug, tea], ...rest } = sane({ lines, cart_count: 3, subtotal: 100, currency: "EUR" });
  assert.deepEqual([mug.title, tea.title, rest], ["Mug & Cup", undefined, { cart_count: 3, subtotal: 100, currency: "EUR" }]);
  for (const quantity of [NaN, -1, "2", 1e300, null]) assert.equal(sane({ lines: [{ quantity }] }).lines, undefined);
  assert.deepEqual(sane({ lines: "none", cart_count: "many", subtotal: 5, currency: "euro" }), { lines: undefined, cart_count: undefined, subtotal: undefined, currency: undefined });
  assert.equal(sane(undefined), undefined);
  // A reason that is no text is none.
  assert.equal(new Failure("other", { toString: () => "x" }).reason, undefined);
});

test("entities are decoded once, tags are gone, and nothing becomes markup", () => {
  for (const [html, text] of [
    ["You can&#8217;t add &quot;Mug&quot; &ndash; <strong>0</strong> left. <a href=\"/cart\">View&nbsp;cart</a>", "You can’t add \"Mug\" – 0 left. View cart"],
    ["&amp;lt;script&amp;gt;", "&lt;script&gt;"], ["&lt;b&gt;", "<b>"], ["&#x1F600; &#0; &#x110000; &nosuch; &constructor;", "😀 &#0; &#x110000; &nosuch; &constructor;"],
    ["1 < 2 & 3 > 2", "1 < 2 & 3 > 2"], ["Fr&uuml;hst&uuml;ck", "Frühstück"],
  ]) assert.equal(decoded(html), text);
});

test("amounts are minor units of ISO 4217", () => {
  assert.deepEqual([minor(12.5, "EUR"), minor("1999", "EUR", 2), minor(1500, "JPY"), minor(150000, "JPY", 2), minor(1.25, "KWD"), minor("x", "EUR")],
    [1250, 1999, 1500, 1500, 1250, undefined]);
});

test("JSON Pointers find what is there, and nothing else", () => {
  const data = { a: [{ "b/c": 1, "d~e": 2 }], n: null };
  assert.deepEqual([at(data, "/a/0/b~1c"), at(data, "/a/0/d~0e"), at(data, "/n"), at(data, "/a/7/x"), at(data, "/constructor"), at(data, "a"), at(data), at(data, "")],
    [1, 2, null, undefined, undefined, undefined, undefined, data]);
});

test("placeholders keep the type where they are all of a text", () => {
  const data = { variant: { platform_id: 4051 }, quantity: 2, product: { title: 'A "b"' } };
  assert.deepEqual(filled({ q: "{{quantity}}", t: ["{{ product.title }}!", 7, null], id: "gid://{{variant.platform_id}}", no: "{{product.none}}", p: "{{constructor.name}}" }, data),
    { q: 2, t: ['A "b"!', 7, null], id: "gid://4051", no: null, p: null });
  assert.equal(filled("/c/{{id}}?x={{product.title}}", { id: "a/b", ...data }, encodeURIComponent), "/c/a%2Fb?x=A%20%22b%22");
});

test("Magento's parameters are filled in", () => {
  assert.equal(worded({ message: "Only %1 of %2, %3", parameters: ["2", "mugs"] }), "Only 2 of mugs, %3");
  assert.equal(worded({ message: "No such entity with %fieldName = %fieldValue", parameters: { fieldName: "cartId", fieldValue: "x" } }), "No such entity with cartId = x");
  assert.equal(worded({ message: "100%1" }), "100%1");
});

test("a line has what the hotspot file says of it", () => {
  const products = [null, { id: "bag", x_cart: { selling_plan: 1, a: 1 }, variants: [{ id: "tan", platform_id: "7", x_cart: { a: 2 } }] }];
  const made = line({ item_id: "bag", item_variant: "tan", platform_id: "7", quantity: 2 }, { video_id: "v", hotspot_id: "h", session_id: "s" }, products);
  assert.deepEqual([made.id, made.quantity, made.extra, made.variant, made.properties], ["7", 2, { selling_plan: 1, a: 2 }, products[1].variants[0],
    { _vitrine_video: "v", _vitrine_hotspot: "h", _vitrine_session: "s" }]);
  assert.equal(line({ item_id: "x", quantity: 1 }, {}, "no list").id, "x");
});

test("settings fit just where the decoder finds nothing wrong with the cart", () => {
  const base = read("../config/base.json");
  let seen = 0;
  for (const { name, set = {}, remove = [], problems, file } of read("../config/table.json")) {
    if (file || remove.length) continue;
    const touched = Object.keys(set).filter((path) => path.startsWith("/cart"));
    if (!touched.length || set["/cart"] === null) continue;
    const settings = "/cart" in set ? set["/cart"] : { ...base.cart };
    for (const path of touched) if (path != "/cart") settings[path.slice(6)] = set[path];
    seen++;
    assert.equal(fits(settings), !problems.some(([, path]) => /^cart\b/.test(path)), name);
  }
  assert.ok(seen >= 20, seen);
});

// An adapter over a cart in memory, with what its shop does next.
const lab = (does) => {
  const state = { lines: [], calls: [] }, host = { blame: () => state.flawed = true };
  globalThis.document = { baseURI: "https://shop.example/" };
  const now = () => cart(...state.lines.map((one) => ({ ...one, key: one.id })));
  const shop = open(() => ({
    read: async () => (state.calls.push("read"), now()),
    add: async (lines) => (state.calls.push("add"), does.add(state, lines)),
    remove: async (key) => (state.calls.push("remove"), does.remove(state, key)),
    checkout: () => "/pay",
  }))({ platform: "http", add: { url: "/" } }, host);
  return { ...shop, state };
};

test("calls wait for each other, and each has one outcome", async () => {
  const { add, remove, read, state } = lab({
    add: async (state, [{ id }]) => {
      await new Promise((done) => setTimeout(done, 5));
      state.lines.push({ id, quantity: 1 });
    },
    remove: async (state, key) => void (state.lines = state.lines.filter(({ id }) => id != key)),
  });
  const both = await Promise.all([add([ask("a", 1)], false), add([ask("b", 1)], true)]);
  assert.deepEqual(state.calls, ["read", "add", "read", "read", "add", "read"]);
  assert.deepEqual(both.map(({ ok, checkout_url, cart_count }) => [ok, checkout_url, cart_count]), [[true, undefined, 1], [true, "/pay", 2]]);
  assert.equal((await remove("a")).ok, true);
  assert.deepEqual((await read()).cart.lines.map(({ id }) => id), ["b"]);
});

test("what the shop throws is an outcome too, and the next call works", async () => {
  let failure = new Failure("needs_plan", "Choose a plan");
  const { add, remove } = lab({ add: async () => { throw failure; }, remove: async () => { throw new Failure("other", "Locked"); } });
  assert.deepEqual(await add([ask("a", 1)]), { ok: false, lines: [], cart_count: 0, failure: "needs_plan", reason: "Choose a plan", cart: { lines: [], cart_count: 0, subtotal: undefined, currency: undefined, checkout_url: "/pay" } });
  failure = new TypeError("a bug");
  const { warn } = console;
  console.warn = () => {};
  assert.equal((await add([ask("a", 1)])).failure, "other");
  console.warn = warn;
  assert.equal((await remove("a")).ok, true, "what is not there is gone");
});

test("cancelled before it began, nothing is asked", async () => {
  const { add, state } = lab({ add: async () => {} }), stop = new AbortController();
  stop.abort();
  assert.equal((await add([ask("a", 1)], false, stop.signal)).failure, "cancelled");
  assert.deepEqual(state.calls, []);
});
