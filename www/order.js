// What the page tells by itself: whether it can be taken, and if not, what to mend.

export const trackFault = (type) => typeof type == "string" && /^[a-z0-9_]{1,64}$/.test(type) ? ""
  : "track: use a type of 1 to 64 of a-z, 0-9 and _, such as checkout_step.";

// Amounts are minor units.
export const orderFault = (order) => {
  const isWhole = (amount) => amount == null || Number.isSafeInteger(amount), isText = (text) => typeof text == "string" && text;
  const items = Array.isArray(order?.items) ? order.items : [];
  if (!isText(order?.order_id)) return "purchase: order_id is missing. Give the shop's own order number, as a text.";
  if (items.some((item) => !isText(item?.item_id))) return "purchase: an item has no item_id. Use the product's id.";
  if (![order, ...items].every(({ value, price, quantity }) => [value, price, quantity].every(isWhole))) {
    return "purchase: an amount is not a whole number. Use minor units: 9900 for 99.00 EUR.";
  }
  return order.value != null && !isText(order.currency) ? "purchase: value has no currency. Add an ISO 4217 code such as EUR." : "";
};
