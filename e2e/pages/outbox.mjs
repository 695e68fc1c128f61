// A page that does with the outbox what an overlay does, without the overlay. `?o=` has what open() gets.

const query = new URLSearchParams(location.search);
const asked = JSON.parse(query.get("o") || "{}");

const uuid = () => "10000000-1000-7000-8000-100000000000".replace(/[018]/g, (c) =>
  (+c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> +c / 4).toString(16));

const view = () => ({ id: uuid(), seq: 0 });

const lab = window.lab = {
  asked, made: [], dropped: [], warned: [], renewed: 0, view: view(), opened: performance.now(),

  // Queues an event; returns its id.
  add(type = "progress", more) {
    const at = performance.now();
    const event = { id: uuid(), seq: lab.view.seq++, type, time: new Date(lab.line.time(at)).toISOString(),
      elapsed_ms: Math.floor(at - lab.opened), viewer_id: lab.line.ids.viewer, session_id: lab.line.ids.session, view_id: lab.view.id,
      video_id: "clip", media_time: 1, ...more };
    lab.made.push(event.id);
    lab.line.add(event);
    return event.id;
  },
  many: (count, type, more) => Array.from({ length: count }, () => lab.add(type, more)),

  async open(more) {
    const { open } = await import("/vitrine/vitrine-outbox.mjs");
    return open({
      collectors: [{ url: "/events" }],
      context: () => ({ page_url: location.href, referrer: document.referrer, campaign: {}, locale: "en", viewport: [1280, 720] }),
      dropped(data) {
        lab.dropped.push(data);
        lab.add("dropped", data);
      },
      renew() {
        lab.renewed++;
        lab.view = view();
      },
      warn: (text) => lab.warned.push(text),
      ...asked, ...more,
    });
  },
};

// What an earlier script of the test wants done before anything is loaded.
for (const name of query.getAll("before")) await import(`/e2e/${name}.mjs`);

lab.line = await lab.open();
const leave = () => lab.line.leave();
document.addEventListener("visibilitychange", () => document.hidden && leave());
addEventListener("pagehide", leave);
lab.ready = true;
