// What the mini cart shows of a cart. Pure: `products` are those of the overlay, as `www/host.js` keeps them.

const same = (a, b) => a != null && b != null && String(a) == String(b);

// Which product, and which of its variants (-1 for none), a line of the shop's cart is; nothing where the hotspot file does not have it.
// The shop's own ids go before those of the file.
export const find = (id, products) => {
  for (const key of ["platform_id", "id"]) {
    for (const [product, { raw, variants }] of products.entries()) {
      const variant = variants.findIndex((one) => same(one.raw[key], id));
      if (variant >= 0) return [product, variant];
      if (same(raw[key], id)) return [product, -1];
    }
  }
};

// What one piece of a line costs: as the shop says, else as the file does, unless that is of another currency than the cart.
export const costOf = (line, item, currency) => {
  const isOurs = !(line.price >= 0), cost = !isOurs ? { price: line.price, currency: line.currency ?? currency } : line.item?.price >= 0 ? line.item : item;
  return cost.price >= 0 && /^[A-Z]{3}$/.test(cost.currency) && !(isOurs && currency && currency != cost.currency) ? { price: cost.price, currency: cost.currency } : { price: undefined, currency: undefined };
};

// What all of it costs, for each currency: `[[currency, minor units]]`. The shop's own sum goes before ours; ours is none
// where a line's price is not known. Amounts in different currencies are never added.
export const subtotals = ({ subtotal, currency } = {}, lines) => {
  if (Number.isFinite(subtotal) && currency) return [[currency, subtotal]];
  const sums = new Map();
  for (const { price, currency, quantity } of lines) {
    if (!(price >= 0) || !currency) return [];
    sums.set(currency, (sums.get(currency) || 0) + price * quantity);
  }
  return [...sums];
};

// The cart that the overlay knows of, where no shop can be read: what was added is added to its line.
export const grown = (lines, items) => {
  const next = lines.map((line) => ({ ...line }));
  for (const item of items) {
    const key = JSON.stringify([item.item_id, item.item_variant]), line = next.find((one) => one.key == key);
    if (line) line.quantity += item.quantity;
    else next.push({ key, id: String(item.item_variant ?? item.item_id), quantity: item.quantity, title: typeof item.item_name == "string" ? item.item_name : undefined, item });
  }
  return next;
};

// How many of an order's pieces a partial answer really added: the first ones.
export const taken = (items, quantity) => {
  let left = Number.isFinite(quantity) ? quantity : Infinity;
  return items.map((item) => {
    const count = Math.min(item.quantity, left);
    left -= count;
    return { ...item, quantity: count };
  }).filter((item) => item.quantity > 0);
};
