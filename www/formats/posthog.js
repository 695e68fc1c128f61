// PostHog's batch: https://posthog.com/docs/api/capture. Names stay ours, those that start with $ are PostHog's.
export default ({ body }) => {
  if (!body?.api_key) {
    throw new Error('vitrine: a collector of format "posthog" has no project key. Add "body": { "api_key": "phc_…" } to it.');
  }
  return {
    // PostHog reads the body whatever it is called.
    type: "text/plain",
    headers: {},
    limits: { events: 100, bytes: 1_000_000, event: 900_000, each: 1 },
    write({ id, type, time, viewer_id, session_id, ...rest }, { page_url, referrer, locale, viewport, campaign }) {
      const properties = {
        ...rest,
        $session_id: session_id,
        $current_url: page_url,
        $referrer: referrer,
        $browser_language: locale,
        $viewport_width: viewport?.[0],
        $viewport_height: viewport?.[1],
        $lib: "vitrine",
        // Nobody is identified here, so PostHog need not keep a person for each browser.
        $process_person_profile: false,
      };
      for (const name in campaign) properties["utm_" + name] = campaign[name];
      return JSON.stringify({ event: type, distinct_id: viewer_id || rest.view_id, uuid: id, timestamp: time, properties });
    },
    body: (texts, context, sent_at) => JSON.stringify({ ...body, sent_at, batch: [] }).slice(0, -2) + texts + "]}",
  };
};
