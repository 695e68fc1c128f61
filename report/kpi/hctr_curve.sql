-- title: HCTR over the video
-- unit: one row for each video and five seconds of it
-- population: a view and a hotspot that was shown to it, put where the exposure was counted; of machines none
-- window: exposures and clicks in the period
-- column video (text): the video
-- column from_second (seconds): start of the five seconds
-- column exposures (count): views and hotspots with their exposure in these five seconds
-- column clicked (count): those of them with a click on the hotspot, then or later in the view
-- column hctr (rate of clicked in exposures): clicked in exposures: the hotspots of these seconds, weighted by how often they were shown
-- column clicks_here (count): clicks on any hotspot while the video showed these five seconds
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
  SELECT view_id, video_id AS video, hotspot_id AS hotspot, type,
    CAST(FLOOR(media_time / 5) AS BIGINT) * 5 AS bucket
  FROM scope
  WHERE type IN ('hotspot_exposure', 'hotspot_click') AND view_id IS NOT NULL AND hotspot_id IS NOT NULL AND media_time >= 0
    AND ($hotspot = '' OR hotspot_id = $hotspot)
),
pairs AS (
  SELECT
    view_id, video, hotspot,
    MIN(CASE WHEN type = 'hotspot_exposure' THEN bucket END) AS exposed_bucket,
    MIN(bucket) AS first_bucket,
    MAX(CASE WHEN type = 'hotspot_click' THEN 1 ELSE 0 END) AS was_clicked
  FROM touches
  GROUP BY view_id, video, hotspot
),
curve AS (
  SELECT video, COALESCE(exposed_bucket, first_bucket) AS from_second, COUNT(*) AS exposures, SUM(was_clicked) AS clicked
  FROM pairs
  GROUP BY video, COALESCE(exposed_bucket, first_bucket)
),
here AS (
  SELECT video AS here_video, bucket AS here_bucket, COUNT(*) AS here_clicks
  FROM touches
  WHERE type = 'hotspot_click'
  GROUP BY video, bucket
),
places AS (
  SELECT video AS place_video, from_second AS place_bucket FROM curve
  UNION
  SELECT here_video, here_bucket FROM here
)
SELECT
  p.place_video AS video,
  p.place_bucket AS from_second,
  COALESCE(c.exposures, 0) AS exposures,
  COALESCE(c.clicked, 0) AS clicked,
  1.0 * c.clicked / c.exposures AS hctr,
  COALESCE(h.here_clicks, 0) AS clicks_here
FROM places p
LEFT JOIN curve c ON c.video = p.place_video AND c.from_second = p.place_bucket
LEFT JOIN here h ON h.here_video = p.place_video AND h.here_bucket = p.place_bucket
ORDER BY video, from_second
