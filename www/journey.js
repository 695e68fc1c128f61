// What a viewer did with the products of videos, from page to page: what is kept, which order it counts
// for, and when an intent is lost. Pure: the store and the time go in. Shared by the overlay
// (`www/journey.mjs`) and the order page's tag (`www/order-tag.js`), so it counts its bytes; docs/orders.md has the rules.

export const KEY = "vitrine:journey";
const DAY = 864e5, CHAIN = 8, MOST = 200, ORDERS = 50;

const list = (value) => Array.isArray(value) ? value : [];
const group = (rows, key) => Object.values(rows.reduce((groups, row) => ((groups[key(row)] ||= []).push(row), groups), {}));

// A store of its text, whatever that is; nothing for one that a newer version wrote, which is left alone.
export const read = (text, now, days = 30) => {
  let raw;
  try {
    raw = JSON.parse(text);
  } catch {}
  if (raw?.v > 1) return;
  // A day ahead: the clock may have been set back a little.
  const fresh = (rows) => list(rows).slice(-1e3).filter((row) => row?.time > now - days * DAY && row.time < now + DAY);
  return {
    v: 1,
    active: Math.min(+raw?.active || 0, now), step: raw?.step, contact: raw?.contact,
    touches: fresh(raw?.touches).filter(({ ids, at }) => Array.isArray(ids) && typeof at?.event_id == "string"),
    orders: fresh(raw?.orders),
  };
};

// What is kept: of a product the first click, the last sight and the last steps, each once.
export const trim = (store) => {
  const known = new Set(), rows = store.touches.sort((a, b) => a.time - b.time).filter(({ kind, ids, at }) => {
    const key = [kind, ids[0], at.event_id];
    return !known.has(key + "") && known.add(key + "");
  });
  const keep = new Set(group(rows, ({ ids }) => ids[0]).flatMap((own) => {
    const steps = own.filter(({ kind }) => kind != "watch");
    return [steps.find(({ kind }) => kind == "click"), ...steps.slice(-CHAIN), own.filter(({ kind }) => kind == "watch").pop()];
  }));
  store.touches = rows.filter((row) => keep.has(row)).slice(-MOST);
  store.orders = store.orders.slice(-ORDERS);
  return store;
};

// Whether a touch is about what an order's line names: by the product's id, or by one of the shop's own for it.
const isOf = ({ ids }, item) => !item || [item.item_id, item.platform_id].some((id) => id != null && ids.includes("" + id));

// What led to an order's line. An intent counts as added for one order alone, after that as the click that it was.
const attribute = (touches, item) => {
  const own = touches.filter((touch) => isOf(touch, item)), rank = ({ kind, order }) => kind == "add" && !order ? 2 : kind == "watch" ? 0 : 1;
  const best = Math.max(...own.map(rank)), last = own.filter((touch) => rank(touch) == best).pop();
  const first = own.find((touch) => rank(touch)) || last;
  return last && { type: ["assisted", "influenced", "direct"][best], last: last.at, first: first.at, chain: own.map(({ at }) => at.event_id) };
};

const risk = (rows) => {
  const { at, line: { currency } } = rows.at(-1), value = rows.reduce((sum, { line: { price, quantity } }) => sum + price * quantity, 0);
  const { event_id, time, view_id, ...place } = at;
  return { ...place, items: rows.map(({ line: { currency, ...item } }) => item), ...(Number.isFinite(value) && { value, currency }) };
};
const of = ({ at, line }) => [at.video_id, line.currency] + "";
const isOpen = ({ kind, order, line }) => kind == "add" && !order && line;

// Notes an order; returns it in words, the touch that counts most, and which intents it brought back; nothing for one
// that was noted before.
export const buy = (store, order, now, codes) => {
  const { touches, orders } = store, { order_id, coupon } = order, items = list(order.items);
  if (orders.some((row) => row.order_id === order_id)) return;
  const code = coupon && Object.entries(codes || {}).find(([name]) => name.toLowerCase() == coupon.toLowerCase());
  const given = (item) => {
    const attribution = attribute(touches, item) || code && { type: "influenced", code: code[0], last: code[1], chain: [] };
    return attribution && { attribution };
  };
  const words = { ...order, ...(items.length ? { items: items.map((item) => ({ ...item, ...given(item) })) } : given()) };
  const ways = [words, ...list(words.items)].map(({ attribution }) => attribution).filter(Boolean);
  const way = ["direct", "influenced", "assisted"].map((type) => ways.find((way) => way.type == type)).find(Boolean);
  if (way) words.cause = way.last.event_id;
  const bought = touches.filter((touch) => isOpen(touch) && (items.length ? items : [undefined]).some((item) => isOf(touch, item)));
  for (const touch of bought) touch.order = order_id;
  store.step = undefined;
  orders.push({ time: now, order_id });
  const back = group(bought.filter(({ told }) => told), (touch) => touch.told + of(touch)).map((rows) =>
    ({ type: "intent_recovered", ...risk(rows), order_id, contact: store.contact, cause: rows[0].told }));
  return { words, last: way?.last, back };
};

// What is lost by now: intents whose viewer has not been on any page for the grace.
export const lose = (store, now, grace, uuid) => {
  if (!store.active || now - store.active < grace) return [];
  return group(store.touches.filter((touch) => isOpen(touch) && !touch.told), of).map((rows) => {
    const id = uuid(now);
    for (const row of rows) row.told = id;
    return { type: "stream_intent_abandoned", id, ...risk(rows), left_at: new Date(store.active).toISOString(),
      checkout_step: store.step, contact: store.contact, cause: rows.at(-1).at.event_id };
  });
};

// A click as a link carries it, and back: what the landing page has to know where it cannot read the store.
export const carry = ({ event_id, video_id, hotspot_id, media_time }, item_id) =>
  [event_id, video_id, hotspot_id, media_time, item_id].map((part) => encodeURIComponent(part ?? "")).join();
export const land = (text) => {
  try {
    const [event_id, video_id, hotspot_id, second, item_id] = text.split(",").map(decodeURIComponent);
    // A UUIDv7 begins with its time, so that an old link does not count as new.
    const time = parseInt(event_id.slice(0, 8) + event_id.slice(9, 13), 16);
    if (!item_id || !/^[\da-f]{8}-[\da-f]{4}-7/.test(event_id)) return;
    return { kind: "click", ids: [item_id], time, at: { event_id, time: new Date(time).toISOString(), video_id, hotspot_id, media_time: +second } };
  } catch {}
};
