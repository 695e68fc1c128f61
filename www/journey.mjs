// `vitrine-journey.mjs`: what of an overlay outlives its page. It is loaded by the first press on a hotspot or the first quarter
// watched, or where an earlier page left something: which second of which video led to an order, what was given up,
// whom it was. The decisions are `www/journey.js`.
import { buy, carry, land, lose } from "./journey.js";
import { change, send } from "./keep.js";
import { orderFault } from "./order.js";
import { uuid } from "./uuid.js";
import { texts } from "./words.js";

const TRACK = 15, PURCHASE = 16, IDS = 60;
// Hotspots may come with every frame, and the whole journey is written anew for each change.
const SIGHTS_MS = 1e3;

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => (byte + 256).toString(16).slice(1)).join("");

export default (host) => {
  const { line, options: { grace = 1800, days, codes }, abort: { signal } } = host;
  const { purchase, go } = host;
  // Hotspots that were seen: none counts until a quarter is watched or anything is pressed.
  let engaged = false, seen = [], timer, sights;
  const act = (work) => change(line.state?.() || "required", days, (...store) => {
    look(...store);
    return work(...store);
  });
  const say = (words) => host.dispatch(TRACK, host.note(words));

  const touches = (kind, event) => (event.items || []).map((item) => {
    const { raw } = host.products.find(({ raw }) => raw.id == item.item_id) || { raw: { id: item.item_id } };
    const { id: event_id, time, view_id, video_id, hotspot_id, media_time, segment_id, experiment } = event, campaign = texts(host.config.campaign);
    return {
      kind, time: Date.parse(time), at: { event_id, time, view_id, video_id, hotspot_id, media_time, segment_id, experiment,
        ...(Object.keys(campaign).length && { campaign }) },
      // An order may name a product by any of the shop's own ids.
      ids: [raw.id, raw.platform_id, ...(raw.variants || []).map(({ platform_id }) => platform_id)].filter((id) => id != null).slice(0, IDS).map(String),
      ...(kind == "add" && { line: { ...item, currency: event.currency } }),
    };
  });

  const look = (store) => {
    clearTimeout(sights);
    sights = 0;
    if (engaged) store.touches.push(...seen.splice(0).flatMap((event) => touches("watch", event)));
  };
  const later = () => sights ||= setTimeout(act, SIGHTS_MS, () => {});

  // What an event changes in the journey.
  const steps = {
    // A page names its own events as it likes.
    __proto__: null,
    hotspot_exposure: (event) => {
      seen.push(event);
      if (engaged) later();
    },
    progress: () => {
      engaged = true;
      if (seen.length) later();
    },
    hotspot_click: (event) => {
      engaged = true;
      act((store) => store.touches.push(...touches("click", event)));
    },
    add_to_cart: (event) => act((store) => store.touches.push(...touches("add", event))),
    cart_outcome: (event) => event.outcome == "failed" && act((store) => {
      store.touches = store.touches.filter(({ kind, at }) => kind != "add" || at.event_id != event.cause);
    }),
    remove_from_cart: (event) => act((store) => {
      for (const { item_id } of event.items || []) {
        const added = store.touches.filter(({ kind, ids, order }) => kind == "add" && ids.includes(item_id) && !order).pop();
        if (added) added.kind = "click";
      }
    }),
    begin_checkout: () => reach("begin_checkout"),
    checkout_step: ({ data }) => reach(data?.step),
    select_item: (event) => {
      // The click that led here goes where its anchor leads by then.
      const anchor = event.target && host.layer.querySelector("a[part~=view-product]");
      if (anchor) anchor.href = landing(anchor.href, event);
    },
    // Told before this was loaded.
    purchase: (event) => event.order_id && act((store, now) => buy(store, event, now)),
  };
  steps.buy_now = steps.add_to_cart;
  const reach = (step) => act((store) => store.step = typeof step == "string" ? step : undefined);

  // A product's address with what the page there has to know; the page's own words go before ours.
  const landing = (href, event) => {
    const url = new URL(href, document.baseURI), campaign = texts(host.config.campaign), item = event.items?.[0];
    if (!/^https?:$/.test(url.protocol) || !item || href.startsWith("#") || url.href.split("#")[0] == location.href.split("#")[0]) return href;
    const more = { utm_source: campaign.source || "vitrine", utm_medium: campaign.medium || "shoppable_video", utm_campaign: campaign.name || event.video_id,
      utm_content: event.hotspot_id, vitrine: line.state?.() == "granted" && carry({ ...event, event_id: event.cause || event.id }, item.item_id) };
    for (const [name, text] of Object.entries(more)) if (text && !url.searchParams.has(name)) url.searchParams.set(name, text);
    return url.href;
  };

  const leave = () => {
    const lost = act((store, now) => lose(store, now, grace * 1e3, uuid));
    for (const words of lost || []) say(words);
    if (lost?.length) host.flush();
  };
  let stayed = 0;
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
    window.open(landing(href, host.detail(host.ids.length - 1)), "_blank", "noopener");
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
