-- title: Overview
-- unit: one row for each value of the dimension
-- population: views that began in the period; of machines none
-- window: what these views did in the period
-- by: all site video campaign source variant device locale day
-- column dimension (text): what the row is about
-- column impressions (count): views that began: the overlay was attached to the video
-- column viewers (count): different viewers of these views
-- column played_views (count): views that played something of the video
-- column play_rate (rate of played_views in impressions): played views in views
-- column watch_seconds (seconds): seconds of video that were played, each of a view once
-- column watch_seconds_per_view (seconds): of a played view, on average
-- column completed_views (count): views that played all of the video
-- column completion_rate (rate of completed_views in played_views): completed views in played views
-- column interactive_views (count): views with a click on the overlay: hotspot, list, card or button
-- column interactive_view_rate (rate of interactive_views in impressions): interactive views in views
-- column engaged_views (count): views that are interactive, or played a quarter of the video
-- column engagement_rate (rate of engaged_views in impressions): engaged views in views
-- column clicked_views (count): views with a click on a hotspot
-- column ctr (rate of clicked_views in impressions): clicked views in views
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
by_view AS (
  SELECT
    view_id,
    MAX(viewer_id) AS viewer,
    COALESCE(MAX(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN type <> 'impression' AND $by <> 'variant' THEN NULL
      WHEN $by = 'site' THEN site
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
      WHEN $by = 'device' THEN device
      WHEN $by = 'locale' THEN locale
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(time / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END), '(none)') AS dimension,
    MAX(CASE WHEN type = 'impression' THEN 1 ELSE 0 END) AS began,
    MAX(CASE WHEN type IN ('play', 'progress', 'end') THEN 1 ELSE 0 END) AS played,
    MAX(CASE WHEN type = 'progress' AND percent = 100 THEN 1 ELSE 0 END) AS completed,
    MAX(CASE WHEN type = 'progress' THEN 1 ELSE 0 END) AS quarter,
    MAX(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN type IN ('hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now') THEN 1 ELSE 0 END) AS interactive
  FROM scope
  WHERE view_id IS NOT NULL AND ($by = 'variant' OR type IN (
    'impression', 'play', 'progress', 'end', 'hotspot_click', 'view_item_list', 'select_item', 'add_to_cart', 'buy_now'))
  GROUP BY view_id
),
watch AS (
  SELECT view_id AS watched_view, SUM(end_s - start_s) AS seconds FROM watched GROUP BY view_id
),
views AS (
  SELECT b.dimension, b.viewer, b.completed, b.clicked, b.interactive,
    CASE WHEN b.interactive = 1 OR b.quarter = 1 THEN 1 ELSE 0 END AS engaged,
    CASE WHEN b.played = 1 OR w.seconds > 0 THEN 1 ELSE 0 END AS played,
    COALESCE(w.seconds, 0.0) AS seconds
  FROM by_view b LEFT JOIN watch w ON w.watched_view = b.view_id
  WHERE b.began = 1
),
sums AS (
  SELECT
    dimension,
    COUNT(*) AS impressions,
    COUNT(DISTINCT viewer) AS viewers,
    SUM(played) AS played_views,
    SUM(seconds) AS watch_seconds,
    SUM(completed) AS completed_views,
    SUM(interactive) AS interactive_views,
    SUM(engaged) AS engaged_views,
    SUM(clicked) AS clicked_views
  FROM views
  GROUP BY dimension
)
SELECT
  dimension,
  impressions,
  viewers,
  played_views,
  1.0 * played_views / impressions AS play_rate,
  watch_seconds,
  watch_seconds / NULLIF(played_views, 0) AS watch_seconds_per_view,
  completed_views,
  1.0 * completed_views / NULLIF(played_views, 0) AS completion_rate,
  interactive_views,
  1.0 * interactive_views / impressions AS interactive_view_rate,
  engaged_views,
  1.0 * engaged_views / impressions AS engagement_rate,
  clicked_views,
  1.0 * clicked_views / impressions AS ctr
FROM sums
ORDER BY impressions DESC, dimension
