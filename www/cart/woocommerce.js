// WooCommerce: the Store API (https://developer.woocommerce.com/docs/apis/store-api/resources-endpoints/cart/).
import { Failure, kindOf, open } from "./common.js";

const KINDS = [[/nonce/, "not_signed_in"], [/out_of_stock|not_enough|stock/, "sold_out"], [/logged|auth|forbidden|cannot_view/, "not_signed_in"], [/invalid|variation|purchas|not_exist|missing/, "invalid_variant"]];

export default open((settings, { ask, keep, minor }) => {
  const base = (settings.url || "/wp-json/wc/store/v1").replace(/\/?$/, "/"), apart = new URL(base, document.baseURI).origin != location.origin;
  // On another origin there is no session cookie: the token is the session.
  const token = keep(base);
  let nonce;
  const request = async (path, json) => {
    const answer = await ask(base + path, { json, headers: { ...(nonce && { nonce }), ...(apart && token.get() && { "cart-token": token.get() }) } });
    nonce = answer.header("nonce") || nonce;
    if (apart && answer.header("cart-token")) token.set(answer.header("cart-token"));
    return answer;
  };
  const cart = (data) => {
    if (!data?.items) return;
    const { currency_code: currency, currency_minor_unit: digits, total_items, total_items_tax = 0 } = data.totals || {};
    return { lines: data.items.map(({ key, id, quantity, name, totals }) => ({ key, id: String(id), quantity, title: name,
      price: minor((+totals?.line_subtotal + +totals?.line_subtotal_tax) / quantity, currency, digits) })), cart_count: data.items_count, currency,
      subtotal: minor(+total_items + +total_items_tax, currency, digits) };
  };
  const fail = ({ status, data }) => {
    // A conflict comes with the cart as it is now.
    throw new Failure(kindOf(String(data?.code), KINDS) || (status == 401 ? "not_signed_in" : "other"), data?.message, cart(data?.data?.cart));
  };
  const post = async (path, json) => {
    let answer = await request(path, json);
    // An expired nonce is renewed once; the shop has refused, so nothing is bought twice.
    if (!answer.ok && /nonce/.test(answer.data?.code)) {
      await request("cart");
      answer = await request(path, json);
    }
    if (!answer.ok) fail(answer);
    return cart(answer.data);
  };
  // The shop's own mini cart: of blocks, and of classic themes.
  const tell = (after) => {
    document.body.dispatchEvent(new CustomEvent("wc-blocks_added_to_cart", { bubbles: true, detail: { preserveCartData: false } }));
    globalThis.jQuery?.(document.body).trigger("wc_fragment_refresh");
    return after;
  };

  const read = async () => {
    const answer = await request("cart");
    return answer.ok && cart(answer.data) || fail(answer);
  };
  const pieces = ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

  return {
    read,
    add: async (lines, before) => {
      let after, isNamed = true;
      // The cart has the id of the variation that the shop finds by its options, not the one that was asked for: what is there more counts.
      const counted = (now) => isNamed || !now || !before?.lines ? now : { ...now, added: Math.max(0, pieces(now) - pieces(before)) };
      try {
        for (const { id, quantity, variant, extra } of lines) {
          const options = variant.platform_id ? [] : Object.entries(variant.options || {}), variation = options.map(([attribute, value]) => ({ attribute, value }));
          isNamed &&= !variation.length;
          after = await post("cart/add-item", { id: /^\d+$/.test(id) ? +id : id, quantity, ...(variation.length && { variation }), ...extra });
        }
      } catch (error) {
        if (!isNamed && error instanceof Failure) error.cart = counted(error.cart || await read().catch(() => {}));
        throw error;
      }
      return tell(counted(after));
    },
    remove: async (key) => tell(await post("cart/remove-item", { key })),
    change: async (key, quantity) => tell(await post("cart/update-item", { key, quantity })),
    checkout: () => settings.checkout || "/checkout/",
  };
});

export { line } from "./common.js";
