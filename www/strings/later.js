// English for what only some pages load, `www/products.mjs` for one; the other languages have it with the rest.
export default {
  price_changed: "The price is now {price}.",
};
