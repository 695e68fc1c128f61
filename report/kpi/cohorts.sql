-- title: Value of viewers by their first video
-- unit: one row for each first video and currency
-- population: viewers with a view that began in the period; of machines none
-- window: from a viewer's first view to the period's end: who came late had less time to buy
-- column first_video (text): the video of the viewer's first view in the period
-- column currency (text): of the orders; different ones are never added
-- column viewers (count): viewers who began with this video
-- column returned_viewers (count): those of them with a view on a later UTC day
-- column return_rate (rate of returned_viewers in viewers): such viewers in viewers
-- column buyers (count): those of them with an order in this currency
-- column buyer_rate (rate of buyers in viewers): buyers in viewers
-- column orders (count): their orders in this currency
-- column revenue (money): of these orders
-- column revenue_per_viewer (money): revenue by viewers, to date
-- column observed_days (number): days from the first view to the period's end, on average: what "to date" means
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
  SELECT viewer_id AS viewer, video_id AS video, time AS begun_ms,
    CAST(FLOOR(time / 86400000.0) AS BIGINT) AS begun_day,
    ROW_NUMBER() OVER (PARTITION BY viewer_id ORDER BY time, event_id) AS place
  FROM scope
  WHERE type = 'impression' AND viewer_id IS NOT NULL
),
viewers AS (
  SELECT viewer, MIN(begun_ms) AS first_ms,
    COALESCE(MAX(CASE WHEN place = 1 THEN video END), '(none)') AS cohort,
    CASE WHEN MAX(begun_day) > MIN(begun_day) THEN 1 ELSE 0 END AS returned
  FROM begun
  GROUP BY viewer
),
cohort_sizes AS (
  SELECT cohort AS sized_cohort, COUNT(*) AS cohort_viewers, SUM(returned) AS cohort_returned,
    AVG(CASE WHEN $as_of > first_ms THEN ($as_of - first_ms) / 86400000.0 ELSE 0.0 END) AS cohort_days
  FROM viewers
  GROUP BY cohort
),
told_orders AS (
  SELECT viewer_id AS order_viewer, value AS order_value, COALESCE(currency, '(none)') AS order_currency, time AS order_ms,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase' AND viewer_id IS NOT NULL
    AND ($site = '' OR site = $site)
),
sold AS (
  SELECT v.cohort AS sold_cohort, o.order_currency, COUNT(DISTINCT v.viewer) AS sold_buyers, COUNT(*) AS sold_orders, SUM(o.order_value) AS sold_value
  FROM viewers v JOIN told_orders o ON o.order_viewer = v.viewer
  WHERE o.told = 1 AND o.order_ms >= v.first_ms
  GROUP BY v.cohort, o.order_currency
)
SELECT
  c.sized_cohort AS first_video,
  COALESCE(s.order_currency, '(none)') AS currency,
  c.cohort_viewers AS viewers,
  c.cohort_returned AS returned_viewers,
  1.0 * c.cohort_returned / c.cohort_viewers AS return_rate,
  COALESCE(s.sold_buyers, 0) AS buyers,
  1.0 * COALESCE(s.sold_buyers, 0) / c.cohort_viewers AS buyer_rate,
  COALESCE(s.sold_orders, 0) AS orders,
  COALESCE(s.sold_value, 0) AS revenue,
  1.0 * COALESCE(s.sold_value, 0) / c.cohort_viewers AS revenue_per_viewer,
  c.cohort_days AS observed_days
FROM cohort_sizes c LEFT JOIN sold s ON s.sold_cohort = c.sized_cohort
ORDER BY viewers DESC, first_video, currency
