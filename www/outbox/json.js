// The overlay's own format: a batch as `vitrine/1`, as docs/events.md has it.

export default (collector) => ({
  // Any page may send this type anywhere without asking first.
  type: "text/plain",
  headers: {},
  limits: { events: 100, bytes: 500_000, event: 500_000, each: 1 },
  // A body may go without saying when, as nobody knows when the browser sends what it was left with.
  later: true,
  write: (event, context, json) => json,
  body: (texts, context, sent_at) => JSON.stringify({ schema: "vitrine/1", sent_at, context, ...collector.body, events: [] })
    .slice(0, -2) + texts + "]}",
});
