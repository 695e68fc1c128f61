-- title: Click map
-- unit: one row for each video, five seconds of it and 5 % by 5 % of the picture
-- population: events that say where on the picture was clicked; of machines none
-- window: the period
-- column video (text): the video
-- column from_second (seconds): start of the five seconds
-- column x_percent (number): left edge of the field, in percent of the picture
-- column y_percent (number): top edge of the field
-- column clicks (count): clicks there
-- column hit_clicks (count): those of them on a hotspot
-- column missed_clicks (count): those of them beside all hotspots
-- column hit_rate (rate of hit_clicks in clicks): hits in clicks
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
clicks_at AS (
  SELECT
    video_id AS video,
    CAST(FLOOR(media_time / 5) AS BIGINT) * 5 AS bucket,
    CASE WHEN x >= 100 THEN 95 ELSE CAST(FLOOR(x / 5) AS BIGINT) * 5 END AS field_x,
    CASE WHEN y >= 100 THEN 95 ELSE CAST(FLOOR(y / 5) AS BIGINT) * 5 END AS field_y,
    CASE WHEN hotspot_id IS NOT NULL THEN 1 ELSE 0 END AS hit
  FROM scope
  WHERE x >= 0 AND x <= 100 AND y >= 0 AND y <= 100 AND media_time >= 0
    AND ($segment = '' OR segment_id = $segment)
)
SELECT
  video,
  bucket AS from_second,
  field_x AS x_percent,
  field_y AS y_percent,
  COUNT(*) AS clicks,
  SUM(hit) AS hit_clicks,
  SUM(1 - hit) AS missed_clicks,
  1.0 * SUM(hit) / COUNT(*) AS hit_rate
FROM clicks_at
GROUP BY video, bucket, field_x, field_y
ORDER BY video, from_second, y_percent, x_percent
