// The dialog of a hotspot's coupon, lead or poll: where it is, how it opens and closes, what it reports. What is in it is the
// action's own module's, in `www/actions/`.
import fits, { ACTIONS } from "./actions/fits.js";
import WORDS from "./actions/words.js";
import { CROSS, icon } from "./tree.js";

// Each with its address in full: so bundlers find the file.
const FILES = { coupon: () => import("./actions/coupon.mjs"), lead: () => import("./actions/lead.mjs"), poll: () => import("./actions/poll.mjs") };

// What `dispatch` reports, as src/web/dispatch.rs numbers it; *close* is one of `ACTS` in `www/host.js`.
const ACT = 5, TRACK = 15, SET_CONFIG = 18, CLOSE = 6;
// The first of `ASKS` in `www/shop.js`.
const CLICK = 0;
// As src/session/spot.rs has them of the card: smaller pictures have a sheet.
const LEAST = { width: 480, height: 256 }, CARD = 320, GAP = 12;

const button = (kind, deed, attributes, ...children) => ["button", { class: kind, type: "button", "data-deed": deed, ...attributes }, ...children];

// Beside the hotspot like a card, or a sheet: class and style. `spot` is the hotspot's box in a layer of that size, `least` the
// height that the dialog needs.
export const place = (spot, { width, height }, fromRight, least = LEAST.height) => {
  if (width < LEAST.width || height < least) return { class: "sheet" };
  const fitsAfter = spot && spot.right + 2 * GAP + CARD <= width, fitsBefore = spot && spot.left - 2 * GAP - CARD >= 0;
  const side = fitsAfter && !(fromRight && fitsBefore) ? "l" : fitsBefore ? "r" : "n";
  const top = side == "n" ? height / 2 : Math.min(Math.max((spot.top + spot.bottom) / 2, 0), height);
  const left = side == "l" ? spot.right + GAP : side == "r" ? spot.left - GAP - CARD : (width - CARD) / 2;
  return { class: side, style: `left:${left}px;top:${top}px;--rise:${100 * top / height}%` };
};

export default (css) => (host, { patch }) => {
  const sheet = new (host.root.ownerDocument.defaultView.CSSStyleSheet)(), { ask, card, openList, adopt, destroy } = host, modules = {};
  sheet.replaceSync(css);
  host.root.adoptedStyleSheets.push(sheet);
  let open;

  const words = () => ({ ...WORDS.en, ...WORDS[host.tag.split("-")[0]], ...host.words });

  const draw = () => {
    if (!open) return;
    const { action, deed, hotspot, index } = open, { layer, video } = host, room = layer.getBoundingClientRect(), box = host.spots.get(index)?.getBoundingClientRect();
    // Once, so that it does not jump away beneath a finger while its hotspot moves.
    open.at ||= place(box && { left: box.left - room.left, right: box.right - room.left, top: box.top - room.top, bottom: box.bottom - room.top }, room, host.box.dir == "rtl", deed.height);
    const title = (deed.question ? "" : action.title?.trim()) || deed.title;
    patch(layer, [["div", { part: "card dialog", role: "dialog", "aria-labelledby": "title", "aria-describedby": action.text?.trim() ? "about" : null, tabindex: -1, class: "card " + open.at.class, style: open.at.style },
      ["div", { class: "body" },
        button("close", "close", { part: "close", "aria-label": host.words.close }, icon(CROSS)),
        ["h2", { part: "title", class: "title", id: "title" }, title],
        action.text?.trim() && ["p", { part: "description", class: "description", id: "about" }, action.text],
        ...deed.tree()]]]);
    host.fit();
  };

  const close = (focus) => {
    if (!open) return;
    const { index, resume } = open;
    open = undefined;
    patch(host.layer, []);
    if (focus) host.rescue(host.spots.get(index));
    if (resume && host.video.paused) host.play(1);
    host.touch();
  };

  const load = (type) => modules[type] ||= FILES[type]().catch((error) => {
    delete modules[type];
    console.warn(`vitrine: actions/${type}.mjs could not be loaded. Deploy all of dist/.`, error);
  });

  const show = async (index, click) => {
    const hotspot = host.hotspots[index], { action, pause } = hotspot.raw, module = await load(action.type);
    if (!module || host.hotspots[index] != hotspot || host.abort.signal.aborted) return;
    close();
    host.shutList();
    if (host.layer.firstChild) host.dispatch(ACT, CLOSE, 0);
    // An event of the hotspot's; its id.
    const track = (type, data, cause = click) => {
      host.dispatch(TRACK, host.note({ type, hotspot_id: hotspot.raw.id, ...data, cause }), 0);
      return host.ids.at(-1);
    };
    const resume = pause === true && !host.video.paused;
    if (resume) host.play(0);
    const mine = open = { index, action, hotspot, resume };
    open.deed = module.default({ action, hotspot, host, button, track, words: words(), draw: () => open == mine && draw() });
    draw();
    host.layer.firstChild.focus({ preventScroll: true });
  };

  // What is wrong is said, and left out like all that is wrong.
  const sift = () => {
    const isWrong = ({ raw: { action } }) => ACTIONS.test(action?.type) && !fits(action), wrong = host.hotspots.filter(isWrong).map(({ raw }) => raw);
    for (const { raw: { action } } of host.hotspots) if (ACTIONS.test(action?.type)) load(action.type);
    if (!wrong.length) return;
    host.blame();
    host.next = { ...host.next, hotspots: host.next.hotspots.filter((raw) => !wrong.includes(raw)) };
    host.dispatch(SET_CONFIG, 0, 0, host.next);
  };

  host.ask = (what, about, event) => {
    const { action } = what == CLICK && host.hotspots[about]?.raw || {};
    // From the list of products, an entry opens the card.
    if (!ACTIONS.test(action?.type) || host.picked >= 0) return ask.call(host, what, about, event);
    const click = host.ids[event], video = host.video, detail = host.detail(event);
    const isLeft = video.dispatchEvent(new CustomEvent("vitrine:hotspot-click", { bubbles: true, composed: true, cancelable: true, detail }));
    if (isLeft) show(about, click);
  };
  host.card = (focus, ...view) => {
    if (view.length) close();
    else if (open) return;
    card.call(host, focus, ...view);
  };
  host.openList = (...only) => {
    close();
    return openList.apply(host, only);
  };
  host.adopt = (...file) => {
    close(host.root.activeElement);
    adopt.apply(host, file);
    Promise.resolve().then(sift);
  };
  host.destroy = () => {
    open = undefined;
    destroy.call(host);
  };

  const act = (event) => {
    const control = event.target.closest("[data-deed]"), deed = control?.dataset.deed;
    if (!open || !control || (event.type == "submit") != (deed == "send")) return;
    if (event.type == "submit") event.preventDefault();
    if (deed == "close") close(true);
    else open.deed[deed]?.(control);
  };
  host.root.addEventListener("click", act);
  host.root.addEventListener("submit", act);
  host.root.addEventListener("keydown", (event) => {
    if (!open || event.key != "Escape") return;
    event.stopPropagation();
    close(true);
  });
  sift();
};
