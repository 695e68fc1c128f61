import { createRequire } from "node:module";

// What others wrote, of the versions in tools/package-lock.json.
export const tools = createRequire(new URL("../../tools/package.json", import.meta.url));

export const COLLECTORS = {
  json: { url: "/events" },
  ndjson: { url: "/events" },
  cloudevents: { url: "/events", query: { key: "k" } },
  segment: { url: "https://api.segment.example/v1/batch", body: { writeKey: "wk" } },
  rudderstack: { url: "https://rudder.example/beacon/v1/batch", query: { writeKey: "wk" } },
  snowplow: { url: "https://sp.example/com.snowplowanalytics.snowplow/tp2", body: { aid: "shop" } },
  posthog: { url: "https://posthog.example/batch/", body: { api_key: "phc" } },
};

const FILES = { rudderstack: "segment" };

export const load = async (format) => (await import(`../../www/formats/${FILES[format] || format}.js`)).default;
export const open = async (format, collector) => (await load(format))({ format, ...COLLECTORS[format], ...collector });

// A body of these events.
export const write = (writer, events, context, sent_at) => writer.body(events.map((event) => writer.write(event, context)), context, sent_at);

export const bytes = (text) => new TextEncoder().encode(text).length;

// The same at every run: https://en.wikipedia.org/wiki/Linear_congruential_generator
export const random = (seed) => () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
