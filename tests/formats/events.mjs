// One event of every type of docs/events.md, as an overlay writes them, and some that only a page can make.

const uuid = (number) => `0196a1c2-7d3e-7000-8000-${String(number).padStart(12, "0")}`;

export const context = {
  page_url: "https://shop.example/fr%C3%BChling?utm_source=newsletter#look",
  referrer: "https://search.example/",
  campaign: { source: "newsletter", medium: "email", name: "spring" },
  locale: "de-DE",
  viewport: [1280, 720],
};

export const sent_at = new Date("2026-05-04T09:30:59.999Z");

const bag = { item_id: "bag-01", item_name: "Ledertasche „Ana“ 👜", item_brand: "Ana", item_variant: "tan", platform_id: "4051", price: 9900, currency: "EUR", quantity: 1 };
const hat = { item_id: "hat-02", item_name: "麦わら帽子", price: 4900, currency: "JPY", quantity: 1 };
const ring = { item_id: "ring-03", item_name: "خاتم", price: 12500, currency: "KWD", quantity: 2 };

const about = { hotspot_id: "bag", items: [bag], value: 9900, currency: "EUR" };

// Type, and what the event has beside what all have.
const table = [
  ["impression"],
  ["experiment_exposure", { experiment: { id: "host-test", variant: "ana" } }],
  ["play"],
  ["pause"],
  ["seek", { from: 3.25 }],
  ["buffer", { duration_ms: 340 }],
  ["progress", { percent: 25 }],
  ["segment_enter", { segment_id: "styling" }],
  ["end"],
  ["hotspot_exposure", { hotspot_id: "bag", items: [bag], duration_ms: 1000, segment_id: "styling" }],
  ["hotspot_click", { hotspot_id: "pair", items: [bag, hat], x: 25, y: 30.2 }],
  ["view_item_list", { hotspot_id: "pair", items: [bag, hat], cause: uuid(11) }],
  ["select_item", { hotspot_id: "hat", items: [hat], value: 4900, currency: "JPY", target: "product_page" }],
  ["view_item", { hotspot_id: "ring", items: [ring], value: 12500, currency: "KWD" }],
  ["card_close", { hotspot_id: "bag", items: [bag], reason: "escape" }],
  ["add_to_cart", about],
  ["buy_now", about],
  ["cart_outcome", { ...about, outcome: "failed", reason: "Ausverkauft – leider 😢", href: "https://shop.example/cart" }],
  ["begin_checkout", { ...about, href: "https://shop.example/checkout" }],
  ["purchase", { order_id: "1001", items: [bag, { ...bag, item_id: "scarf-04", price: 1950, quantity: 2 }], value: 13800, currency: "EUR", coupon: "MAI" }],
  ["dropped", { count: 12 }],
  ["view_end", { watched: [[0, 12.5], [14, 42]], exposures: [{ hotspot_id: "bag", dwell_ms: 3210 }] }],
  // The page's own.
  ["checkout_step", { data: { step: 2, note: "ünïcode 🧵", list: [1, null, { a: "b" }] } }],
  ["constructor", { data: {} }],
  ["purchase", { order_id: "1002", items: [{ ...hat, currency: undefined }], value: 4900, currency: "JPY" }],
  ["purchase", { order_id: "1003", items: [{ ...ring, currency: undefined }], value: 25125, currency: "KWD" }],
  ["purchase", { order_id: "1004" }],
  ["purchase", { order_id: "1005", items: [{ item_id: "x" }], value: 10, currency: "EUR" }],
  ["stream_intent_abandoned", { ...about, left_at: "2026-05-04T09:00:00.000Z", checkout_step: "payment_shown", contact: "973dfe463ec85785f5f95af5ba3906ee", cause: uuid(15) }],
  ["intent_recovered", { ...about, order_id: "1006", cause: uuid(28) }],
  ["purchase", { order_id: "1006", items: [{ ...bag, attribution: { type: "direct", chain: [uuid(15)],
    last: { event_id: uuid(15), time: "2026-05-04T09:30:03.750Z", video_id: "spring", media_time: 3, experiment: { id: "host-test", variant: "ana" } } } }], value: 9900, currency: "EUR" }],
  ["coupon_revealed", { hotspot_id: "offer", coupon: "MAI" }],
  ["coupon_copied", { hotspot_id: "offer", coupon: "MAI" }],
  ["generate_lead", { hotspot_id: "news" }],
  ["lead_failed", { hotspot_id: "news", failure: "refused", status: 500 }],
  ["poll_answered", { hotspot_id: "nps", kind: "recommendation", answer: "9", score: 9 }],
  ["add_to_wishlist", about],
  ["remove_from_wishlist", about],
  ["view_cart", about],
  ["remove_from_cart", about],
  ["video_click", { x: 41.5, y: 80 }],
];

export const events = table.map(([type, own], seq) => ({
  id: uuid(seq),
  seq,
  type,
  time: new Date(Date.parse("2026-05-04T09:30:00.000Z") + 250 * seq).toISOString(),
  elapsed_ms: 250 * seq,
  viewer_id: uuid(901),
  session_id: uuid(902),
  view_id: uuid(903),
  video_id: "spring-look",
  media_time: seq * 0.25,
  ...own,
  cause: own?.cause ?? (seq > 10 ? uuid(10) : undefined),
}));

// With nobody to tell apart and hardly a page around it.
export const bare = {
  id: uuid(800), seq: 0, type: "impression", time: "2026-05-04T09:30:00.000Z", elapsed_ms: 0, view_id: uuid(903), video_id: "v", media_time: 0,
};

export const of = (type) => events.find((event) => event.type == type);
export const numbered = (order_id) => events.find((event) => event.order_id == order_id);
