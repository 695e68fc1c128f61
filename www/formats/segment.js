// Segment's batch, which RudderStack takes too: https://segment.com/docs/connections/spec/
import { major } from "./money.js";

// What the e-commerce, video and A/B testing specs have a name for; the others keep ours.
const NAMES = {
  __proto__: null,
  play: "Video Playback Started",
  pause: "Video Playback Paused",
  seek: "Video Playback Seek Completed",
  buffer: "Video Playback Buffer Completed",
  progress: "Video Content Playing",
  end: "Video Playback Completed",
  experiment_exposure: "Experiment Viewed",
  view_item_list: "Product List Viewed",
  select_item: "Product Clicked",
  view_item: "Product Viewed",
  add_to_cart: "Product Added",
  add_to_wishlist: "Product Added to Wishlist",
  remove_from_wishlist: "Product Removed from Wishlist",
  view_cart: "Cart Viewed",
  remove_from_cart: "Product Removed",
  begin_checkout: "Checkout Started",
  purchase: "Order Completed",
};
// Those whose product is not in a list.
const ABOUT_ONE = ["select_item", "view_item", "add_to_cart", "add_to_wishlist", "remove_from_wishlist", "remove_from_cart"];

const properties = ({ type, session_id, view_id, video_id, media_time, items, value, currency, experiment, ...rest }) => {
  const products = items?.map((item, index) => ({
    product_id: item.item_id,
    name: item.item_name,
    brand: item.item_brand,
    variant: item.item_variant,
    price: major(item.price, item.currency || currency),
    currency: item.currency,
    quantity: item.quantity,
    position: items.length > 1 ? index + 1 : undefined,
    platform_id: item.platform_id,
    attribution: item.attribution,
  }));
  const total = major(value, currency), video = NAMES[type]?.startsWith("Video");
  return {
    ...rest,
    // In the video spec a session is one playback.
    session_id: view_id,
    view_id,
    visit_id: session_id,
    video_id,
    media_time,
    position: video ? media_time : undefined,
    asset_id: type == "progress" ? video_id : undefined,
    content_asset_ids: video && type != "progress" ? [video_id] : undefined,
    experiment_id: experiment?.id,
    variation_id: experiment?.variant,
    list_id: type == "view_item_list" || type == "select_item" ? rest.hotspot_id : undefined,
    ...(ABOUT_ONE.includes(type) && products?.length == 1 ? products[0] : { products }),
    currency,
    value: total,
    total: type == "purchase" ? total : undefined,
  };
};

export default ({ format, headers, query, body }) => {
  const key = body?.writeKey, known = query?.writeKey || Object.keys(headers || {}).some((name) => /^authorization$/i.test(name));
  if (!key && !known) {
    throw new Error(`vitrine: a collector of format "${format}" has no write key. Add "body": { "writeKey": "…" } to it.`);
  }
  return {
    type: "text/plain",
    // RudderStack looks for the key here, or in the address of /beacon/v1/batch, but not in the body.
    headers: format == "rudderstack" && !known ? { Authorization: "Basic " + btoa(key + ":") } : {},
    limits: { events: 100, bytes: 500_000, event: 32_000, each: 1 },
    write({ id, time, viewer_id, ...event }, { page_url, referrer, locale, campaign, viewport }) {
      return JSON.stringify({
        type: "track",
        event: NAMES[event.type] || event.type,
        messageId: id,
        anonymousId: viewer_id || event.view_id,
        timestamp: time,
        properties: properties(event),
        context: {
          library: { name: "vitrine", version: "1" },
          page: { url: page_url, referrer },
          screen: viewport && { innerWidth: viewport[0], innerHeight: viewport[1] },
          locale,
          campaign: Object.keys(campaign || {}).length ? campaign : undefined,
        },
      });
    },
    body: (texts, context, sentAt) => JSON.stringify({ ...body, sentAt, batch: [] }).slice(0, -2) + texts + "]}",
  };
};
