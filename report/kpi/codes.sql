-- title: Discount codes
-- unit: one row for each code and currency
-- population: orders with a coupon, each order once; of machines none
-- window: orders of the period
-- column code (text): the coupon, in upper case
-- column currency (text): of the orders; different ones are never added
-- column orders (count): orders with this code
-- column viewers (count): different viewers who ordered
-- column caused_orders (count): those of the orders that a touch in a video led to
-- column caused_share (rate of caused_orders in orders): such orders in orders
-- column revenue (money): of the orders
-- column revenue_per_order (money): revenue by orders
WITH told_orders AS (
  SELECT UPPER(coupon) AS order_code, viewer_id AS order_viewer, value AS order_value, COALESCE(currency, '(none)') AS order_currency,
    CASE WHEN cause IS NOT NULL THEN 1 ELSE 0 END AS caused,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase'
    AND ($site = '' OR site = $site)
)
SELECT
  order_code AS code,
  order_currency AS currency,
  COUNT(*) AS orders,
  COUNT(DISTINCT order_viewer) AS viewers,
  SUM(caused) AS caused_orders,
  1.0 * SUM(caused) / COUNT(*) AS caused_share,
  SUM(order_value) AS revenue,
  1.0 * SUM(order_value) / COUNT(*) AS revenue_per_order
FROM told_orders
WHERE told = 1 AND order_code IS NOT NULL
GROUP BY order_code, order_currency
ORDER BY orders DESC, code, currency
