// What the overlay's Rust asks of the browser, in few calls: what a page needs before its first
// hotspot. Rust decides; this part draws hotspots as it is told, and reports what happened to one function,
// `dispatch(what, a, b, data)`. The words of a hotspot file stay here: Rust has checked them and
// refers to them by index. `www/shop.js` adds the rest once the first hotspot is there.

const pixels = (text) => parseFloat(text) || 0;
const fire = (target, name, detail) =>
  target.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }));

// A text of a hotspot file; a blank one counts as absent.
const said = (text) => typeof text == "string" && text.trim() || undefined;

const SVG = "http://www.w3.org/2000/svg";

const button = (kind, act, attributes, ...children) =>
  ["button", { class: kind, type: "button", "data-act": act, ...attributes }, ...children];

// Elements are `[tag, attributes, ...children]`; children that are false or empty are left out. Makes `parent`'s children equal these, and keeps the elements that already fit, so that the focus
// stays where it is.
const patch = (parent, children) => {
  let node = parent.firstChild;
  for (const child of children) {
    if (!child && child !== 0) continue;
    const isText = !Array.isArray(child), [tag, attributes, ...inner] = isText ? [] : child;
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
      const wanted = Object.entries(attributes).filter(([, value]) => value != null && value !== false);
      for (const { name } of [...node.attributes]) {
        if (!wanted.some((attribute) => attribute[0] == name)) node.removeAttribute(name);
      }
      for (const [name, value] of wanted) {
        // A strict page refuses styles in markup, not through the CSSOM.
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

// What `www/shop.js` is made with.
const parts = () => ({ FITS, LAYOUT, LEAVE, button, fire, offsets, patch, pixels, said });

// What `dispatch` reports, as src/web/dispatch.rs numbers it; from 13 on what the page calls.
const FRAME = 0, MEDIA = 1, LAYOUT = 2, IN_VIEW = 3, PAGE_VISIBLE = 4, ACT = 5, ESCAPE = 6, LEAVE = 7,
  START = 8, WAKE = 11, DESTROY = 13, SET_CONFIG = 18;

// The methods that carry out what Rust wants done, in the order of `Do` in src/session/effect.rs; from
// `EMIT` on they are in `www/shop.js`, as are those from `flush` on, which Rust knows nothing of.
const DO = "show hide frame place play seek wake destroy emit card focusSpot ask call go leave flush consent close track purchase identify".split(" ");
const PLACE = 3, EMIT = 8, FLUSH = 15, CONSENT = 16, CLOSE = 17, TRACK = 18, PURCHASE = 19, IDENTIFY = 20;

// In the order of `MediaKind::numbered`.
const MEDIA_EVENTS = ["play", "pause", "seeking", "seeked", "ended", "waiting", "playing", "timeupdate",
  "loadedmetadata", "durationchange"];
// In the order of `act` in src/web/dispatch.rs.
const ACTS = ["hotspot", "add", "buy", "view", "variant", "product", "close"];
// What a viewer does on the overlay is not for the player beneath it.
const KEPT_EVENTS = ["dblclick", "pointerdown", "pointerup", "mousedown", "mouseup", "touchstart",
  "touchend", "keyup", "keypress", "contextmenu"];

// In the order of `Fit::numbered`.
const FITS = ["contain", "cover", "none", "scale-down", "fill"];
// A computed `object-position` as percent and pixels from the left, then from the top. Either value
// may be a sum of both in `calc()`, to which browsers bring every form that a style sheet may have.
const offsets = (text) => text.split(/ (?![^(]*\))/).flatMap((value) => ["%", "px"].map((unit) =>
  +(value.match("(- ?)?[\\d.e-]+" + unit)?.[0] || "").replace(" ", "").replace(unit, "")));
// Formats of money, by language, digits and currency.
const moneys = {};

export class Host {
  // `dispatch` is as in src/lib.rs, for this overlay.
  constructor(video, options, dispatch) {
    this.video = video;
    this.options = options;
    this.dispatch = dispatch;
    this.next = options.file;
    this.spots = new Map();
    // One of each kind of hotspot, to copy.
    this.models = {};
    // The page's own words: orders, reasons, data. Rust refers to them by number.
    this.notes = [{}];
    // What waits for `www/shop.js`.
    this.later = [];
  }

  mount() {
    // A sheet is only for the document that it was made in, and the video may be in a frame's.
    const { video } = this, page = video.ownerDocument, sheet = new page.defaultView.CSSStyleSheet();
    sheet.replaceSync(this.options.css || "");
    this.anchor = page.createElement("vitrine-overlay");
    this.anchor.slot = video.slot;
    const root = this.root = this.anchor.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    patch(root, [["div", { class: "box" }, ["div", { class: "clip" }, ["div", { class: "stage", role: "group" }]], ["div", { class: "layer" }]]]);
    this.box = root.firstChild;
    this.layer = this.box.lastChild;
    this.stage = this.box.firstChild.firstChild;
    video.after(this.anchor);
  }

  // What the page gets.
  overlay() {
    // Through JSON and back, so that what does not survive it fails here.
    const copy = (data) => data && JSON.parse(JSON.stringify(data));
    return {
      destroy: () => this.dispatch(DESTROY, 0, 0),
      flush: () => this.do(FLUSH),
      track: (type, data) => this.do(TRACK, type, copy(data)),
      purchase: (order) => this.do(PURCHASE, copy(order)),
      identify: (...key) => this.do(IDENTIFY, ...key),
      consent: (state) => this.do(CONSENT, state),
      setConfig: async (config) => {
        this.next = config;
        this.dispatch(SET_CONFIG, 0, 0, config);
        await this.verdict;
      },
    };
  }

  // Every listener, observer and frame callback of an overlay; `destroy` ends them all.
  watch() {
    const { video, anchor, dispatch } = this, { signal } = this.abort = new AbortController();
    const on = (target, types, listener) =>
      types.forEach((type) => target.addEventListener(type, listener, { signal, passive: true }));
    const measure = () => this.measure(), start = () => this.start();
    start();

    // First, while the page is as it was painted: else each would have it laid out anew.
    on(video, ["loadedmetadata", "resize", "timeupdate"], measure);
    on(video, MEDIA_EVENTS, ({ type }) => dispatch(MEDIA, video.currentTime, MEDIA_EVENTS.indexOf(type) +
      16 * (video.paused + 2 * video.ended + 4 * video.seeking + 8 * video.loop), video.duration));
    on(window, ["resize"], measure);
    on(document, ["fullscreenchange"], measure);
    on(document, ["visibilitychange"], () => dispatch(PAGE_VISIBLE, +!document.hidden, 0));
    on(window, ["pagehide"], () => dispatch(LEAVE, 0, 0));
    on(window, ["pageshow"], (event) => event.persisted && start());

    on(anchor, KEPT_EVENTS, (event) => event.stopPropagation());
    on(anchor, ["keydown"], (event) => {
      const escape = event.key == "Escape";
      // With no card to close, the page may have something to.
      if (!escape || this.layer.firstChild) event.stopPropagation();
      if (escape) dispatch(ESCAPE, 0, 0);
    });
    on(this.root, ["click"], (event) => {
      event.stopPropagation();
      const control = event.target.closest("[data-act]");
      if (control) dispatch(ACT, ACTS.indexOf(control.dataset.act), +(control.dataset.arg || 0));
    });

    this.sizes = new ResizeObserver(measure);
    this.sizes.observe(video);
    if (anchor.parentElement) this.sizes.observe(anchor.parentElement);
    this.sights = new IntersectionObserver((entries) => entries.forEach((entry) =>
      dispatch(IN_VIEW, +entry.target.dataset.arg, +entry.isIntersecting)), { threshold: 0.5 });
    this.spots.forEach((spot) => this.sights.observe(spot));

    // Safari before 15.4 and Firefox before 132 have no frame callback.
    const exact = video.requestVideoFrameCallback;
    const frame = (_, data) => {
      next();
      if (exact || !video.paused) {
        dispatch(FRAME, data.mediaTime ?? video.currentTime, video.currentTime, video.seeking);
      }
    };
    const next = () => {
      this.frameCallback = exact ? exact.call(video, frame) : requestAnimationFrame(() => frame(0, video));
    };
    next();
    measure();
    fire(video, "vitrine:ready");
    // A hidden page paints nothing.
    const equip = () => this.equip();
    requestAnimationFrame(() => setTimeout(equip));
    this.equipping = setTimeout(equip, 300);
  }

  // A view begins.
  start() {
    this.dispatch(START, +!this.video.paused, 0);
  }

  // Loads what was not needed for the first hotspot, then does what waited for it.
  async equip(tries = 0) {
    if (this.equipped) return;
    this.equipped = true;
    clearTimeout(this.equipping);
    try {
      const [Shop, open] = await this.options.shop(Host, parts(), tries);
      Object.setPrototypeOf(this, Shop.prototype);
      await this.furnish(open);
    } catch (error) {
      if (!tries) console.warn(`vitrine: ${error.message} It is tried again. Deploy all of dist/.`);
      this.equipped = this.abort.signal.aborted;
      if (!this.equipped) this.equipping = setTimeout(() => this.equip(tries + 1), 5e3);
      return;
    }
    // What these lead to comes after them.
    for (const row of this.later) this.perform(...row);
    this.later = 0;
  }

  measure() {
    const { video } = this, style = getComputedStyle(video);
    const { x, y, width, height } = video.getBoundingClientRect(), anchor = this.anchor.getBoundingClientRect();
    const inset = (side) => pixels(style[`border${side}Width`]) + pixels(style["padding" + side]);
    this.dispatch(LAYOUT, 0, 0, [x, y, width, height, video.offsetWidth, video.offsetHeight, inset("Left"),
      inset("Top"), inset("Right"), inset("Bottom"), anchor.x, anchor.y, video.videoWidth, video.videoHeight,
      FITS.indexOf(style.objectFit), ...offsets(style.objectPosition), NaN, NaN]);
  }

  // Takes over the hotspot file that was just understood: goods and spots as src/session/goods.rs
  // lists them, and the names of what is right in its `theme`.
  adopt(goods, spots, theme) {
    const raw = this.config = this.next, { style } = this.anchor;
    for (const name of this.theme || []) style.removeProperty("--vitrine-" + name);
    this.theme = theme.split(" ").filter(Boolean);
    for (const name of this.theme) style.setProperty("--vitrine-" + name, raw.theme[name]);

    this.products = [];
    for (let i = 0; i < goods.length; i += 8) {
      const [product, source, variant, variantSource, now, before, digits, available] = goods.subarray(i, i + 8);
      const good = { now, before, digits, available };
      if (variant < 0) this.products[product] = { ...good, raw: raw.products[source], variants: [] };
      else this.products[product].variants[variant] = { ...good, raw: this.products[product].raw.variants[variantSource] };
    }
    this.hotspots = [];
    for (let i = 0; i < spots.length;) {
      const source = spots[i++], from = ++i;
      i += spots[i - 1];
      this.hotspots.push({ raw: raw.hotspots[source], products: [...spots.subarray(from, i)] });
    }
  }

  // Rows of a length, a place in `DO` and numbers. A copy from the first on that may move the memory beneath.
  carry(effects) {
    let rows = effects;
    for (let row = 0; row < rows.length; row += rows[row]) {
      // Most are of this kind: each costs no array, and no call but one.
      if (rows[row + 1] == PLACE) this.place(rows[row + 2], rows[row + 3], rows[row + 4], rows[row + 5], rows[row + 6], rows[row + 7], rows[row + 8]);
      else {
        if (rows == effects) rows = rows.slice();
        this.do(...rows.subarray(row + 1, row + rows[row]));
      }
    }
  }

  do(what, ...values) {
    if (this.later && what >= EMIT) this.later.push([what, ...values]);
    else this.perform(what, ...values);
  }

  perform(what, ...values) {
    // An exception that went on through WebAssembly would leave it working for ever.
    try {
      this[DO[what]](...values);
    } catch (error) {
      console.warn("vitrine:", error);
    }
  }

  monotonic() {
    return performance.now();
  }

  frame(x, y, width, height, left, top, right, bottom, ...free) {
    this.free = free;
    this.box.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px;--safe:${top}px ${right}px ${bottom}px ${left}px`;
  }

  place(index, x, y, width, height, across, down) {
    // Each frame, for each hotspot that moves: one declaration is parsed three times as fast as three.
    const spot = this.spots.get(index);
    if (!spot) return;
    if (spot.wide != width || spot.high != height || spot.across != across || spot.down != down) {
      spot.style.cssText = `width:${spot.wide = width}px;height:${spot.high = height}px;--aside:${spot.across = across}px ${spot.down = down}px`;
    }
    spot.parentNode.style.transform = `translate(${x}px,${y}px)`;
  }

  // An amount in minor units, in the hotspot file's language or the page's.
  money(amount, digits, currency) {
    // Making one costs a hundred times what using it does.
    const write = (tag) => (moneys[[tag, digits, currency]] ||= new Intl.NumberFormat(tag || undefined, { style: "currency", currency,
      minimumFractionDigits: digits, maximumFractionDigits: digits })).format(amount / 10 ** digits);
    try {
      return write(this.config.locale || document.documentElement.lang);
    } catch {
      return write();
    }
  }

  // A product or one of its variants: what it costs, and in which currency.
  good(product, variant) {
    const goods = this.products[product], good = goods?.variants[variant] || goods;
    const currency = (said(good?.raw.price) || said(goods?.raw.price))?.slice(-3);
    const text = (amount) => amount >= 0 ? this.money(amount, good.digits, currency) : "";
    return { ...good, currency, price: text(good?.now), before: text(good?.before) };
  }

  show(index, before) {
    const { raw, products } = this.hotspots[index], shape = raw.shape;
    const title = said(raw.label) || this.products[products[0]]?.raw.title || raw.id, { price } = this.good(products[0]);
    const line = ["polygon", { points: raw.points?.join(" ") }], kind = [shape, raw.points, !price];
    let box = this.models[kind];
    if (!box) {
      // By this it moves: a browser works out its style ten times as fast as a button's.
      box = this.models[kind] = document.createElement("div");
      patch(box, [button("hotspot", "hotspot", { part: "hotspot" },
        shape == "rect" && ["span", { class: "outline" }],
        shape == "ellipse" && ["span", { class: "outline round" }],
        // Twice: a dark line beneath a light one, so that it shows on any picture.
        shape == "polygon" && ["svg", { class: "outline polygon", viewBox: "0 0 100 100", preserveAspectRatio: "none" }, line, line],
        ["span", { class: "dot" }], ["span", { part: "chip", class: "chip" }, "-", price && ["b", {}]])]);
    }
    // To copy one costs a third of what it costs to make one.
    box = box.cloneNode(true);
    const spot = box.firstChild, { firstChild, lastChild } = spot.lastChild;
    spot.dataset.arg = index;
    spot.dataset.hotspot = raw.id;
    spot.setAttribute("aria-label", title + (price && ", " + price));
    firstChild.data = title;
    if (price) lastChild.textContent = price;
    this.stage.insertBefore(box, this.spots.get(before)?.parentNode);
    this.spots.set(index, spot);
    this.sights?.observe(spot);
  }

  hide(index) {
    const spot = this.spots.get(index);
    this.sights?.unobserve(spot);
    spot.parentNode.remove();
    this.spots.delete(index);
  }

  // Keeps the page's own words.
  note(words) {
    return this.notes.push(words) - 1;
  }

  // Stopping is reported through the media events, and so is a refusal to start.
  play(on) {
    on ? this.video.play().catch(() => {}) : this.video.pause();
  }

  seek(time) {
    this.video.currentTime = time;
  }

  // There is something wrong with the hotspot file: what, is told later. `fatal` if nothing can be used.
  flawed(fatal) {
    this.verdict = this.options.check(this.next).then((detail) => {
      const error = Object.assign(new Error("vitrine: " + detail.message), { problems: detail.problems });
      if (fatal) throw error;
      fire(this.video, "vitrine:error", detail);
      console.warn(error.message);
    });
  }

  // One timer; NaN for none.
  wake(milliseconds) {
    clearTimeout(this.timer);
    if (milliseconds == milliseconds) this.timer = setTimeout(() => this.dispatch(WAKE, 0, 0), milliseconds + 1);
  }

  unwatch() {
    this.abort.abort();
    this.sizes.disconnect();
    this.sights.disconnect();
    const { video, frameCallback } = this;
    video.cancelVideoFrameCallback ? video.cancelVideoFrameCallback(frameCallback) : cancelAnimationFrame(frameCallback);
    this.anchor.remove();
  }

  destroy() {
    this.unwatch();
    clearTimeout(this.timer);
    this.dispatch = () => {};
    // What happened is told all the same.
    this.do(CLOSE);
    clearTimeout(this.equipping);
    if (this.later) this.equip();
  }
}
