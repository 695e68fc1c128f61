// Vitrine's own batch, as docs/events.md describes it.
export default ({ body }) => ({
  type: "text/plain",
  headers: {},
  limits: { events: 100, bytes: 500_000, event: 400_000, each: 1 },
  // A body may go without saying when, as nobody knows when the browser sends what it was left with.
  later: true,
  write: (event, context, json) => json ?? JSON.stringify(event),
  body: (texts, context, sent_at) =>
    JSON.stringify({ ...body, schema: "vitrine/1", sent_at, context, events: [] }).slice(0, -2) + texts + "]}",
});
