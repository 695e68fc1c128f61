// Where the journey is kept: by each of a site's tabs, so it is read anew for every change. Without
// consent it lasts as long as the page.
import { KEY, read, trim } from "./journey.js";

// What storage does not have: until the viewer agrees, or where there is none.
let own;
// Batches under way, by their first event.
const sent = new Set();

// Changes the journey, for a state of consent; returns what `act` does. Nothing where a newer version keeps it.
export const change = (consent, days, act) => {
  const isKept = consent == "granted", now = Date.now();
  let text;
  try {
    if (isKept) text = localStorage.getItem(KEY);
    if (consent == "denied") localStorage.removeItem(KEY);
  } catch {}
  const store = read(text, now, days), before = consent != "denied" && own;
  own = undefined;
  if (!store) return;
  if (before) {
    store.touches.push(...before.touches);
    store.orders.push(...before.orders);
    store.active ||= before.active;
    store.step ??= before.step;
    store.contact ??= before.contact;
  }
  const result = act(store, now);
  trim(store);
  try {
    if (isKept) localStorage.setItem(KEY, JSON.stringify(store));
  } catch {
    own = store;
  }
  if (consent == "required") own = store;
  return result;
};

// Sends what the order's tag left, until a collector takes it: also on later pages.
export const send = (consent, days) => {
  if (consent != "granted") return;
  const rows = change(consent, days, (store) => store.orders.filter(({ batch }) => batch && !sent.has(batch.events[0].id)));
  for (const { batch: { url, ...batch } } of rows || []) {
    const { id } = batch.events[0];
    sent.add(id);
    fetch(url, { method: "POST", body: JSON.stringify({ schema: "vitrine/1", sent_at: new Date(), ...batch }), keepalive: true, credentials: "omit" })
      .then(({ ok }) => ok ? change(consent, days, (store) => {
        store.orders = store.orders.map((row) => row.batch?.events[0].id == id ? { ...row, batch: undefined } : row).filter((row) => row.order_id || row.batch);
      }) : Promise.reject()).catch(() => setTimeout(() => sent.delete(id) && send(consent, days), 15e3));
  }
};
