-- title: Sales before and after a launch
-- unit: one row for each value of the dimension and currency
-- population: orders, each once; of machines none
-- window: as many whole days before the day of --launch as from it on, whole weeks where there are any
-- by: all product video
-- column dimension (text): what the row is about; a product by the lines of orders
-- column currency (text): of the orders; different ones are never added
-- column days (count): days on each side
-- column orders_before (count): orders with it in these days before
-- column orders_after (count): orders from the day of the launch on
-- column orders_change (number): orders a day after, less those before
-- column orders_change_low (number): the lower end of its 95 % interval (Welch, by days)
-- column orders_change_high (number): its upper end
-- column revenue_before (money): of the orders, or of the product's lines
-- column revenue_after (money): the same from the launch on
-- column revenue_change (money): revenue a day after, less that before
-- column revenue_change_low (money): the lower end of its 95 % interval (Welch, by days)
-- column revenue_change_high (money): its upper end
-- column note (text): what is to be known of it
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
),
days AS (
  SELECT MIN(CAST(FLOOR(time / 86400000.0) AS BIGINT)) AS first_day, MAX(CAST(FLOOR(time / 86400000.0) AS BIGINT)) AS last_day FROM scope
),
told_orders AS (
  SELECT event_id AS order_event,
    CAST(FLOOR(time / 86400000.0) AS BIGINT) AS order_day,
    COALESCE(video_id, '(none)') AS order_video,
    value AS order_value,
    COALESCE(currency, '(none)') AS order_currency,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM scope
  WHERE type = 'purchase'
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
),
sales AS (
  SELECT order_event, order_day, order_currency AS sale_currency, CASE WHEN $by = 'video' THEN order_video ELSE 'all' END AS place, order_value AS sale_value
  FROM told_orders
  WHERE told = 1 AND $by <> 'product'
  UNION ALL
  SELECT o.order_event, o.order_day, COALESCE(i.currency, o.order_currency), COALESCE(i.item_id, '(none)'), i.price * COALESCE(i.quantity, 1)
  FROM told_orders o JOIN items i ON i.event_id = o.order_event
  WHERE o.told = 1 AND $by = 'product' AND i.type = 'purchase'
),
rows_of_all AS (
  SELECT 'days' AS row_kind, '' AS row_place, '' AS row_currency, first_day AS row_day, last_day AS row_count, 0 AS row_value
  FROM days
  WHERE first_day IS NOT NULL
  UNION ALL
  SELECT 'sales', place, sale_currency, order_day, COUNT(DISTINCT order_event), SUM(COALESCE(sale_value, 0))
  FROM sales
  GROUP BY place, sale_currency, order_day
)
SELECT
  row_kind AS kind,
  row_place AS dimension,
  row_currency AS currency,
  row_day AS day,
  row_count AS amount,
  row_value AS value
FROM rows_of_all
ORDER BY kind, dimension, currency, day
