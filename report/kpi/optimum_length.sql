-- title: Optimum length
-- unit: one row for each video
-- population: a view and a hotspot that was shown to it, put where the exposure was counted; of machines none
-- window: exposures and clicks in the period
-- column video (text): the video
-- column exposures (count): views and hotspots with an exposure
-- column clicked (count): those of them with a click on the hotspot
-- column hctr (rate of clicked in exposures): clicked in exposures, over the whole video
-- column peak_second (seconds): start of the five seconds with the highest HCTR, of those with 30 exposures or more
-- column peak_exposures (count): exposures in them
-- column peak_clicked (count): those of them with a click
-- column peak_hctr (rate of peak_clicked in peak_exposures): HCTR in them
-- column optimum_length (seconds): from here on every five seconds with 30 exposures or more stay under half of the peak; nothing where the last of them does not
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
  SELECT video, COALESCE(exposed_bucket, first_bucket) AS bucket, COUNT(*) AS shown, SUM(was_clicked) AS hits
  FROM pairs
  GROUP BY video, COALESCE(exposed_bucket, first_bucket)
),
solid AS (
  SELECT video, bucket, shown, hits,
    1.0 * hits / shown AS bucket_rate,
    ROW_NUMBER() OVER (PARTITION BY video ORDER BY 1.0 * hits / shown DESC, bucket) AS place
  FROM curve
  WHERE shown >= 30
),
peaks AS (
  SELECT video AS peak_video, bucket AS peak_bucket, shown AS peak_shown, hits AS peak_hits, bucket_rate AS peak_rate
  FROM solid
  WHERE place = 1 AND hits > 0
),
-- The last five seconds that reach half of the peak, and whether others follow.
reach AS (
  SELECT p.peak_video, p.peak_bucket, p.peak_shown, p.peak_hits,
    MAX(CASE WHEN s.bucket_rate >= 0.5 * p.peak_rate THEN s.bucket END) AS last_good,
    MAX(s.bucket) AS last_bucket
  FROM peaks p JOIN solid s ON s.video = p.peak_video
  GROUP BY p.peak_video, p.peak_bucket, p.peak_shown, p.peak_hits
),
totals AS (
  SELECT video AS total_video, SUM(shown) AS all_shown, SUM(hits) AS all_hits FROM curve GROUP BY video
)
SELECT
  t.total_video AS video,
  t.all_shown AS exposures,
  t.all_hits AS clicked,
  1.0 * t.all_hits / t.all_shown AS hctr,
  r.peak_bucket AS peak_second,
  r.peak_shown AS peak_exposures,
  r.peak_hits AS peak_clicked,
  1.0 * r.peak_hits / r.peak_shown AS peak_hctr,
  CASE WHEN r.last_good < r.last_bucket THEN r.last_good + 5 END AS optimum_length
FROM totals t LEFT JOIN reach r ON r.peak_video = t.total_video
ORDER BY video
