// The mini cart: a drawer with the lines of the shop's cart, or of the one that the overlay knows of. Its first words
// are those of `www/cart-words.js`; what it shows is decided in `www/cart-lines.js`.

import { labelOf } from "./card-options.js";
import { costOf, find, grown, subtotals, taken } from "./cart-lines.js";
import WORDS from "./cart-words.js";
import { CROSS, aloud, icon } from "./tree.js";
import { texts } from "./words.js";

// What `dispatch` reports, as src/web/dispatch.rs numbers it, and the act that closes the card.
const ACT = 5, CLOSE = 6, TRACK = 15;
// Smaller pictures have it as a sheet, as src/session/spot.rs says of the card.
const LEAST = { width: 480, height: 256 };
const CART = "M2 2h2l2.7 12.4a2 2 0 0 0 2 1.6h9.7a2 2 0 0 0 2-1.6L22 7H5.1M9 21a1 1 0 1 1-2 0 1 1 0 0 1 2 0M20 21a1 1 0 1 1-2 0 1 1 0 0 1 2 0",
  BIN = "M3 6h18M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2M10 11v6M14 11v6", LESS = "M5 12h14", MORE = "M5 12h14M12 5v14";

const isWeb = (address) => {
  try {
    return typeof address == "string" && /^https?:/.test(new URL(address, document.baseURI).href);
  } catch {
    return false;
  }
};

export default (css) => (host, { fire, patch, said }) => {
  const { root, abort: { signal } } = host;
  const sheet = new root.ownerDocument.defaultView.CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);

  // The lines that no shop tells of, whether the drawer is open, what it waits for, what it says.
  let known = [], open = false, busy = "", told = "", resume = false, viewed;
  const word = (name, blanks = {}) => {
    const words = { ...WORDS.en, ...WORDS[host.tag.split("-")[0]], ...texts(host.config.strings) };
    return words[name].replace(/\{(\w+)\}/g, (all, key) => blanks[key] ?? all);
  };
  const number = (value) => new Intl.NumberFormat(host.tag).format(value);
  const money = (amount, currency) => host.money(amount, new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits, currency);
  const isShop = () => host.selling && host.selling != 1 && !host.options.cart;
  const cart = () => isShop() && host.basket?.lines ? host.basket : { lines: known, checkout_url: isShop() ? host.basket?.checkout_url : undefined };

  // A line with what the hotspot file says of it.
  const lines = () => (cart().lines || []).map((line) => {
    const [product, variant] = find(line.id, host.products) || [];
    if (product == null) {
      const cost = costOf(line, {}, cart().currency), title = line.title || line.id;
      return { ...line, ...cost, title, item: { item_id: line.id, item_name: title, quantity: line.quantity, ...cost } };
    }
    const { raw, variants } = host.products[product], own = variants[variant]?.raw || raw, ours = host.item(product, variant);
    const cost = costOf(line, ours, cart().currency), item = { ...ours, ...cost, quantity: line.quantity };
    return { ...line, item, title: raw.title, option: Object.entries(texts(own.options)).map(([name, value]) => labelOf(raw, name, value)).join(" / "), picture: said(own.image_link) || said(raw.image_link), ...cost };
  });
  const count = () => cart().cart_count ?? (cart().lines || []).reduce((sum, { quantity }) => sum + quantity, 0);

  // The page's own cart, where a listener says what is in it.
  const readPage = () => {
    const detail = {};
    if (fire(host.video, "vitrine:read-cart", detail) || !Array.isArray(detail.items)) return false;
    known = grown([], detail.items.filter((item) => typeof item?.item_id == "string" && Number.isFinite(item.quantity) && item.quantity > 0));
    return true;
  };

  // Tells the collector, and gives the event back.
  const tell = (type, all, more) => {
    const [[currency, value] = [], ...others] = /^(view_cart|begin_checkout)$/.test(type) ? subtotals(cart(), all) : subtotals({}, all);
    host.dispatch(TRACK, host.note({ type, items: all.map(({ item }) => item),
      ...(!others.length && { value, currency }), ...more }), 0);
    return host.detail(Math.max(...host.details.keys()));
  };

  const row = ({ key, title, option, picture, quantity, price, currency }, can) => {
    const control = (part, act, path, name) => ["button", { class: "by", type: "button", ...part, "data-cart": act, "data-key": key, "aria-label": word(name, { title: option ? `${title}, ${option}` : title }), "aria-disabled": busy ? "true" : null }, icon(path)];
    return ["li", { class: "line", part: "line" }, picture ? ["img", { src: picture, alt: "", width: 64, height: 64 }] : ["span", { class: "blank" }],
      ["div", { class: "words" }, ["span", { class: "title" }, title], option && ["span", { class: "option-of" }, option],
        ["span", { class: "each" }, price >= 0 && currency ? word("basket_each", { n: number(quantity), price: money(price, currency) }) : "× " + number(quantity)]],
      can.change && control({ part: "fewer" }, "less", LESS, "basket_less"), can.change && control({ part: "more" }, "more", MORE, "basket_more"),
      can.remove && control({ part: "remove" }, "remove", BIN, "basket_remove")];
  };

  let can = { change: false, remove: true };
  const draw = () => {
    const { offsetWidth, offsetHeight } = host.box, all = lines(), sums = subtotals(cart(), all);
    const small = offsetWidth < LEAST.width || offsetHeight < LEAST.height;
    patch(host.layer, [["div", { part: "cart-drawer", class: small ? "drawer basket sheet" : "drawer basket", role: "dialog", "aria-labelledby": "basket", "aria-busy": busy ? "true" : null, tabindex: -1 },
      ["div", { class: "top" },
        ["h2", { class: "title", id: "basket" }, word("basket")],
        ["button", { class: "close", part: "close", type: "button", "data-list": "close", "aria-label": host.words.close }, icon(CROSS)]],
      all.length ? ["ul", { role: "list" }, ...all.map((line) => row(line, can))] : ["p", { class: "empty" }, !busy && word("basket_empty")],
      ["p", { class: "status", part: "status", role: "status" }, told],
      ["div", { class: "bottom" },
        ...(all.length ? sums : []).map(([currency, sum]) => ["p", { class: "sum", part: "subtotal" }, ["span", {}, word("basket_subtotal"), aloud(":")], ["b", {}, money(sum, currency)]]),
        all.length > 0 && ["button", { class: "primary", part: "checkout", type: "button", "data-cart": "checkout" }, word("basket_checkout")],
        ["button", { class: "secondary", part: "continue", type: "button", "data-cart": "continue" }, word("basket_continue")]]]]);
    host.fit();
    host.drawPill();
  };
  const refresh = () => open ? draw() : host.drawPill();
  const drawer = { draw, open: () => {}, pick: () => {} };

  const failed = (answer) => host.refusal(answer || {});
  // One thing at a time: what the cart was before is what the next is about.
  const work = async (what, act) => {
    if (busy) return;
    busy = what;
    told = "";
    refresh();
    try {
      await act();
    } catch (error) {
      console.warn("vitrine: the cart failed.", error);
      told = host.words.cart_failed;
    }
    busy = "";
    if (!signal.aborted) refresh();
  };

  const read = () => work("read", async () => {
    if (!isShop()) return void readPage();
    const shop = await host.selling, { ok, cart, failure } = await shop.read();
    if (ok) fire(host.video, "vitrine:cart", host.basket = cart);
    // A shop that cannot be read has told what it had after the last add, or is believed.
    else if (!host.basket?.lines && !known.length) told = failure == "other" ? word("basket_unread") : failed({ failure });
    const { platform, remove } = host.config.cart, keyed = !!host.basket?.lines;
    can = { change: keyed && !!shop.change, remove: keyed && (platform != "http" || !!remove) };
  });

  const show = async () => {
    if (open) return;
    if (host.layer.querySelector("[part=card]")) host.dispatch(ACT, CLOSE, 0);
    host.shutList();
    // The film waits; it goes on where it was.
    resume = !host.video.paused;
    host.video.pause();
    open = host.listing = true;
    host.list = drawer;
    draw();
    host.layer.firstChild.focus({ preventScroll: true });
    await read();
    viewed = open && tell("view_cart", lines()).id;
  };

  // Another number of a line; 0 takes it out.
  const change = (key, by) => work("change", async () => {
    const line = lines().find((one) => one.key == key), left = by ? Math.max(0, line.quantity + by) : 0, pieces = Math.abs(line.quantity - left);
    const moved = { ...line, item: line.item && { ...line.item, quantity: pieces }, quantity: pieces };
    const detail = { key, quantity: left, items: [moved.item].filter(Boolean) }, cause = viewed || undefined;
    let answer;
    if (!fire(host.video, left < line.quantity ? "vitrine:remove-from-cart" : "vitrine:change-cart", detail)) answer = { ok: true };
    else if (isShop()) {
      const shop = await host.selling;
      answer = await (left ? shop.change(key, left) : shop.remove(key));
      // A shop that tells nothing of its cart is believed.
      if (answer.ok && !answer.cart && host.basket?.lines) {
        const lines = host.basket.lines.flatMap((one) => one.key != key ? [one] : left ? [{ ...one, quantity: left }] : []);
        answer.cart = { lines, currency: host.basket.currency };
      }
      if (answer.cart) fire(host.video, "vitrine:cart", host.basket = { checkout_url: host.basket?.checkout_url, ...answer.cart });
    } else if (host.options.cart) answer = await host.options.cart({ type: "remove_from_cart", ...detail }, { signal });
    if (left > line.quantity) {
      const { id } = tell("add_to_cart", [moved], { cause });
      tell("cart_outcome", [moved], { cause: id, ...(answer?.ok ? { outcome: "confirmed", quantity: pieces } : { outcome: "failed", failure: answer?.failure, reason: answer?.reason }) });
    }
    if (!answer?.ok) return void (told = failed(answer));
    if (!isShop() && !readPage()) known = known.flatMap((one) => one.key != key ? [one] : left ? [{ ...one, quantity: left }] : []);
    if (left < line.quantity) tell("remove_from_cart", [moved], { cause });
    if (!left) told = word("basket_removed", { title: line.title });
  });

  const checkout = () => {
    const href = [cart().checkout_url, host.config.cart?.checkout].find(isWeb), event = tell("begin_checkout", lines(), { href, cause: viewed || undefined });
    if (!fire(host.video, "vitrine:begin-checkout", event)) return;
    host.flush();
    if (href) return location.assign(href);
    console.warn("vitrine: nobody took the checkout. Set cart.checkout in the hotspot file, or call preventDefault() in a listener of vitrine:begin-checkout.");
    told = word("basket_no_checkout");
    draw();
  };

  const pill = () => {
    const n = count();
    return n > 0 && !host.listing && ["button", { class: "pill bag", type: "button", part: "cart", "data-cart": "open", "aria-haspopup": "dialog", "aria-label": word("basket_count", { n: number(n) }) },
      icon(CART), ["span", {}, number(n)]];
  };

  root.addEventListener("click", ({ target }) => {
    const control = target.closest("[data-cart]");
    if (!control || control.getAttribute("aria-disabled")) return;
    const { cart: act, key } = control.dataset;
    if (act == "open") show();
    else if (act == "checkout") checkout();
    else if (act == "continue") {
      resume = true;
      host.shutList(true);
    } else change(key, { less: -1, more: 1 }[act]);
  }, { signal });

  class Bag extends Object.getPrototypeOf(host).constructor {
    shutList(focus) {
      const was = open;
      open = false;
      super.shutList(focus);
      if (!was) return;
      told = "";
      if (focus) this.bar.querySelector("[part=cart]")?.focus({ preventScroll: true });
      if (resume) this.play(true);
    }

    adopt(...file) {
      super.adopt(...file);
      // Another file may have another shop.
      Promise.resolve().then(refresh);
    }
  }
  Object.setPrototypeOf(host, Bag.prototype);
  host.pill = pill;
  host.offer = () => ["button", { class: "link", type: "button", part: "view-cart", "data-cart": "open" }, word("basket_view")];

  return {
    // Something was added, as a `cart_outcome` says.
    add({ items = [], quantity, outcome }) {
      if (isShop() ? !host.basket?.lines : !readPage()) known = grown(known, taken(items, outcome == "partial" ? quantity : undefined));
      refresh();
      if (host.drawn?.length && host.layer.querySelector("[part=card]")) host.card(0, ...host.drawn);
    },
  };
};
