// What others wrote takes what we write: the CloudEvents SDK, the trackers of Segment and PostHog beside ours, and the
// published types of Segment and of Google's tag.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { context, events, numbered, of, sent_at } from "./events.mjs";
import { load, open, tools, write } from "./support.mjs";

const plain = (value) => JSON.parse(JSON.stringify(value));
const kind = (value) => Array.isArray(value) ? "list" : typeof value;

// What a page's dataLayer gets, event by event.
const pushed = async (list) => {
  const layer = globalThis.dataLayer = [], { push } = (await load("dataLayer"))({ format: "dataLayer" });
  list.forEach((event) => push(event));
  delete globalThis.dataLayer;
  return layer;
};

test("cloudevents: the official SDK reads the batch", async () => {
  const { HTTP } = tools("cloudevents"), { type, body } = await open("cloudevents"), writer = await open("cloudevents");
  const read = HTTP.toEvent({ headers: { "content-type": type }, body: write(writer, events, context, sent_at) });
  assert.equal(read.length, events.length);
  read.forEach((event, index) => {
    assert.equal(event.validate(), true);
    const { id, type, time, video_id } = events[index];
    assert.deepEqual([event.id, event.type, event.time, event.subject], [id, "vitrine." + type, time, video_id]);
    assert.equal(event.source, "https://shop.example/fr%C3%BChling");
    assert.deepEqual(event.data, { ...plain(events[index]), context });
  });
  for (const [page_url, source] of [["https://a.example/50%|[x]^ü?q#h", "https://a.example/50%25%7C%5Bx%5D%5E%C3%BC"], ["http://[::1]:8080/a", "http://[::1]:8080/a"], [undefined, "/"], ["", "/"]]) {
    const [event] = HTTP.toEvent({ headers: { "content-type": type }, body: write(writer, events.slice(0, 1), { ...context, page_url }, sent_at) });
    assert.equal(event.source, source);
  }
  // It refuses what is wrong, so that the above means something.
  const broken = body([writer.write(events[0], context)]).replace('"source":"https://', '"source":"https:// ');
  assert.throws(() => HTTP.toEvent({ headers: { "content-type": type }, body: broken }), /invalid payload/);
});

test("segment: the batch is built as Segment's own tracker builds it", async () => {
  const { Analytics } = tools("@segment/analytics-node"), requests = [];
  const analytics = new Analytics({ writeKey: "wk", httpClient: { makeRequest: async (request) => {
    requests.push(request);
    return { status: 200, statusText: "OK", headers: {}, text: async () => "{}" };
  } } });
  const ours = JSON.parse(write(await open("segment"), events, context, sent_at));
  for (const { event, messageId, anonymousId, timestamp, properties, context } of ours.batch) {
    analytics.track({ event, messageId, anonymousId, timestamp, properties, context });
  }
  await analytics.closeAndFlush();
  const bodies = requests.map(({ body }) => JSON.parse(body)), theirs = bodies.flatMap(({ batch }) => batch);
  assert.equal(theirs.length, ours.batch.length);
  for (const body of bodies) assert.deepEqual(Object.keys(body).sort(), Object.keys(ours).sort());
  ours.batch.forEach((event, index) => {
    // What a tracker says of itself, and nothing else, differs.
    const { integrations, _metadata, ...rest } = theirs[index];
    rest.context.library = event.context.library;
    assert.deepEqual(event, rest);
  });
});

test("segment: names and properties are those of the e-commerce, video and A/B specs", async () => {
  const { batch } = JSON.parse(write(await open("segment"), events, context, sent_at));
  const find = (id) => batch.find(({ messageId }) => messageId == id), sent = (type) => find(of(type).id);
  assert.deepEqual(batch.slice(0, 22).map(({ event }) => event), [
    "impression", "Experiment Viewed", "Video Playback Started", "Video Playback Paused", "Video Playback Seek Completed",
    "Video Playback Buffer Completed", "Video Content Playing", "segment_enter", "Video Playback Completed", "hotspot_exposure",
    "hotspot_click", "Product List Viewed", "Product Clicked", "Product Viewed", "card_close", "Product Added", "buy_now",
    "cart_outcome", "Checkout Started", "Order Completed", "dropped", "view_end"]);
  const { session_id, position, content_asset_ids } = sent("play").properties;
  assert.deepEqual([session_id, position, content_asset_ids], [of("play").view_id, of("play").media_time, ["spring-look"]]);
  assert.equal(sent("progress").properties.asset_id, "spring-look");
  assert.deepEqual([sent("experiment_exposure").properties.experiment_id, sent("experiment_exposure").properties.variation_id], ["host-test", "ana"]);
  const added = sent("add_to_cart").properties;
  assert.deepEqual([added.product_id, added.name, added.brand, added.variant, added.price, added.quantity, added.currency, added.value, added.products],
    ["bag-01", "Ledertasche „Ana“ 👜", "Ana", "tan", 99, 1, "EUR", 99, undefined]);
  const order = sent("purchase").properties;
  assert.deepEqual([order.order_id, order.total, order.value, order.currency, order.coupon], ["1001", 138, 138, "EUR", "MAI"]);
  assert.deepEqual(order.products.map(({ product_id, price, quantity, position }) => [product_id, price, quantity, position]), [["bag-01", 99, 1, 1], ["scarf-04", 19.5, 2, 2]]);
  assert.equal(find(numbered("1002").id).properties.total, 4900);
  assert.equal(find(numbered("1003").id).properties.total, 25.125);
  const list = sent("view_item_list").properties;
  assert.deepEqual([list.list_id, list.products.map(({ price, currency }) => [price, currency])], ["pair", [[99, "EUR"], [4900, "JPY"]]]);
  const [seen] = sent("hotspot_exposure").properties.products;
  assert.deepEqual([seen.price, seen.currency], [99, "EUR"]);
  // Without a currency, an amount says nothing.
  const odd = { ...of("hotspot_exposure"), items: [{ item_id: "bag-01", price: 9900 }] };
  const [unsaid] = JSON.parse(write(await open("segment"), [odd], context, sent_at)).batch;
  assert.equal(unsaid.properties.products[0].price, undefined);
});

test("posthog: the batch is built as PostHog's own client builds it", async () => {
  const { PostHog } = tools("posthog-node"), bodies = [];
  const client = new PostHog("phc", { host: "http://posthog.example", disableCompression: true, disableGeoip: true, fetch: async (url, { body }) => {
    bodies.push([url, JSON.parse(body)]);
    return { status: 200, text: async () => "{}", json: async () => ({}), headers: { get: () => null } };
  } });
  const ours = JSON.parse(write(await open("posthog"), events, context, sent_at));
  for (const { event, distinct_id, uuid, timestamp, properties } of ours.batch) {
    client.capture({ event, distinctId: distinct_id, uuid, timestamp: new Date(timestamp), properties });
  }
  await client.shutdown();
  const theirs = bodies.flatMap(([url, { batch, ...around }]) => {
    assert.match(url, /\/batch\/$/);
    assert.deepEqual(Object.keys(around).sort(), Object.keys(ours).filter((name) => name != "batch").sort());
    assert.equal(around.api_key, ours.api_key);
    return batch;
  });
  assert.equal(theirs.length, ours.batch.length);
  ours.batch.forEach((event, index) => {
    const { properties, ...rest } = theirs[index];
    assert.deepEqual({ ...event, properties: undefined }, { ...rest, properties: undefined });
    for (const name in event.properties) if (name != "$lib") assert.deepEqual(properties[name], event.properties[name], name);
    assert.equal(kind(properties.$lib), kind(event.properties.$lib));
  });
  const { properties } = ours.batch.find(({ uuid }) => uuid == of("add_to_cart").id);
  assert.deepEqual([properties.value, properties.currency, properties.$session_id, properties.utm_source], [9900, "EUR", of("play").session_id, "newsletter"]);
});

test("dataLayer: GA4 e-commerce pushes, each after what clears the one before", async () => {
  const layer = await pushed(events), find = (type, name = type) => layer.find(({ event, vitrine }) => event == name && vitrine.type == type);
  assert.equal(layer.length, 2 * events.length);
  layer.forEach((push, index) => {
    if (index % 2) return assert.equal(push.vitrine.id, events[(index - 1) / 2].id);
    assert.deepEqual(push, layer[index + 1].ecommerce ? { vitrine: null, ecommerce: null } : { vitrine: null });
  });
  const { vitrine, ecommerce } = find("add_to_cart");
  assert.deepEqual(plain(ecommerce), { currency: "EUR", value: 99, items: [
    { item_id: "bag-01", item_name: "Ledertasche „Ana“ 👜", item_brand: "Ana", item_variant: "tan", price: 99, currency: "EUR", quantity: 1, index: 0 }] });
  // Beside several products, each in its own currency, there is no sum.
  assert.deepEqual(find("hotspot_click", "vitrine_hotspot_click").ecommerce?.items.map(({ price, currency }) => [price, currency]), [[99, "EUR"], [4900, "JPY"]]);
  assert.deepEqual([vitrine.seq, vitrine.cause, vitrine.media_time, vitrine.hotspot_id], [of("add_to_cart").seq, of("add_to_cart").cause, of("add_to_cart").media_time, "bag"]);
  const orders = layer.filter(({ event }) => event == "purchase").map(({ ecommerce }) => plain(ecommerce));
  assert.deepEqual(orders.map(({ transaction_id, value, currency }) => [transaction_id, value, currency]),
    [["1001", 138, "EUR"], ["1002", 4900, "JPY"], ["1003", 25.125, "KWD"], ["1004", undefined, undefined], ["1005", 0.1, "EUR"], ["1006", 99, "EUR"]]);
  assert.equal(orders[0].coupon, "MAI");
  assert.equal(find("progress", "video_progress").video_percent, 25);
  assert.equal(find("end", "video_complete").video_percent, 100);
  assert.ok(find("play", "vitrine_play") && find("constructor", "vitrine_constructor") && !find("play", "vitrine_play").ecommerce);
});

test("dataLayer: a page's own dataLayer is appended to", async () => {
  const { push } = (await load("dataLayer"))({ format: "dataLayer" }), own = globalThis.dataLayer = [{ event: "gtm.js" }];
  push(of("play"));
  assert.equal(globalThis.dataLayer, own);
  assert.deepEqual(own.map(({ event }) => event), ["gtm.js", undefined, "vitrine_play"]);
  delete globalThis.dataLayer;
});

test("published types: tsc --strict takes the batches, and refuses wrong ones", async () => {
  const { batch, ...around } = JSON.parse(write(await open("segment"), events, context, sent_at));
  const commerce = (await pushed(events)).filter(({ ecommerce }) => ecommerce).map(({ event, ecommerce }) => plain({ event, ecommerce }));
  const ga4 = commerce.filter(({ event }) => !event.startsWith("vitrine_"));
  assert.ok(commerce.length > ga4.length && ga4.length >= 9);
  const events_of = (list) => list.map(({ event, ecommerce }) => `gtag("event", ${JSON.stringify(event)}, ${JSON.stringify(ecommerce)});`).join("\n");
  const program = `
import type { CoreSegmentEvent, CoreExtraContext } from "@segment/analytics-core";
type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };
type Track = Omit<CoreSegmentEvent, "context"> & { type: "track"; event: string; messageId: string; anonymousId: string; timestamp: string;
  context: Known<CoreExtraContext> & { screen: { innerWidth: number; innerHeight: number } } };
export const body: { writeKey: string; sentAt: string; batch: Track[] } = ${JSON.stringify({ ...around, batch })};
const names: Gtag.EventNames[] = ${JSON.stringify([...new Set(ga4.map(({ event }) => event))])};
const params: Gtag.EventParams[] = ${JSON.stringify(commerce.map(({ ecommerce }) => ecommerce))};
${events_of(ga4)}
// What the types must refuse.
// @ts-expect-error
export const wrong: Track = ${JSON.stringify({ ...batch[0], context: { ...batch[0].context, pageUrl: "x" } })};
// @ts-expect-error
params.push({ items: [{ item_id: "a", product_id: "b" }] });
// @ts-expect-error
names.push("vitrine_play");
`;
  // Beside the packages, so that tsc finds them.
  const tools_folder = fileURLToPath(new URL("../../tools/", import.meta.url)), folder = mkdtempSync(tools_folder + "node_modules/.types-");
  try {
    writeFileSync(folder + "/batch.ts", program);
    writeFileSync(folder + "/tsconfig.json", JSON.stringify({ compilerOptions: {
      strict: true, noEmit: true, skipLibCheck: true, target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"], types: ["gtag.js"],
      typeRoots: [tools_folder + "node_modules/@types"] }, files: ["batch.ts"] }));
    execFileSync(tools_folder + "node_modules/.bin/tsc", ["--project", folder], { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    assert.fail(`${error.stdout || error}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
