// Bodies on their way: fetch, keepalive fetch, beacon and deferred fetch.

import json from "../formats/json.js";

// By literal addresses, so that bundlers find them.
const FORMATS = {
  ndjson: () => import("./formats/ndjson.mjs"),
  cloudevents: () => import("./formats/cloudevents.mjs"),
  segment: () => import("./formats/segment.mjs"),
  rudderstack: () => import("./formats/rudderstack.mjs"),
  snowplow: () => import("./formats/snowplow.mjs"),
  posthog: () => import("./formats/posthog.mjs"),
  dataLayer: () => import("./formats/dataLayer.mjs"),
};
const KEEPALIVE = 1, BEACON = 2, TIMEOUT = 20;
const encoder = new TextEncoder();

// In UTF-8.
export const length = (text) => encoder.encode(text).length;

// All that says where events go and how, as the journal keeps it.
export const keyOf = ({ url, format, headers, query, body, timeout }) => {
  const target = new URL(url, document.baseURI);
  if (!/^https?:$/.test(target.protocol)) throw new Error("http or https is needed");
  return JSON.stringify({ url: target.href, format, headers, query, body, timeout });
};

// The format that a collector names: a part of its own, loaded where it is named.
export const format = async (collector, unloaded) => {
  const name = collector.format || "json";
  if (!/^\w+$/.test(name)) throw new Error(`there is no format ${name}`);
  let make = json;
  if (name != "json") {
    try {
      // Another one may lie beside ours.
      const loading = Object.hasOwn(FORMATS, name) ? FORMATS[name]() : import(new URL("formats/" + name + ".mjs", import.meta.url));
      make = (await loading).default;
    } catch (error) {
      return unloaded(name, error);
    }
  }
  return make(collector);
};

// How long an answer asks to wait: in seconds, or until a date by the collector's own clock.
const asked = ({ headers }) => {
  const text = headers.get("retry-after") || "", seconds = parseFloat(text);
  if (/^\s*\d/.test(text)) return seconds * 1e3;
  return Date.parse(text) - (Date.parse(headers.get("date")) || Date.now());
};

export class Transport {
  constructor(outbox) {
    this.outbox = outbox;
  }

  url({ url, query }) {
    const target = new URL(url);
    for (const name in query) target.searchParams.set(name, query[name]);
    return target.href;
  }

  request(lane, numbers, sent_at) {
    return { method: "POST", credentials: "omit", body: this.outbox.body(lane, numbers, sent_at),
      headers: { "content-type": lane.format.type, ...lane.headers } };
  }

  async send(request, lane, way, numbers) {
    const { outbox } = this, { wasm } = outbox, now = () => performance.now();
    const content = this.request(lane, numbers, new Date(wasm.date(now())));
    if (way == BEACON) {
      let taken = false;
      try {
        taken = navigator.sendBeacon(lane.url, new Blob([content.body], { type: lane.format.type }));
      } catch {}
      wasm.handed(request, +taken, now(), Math.random());
      // The effects of this are carried out already.
      return queueMicrotask(() => outbox.work());
    }
    let status = 0, wait = NaN;
    try {
      const post = (redirect) => fetch(lane.url, { ...content, keepalive: way == KEEPALIVE, redirect,
        signal: AbortSignal.timeout((lane.timeout || TIMEOUT) * 1e3) });
      let response = await post("follow");
      // On its way to the new address a POST may have become a GET, with nothing in it.
      if (response.redirected && (new URL(response.url).origin == new URL(lane.url).origin || !lane.headers.authorization)) {
        lane.url = response.url;
        response = await post("error");
      }
      status = response.status;
      wait = asked(response);
      // Until it is read, the connection is taken.
      response.text().catch(() => {});
    } catch {}
    wasm.answered(request, status, wait, now(), Math.random());
    outbox.work();
  }

  // Has the browser send these when the page is gone, in place of those before.
  arm(lane, numbers) {
    this.look();
    const before = lane.armed;
    lane.armed = null;
    if (numbers.length) {
      try {
        const abort = new AbortController();
        const result = fetchLater(lane.url, { ...this.request(lane, numbers), signal: abort.signal });
        lane.armed = { abort, result };
      } catch {
        // Too much of this kind, or forbidden by the page's policy.
        this.outbox.wasm.refuse_later();
      }
    }
    before?.abort.abort();
  }

  // Whether the browser sent what it was left with.
  look() {
    for (const lane of this.outbox.lanes) {
      if (lane.armed?.result.activated) {
        lane.armed = null;
        this.outbox.wasm.fired(lane.number);
      }
    }
  }

  close() {
    for (const lane of this.outbox.lanes) lane.armed?.abort.abort();
  }
}
