// Snowplow's tracker protocol, by POST: https://docs.snowplow.io/docs/sources/trackers/snowplow-tracker-protocol/
// Every value of an event is a text. Media and commerce are self-describing events of schemas that every pipeline
// knows; what has no such schema is a structured event, which needs none.
import { major } from "./money.js";

const VENDOR = "iglu:com.snowplowanalytics.snowplow";
const describe = (schema, data) => ({ schema, data });
const media = (name, data = {}) => describe(`${VENDOR}.media/${name}/jsonschema/1-0-0`, data);
const commerce = (name, data) => describe(`${VENDOR}.ecommerce/${name}/jsonschema/1-0-0`, data);
const action = (type, name) => describe(VENDOR + ".ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2", { type, name: text(name, 128) });

// One value against its schema, and Snowplow refuses the whole event: texts are cut, numbers outside are left out.
const text = (value, most) => value == null ? undefined : [...`${value}`].slice(0, most).join("");
const whole = (value) => Number.isInteger(value) && value >= 0 && value <= 9_999_999 ? value : undefined;
// Two decimals at most, also where the currency has three.
const amount = (value, currency) => {
  const number = Math.round(major(value, currency) * 100) / 100;
  return number >= 0 && number <= 9_999_999 ? number : undefined;
};

const described = {
  __proto__: null,
  play: () => media("play_event"),
  pause: () => media("pause_event"),
  seek: () => media("seek_end_event"),
  buffer: () => media("buffer_end_event"),
  progress: ({ percent }) => media("percent_progress_event", { percentProgress: percent }),
  end: () => media("end_event"),
  view_item_list: ({ hotspot_id }) => action("list_view", hotspot_id),
  select_item: ({ hotspot_id }) => action("list_click", hotspot_id),
  view_item: () => action("product_view"),
  add_to_cart: () => action("add_to_cart"),
  remove_from_cart: () => action("remove_from_cart"),
  begin_checkout: () => action("checkout_step"),
  purchase: ({ order_id, value, currency }) =>
    order_id != null && amount(value, currency) >= 0 ? action("transaction") : undefined,
};

const product = (item, currency) => {
  const own = item.currency || currency, price = amount(item.price, own);
  return item.item_id != null && price >= 0 ? [commerce("product", {
    id: text(item.item_id, 4096),
    name: text(item.item_name, 4096),
    // Must be there, and is not known here.
    category: "",
    brand: text(item.item_brand, 256),
    variant: text(item.item_variant, 256),
    price,
    currency: own,
    quantity: whole(item.quantity),
  })] : [];
};

const transaction = ({ order_id, value, currency, coupon, items = [] }) => commerce("transaction", {
  transaction_id: text(order_id, 4096),
  revenue: amount(value, currency),
  currency,
  payment_method: "",
  total_quantity: whole(items.reduce((sum, { quantity = 1 }) => sum + quantity, 0)) ?? 0,
  discount_code: text(coupon, 99),
});

// As many of the fields as a structured event's text may be long.
const pack = (fields) => {
  const kept = {};
  for (const name in fields) {
    kept[name] = fields[name];
    if (JSON.stringify(kept).length > 1000) delete kept[name];
  }
  return JSON.stringify(kept);
};

const structured = ({ id, type, time, viewer_id, session_id, view_id, video_id, media_time, hotspot_id, segment_id, items, ...rest }) => ({
  e: "se",
  se_ca: "vitrine",
  se_ac: type,
  se_la: text(hotspot_id ?? segment_id, 1000),
  se_pr: pack(rest),
  se_va: [rest.percent, rest.duration_ms, rest.count].find((value) => value >= 0)?.toString(),
});

const entities = (event, own, campaign) => {
  const { type, view_id, video_id, media_time, items, currency } = event;
  return [
    describe(VENDOR + "/media_player/jsonschema/2-0-0", {
      currentTime: Math.max(media_time, 0),
      ended: type == "end",
      // Must be there; other events do not say.
      paused: type == "pause" || type == "end",
      mediaType: "video",
      label: text(video_id, 4096),
    }),
    media("session", { mediaSessionId: text(view_id, 256) }),
    ...(items || []).flatMap((item) => product(item, currency)),
    ...(type == "begin_checkout" ? [commerce("checkout_step", { step: 1 })] : []),
    ...(type == "purchase" && described.purchase(event) ? [transaction(event)] : []),
    ...(own ? [describe(own, { ...event, campaign })] : []),
  ];
};

export default ({ body: { schema, ...fields } = {} }) => {
  const unknown = Object.keys(fields).find((name) => !/^(aid|tna|uid|tz|p)$/.test(name));
  if (unknown) {
    throw new Error(`vitrine: a collector of format "snowplow" has "${unknown}" in its "body". Use aid, tna, uid, tz, p or schema; put other keys into "headers" or "query".`);
  }
  if (schema && !/^iglu:[\w.-]+\/[\w.-]+\/jsonschema\/\d+-\d+-\d+$/.test(schema)) {
    throw new Error(`vitrine: a collector of format "snowplow" has "${schema}" as its "schema". Use an address like iglu:com.example/vitrine_event/jsonschema/1-0-0.`);
  }
  return {
    // Snowplow takes no other, so there is a preflight.
    type: "application/json",
    headers: {},
    // `,"stm":"1777887005012"` and the comma between events.
    limits: { events: 100, bytes: 190_000, event: 180_000, each: 23 },
    write(event, { page_url, referrer, locale, viewport, campaign }) {
      const data = described[event.type]?.(event);
      return JSON.stringify({
        ...(data ? { e: "ue", ue_pr: JSON.stringify(describe(VENDOR + "/unstruct_event/jsonschema/1-0-0", data)) } : structured(event)),
        p: "web",
        tv: "vitrine-1",
        ...fields,
        eid: event.id,
        dtm: `${Date.parse(event.time)}`,
        duid: event.viewer_id,
        sid: event.session_id,
        url: text(page_url, 3000),
        refr: text(referrer || undefined, 3000),
        lang: locale,
        vp: viewport?.join("x"),
        co: JSON.stringify(describe(VENDOR + "/contexts/jsonschema/1-0-0", entities(event, schema, campaign))),
      });
    },
    body: (texts, context, sent_at) => `{"schema":"${VENDOR}/payload_data/jsonschema/1-0-4","data":[${
      texts.map((text) => `${text.slice(0, -1)},"stm":"${+sent_at}"}`)}]}`,
  };
};
