// The order page's tag, `vitrine-order.js`: tells the collector what was bought, and which second of which video led to
// it. On other pages it notes where a viewer landed, and that they are still here. See docs/orders.md.
import { buy, land, lose } from "./journey.js";
import { change, send } from "./keep.js";
import { orderTrouble } from "./order.js";
import { Identity } from "./outbox/identity.js";
import { uuid } from "./uuid.js";

const { src, dataset: { collector, order, codes, consent, days, grace = 1800 } } = document.currentScript;
const queue = window.vitrineOrder ||= [], began = performance.now(), view_id = uuid(Date.now()), identity = new Identity();
let seq = 0, state = consent || (navigator.globalPrivacyControl ? "denied" : "granted"), waiting = [];

const warn = (text) => console.warn(`vitrine: ${text} See docs/orders.md.`);
const json = (text) => {
  try {
    return text && JSON.parse(text);
  } catch {
    warn("data-order or data-codes is not JSON.");
  }
};

// Puts events into the journey, so that they go with a later page where this one is left too soon.
const tell = (store, now, ...list) => {
  const { viewer: viewer_id, session: session_id } = identity.ids;
  const events = list.map((words) => ({ id: uuid(now), seq: seq++, time: new Date(now).toISOString(), elapsed_ms: Math.floor(performance.now() - began),
    viewer_id, session_id, view_id, ...words }));
  const context = { page_url: location.href, referrer: document.referrer, campaign: {}, locale: document.documentElement.lang || navigator.language,
    viewport: [innerWidth, innerHeight], consent: state };
  return { time: now, batch: { url: new URL(collector, document.baseURI).href, context, events } };
};

const act = (work) => {
  if (state == "denied") return;
  if (!collector) return warn("data-collector is missing.");
  if (state != "granted") return waiting.push(work);
  identity.use(0);
  change(state, days, (store, now) => {
    work(store, now);
    store.active = now;
  });
  send(state, days);
};

const agree = (said) => {
  state = said;
  if (state == "denied") {
    waiting = [];
    identity.use(2);
    change(state);
  }
  for (const work of state == "granted" ? waiting.splice(0) : []) act(work);
};

const take = (entry) => {
  if (entry?.consent) agree(entry.consent);
  else if (!entry?.checkout_step && orderTrouble(entry)) warn("an order needs order_id and each item_id as texts, whole minor units, and a currency.");
  else act((store, now) => {
    const { order_id, items, value, currency, coupon, checkout_step: step } = entry;
    if (step) {
      store.step = step;
      return store.orders.push(tell(store, now, { type: "checkout_step", data: { step } }));
    }
    const told = buy(store, { order_id, items, value, currency, coupon }, now, json(codes));
    if (!told) return;
    const { words, last, back } = told, { video_id, media_time } = last || {};
    Object.assign(store.orders.at(-1), tell(store, now, { type: "purchase", video_id, media_time, ...words }, ...back));
  });
};

if (!/^(granted|required|denied)$/.test(state)) {
  import(new URL(`consent/${state}.mjs`, src)).then((adapter) => adapter.default(agree), () => warn("no such consent."));
}
if (order) take(json(order));
queue.splice(0).forEach(take);
// Of several tags on a page the last hears what comes.
queue.push = take;
act((store, now) => {
  const landed = land(new URLSearchParams(location.search).get("vitrine"));
  if (landed) store.touches.push(landed);
  const lost = lose(store, now, grace * 1e3, uuid);
  if (lost.length) store.orders.push(tell(store, now, ...lost));
});
if (state == "denied") agree(state);
