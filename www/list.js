// The drawer with the products of a video. What it says and does is `www/access.js`'s.

import { CROSS, aloud, icon } from "./tree.js";

// What `dispatch` reports, as src/web/dispatch.rs numbers it.
const LIST = 26, PICK = 27;
// Smaller pictures have it as a sheet, as src/session/spot.rs says of the card.
const LEAST = { width: 480, height: 256 };

// Seconds, or `mm:ss.fff`, as minutes and seconds.
const clock = (time, tag) => {
  const write = (number, digits) => new Intl.NumberFormat(tag, { minimumIntegerDigits: digits, useGrouping: false })
    .format(Math.floor(number));
  const seconds = String(time).split(":").reduce((sum, part) => sum * 60 + +part, 0);
  const minutes = seconds / 60, hours = minutes / 60;
  return (hours >= 1 ? write(hours, 1) + ":" + write(minutes % 60, 2) : write(minutes, 1)) + ":" + write(seconds % 60, 2);
};

// Draws the list into the overlay's layer; `host` is what `www/access.js` makes.
export default (css) => (host, { patch, said }) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.root.adoptedStyleSheets.push(sheet);

  const entry = ({ product, now, start }) => {
    const { words, tag } = host, { raw } = host.products[product], { price, before } = host.good(product);
    const picture = said(raw.image_link);
    return ["li", {}, ["button", { class: "entry", part: "entry", type: "button", "data-list": product, "aria-current": now && "true" },
      picture ? ["img", { src: picture, alt: "", width: 64, height: 64 }] : ["span", { class: "blank" }],
      // Commas for the ears: WebKit joins the texts of boxes side by side without a blank.
      ["span", { class: "words" },
        ["span", { class: "title" }, raw.title, aloud(",")],
        price && ["span", { class: "price" }, before && aloud(words.price_now), ["b", {}, price], " ",
          before && aloud(words.price_before), before && ["s", {}, before], aloud(",")]],
      ["span", { class: "when" }, ["span", {}, clock(start, tag), now && aloud(",")], now && ["span", { class: "now" }, words.now]]]];
  };

  // The products of the hotspots, or of these of them, in the order of their times; where one is at
  // several, the one on screen, or the first.
  let only;
  const collect = () => {
    const entries = new Map();
    host.hotspots.forEach(({ products, raw }, hotspot) => products.forEach((product, shown) => {
      const now = host.spots.has(hotspot), known = entries.get(product);
      if ((only?.includes(hotspot) ?? true) && (!known || now && !known.now)) {
        entries.set(product, { product, hotspot, shown, now, start: raw.start });
      }
    }));
    return [...entries.values()];
  };

  const draw = () => {
    const { offsetWidth, offsetHeight } = host.box, { words } = host;
    const small = offsetWidth < LEAST.width || offsetHeight < LEAST.height;
    patch(host.layer, [["div", { part: "drawer", class: small ? "drawer sheet" : "drawer", role: "dialog", "aria-labelledby": "list", tabindex: -1 },
      ["div", { class: "top" },
        ["h2", { class: "title", id: "list" }, only ? words.missed : words.overlay],
        ["button", { class: "close", part: "close", type: "button", "data-list": "close", "aria-label": words.close }, icon(CROSS)]],
      ["ul", { role: "list" }, ...collect().map(entry)]]]);
    host.fit();
  };

  const own = {
    draw,

    open(hotspots) {
      only = hotspots;
      host.listed = collect().map(({ product }) => product);
      if (!host.listed.length) return;
      host.dispatch(LIST, 0, 0);
      host.listing = true;
      host.list = own;
      draw();
      host.drawPill();
      if (only) host.say(host.words.missed);
      else host.layer.firstChild.focus({ preventScroll: true });
    },

    pick(product) {
      const { hotspot, shown } = collect().find((entry) => entry.product == product);
      host.picked = product;
      host.dispatch(PICK, hotspot, shown);
      host.picked = -1;
      // No card took the list's place: the page took the click over, and perhaps the focus.
      host.shutList(host.root.activeElement);
    },
  };
  return own;
};
