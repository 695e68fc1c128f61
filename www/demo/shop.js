"use strict";
// The shop's own code: its cart, and the panel with the collector's events. The overlay is not in here;
// the shop only listens to the events that bubble from its video.

const $ = (selector) => document.querySelector(selector);
const CURRENCY = "EUR";
const KEPT = "maison-ondine-bag";
const video = $("#look");

const formats = new Map();
/** Minor units as text: 9900 EUR is €99.00, 9900 JPY is ¥9,900. */
function money(minor, currency = CURRENCY) {
  if (!formats.has(currency)) {
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
    formats.set(currency, { format, unit: 10 ** format.resolvedOptions().maximumFractionDigits });
  }
  const { format, unit } = formats.get(currency);
  return format.format(minor / unit);
}

/** An element with a class, texts and children. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** An icon from one path. */
function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["width", "18"], ["height", "18"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// ---- the bag ---------------------------------------------------------------------------------

let lines = [];
try {
  lines = JSON.parse(localStorage.getItem(KEPT)) ?? [];
} catch {
  // No storage, or not ours: the bag lives as long as the page.
}

// The code that the film reveals, from then on.
const CODE = "FILM10", CODE_KEPT = "maison-ondine-code";
let coupon;
try {
  coupon = localStorage.getItem(CODE_KEPT) ?? undefined;
} catch {
  // As above.
}

const cart = $("#cart");
const keyOf = (line) => line.item_variant ?? line.item_id;
const productOf = (line) => document.querySelector(`[data-product="${CSS.escape(line.item_id)}"]`);
const optionOf = (line) => line.item_variant && productOf(line)?.querySelector(`option[value="${CSS.escape(line.item_variant)}"]`);
const sum = () => lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
const off = () => (coupon === CODE ? Math.round(sum() / 10) : 0);
const total = () => sum() - off();
const pieces = () => lines.reduce((sum, line) => sum + line.quantity, 0);

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify(lines));
  } catch {
    // As above.
  }
  show();
}

function say(text) {
  $("#said").textContent = text;
}

/** Puts items (as in the events: price in minor units) into the bag. */
function add(items) {
  for (const { item_id, item_name, item_variant, price = 0, quantity = 1 } of items) {
    const line = { item_id, item_name, item_variant, price, quantity };
    const same = lines.find((other) => keyOf(other) === keyOf(line));
    if (same) same.quantity += quantity;
    else lines.push(line);
  }
  $("#cart-thanks").hidden = true;
  keep();
  const count = $("#cart-count");
  count.classList.remove("bump");
  requestAnimationFrame(() => count.classList.add("bump"));
  say(`${items.map((item) => item.item_name).join(", ")} added. ${pieces()} in your bag, ${money(total())}.`);
}

function change(line, by) {
  line.quantity += by;
  if (line.quantity < 1) lines = lines.filter((other) => other !== line);
  keep();
  say(line.quantity < 1 ? `${line.item_name} removed.` : `${line.item_name}: ${line.quantity}.`);
}

function button(className, label, content, press) {
  const element = make("button", className, content);
  element.type = "button";
  element.setAttribute("aria-label", label);
  element.addEventListener("click", press);
  return element;
}

function row(line) {
  const picture = make("img");
  picture.src = optionOf(line)?.dataset.image ?? productOf(line)?.querySelector("img").getAttribute("src") ?? "media/mark.svg";
  picture.alt = "";
  // The pressed button is made anew with its line: give it the focus back.
  const step = (by, act) => () => {
    change(line, by);
    const again = $(`[data-line="${CSS.escape(keyOf(line))}"] .${act}`);
    (again ?? $("#cart-title")).focus();
  };
  const item = make("li", "line", picture,
    make("span", "line-name", line.item_name),
    make("span", "line-price", money(line.price * line.quantity)),
    make("span", "line-kind", optionOf(line)?.textContent ?? ""),
    make("div", "line-acts",
      make("div", "stepper",
        button("icon less", `One ${line.item_name} less`, icon("M5 12h14"), step(-1, "less")),
        make("output", "", String(line.quantity)),
        button("icon more", `One ${line.item_name} more`, icon("M5 12h14M12 5v14"), step(1, "more"))),
      button("link remove", `Remove ${line.item_name}`, "Remove", step(-line.quantity, "remove"))));
  item.dataset.line = keyOf(line);
  return item;
}

function show() {
  $("#cart-count").textContent = String(pieces());
  $("#cart-lines").replaceChildren(...lines.map(row));
  $("#cart-empty").hidden = lines.length > 0 || !$("#cart-thanks").hidden;
  $("#cart-foot").hidden = lines.length === 0;
  $("#cart-code").hidden = !off();
  $("#cart-off").textContent = money(-off());
  $("#cart-total").textContent = money(total());
}

function open() {
  if (cart.open) return;
  cart.showModal();
  $("#cart-title").focus();
}

$("#cart-button").addEventListener("click", () => {
  $("#cart-thanks").hidden = true;
  show();
  open();
});
$("#cart-close").addEventListener("click", () => cart.close());
cart.addEventListener("click", (event) => {
  if (event.target === cart) cart.close();
});

$("#place-order").addEventListener("click", () => {
  const order = {
    order_id: `MO-${Date.now().toString(36).slice(-6).toUpperCase()}`,
    items: lines.map((line) => ({ ...line })),
    value: total(),
    currency: CURRENCY,
    ...(off() > 0 && { coupon }),
  };
  (window.vitrine ||= []).push((vitrine) => vitrine.purchase(order));
  lines = [];
  $("#order-number").textContent = order.order_id;
  $("#cart-thanks").hidden = false;
  keep();
  $("#cart-title").focus();
  say(`Thank you. Order ${order.order_id} is placed.`);
});

// The film hands its products to this bag: whoever prevents the default takes over.
video.addEventListener("vitrine:add-to-cart", (event) => {
  event.preventDefault();
  add(event.detail.items);
});
video.addEventListener("vitrine:buy-now", (event) => {
  event.preventDefault();
  add(event.detail.items);
  open();
});

// Its mini cart shows this bag, takes out of it, and leaves the checkout to it.
video.addEventListener("vitrine:read-cart", (event) => {
  event.preventDefault();
  event.detail.items = lines.map((line) => ({ ...line, currency: CURRENCY }));
});
video.addEventListener("vitrine:remove-from-cart", (event) => {
  event.preventDefault();
  for (const item of event.detail.items) {
    const line = lines.find((other) => keyOf(other) === keyOf(item));
    if (line) change(line, -item.quantity);
  }
});
video.addEventListener("vitrine:begin-checkout", (event) => {
  event.preventDefault();
  open();
});
video.addEventListener("vitrine:event", ({ detail }) => {
  if (detail.type !== "coupon_revealed" || detail.coupon === coupon) return;
  coupon = detail.coupon;
  try {
    localStorage.setItem(CODE_KEPT, coupon);
  } catch {
    // As above.
  }
  show();
});

for (const product of document.querySelectorAll(".product")) {
  const select = product.querySelector("select");
  const chosen = () => select?.selectedOptions[0];
  select?.addEventListener("change", () => {
    product.querySelector("img").src = chosen().dataset.image;
    product.querySelector(".now").textContent = money(Number(chosen().dataset.price));
  });
  product.querySelector(".add").addEventListener("click", () => {
    add([{
      item_id: product.dataset.product,
      item_name: product.querySelector("h3").textContent,
      item_variant: select?.value,
      price: Number(chosen()?.dataset.price ?? product.dataset.price),
      quantity: 1,
    }]);
  });
}

if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  video.autoplay = false;
  video.pause();
}

show();

// ---- what the collector receives -------------------------------------------------------------

const SHOWN = 250;
const seconds = (time) => `${Math.floor(time / 60)}:${(Math.floor((time % 60) * 10) / 10).toFixed(1).padStart(4, "0")}`;
const took = (ms) => `${((ms ?? 0) / 1000).toFixed(1)} s`;

/** What happened, in plain words, by the event's type. */
const WORDS = {
  impression: () => "film shown",
  view_item_list: (e) => `${e.items?.length ?? 0} pieces offered`,
  play: () => "film playing",
  pause: () => "film paused",
  seek: (e) => (Math.abs((e.from ?? e.media_time) - e.media_time) < 0.1 ? "moved here" : `moved here from ${seconds(e.from)}`),
  progress: (e) => `${e.percent} % watched`,
  buffer: (e) => `waited ${took(e.duration_ms)}`,
  end: () => "film ended",
  segment_enter: (e) => `${e.segment_id} · scene begins`,
  hotspot_exposure: (e) => `${e.hotspot_id} · seen`,
  hotspot_click: (e) => `${e.hotspot_id} · pressed`,
  select_item: (e) => `${subject(e)} · chosen`,
  view_item: (e) => `${subject(e)} · looked at`,
  card_close: (e) => `${subject(e)} · closed`,
  add_to_cart: (e) => `${subject(e)} · added`,
  remove_from_cart: (e) => `${subject(e)} · removed`,
  buy_now: (e) => `${subject(e)} · bought at once`,
  cart_outcome: (e) => `${subject(e)} · ${{ confirmed: "in the cart", partial: "in part in the cart", handed_over: "taken by the shop", failed: "not added" }[e.outcome] ?? e.outcome}`,
  view_cart: () => "cart opened",
  coupon_revealed: (e) => `${e.coupon} · shown`,
  coupon_copied: (e) => `${e.coupon} · copied`,
  poll_answered: (e) => `${subject(e)} · answered: ${e.answer}`,
  add_to_wishlist: (e) => `${subject(e)} · saved`,
  remove_from_wishlist: (e) => `${subject(e)} · no longer saved`,
  begin_checkout: () => "checkout begun",
  purchase: (e) => `order ${e.order_id ?? ""} · placed`,
  experiment_exposure: (e) => `test ${e.experiment?.id} · ${e.experiment?.variant}`,
  view_end: (e) => `view ended · ${took(1000 * (e.watched ?? []).reduce((sum, [from, to]) => sum + to - from, 0))} watched`,
  dropped: (e) => `${e.count} events lost`,
};
const subject = (e) => e.hotspot_id ?? e.items?.[0]?.item_name ?? "film";
const VALUED = new Set(["add_to_cart", "remove_from_cart", "buy_now", "begin_checkout", "purchase"]);

const list = $("#event-list");
const known = new Set();
let settled = false;

function received(event) {
  if (known.has(event.id)) return;
  known.add(event.id);
  const time = make("time", "", seconds(event.media_time ?? 0));
  const valued = VALUED.has(event.type) && event.value !== undefined;
  const words = make("span", valued ? "words money" : "words", WORDS[event.type]?.(event) ?? event.type);
  const summary = make("summary", "", time, words);
  if (valued) summary.append(make("span", "value money", money(event.value, event.currency)));
  const details = make("details", "", summary);
  // The JSON is written when it is first asked for.
  details.addEventListener("toggle", () => details.append(make("pre", "", JSON.stringify(event, null, 2))), { once: true });
  const item = make("li", settled ? "fresh" : "", details);
  item.dataset.event = event.type;
  item.dataset.id = event.id;
  list.prepend(item);
  if (list.childElementCount > SHOWN) list.lastElementChild.remove();
  $("#events-empty").hidden = true;
}

// What the collector has on disk, and what it knows to be missing.
function complete({ views, events }) {
  const missing = events.missing + events.pending, line = $("#events-complete");
  line.textContent = `On disk: ${events.received} events of ${views.all} ${views.all == 1 ? "view" : "views"}, `
    + (missing ? `${missing} missing` : "none missing") + (events.explained ? `, ${events.explained} known to be lost` : "");
  line.hidden = false;
}

let stream;
function listen() {
  stream = new EventSource("/events/stream");
  stream.addEventListener("message", (message) => {
    try {
      received(JSON.parse(message.data));
    } catch (error) {
      console.warn("shop: the stream sent what is no event.", error);
    }
  });
  stream.addEventListener("completeness", (message) => complete(JSON.parse(message.data)));
  stream.addEventListener("open", () => setTimeout(() => (settled = true), 500));
}
listen();
// A page that the browser keeps for the way back must not keep its connection: there are six for each site.
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (event) => event.persisted && listen());

$("#events-clear").addEventListener("click", async () => {
  try {
    await fetch("/events", { method: "DELETE" });
  } catch {
    // The collector is away: the panel is cleared all the same.
  }
  list.replaceChildren();
  $("#events-empty").hidden = false;
});
