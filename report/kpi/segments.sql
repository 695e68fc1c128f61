-- title: Conversion and revenue by segment
-- unit: one row for each value of the dimension and currency
-- population: views with an event in the segment; by another dimension, views that began; of machines none
-- window: views and orders of the period; an order counts for the view of the touch that led to it
-- by: segment video campaign source variant device locale day
-- column dimension (text): what the row is about
-- column currency (text): of the orders; different ones are never added
-- column views (count): different views
-- column converted_views (count): those of them with a touch that led to an order in this currency
-- column conversion (rate of converted_views in views): converted views in views
-- column orders (count): different orders that a touch of these views led to
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
view_events AS (
  SELECT view_id AS touch_view,
    CASE
      WHEN $by = 'segment' THEN video_id || ' ' || segment_id
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'device' THEN device
      WHEN $by = 'locale' THEN locale
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(time / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END AS event_dimension,
    CASE WHEN type = 'impression' THEN 1 ELSE 0 END AS begins
  FROM scope
  WHERE view_id IS NOT NULL AND type <> 'purchase'
    AND ($by <> 'segment' OR segment_id IS NOT NULL) AND ($by IN ('segment', 'variant') OR type = 'impression')
    AND ($segment = '' OR segment_id = $segment)
),
-- A view is in several segments, but has one campaign, one device and so on.
view_places AS (
  SELECT touch_view, event_dimension, MAX(begins) AS place_begins FROM view_events GROUP BY touch_view, event_dimension
),
begun AS (
  SELECT touch_view AS begun_view, MAX(event_dimension) AS view_dimension
  FROM view_places
  WHERE $by <> 'segment'
  GROUP BY touch_view
  HAVING MAX(place_begins) = 1
),
places AS (
  SELECT touch_view AS place_view, event_dimension AS place FROM view_places
  WHERE $by = 'segment' AND event_dimension IS NOT NULL
  UNION ALL
  SELECT begun_view, COALESCE(view_dimension, '(none)') FROM begun
),
told_orders AS (
  SELECT cause AS order_cause, COALESCE(order_id, event_id) AS order_no, value AS order_value, COALESCE(currency, '(none)') AS order_currency,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase'
    AND ($site = '' OR site = $site)
),
order_places AS (
  SELECT
    CASE WHEN $by = 'segment' THEN t.video_id || ' ' || t.segment_id ELSE COALESCE(b.view_dimension, '(none)') END AS order_place,
    t.view_id AS order_view, o.order_no, o.order_value, o.order_currency
  FROM told_orders o
  JOIN scope t ON t.event_id = o.order_cause
  LEFT JOIN begun b ON b.begun_view = t.view_id
  WHERE o.told = 1 AND t.view_id IS NOT NULL AND t.type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now')
    AND ($segment = '' OR t.segment_id = $segment)
    AND ($by = 'segment' OR b.begun_view IS NOT NULL)
),
sold AS (
  SELECT order_place, order_currency, COUNT(DISTINCT order_view) AS sold_views, COUNT(DISTINCT order_no) AS sold_orders,
    SUM(order_value) AS sold_value
  FROM order_places
  WHERE order_place IS NOT NULL
  GROUP BY order_place, order_currency
),
seen AS (
  SELECT place, COUNT(*) AS seen_views FROM places GROUP BY place
)
SELECT
  s.place AS dimension,
  COALESCE(o.order_currency, '(none)') AS currency,
  s.seen_views AS views,
  COALESCE(o.sold_views, 0) AS converted_views,
  1.0 * COALESCE(o.sold_views, 0) / s.seen_views AS conversion,
  COALESCE(o.sold_orders, 0) AS orders,
  COALESCE(o.sold_value, 0) AS revenue,
  1.0 * COALESCE(o.sold_value, 0) / s.seen_views AS revenue_per_view
FROM seen s LEFT JOIN sold o ON o.order_place = s.place
ORDER BY views DESC, dimension, currency
