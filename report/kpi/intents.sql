-- title: Recoverable intents
-- unit: one row for each intent that was abandoned and not ordered since, the latest first
-- population: intents, as in abandoned; of machines none
-- window: intents and orders of the period; 30 minutes to order, unless --window says otherwise
-- column intent (text): the event of the intent and the place of its item: the same intent has always the same
-- column site (text): the site
-- column viewer (text): the viewer's id. It is about a person: keep it as the consent says
-- column video (text): the video
-- column hotspot (text): the hotspot
-- column product (text): item_id
-- column platform_product (text): what the shop itself calls the product
-- column currency (text): of the value
-- column value (money): price by quantity, the highest of what was one intent
-- column step (text): the last step of the checkout since; cart where there was none
-- column campaign (text): campaign.name of the view
-- column intent_at (text): when; in SQL epoch milliseconds
-- column closed_at (text): when the window closed; in SQL epoch milliseconds
WITH
-- Orders, and how far a checkout got, are of the viewer, not of a video.
later AS (
  SELECT event_id AS later_id, viewer_id AS later_viewer, type AS later_type, time AS later_time, data AS later_data
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND viewer_id IS NOT NULL
    AND type IN ('begin_checkout', 'checkout_step', 'purchase')
    AND (NOT unknown OR type = 'checkout_step')
    AND ($site = '' OR site = $site)
),
failures AS (
  SELECT DISTINCT cause AS failed_id FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'cart_outcome' AND outcome = 'failed' AND cause IS NOT NULL
),
lines AS (
  SELECT
    e.event_id || ' ' || CAST(e.item_index AS VARCHAR(20)) AS line_id,
    e.viewer_id AS viewer,
    e.site AS line_site,
    e.item_id AS product,
    e.platform_id AS platform_product,
    e.time AS intent_ms,
    COALESCE(e.currency, '(none)') AS line_currency,
    e.price * COALESCE(e.quantity, 1) AS line_value,
    e.video_id AS video, e.hotspot_id AS hotspot, e.campaign_name AS campaign
  FROM items e
  LEFT JOIN failures f ON f.failed_id = e.event_id
  WHERE e.type IN ('add_to_cart', 'buy_now') AND e.viewer_id IS NOT NULL AND e.item_id IS NOT NULL AND f.failed_id IS NULL
    AND e.time >= $from AND e.time < $to AND NOT e.bot AND NOT e.unknown
    AND ($site = '' OR e.site = $site)
    AND ($video = '' OR e.video_id = $video)
    AND ($campaign = '' OR e.campaign_name = $campaign)
    AND ($device = '' OR e.device = $device)
    AND ($variant = '' OR e.experiment_variant = $variant)
    AND ($hotspot = '' OR e.hotspot_id = $hotspot)
    AND ($segment = '' OR e.segment_id = $segment)
),
-- A shop may know a product by its own id alone.
order_lines AS (
  SELECT l.later_viewer, l.later_time, i.item_id AS ordered_item, i.platform_id AS ordered_platform, i.event_id AS item_event
  FROM later l LEFT JOIN items i ON i.event_id = l.later_id AND i.type = 'purchase'
  WHERE l.later_type = 'purchase'
),
order_keys AS (
  SELECT later_viewer, later_time, ordered_item AS ordered_key FROM order_lines WHERE ordered_item IS NOT NULL
  UNION ALL
  SELECT later_viewer, later_time, ordered_platform FROM order_lines WHERE ordered_platform IS NOT NULL
  UNION ALL
  SELECT later_viewer, later_time, '*' FROM order_lines WHERE item_event IS NULL
),
line_keys AS (
  SELECT line_id, viewer, intent_ms, product AS line_key FROM lines
  UNION ALL
  SELECT line_id, viewer, intent_ms, platform_product FROM lines WHERE platform_product IS NOT NULL
  UNION ALL
  SELECT line_id, viewer, intent_ms, '*' FROM lines
),
settled AS (
  SELECT k.line_id AS settled_line, MIN(o.later_time) AS order_ms
  FROM line_keys k JOIN order_keys o ON o.later_viewer = k.viewer AND o.ordered_key = k.line_key
  WHERE o.later_time >= k.intent_ms
  GROUP BY k.line_id
),
placed AS (
  SELECT l.*, s.order_ms,
    ROW_NUMBER() OVER (
      PARTITION BY l.viewer, l.product, l.line_currency, s.order_ms ORDER BY l.intent_ms DESC, l.line_id DESC
    ) AS place,
    MAX(l.line_value) OVER (PARTITION BY l.viewer, l.product, l.line_currency, s.order_ms) AS intent_value
  FROM lines l LEFT JOIN settled s ON s.settled_line = l.line_id
),
intents AS (
  SELECT * FROM placed WHERE place = 1
),
reached AS (
  SELECT i.line_id AS reached_line, l.later_type, l.later_data,
    ROW_NUMBER() OVER (PARTITION BY i.line_id ORDER BY l.later_time DESC, l.later_id DESC) AS reached_place
  FROM intents i JOIN later l ON l.later_viewer = i.viewer
  WHERE l.later_type <> 'purchase' AND l.later_time >= i.intent_ms AND (i.order_ms IS NULL OR l.later_time <= i.order_ms)
),
-- The step's name stands in the page's data: {"data":{"step":"payment_shown"}}.
steps AS (
  SELECT reached_line,
    CASE WHEN later_type = 'checkout_step' AND later_data LIKE '%"step":"_%'
      THEN SPLIT_PART(SPLIT_PART(later_data, '"step":"', 2), '"', 1) ELSE later_type END AS step_name
  FROM reached
  WHERE reached_place = 1
)
SELECT
  i.line_id AS intent,
  i.line_site AS site,
  i.viewer AS viewer,
  i.video AS video,
  i.hotspot AS hotspot,
  i.product AS product,
  i.platform_product AS platform_product,
  i.line_currency AS currency,
  COALESCE(i.intent_value, 0) AS value,
  COALESCE(s.step_name, 'cart') AS step,
  i.campaign AS campaign,
  i.intent_ms AS intent_at,
  i.intent_ms + $window_ms AS closed_at
FROM intents i LEFT JOIN steps s ON s.reached_line = i.line_id
WHERE i.order_ms IS NULL AND $as_of - i.intent_ms > $window_ms
ORDER BY intent_at DESC, intent
