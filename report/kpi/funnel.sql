-- title: Funnel
-- unit: one row for each value of the dimension and step
-- population: viewers with an exposure of a hotspot, or a click on one; of machines none
-- window: the period; a step counts where the one before it came first
-- by: all video hotspot campaign source variant device
-- column dimension (text): what the row is about
-- column step_number (count): 1 to 6
-- column step (text): exposure, click, card, add, checkout, order
-- column viewers (count): viewers that came to this step
-- column before_viewers (count): viewers that came to the step before it
-- column from_before (rate of viewers in before_viewers): viewers in those of the step before
-- column first_viewers (count): viewers that came to the first step
-- column from_first (rate of viewers in first_viewers): viewers in those of the first step
-- column lost_viewers (count): viewers that went no further than the step before
-- column median_ms (ms): from the step before to this one, median
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
-- What comes after the video has no dimension of its own; a page tells its checkout's steps by a type that is not in the catalogue.
later AS (
  SELECT viewer_id AS later_viewer, type AS later_type, time AS later_time
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND viewer_id IS NOT NULL
    AND type IN ('begin_checkout', 'checkout_step', 'purchase')
    AND (NOT unknown OR type = 'checkout_step')
    AND ($site = '' OR site = $site)
),
touches AS (
  SELECT viewer_id AS viewer, type, time AS at_ms,
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'hotspot' THEN video_id || ' ' || hotspot_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
      WHEN $by = 'device' THEN device
    END, '(none)') AS dimension
  FROM scope
  WHERE viewer_id IS NOT NULL
    AND type IN ('hotspot_exposure', 'hotspot_click', 'view_item', 'add_to_cart', 'buy_now')
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($segment = '' OR segment_id = $segment)
),
seen AS (
  SELECT viewer, dimension, MIN(at_ms) AS seen_ms,
    MIN(CASE WHEN type = 'hotspot_click' THEN at_ms END) AS clicked_ms
  FROM touches
  WHERE type IN ('hotspot_exposure', 'hotspot_click')
  GROUP BY viewer, dimension
),
carded AS (
  SELECT s.viewer, s.dimension, MIN(s.clicked_ms) AS before_ms, MIN(t.at_ms) AS card_ms
  FROM seen s JOIN touches t ON t.viewer = s.viewer AND t.dimension = s.dimension
  WHERE t.type IN ('view_item', 'add_to_cart', 'buy_now') AND t.at_ms >= s.clicked_ms
  GROUP BY s.viewer, s.dimension
),
added AS (
  SELECT c.viewer, c.dimension, MIN(c.card_ms) AS before_ms, MIN(t.at_ms) AS added_ms
  FROM carded c JOIN touches t ON t.viewer = c.viewer AND t.dimension = c.dimension
  WHERE t.type IN ('add_to_cart', 'buy_now') AND t.at_ms >= c.card_ms
  GROUP BY c.viewer, c.dimension
),
checked AS (
  SELECT a.viewer, a.dimension, MIN(a.added_ms) AS before_ms, MIN(l.later_time) AS checkout_ms
  FROM added a JOIN later l ON l.later_viewer = a.viewer
  WHERE l.later_time >= a.added_ms
  GROUP BY a.viewer, a.dimension
),
ordered AS (
  SELECT c.viewer, c.dimension, MIN(c.checkout_ms) AS before_ms, MIN(l.later_time) AS ordered_ms
  FROM checked c JOIN later l ON l.later_viewer = c.viewer
  WHERE l.later_type = 'purchase' AND l.later_time >= c.checkout_ms
  GROUP BY c.viewer, c.dimension
),
steps AS (
  SELECT dimension, 1 AS step_no, CAST(NULL AS BIGINT) AS took_ms FROM seen
  UNION ALL SELECT dimension, 2, clicked_ms - seen_ms FROM seen WHERE clicked_ms IS NOT NULL
  UNION ALL SELECT dimension, 3, card_ms - before_ms FROM carded
  UNION ALL SELECT dimension, 4, added_ms - before_ms FROM added
  UNION ALL SELECT dimension, 5, checkout_ms - before_ms FROM checked
  UNION ALL SELECT dimension, 6, ordered_ms - before_ms FROM ordered
),
ranked AS (
  SELECT dimension, step_no, took_ms,
    ROW_NUMBER() OVER (PARTITION BY dimension, step_no ORDER BY took_ms) AS place,
    COUNT(*) OVER (PARTITION BY dimension, step_no) AS in_step
  FROM steps
),
counted AS (
  SELECT dimension, step_no, MAX(in_step) AS step_viewers,
    AVG(CASE WHEN 2 * place >= in_step AND 2 * place <= in_step + 2 THEN 1.0 * took_ms END) AS middle_ms
  FROM ranked
  GROUP BY dimension, step_no
),
names AS (
  SELECT 1 AS name_no, 'exposure' AS step_name UNION ALL SELECT 2, 'click' UNION ALL SELECT 3, 'card'
  UNION ALL SELECT 4, 'add' UNION ALL SELECT 5, 'checkout' UNION ALL SELECT 6, 'order'
),
grid AS (
  SELECT f.dimension, f.step_viewers AS first_count, n.name_no, n.step_name
  FROM counted f CROSS JOIN names n
  WHERE f.step_no = 1
),
full_steps AS (
  SELECT g.dimension, g.first_count, g.name_no, g.step_name, COALESCE(c.step_viewers, 0) AS step_viewers, c.middle_ms
  FROM grid g LEFT JOIN counted c ON c.dimension = g.dimension AND c.step_no = g.name_no
),
followed AS (
  SELECT dimension, first_count, name_no, step_name, step_viewers, middle_ms,
    LAG(step_viewers) OVER (PARTITION BY dimension ORDER BY name_no) AS before_count
  FROM full_steps
)
SELECT
  dimension,
  name_no AS step_number,
  step_name AS step,
  step_viewers AS viewers,
  before_count AS before_viewers,
  1.0 * step_viewers / NULLIF(before_count, 0) AS from_before,
  first_count AS first_viewers,
  1.0 * step_viewers / first_count AS from_first,
  before_count - step_viewers AS lost_viewers,
  middle_ms AS median_ms
FROM followed
ORDER BY first_viewers DESC, dimension, step_number
