// The custom element: <vitrine-overlay for="look" config="/spring.hotspots.json"></vitrine-overlay>.
// The overlay's own element beside the video has the same name, and no `for`: it is left alone.

const NAMES = ["for", "config", "collector", "consent", "list", "grace", "wasm"];

const warn = (text) => console.warn(text.startsWith("vitrine:") ? text : "vitrine: " + text);
const whenLoaded = (callback) => document.readyState == "complete" ? callback() : addEventListener("load", callback, { once: true });

// Fetched side by side, once for all elements.
let loading;
const load = (address) => loading ||= [fetch(address || new URL("vitrine_bg.wasm", import.meta.url)), import("./vitrine.mjs")];

// The element's tree first, then those around it: an id is unique in its own tree alone.
const roots = (element) => {
  const list = [];
  for (let root = element.getRootNode(); root; root = root.host?.getRootNode()) list.push(root);
  return list;
};

// Players wrap their video and take over its id.
const find = (element, id) => {
  for (const root of roots(element)) {
    const found = root.getElementById?.(id);
    if (found) return found.localName == "video" ? found : found.querySelector("video");
  }
};

// Calls back once the video nears the viewport, or plays.
const near = (video, signal, callback) => {
  const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && go(), { rootMargin: "50%" });
  const go = () => {
    stop();
    callback();
  };
  const stop = () => {
    seen.disconnect();
    video.removeEventListener("play", go);
  };
  seen.observe(video);
  video.addEventListener("play", go);
  signal.addEventListener("abort", stop);
};

const attachTo = async (video, { config, collector, consent, list, grace, wasm: address, signal }) => {
  const file = config && fetch(config), [wasm, module] = load(address);
  // All are awaited further on; until then a failure is not yet unhandled.
  for (const promise of [file, wasm, module]) promise?.catch?.(() => {});
  try {
    const { attach } = await module.catch(({ message }) => {
      throw Error(`vitrine: ${new URL("vitrine.mjs", import.meta.url)} was not loaded (${message}). Check that it lies beside vitrine-element.mjs.`);
    });
    return await attach(video, { config: file, collector, consent, list, grace, wasm, signal });
  } catch (error) {
    // A later attempt fetches anew.
    loading = 0;
    if (!signal.aborted) warn(error.message);
  }
};

// Nothing is defined where a page is rendered on a server.
if (globalThis.customElements && !customElements.get("vitrine-overlay")) {
  customElements.define("vitrine-overlay", class extends HTMLElement {
    static observedAttributes = NAMES;

    // The overlay while it is attached; see vitrine.d.ts.
    overlay;

    #video;
    #wanted = "";
    #asked = false;
    #end = new AbortController();
    #page = new MutationObserver(() => this.#check());

    connectedCallback() {
      this.#ask();
    }

    disconnectedCallback() {
      this.#ask();
    }

    attributeChangedCallback(name) {
      if (name == "consent") this.#agree();
      else this.#ask();
    }

    // Changes in one go, such as a move within the page, count once.
    #ask() {
      if (this.#asked) return;
      this.#asked = true;
      queueMicrotask(() => {
        this.#asked = false;
        this.#page.disconnect();
        const id = this.isConnected && this.getAttribute("for");
        if (id) {
          // Nothing to see here: not even a gap between a page's own boxes.
          this.style.display = "none";
          const changes = { childList: true, subtree: true, attributeFilter: ["id"] };
          for (const root of roots(this)) this.#page.observe(root, changes);
        }
        this.#check();
        if (id && !this.#video) whenLoaded(() => {
          if (this.isConnected && !this.#video) warn(`<vitrine-overlay for="${id}"> finds no <video> yet. Give the video this id; a video that is added later is taken.`);
        });
      });
    }

    // Brings what is attached in line with the attributes and the page.
    #check() {
      const [id, config, collector, list, grace, wasm] = ["for", "config", "collector", "list", "grace", "wasm"].map((name) => this.getAttribute(name) || undefined);
      const video = this.isConnected && id ? find(this, id) : undefined;
      const wanted = video ? JSON.stringify([config, collector, list, grace, wasm]) : "";
      if (video == this.#video && wanted == this.#wanted) return;
      this.#end.abort();
      this.#end = new AbortController();
      [this.overlay, this.#video, this.#wanted] = [undefined, video, wanted];
      if (video) near(video, this.#end.signal, () => this.#attach(video, { config, collector, list, grace, wasm, signal: this.#end.signal }));
    }

    async #attach(video, options) {
      const consent = this.getAttribute("consent") || undefined;
      const overlay = await attachTo(video, { ...options, consent });
      if (!overlay || options.signal.aborted) return;
      this.overlay = overlay;
      if (this.getAttribute("consent") != consent) this.#agree();
    }

    // Within the view that goes on. That the attribute went is no answer of the viewer.
    #agree() {
      const state = this.getAttribute("consent");
      if (state) this.overlay?.consent(state);
    }
  });
}
