// A custom pixel for Shopify: Settings > Customer events > Add custom pixel. It tells each order with what led to its
// lines in which video, and how far a checkout got. Set the two addresses, and choose the permissions "Marketing" and "Analytics"
// there: the pixel then runs for who has agreed alone.
// https://shopify.dev/docs/api/web-pixels-api
const VITRINE = "https://cdn.example/vitrine/vitrine-order.js";
const COLLECTOR = "https://collect.example/events";

// A pixel runs in a frame of no origin: the shop's storage is reached through `browser`, later. So what the tag
// needs of it is fetched before, and what it changes is written back.
const lend = async (name, there, keys) => {
  const kept = new Map();
  for (const key of keys) {
    const text = await there.getItem(key);
    if (text != null) kept.set(key, text);
  }
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => {
      kept.set(key, text);
      there.setItem(key, text);
    },
    removeItem: (key) => {
      kept.delete(key);
      there.removeItem(key);
    },
  };
  Object.defineProperty(window, name, { value: storage, configurable: true });
};

const ready = (async () => {
  await lend("localStorage", browser.localStorage, ["vitrine:journey", "vitrine:viewer"]);
  await lend("sessionStorage", browser.sessionStorage, ["vitrine:session"]);
  const script = document.createElement("script");
  script.src = VITRINE;
  script.dataset.collector = COLLECTOR;
  // Permission was asked for by Shopify.
  script.dataset.consent = "granted";
  document.head.append(script);
})();

const tell = async (entry) => {
  await ready;
  (window.vitrineOrder ||= []).push(entry);
};

// Minor units by ISO 4217.
const minor = ({ amount, currencyCode }) => {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode }).resolvedOptions().maximumFractionDigits;
  return Math.round(amount * 10 ** digits);
};

// An id is `4051` or `gid://shopify/ProductVariant/4051`.
const plain = (id) => String(id).split("/").pop();

const STEPS = { checkout_contact_info_submitted: "contact_submitted", checkout_address_info_submitted: "address_submitted",
  checkout_shipping_info_submitted: "shipping_submitted", payment_info_submitted: "payment_submitted" };
for (const [event, step] of Object.entries(STEPS)) analytics.subscribe(event, () => tell({ checkout_step: step }));

analytics.subscribe("checkout_completed", ({ data: { checkout } }) => tell({
  order_id: plain(checkout.order?.id ?? checkout.token),
  value: minor(checkout.totalPrice),
  currency: checkout.currencyCode,
  coupon: checkout.discountApplications?.find(({ type }) => type === "DISCOUNT_CODE")?.title,
  items: checkout.lineItems.map(({ variant, title, quantity }) => ({
    item_id: plain(variant.product.id),
    // In the hotspot file, platform_id is the variant's id in Shopify.
    platform_id: plain(variant.id),
    item_name: title,
    quantity,
    price: minor(variant.price),
  })),
}));
