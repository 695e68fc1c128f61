// What the page tells by itself: whether it can be taken, and if not, what to mend.

export const trackFault = (type) => typeof type == "string" && /^[a-z0-9_]{1,64}$/.test(type) ? ""
  : "track: use a type of 1 to 64 of a-z, 0-9 and _, such as checkout_step.";

// What is wrong with an order, by its place among the words below; 0 for nothing.
export const orderTrouble = (order) => {
  const isWhole = (amount) => amount == null || Number.isSafeInteger(amount), isText = (text) => typeof text == "string" && text;
  const items = Array.isArray(order?.items) ? order.items : [];
  return !isText(order?.order_id) ? 1 : items.some((item) => !isText(item?.item_id)) ? 2
    // Amounts are minor units.
    : ![order, ...items].every(({ value, price, quantity }) => [value, price, quantity].every(isWhole)) ? 3
    : order.value != null && !isText(order.currency) ? 4 : 0;
};

const WORDS = ["",
  "purchase: order_id is missing. Give the shop's own order number, as a text.",
  "purchase: an item has no item_id. Use the product's id.",
  "purchase: an amount is not a whole number. Use minor units: 9900 for 99.00 EUR.",
  "purchase: value has no currency. Add an ISO 4217 code such as EUR."];

export const orderFault = (order) => WORDS[orderTrouble(order)];
