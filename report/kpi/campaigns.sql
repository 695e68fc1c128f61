-- title: Campaigns: views, leads, orders
-- unit: one row for each campaign and currency
-- population: views that began in the period; of machines none
-- window: views, leads and orders of the period; an order counts for the view of the touch that led to it
-- column source (text): campaign.source of the view
-- column campaign (text): campaign.name of the view
-- column currency (text): of the orders; different ones are never added
-- column views (count): views that began
-- column viewers (count): different viewers of them
-- column clicked_views (count): views with a click on a hotspot
-- column ctr (rate of clicked_views in views): clicked views in views
-- column lead_views (count): views with a lead: an event generate_lead or lead of the page's own
-- column lead_rate (rate of lead_views in views): such views in views
-- column order_views (count): views with a touch that led to an order in this currency
-- column order_rate (rate of order_views in views): such views in views
-- column orders (count): different orders in this currency
-- column revenue (money): of these orders, whole orders
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND (NOT unknown OR type IN ('generate_lead', 'lead'))
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
views AS (
  SELECT view_id AS view_no, MAX(viewer_id) AS viewer,
    COALESCE(MAX(campaign_source), '(none)') AS view_source, COALESCE(MAX(campaign_name), '(none)') AS view_campaign,
    MAX(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN type IN ('generate_lead', 'lead') THEN 1 ELSE 0 END) AS led
  FROM scope
  WHERE view_id IS NOT NULL AND type IN ('impression', 'hotspot_click', 'generate_lead', 'lead')
  GROUP BY view_id
  HAVING MAX(CASE WHEN type = 'impression' THEN 1 ELSE 0 END) = 1
),
seen AS (
  SELECT view_source, view_campaign, COUNT(*) AS seen_views, COUNT(DISTINCT viewer) AS seen_viewers, SUM(clicked) AS seen_clicked, SUM(led) AS seen_led
  FROM views
  GROUP BY view_source, view_campaign
),
told_orders AS (
  SELECT cause AS order_cause, COALESCE(order_id, event_id) AS order_no, value AS order_value, COALESCE(currency, '(none)') AS order_currency,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'purchase'
    AND ($site = '' OR site = $site)
),
sold AS (
  SELECT v.view_source AS sold_source, v.view_campaign AS sold_campaign, o.order_currency,
    COUNT(DISTINCT v.view_no) AS sold_views, COUNT(*) AS sold_orders, SUM(o.order_value) AS sold_value
  FROM told_orders o
  JOIN scope t ON t.event_id = o.order_cause
  JOIN views v ON v.view_no = t.view_id
  WHERE o.told = 1 AND t.type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now')
  GROUP BY v.view_source, v.view_campaign, o.order_currency
)
SELECT
  s.view_source AS source,
  s.view_campaign AS campaign,
  COALESCE(o.order_currency, '(none)') AS currency,
  s.seen_views AS views,
  s.seen_viewers AS viewers,
  s.seen_clicked AS clicked_views,
  1.0 * s.seen_clicked / s.seen_views AS ctr,
  s.seen_led AS lead_views,
  1.0 * s.seen_led / s.seen_views AS lead_rate,
  COALESCE(o.sold_views, 0) AS order_views,
  1.0 * COALESCE(o.sold_views, 0) / s.seen_views AS order_rate,
  COALESCE(o.sold_orders, 0) AS orders,
  COALESCE(o.sold_value, 0) AS revenue
FROM seen s LEFT JOIN sold o ON o.sold_source = s.view_source AND o.sold_campaign = s.view_campaign
ORDER BY views DESC, source, campaign, currency
