// What of a viewer's way is kept, what it counts for, and when an intent is lost: under random ways.
import assert from "node:assert/strict";
import test from "node:test";
import { buy, carry, land, lose, read, trim } from "../../www/journey.js";
import { uuid } from "../../www/uuid.js";
import { random } from "../formats/support.mjs";

const DAY = 864e5, GRACE = 18e5, NOW = Date.UTC(2026, 4, 4);
const PRODUCTS = ["bag", "lamp", "mug"], RANKS = ["assisted", "influenced", "direct"];

let counted = 0;
const touch = (kind, product, time, more = {}) => ({
  kind, ids: [product, "shop-" + product], time,
  at: { event_id: `${kind}-${product}-${counted++}`, time: new Date(time).toISOString(), video_id: "film", hotspot_id: product, media_time: 1.5, ...more.at },
  ...(kind == "add" && { line: { item_id: product, quantity: 1, price: 1000, currency: "EUR", ...more.line } }),
});
const store = (...touches) => ({ ...read("", NOW), active: NOW, touches });
const order = (order_id, ...ids) => ({ order_id, items: ids.map((item_id) => ({ item_id, quantity: 1 })) });

// A way through some weeks; each step is told what is in the store then.
const way = (seed, each) => {
  const next = random(seed), pick = (list) => list[Math.floor(next() * list.length)];
  let text = "", now = NOW, orders = 0;
  for (let step = 0; step < 120; step++) {
    now += Math.floor(next() * pick([1e3, GRACE * 2, DAY, DAY * 9]));
    const kept = read(text, now), what = pick(["watch", "click", "add", "add", "buy", "lose", "stay"]);
    const told = what == "buy" ? buy(kept, order("o" + ++orders, ...PRODUCTS.filter(() => next() < 0.5)), now)
      : what == "lose" ? lose(kept, now, GRACE, uuid) : what == "stay" ? void (kept.active = now)
      : void kept.touches.push(touch(what, pick(PRODUCTS), now, { line: { currency: pick(["EUR", "CHF"]) } }));
    each?.({ what, told, kept, now, before: read(text, now) });
    text = JSON.stringify(trim(kept));
  }
  return read(text, now);
};

test("an order's line is direct, influenced or assisted, by the best touch of its product within the window", () => {
  for (let seed = 1; seed <= 60; seed++) way(seed, ({ what, told, now, before }) => {
    if (what != "buy") return;
    for (const { item_id, attribution } of told.words.items) {
      const own = before.touches.filter(({ ids, time }) => ids[0] == item_id && time > now - 30 * DAY);
      const ranks = own.map(({ kind, order }) => kind == "watch" ? 0 : kind == "add" && !order ? 2 : 1), best = Math.max(...ranks);
      assert.equal(attribution?.type, RANKS[best]);
      if (!attribution) continue;
      assert.equal(attribution.last.event_id, own[ranks.lastIndexOf(best)].at.event_id);
      assert.deepEqual(attribution.chain, own.map(({ at }) => at.event_id));
      assert.ok(attribution.chain.includes(attribution.first.event_id));
    }
  });
});

test("each intent is lost once at most, only after the grace, and comes back once at most", () => {
  let lost = 0, back = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const open = new Map();
    way(seed, ({ what, told, kept, now, before }) => {
      for (const { id, currency, items, value, type } of what == "lose" ? told : []) {
        assert.equal(type, "stream_intent_abandoned");
        assert.ok(now - before.active >= GRACE);
        assert.equal(value, 1000 * items.length);
        assert.ok(!open.has(id));
        open.set(id, currency);
        lost++;
      }
      for (const { cause, currency } of told?.back || []) {
        assert.equal(open.get(cause), currency, "money of one currency");
        back++;
      }
      if (what == "lose" && before.active && now - before.active >= GRACE) {
        assert.ok(kept.touches.every(({ kind, order, told }) => kind != "add" || order || told), "nothing is open afterwards");
      }
    });
  }
  assert.ok(lost > 50 && back > 10, `${lost} lost, ${back} back`);
});

test("an add counts as direct for one order alone", () => {
  const kept = store(touch("add", "bag", NOW - 1e3));
  assert.equal(buy(kept, order("1", "bag"), NOW).words.items[0].attribution.type, "direct");
  assert.equal(buy(kept, order("2", "bag"), NOW).words.items[0].attribution.type, "influenced");
});

test("an order is told once", () => {
  const kept = store(touch("add", "bag", NOW - 1e3));
  assert.ok(buy(kept, order("1", "bag"), NOW));
  const again = read(JSON.stringify(trim(kept)), NOW + DAY);
  assert.equal(buy(again, order("1", "bag"), NOW + DAY), undefined);
  assert.equal(buy(read(JSON.stringify(again), NOW + DAY), order("1"), NOW + DAY), undefined);
});

test("a line is found by the shop's own id; one that nothing led to has no attribution", () => {
  const { words, last } = buy(store(touch("click", "bag", NOW)), order("1", "shop-bag", "other"), NOW);
  assert.deepEqual(words.items.map(({ attribution }) => attribution?.type), ["influenced", undefined]);
  assert.equal(words.cause, last.event_id);
  const number = buy(store(touch("click", "bag", NOW)), { order_id: "2", items: [{ item_id: "x", platform_id: "shop-bag" }] }, NOW);
  assert.equal(number.words.items[0].attribution.type, "influenced");
});

test("an order without lines has the best attribution itself, and ends every intent", () => {
  const kept = store(touch("click", "bag", NOW - 2), touch("add", "lamp", NOW - 1));
  assert.equal(buy(kept, { order_id: "1", value: 5 }, NOW).words.attribution.type, "direct");
  assert.deepEqual(lose(kept, NOW + DAY, GRACE, uuid), []);
});

test("a code speaks where nothing else does", () => {
  const codes = { ANA10: { video_id: "ana", campaign: { source: "radio" } } };
  const { words } = buy(store(touch("watch", "bag", NOW - 1)), { ...order("1", "bag", "mug"), coupon: "ana10" }, NOW, codes);
  assert.deepEqual(words.items.map(({ attribution }) => attribution.type), ["assisted", "influenced"]);
  assert.deepEqual(words.items[1].attribution, { type: "influenced", code: "ANA10", last: codes.ANA10, chain: [] });
});

test("what is lost says where, how much and how far, once for each video and currency", () => {
  const kept = { ...store(touch("add", "bag", NOW), touch("add", "lamp", NOW + 1, { at: { media_time: 9 } }),
    touch("add", "mug", NOW, { line: { currency: "JPY" } }), touch("add", "mug", NOW, { at: { video_id: "other" } })), step: "payment_shown", contact: "c" };
  assert.deepEqual(lose(kept, NOW + GRACE - 1, GRACE, uuid), []);
  const rows = lose(kept, NOW + GRACE, GRACE, uuid);
  assert.deepEqual(rows.map(({ video_id, value, currency }) => [video_id, value, currency]), [["film", 2000, "EUR"], ["film", 1000, "JPY"], ["other", 1000, "EUR"]]);
  const [{ hotspot_id, media_time, checkout_step, contact, left_at }] = rows;
  assert.deepEqual([hotspot_id, media_time, checkout_step, contact, left_at], ["lamp", 9, "payment_shown", "c", "2026-05-04T00:00:00.000Z"]);
});

test("nothing is lost of whom nobody knows when they left", () => {
  assert.deepEqual(lose({ ...store(touch("add", "bag", NOW)), active: 0 }, NOW + 1, GRACE, uuid), []);
});

test("a price that is not known makes no value", () => {
  const [lost] = lose(store(touch("add", "bag", NOW - DAY, { line: { price: undefined } })), NOW + DAY, GRACE, uuid);
  assert.ok(!("value" in lost) && lost.items.length == 1);
});

test("the window closes, the first click stays, and the store stays small", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed), kept = store();
    for (let i = 0; i < 600; i++) {
      const product = "p" + Math.floor(next() * 20);
      kept.touches.push(touch(["watch", "click", "add"][Math.floor(next() * 3)], product, NOW - Math.floor(next() * 40 * DAY)));
    }
    const all = read(JSON.stringify(kept), NOW).touches.sort((a, b) => a.time - b.time), { touches } = trim(read(JSON.stringify(kept), NOW));
    assert.ok(touches.length <= 200 && touches.every(({ time }) => time > NOW - 30 * DAY));
    for (const product of new Set(touches.map(({ ids }) => ids[0]))) {
      const own = (rows) => rows.filter(({ kind, ids }) => ids[0] == product && kind != "watch"), steps = own(touches);
      assert.ok(steps.length <= 9 && touches.filter(({ kind, ids }) => kind == "watch" && ids[0] == product).length <= 1);
      assert.deepEqual(steps.slice(-1), own(all).slice(-1));
      // Unless the whole is too much.
      if (touches.length < 200) assert.deepEqual(steps.find(({ kind }) => kind == "click"), own(all).find(({ kind }) => kind == "click"));
    }
    assert.deepEqual(trim(read(JSON.stringify({ ...kept, touches }), NOW)).touches, touches, "trimming twice is trimming once");
  }
});

test("any text is a store, but for a newer version's", () => {
  const next = random(7), whole = JSON.stringify(trim(store(touch("add", "bag", NOW), touch("click", "mug", NOW))));
  const junk = [null, undefined, "", "null", "7", "[]", "{", '{"touches":7,"orders":{"a":1}}', '{"touches":[null,1,{},{"time":"x"},{"time":1e99,"ids":1}],"active":"x"}',
    `{"touches":[{"time":${NOW},"ids":["bag"],"at":{"event_id":"e"},"kind":"add"}]}`, `{"orders":[{"time":${NOW}}]}`];
  for (let i = 0; i < 300; i++) {
    const at = Math.floor(next() * whole.length);
    junk.push(whole.slice(0, at), whole.slice(0, at) + String.fromCharCode(32 + next() * 90) + whole.slice(at + 1));
  }
  for (const text of junk) {
    const kept = read(text, NOW);
    // One character may make it newer.
    if (!kept) continue;
    trim(kept);
    assert.ok(Array.isArray(lose(kept, NOW, GRACE, uuid)), text);
    assert.ok(buy(kept, order("new", "bag"), NOW), text);
    JSON.stringify(trim(kept));
  }
  assert.equal(read('{"v":2,"touches":[]}', NOW), undefined);
});

test("a link carries a click, with its time", () => {
  const event = { event_id: uuid(NOW), video_id: "spring, look", hotspot_id: "bag&1", media_time: 12.345 };
  const url = new URL("https://shop.example/p?a=1");
  url.searchParams.set("vitrine", carry(event, "bag,01"));
  const landed = land(new URL(url.href).searchParams.get("vitrine"));
  assert.deepEqual([landed.ids, landed.time, landed.at.video_id, landed.at.hotspot_id, landed.at.media_time], [["bag,01"], NOW, "spring, look", "bag&1", 12.345]);
  assert.equal(buy(store(landed), order("1", "bag,01"), NOW + 1).words.items[0].attribution.type, "influenced");
  for (const text of [null, "", ",,,,", "x,y,z,1,bag", "%,%", "1".repeat(5000)]) assert.equal(land(text), undefined, text);
});
