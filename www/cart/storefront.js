// Shopify without its theme: the Storefront API (https://shopify.dev/docs/api/storefront/latest/mutations/cartLinesAdd).
import { Failure, kindOf } from "./common.js";

const CART = "{ id checkoutUrl totalQuantity cost { subtotalAmount { amount currencyCode } } lines(first: 100) { nodes { id quantity cost { amountPerQuantity { amount } } merchandise { ... on ProductVariant { id title } } } } }";
const REST = `{ cart ${CART} userErrors { code field message } warnings { code message target } }`;
const KINDS = [[/OUT_OF_STOCK|NOT_ENOUGH_STOCK|MAXIMUM/, "sold_out"], [/SELLING_PLAN/, "needs_plan"], [/MERCHANDISE|VARIANT|INVALID|NOT_FOUND/, "invalid_variant"], [/BUYER|ACCESS/, "not_signed_in"]];
const KEYS = { read: "cart", create: "cartCreate", add: "cartLinesAdd", change: "cartLinesUpdate", remove: "cartLinesRemove" };
const QUERIES = {
  read: `query ($id: ID!) { cart(id: $id) ${CART} }`,
  create: `mutation ($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines }) ${REST} }`,
  add: `mutation ($id: ID!, $lines: [CartLineInput!]!) { cartLinesAdd(cartId: $id, lines: $lines) ${REST} }`,
  change: `mutation ($id: ID!, $lines: [CartLineUpdateInput!]!) { cartLinesUpdate(cartId: $id, lines: $lines) ${REST} }`,
  remove: `mutation ($id: ID!, $keys: [ID!]!) { cartLinesRemove(cartId: $id, lineIds: $keys) ${REST} }`,
};
const gid = (id) => /^\d+$/.test(id) ? "gid://shopify/ProductVariant/" + id : id;

export default (settings, { ask, keep, minor }) => {
  if (!settings.url) throw new Error("cart.url: found nothing. Use the address of the Storefront API beside its token.");
  const kept = keep(settings.url);
  const run = async (what, variables) => {
    const { status, data } = await ask(settings.url, { json: { query: QUERIES[what], variables }, headers: { "X-Shopify-Storefront-Access-Token": settings.token } });
    const error = data?.errors?.[0];
    if (error || !data?.data) throw new Failure(status == 401 || status == 403 || /DENIED|UNAUTHORIZED/.test(error?.extensions?.code) ? "not_signed_in" : "other", error?.message);
    return data.data[KEYS[what]];
  };
  const cart = (raw) => {
    if (!raw) return;
    kept.set(raw.id);
    const { amount, currencyCode: currency } = raw.cost?.subtotalAmount || {};
    return { lines: raw.lines.nodes.map(({ id, quantity, cost, merchandise }) =>
      ({ key: id, id: String(merchandise.id).split("/").pop(), quantity, title: merchandise.title, price: minor(cost?.amountPerQuantity?.amount, currency) })),
      cart_count: raw.totalQuantity, currency, subtotal: minor(amount, currency), checkout_url: raw.checkoutUrl };
  };
  // Trouble with stock is a warning: without an error, it was still not added.
  const judge = ({ userErrors: [error] = [], warnings: [warning] = [], cart: raw }) => {
    const after = cart(raw), wrong = error || warning;
    if (wrong) throw new Failure(kindOf(String(wrong.code), KINDS) || "other", wrong.message, after);
    return after;
  };

  return {
    read: async () => cart(kept.get() && await run("read", { id: kept.get() })) || { lines: [], cart_count: 0 },
    add: async (asked) => {
      const lines = asked.map(({ id, quantity, properties, extra }) => ({ merchandiseId: gid(id), quantity,
        attributes: Object.entries(properties).filter(([, value]) => value).map(([key, value]) => ({ key, value })),
        ...(extra.selling_plan && { sellingPlanId: /^\d+$/.test(extra.selling_plan) ? "gid://shopify/SellingPlan/" + extra.selling_plan : extra.selling_plan }) }));
      const id = kept.get(), answer = id && await run("add", { id, lines });
      // A cart that was ordered, or is too old, is none any more.
      return judge(answer?.cart ? answer : await run("create", { lines }));
    },
    remove: async (key) => judge(await run("remove", { id: kept.get(), keys: [key] })),
    change: async (key, quantity) => judge(await run("change", { id: kept.get(), lines: [{ id: key, quantity }] })),
    checkout: (cart) => cart.checkout_url || settings.checkout,
  };
};
