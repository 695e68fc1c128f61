// What the overlay's Rust asks of the browser, in few calls. Nothing here decides anything about
// the product: it builds what it is told, and reports what happened to one function,
// `dispatch(what, a, b, data)`.

// What `dispatch` reports; src/web/dispatch.rs lists the same numbers.
const FRAME = 0, MEDIA = 1, LAYOUT = 2, IN_VIEW = 3, PAGE_VISIBLE = 4, ACT = 5, KEY = 6, LEAVE = 7,
  RETURN = 8, SENT = 9, CART = 10, WAKE = 11;

const SVG = "http://www.w3.org/2000/svg";
// In the order of `MediaKind::numbered`.
const MEDIA_EVENTS = ["play", "pause", "seeking", "seeked", "ended", "waiting", "playing", "timeupdate",
  "loadedmetadata", "durationchange"];
// What a viewer does on the overlay is not for the player beneath it.
const KEPT_EVENTS = ["dblclick", "pointerdown", "pointerup", "mousedown", "mouseup", "touchstart",
  "touchend", "keyup", "keypress", "contextmenu"];

const pixels = (text) => parseFloat(text) || 0;

// Reads the markup of src/ui.rs: `[tag, [[name, value], ...], [children]]` for an element, and text.
const parse = (markup) => {
  const path = [["", [], []]];
  for (const token of markup.split(/(?=[\x01-\x04])/)) {
    const op = token.charCodeAt(0), rest = token.slice(1), [, attributes, children] = path.at(-1), at = rest.indexOf("=");
    if (op == 1) {
      const element = [rest, [], []];
      children.push(element);
      path.push(element);
    } else if (op == 2) attributes.push([rest.slice(0, at), rest.slice(at + 1)]);
    else if (op == 3) children.push(rest);
    else if (op == 4) path.pop();
  }
  return path[0][2];
};

// Makes `parent`'s children equal these, and keeps the elements that already fit, so that the focus
// stays where it is.
const patch = (parent, children) => {
  let node = parent.firstChild;
  for (const child of children) {
    const isText = typeof child == "string";
    const [tag, attributes, inner] = isText ? [] : child;
    if (!node || (isText ? node.nodeType != 3 : node.localName != tag)) {
      const fresh = isText ? new Text()
        : tag == "svg" || parent.namespaceURI == SVG ? document.createElementNS(SVG, tag)
        : document.createElement(tag);
      node ? node.replaceWith(fresh) : parent.append(fresh);
      node = fresh;
    }
    if (isText) {
      if (node.data != child) node.data = child;
    } else {
      for (const { name } of [...node.attributes]) {
        if (!attributes.some((attribute) => attribute[0] == name)) node.removeAttribute(name);
      }
      for (const [name, value] of attributes) {
        if (name == "style") node.style.cssText = value;
        else if (node.getAttribute(name) != value) node.setAttribute(name, value);
      }
      patch(node, inner);
    }
    node = node.nextSibling;
  }
  while (node) {
    const next = node.nextSibling;
    node.remove();
    node = next;
  }
};

export class Host {
  constructor(video, options) {
    this.video = video;
    this.options = options;
    this.spots = new Map();
    this.abort = new AbortController();
  }

  mount(css, dispatch) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.dispatch = dispatch;
    this.anchor = document.createElement("vitrine-overlay");
    const root = this.root = this.anchor.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    patch(root, parse("\x01div\x02class=box\x01div\x02class=stage\x02role=group\x04\x01div\x02class=layer\x04\x04"));
    this.box = root.firstChild;
    [this.stage, this.layer] = this.box.children;
    this.video.after(this.anchor);
  }

  option(name) {
    return this.options[name] || "";
  }

  playing() {
    return !this.video.paused;
  }

  // Every listener, observer and frame callback of an overlay; `destroy` ends them all.
  watch() {
    const { video, anchor, dispatch } = this, { signal } = this.abort;
    const on = (target, types, listener) =>
      types.forEach((type) => target.addEventListener(type, listener, { signal, passive: true }));
    const measure = () => this.measure();

    on(video, MEDIA_EVENTS, ({ type }) => dispatch(MEDIA, video.currentTime, MEDIA_EVENTS.indexOf(type) +
      16 * (video.paused + 2 * video.ended + 4 * video.seeking + 8 * video.loop), video.duration));
    on(video, ["loadedmetadata", "resize", "timeupdate"], measure);
    on(window, ["resize"], measure);
    on(document, ["fullscreenchange"], measure);
    on(document, ["visibilitychange"], () => dispatch(PAGE_VISIBLE, +!document.hidden, 0));
    on(window, ["pagehide"], () => dispatch(LEAVE, 0, 0));
    on(window, ["pageshow"], (event) => event.persisted && dispatch(RETURN, 0, 0));

    on(anchor, KEPT_EVENTS, (event) => event.stopPropagation());
    on(anchor, ["keydown"], (event) => {
      event.stopPropagation();
      dispatch(KEY, 0, 0, event.key);
    });
    on(this.root, ["click"], (event) => {
      event.stopPropagation();
      const control = event.target.closest("[data-act]");
      if (control) dispatch(ACT, +(control.dataset.arg || 0), 0, control.dataset.act);
    });

    this.sizes = new ResizeObserver(measure);
    this.sizes.observe(video);
    if (anchor.parentElement) this.sizes.observe(anchor.parentElement);
    this.views = new IntersectionObserver((entries) => entries.forEach((entry) =>
      dispatch(IN_VIEW, +entry.target.dataset.arg, +entry.isIntersecting)), { threshold: 0.5 });

    // Safari before 15.4 and Firefox before 132 have no frame callback.
    const exact = video.requestVideoFrameCallback;
    const frame = (_, data) => {
      next();
      if (exact || !video.paused) dispatch(FRAME, data ? data.mediaTime : video.currentTime, video.currentTime);
    };
    const next = () => {
      this.frameCallback = exact ? exact.call(video, frame) : requestAnimationFrame(frame);
    };
    next();
    measure();
  }

  measure() {
    const { video } = this, style = getComputedStyle(video);
    const { x, y, width, height } = video.getBoundingClientRect(), anchor = this.anchor.getBoundingClientRect();
    this.dispatch(LAYOUT, 0, 0, [x, y, width, height, video.offsetWidth, video.offsetHeight,
      pixels(style.borderLeftWidth) + pixels(style.paddingLeft), pixels(style.borderTopWidth) + pixels(style.paddingTop),
      pixels(style.borderRightWidth) + pixels(style.paddingRight), pixels(style.borderBottomWidth) + pixels(style.paddingBottom),
      anchor.x, anchor.y, video.videoWidth, video.videoHeight, style.objectFit, style.objectPosition]);
  }

  frame(x, y, width, height) {
    this.box.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;
  }

  // Boxes as index, left, top, width, height; one write for each.
  place(boxes) {
    for (let i = 0; i < boxes.length; i += 5) {
      const spot = this.spots.get(boxes[i]);
      if (spot) {
        spot.style.cssText = `transform:translate(${boxes[i + 1]}px,${boxes[i + 2]}px);width:${boxes[i + 3]}px;height:${boxes[i + 4]}px`;
      }
    }
  }

  show(index, markup, before) {
    const slot = document.createElement("div");
    patch(slot, parse(markup));
    const spot = slot.firstChild;
    this.stage.insertBefore(spot, this.spots.get(before) || null);
    this.spots.set(index, spot);
    this.views.observe(spot);
  }

  hide(index) {
    const spot = this.spots.get(index);
    if (spot) {
      this.views.unobserve(spot);
      spot.remove();
      this.spots.delete(index);
    }
  }

  // Empty markup closes it.
  card(markup, focus) {
    patch(this.layer, parse(markup));
    if (focus) this.layer.firstChild.focus({ preventScroll: true });
  }

  // The hotspot may have left the screen meanwhile.
  focusSpot(index) {
    (this.spots.get(index) || this.video).focus({ preventScroll: true });
  }

  label(text, theme) {
    this.stage.setAttribute("aria-label", text);
    for (const [name, value] of Object.entries(JSON.parse(theme))) this.anchor.style.setProperty("--vitrine-" + name, value);
  }

  // Whether the page let the event's action go on.
  fire(name, detail) {
    return this.video.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: true,
      detail: JSON.parse(detail) }));
  }

  open(url, target) {
    window.open(url, target, target == "_blank" ? "noopener" : "");
  }

  // Stopping is reported through the media events, and so is a refusal to start.
  play(on) {
    on ? this.video.play().catch(() => {}) : this.video.pause();
  }

  seek(time) {
    this.video.currentTime = time;
  }

  // Makes the page's call throw: an exception must not pass through WebAssembly.
  fail(detail) {
    const { message, problems } = JSON.parse(detail);
    this.failure = Object.assign(new Error("vitrine: " + message), { problems });
  }

  // One timer; NaN for none.
  wake(milliseconds) {
    clearTimeout(this.timer);
    if (milliseconds == milliseconds) this.timer = setTimeout(() => this.dispatch(WAKE, 0, 0), milliseconds + 1);
  }

  monotonic() {
    return performance.now();
  }

  random() {
    return crypto.getRandomValues(new Uint32Array(1))[0];
  }

  // Storage may be switched off, full or forbidden; then an id lasts as long as the page.
  identity(name, keep) {
    let id;
    try {
      const storage = name == "viewer" ? localStorage : sessionStorage;
      id = storage.getItem("vitrine:" + name);
      if (keep) storage.setItem("vitrine:" + name, id ||= crypto.randomUUID());
      else storage.removeItem("vitrine:" + name);
    } catch {}
    return id || crypto.randomUUID();
  }

  send(request, url, body, keepalive) {
    fetch(url, { method: "POST", body, keepalive, headers: { "content-type": "text/plain" }, credentials: "omit" })
      .then((response) => response.status, () => 0)
      .then((status) => this.dispatch(SENT, request, status));
  }

  // Whether the page has a cart callback.
  call(request, detail) {
    const { cart } = this.options;
    cart && new Promise((resolve) => resolve(cart(JSON.parse(detail)))).then(
      (answer) => this.dispatch(CART, request, 0, answer),
      (error) => {
        console.warn("vitrine: the cart callback failed.", error);
        this.dispatch(CART, request, 0, { ok: false });
      });
    return !!cart;
  }

  destroy() {
    this.abort.abort();
    clearTimeout(this.timer);
    this.sizes.disconnect();
    this.views.disconnect();
    const { video, frameCallback } = this;
    video.cancelVideoFrameCallback ? video.cancelVideoFrameCallback(frameCallback) : cancelAnimationFrame(frameCallback);
    this.anchor.remove();
    this.dispatch = () => {};
  }
}

// What a batch says about its page; `campaign` is JSON.
export const context = (campaign, consent) => JSON.stringify({ page_url: location.href, referrer: document.referrer,
  campaign: JSON.parse(campaign), locale: document.documentElement.lang || navigator.language,
  viewport: [innerWidth, innerHeight], consent });

export const json = (value) => JSON.stringify(value) || "nothing";

export const price = (amount, digits, currency, locale) => {
  const write = (tag) => new Intl.NumberFormat(tag, { style: "currency", currency }).format(amount / 10 ** digits);
  try {
    return write(locale || document.documentElement.lang || undefined);
  } catch {
    return write();
  }
};

export const beacon = (url, body) => {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    return false;
  }
};

export const warn = (text) => console.warn("vitrine: " + text);
