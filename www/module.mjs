// The ES module: `attach` and what the script-tag loader needs. Fetches run side by side.
import { attach as start, dispatch, initSync } from "./glue/vitrine.js";
import { Host } from "./host.js";
import css from "./overlay.css";

let ready, overlays = 0;

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

// Compiles the WebAssembly while it arrives; where the server gives it another type, afterwards.
const compile = async (source = new URL("vitrine_bg.wasm", import.meta.url)) => {
  source = await source;
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const copy = response.clone();
  initSync({ module: await WebAssembly.compileStreaming(response).catch(async () => WebAssembly.compile(await copy.arrayBuffer())) });
};

// What is loaded after the first hotspot, or where a file has problems. A browser may remember that an
// import failed, so each try has an address of its own.
const shop = async (Host, parts, tries) => {
  const again = (name) => import(new URL(name + "?" + tries, import.meta.url));
  const [shop, outbox] = await Promise.all([
    tries ? again("vitrine-shop.mjs") : import("./vitrine-shop.mjs"),
    // A page that blocks or lacks it sells all the same.
    import("./vitrine-outbox.mjs").catch(() => void
      console.warn("vitrine: vitrine-outbox.mjs could not be loaded, so no events are sent. Deploy all of dist/.")),
  ]);
  return [shop.default(Host, parts), outbox?.open];
};
const check = async (file) => {
  let module;
  try {
    module = await import("./vitrine-check.mjs");
  } catch {
    return { message: "the hotspot file has errors, and vitrine-check.mjs, which names them, could not be loaded. Deploy all of dist/.", problems: [] };
  }
  return module.check(file);
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
    ready ||= compile(options.wasm).catch((error) => {
      ready = 0;
      throw problem(`WebAssembly did not start (${error.message}). Where a CSP forbids it, allow script-src 'wasm-unsafe-eval'.`);
    });
    // Side by side; where both fail, the hotspot file's reason is the one to mend first.
    const [file] = await Promise.all([config, ready]);
    const number = ++overlays;
    host = new Host(video, { ...options, file, css, shop, check }, (...what) => dispatch(number, ...what));
    if (!start(host, file, number)) await host.verdict;
    const overlay = host.overlay(), { destroy } = overlay;
    overlay.destroy = () => {
      taken.delete(video);
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
