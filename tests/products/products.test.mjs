// What sources of products become, without a browser, against files as shops write them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fresh, goods, renewed } from "../../www/products.mjs";
import { parse as jsonLd } from "../../www/products/json-ld.js";
import { parse as merchant } from "../../www/products/merchant.js";
import { handleOf, parse as shopify } from "../../www/products/shopify.js";
import { availability, link, price, written } from "../../www/products/words.js";

const read = (name) => readFileSync(new URL("data/" + name, import.meta.url), "utf8");
const BASE = "https://shop.example/look";
const of = ({ products }, id) => products.find(({ ids }) => ids.includes(id))?.product;

test("prices are what the hotspot file takes, or none", () => {
  assert.deepEqual([price(99, "EUR"), price("129.0000", "eur"), price("1,299.00", "EUR"), price(12900, "EUR", 2), price(490000, "JPY", 2), price("1.25", "KWD")],
    ["99.00 EUR", "129.00 EUR", "1299.00 EUR", "129.00 EUR", "4900 JPY", "1.250 KWD"]);
  for (const [amount, currency] of [["1.299", "EUR"], ["12,34", "EUR"], ["-1", "EUR"], ["1e3", "EUR"], ["", "EUR"], [null, "EUR"], [1, "Euro"], [1, undefined], ["4900.5", "JPY"], ["123456789012", "EUR"]]) {
    assert.equal(price(amount, currency), undefined, `${amount} ${currency}`);
  }
  assert.deepEqual([written("129.00 EUR"), written("EUR 129"), written("129"), written("129 EUR USD"), written(null)], ["129.00 EUR", "129.00 EUR", undefined, undefined, undefined]);
});

test("links lead to web pages only, and words are told apart", () => {
  assert.equal(link("/p?a=1", BASE), "https://shop.example/p?a=1");
  for (const bad of ["javascript:alert(1)", " JaVa\nScript:alert(1)", "data:text/html,x", "", null, 7, "http://"]) assert.equal(link(bad, BASE), undefined, bad);
  assert.deepEqual(["https://schema.org/InStock", "schema:SoldOut", "out of stock", "preorder", "BackOrder", "perhaps"].map(availability), ["in_stock", "out_of_stock", "out_of_stock", "preorder", "backorder", undefined]);
});

test("JSON-LD: graphs, references, groups, offers of each kind", () => {
  const found = jsonLd([read("shop.html.json"), "{ not JSON"], BASE);
  assert.deepEqual(of(found, "lamp"), { title: "Brass lamp & shade", description: "Warm.", brand: "Hell & Klar", link: "https://shop.example/p/lamp", image_link: "https://shop.example/img/lamp.webp",
    price: "129.00 EUR", sale_price: "99.00 EUR", availability: "in_stock", rating: { value: 4.6, best: 5, count: 89 } });
  assert.equal(of(found, "4006381333931"), of(found, "lamp"));
  // Nothing of another scheme comes through.
  assert.deepEqual(of(found, "mug"), { title: "Stoneware mug", price: "18.50 EUR", availability: "out_of_stock" });
  const shirt = of(found, "shirt");
  assert.deepEqual(shirt.variants, [
    { id: "shirt-s-blue", options: { color: "blue", size: "S" }, price: "59.00 EUR", availability: "out_of_stock" },
    { id: "shirt-m-blue", options: { color: "blue", size: "M" }, image_link: "https://shop.example/img/shirt.webp", price: "64.90 EUR", availability: "in_stock" },
    { id: "shirt-l-red", options: { color: "red", size: "L" }, price: "64.90 EUR" }]);
  assert.deepEqual([shirt.price, shirt.availability, shirt.image_link], ["64.90 EUR", "in_stock", "https://shop.example/img/shirt.webp"]);
  assert.deepEqual(of(found, "desk").variants.map(({ id, price, options }) => [id, price, options.option]), [["desk-oak", "1299.00 EUR", "Oak"], ["desk-ash", "1199.00 EUR", "Ash"]]);
  assert.equal(of(found, "desk").price, "1199.00 EUR");
  assert.equal(found.problems.length, 3, found.problems.join("\n"));
  for (const words of [/block 2 .* not JSON/, /"odd" .* "1.299" "EUR"/, /no sku/]) assert.ok(found.problems.some((problem) => words.test(problem)), `${words}: ${found.problems}`);
});

test("JSON-LD that goes in circles, or is nothing, ends", () => {
  const deep = JSON.parse("[".repeat(500) + "]".repeat(500));
  assert.deepEqual(jsonLd([JSON.stringify(deep), "null", "7", '{"@type":"Product","@id":"#a","name":"A","isVariantOf":{"@id":"#a"},"offers":{"@id":"#a"}}'], BASE).products.length, 1);
});

test("a Merchant feed: RSS, Atom and TSV", () => {
  const rss = merchant(read("feed.xml"), BASE, Date.parse("2026-05-04T00:00Z"));
  assert.deepEqual(of(rss, "lamp"), { title: "Brass lamp & shade", brand: "Hell & Klar", link: "https://shop.example/p/lamp?a=1&b=2", image_link: "https://shop.example/img/lamp.webp", price: "129.00 EUR", sale_price: "99.00 EUR", availability: "in_stock" });
  assert.equal(of(merchant(read("feed.xml"), BASE, Date.parse("2026-06-01")), "lamp").sale_price, undefined);
  assert.deepEqual(of(rss, "shirt").variants, [{ id: "shirt-s", options: { size: "S" }, price: "59.00 EUR", availability: "out_of_stock" }, { id: "shirt-m", options: { size: "M" }, price: "64.90 EUR", availability: "in_stock" }]);
  assert.deepEqual([of(rss, "shirt").price, of(rss, "shirt").availability, of(rss, "shirt-s").availability], ["64.90 EUR", "in_stock", "out_of_stock"]);
  // No entity of its own is expanded, no markup is left, no other scheme is a link, no half-understood price is one.
  const { title, ...bad } = of(rss, "bad");
  assert.ok(!/[<>]|boom boom/.test(title), title);
  assert.deepEqual(bad, {});
  assert.equal(of(rss, "commented"), undefined);
  assert.deepEqual(rss.problems.length, 2, rss.problems.join("\n"));
  assert.deepEqual(of(merchant(read("atom.xml"), BASE), "mug"), { title: "Mug", link: "https://shop.example/p/mug", price: "18.50 EUR", availability: "preorder" });
  const tsv = merchant(read("feed.tsv"), BASE);
  assert.deepEqual(of(tsv, "lamp"), { title: "Brass lamp", description: 'Warm and "soft"', link: "https://shop.example/p/lamp", price: "129.00 EUR", availability: "in_stock" });
  assert.deepEqual(of(tsv, "tv"), { title: 'Screen 40" wide', description: "x", price: "4900 JPY", availability: "out_of_stock" });
});

test("what is no feed says so", () => {
  for (const [body, words] of [["<html><body>Not found</body></html>", /no products/], ["{\"error\": 1}", /no column "id"/], ["", /no column "id"/]]) {
    const { products, problems } = merchant(body, BASE);
    assert.ok(!products.length && words.test(problems[0]), `${body}: ${problems}`);
  }
});

test("a feed of 20,000 items is read in linear time, and so is what never closes", () => {
  const item = (n) => `<item><g:id>p${n}</g:id><g:title>P ${n}</g:title><g:price>1.00 EUR</g:price></item>`;
  const started = performance.now(), feed = "<rss>" + Array.from({ length: 20000 }, (_, n) => item(n)).join("") + "</rss>";
  assert.equal(merchant(feed, BASE).products.length, 20000);
  merchant("<rss>" + "<item ".repeat(20000), BASE);
  merchant("<rss><item>" + "<!-- ".repeat(2000), BASE);
  assert.ok(performance.now() - started < 8000, `${performance.now() - started} ms`);
});

test("Shopify's products/{handle}.js", () => {
  const { products: [{ ids, product }], problems } = shopify(JSON.parse(read("lamp.js.json")), "EUR", BASE);
  assert.deepEqual([ids, problems], [["brass-lamp", "8001", "41", "42"], []]);
  assert.deepEqual(product, { title: "Brass lamp", description: "Warm & soft.", brand: "Hell & Klar", link: "https://shop.example/products/brass-lamp", image_link: "https://cdn.shop.example/lamp.webp",
    price: "129.00 EUR", sale_price: "99.00 EUR", availability: "in_stock", variants: [
      { id: "L-B-S", options: { finish: "Brass", size: "S" }, price: "129.00 EUR", sale_price: "99.00 EUR", image_link: "https://cdn.shop.example/brass.webp", availability: "in_stock", platform_id: "41" },
      { id: "42", options: { finish: "Steel", size: "S" }, price: "89.00 EUR", availability: "out_of_stock", platform_id: "42" }] });
  assert.match(shopify(JSON.parse(read("lamp.js.json")), undefined, BASE).problems[0], /no currency/);
  assert.match(shopify({ nothing: 1 }, "EUR", BASE).problems[0], /no product/);
  assert.deepEqual([handleOf("lamp", "/de/products/brass-lamp?x=1"), handleOf("lamp")], ["brass-lamp", "lamp"]);
});

test("what is told later goes before what the file has", () => {
  const raw = { id: "lamp", price: "129.00 EUR", sale_price: "99.00 EUR", availability: "in_stock" };
  const now = renewed(raw, fresh({ price: "119.00 EUR" }));
  assert.deepEqual(goods(now), { now: 11900, before: NaN, digits: 2, available: 1 });
  assert.deepEqual(goods(renewed(raw, fresh({ availability: "https://schema.org/OutOfStock" }))), { now: 9900, before: 12900, digits: 2, available: 0 });
  // A variant's own price goes before its product's, and then that one's sale does not count.
  assert.deepEqual(goods(now, { price: "4900 JPY" }), { now: 4900, before: NaN, digits: 0, available: 1 });
  assert.deepEqual(goods(raw, { sale_price: "89.00 EUR", availability: "out_of_stock" }), { now: 8900, before: 12900, digits: 2, available: 0 });
  // What is no reduction is none: dearer, or in another currency.
  for (const sale_price of ["129.00 EUR", "90.00 USD", "1"]) assert.deepEqual(goods(renewed(raw, fresh({ price: "119.00 EUR", sale_price }))), { now: 11900, before: NaN, digits: 2, available: 1 });
  assert.deepEqual(goods(renewed(raw, fresh({ price: "119.00 USD", sale_price: "90.00 USD" }))), { now: 9000, before: 11900, digits: 2, available: 1 });
  // Nonsense changes nothing.
  assert.deepEqual(renewed(raw, fresh({ price: "cheap", sale_price: "1.00 EUR", availability: 7 })), raw);
});
