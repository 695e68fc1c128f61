// The ES module: `attach` and what the script-tag loader needs. Fetches run side by side.
import init, { attach as start, host as prepare } from "./glue/vitrine.js";

let ready;

const problem = (text) => new Error("vitrine: " + text);

// Loads a hotspot file; an object is one already.
const read = async (config) => {
  if (!config) throw problem("no hotspot file was named. Set data-config on the script tag, or config in attach().");
  let response;
  try {
    response = await config;
    if (typeof response == "string" || response instanceof URL) response = await fetch(response);
  } catch {
    throw problem("the hotspot file could not be fetched. Check its address, and CORS if it is on another origin.");
  }
  if (!(response instanceof Response)) return response;
  if (!response.ok) throw problem(`the hotspot file ${response.url} answered ${response.status}. Check data-config or config.`);
  try {
    return await response.json();
  } catch (error) {
    throw problem(`the hotspot file ${response.url} is not JSON (${error.message}). Export it again.`);
  }
};

// The page's calls, as src/web/dispatch.rs numbers them.
const DESTROY = 12, FLUSH = 13, TRACK = 14, PURCHASE = 15, CONSENT = 16, SET_CONFIG = 17;

// See vitrine.d.ts.
export const attach = async (target, options = {}) => {
  const video = typeof target == "string" ? document.querySelector(target) : target;
  if (video?.localName != "video") throw problem(`${target} is no <video>. Give attach() a video element, or a selector of one.`);
  try {
    const config = read(options.config);
    ready ||= init({ module_or_path: options.wasm }).catch((error) => {
      ready = 0;
      throw problem(`WebAssembly did not start (${error.message}). Under a CSP, allow script-src 'wasm-unsafe-eval'.`);
    });
    // Side by side; where both fail, the hotspot file's reason is the one to mend first.
    const [file] = await Promise.all([config, ready]);
    const host = prepare(video, options);
    const call = (what, data) => {
      host.failure = 0;
      host.dispatch(what, 0, 0, data);
      if (host.failure) throw host.failure;
    };
    host.dispatch = (_, __, ___, config) => start(host, config);
    call(0, file);
    return {
      destroy: () => call(DESTROY),
      flush: () => call(FLUSH),
      track: (type, data) => call(TRACK, [type, data === undefined ? "" : JSON.stringify(data)]),
      purchase: (order) => call(PURCHASE, order),
      consent: (state) => call(CONSENT, state),
      setConfig: (config) => call(SET_CONFIG, config),
    };
  } catch (error) {
    video.dispatchEvent(new CustomEvent("vitrine:error", { bubbles: true, composed: true,
      detail: { message: error.message, problems: error.problems || [] } }));
    throw error;
  }
};
