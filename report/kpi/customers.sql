-- title: Viewers who return and buy
-- unit: one row for each value of the dimension, which is that of the viewer's first view in the period
-- population: viewers with a view that began in the period; of machines none
-- window: the period; a viewer is known as long as the browser keeps the id
-- by: all site video campaign source device
-- column dimension (text): what the row is about
-- column viewers (count): different viewers
-- column returning_viewers (count): viewers whose views began on two UTC days or more
-- column returning_rate (rate of returning_viewers in viewers): such viewers in viewers
-- column buyers (count): viewers with an order at or after their first view
-- column buyer_rate (rate of buyers in viewers): buyers in viewers
-- column repeat_buyers (count): buyers with two orders or more
-- column repeat_rate (rate of repeat_buyers in buyers): such buyers in buyers
-- column orders (count): their orders
-- column lost_viewers (count): viewers with neither a view nor an order in the last 30 days before the period's end
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
begun AS (
  SELECT viewer_id AS viewer, time AS begun_ms,
    CAST(FLOOR(time / 86400000.0) AS BIGINT) AS begun_day,
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'site' THEN site
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'device' THEN device
    END, '(none)') AS begun_dimension,
    ROW_NUMBER() OVER (PARTITION BY viewer_id ORDER BY time, event_id) AS place
  FROM scope
  WHERE type = 'impression' AND viewer_id IS NOT NULL
),
viewers AS (
  SELECT viewer, MIN(begun_ms) AS first_ms, MIN(begun_day) AS first_day, MAX(begun_day) AS last_day,
    MAX(CASE WHEN place = 1 THEN begun_dimension END) AS dimension
  FROM begun
  GROUP BY viewer
),
last_seen AS (
  SELECT viewer_id AS seen_viewer, MAX(time) AS last_ms FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND type IN ('impression', 'purchase') AND viewer_id IS NOT NULL
    AND ($site = '' OR site = $site)
  GROUP BY viewer_id
),
told_orders AS (
  SELECT viewer_id AS order_viewer, COALESCE(order_id, event_id) AS order_no, MIN(time) AS order_ms
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase' AND viewer_id IS NOT NULL
    AND ($site = '' OR site = $site)
  GROUP BY site, viewer_id, COALESCE(order_id, event_id)
),
bought AS (
  SELECT v.viewer AS buyer, COUNT(*) AS order_count
  FROM viewers v JOIN told_orders o ON o.order_viewer = v.viewer
  WHERE o.order_ms >= v.first_ms
  GROUP BY v.viewer
),
known AS (
  SELECT v.dimension,
    CASE WHEN v.last_day > v.first_day THEN 1 ELSE 0 END AS returned,
    COALESCE(b.order_count, 0) AS order_count,
    CASE WHEN l.last_ms < $as_of - 2592000000 THEN 1 ELSE 0 END AS lost
  FROM viewers v
  LEFT JOIN bought b ON b.buyer = v.viewer
  LEFT JOIN last_seen l ON l.seen_viewer = v.viewer
)
SELECT
  dimension,
  COUNT(*) AS viewers,
  SUM(returned) AS returning_viewers,
  1.0 * SUM(returned) / COUNT(*) AS returning_rate,
  SUM(CASE WHEN order_count > 0 THEN 1 ELSE 0 END) AS buyers,
  1.0 * SUM(CASE WHEN order_count > 0 THEN 1 ELSE 0 END) / COUNT(*) AS buyer_rate,
  SUM(CASE WHEN order_count > 1 THEN 1 ELSE 0 END) AS repeat_buyers,
  1.0 * SUM(CASE WHEN order_count > 1 THEN 1 ELSE 0 END) / NULLIF(SUM(CASE WHEN order_count > 0 THEN 1 ELSE 0 END), 0) AS repeat_rate,
  SUM(order_count) AS orders,
  SUM(lost) AS lost_viewers
FROM known
GROUP BY dimension
ORDER BY viewers DESC, dimension
