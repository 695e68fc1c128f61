// Magento and Adobe Commerce: a guest's cart by REST (https://developer.adobe.com/commerce/webapi/rest/tutorials/orders/),
// or with a `token` the customer's own.
import { Failure, kindOf, open } from "./common.js";

const KINDS = [[/not available|out of stock|salable|enough items|requested qty|quantity/i, "sold_out"], [/authoriz|sign/i, "not_signed_in"], [/option|product|sku/i, "invalid_variant"]];

// `%1` of a list, `%name` of an object.
export const worded = ({ message = "", parameters } = {}) => parameters ? String(message).replace(/%(\w+)/g, (all, name) =>
  (Array.isArray(parameters) ? parameters[name - 1] : Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? all) : message;

export default open((settings, { ask, keep, minor }) => {
  const base = (settings.url || "/rest/default/V1").replace(/\/$/, ""), kept = keep(base), headers = settings.token ? { authorization: "Bearer " + settings.token } : {};
  const fail = ({ status, data }) => {
    const words = worded(data);
    throw new Failure(status == 401 || status == 403 ? "not_signed_in" : kindOf(words, KINDS) || "other", words);
  };
  const path = (id) => settings.token ? base + "/carts/mine" : `${base}/guest-carts/${encodeURIComponent(id)}`;
  const make = async () => {
    const answer = await ask(settings.token ? base + "/carts/mine" : base + "/guest-carts", { method: "POST", headers });
    if (!answer.ok || answer.data == null) fail(answer);
    kept.set(String(answer.data));
    return String(answer.data);
  };
  const none = { lines: [], cart_count: 0 };
  const read = async () => {
    const id = kept.get();
    if (!id) return none;
    const answer = await ask(path(id), { headers });
    // It was ordered, or is too old.
    if (answer.status == 404) kept.set();
    if (!answer.ok) return answer.status == 404 ? none : fail(answer);
    const { items = [], items_qty, currency: { quote_currency_code: currency } = {} } = answer.data || {};
    return { lines: items.map(({ item_id, sku, qty, name, price }) => ({ key: String(item_id), id: sku, quantity: qty, title: name, price: minor(price, currency) })), cart_count: items_qty, currency,
      subtotal: minor(items.reduce((sum, { price = 0, qty }) => sum + price * qty, 0), currency) };
  };

  return {
    read,
    add: async (lines) => {
      for (const { id: sku, quantity, extra } of lines) {
        const put = async (id) => ask(path(id) + "/items", { headers, json: { cartItem: { sku, qty: quantity, quote_id: id, ...extra } } });
        const answer = await put(kept.get() || await make());
        if (!answer.ok) fail(answer);
      }
    },
    remove: async (key) => {
      const answer = await ask(`${path(kept.get())}/items/${key}`, { method: "DELETE", headers });
      if (!answer.ok) fail(answer);
    },
    change: async (key, qty) => {
      const answer = await ask(`${path(kept.get())}/items/${key}`, { method: "PUT", headers, json: { cartItem: { item_id: Number(key), qty, quote_id: kept.get() } } });
      if (!answer.ok) fail(answer);
    },
    checkout: () => settings.checkout || "/checkout/",
  };
});

export { line } from "./common.js";
