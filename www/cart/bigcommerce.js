// BigCommerce: the Storefront Carts API of the shop's own origin (https://developer.bigcommerce.com/docs/rest-storefront/carts).
import { Failure, kindOf, open } from "./common.js";

const KINDS = [[/stock|inventory|out of|quantity/i, "sold_out"], [/./, "invalid_variant"]];

export default open((settings, { ask, minor }) => {
  const base = (settings.url || "/api/storefront").replace(/\/$/, "") + "/carts";
  const fail = ({ status, data }) => {
    const words = data?.detail || data?.title || data?.message;
    throw new Failure(status == 401 || status == 403 ? "not_signed_in" : words && status < 500 ? kindOf(String(words), KINDS) : "other", words);
  };
  const none = { lines: [], cart_count: 0 };
  const cart = (raw) => {
    if (!raw?.id) return none;
    const { lineItems: { physicalItems = [], digitalItems = [], customItems = [] } = {}, currency: { code } = {} } = raw;
    const lines = [...physicalItems, ...digitalItems, ...customItems].map(({ id, variantId, productId, quantity, name, salePrice }) =>
      ({ key: id, id: String(variantId ?? productId), product: String(productId), variant: variantId, quantity, title: name, price: minor(salePrice, code) }));
    return { id: raw.id, lines, cart_count: lines.reduce((sum, { quantity }) => sum + quantity, 0), currency: code, subtotal: minor(raw.baseAmount ?? raw.cartAmount, code) };
  };
  const ids = ({ product, variant }) => ({ productId: Number(product.platform_id ?? product.id), ...(variant.platform_id && { variantId: Number(variant.platform_id) }) });
  // What is sold without a variant is compared by its product.
  const known = (after, lines) => ({ ...after, lines: after.lines.map((line) =>
    ({ ...line, id: lines.some(({ id, variant }) => !variant.platform_id && id == line.product) ? line.product : line.id })) });
  let asked = [];

  return {
    read: async () => {
      const answer = await ask(base);
      if (!answer.ok) fail(answer);
      return known(cart(answer.data?.[0]), asked);
    },
    add: async (lines, before) => {
      const { id } = before;
      asked = lines;
      Object.assign(before, known(before, lines));
      const json = { lineItems: lines.map((line) => ({ ...ids(line), quantity: line.quantity, ...line.extra })) };
      let answer = await ask(id ? `${base}/${id}/items` : base, { json });
      // The cart was ordered or has expired meanwhile.
      if (id && answer.status == 404) answer = await ask(base, { json });
      if (!answer.ok) fail(answer);
      return known(cart(answer.data), lines);
    },
    remove: async (key, { id }) => {
      const answer = await ask(`${base}/${id}/items/${key}`, { method: "DELETE" });
      if (!answer.ok) fail(answer);
      // With its last line the cart is gone.
      return answer.data ? cart(answer.data) : none;
    },
    // The product must be named again, and its variant, or the shop takes the product's first one.
    change: async (key, quantity, { id, lines }) => {
      const { product, variant } = lines.find((line) => line.key == key) || {};
      const answer = await ask(`${base}/${id}/items/${key}`, { method: "PUT", json: { lineItem: { productId: Number(product), ...(variant && { variantId: variant }), quantity } } });
      if (!answer.ok) fail(answer);
      return cart(answer.data);
    },
    checkout: () => settings.checkout || "/checkout",
  };
});

export { line } from "./common.js";
