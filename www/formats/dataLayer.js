// Pushes for Google Tag Manager, in the page: https://developers.google.com/analytics/devguides/collection/ga4/ecommerce
import { major } from "./money.js";

// What GA4 has a name for; the others are marked as ours, as `play` or `end` may mean something else to the page.
const GA4 = ["view_item_list", "select_item", "view_item", "add_to_cart", "add_to_wishlist", "remove_from_cart", "view_cart", "begin_checkout", "purchase"];
const VIDEO = { __proto__: null, progress: "video_progress", end: "video_complete" };

export default () => ({
  push({ items, value, currency, order_id, coupon, ...event }) {
    const { type, hotspot_id } = event;
    const ecommerce = items?.length || order_id ? {
      transaction_id: order_id,
      coupon,
      currency: currency || items?.[0]?.currency,
      value: major(value, currency),
      items: items?.map((item, index) => ({
        item_id: item.item_id,
        item_name: item.item_name,
        item_brand: item.item_brand,
        item_variant: item.item_variant,
        price: major(item.price, item.currency || currency),
        quantity: item.quantity,
        index,
        currency: item.currency,
        item_list_id: type == "view_item_list" || type == "select_item" ? hotspot_id : undefined,
      })),
    } : undefined;
    // Tag Manager merges every push into what was pushed before: without this, old fields would stay.
    const layer = globalThis.dataLayer ||= [];
    layer.push({ vitrine: null, ...(ecommerce && { ecommerce: null }) });
    layer.push({
      event: GA4.includes(type) ? type : VIDEO[type] || "vitrine_" + type,
      ...(VIDEO[type] && {
        video_provider: "vitrine",
        video_title: event.video_id,
        video_current_time: event.media_time,
        video_percent: type == "end" ? 100 : event.percent,
      }),
      vitrine: event,
      ...(ecommerce && { ecommerce }),
    });
  },
});
