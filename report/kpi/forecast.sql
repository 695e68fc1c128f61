-- title: Forecast
-- unit: one row for each product
-- population: exposures and clicks of the product's hotspots, and what was ordered of it; of machines none
-- window: the period; the forecast is for the 14 days after the last whole day with events
-- column product (text): the product
-- column exposed_views (count): different views that it was shown to
-- column clicked_views (count): those of them that clicked it
-- column hctr (rate of clicked_views in exposed_views): clicked views in exposed views
-- column hctr_shrunk (number): drawn towards the mean of all products, by how little is known of it
-- column hctr_mean (number): that mean
-- column clicks_to_come (number): clicks in the next 14 days
-- column clicks_low (number): the lower end of their 95 % interval, by the errors of the back-test
-- column clicks_high (number): its upper end
-- column method (text): what would have foretold the last weeks best
-- column error (number): absolute errors of days by clicks, in the back-test
-- column naive_error (number): the same of taking the week before
-- column units_per_day (number): ordered in the last 28 days
-- column stock (count): of the inventory
-- column cover_days (number): how long it lasts, where orders go with the clicks to come
-- column advice (text): feature, restock, re-shoot or discount, rest
-- column reason (text): in words
WITH scope AS (
  SELECT * FROM items
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND type IN ('hotspot_exposure', 'hotspot_click') AND view_id IS NOT NULL AND item_id IS NOT NULL
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
by_view AS (
  SELECT item_id AS shown_product, view_id AS shown_view, CAST(FLOOR(MIN(time) / 86400000.0) AS BIGINT) AS view_day,
    MAX(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS clicked
  FROM scope
  GROUP BY item_id, view_id
),
told_orders AS (
  SELECT event_id AS order_event, time AS order_ms,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase'
    AND ($site = '' OR site = $site)
),
parts AS (
  SELECT item_id AS part_product, CAST(FLOOR(time / 86400000.0) AS BIGINT) AS part_day, 1 AS part_clicks, 0 AS part_exposed, 0 AS part_clicked, 0 AS part_units
  FROM scope
  WHERE type = 'hotspot_click'
  UNION ALL
  SELECT shown_product, view_day, 0, 1, clicked, 0 FROM by_view
  UNION ALL
  SELECT i.item_id, CAST(FLOOR(o.order_ms / 86400000.0) AS BIGINT), 0, 0, 0, COALESCE(i.quantity, 1)
  FROM told_orders o JOIN items i ON i.event_id = o.order_event
  WHERE o.told = 1 AND i.item_id IS NOT NULL AND i.type = 'purchase'
)
SELECT
  part_product AS product,
  part_day AS day,
  SUM(part_clicks) AS clicks,
  SUM(part_exposed) AS exposed_views,
  SUM(part_clicked) AS clicked_views,
  SUM(part_units) AS units
FROM parts
GROUP BY part_product, part_day
ORDER BY product, day
