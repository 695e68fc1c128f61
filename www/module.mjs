// The ES module: `attach` and what the script-tag loader needs. Fetches run side by side.
import { attach as start, dispatch, finish, imports } from "./glue/vitrine.js";
import { Host } from "./host.js";
import css from "./overlay.css";

const WASM = "application/wasm";

let ready, overlays = 0;

// Videos that have an overlay, and by which attachment.
const taken = new WeakMap();

const problem = (text) => new Error("vitrine: " + text);

// What an address leads to; anything else is there already.
const get = async (what, source, advice) => {
  let response;
  try {
    response = await source;
    if (typeof response == "string" || response instanceof URL) response = await fetch(response);
  } catch {
    throw problem(`${what} could not be fetched. Check its address, CORS, and the CSP's connect-src.`);
  }
  if (response instanceof Response && !response.ok) throw problem(`${what} ${response.url} answered ${response.status}. Check ${advice}.`);
  return response;
};

const read = async (video, options) => {
  if (!options.config) throw problem("no hotspot file was named. Set data-config on the script tag, or config in attach().");
  const response = await get("the hotspot file", options.config, "data-config or config");
  let file;
  try {
    file = response instanceof Response ? await response.json() : response;
  } catch (error) {
    throw problem(`the hotspot file ${response.url} is not JSON (${error.message}). Export it again.`);
  }
  return file?.experiment?.variants || file?.products?.from ? (await import("./vitrine-experiment.mjs")).default(file, video, options) : file;
};

const load = async (source = new URL("vitrine_bg.wasm", import.meta.url)) => {
  const response = await get("vitrine_bg.wasm", source, "that it lies beside vitrine.mjs, or set wasm in attach()");
  const type = response.headers.get("content-type");
  try {
    // Browsers compile while they load, but this very type alone.
    const { instance, module } = await (type == WASM ? WebAssembly.instantiateStreaming(response, imports())
      : WebAssembly.instantiate(await response.arrayBuffer(), imports()));
    finish(instance, module);
  } catch ({ message }) {
    throw problem(`WebAssembly did not start (${message.trim()}). ` + (type == WASM ?
      "Allow it by script-src 'wasm-unsafe-eval' in the page's CSP; a browser may have it switched off." :
      `${response.url} is ${type}. Deploy vitrine_bg.wasm there, or set wasm in attach().`));
  }
  if (type != WASM) console.warn(`vitrine: ${response.url} is served as ${type}. Serve it as ${WASM}: it starts sooner.`);
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
  if (video?.localName != "video") throw problem(`${target} is no <video>. Give attach() a <video>, or a selector of one.`);
  if (taken.has(video)) throw problem("this video has an overlay already. Call its destroy() first.");
  let host;
  const { signal } = options, release = () => [video, host?.video].forEach((one) => taken.get(one) == release && taken.delete(one));
  // From here on, not from when it is loaded: the same tag twice on a page attaches in the same moment.
  taken.set(video, release);
  // Nor until it is loaded: a component that is thrown away meanwhile leaves the video to the next.
  signal?.addEventListener("abort", release);
  try {
    const config = read(video, options);
    ready ||= load(options.wasm).catch((error) => {
      ready = 0;
      throw error;
    });
    // Side by side; where both fail, the hotspot file's reason is the one to mend first.
    const [file] = await Promise.all([config, ready]);
    signal?.throwIfAborted();
    // A player may replace its video; the overlay then takes the new one, if no other has.
    const take = (old, fresh) => !taken.has(fresh) && taken.set(fresh, release) && taken.delete(old);
    const number = ++overlays;
    host = new Host(video, { ...options, file, css, shop, check, take }, (...what) => dispatch(number, ...what));
    if (!start(host, file, number)) await host.verdict;
    const overlay = host.overlay(), { destroy } = overlay;
    overlay.destroy = () => {
      release();
      destroy();
    };
    signal?.addEventListener("abort", overlay.destroy);
    return overlay;
  } catch (error) {
    release();
    host?.anchor?.remove();
    if (!signal?.aborted) {
      video.dispatchEvent(new CustomEvent("vitrine:error", { bubbles: true, composed: true,
        detail: { message: error.message, problems: error.problems || [] } }));
    }
    throw error;
  }
};
