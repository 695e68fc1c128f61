-- title: Experiments
-- unit: one row for each experiment, value of the dimension, metric and variant
-- population: viewers with an exposure of the experiment, who saw one variant only; of machines none
-- window: from a viewer's first exposure on, within the period
-- by: all device campaign source locale
-- column experiment (text): the experiment
-- column dimension (text): what the row is about, of the viewer's first exposure
-- column metric (text): clicked a hotspot of the experiment, intended (pressed add to cart or buy now in it), or ordered anything
-- column variant (text): the variant; the first by name is what the others are compared with
-- column viewers (count): different viewers
-- column converted_viewers (count): those of them who did it
-- column conversion (rate of converted_viewers in viewers): converted viewers in viewers
-- column difference (number): conversion less that of the first variant
-- column difference_low (number): the lower end of its 95 % interval (Newcombe); for one look, at an end that was fixed before
-- column difference_high (number): its upper end
-- column p_value (number): of the two-proportion z test, raised by Holm for all rows of the experiment and metric
-- column probability_above (number): that the variant's rate is above the first one's, after a uniform prior (Beta-Binomial)
-- column expected_loss (number): what choosing the variant loses on average, in points of the rate
-- column always_low (number): the lower end of the 95 % interval that holds however often it is looked at
-- column always_high (number): its upper end
-- column sample_ratio_p (number): how likely groups of such sizes are, where variants are drawn alike, or as the file of --weights says
-- column crossovers (count): viewers of the experiment who saw several variants; they are in no row
-- column verdict (text): in words
WITH scope AS (
  SELECT * FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown
    AND ($site = '' OR site = $site)
),
exposures AS (
  SELECT
    viewer_id AS viewer,
    experiment_id AS exposed_experiment,
    experiment_variant AS exposed_variant,
    time AS exposure_ms,
    CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'device' THEN device
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'locale' THEN locale
    END AS exposure_dimension,
    ROW_NUMBER() OVER (PARTITION BY experiment_id, viewer_id ORDER BY time, event_id) AS nth
  FROM scope
  WHERE type = 'experiment_exposure' AND viewer_id IS NOT NULL AND experiment_id IS NOT NULL AND experiment_variant IS NOT NULL
    AND ($video = '' OR video_id = $video)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
),
exposed AS (
  SELECT
    exposed_experiment,
    viewer,
    MIN(exposed_variant) AS lowest_variant,
    MAX(exposed_variant) AS highest_variant,
    MIN(exposure_ms) AS first_ms,
    MAX(CASE WHEN nth = 1 THEN exposure_dimension END) AS viewer_dimension
  FROM exposures
  GROUP BY exposed_experiment, viewer
),
acts AS (
  SELECT
    x.exposed_experiment AS act_experiment,
    x.viewer AS act_viewer,
    MAX(CASE WHEN e.type = 'hotspot_click' AND e.experiment_id = x.exposed_experiment THEN 1 ELSE 0 END) AS clicked,
    MAX(CASE WHEN e.type IN ('add_to_cart', 'buy_now') AND e.experiment_id = x.exposed_experiment THEN 1 ELSE 0 END) AS intended,
    MAX(CASE WHEN e.type = 'purchase' THEN 1 ELSE 0 END) AS ordered
  FROM exposed x JOIN scope e ON e.viewer_id = x.viewer
  WHERE e.type IN ('hotspot_click', 'add_to_cart', 'buy_now', 'purchase') AND e.time >= x.first_ms
    AND x.lowest_variant = x.highest_variant
  GROUP BY x.exposed_experiment, x.viewer
),
crossed AS (
  SELECT exposed_experiment AS crossed_experiment, COUNT(*) AS crossed_viewers
  FROM exposed
  WHERE lowest_variant <> highest_variant
  GROUP BY exposed_experiment
),
groups AS (
  SELECT
    x.exposed_experiment AS group_experiment,
    COALESCE(x.viewer_dimension, '(none)') AS group_dimension,
    x.lowest_variant AS group_variant,
    COUNT(*) AS group_viewers,
    SUM(COALESCE(a.clicked, 0)) AS group_clicked,
    SUM(COALESCE(a.intended, 0)) AS group_intended,
    SUM(COALESCE(a.ordered, 0)) AS group_ordered
  FROM exposed x LEFT JOIN acts a ON a.act_viewer = x.viewer AND a.act_experiment = x.exposed_experiment
  WHERE x.lowest_variant = x.highest_variant AND ($variant = '' OR x.lowest_variant = $variant)
  GROUP BY x.exposed_experiment, COALESCE(x.viewer_dimension, '(none)'), x.lowest_variant
)
SELECT
  g.group_experiment AS experiment,
  g.group_dimension AS dimension,
  g.group_variant AS variant,
  g.group_viewers AS viewers,
  g.group_clicked AS clicked_viewers,
  g.group_intended AS intended_viewers,
  g.group_ordered AS ordered_viewers,
  COALESCE(c.crossed_viewers, 0) AS crossovers
FROM groups g LEFT JOIN crossed c ON c.crossed_experiment = g.group_experiment
ORDER BY experiment, dimension, variant
