/** A hotspot file; `hotspots.schema.json` says what may be in it. */
export interface HotspotFile {
  version: 1;
  video: { id: string; [field: string]: unknown };
  /** A list, or where they come from: `json-ld`, `shopify`, or the address of a Google Merchant feed. */
  products?: object[] | { from: string };
  hotspots?: object[];
  [field: string]: unknown;
}

/** A moment in a video that counts for an order. */
export interface Touch {
  event_id: string;
  time: string;
  video_id?: string;
  hotspot_id?: string;
  media_time?: number;
  [field: string]: unknown;
}

/** What led to a line of an order; `docs/orders.md` says how it is found. */
export interface Attribution {
  /** Added in the video; pressed in the video and bought elsewhere; seen in a video that was watched. */
  type: "direct" | "influenced" | "assisted";
  last: Touch;
  first?: Touch;
  /** Ids of all events that are kept about the product. */
  chain: string[];
  /** The discount code that says so. */
  code?: string;
}

/** One product of an event. Prices are minor units: 9900 for 99.00 EUR. */
export interface Item {
  item_id: string;
  item_name?: string;
  item_brand?: string;
  item_variant?: string;
  platform_id?: string;
  price?: number;
  currency?: string;
  quantity?: number;
  /** Of a line of a `purchase`. */
  attribution?: Attribution;
}

/** One event, as the collector receives it. `docs/events.md` describes every field. */
export interface VitrineEvent {
  /** UUIDv7; never changed by a retry. */
  id: string;
  /** Gapless within `view_id`, from 0. */
  seq: number;
  type: string;
  /** RFC 3339 with milliseconds. */
  time: string;
  elapsed_ms: number;
  viewer_id: string;
  session_id: string;
  view_id: string;
  video_id: string;
  /** Seconds: the frame on screen when it happened. */
  media_time: number;
  hotspot_id?: string;
  items?: Item[];
  /** Minor units of `currency`. */
  value?: number;
  currency?: string;
  segment_id?: string;
  experiment?: { id: string; variant: string };
  /** The id of the event that led to this one. */
  cause?: string;
  /** Data of an event of the page's own. */
  data?: unknown;
  [field: string]: unknown;
}

/** What a cart callback's promise resolves to. */
export type CartAnswer =
  | { ok: true; /** Where to pay; the page goes there. */ checkout_url?: string }
  | { partial: true; /** How many were added, of how many. */ quantity: number; requested?: number; reason?: string }
  | { ok: false; /** Shown to the viewer as it is. */ reason?: string };

/** A shop's cart, as `vitrine:cart` has it. */
export interface Cart {
  lines?: { key: string; id: string; quantity: number; title?: string; /** Of one piece, in minor units of `currency`. */ price?: number }[];
  cart_count?: number;
  /** Minor units of `currency`. */
  subtotal?: number;
  currency?: string;
  checkout_url?: string;
}

/** What the viewer allows. */
export type Consent = "granted" | "required" | "denied";

/** Where events go, and in which form; `docs/formats.md` describes each. */
export interface Collector {
  /** Not needed for `dataLayer`. */
  url?: string;
  /** `json` unless said. */
  format?: "json" | "ndjson" | "cloudevents" | "segment" | "rudderstack" | "snowplow" | "posthog" | "dataLayer";
  /** Added to each request. A header of one's own makes the browser ask first (a preflight). */
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** Added to each body: keys, as the format needs them. */
  body?: Record<string, string>;
  /** Seconds until a request without an answer counts as failed; 20 unless said. In `attach` only. */
  timeout?: number;
}

/** A product as it is now, in the words of a hotspot file; what is not said stays as it was. */
export interface FreshProduct {
  id: string;
  price?: string;
  /** Where there is a `price` and none of these, the product is not reduced any more. */
  sale_price?: string;
  availability?: "in_stock" | "out_of_stock" | "preorder" | "backorder";
  variants?: Omit<FreshProduct, "variants">[];
}

export interface Options {
  /** A hotspot file, or where it is. */
  config: HotspotFile | string | URL | Response | Promise<HotspotFile | Response>;
  /** Where batches of events are posted, one or several; they go before those of the hotspot file. */
  collector?: string | Collector | (string | Collector)[];
  /** Puts `event.items` into the page's cart; `event.type` is `add_to_cart` or `buy_now`, and with `cart.mini_cart` on a `page` also `remove_from_cart`. */
  cart?: (event: VitrineEvent, call: { /** Aborted where the viewer cancels. */ signal: AbortSignal }) => Promise<CartAnswer> | CartAnswer;
  /** Saves `event.items`, or no longer: `event.type` is `add_to_wishlist` or `remove_from_wishlist`. */
  wishlist?: (event: VitrineEvent) => Promise<{ ok: boolean; reason?: string } | void> | { ok: boolean; reason?: string } | void;
  /** What products cost now, and whether they can be bought: asked when a card opens, at most once a minute for each. */
  products?: (ids: string[], call: { /** Aborted where the card is closed, or after 5 seconds. */ signal: AbortSignal }) => Promise<FreshProduct[]> | FreshProduct[];
  /**
   * `granted` unless said, or `denied` where the browser sends Global Privacy Control. An adapter asks the page's consent
   * manager: IAB TCF 2.2, Google Consent Mode v2, or Shopify Customer Privacy.
   */
  consent?: Consent | "tcf" | "google" | "shopify";
  /** Whether events of viewers who deny consent are sent all the same, with ids that last as long as the page. */
  anonymous?: boolean;
  /** `false`: no pill that opens the list of products. The list is the way of those who cannot hit a moving target. */
  list?: boolean | "off";
  /** Seconds after which an intent counts as abandoned whose viewer is on no page; 1800 unless said. */
  grace?: number | string;
  /** Days for which a click or a view may count for an order; 30 unless said. */
  days?: number;
  /** Discount codes that only viewers of a video or campaign know, and what they stand for. */
  codes?: Record<string, Record<string, unknown>>;
  /** `vitrine_bg.wasm`, where it is not beside the module. */
  wasm?: string | URL | Response | Promise<Response>;
  /** Destroys the overlay when aborted, also while it is being attached; `attach` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** An order. Amounts are minor units of `currency`. */
export interface Order {
  order_id: string;
  items?: Item[];
  value?: number;
  currency?: string;
  coupon?: string;
}

/** One overlay on one video. It lives until `destroy()`. */
export interface Overlay {
  /** Ends the view, sends what is queued, and leaves the page as it was. Idempotent. */
  destroy(): void;
  /** Sends what is queued now. */
  flush(): void;
  /** Tracks an event of the page's own; `type` is 1 to 64 of a-z, 0-9 and _. */
  track(type: string, data?: unknown): void;
  /** Reports an order, once for each `order_id`, with what led to each of its lines. */
  purchase(order: Order): void;
  /** Names the viewer by a key of the shop's, so that events of an abandoned intent have it: as its SHA-256 unless `hashed` is `false`. */
  identify(key: string, options?: { hashed?: boolean }): void;
  consent(state: Consent): void;
  /** Replaces the hotspots within the same view. */
  /** Done at once; rejects, with the reason in words, where nothing of the file can be used. */
  setConfig(config: HotspotFile): Promise<void>;
}

/** Attaches an overlay to a `<video>`, or to the first one that a selector finds. */
export function attach(video: HTMLVideoElement | string, options: Options): Promise<Overlay>;

/** What is wrong with a hotspot file. */
export interface Problem {
  severity: "error" | "warning";
  path: string;
  found: string;
  allowed: string;
  message: string;
}

/** `window.vitrine`, for pages that use the script tag. */
export interface VitrineQueue {
  /** Calls back once the first overlay is attached; at once where it is. */
  push(callback: (vitrine: VitrineApi) => void): void;
}

/** What callbacks pushed to `window.vitrine` get. */
export interface VitrineApi extends VitrineQueue {
  attach: typeof attach;
  /** Every overlay of the page's script tags, in the order of their attachment. */
  overlays: Overlay[];
  /** On the first overlay. */
  purchase(order: Order): void;
  /** On the first overlay. */
  track(type: string, data?: unknown): void;
  /** On the first overlay. */
  identify(key: string, options?: { hashed?: boolean }): void;
  /** On every overlay. */
  flush(): void;
  /** On every overlay. */
  consent(state: Consent): void;
}

/**
 * `<vitrine-overlay for="id of a video" config="…" collector="…" consent="…" wasm="…">`, which `import "vitrine/element"`
 * defines.
 */
export interface VitrineOverlayElement extends HTMLElement {
  /** While it is attached, and this element has a `for`. */
  readonly overlay: Overlay | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "vitrine-overlay": VitrineOverlayElement;
  }
  interface Window {
    /** The order page's tag, before and after it has loaded. */
    vitrineOrder?: { push(entry: Order | { consent: Consent } | { checkout_step: string }): unknown };
    vitrine?: VitrineQueue | ((vitrine: VitrineApi) => void)[];
  }
  interface HTMLElementEventMap {
    "vitrine:ready": CustomEvent<undefined>;
    "vitrine:error": CustomEvent<{ message: string; problems: Problem[] }>;
    "vitrine:hotspot-click": CustomEvent<VitrineEvent>;
    "vitrine:add-to-cart": CustomEvent<VitrineEvent>;
    "vitrine:buy-now": CustomEvent<VitrineEvent>;
    "vitrine:read-cart": CustomEvent<{ /** What is in the page's cart: set it, and call `preventDefault()`. */ items?: Item[] }>;
    "vitrine:change-cart": CustomEvent<{ key: string; quantity: number; items: Item[] }>;
    "vitrine:remove-from-cart": CustomEvent<{ key: string; /** How many are left. */ quantity: number; items: Item[] }>;
    "vitrine:begin-checkout": CustomEvent<VitrineEvent>;
    "vitrine:add-to-wishlist": CustomEvent<VitrineEvent>;
    "vitrine:remove-from-wishlist": CustomEvent<VitrineEvent>;
    "vitrine:cart": CustomEvent<Cart>;
    "vitrine:purchase": CustomEvent<VitrineEvent>;
    "vitrine:event": CustomEvent<VitrineEvent>;
  }
}
