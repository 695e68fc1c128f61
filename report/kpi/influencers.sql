-- title: Influencers
-- unit: one row for each influencer and currency: amounts that could be changed, then each currency that could not
-- population: views that came by an influencer's link, and orders by link or discount code, each order once; of machines none
-- window: views, leads and orders of the period, and all costs of the file
-- column influencer (text): by the file of --influencers; without it, campaign.source of links with campaign.medium influencer
-- column currency (text): of the amounts; different ones are never added
-- column views (count): views that began, by the influencer's links
-- column interactive_views (count): views with a press on a hotspot or in a card
-- column lead_views (count): views with a lead: generate_lead, or lead of the page's own
-- column lead_rate (rate of lead_views in views): such views in views
-- column orders (count): orders by link or code
-- column link_orders (count): those whose touch was in a view that came by a link
-- column code_orders (count): those that have nothing but the code
-- column revenue (money): of the orders, whole orders
-- column cost (money): of the influencer
-- column roas (number): revenue by cost
-- column cost_per_view (money): cost by views
-- column cost_per_interactive_view (money): cost by interactive views
-- column cost_per_lead (money): cost by views with a lead
-- column cost_per_order (money): cost by orders
-- column note (text): what was left out
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND (NOT unknown OR type IN ('generate_lead', 'lead'))
    AND ($site = '' OR site = $site)
),
views AS (
  SELECT view_id,
    COALESCE(MAX(campaign_source), '') AS view_source,
    COALESCE(MAX(campaign_medium), '') AS view_medium,
    COALESCE(MAX(campaign_name), '') AS view_campaign,
    MAX(CASE WHEN type IN ('hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now') THEN 1 ELSE 0 END) AS interactive,
    MAX(CASE WHEN type IN ('generate_lead', 'lead') THEN 1 ELSE 0 END) AS led
  FROM scope
  WHERE view_id IS NOT NULL
    AND type IN ('impression', 'hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now', 'generate_lead', 'lead')
    AND ($video = '' OR video_id = $video)
    AND ($device = '' OR device = $device)
  GROUP BY view_id
  HAVING MAX(CASE WHEN type = 'impression' THEN 1 ELSE 0 END) = 1
),
told_orders AS (
  SELECT cause AS order_cause,
    CAST(FLOOR(time / 86400000.0) AS BIGINT) AS order_day,
    value AS order_value,
    COALESCE(currency, '(none)') AS order_currency,
    UPPER(COALESCE(coupon, '')) AS order_code,
    campaign_source AS own_source, campaign_medium AS own_medium, campaign_name AS own_campaign,
    ROW_NUMBER() OVER (PARTITION BY site, COALESCE(order_id, event_id) ORDER BY time, event_id) AS told
  FROM scope
  WHERE type = 'purchase'
    AND ($video = '' OR video_id = $video)
    AND ($device = '' OR device = $device)
),
-- By the page of the touch that led to the order; where none did, by that of the order.
linked AS (
  SELECT o.order_day, o.order_value, o.order_currency, o.order_code,
    COALESCE(CASE WHEN t.event_id IS NULL THEN o.own_source ELSE t.campaign_source END, '') AS link_source,
    COALESCE(CASE WHEN t.event_id IS NULL THEN o.own_medium ELSE t.campaign_medium END, '') AS link_medium,
    COALESCE(CASE WHEN t.event_id IS NULL THEN o.own_campaign ELSE t.campaign_name END, '') AS link_campaign
  FROM told_orders o LEFT JOIN scope t ON t.event_id = o.order_cause AND t.type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now')
  WHERE o.told = 1
),
rows_of_all AS (
  SELECT 'views' AS row_kind, view_source AS row_source, view_medium AS row_medium, view_campaign AS row_campaign,
    '' AS row_code, '' AS row_currency, 0 AS row_day, COUNT(*) AS row_count, SUM(interactive) AS row_more, SUM(led) AS row_leads, 0 AS row_value
  FROM views
  GROUP BY view_source, view_medium, view_campaign
  UNION ALL
  SELECT 'orders', link_source, link_medium, link_campaign, order_code, order_currency, order_day, COUNT(*), 0, 0, SUM(COALESCE(order_value, 0))
  FROM linked
  GROUP BY link_source, link_medium, link_campaign, order_code, order_currency, order_day
)
SELECT
  row_kind AS kind,
  row_source AS source,
  row_medium AS medium,
  row_campaign AS campaign,
  row_code AS code,
  row_currency AS currency,
  row_day AS day,
  row_count AS amount,
  row_more AS interactive,
  row_leads AS leads,
  row_value AS value
FROM rows_of_all
ORDER BY kind, source, medium, campaign, code, currency, day
