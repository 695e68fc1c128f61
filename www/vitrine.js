// The script-tag loader. It reads its own data-*, waits until its video is near the viewport or
// plays, then fetches module, WebAssembly and hotspots side by side.
(() => {
  const script = document.currentScript;
  const { video: selector = "video", config, collector, consent, list, grace } = script.dataset;
  const url = (file) => new URL(file, script.src).href;

  // What pages push functions to; the first tag on a page makes it, all tags share it.
  let api = window.vitrine;
  if (!api?.overlays) {
    const waiting = Array.isArray(api) ? [...api] : [];
    const first = (method) => (...values) => api.overlays[0]?.[method](...values);
    const all = (method) => (...values) => api.overlays.forEach((overlay) => overlay[method](...values));
    api = window.vitrine = {
      overlays: [],
      push: (callback) => {
        if (api.overlays[0]) callback(api);
        else waiting.push(callback);
      },
      attached: (overlay, attach) => {
        api.overlays.push(overlay);
        api.attach = attach;
        const { destroy } = overlay;
        overlay.destroy = () => {
          destroy();
          api.overlays = api.overlays.filter((other) => other != overlay);
        };
        // What the viewer said before this overlay came is said to it too.
        if (api.said) overlay.consent(api.said);
        for (const callback of waiting.splice(0)) {
          try {
            callback(api);
          } catch (error) {
            console.error(error);
          }
        }
      },
      purchase: first("purchase"),
      track: first("track"),
      identify: first("identify"),
      flush: all("flush"),
      consent: (state) => {
        all("consent")(state);
        api.said = state;
      },
    };
  }

  const start = async (video) => {
    const absolute = (address) => address && new URL(address, document.baseURI).href;
    try {
      const wasm = api.wasm ||= fetch(url("vitrine_bg.wasm"));
      const file = config && fetch(absolute(config));
      // Both are awaited further on; until then a failure is not yet unhandled.
      for (const promise of [wasm, file]) promise?.catch?.(() => {});
      const { attach } = await import(url("vitrine.mjs")).catch(({ message }) => {
        throw Error(`vitrine: ${url("vitrine.mjs")} was not loaded (${message}). Check that it lies beside vitrine.js, and CORS and the CSP's script-src if it is on another origin.`);
      });
      const overlay = await attach(video, { config: file, collector: absolute(collector), consent, list, grace, wasm });
      api.attached(overlay, attach);
    } catch (error) {
      // A later tag tries anew.
      api.wasm = 0;
      console.warn(/^vitrine/.test(error.message) ? error.message : "vitrine: " + error);
    }
  };

  const near = (video) => {
    const go = () => {
      observer.disconnect();
      video.removeEventListener("play", go);
      start(video);
    };
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && go(),
      { rootMargin: "50%" });
    observer.observe(video);
    video.addEventListener("play", go);
  };

  // Players put the video's id on the box that they make around it, or keep the video in a shadow root.
  const first = () => [...document.querySelectorAll(selector)].map((element) =>
    element.localName == "video" ? element : (element.shadowRoot || element).querySelector("video")).find((video) => video);
  const find = () => {
    let video;
    try {
      video = first();
    } catch {
      console.warn(`vitrine: data-video="${selector}" is no selector. Use one such as #look.`);
      return true;
    }
    if (video) near(video);
    return video;
  };

  if (!find()) {
    const added = new MutationObserver(() => find() && added.disconnect());
    added.observe(document, { childList: true, subtree: true });
    const missing = () => {
      if (!first()) {
        console.warn(`vitrine: data-video="${selector}" finds no <video> yet. Check the selector; a video that is added later is taken.`);
      }
    };
    document.readyState == "complete" ? missing() : addEventListener("load", missing, { once: true });
  }
})();
