-- title: Attribution
-- unit: one row for each value of the dimension and currency
-- population: lines of orders, each order once; of machines none
-- window: orders of the period; a touch counts for 30 days. A touch is a view's way with a hotspot of the product: a press, or where nothing of it was pressed, a sight in a view that watched a quarter or pressed something. What was pressed is never moved by what was only seen
-- by: video hotspot second segment campaign variant all
-- column dimension (text): what the touch was in; code …: no touch is known, but a discount code; (none): neither is
-- column currency (text): of the lines; different ones are never added
-- column lines (count): lines with a touch here
-- column direct (count): lines whose last touch is here, where it was added to the cart
-- column influenced (count): the same where it was pressed, and bought elsewhere
-- column assisted (count): the same where it was seen
-- column last_touch (money): value of lines, all to the last touch
-- column first_touch (money): all to the first
-- column linear (money): shared alike
-- column time_decay (money): half as much for each week before the last touch
-- column position (money): 40 % each to first and last, 20 % to those between
-- column data_driven (money): by Shapley values of how often viewers with these touches order, the last eight places of a path
-- column data_driven_product (money): the same of each product by itself: how often viewers with these touches of it order it
WITH scope AS (
  SELECT * FROM events
  WHERE time < $to AND time >= $from - 2592000000 AND NOT bot AND NOT unknown AND viewer_id IS NOT NULL
    AND ($site = '' OR site = $site)
),
told_orders AS (
  SELECT event_id AS order_event, viewer_id AS order_viewer, time AS order_ms, value AS order_value, currency AS order_currency, UPPER(coupon) AS order_code,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM scope
  WHERE type = 'purchase' AND time >= $from
),
lines AS (
  SELECT
    o.order_event || ' ' || CAST(COALESCE(i.item_index, 0) AS VARCHAR(20)) AS line_id,
    o.order_viewer, o.order_ms, o.order_code,
    i.item_id AS line_item,
    i.platform_id AS line_platform,
    CASE WHEN i.event_id IS NULL THEN o.order_value ELSE i.price * COALESCE(i.quantity, 1) END AS line_value,
    COALESCE(i.currency, o.order_currency, '(none)') AS line_currency
  FROM told_orders o LEFT JOIN items i ON i.event_id = o.order_event AND i.type = 'purchase'
  WHERE o.told = 1
),
refused AS (
  SELECT DISTINCT cause AS refused_id FROM scope WHERE type = 'cart_outcome' AND outcome = 'failed' AND cause IS NOT NULL
),
buyers AS (
  SELECT order_viewer AS buyer FROM told_orders WHERE told = 1 GROUP BY order_viewer
),
engaged AS (
  SELECT DISTINCT view_id AS engaged_view FROM scope
  WHERE type IN ('hotspot_click', 'progress') AND (type = 'hotspot_click' OR percent >= 25)
),
touched AS (
  SELECT * FROM items
  WHERE time < $to AND time >= $from - 2592000000 AND NOT bot AND NOT unknown AND viewer_id IS NOT NULL AND view_id IS NOT NULL
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
    AND ($segment = '' OR segment_id = $segment)
),
-- What was only seen counts for those who ordered alone, who are few. Adds alone are told apart by their events.
acts AS (
  SELECT '' AS add_id, e.time, e.viewer_id, e.view_id, e.video_id, e.hotspot_id, e.segment_id, e.media_time,
    e.campaign_name, e.experiment_id, e.experiment_variant, e.item_id, e.platform_id, 0 AS act_rank
  FROM touched e
  JOIN buyers b ON b.buyer = e.viewer_id
  JOIN engaged g ON g.engaged_view = e.view_id
  WHERE e.type = 'hotspot_exposure'
  UNION ALL
  SELECT '', time, viewer_id, view_id, video_id, hotspot_id, segment_id, media_time,
    campaign_name, experiment_id, experiment_variant, item_id, platform_id, 1
  FROM touched
  WHERE type = 'hotspot_click'
  UNION ALL
  SELECT e.event_id, e.time, e.viewer_id, e.view_id, e.video_id, e.hotspot_id, e.segment_id, e.media_time,
    e.campaign_name, e.experiment_id, e.experiment_variant, e.item_id, e.platform_id, CASE WHEN r.refused_id IS NULL THEN 2 ELSE 1 END
  FROM touched e
  LEFT JOIN refused r ON r.refused_id = e.event_id
  WHERE e.type IN ('add_to_cart', 'buy_now')
),
steps AS (
  SELECT
    viewer_id AS step_viewer,
    view_id AS step_view,
    video_id AS step_video,
    hotspot_id AS step_hotspot,
    time AS step_ms,
    add_id AS step_add,
    item_id AS step_item,
    platform_id AS step_platform,
    act_rank AS step_rank,
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'hotspot' THEN video_id || ' ' || hotspot_id
      WHEN $by = 'second' THEN video_id || ' ' || CAST(CAST(FLOOR(media_time) AS BIGINT) AS VARCHAR(20))
      WHEN $by = 'segment' THEN video_id || ' ' || segment_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
    END, '(none)') AS step_place
  FROM acts
),
-- A shop may know a product by its own id alone: two joins, as an OR in one is slow everywhere.
matched AS (
  SELECT l.line_id, l.order_ms, s.step_view, s.step_video, s.step_hotspot, s.step_ms, s.step_add, s.step_rank, s.step_place
  FROM lines l JOIN steps s ON s.step_viewer = l.order_viewer AND s.step_item = l.line_item
  WHERE s.step_ms <= l.order_ms AND s.step_ms >= l.order_ms - 2592000000
  UNION
  SELECT l.line_id, l.order_ms, s.step_view, s.step_video, s.step_hotspot, s.step_ms, s.step_add, s.step_rank, s.step_place
  FROM lines l JOIN steps s ON s.step_viewer = l.order_viewer AND s.step_platform = l.line_platform
  WHERE s.step_ms <= l.order_ms AND s.step_ms >= l.order_ms - 2592000000
  UNION
  SELECT l.line_id, l.order_ms, s.step_view, s.step_video, s.step_hotspot, s.step_ms, s.step_add, s.step_rank, s.step_place
  FROM lines l JOIN steps s ON s.step_viewer = l.order_viewer
  WHERE l.line_item IS NULL AND l.line_platform IS NULL
    AND s.step_ms <= l.order_ms AND s.step_ms >= l.order_ms - 2592000000
),
-- An add counts as one for one order; for later ones it is a press.
used AS (
  SELECT line_id, step_view, step_video, step_hotspot, step_ms, step_add, step_place, step_rank
  FROM matched
  WHERE step_rank < 2
  UNION ALL
  SELECT line_id, step_view, step_video, step_hotspot, step_ms, step_add, step_place,
    CASE WHEN RANK() OVER (PARTITION BY step_add ORDER BY order_ms) > 1 THEN 1 ELSE 2 END
  FROM matched
  WHERE step_rank = 2
),
-- The click and the add that follows it are one touch, at the place of the best step of it.
ranked AS (
  SELECT line_id, step_ms, step_add, step_rank, step_place,
    MAX(step_rank) OVER (PARTITION BY line_id) AS best_rank,
    ROW_NUMBER() OVER (
      PARTITION BY line_id, step_view, step_video, step_hotspot ORDER BY step_rank DESC, step_ms DESC, step_add DESC
    ) AS nth
  FROM used
),
touches AS (
  SELECT line_id AS touch_line, step_ms, step_add, step_rank, step_place
  FROM ranked
  WHERE nth = 1 AND (step_rank > 0 OR best_rank = 0)
),
-- What a viewer pressed anywhere, whether they ordered or not: how often sets of places lead to an order.
pressed AS (
  SELECT step_viewer AS pressed_viewer, step_place AS pressed_place, step_item AS pressed_item
  FROM steps
  WHERE step_rank > 0 AND step_ms >= $from
  GROUP BY step_viewer, step_place, step_item
),
item_buyers AS (
  SELECT order_viewer AS item_buyer, line_item AS bought_item FROM lines WHERE line_item IS NOT NULL GROUP BY order_viewer, line_item
)
SELECT
  'line' AS kind,
  l.line_id AS path,
  l.line_currency AS currency,
  l.line_value AS value,
  l.order_ms AS order_ms,
  t.step_ms AS touch_ms,
  t.step_rank AS touch_rank,
  t.step_place AS place,
  t.step_add AS touch,
  l.line_item AS product,
  l.order_code AS code,
  NULL AS product_value
FROM lines l LEFT JOIN touches t ON t.touch_line = l.line_id
UNION ALL
SELECT
  'viewer',
  p.pressed_viewer,
  NULL,
  CASE WHEN b.buyer IS NULL THEN 0 ELSE 1 END,
  NULL,
  NULL,
  NULL,
  p.pressed_place,
  NULL,
  p.pressed_item,
  NULL,
  CASE WHEN i.item_buyer IS NULL THEN 0 ELSE 1 END
FROM pressed p
LEFT JOIN buyers b ON b.buyer = p.pressed_viewer
LEFT JOIN item_buyers i ON i.item_buyer = p.pressed_viewer AND i.bought_item = p.pressed_item
ORDER BY kind, path, touch_ms, touch, place, product
