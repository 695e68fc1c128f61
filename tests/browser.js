// What the browser tests need of a page, in few calls.
const added = new Map();
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
let counting = false, timers = new Set(), observers = new Set();

// Counts listeners, timers and observers that are not taken away again.
export const count = () => {
  counting = true;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    // With a signal that was given already, nothing is added.
    if (!options?.once && !options?.signal?.aborted) {
      const key = {};
      added.set(key, type);
      options?.signal?.addEventListener?.call && add.call(options.signal, "abort", () => added.delete(key), { once: true });
      listener.__keys = [...(listener.__keys || []), key];
    }
    return add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    (listener?.__keys || []).forEach((key) => added.delete(key));
    return remove.call(this, type, listener, options);
  };
  for (const name of ["ResizeObserver", "IntersectionObserver", "MutationObserver"]) {
    const Real = window[name];
    window[name] = class extends Real {
      observe(...args) { observers.add(this); super.observe(...args); }
      disconnect() { observers.delete(this); super.disconnect(); }
    };
  }
  const { setTimeout: set, clearTimeout: clear } = window;
  window.setTimeout = (callback, ...rest) => {
    const id = set(() => { timers.delete(id); callback(); }, ...rest);
    timers.add(id);
    return id;
  };
  window.clearTimeout = (id) => { timers.delete(id); clear(id); };
};
export const left = () => counting && JSON.stringify({ listeners: [...added.values()], timers: timers.size, observers: observers.size,
  elements: document.querySelectorAll("vitrine-overlay").length });

export const video = () => {
  const video = document.createElement("video");
  video.style.cssText = "display:block;width:800px;height:450px";
  document.body.append(video);
  return video;
};
export const parse = (text) => JSON.parse(text);
// A host with the overlay's other parts at hand; the list, other languages and the messages of problems are
// the end-to-end tests' matter.
let shopMade;
export const host = (Host, shop, access, css, video, file, extra, dispatch) => new Host(video, { file, css, ...extra,
  shop: async (Host, parts) => [shopMade ||= access(shop(Host, parts, ""), parts, { words: {} })],
  check: async () => ({ message: "it has problems", problems: [] }) }, dispatch);
export const equipped = (host) => !host.later;
export const overlay = (host) => host.overlay();
export const call = (overlay, method, ...values) => {
  try {
    const promise = overlay[method](...values.filter((value) => value !== undefined));
    promise?.catch(() => {});
    return "";
  } catch (error) {
    return error.message;
  }
};
export const shadow = (video) => video.nextSibling?.shadowRoot;
export const html = (video, selector) => shadow(video)?.querySelector(selector)?.outerHTML || "";
export const text = (video, selector) => shadow(video)?.querySelector(selector)?.textContent || "";
export const all = (video, selector) => shadow(video)?.querySelectorAll(selector).length || 0;
export const attribute = (video, selector, name) => shadow(video)?.querySelector(selector)?.getAttribute(name);
export const box = (video, selector) => {
  const { x, y, width, height } = shadow(video).querySelector(selector).getBoundingClientRect();
  return [x, y, width, height].map(Math.round).join(" ");
};
export const click = (video, selector) => shadow(video).querySelector(selector).click();
export const key = (video, selector, key) =>
  shadow(video).querySelector(selector).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
export const focused = (video) => shadow(video)?.activeElement?.getAttribute("part") || "";

// Keeps every event of a kind; `take` decides over cancelable ones.
const seen = new WeakMap();
export const listen = (video, name, take) => {
  const list = [];
  seen.set(video, { ...seen.get(video), [name]: list });
  video.addEventListener(name, (event) => {
    list.push(event.detail);
    if (take) event.preventDefault();
  });
};
export const heard = (video, name) => JSON.stringify(seen.get(video)?.[name] || []);
// From inside a listener, back into the overlay.
export const inside = (video, overlay, name, method, ...values) =>
  video.addEventListener(name, () => overlay[method](...values), { once: true });
