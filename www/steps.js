// What an overlay's events change in the journey of `www/journey.js`.
import { buy } from "./journey.js";
import { landing } from "./landing.js";
import { texts } from "./words.js";

const IDS = 60;
// Hotspots may come with every frame, and the whole journey is written anew for each change.
const SIGHTS_MS = 1e3;

const touchesOf = (host, kind, event) => (event.items || []).map((item) => {
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

// `steps` has what is done for an event, by its type; `look` goes before every change of the store. `act` changes it.
export const stepsOf = (host, act) => {
  // Hotspots that were seen: none counts until a quarter is watched or anything is pressed.
  let engaged = false, seen = [], sights;
  const touches = (kind, event) => touchesOf(host, kind, event);
  const look = (store) => {
    clearTimeout(sights);
    sights = 0;
    if (engaged) store.touches.push(...seen.splice(0).flatMap((event) => touches("watch", event)));
  };
  const later = () => sights ||= setTimeout(act, SIGHTS_MS, () => {});
  const reach = (step) => act((store) => store.step = typeof step == "string" ? step : undefined);

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
      if (anchor) anchor.href = landing(host, anchor.href, event);
    },
    // Told before this was loaded.
    purchase: (event) => event.order_id && act((store, now) => buy(store, event, now)),
  };
  steps.buy_now = steps.add_to_cart;
  return { steps, look };
};
