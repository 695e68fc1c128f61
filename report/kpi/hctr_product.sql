-- title: HCTR by product
-- unit: one row for each product
-- population: views with an exposure of a hotspot that has the product, or a click on one; of machines none
-- window: exposures and clicks in the period
-- column product (text): its item_id
-- column product_name (text): its item_name
-- column hotspots (count): different hotspots that have it
-- column exposed_views (count): different views that one of them was shown to
-- column clicked_views (count): those of them that clicked one
-- column hctr (rate of clicked_views in exposed_views): clicked views in exposed views
-- column carted_views (count): those of them that added the product to the cart, or pressed buy now
-- column cart_rate (rate of carted_views in exposed_views): such views in exposed views
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
touches AS (
  SELECT event_id AS touch_id, view_id AS touch_view, type AS touch_type, video_id AS video, hotspot_id AS hotspot
  FROM scope
  WHERE type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now') AND view_id IS NOT NULL
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($segment = '' OR segment_id = $segment)
),
by_view AS (
  SELECT
    i.item_id AS product,
    t.touch_view,
    t.video,
    t.hotspot,
    MAX(CASE WHEN t.touch_type IN ('hotspot_exposure', 'hotspot_click') THEN 1 ELSE 0 END) AS exposed,
    MAX(CASE WHEN t.touch_type = 'hotspot_click' THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN t.touch_type IN ('add_to_cart', 'buy_now') THEN 1 ELSE 0 END) AS carted
  FROM touches t JOIN items i ON i.event_id = t.touch_id
  WHERE i.item_id IS NOT NULL
  GROUP BY i.item_id, t.touch_view, t.video, t.hotspot
),
by_product_view AS (
  SELECT product, touch_view, MAX(exposed) AS exposed, MAX(clicked) AS clicked, MAX(carted) AS carted
  FROM by_view
  GROUP BY product, touch_view
),
-- Apart, as texts are dear to compare for every view.
titles AS (
  SELECT item_id AS titled_product, MAX(item_name) AS item_title FROM items
  WHERE item_id IS NOT NULL AND time >= $from AND time < $to AND ($site = '' OR site = $site)
  GROUP BY item_id
),
hotspots AS (
  SELECT product AS hotspot_product, COUNT(*) AS hotspot_count
  FROM (SELECT DISTINCT product, video, hotspot FROM by_view WHERE hotspot IS NOT NULL) AS places
  GROUP BY product
)
SELECT
  b.product AS product,
  MAX(n.item_title) AS product_name,
  COALESCE(MAX(h.hotspot_count), 0) AS hotspots,
  SUM(b.exposed) AS exposed_views,
  SUM(b.exposed * b.clicked) AS clicked_views,
  1.0 * SUM(b.exposed * b.clicked) / NULLIF(SUM(b.exposed), 0) AS hctr,
  SUM(b.exposed * b.carted) AS carted_views,
  1.0 * SUM(b.exposed * b.carted) / NULLIF(SUM(b.exposed), 0) AS cart_rate
FROM by_product_view b LEFT JOIN hotspots h ON h.hotspot_product = b.product LEFT JOIN titles n ON n.titled_product = b.product
GROUP BY b.product
ORDER BY exposed_views DESC, product
