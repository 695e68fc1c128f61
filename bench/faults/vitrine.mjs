// The outbox as an overlay has it. `dropped` comes back as an event, as the overlay makes one of it.

const uuid = () => crypto.randomUUID();

export const start = async ({ collector = "/events", header }) => {
  const { open } = await import("/vitrine/vitrine-outbox.mjs");
  const view = { id: uuid(), seq: 0 };
  const track = (type, more) => {
    const at = performance.now();
    line.add({ id: uuid(), seq: view.seq++, type, time: new Date(line.time(at)).toISOString(), elapsed_ms: Math.floor(at),
      viewer_id: line.ids.viewer, session_id: line.ids.session, view_id: view.id, video_id: "clip", media_time: 1, ...more });
  };
  const line = await open({
    collectors: [{ url: collector, ...(header && { headers: { authorization: header } }) }],
    context: () => ({ page_url: location.href, referrer: document.referrer, campaign: {}, locale: "en", viewport: [1280, 720] }),
    dropped: (data) => track("dropped", data),
  });
  const leave = () => line.leave();
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("pagehide", leave);
  return track;
};
