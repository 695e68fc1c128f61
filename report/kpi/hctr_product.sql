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
  SELECT * FROM items
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND type IN ('hotspot_exposure', 'hotspot_click', 'add_to_cart', 'buy_now') AND view_id IS NOT NULL AND item_id IS NOT NULL
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($segment = '' OR segment_id = $segment)
),
by_product_view AS (
  SELECT
    item_id AS product,
    view_id AS touch_view,
    MAX(CASE WHEN type IN ('hotspot_exposure', 'hotspot_click') THEN 1 ELSE 0 END) AS exposed,
    MAX(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN type IN ('add_to_cart', 'buy_now') THEN 1 ELSE 0 END) AS carted
  FROM scope
  GROUP BY item_id, view_id
),
-- Apart, as texts are dear to compare for every view.
titles AS (
  SELECT item_id AS titled_product, MAX(item_name) AS item_title FROM items
  WHERE item_id IS NOT NULL AND time >= $from AND time < $to AND ($site = '' OR site = $site)
  GROUP BY item_id
),
hotspots AS (
  SELECT product AS hotspot_product, COUNT(*) AS hotspot_count
  FROM (SELECT DISTINCT item_id AS product, video_id AS video, hotspot_id AS hotspot FROM scope WHERE hotspot_id IS NOT NULL) AS places
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
