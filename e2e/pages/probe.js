// Notes what happens on a page, for the tests to read. It comes before all other scripts.
"use strict";

const probe = window.probe = {
  console: [], errors: [], violations: [], dom: [],

  // The overlay's DOM events of a type so far.
  said(type) { return probe.dom.filter((event) => event.type === type); },
  // The console lines about the overlay: warnings and errors.
  lines() {
    return probe.console.filter(({ level, text }) => /warn|error/.test(level) && /vitrine/i.test(text))
      .map(({ text }) => text);
  },
  state() {
    const events = probe.dom.filter(({ type }) => type !== "vitrine:event");
    return { console: probe.console, errors: probe.errors, violations: probe.violations, events };
  },

  video: () => document.querySelector("video"),
  root(video = probe.video()) {
    // In some players it lies above what they lay over the picture.
    const overlay = video.nextElementSibling?.localName === "vitrine-overlay" ? video.nextElementSibling
      : video.parentNode.querySelector(":is(.plyr__poster, .shaka-scrim-container) + vitrine-overlay");
    return overlay ? overlay.shadowRoot : null;
  },
  part(name, video) { return probe.root(video)?.querySelector(`[part~=${name}]`) ?? null; },
  spot(id, video) { return probe.root(video)?.querySelector(`[data-hotspot="${id}"]`) ?? null; },
  // The ids of the hotspots that a viewer can see.
  shown(video) {
    const spots = probe.root(video)?.querySelectorAll("[data-hotspot]") ?? [];
    return [...spots].filter((spot) => spot.checkVisibility?.() ?? spot.getClientRects().length)
      .map((spot) => spot.dataset.hotspot).sort();
  },
  frames(count) {
    return new Promise((done) => {
      const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
      next();
    });
  },
  // Pauses, goes to a time, and waits until the page has drawn it.
  async seek(time, video = probe.video()) {
    video.pause();
    if (video.readyState < 1) await new Promise((done) => video.addEventListener("loadedmetadata", done, { once: true }));
    if (video.currentTime !== time) {
      const sought = new Promise((done, fail) => {
        video.addEventListener("seeked", done, { once: true });
        setTimeout(() => fail(new Error(`no seeked at ${time}, but ${video.currentTime}`)), 15000);
      });
      video.currentTime = time;
      await sought;
    }
    await probe.frames(3);
  },
  async play(video = probe.video()) {
    video.muted = true;
    await video.play();
  },
  // Samples every frame drawn from now on: its time and the hotspots shown with it.
  record(video = probe.video()) {
    const samples = probe.samples = [];
    const note = (now, { mediaTime }) => {
      // In the second round of a loop Firefox counts on beyond the end.
      const far = Math.abs(mediaTime - video.currentTime) > 0.5;
      // WebKit draws the last frame once more while it already seeks back to the start.
      if (!far || !video.seeking) samples.push([far ? video.currentTime : mediaTime, probe.shown(video)]);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  },
};

for (const level of ["debug", "log", "info", "warn", "error"]) {
  const original = console[level];
  console[level] = (...words) => {
    probe.console.push({ level, text: words.map(String).join(" ") });
    original.apply(console, words);
  };
}
addEventListener("error", (event) => probe.errors.push(event.message || "a resource failed"));
addEventListener("unhandledrejection", (event) => probe.errors.push(`unhandled: ${event.reason}`));
document.addEventListener("securitypolicyviolation", (event) =>
  probe.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
for (const name of ["ready", "error", "hotspot-click", "add-to-cart", "buy-now", "purchase", "event", "cart", "add-to-wishlist", "remove-from-wishlist"]) {
  const type = `vitrine:${name}`;
  document.addEventListener(type, (event) => {
    probe.dom.push({ type, target: event.target.id, detail: JSON.parse(JSON.stringify(event.detail ?? null)) });
  });
}
