// Shopify: the cart of the theme, by the Ajax API (https://shopify.dev/docs/api/ajax/reference/cart); with a `token`
// the Storefront API.
import { Failure, kindOf, open } from "./common.js";
import storefront from "./storefront.js";

// The sections of Shopify's own themes that show the cart: they are refreshed where the page has them.
const SECTIONS = ["cart-icon-bubble", "cart-live-region-text", "cart-drawer"];
// The shop's words are in its language, English in the documentation; by status alone most of them are stock.
const KINDS = [[/selling plan/i, "needs_plan"], [/cannot find|parameter|invalid|not available/i, "invalid_variant"], [/./, "sold_out"]];

const ajax = (settings, { ask, minor }) => {
  const root = settings.url || globalThis.Shopify?.routes?.root || "/";
  const cart = ({ data }) => data?.items && { lines: data.items.map(({ key, variant_id, id, quantity, title, final_price }) =>
    ({ key, id: String(variant_id ?? id), quantity, title, price: minor(final_price, data.currency, 2) })),
    cart_count: data.item_count, currency: data.currency, subtotal: minor(data.items_subtotal_price, data.currency, 2) };
  const fail = ({ status, data }) => {
    const words = data?.description || data?.message;
    throw new Failure(status == 401 || status == 403 ? "not_signed_in" : status == 404 ? "invalid_variant" : status == 422 ? kindOf(String(words), KINDS) : "other", words);
  };
  const place = (id) => document.getElementById("shopify-section-" + id) || document.getElementById(id);
  const show = (sections) => {
    for (const [id, html] of Object.entries(sections || {})) {
      const old = place(id);
      if (!html || !old) continue;
      try {
        const fresh = new DOMParser().parseFromString(html, "text/html"), inner = fresh.querySelector(".shopify-section") || fresh.body;
        old.replaceChildren(...inner.childNodes);
      } catch (error) {
        console.warn("vitrine: the theme's cart could not be refreshed.", error);
      }
    }
  };
  const names = () => (settings.sections ? settings.sections.split(",").map((name) => name.trim()) : SECTIONS.filter(place)).slice(0, 5);
  const post = async (path, json) => {
    const sections = names(), answer = await ask(root + path, { json: { ...json, ...(sections.length && { sections: sections.join(), sections_url: location.pathname }) } });
    if (!answer.ok) fail(answer);
    show(answer.data?.sections);
    return answer;
  };

  return {
    read: async () => {
      const answer = await ask(root + "cart.js");
      return cart(answer) || fail(answer);
    },
    add: async (lines) => {
      await post("cart/add.js", { items: lines.map(({ id, quantity, properties, extra: { properties: more, ...extra } }) =>
        ({ id: /^\d+$/.test(id) ? +id : id, quantity, properties: { ...more, ...properties }, ...extra })) });
    },
    remove: async (id) => cart(await post("cart/change.js", { id, quantity: 0 })),
    change: async (id, quantity) => cart(await post("cart/change.js", { id, quantity })),
    checkout: () => settings.checkout || root + "checkout",
  };
};

export default open((settings, kit) => (settings.token ? storefront : ajax)(settings, kit));

export { line } from "./common.js";
