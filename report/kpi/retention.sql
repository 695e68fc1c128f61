-- title: Retention by second
-- unit: one row for each video and second of it
-- population: views that began in the period and played something of the video; of machines none
-- window: what these views played in the period
-- column video (text): the video
-- column at_second (seconds): the second, from 0
-- column started_views (count): views that played something of the video
-- column watching_views (count): those of them that played something of this second
-- column retention (rate of watching_views in started_views): such views in started views
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
began AS (
  SELECT view_id AS begun_view, MAX(video_id) AS video FROM scope
  WHERE type = 'impression' AND view_id IS NOT NULL
  GROUP BY view_id
),
stretches AS (
  SELECT b.video, w.view_id,
    CAST(FLOOR(w.start_s) AS BIGINT) AS first_second,
    CAST(CEIL(w.end_s) AS BIGINT) AS past_second
  FROM watched w JOIN began b ON b.begun_view = w.view_id
),
whole AS (
  SELECT video, view_id, MIN(first_second) AS first_of_all, MAX(past_second) AS past_of_all, COUNT(*) AS stretch_count
  FROM stretches
  GROUP BY video, view_id
),
-- Two stretches of a view may touch the same second: it counts once. Most views have one.
followed AS (
  SELECT s.video, s.view_id, s.first_second, s.past_second,
    MAX(s.past_second) OVER (
      PARTITION BY s.view_id ORDER BY s.first_second, s.past_second ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS past_before
  FROM whole w JOIN stretches s ON s.view_id = w.view_id
  WHERE w.stretch_count > 1
),
apart AS (
  SELECT video, view_id, first_of_all AS first_new, past_of_all AS past_second FROM whole WHERE stretch_count = 1
  UNION ALL
  SELECT video, view_id,
    CASE WHEN past_before > first_second THEN past_before ELSE first_second END,
    past_second
  FROM followed
  WHERE past_before IS NULL OR past_second > past_before
),
changes AS (
  SELECT video, changed_second, SUM(delta) AS delta_sum FROM (
    SELECT video, first_new AS changed_second, 1 AS delta FROM apart
    UNION ALL
    SELECT video, past_second AS changed_second, -1 AS delta FROM apart
  ) AS both_ends
  GROUP BY video, changed_second
),
lengths AS (
  SELECT video AS length_video, MAX(past_second) AS length_seconds, COUNT(DISTINCT view_id) AS started FROM apart GROUP BY video
),
digits AS (
  SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
),
-- Videos of up to 10,000 seconds.
numbers AS (
  SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n
  FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits e
),
grid AS (
  SELECT l.length_video, l.started, n.n AS at_n FROM lengths l JOIN numbers n ON n.n < l.length_seconds
),
curve AS (
  SELECT g.length_video, g.at_n, g.started,
    SUM(COALESCE(c.delta_sum, 0)) OVER (
      PARTITION BY g.length_video ORDER BY g.at_n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS watching
  FROM grid g LEFT JOIN changes c ON c.video = g.length_video AND c.changed_second = g.at_n
)
SELECT
  length_video AS video,
  at_n AS at_second,
  started AS started_views,
  watching AS watching_views,
  1.0 * watching / started AS retention
FROM curve
ORDER BY video, at_second
