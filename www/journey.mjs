// `vitrine-journey.mjs`: what of an overlay outlives its page. It is loaded by the first press on a hotspot or the first quarter
// watched, or where an earlier page left something: which second of which video led to an order, what was given up,
// whom it was. The decisions are `www/journey.js`.
import { buy, land, lose } from "./journey.js";
import { change, send } from "./keep.js";
import { orderFault } from "./order.js";
import { landing } from "./landing.js";
import { stepsOf } from "./steps.js";
import { uuid } from "./uuid.js";
import { texts } from "./words.js";

const TRACK = 15, PURCHASE = 16;

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => (byte + 256).toString(16).slice(1)).join("");

export default (host) => {
  const { line, options: { grace = 1800, days, codes }, abort: { signal } } = host;
  const { purchase, go } = host;
  const act = (work) => change(line.state?.() || "required", days, (...store) => {
    look(...store);
    return work(...store);
  });
  const { steps, look } = stepsOf(host, act);
  const say = (words) => host.dispatch(TRACK, host.note(words));

  const leave = () => {
    const lost = act((store, now) => lose(store, now, grace * 1e3, uuid));
    for (const words of lost || []) say(words);
    if (lost?.length) host.flush();
  };
  let stayed = 0, timer;
  const stay = () => act((store, now) => store.active = stayed = now);
  // While a page is in sight its viewer has not left, whatever they do; a hidden one asks when the grace is over.
  const wait = () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(() => {
      document.hidden ? leave() : stay();
      wait();
    }, grace * (document.hidden ? 1e3 : 500) + 100);
  };

  host.line = { ...line, add: (event) => {
    line.add(event);
    // A hidden page may track something, too.
    if (!document.hidden && Date.now() - stayed > 1e4) stay();
    steps[event.type]?.(event);
  } };
  host.go = (hotspot, note) => {
    const { raw, products } = host.hotspots[hotspot] || {};
    if (!raw) return go.call(host, hotspot, note);
    // What was told last is the `select_item` of this.
    const href = texts(raw.action).url || host.products[products[0]].raw.link;
    window.open(landing(host, href, host.detail(host.ids.length - 1)), "_blank", "noopener");
  };
  host.purchase = (order) => {
    const fault = orderFault(order);
    if (fault) return purchase.call(host, order);
    const { order_id, items, value, currency, coupon } = order;
    const told = act((store, now) => buy(store, { order_id, items, value, currency, coupon }, now, codes));
    // Known already: the page was loaded again, or the order's tag was faster.
    if (!told) return;
    const products = (items || []).map(({ item_id }) => host.products.findIndex(({ raw }) => raw.id == item_id));
    host.take("", PURCHASE, told.words, products);
    for (const words of told.back) say(words);
  };
  host.identify = async (key, { hashed = true } = {}) => {
    if (typeof key != "string" || !key.trim()) return host.take("identify: give a text, such as the customer's e-mail address.");
    if (hashed && !crypto.subtle) return host.take("identify: a key can only be hashed on a page with HTTPS. Hash it yourself, and pass { hashed: false }.");
    const contact = hashed ? hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key.trim().toLowerCase()))) : key;
    act((store) => store.contact = contact);
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) leave();
    stay();
    wait();
  }, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    act(() => {});
  });

  const landed = land(new URLSearchParams(location.search).get("vitrine"));
  if (landed) act((store) => store.touches.push(landed));
  // What another visit left, before what this one brings.
  leave();
  stay();
  for (const text of host.details.values()) {
    const event = JSON.parse(text);
    steps[event.type]?.(event);
  }
  wait();
  send(line.state?.(), days);
  return true;
};
