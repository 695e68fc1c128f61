-- title: Abandoned stream intent
-- unit: one row for each value of the dimension and currency
-- population: intents: a viewer's add_to_cart or buy_now of a product, unless the cart failed; until the order it is one, and its last time counts; of machines none
-- window: intents and orders of the period; 30 minutes to order, unless --window says otherwise
-- by: all video product hotspot segment step campaign source variant device day
-- column dimension (text): what the row is about
-- column currency (text): of the values; different ones are never added
-- column intents (count): all
-- column viewers (count): different viewers of them
-- column ordered_intents (count): ordered within the window
-- column pending_intents (count): not ordered, and the window is still open
-- column pending_value (money): of pending intents
-- column abandoned_intents (count): not ordered within the window
-- column decided_intents (count): ordered or abandoned: pending ones are left out
-- column abandonment_rate (rate of abandoned_intents in decided_intents): abandoned intents in decided ones
-- column recovered_intents (count): abandoned intents that were ordered after all
-- column recovered_value (money): of recovered intents
-- column recovery_rate (rate of recovered_intents in abandoned_intents): recovered intents in abandoned ones, so far
-- column value_at_risk (money): of abandoned intents that were not recovered
-- column viewers_at_risk (count): different viewers of these
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
    e.item_id AS product,
    e.platform_id AS platform_product,
    e.time AS intent_ms,
    COALESCE(e.currency, '(none)') AS line_currency,
    e.price * COALESCE(e.quantity, 1) AS line_value,
    e.video_id AS video, e.hotspot_id AS hotspot, e.segment_id AS segment, e.campaign_name AS campaign,
    e.campaign_source AS source, e.experiment_id || ' ' || e.experiment_variant AS variant, e.device AS device_kind
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
),
states AS (
  SELECT
    i.viewer,
    i.line_currency,
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'video' THEN i.video
      WHEN $by = 'product' THEN i.product
      WHEN $by = 'hotspot' THEN i.video || ' ' || i.hotspot
      WHEN $by = 'segment' THEN i.video || ' ' || i.segment
      WHEN $by = 'step' THEN COALESCE(s.step_name, 'cart')
      WHEN $by = 'campaign' THEN i.campaign
      WHEN $by = 'source' THEN i.source
      WHEN $by = 'variant' THEN i.variant
      WHEN $by = 'device' THEN i.device_kind
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(i.intent_ms / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END, '(none)') AS dimension,
    COALESCE(i.intent_value, 0) AS intent_value,
    CASE
      WHEN i.order_ms - i.intent_ms <= $window_ms THEN 'ordered'
      WHEN i.order_ms IS NOT NULL THEN 'recovered'
      WHEN $as_of - i.intent_ms <= $window_ms THEN 'pending'
      ELSE 'lost'
    END AS state
  FROM intents i LEFT JOIN steps s ON s.reached_line = i.line_id
),
-- Viewers are counted by their own rows, so that no count is distinct under a condition.
by_viewer AS (
  SELECT dimension, line_currency, viewer,
    COUNT(*) AS all_n,
    SUM(CASE WHEN state = 'ordered' THEN 1 ELSE 0 END) AS ordered_n,
    SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS pending_n,
    SUM(CASE WHEN state = 'pending' THEN intent_value ELSE 0 END) AS pending_v,
    SUM(CASE WHEN state = 'recovered' THEN 1 ELSE 0 END) AS recovered_n,
    SUM(CASE WHEN state = 'recovered' THEN intent_value ELSE 0 END) AS recovered_v,
    SUM(CASE WHEN state = 'lost' THEN 1 ELSE 0 END) AS lost_n,
    SUM(CASE WHEN state = 'lost' THEN intent_value ELSE 0 END) AS lost_v
  FROM states
  GROUP BY dimension, line_currency, viewer
)
SELECT
  dimension,
  line_currency AS currency,
  SUM(all_n) AS intents,
  COUNT(*) AS viewers,
  SUM(ordered_n) AS ordered_intents,
  SUM(pending_n) AS pending_intents,
  SUM(pending_v) AS pending_value,
  SUM(recovered_n + lost_n) AS abandoned_intents,
  SUM(ordered_n + recovered_n + lost_n) AS decided_intents,
  1.0 * SUM(recovered_n + lost_n) / NULLIF(SUM(ordered_n + recovered_n + lost_n), 0) AS abandonment_rate,
  SUM(recovered_n) AS recovered_intents,
  SUM(recovered_v) AS recovered_value,
  1.0 * SUM(recovered_n) / NULLIF(SUM(recovered_n + lost_n), 0) AS recovery_rate,
  SUM(lost_v) AS value_at_risk,
  SUM(CASE WHEN lost_n > 0 THEN 1 ELSE 0 END) AS viewers_at_risk
FROM by_viewer
GROUP BY dimension, line_currency
ORDER BY value_at_risk DESC, dimension, currency
