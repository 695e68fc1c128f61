// What the adapters in this folder share. An adapter is made of a shop's settings (`cart` of the hotspot file) and has:
//
// read()            the cart as the shop has it, `{ lines, cart_count, subtotal, currency, checkout_url }`; nothing where it cannot tell.
//                   A line is `{ key, id, quantity, title }`: `key` names it in the cart, `id` is the shop's id of what is sold
// add(lines, before) adds `{ id, quantity, product, variant, extra, properties }`, each; the new cart, or nothing; `added` in
//                   it where the shop itself says how many it took
// remove(key, cart) takes a line out; the new cart, or nothing
// change(key, n, cart) makes a line `n` pieces; the new cart, or nothing. Not every adapter can
// checkout(cart)    where to pay
//
// It throws a `Failure`, with the new `cart` if the shop's answer had it, and never decides what came of a call: `open` does, by comparing the cart with what it was before.
import fits from "./fits.js";
import { texts } from "../words.js";
import { decoded, minor } from "./text.js";

// Milliseconds until a shop that says nothing counts as gone.
const PATIENCE = 2e4;
// Where shops send those who have no session any more.
const LOGIN = /log-?in|sign-?in|auth|password/i;
// So many lines of the cart go into an event.
const LINES = 20;

// `failure` is one of sold_out, invalid_variant, needs_plan, network, offline, not_signed_in, cancelled, other; `reason` the shop's own words.
export class Failure extends Error {
  constructor(failure, reason, cart) {
    super(reason || failure);
    this.cart = cart;
    this.failure = failure;
    this.reason = typeof reason == "string" && decoded(reason).slice(0, 500) || undefined;
  }
}

const isCount = (value) => typeof value == "number" && value >= 0 && value <= 1e9;

// What a shop says of its cart, as far as it makes sense: lines that are none cannot be compared, and what is no text would become markup.
export const sane = (cart) => {
  if (!cart) return;
  const { lines, cart_count, subtotal, currency } = cart, isKnown = Array.isArray(lines) && lines.every(({ quantity }) => isCount(quantity)), isMoney = /^[A-Z]{3}$/.test(currency);
  return { ...cart, cart_count: isCount(cart_count) ? cart_count : undefined, subtotal: isMoney ? subtotal : undefined, currency: isMoney ? currency : undefined,
    lines: isKnown ? lines.map((line) => ({ ...line, title: typeof line.title == "string" ? decoded(line.title).slice(0, 300) : undefined })) : undefined };
};

const total = (lines, id) => lines.reduce((sum, line) => sum + (line.id == id ? line.quantity : 0), 0);

// How many of those that were asked for the cart has more than before.
export const added = (asked, before, after) => {
  if (after?.added != null) return after.added;
  if (!before?.lines || !after?.lines) return;
  const ids = [...new Set(asked.map(({ id }) => id))];
  return ids.reduce((sum, id) => sum + Math.max(0, Math.min(total(after.lines, id) - total(before.lines, id), total(asked, id))), 0);
};

// What came of a call, in the one way that there is: `ok`, `partial`, or a `failure`.
export const outcome = (asked, before, after, failure) => {
  const requested = asked.reduce((sum, { quantity }) => sum + quantity, 0), count = added(asked, before, after) ?? (failure ? 0 : requested);
  const cart = after && { lines: after.lines?.slice(0, LINES).map(({ id, quantity }) => ({ id, quantity })), cart_count: after.cart_count };
  if (count >= requested) return { ok: true, ...cart, quantity: requested };
  if (count > 0) return { partial: true, ...cart, quantity: count, requested, reason: failure?.reason };
  return { ok: false, ...cart, failure: failure?.failure || "sold_out", reason: failure?.reason };
};

// What a shop remembers of this viewer, such as a cart's id; where storage is refused, as long as the page.
const memory = (name) => {
  let value;
  return {
    get: () => {
      try {
        return localStorage.getItem(name) || undefined;
      } catch {
        return value;
      }
    },
    set: (next) => {
      value = next;
      try {
        next ? localStorage.setItem(name, next) : localStorage.removeItem(name);
      } catch {}
    },
  };
};

// `make(settings, kit)` makes an adapter.
export const open = (make) => (settings, host) => {
  if (!fits(settings)) host.blame();
  let signal;
  const kit = {
    // One request; an answer of any status is an answer. `data` is its JSON, or undefined.
    async ask(url, { json, headers, ...options } = {}) {
      try {
        const response = await fetch(url, { cache: "no-store", ...options, signal, headers: { accept: "application/json",
          ...(json !== undefined && { "content-type": "application/json" }), ...texts(settings.headers), ...headers },
          ...(json !== undefined && { method: options.method || "POST", body: JSON.stringify(json) }) });
        const { status, ok, headers: got } = response, text = await response.text();
        let data;
        try {
          data = JSON.parse(text);
        } catch {}
        if (data === undefined && response.redirected && LOGIN.test(new URL(response.url).pathname)) throw new Failure("not_signed_in");
        // A page with words is no answer, whatever its status says; of a described shop, its description says more.
        return { status, ok: ok && (data !== undefined || status == 204 || settings.platform == "http"), data, isPage: data === undefined && text.trim() != "", header: (name) => got.get(name) };
      } catch (error) {
        if (error instanceof Failure) throw error;
        throw signal.reason instanceof Failure ? signal.reason : new Failure(navigator.onLine === false ? "offline" : "network");
      }
    },
    keep: (what) => memory(`vitrine-cart ${what}`),
    minor,
  };
  const shop = make(settings, kit), look = async () => sane(await shop.read());
  let turn = Promise.resolve();

  // One call after the other: what the cart was before must be what it was just before.
  const call = (work, stop) => turn = turn.catch(() => {}).then(async () => {
    const abort = new AbortController(), end = () => abort.abort(new Failure("cancelled"));
    signal = abort.signal;
    stop?.aborted ? end() : stop?.addEventListener("abort", end);
    const timer = setTimeout(() => abort.abort(new Failure("network")), PATIENCE);
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      return { ok: false, failure: error.failure || "other", reason: error.reason };
    } finally {
      clearTimeout(timer);
    }
  });
  const attempt = async (asked, work) => {
    const before = await look();
    let after, failure;
    try {
      after = sane(await work(before));
    } catch (error) {
      if (signal.aborted) throw error;
      failure = error instanceof Failure ? error : new Failure("other");
      if (!(error instanceof Failure)) console.warn("vitrine:", error);
      after = sane(error.cart);
    }
    // What was refused may have been added in part, and what had no answer may have been added.
    after ||= await look().catch(() => {});
    return [before, after, failure];
  };

  return {
    // Adds what an event is about, and says what came of it.
    add: (lines, buy, stop) => call(async () => {
      const [before, after, failure] = await attempt(lines, (before) => shop.add(lines, before));
      const answer = outcome(lines, before, after, failure);
      if (after) answer.cart = { ...after, checkout_url: shop.checkout(after) };
      if (buy && answer.ok) answer.checkout_url = shop.checkout(after || {});
      return answer;
    }, stop),
    read: (stop) => call(async () => {
      const cart = await look();
      return cart ? { ok: true, cart: { ...cart, checkout_url: shop.checkout(cart) } } : { ok: false, failure: "other" };
    }, stop),
    remove: (key, stop) => call(async () => {
      const [, after, failure] = await attempt([], (before) => shop.remove(key, before));
      const gone = after?.lines ? !after.lines.some((line) => line.key == key) : !failure;
      return gone ? { ok: true, cart: after } : { ok: false, failure: failure?.failure || "other", reason: failure?.reason };
    }, stop),
    ...(shop.change && { change: (key, quantity, stop) => call(async () => {
      const [, after, failure] = await attempt([], (before) => shop.change(key, quantity, before)), now = after?.lines?.find((line) => line.key == key)?.quantity;
      return (after?.lines ? now == quantity : !failure) ? { ok: true, cart: after } : { ok: false, failure: failure?.failure || "sold_out", reason: failure?.reason, cart: after };
    }, stop) }),
  };
};

// A line to add: what an event says, and what the hotspot file has of it. A product's or variant's `x_cart` is the shop's own.
export const line = (item, { video_id, hotspot_id, session_id }, products = []) => {
  const product = products?.find?.((one) => one?.id == item.item_id) || {}, variant = product.variants?.find?.((one) => one?.id == item.item_variant) || {};
  return { id: String(item.platform_id ?? item.item_variant ?? item.item_id), quantity: item.quantity, product, variant,
    extra: { ...product.x_cart, ...variant.x_cart }, properties: { _vitrine_video: video_id, _vitrine_hotspot: hotspot_id, _vitrine_session: session_id } };
};

// The kind of failure that a list of `[pattern, kind]` finds in a text.
export const kindOf = (text, kinds) => (kinds.find(([pattern]) => pattern.test(text)) || [])[1];
