// CloudEvents 1.0, JSON batch: https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md
// Where it happened, without what differs from visit to visit. A browser's address may have characters that a URI may
// not, like | and %, and one of them makes a strict receiver refuse the whole batch.
const source = (url = "/") => url.replace(/^(\w+:\/\/[^/?#]*)?([^?#]*).*/s, (_, origin = "", path) =>
  origin + path.replace(/%(?![\da-f]{2})|[^\w.~:/@!$&'()*+,;=%-]/giu, encodeURIComponent)) || "/";

export default ({ body }) => {
  if (body) {
    throw new Error('vitrine: a collector of format "cloudevents" has a "body", and a list of events has no room for it. Put keys into "headers" or "query".');
  }
  return {
    type: "application/cloudevents-batch+json",
    headers: {},
    // Whoever passes CloudEvents on must take up to 64 KiB of each, and may refuse more.
    limits: { events: 100, bytes: 500_000, event: 65_536, each: 1 },
    write: (event, context) => JSON.stringify({
      specversion: "1.0",
      id: event.id,
      source: source(context.page_url),
      type: "vitrine." + event.type,
      subject: event.video_id,
      time: event.time,
      datacontenttype: "application/json",
      data: { ...event, context },
    }),
    body: (texts) => `[${texts}]`,
  };
};
