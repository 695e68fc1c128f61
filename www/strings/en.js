// The overlay's own words; `docs/embedding.md` says where each stands. `count_*` has one entry for each plural of the
// language (https://cldr.unicode.org/index/cldr-spec/plural-rules).
export default {
  add_to_cart: "Add to cart",
  added: "Added",
  added_aloud: "Added to your cart",
  adding: "Adding…",
  appeared: "Now in the video: {names}",
  buy_now: "Buy now",
  cart_failed: "That did not work. Please try again.",
  cart_missing: "This page has no cart connected. See the product page.",
  close: "Close",
  count_one: "{n} product in this video",
  count_other: "{n} products in this video",
  missed: "Shown while you were away",
  now: "On screen",
  overlay: "Products in this video",
  price_before: "instead of",
  price_now: "now",
  products: "Products",
  sold_out: "Sold out",
  variants: "Options",
  view_product: "View product",
};
