-- title: Return
-- unit: one row for each video and currency: amounts that could be changed, then each currency that could not
-- population: views that began, leads, and orders whose last touch was in the video, each order once; of machines none
-- window: views, leads and orders of the period, and all costs of the file; an amount is changed at the rate of its day or the last before it
-- column video (text): the video
-- column currency (text): of the amounts; different ones are never added
-- column revenue (money): of the orders
-- column margin (money): revenue less the unit costs of what was ordered; nothing where one of these is not known
-- column cost (money): of the video
-- column roi (number): margin less cost, by cost
-- column roas (number): revenue by cost
-- column views (count): views that began
-- column interactive_views (count): views with a press on a hotspot or in a card
-- column leads (count): events of type lead or generate_lead
-- column orders (count): orders in amounts of this row
-- column cost_per_view (money): cost by views
-- column cost_per_interactive_view (money): cost by interactive views
-- column cost_per_lead (money): cost by leads
-- column cost_per_order (money): cost by orders
-- column note (text): what was left out
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign OR type = 'purchase')
    AND ($device = '' OR device = $device)
),
by_view AS (
  SELECT
    video_id AS view_video,
    view_id,
    MAX(CASE WHEN type = 'impression' THEN 1 ELSE 0 END) AS began,
    MAX(CASE WHEN type IN ('hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now') THEN 1 ELSE 0 END) AS interactive
  FROM scope
  WHERE NOT unknown AND view_id IS NOT NULL AND video_id IS NOT NULL
    AND type IN ('impression', 'hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now')
  GROUP BY video_id, view_id
),
told_orders AS (
  SELECT
    event_id AS order_event,
    COALESCE(video_id, '(none)') AS order_video,
    CAST(FLOOR(time / 86400000.0) AS BIGINT) AS order_day,
    value AS order_value,
    COALESCE(currency, '(none)') AS order_currency,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM scope
  WHERE type = 'purchase' AND NOT unknown
),
rows_of_all AS (
  SELECT 'views' AS row_kind, view_video AS row_video, 0 AS row_day, '' AS row_currency, '' AS row_product,
    COUNT(*) AS row_count, SUM(interactive) AS row_more, 0 AS row_value
  FROM by_view
  WHERE began = 1
  GROUP BY view_video
  UNION ALL
  SELECT 'leads', COALESCE(video_id, '(none)'), 0, '', '', COUNT(*), 0, 0
  FROM scope
  WHERE type IN ('generate_lead', 'lead')
  GROUP BY COALESCE(video_id, '(none)')
  UNION ALL
  SELECT 'orders', order_video, order_day, order_currency, '', COUNT(*), 0, SUM(COALESCE(order_value, 0))
  FROM told_orders
  WHERE told = 1
  GROUP BY order_video, order_day, order_currency
  UNION ALL
  SELECT 'units', o.order_video, o.order_day, o.order_currency, COALESCE(i.item_id, '(none)'), SUM(COALESCE(i.quantity, 1)), 0, 0
  FROM told_orders o LEFT JOIN items i ON i.event_id = o.order_event AND i.type = 'purchase'
  WHERE o.told = 1
  GROUP BY o.order_video, o.order_day, o.order_currency, COALESCE(i.item_id, '(none)')
)
SELECT
  row_kind AS kind,
  row_video AS video,
  row_day AS day,
  row_currency AS currency,
  row_product AS product,
  row_count AS amount,
  row_more AS interactive,
  row_value AS value
FROM rows_of_all
ORDER BY kind, video, day, currency, product
