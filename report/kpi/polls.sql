-- title: Satisfaction and recommendation
-- unit: one row for each value of the dimension
-- population: answers to polls, poll_answered, each once; of machines none
-- window: answers of the period
-- by: all site video hotspot campaign source variant device day
-- column dimension (text): what the row is about; a hotspot is the poll
-- column satisfaction_answers (count): answers from 1 to 5 to polls of kind satisfaction
-- column satisfied (count): those of 4 and 5
-- column csat (rate of satisfied in satisfaction_answers): such answers in these
-- column satisfaction_mean (number): of the answers
-- column recommendation_answers (count): answers from 0 to 10 to polls of kind recommendation
-- column promoters (count): those of 9 and 10
-- column passives (count): those of 7 and 8
-- column detractors (count): those of 0 to 6
-- column nps (number): net promoter score: promoters less detractors, in percent of the answers, -100 to 100
-- column nps_low (number): the lower end of its 95 % interval (adjusted Wald)
-- column nps_high (number): its upper end
-- column choice_answers (count): answers to polls with answers of their own, which have no score
WITH answers AS (
  SELECT
    COALESCE(CASE
      WHEN $by = 'all' THEN 'all'
      WHEN $by = 'site' THEN site
      WHEN $by = 'video' THEN video_id
      WHEN $by = 'hotspot' THEN video_id || ' ' || hotspot_id
      WHEN $by = 'campaign' THEN campaign_name
      WHEN $by = 'source' THEN campaign_source
      WHEN $by = 'variant' THEN experiment_id || ' ' || experiment_variant
      WHEN $by = 'device' THEN device
      WHEN $by = 'day' THEN CAST(CAST(FLOOR(time / 86400000.0) AS BIGINT) AS VARCHAR(20))
    END, '(none)') AS place,
    CASE
      WHEN data LIKE '%"kind":"satisfaction"%' THEN 'satisfaction'
      WHEN data LIKE '%"kind":"recommendation"%' THEN 'recommendation'
      ELSE 'choice'
    END AS kind,
    SPLIT_PART(SPLIT_PART(SPLIT_PART(data, '"score":', 2), ',', 1), '}', 1) AS told
  FROM events
  WHERE time >= $from AND time < $to AND NOT bot AND NOT unknown AND type = 'poll_answered'
    AND ($site = '' OR site = $site)
    AND ($video = '' OR video_id = $video)
    AND ($hotspot = '' OR hotspot_id = $hotspot)
    AND ($segment = '' OR segment_id = $segment)
    AND ($campaign = '' OR campaign_name = $campaign)
    AND ($device = '' OR device = $device)
    AND ($variant = '' OR experiment_variant = $variant)
),
-- What a browser sends may be any text: one that is no score is left out, and breaks no query.
scored AS (
  SELECT place,
    CASE WHEN kind = 'satisfaction' AND told IN ('1', '2', '3', '4', '5') THEN 1 ELSE 0 END AS rated,
    CASE WHEN kind = 'satisfaction' AND told IN ('4', '5') THEN 1 ELSE 0 END AS content,
    CASE
      WHEN kind <> 'satisfaction' THEN 0
      WHEN told = '1' THEN 1
      WHEN told = '2' THEN 2
      WHEN told = '3' THEN 3
      WHEN told = '4' THEN 4
      WHEN told = '5' THEN 5
      ELSE 0
    END AS stars,
    CASE WHEN kind = 'recommendation' AND told IN ('9', '10') THEN 1 ELSE 0 END AS promoter,
    CASE WHEN kind = 'recommendation' AND told IN ('7', '8') THEN 1 ELSE 0 END AS passive,
    CASE WHEN kind = 'recommendation' AND told IN ('0', '1', '2', '3', '4', '5', '6') THEN 1 ELSE 0 END AS detractor,
    CASE WHEN kind = 'choice' THEN 1 ELSE 0 END AS choice
  FROM answers
),
sums AS (
  SELECT place, SUM(rated) AS rated_n, SUM(content) AS content_n, SUM(stars) AS stars_n, SUM(promoter) AS promoter_n,
    SUM(passive) AS passive_n, SUM(detractor) AS detractor_n, SUM(choice) AS choice_n
  FROM scored
  GROUP BY place
)
SELECT
  place AS dimension,
  rated_n AS satisfaction_answers,
  content_n AS satisfied,
  1.0 * content_n / NULLIF(rated_n, 0) AS csat,
  1.0 * stars_n / NULLIF(rated_n, 0) AS satisfaction_mean,
  promoter_n + passive_n + detractor_n AS recommendation_answers,
  promoter_n AS promoters,
  passive_n AS passives,
  detractor_n AS detractors,
  100.0 * (promoter_n - detractor_n) / NULLIF(promoter_n + passive_n + detractor_n, 0) AS nps,
  choice_n AS choice_answers
FROM sums
ORDER BY dimension
