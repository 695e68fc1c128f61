// One JSON object a line. There is no envelope, so each line has what the envelope of `json` would say.
export default ({ body }) => ({
  // What takes lines reads them whatever they are called; application/x-ndjson would need a preflight.
  type: "text/plain",
  headers: {},
  // `,"sent_at":"2026-05-04T09:30:05.012Z"` and the end of the line.
  limits: { events: 100, bytes: 500_000, event: 400_000, each: 38 },
  write: (event, context) => JSON.stringify({ ...body, schema: "vitrine/1", ...event, context }),
  body: (texts, context, sent_at) =>
    texts.map((text) => `${text.slice(0, -1)},"sent_at":${JSON.stringify(sent_at)}}\n`).join(""),
});
