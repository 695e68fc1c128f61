// What holds for every format: nothing is left out unsaid, ids stay, sizes are as announced.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { major } from "../../www/formats/money.js";
import { bare, context, events, sent_at } from "./events.mjs";
import { COLLECTORS, bytes, load, open, random, write } from "./support.mjs";

const read = (path) => readFileSync(new URL("../../" + path, import.meta.url), "utf8");
const FORMATS = Object.keys(COLLECTORS);

// The events of a body, as each format lists them, and the id of one.
const LISTS = {
  json: [(body) => JSON.parse(body).events, "id"],
  ndjson: [(body) => body.split("\n").slice(0, -1).map((line) => JSON.parse(line)), "id"],
  cloudevents: [(body) => JSON.parse(body), "id"],
  segment: [(body) => JSON.parse(body).batch, "messageId"],
  rudderstack: [(body) => JSON.parse(body).batch, "messageId"],
  snowplow: [(body) => JSON.parse(body).data, "eid"],
  posthog: [(body) => JSON.parse(body).batch, "uuid"],
};

test("the table has every type of docs/events.md", () => {
  const rows = read("docs/events.md").split("## The catalogue")[1].matchAll(/^\| (`.*?) \|/gm);
  const types = [...rows].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, type]) => type));
  assert.equal(types.length, 35);
  assert.deepEqual(types.filter((type) => !events.some((event) => event.type == type)), []);
});

for (const format of FORMATS) {
  const [list, id] = LISTS[format];

  test(`${format}: every event is in the body once, by its id and in order`, async () => {
    const writer = await open(format);
    const found = list(write(writer, [...events, bare], context, sent_at));
    assert.deepEqual(found.map((event) => event[id]), [...events, bare].map((event) => event.id));
    assert.deepEqual(list(writer.body([], context, sent_at)), []);
  });

  test(`${format}: an event's text is the same at every retry, whatever time that is`, async () => {
    const [one, other] = [await open(format), await open(format)];
    for (const event of events) {
      const before = structuredClone(event);
      assert.equal(one.write(event, context), other.write(event, context));
      assert.deepEqual(event, before);
    }
  });

  test(`${format}: a context of nothing is survived`, async () => {
    const writer = await open(format);
    for (const event of [...events, bare]) assert.doesNotThrow(() => JSON.parse(writer.write(event, {})));
  });

  test(`${format}: sizes are no more than announced`, async () => {
    const writer = await open(format), { limits } = writer, next = random(7);
    const texts = ["", "a", "ü", "帽", "👜", "\u2028", "\"", "\\", "\ud800"];
    const text = () => Array.from({ length: next() * 60 }, () => texts[Math.floor(next() * texts.length)]).join("");
    for (let round = 0; round < 60; round++) {
      const some = Array.from({ length: 1 + next() * 20 }, () => ({
        ...events[Math.floor(next() * events.length)], hotspot_id: text(), video_id: text() || "v", reason: text(), data: { [text()]: text() },
      }));
      const around = { ...context, page_url: "https://shop.example/" + encodeURI(text().replaceAll("\ud800", "")) };
      const written = some.map((event) => writer.write(event, around)), when = new Date(1e12 + next() * 8e12);
      const body = writer.body(written, around, when);
      const empty = bytes(writer.body([], around, when)), sum = written.reduce((all, one) => all + bytes(one) + limits.each, 0);
      assert.ok(bytes(body) <= empty + sum, `${bytes(body)} > ${empty} + ${sum}`);
      // Nor less, but for the separator that the last one has not: that would waste room.
      assert.ok(bytes(body) >= empty + sum - 1, `${bytes(body)} < ${empty} + ${sum}`);
      assert.equal(list(body).length, some.length);
    }
    assert.ok(limits.events >= 20 && limits.each >= 1);
    assert.ok(bytes(writer.body([], context, sent_at)) + limits.event + limits.each <= limits.bytes, "one event of the limit fits");
  });

  test(`${format}: seq, the view, the position and the cause are in what is sent`, async () => {
    const writer = await open(format, format == "snowplow" && { body: { schema: "iglu:com.example/vitrine_event/jsonschema/1-0-0" } });
    for (const event of events.filter((event) => event.cause)) {
      const text = writer.write(event, context).replaceAll("\\", "");
      for (const part of [`"seq":${event.seq},`, event.view_id, event.cause]) assert.ok(text.includes(part), `${event.type}: ${part}`);
      assert.match(text, new RegExp(`"(media_time|currentTime|position)":${event.media_time}\\b`));
    }
  });

  test(`${format}: what has a preflight is what docs/formats.md says has one`, async () => {
    const { type, headers } = await open(format);
    const simple = type == "text/plain" && !Object.keys(headers).length;
    const row = read("docs/formats.md").split("\n").find((line) => line.startsWith(`| \`${format}\``));
    assert.match(row, simple ? /\| no[ ,]/ : /\| yes /);
    for (const part of Object.values((await open(format)).limits).slice(0, 3)) assert.ok(row.includes(part.toLocaleString("en")), `${part}: ${row}`);
  });
}

test("amounts have the digits of the decoder's table", () => {
  const [, codes] = read("src/cart.rs").match(/NOT_TWO: &\[u8\] =\s+b"([A-Z]+)"/);
  const counts = ["NO_DECIMALS", "NO_OR_THREE"].map((name) => +read("src/cart.rs").match(`const ${name}: usize = (\\d+);`)[1]);
  const table = codes.match(/.../g), digits = (place) => place < counts[0] ? 0 : place < counts[1] ? 3 : 4;
  assert.equal(table.length, 26);
  table.forEach((code, place) => assert.equal(major(12345, code), 12345 / 10 ** digits(place), code));
  for (const code of ["EUR", "USD", "HUF", "COP", "IDR", "PKR", "AFN"]) assert.equal(major(12345, code), 123.45, code);
  for (let minor = 0; minor < 100_000; minor++) assert.equal(JSON.stringify(major(minor, "EUR")), JSON.stringify(+`${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`));
  for (const [amount, currency] of [[1, undefined], [undefined, "EUR"], ["1", "EUR"], [1, "eur"], [1, "EURO"], [1, 7]]) assert.equal(major(amount, currency), undefined);
});

test("a key that is missing is said in words", async () => {
  const refused = async (format, collector, words) => assert.throws(() => collector.make({ format, ...collector.with }), words);
  for (const [format, given, words] of [
    ["segment", {}, /"segment" has no write key\. Add "body": \{ "writeKey"/],
    ["segment", { body: { writeKey: "" } }, /no write key/],
    ["rudderstack", { body: {}, query: {}, headers: { a: "b" } }, /"rudderstack" has no write key/],
    ["posthog", {}, /no project key\. Add "body": \{ "api_key"/],
    ["posthog", { body: { apiKey: "k" } }, /no project key/],
    ["cloudevents", { body: { key: "k" } }, /Put keys into "headers" or "query"/],
    ["snowplow", { body: { writeKey: "k" } }, /has "writeKey" in its "body". Use aid/],
    ["snowplow", { body: { schema: "vitrine" } }, /has "vitrine" as its "schema"\. Use an address like iglu:/],
  ]) await refused(format, { make: await load(format), with: given }, words);
});

test("keys go where their receiver looks for them", async () => {
  const body = async (format, keys) => write(await open(format, { body: keys }), events, context, sent_at);
  assert.equal(JSON.parse(await body("segment", { writeKey: "a" })).writeKey, "a");
  assert.equal(JSON.parse(await body("posthog", { api_key: "b" })).api_key, "b");
  assert.equal(JSON.parse(await body("json", { key: "c", schema: "mine" })).key, "c");
  assert.equal(JSON.parse(await body("json", { key: "c", schema: "mine" })).schema, "vitrine/1");
  for (const line of (await body("ndjson", { key: "d" })).trim().split("\n")) assert.equal(JSON.parse(line).key, "d");
  for (const event of JSON.parse(await body("snowplow", { aid: "e", tna: "f" })).data) assert.equal(event.aid + event.tna, "ef");
  assert.deepEqual((await open("rudderstack")).headers, {});
  assert.deepEqual((await open("rudderstack", { query: {}, body: { writeKey: "wk" } })).headers, { Authorization: "Basic " + btoa("wk:") });
  assert.deepEqual((await open("segment", { query: {}, headers: { authorization: "Bearer x" }, body: undefined })).headers, {});
});
