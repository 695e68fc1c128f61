// The ES module: `attach` and what the script-tag loader needs. Fetches run side by side.
import init, { attach as start, host as prepare } from "./glue/vitrine.js";

let ready;

// Videos that have an overlay.
const taken = new WeakSet();

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

// See vitrine.d.ts.
export const attach = async (target, options = {}) => {
  const video = typeof target == "string" ? document.querySelector(target) : target;
  if (video?.localName != "video") throw problem(`${target} is no <video>. Give attach() a video element, or a selector of one.`);
  if (taken.has(video)) throw problem("this video has an overlay already. Call its destroy() first.");
  // From here on, not from when it is loaded: the same tag twice on a page attaches in the same moment.
  taken.add(video);
  let host;
  try {
    const config = read(options.config);
    ready ||= init({ module_or_path: options.wasm }).catch((error) => {
      ready = 0;
      throw problem(`WebAssembly did not start (${error.message}). Where a CSP forbids it, allow script-src 'wasm-unsafe-eval'.`);
    });
    // Side by side; where both fail, the hotspot file's reason is the one to mend first.
    const [file] = await Promise.all([config, ready]);
    // A player may replace its video; the overlay then takes the new one, if no other has.
    const take = (old, fresh) => !taken.has(fresh) && taken.add(fresh) && (taken.delete(old), true);
    host = prepare(video, { ...options, file, take });
    start(host, file, host.consent(options.consent ?? "granted"));
    const overlay = host.overlay(), { destroy } = overlay;
    overlay.destroy = () => {
      taken.delete(host.video);
      destroy();
    };
    return overlay;
  } catch (error) {
    taken.delete(video);
    host?.anchor?.remove();
    video.dispatchEvent(new CustomEvent("vitrine:error", { bubbles: true, composed: true,
      detail: { message: error.message, problems: error.problems || [] } }));
    throw error;
  }
};
