// Stands in for what Shopify gives a custom pixel, in both documents: the pixel's frame has no origin, and reaches the
// shop's storage by asking. https://shopify.dev/docs/api/web-pixels-api
"use strict";

if (window === parent) {
  addEventListener("message", ({ data: [number, area, method, values], source }) =>
    source.postMessage([number, window[area][method](...values)], "*"));
  window.publish = (name, data) => frames[0].postMessage({ name, data }, "*");
} else {
  const asked = new Map(), listeners = [];
  const area = (name) => Object.fromEntries(["getItem", "setItem", "removeItem"].map((method) => [method, (...values) => new Promise((done) => {
    asked.set(asked.size + 1, done);
    parent.postMessage([asked.size, name, method, values], "*");
  })]));
  window.browser = { localStorage: area("localStorage"), sessionStorage: area("sessionStorage") };
  window.analytics = { subscribe: (name, listener) => listeners.push([name, listener]) };
  addEventListener("message", ({ data }) => {
    if (Array.isArray(data)) asked.get(data[0])(data[1]);
    else for (const [name, listener] of listeners) if (name === data.name) listener({ name, data: data.data });
  });
}
