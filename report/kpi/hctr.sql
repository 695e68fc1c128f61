-- title: HCTR by hotspot
-- unit: one row for each video, hotspot and value of the dimension
-- population: views with an exposure of the hotspot (on screen for a second in all), or a click on it; of machines none
-- window: exposures and clicks in the period
-- by: all segment campaign source variant device day
-- column video (text): the video
-- column hotspot (text): the hotspot
-- column dimension (text): what the row is about
-- column exposed_views (count): different views that the hotspot was shown to
-- column clicked_views (count): those of them that clicked it
-- column hctr (rate of clicked_views in exposed_views): clicked views in exposed views
-- column clicks (count): all clicks, also repeated ones of a view
-- column viewers (count): different viewers of the exposed views
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
  SELECT view_id, viewer_id, type, time, video_id AS video, hotspot_id AS hotspot,
    CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'segment' THEN segment_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
      WHEN $by = 'device' THEN device
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(time / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END AS touch_dimension
  FROM scope
  WHERE type IN ('hotspot_exposure', 'hotspot_click') AND view_id IS NOT NULL AND hotspot_id IS NOT NULL AND video_id IS NOT NULL
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($segment = '' OR segment_id = $segment)
),
by_view AS (
  SELECT
    video,
    hotspot,
    COALESCE(touch_dimension, '(none)') AS dimension,
    view_id,
    SUM(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS view_clicks
  FROM touches
  GROUP BY video, hotspot, COALESCE(touch_dimension, '(none)'), view_id
),
by_viewer AS (
  SELECT DISTINCT video AS viewer_video, hotspot AS viewer_hotspot, COALESCE(touch_dimension, '(none)') AS viewer_dimension, viewer_id AS viewer
  FROM touches
  WHERE viewer_id IS NOT NULL
),
viewers AS (
  SELECT viewer_video, viewer_hotspot, viewer_dimension, COUNT(*) AS viewer_count
  FROM by_viewer
  GROUP BY viewer_video, viewer_hotspot, viewer_dimension
),
counted AS (
  SELECT
    video,
    hotspot,
    dimension,
    COUNT(*) AS exposed_views,
    SUM(CASE WHEN view_clicks > 0 THEN 1 ELSE 0 END) AS clicked_views,
    SUM(view_clicks) AS clicks
  FROM by_view
  GROUP BY video, hotspot, dimension
)
SELECT
  c.video AS video,
  c.hotspot AS hotspot,
  c.dimension AS dimension,
  c.exposed_views AS exposed_views,
  c.clicked_views AS clicked_views,
  1.0 * c.clicked_views / c.exposed_views AS hctr,
  c.clicks AS clicks,
  COALESCE(v.viewer_count, 0) AS viewers
FROM counted c
LEFT JOIN viewers v ON v.viewer_video = c.video AND v.viewer_hotspot = c.hotspot AND v.viewer_dimension = c.dimension
ORDER BY exposed_views DESC, video, hotspot, dimension
