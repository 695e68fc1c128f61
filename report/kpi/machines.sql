-- title: Machines, which the other figures leave out
-- unit: one row for each value of the dimension
-- population: all events that came in the period, of machines and of viewers, also of types that are not in the catalogue
-- window: the period
-- by: all site video day
-- column dimension (text): what the row is about
-- column events (count): all that came, each once
-- column machine_events (count): those of them that machines sent, by what they say they are
-- column machine_event_share (rate of machine_events in events): such events in events
-- column views (count): views that began
-- column machine_views (count): those of machines
-- column machine_view_share (rate of machine_views in views): such views in views
WITH marked AS (
  SELECT type, view_id,
    CASE WHEN NOT bot THEN 0 ELSE 1 END AS by_machine,
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'site' THEN site
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(time / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END, '(none)') AS place
  FROM events
  WHERE time >= $from AND time < $to
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
),
counted AS (
  SELECT place, COUNT(*) AS all_n, SUM(by_machine) AS machine_n FROM marked GROUP BY place
),
begun AS (
  SELECT place AS begun_place, view_id, MAX(by_machine) AS begun_machine
  FROM marked
  WHERE type = 'impression' AND view_id IS NOT NULL
  GROUP BY place, view_id
),
views AS (
  SELECT begun_place, COUNT(*) AS view_n, SUM(begun_machine) AS machine_view_n FROM begun GROUP BY begun_place
)
SELECT
  c.place AS dimension,
  c.all_n AS events,
  c.machine_n AS machine_events,
  1.0 * c.machine_n / c.all_n AS machine_event_share,
  COALESCE(v.view_n, 0) AS views,
  COALESCE(v.machine_view_n, 0) AS machine_views,
  1.0 * v.machine_view_n / v.view_n AS machine_view_share
FROM counted c LEFT JOIN views v ON v.begun_place = c.place
ORDER BY events DESC, dimension
