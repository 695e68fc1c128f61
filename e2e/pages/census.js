// Counts what a page's scripts attach and have not detached: listeners, timers, frame callbacks,
// observers. It comes before all other scripts.
"use strict";

const census = window.census = { listeners: new Set(), timers: new Set(), frames: new Set(), observers: new Set() };

{
  const nativeAdd = EventTarget.prototype.addEventListener;
  const nativeRemove = EventTarget.prototype.removeEventListener;
  const captures = (options) => (typeof options === "object" && options ? !!options.capture : !!options);
  const same = (a, b) => a.target === b.target && a.type === b.type && a.listener === b.listener && a.capture === b.capture;
  const find = (entry) => [...census.listeners].find((other) => same(other, entry));

  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = this ?? window;
    const entry = { target, type, listener, capture: captures(options) };
    const signal = options?.signal;
    // An AbortSignal's own listeners go with it.
    if (listener && !signal?.aborted && !(target instanceof AbortSignal) && !find(entry)) {
      census.listeners.add(entry);
      if (signal) nativeAdd.call(signal, "abort", () => census.listeners.delete(entry));
      if (options?.once) nativeAdd.call(target, type, () => census.listeners.delete(entry), options);
    }
    return nativeAdd.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = this ?? window;
    census.listeners.delete(find({ target, type, listener, capture: captures(options) }));
    return nativeRemove.call(target, type, listener, options);
  };

  for (const [start, stop, kind, once] of [
    ["setTimeout", "clearTimeout", "timers", true], ["setInterval", "clearInterval", "timers", false],
    ["requestAnimationFrame", "cancelAnimationFrame", "frames", true],
  ]) {
    const nativeStart = window[start], nativeStop = window[stop];
    window[start] = (callback, ...rest) => {
      const id = nativeStart((...values) => {
        if (once) census[kind].delete(`${start} ${id}`);
        callback(...values);
      }, ...rest);
      census[kind].add(`${start} ${id}`);
      return id;
    };
    window[stop] = (id) => {
      // Timeouts and intervals share their ids.
      for (const name of ["setTimeout", "setInterval", "requestAnimationFrame"]) {
        if ((name === "requestAnimationFrame") === (kind === "frames")) census[kind].delete(`${name} ${id}`);
      }
      nativeStop(id);
    };
  }

  const media = HTMLVideoElement.prototype;
  const nativeRequest = media.requestVideoFrameCallback, nativeCancel = media.cancelVideoFrameCallback;
  media.requestVideoFrameCallback = function (callback) {
    const key = { video: this };
    key.id = nativeRequest.call(this, (...values) => {
      census.frames.delete(key);
      callback(...values);
    });
    census.frames.add(key);
    return key.id;
  };
  media.cancelVideoFrameCallback = function (id) {
    for (const key of census.frames) if (key.video === this && key.id === id) census.frames.delete(key);
    nativeCancel.call(this, id);
  };

  for (const name of ["ResizeObserver", "IntersectionObserver", "MutationObserver"]) {
    const Native = window[name];
    window[name] = class extends Native {
      observe(...values) {
        census.observers.add(this);
        return super.observe(...values);
      }
      disconnect() {
        census.observers.delete(this);
        return super.disconnect();
      }
    };
  }
}

// What is attached to things that stay on the page. Elements that are gone take theirs with them.
census.count = () => {
  const stays = ({ target }) => !(target instanceof Node) || target.isConnected;
  const listeners = [...census.listeners].filter(stays);
  return {
    listeners: listeners.length,
    types: [...new Set(listeners.map(({ target, type }) => `${target.id || target.constructor.name}:${type}`))].sort().join(" "),
    timers: census.timers.size, frames: census.frames.size, observers: census.observers.size,
    elements: document.querySelectorAll("*").length, sheets: document.adoptedStyleSheets.length,
    properties: Object.keys(window).length, video: document.querySelector("video")?.outerHTML ?? null,
  };
};
