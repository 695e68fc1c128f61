// Snowplow refuses an event for one value that is not as its schema says, so each is held against the schemas, and the
// schemas against what Snowplow's own trackers write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { bare, context, events, numbered, of, sent_at } from "./events.mjs";
import { open, random, tools, write } from "./support.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const iglu = read("iglu.json");
const Ajv = tools("ajv").default;
const ajv = new Ajv({ multipleOfPrecision: 6, strict: false });

const field = (words) => {
  const [kind, limit] = words.split(" "), maximum = +limit || undefined, empty = words.includes("?");
  const nullable = (type) => empty ? [type, "null"] : type;
  if (kind == "code") return { type: "string", minLength: 3, maxLength: 3 };
  if (kind == "cents") return { type: nullable("number"), minimum: 0, maximum: 9999999, multipleOf: 0.01 };
  if (kind == "string") return { type: nullable("string"), maxLength: maximum };
  if (kind == "boolean") return { type: nullable("boolean") };
  if (kind == "integer" || kind == "number") return { type: nullable(kind), minimum: 0, maximum };
  return { enum: [...kind.split(","), ...(empty ? [null] : [])] };
};
const schemas = Object.fromEntries(Object.entries(iglu).filter(([name, fields]) => name.startsWith("iglu:") && typeof fields == "object").map(([name, fields]) => [name, ajv.compile({
  type: "object",
  additionalProperties: false,
  properties: Object.fromEntries(Object.entries(fields).map(([key, words]) => [key, field(words)])),
  required: Object.keys(fields).filter((key) => fields[key].includes("!")),
})]));

const OWN = "iglu:com.example/vitrine_event/jsonschema/1-0-0";
const { self, $schema, ...own } = read("../../docs/snowplow-event.schema.json");
schemas[OWN] = ajv.compile(own);

// What is in a self-describing JSON must be right by its schema.
const inside = ({ schema, data, ...more }) => {
  assert.deepEqual(more, {});
  assert.ok(schemas[schema], `${schema} is not in iglu.json`);
  assert.ok(schemas[schema](data), `${schema}: ${ajv.errorsText(schemas[schema].errors)}: ${JSON.stringify(data)}`);
  return [schema, data];
};
const wrapped = (text, name) => {
  const { schema, data } = JSON.parse(text);
  assert.equal(schema, `iglu:com.snowplowanalytics.snowplow/${name}/jsonschema/1-0-0`);
  return data;
};

// One event of a payload: what happened, and its entities.
const names = iglu["iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"].split(" ");
const check = (payload) => {
  for (const name in payload) {
    assert.ok(names.includes(name), `${name} is no field of the protocol`);
    assert.equal(typeof payload[name], "string", name);
    assert.ok(payload[name].length <= (iglu.atomic[name] ?? Infinity), `${name} is ${payload[name].length} long`);
  }
  const entities = payload.co ? wrapped(payload.co, "contexts").map(inside) : [];
  return { what: payload.e == "ue" ? inside(wrapped(payload.ue_pr, "unstruct_event")) : undefined, entities, payload };
};

const batch = async (list, collector) => {
  const { schema, data, ...more } = JSON.parse(write(await open("snowplow", collector), list, context, sent_at));
  assert.equal(schema, "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4");
  assert.deepEqual(more, {});
  return data.map((payload) => {
    for (const name of ["tv", "p", "e"]) assert.ok(payload[name], name);
    assert.match(payload.eid, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.match(payload.stm + payload.dtm, /^\d{26}$/);
    if (payload.se_va != null) assert.ok(Number.isFinite(+payload.se_va));
    return check(payload);
  });
};

// What Snowplow's own trackers write of the same.
const theirs = () => {
  globalThis.window = { setTimeout, clearTimeout };
  const core = tools("@snowplow/tracker-core"), media = tools("@snowplow/browser-plugin-media"), shop = tools("@snowplow/browser-plugin-snowplow-ecommerce");
  const payloads = [];
  const tracker = { id: "t", updatePageActivity() {}, core: core.trackerCore({ base64: false, callback: (payload) => payloads.push(payload.build()) }) };
  for (const plugin of [media.SnowplowMediaPlugin(), shop.SnowplowEcommercePlugin()]) {
    plugin.activateBrowserPlugin(tracker);
    tracker.core.addPlugin({ plugin });
  }
  tracker.core.addPayloadPair("tv", "js-4.6.9");
  tracker.core.addPayloadPair("p", "web");
  const product = { id: "bag-01", name: "Bag", category: "bags", brand: "Ana", variant: "tan", price: 99, quantity: 1, currency: "EUR" };
  const at = (currentTime) => ({ id: "m", player: { currentTime } });
  media.startMediaTracking({ id: "m", player: { label: "spring-look", mediaType: "video", duration: 42 }, boundaries: [25] }, ["t"]);
  media.trackMediaPlay(at(1), ["t"]);
  media.trackMediaPause(at(2), ["t"]);
  media.trackMediaBufferEnd(at(3), ["t"]);
  media.trackMediaSeekEnd(at(4), ["t"]);
  media.updateMediaTracking({ id: "m", player: { currentTime: 11, paused: false } }, ["t"]);
  media.trackMediaEnd({ id: "m", player: { currentTime: 42, ended: true } }, ["t"]);
  media.endMediaTracking({ id: "m" });
  shop.trackProductListView({ name: "pair", products: [product] }, ["t"]);
  shop.trackProductListClick({ name: "pair", product }, ["t"]);
  shop.trackProductView(product, ["t"]);
  shop.trackAddToCart({ products: [product], total_value: 99, currency: "EUR" }, ["t"]);
  shop.trackRemoveFromCart({ products: [product], total_value: 99, currency: "EUR" }, ["t"]);
  shop.trackCheckoutStep({ step: 1 }, ["t"]);
  shop.trackTransaction({ transaction_id: "1001", revenue: 99, currency: "EUR", payment_method: "card", total_quantity: 1, discount_code: "MAI", products: [product] }, ["t"]);
  tracker.core.track(core.buildStructEvent({ category: "vitrine", action: "impression", label: "bag", property: "{}", value: 1 }));
  return payloads;
};

test("snowplow: its own trackers write what iglu.json allows, and we write the same", async () => {
  const official = theirs().map(check), ours = await batch(events);
  const key = ({ what, payload }) => what ? what[0] + (what[1].type || "") : payload.e;
  for (const { what, entities, payload } of ours) {
    const like = official.find((one) => key(one) == key({ what, payload }));
    assert.ok(like, `${key({ what, payload })}: the trackers write no such event`);
    const fields = new Set(official.filter((one) => key(one) == key(like)).flatMap((one) => Object.keys(one.what?.[1] || one.payload)));
    for (const name of Object.keys(what?.[1] || {})) assert.ok(fields.has(name), `${key(like)}: ${name}`);
    for (const [schema, data] of entities) {
      const known = official.flatMap((one) => one.entities).filter(([name]) => name == schema).flatMap(([, theirs]) => Object.keys(theirs));
      for (const name of Object.keys(data)) assert.ok(known.includes(name), `${schema}: ${name}`);
    }
  }
  // All thirteen kinds of self-describing events, and structured ones.
  assert.equal(new Set(official.map(key)).size, 14);
  assert.deepEqual(new Set(ours.map(key)), new Set(official.map(key)));
});

test("snowplow: the schemas refuse what Iglu refuses", () => {
  const product = "iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0", right = { id: "a", category: "", price: 1.25, currency: "EUR" };
  assert.ok(schemas[product](right));
  for (const wrong of [{ price: 1.255 }, { price: "1" }, { price: -1 }, { category: null }, { currency: "EURO" }, { brand: "x".repeat(257) }, { sku: "b" }, { quantity: 1.5 }]) {
    assert.ok(!schemas[product]({ ...right, ...wrong }), JSON.stringify(wrong));
  }
});

test("snowplow: media and commerce say what happened", async () => {
  const sent = await batch(events), find = ({ id }) => sent.find(({ payload }) => payload.eid == id);
  const entity = (event, name) => find(event).entities.filter(([schema]) => schema.includes(`/${name}/`)).map(([, data]) => data);
  assert.deepEqual(entity(of("pause"), "media_player"), [{ currentTime: of("pause").media_time, ended: false, paused: true, mediaType: "video", label: "spring-look" }]);
  assert.deepEqual(entity(of("end"), "media_player")[0].ended, true);
  assert.deepEqual(entity(of("play"), "media_player")[0].paused, false);
  assert.deepEqual(find(of("progress")).what[1], { percentProgress: 25 });
  assert.deepEqual(find(of("view_item_list")).what[1], { type: "list_view", name: "pair" });
  assert.deepEqual(entity(of("view_item_list"), "product").map(({ id, price, currency }) => [id, price, currency]), [["bag-01", 99, "EUR"], ["hat-02", 4900, "JPY"]]);
  assert.deepEqual(entity(of("add_to_cart"), "product")[0].name, "Ledertasche „Ana“ 👜");
  assert.deepEqual(entity(of("purchase"), "transaction"), [{ transaction_id: "1001", revenue: 138, currency: "EUR", payment_method: "", total_quantity: 3, discount_code: "MAI" }]);
  // The schema has cents only.
  assert.equal(entity(numbered("1003"), "transaction")[0].revenue, 25.13);
  assert.equal(entity(numbered("1002"), "transaction")[0].revenue, 4900);
  // What lacks a part that the schema demands is a structured event.
  assert.deepEqual([find(numbered("1004")).payload.se_ca, find(numbered("1004")).payload.se_ac], ["vitrine", "purchase"]);
  const { payload } = find(of("cart_outcome"));
  assert.deepEqual([payload.se_ac, payload.se_la, JSON.parse(payload.se_pr).outcome, JSON.parse(payload.se_pr).cause], ["cart_outcome", "bag", "failed", of("cart_outcome").cause]);
  assert.equal(find(of("hotspot_exposure")).payload.se_va, "1000");
  const { duid, sid, url, refr, lang, vp, aid, dtm, stm } = payload;
  assert.deepEqual([duid, sid, url, refr, lang, vp, aid], [of("play").viewer_id, of("play").session_id, context.page_url, context.referrer, "de-DE", "1280x720", "shop"]);
  assert.deepEqual([+dtm, +stm], [Date.parse(of("cart_outcome").time), +sent_at]);
});

test("snowplow: with a schema of one's own, every event is there whole", async () => {
  const sent = await batch([...events, bare], { body: { schema: OWN } });
  sent.forEach(({ entities }, index) => {
    const [, { campaign, ...event }] = entities.find(([schema]) => schema == OWN);
    assert.deepEqual(event, JSON.parse(JSON.stringify([...events, bare][index])));
    assert.deepEqual(campaign, context.campaign);
  });
});

test("snowplow: whatever a page or a hotspot file says, no schema is broken", async () => {
  const next = random(11), pick = (list) => list[Math.floor(next() * list.length)];
  const anything = () => pick([undefined, null, -1, 0, 1.5, 99_999_999_999, 2_000_000_000, 12345, "", "x", "帽".repeat(5000), "👜".repeat(300), {}, [], true]);
  for (let round = 0; round < 2000; round++) {
    const item = () => ({ item_id: anything(), item_name: anything(), item_brand: anything(), item_variant: anything(), price: anything(), quantity: anything(), currency: pick(["EUR", "KWD", undefined, anything()]) });
    await batch([{ ...pick(events), hotspot_id: pick([undefined, "帽".repeat(5000)]), video_id: pick(["v", "👜".repeat(5000)]), order_id: anything(), coupon: anything(), reason: "帽".repeat(next() * 1200),
      value: anything(), currency: pick(["EUR", "JPY", "KWD", undefined, anything()]), items: pick([undefined, [], [item(), item()]]) }]);
  }
});
