-- title: Conversion and revenue by host, and by length of the segment
-- unit: one row for each value of the dimension and currency
-- population: views with an event in a segment of it; of machines none
-- window: views and orders of the period; an order counts for the view of the touch that led to it
-- by: host length
-- column dimension (text): who presents the segment, or how long it is, by the file of --segments; (none): it is not in the file
-- column currency (text): of the orders; different ones are never added
-- column segments (count): different segments
-- column views (count): different views
-- column converted_views (count): those of them with a touch here that led to an order in this currency
-- column conversion (rate of converted_views in views): converted views in views
-- column orders (count): different orders that a touch here led to
-- column revenue (money): of these orders, whole orders
-- column revenue_per_view (money): revenue by views
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
pieces AS (
  SELECT DISTINCT view_id AS piece_view, video_id AS piece_video, segment_id AS piece_segment
  FROM scope
  WHERE view_id IS NOT NULL AND video_id IS NOT NULL AND segment_id IS NOT NULL AND type <> 'purchase'
    AND ($segment = '' OR segment_id = $segment)
),
-- The file is a text here, a line for each segment: what stands behind a segment's name is its host and its length.
told AS (
  SELECT piece_video AS told_video, piece_segment AS told_segment,
    SPLIT_PART(SPLIT_PART($segments, CHR(10) || piece_video || CHR(9) || piece_segment || CHR(9), 2), CHR(10), 1) AS told_line
  FROM pieces
  GROUP BY piece_video, piece_segment
),
facts AS (
  SELECT told_video, told_segment,
    COALESCE(NULLIF(SPLIT_PART(told_line, CHR(9), CASE WHEN $by = 'host' THEN 1 ELSE 2 END), ''), '(none)') AS place
  FROM told
),
places AS (
  SELECT DISTINCT f.place AS seen_place, p.piece_view
  FROM pieces p JOIN facts f ON f.told_video = p.piece_video AND f.told_segment = p.piece_segment
),
seen AS (
  SELECT seen_place, COUNT(*) AS seen_views FROM places GROUP BY seen_place
),
parts AS (
  SELECT place AS part_place, COUNT(*) AS part_segments FROM facts GROUP BY place
),
told_orders AS (
  SELECT cause AS order_cause, COALESCE(order_id, event_id) AS order_no, value AS order_value, COALESCE(currency, '(none)') AS order_currency,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase'
    AND ($site = '' OR site = $site)
),
sold AS (
  SELECT f.place AS sold_place, o.order_currency, COUNT(DISTINCT t.view_id) AS sold_views, COUNT(*) AS sold_orders,
    SUM(o.order_value) AS sold_value
  FROM told_orders o
  JOIN scope t ON t.event_id = o.order_cause
  JOIN facts f ON f.told_video = t.video_id AND f.told_segment = t.segment_id
  WHERE o.told = 1 AND t.view_id IS NOT NULL AND t.type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now')
  GROUP BY f.place, o.order_currency
)
SELECT
  s.seen_place AS dimension,
  COALESCE(o.order_currency, '(none)') AS currency,
  p.part_segments AS segments,
  s.seen_views AS views,
  COALESCE(o.sold_views, 0) AS converted_views,
  1.0 * COALESCE(o.sold_views, 0) / s.seen_views AS conversion,
  COALESCE(o.sold_orders, 0) AS orders,
  COALESCE(o.sold_value, 0) AS revenue,
  1.0 * COALESCE(o.sold_value, 0) / s.seen_views AS revenue_per_view
FROM seen s
JOIN parts p ON p.part_place = s.seen_place
LEFT JOIN sold o ON o.sold_place = s.seen_place
ORDER BY views DESC, dimension, currency
