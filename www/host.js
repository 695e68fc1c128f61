// What the overlay's Rust asks of the browser, in few calls. Rust decides; this part draws what it is
// told, writes events out in words, and reports what happened to one function,
// `dispatch(what, a, b, data)`. The words of a hotspot file stay here: Rust has checked them and
// refers to them by index.

import { ENGLISH, aloud, button, fire, icon, isWeb, patch, pixels, problems, round, said, uuid } from "./host-parts.js";

// What `dispatch` reports, as src/web/dispatch.rs numbers it; from 13 on what the page calls.
const FRAME = 0, MEDIA = 1, LAYOUT = 2, IN_VIEW = 3, PAGE_VISIBLE = 4, ACT = 5, ESCAPE = 6, LEAVE = 7,
  START = 8, SENT = 9, CART = 10, WAKE = 11, WRITTEN = 12, DESTROY = 13, FLUSH = 14, TRACK = 15, PURCHASE = 16,
  CONSENT = 17, SET_CONFIG = 18, ASKED = 20;

// The methods that carry out what Rust wants done, in the order of `Do` in src/session/effect.rs.
const DO = "emit show hide frame place card focusSpot ask call open play seek wake keep identify destroy".split(" ");
// As in src/event.rs: a kind of event, its field, that field's words.
const KINDS = "impression experiment_exposure play pause seek:from progress:percent buffer:duration_ms end segment_enter hotspot_exposure:duration_ms hotspot_click view_item_list select_item:target:product_page view_item add_to_cart buy_now cart_outcome:outcome:confirmed:handed_over:failed begin_checkout card_close:reason:button:escape:replaced purchase dropped:count view_end track"
  .split(" ").map((kind) => kind.split(":"));
// In the order of `Ask` in src/session/effect.rs.
const ASKS = ["hotspot-click", "add-to-cart", "buy-now", "purchase"];
// In the order of `Consent` in src/session/mod.rs.
const CONSENTS = ["granted", "required", "denied"], GRANTED = 0, DENIED = 2;
// Who watches, for all overlays of a page.
const visitor = {};

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
const SIDES = ["Left", "Top", "Right", "Bottom"];
// What moves a video without an event: a class, a style, another place.
const WATCHED = { childList: true, attributes: true };
// The control bars of video.js, Plyr, media-chrome, Vidstack, Shaka and JW Player.
const BARS = ".vjs-control-bar,.plyr__controls,media-control-bar,.vds-controls-group:last-child,.shaka-bottom-controls,.jw-controlbar";

export class Host {
  constructor(video, options) {
    this.video = video;
    this.options = options;
    this.next = options.file;
    this.spots = new Map();
    // The page's own words: orders, reasons, data. Rust refers to them by number.
    this.notes = [{}];
    // Ids of all events, and those not arrived yet, by number.
    this.ids = [];
    this.events = new Map();
    this.views = [];
  }

  mount(css, dispatch) {
    // A sheet is only for the document that it was made in, and the video may be in a frame's.
    const { video } = this, page = video.ownerDocument, sheet = new page.defaultView.CSSStyleSheet();
    sheet.replaceSync(css);
    this.dispatch = dispatch;
    this.anchor = page.createElement("vitrine-overlay");
    this.anchor.slot = video.slot;
    const root = this.root = this.anchor.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    patch(root, [["div", { class: "box" }, ["div", { class: "clip" }, ["div", { class: "stage", role: "group" }]], ["div", { class: "layer" }]]]);
    this.box = root.firstChild;
    this.layer = this.box.lastChild;
    this.stage = this.box.firstChild.firstChild;
  }

  // What the page gets; throws what `report` was told while attaching.
  overlay() {
    const check = () => {
      const { failure } = this;
      this.failure = 0;
      if (failure) throw failure;
    };
    const call = (what, a = 0, b = 0, data) => {
      this.dispatch(what, a, b, data);
      check();
    };
    check();
    return {
      destroy: () => call(DESTROY),
      flush: () => call(FLUSH),
      // Through JSON and back, so that what does not survive it fails here.
      track: (type, data) => call(TRACK, this.note({ type, data: data && JSON.parse(JSON.stringify(data)) }), +(typeof type == "string" && /^[a-z0-9_]{1,64}$/.test(type))),
      purchase: (order) => {
        const { order_id, items, value, currency, coupon } = JSON.parse(JSON.stringify(order || {}));
        const products = items?.map?.((item) => this.products.findIndex(({ raw }) => raw.id == item?.item_id)) || [];
        call(PURCHASE, this.note({ order_id, items, value, currency, coupon }), 0, [order, ...products]);
      },
      consent: (state) => call(CONSENT, this.consent(state)),
      setConfig: (config) => {
        this.next = config;
        call(SET_CONFIG, 0, 0, config);
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

    on(video, MEDIA_EVENTS, ({ type }) => dispatch(MEDIA, video.currentTime, MEDIA_EVENTS.indexOf(type) +
      16 * (video.paused + 2 * video.ended + 4 * video.seeking + 8 * video.loop), video.duration));
    on(video, ["loadedmetadata", "resize", "timeupdate"], measure);
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

    // A hover zoom has begun: it is followed until it stands still.
    const follow = () => {
      measure();
      if (video.getAnimations().length) requestAnimationFrame(follow);
    };
    on(video, ["transitionrun", "animationstart"], follow);

    this.sizes = new ResizeObserver(measure);
    this.sizes.observe(video);
    this.homes = new MutationObserver((records) => this.measure(records));
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
  }

  // A view begins.
  start() {
    this.dispatch(START, +!this.video.paused, 0);
  }

  // The overlay goes where its video is put, and off the page with it. A video of the same id that
  // is put in its place, as players do, is the one from then on.
  seat(records) {
    const { video, anchor, homes } = this, home = video.parentNode;
    for (const { target, addedNodes } of home ? [] : records) {
      for (const fresh of addedNodes) {
        if (target == this.home && fresh.parentNode && fresh.localName == "video" && fresh.id == video.id && this.options.take(video, fresh)) {
          this.dispatch(LEAVE, 0, 0);
          this.unwatch();
          this.video = fresh;
          return this.watch();
        }
      }
    }
    if (anchor.parentNode == home) return;
    homes.disconnect();
    if (home) {
      this.home = home;
      video.after(anchor);
      homes.observe(video, WATCHED);
      homes.observe(home, WATCHED);
      if (anchor.parentElement) this.sizes.observe(home);
    } else {
      anchor.remove();
      homes.observe(this.home.getRootNode(), { childList: true, subtree: true });
    }
  }

  measure(records = []) {
    this.seat(records);
    const home = this.video.parentNode;
    if (!home) return;
    const { video, anchor, stage } = this, style = getComputedStyle(video), safe = getComputedStyle(this.box);
    const bar = home.querySelector(BARS) || home.parentNode?.querySelector(BARS);
    const rect = (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y, width, height];
    };
    const inset = SIDES.map((side) => pixels(style[`border${side}Width`]) + pixels(style["padding" + side]));
    const [x, y] = style.transformOrigin.split(" ");
    // The video's own transform is the stage's too; what is written there stays readable.
    const turn = `transform:${style.transform};scale:${style.scale};rotate:${style.rotate};translate:${style.translate};transform-origin:calc(${x} - ${inset[0]}px) calc(${y} - ${inset[1]}px);--flip:${/[xd]\(-|;-/.test(style.transform + ";" + style.scale) ? -1 : 1}`;
    if (turn != this.turn) stage.style.cssText = this.turn = turn;
    // Percentages in `min()` and its like are of what the picture leaves free; Rust knows how much that is.
    const { free } = this, { objectPosition } = style, odd = free && /[nxp]\(/.test(objectPosition);
    const solve = (side, free) => {
      this.layer.style.scrollMargin = objectPosition.replace(/[-\d.e]+%/g, (share) => parseFloat(share) * free / 100 + "px");
      return getComputedStyle(this.layer)["scrollMargin" + side];
    };
    const beside = video.offsetParent == anchor.offsetParent || NaN;
    this.dispatch(LAYOUT, 0, 0, [...rect(video), video.offsetWidth, video.offsetHeight, ...inset,
      ...rect(anchor).slice(0, 2), video.videoWidth, video.videoHeight, FITS.indexOf(style.objectFit),
      ...offsets(odd ? solve("Top", free[0]) + " " + solve("Left", free[1]) : objectPosition), beside * (video.offsetLeft - anchor.offsetLeft),
      beside * (video.offsetTop - anchor.offsetTop), ...SIDES.map((side) => pixels(safe["scrollMargin" + side])),
      ...(bar ? rect(bar) : [0, 0, 0, 0]), +video.controls]);
    if (/[nxp]\(/.test(objectPosition) && free + "" != this.free) this.measure();
  }

  // Takes over the hotspot file that was just understood: goods and spots as src/session/goods.rs
  // lists them, words as src/web/mod.rs. Whether there is a collector.
  adopt(goods, spots, words) {
    const raw = this.config = this.next;
    const [theme, strings, campaign] = words.split("\x03").map((list) =>
      Object.fromEntries(list.split("\x02").filter(Boolean).map((entry) => entry.split("\x01"))));
    this.words = { ...ENGLISH, ...strings };
    this.campaign = campaign;
    for (const name in this.theme) this.anchor.style.removeProperty("--vitrine-" + name);
    this.theme = theme;
    for (const name in theme) this.anchor.style.setProperty("--vitrine-" + name, theme[name]);
    this.stage.setAttribute("aria-label", this.words.overlay);

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
    const { collector, experiment } = raw;
    this.collector = this.options.collector || isWeb(collector?.url) && collector.url;
    this.experiment = said(experiment?.id) && said(experiment.variant) && { id: experiment.id, variant: experiment.variant };
    return !!this.collector;
  }

  // Rows of a length, a place in `DO` and numbers. A copy: the memory beneath may move meanwhile.
  carry(effects) {
    const rows = effects.slice();
    for (let row = 0; row < rows.length; row += rows[row]) {
      // An exception that went on through WebAssembly would leave it working for ever.
      try {
        this[DO[rows[row + 1]]](...rows.subarray(row + 2, row + rows[row]));
      } catch (error) {
        console.warn("vitrine:", error);
      }
    }
  }

  consent(state) {
    return CONSENTS.indexOf(state);
  }

  monotonic() {
    return performance.now();
  }

  frame(x, y, width, height, left, top, right, bottom, ...free) {
    this.free = free;
    this.box.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px;--safe:${top}px ${right}px ${bottom}px ${left}px`;
  }

  place(index, x, y, width, height) {
    this.spots.get(index).style.cssText = `transform:translate(${x}px,${y}px);width:${width}px;height:${height}px`;
  }

  // An amount in minor units, in the hotspot file's language or the page's.
  money(amount, digits, currency) {
    const write = (tag) => new Intl.NumberFormat(tag || undefined, { style: "currency", currency,
      minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount / 10 ** digits);
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
    const line = ["polygon", { points: raw.points?.join(" ") }];
    const slot = document.createElement("div");
    patch(slot, [button("hotspot", "hotspot", { part: "hotspot", "data-arg": index, "data-hotspot": raw.id,
      "aria-label": title + (price && ", " + price) },
      shape == "rect" && ["span", { class: "outline" }],
      shape == "ellipse" && ["span", { class: "outline round" }],
      // Twice: a dark line beneath a light one, so that it shows on any picture.
      shape == "polygon" && ["svg", { class: "outline polygon", viewBox: "0 0 100 100", preserveAspectRatio: "none" }, line, line],
      ["span", { class: "dot" }], ["span", { class: "chip" }, title, price && ["b", {}, price]])]);
    const spot = slot.firstChild;
    this.stage.insertBefore(spot, this.spots.get(before) || null);
    this.spots.set(index, spot);
    this.sights?.observe(spot);
  }

  hide(index) {
    const spot = this.spots.get(index);
    this.sights?.unobserve(spot);
    spot.remove();
    this.spots.delete(index);
  }

  card(focus, ...view) {
    patch(this.layer, view.length ? [this.cardTree(...view)] : []);
    if (focus) this.layer.firstChild.focus({ preventScroll: true });
  }

  cardTree(hotspot, shown, variant, available, state, note, side, left, top, rise) {
    const { words } = this, { products } = this.hotspots[hotspot], product = products[shown];
    const { raw, variants } = this.products[product], { price, before, raw: own } = this.good(product, variant);
    const picture = said(own.image_link) || said(raw.image_link);
    const disabled = (!available || state == 1) && "true", added = available && state == 2;
    const choices = (act, label, names, chosen) => names.length > 0 && ["div", { class: "chips", role: "group", "aria-label": label },
      ...names.map(([name, sold], index) => button("choice", act, { "data-arg": index, disabled: sold && "",
        "aria-pressed": "" + (index == chosen) }, name))];
    return ["div", { part: "card", role: "dialog", "aria-labelledby": "title", tabindex: -1,
      class: "card " + ["sheet", "l", "r", "n"][side],
      style: side ? `left:${left}px;top:${top}px;--rise:${rise}%` : "" },
      ["div", { class: "body" },
      button("close", "close", { part: "close", "aria-label": words.close }, icon("M18 6 6 18M6 6l12 12")),
      products.length > 1 && choices("product", words.products, products.map((index) => [this.products[index].raw.title]), shown),
      ["div", { class: "head" },
        picture && ["img", { src: picture, alt: "", width: 96, height: 96 }],
        ["div", { class: "words" },
          said(raw.brand) && ["p", { class: "brand" }, raw.brand],
          ["h2", { class: "title", id: "title" }, raw.title],
          price && ["p", { class: "price" }, before && aloud(words.price_now), ["b", {}, price],
            before && aloud(words.price_before), before && ["s", {}, before]]]],
      said(raw.description) && ["p", { class: "description" }, raw.description],
      choices("variant", words.variants, variants.map((v) =>
        [Object.values(v.raw.options || {}).join(" / ") || v.raw.id, !v.available]), variant),
      ["div", { class: "buttons" },
        // Not `disabled`: a disabled button would lose the focus it has.
        button("primary", "add", { part: "add-to-cart", "aria-disabled": disabled }, added && icon("M20 6 9 17l-5-5"),
          words[!available ? "sold_out" : state == 1 ? "adding" : state == 2 ? "added" : "add_to_cart"]),
        button("secondary", "buy", { part: "buy-now", "aria-disabled": disabled }, words.buy_now),
        said(raw.link) && ["a", { class: "link", part: "view-product", href: raw.link, target: "_blank", rel: "noopener",
          "data-act": "view" }, words.view_product]],
      ["p", { class: "status", role: "status" },
        state == 3 ? this.notes[note].reason || words.cart_failed : state == 4 ? words.cart_missing
        : added && aloud(words.added_aloud)]]];
  }

  // The hotspot may have left the screen meanwhile.
  focusSpot(index) {
    (this.spots.get(index) || this.video).focus({ preventScroll: true });
  }

  // Writes an event; `docs/events.md` has the fields.
  emit(number, what, seq, view, cause, when, elapsed, time, segment, hotspot, product, variant, note, value, ...rest) {
    const [kind, key, ...words] = KINDS[what], epoch = Date.now() - performance.now() + when;
    const { video: { id, segments } } = this.config, goods = product < 0 ? this.hotspots[hotspot]?.products : [product];
    const { currency, now } = this.good(product, variant), priced = now >= 0;
    const event = {
      id: this.ids[number] = uuid(epoch), seq, type: kind, time: new Date(epoch).toISOString(), elapsed_ms: Math.floor(elapsed),
      viewer_id: visitor.viewer, session_id: visitor.session, view_id: this.views[view] ||= uuid(epoch), video_id: id,
      media_time: round(time), hotspot_id: this.hotspots[hotspot]?.raw.id,
      items: goods?.length ? goods.map((index) => this.item(index, variant)) : undefined,
      value: priced ? now : undefined, currency: priced ? currency : undefined, segment_id: segments?.[segment]?.id,
      experiment: this.experiment || undefined, cause: this.ids[cause],
      ...(value == value && { [key]: words[value] || round(value) }), ...this.notes[note] };
    if (kind == "view_end") {
      const [count, ...numbers] = rest, pairs = [];
      while (numbers.length) pairs.push(numbers.splice(0, 2).map(round));
      event.watched = pairs.splice(0, count);
      event.exposures = pairs.map(([index, dwell_ms]) => ({ hotspot_id: this.hotspots[index].raw.id, dwell_ms: Math.floor(dwell_ms) }));
    }
    const text = JSON.stringify(event);
    this.events.set(number, { event, text });
    fire(this.video, "vitrine:event", JSON.parse(text));
    this.dispatch(WRITTEN, number, new TextEncoder().encode(text).length);
  }

  item(product, variant) {
    const { raw } = this.products[product], { now, raw: own } = this.good(product, variant);
    return { item_id: raw.id, item_name: raw.title, item_brand: raw.brand, item_variant: own != raw ? own.id : undefined,
      platform_id: own.platform_id ?? raw.platform_id, price: now >= 0 ? now : undefined, quantity: 1 };
  }

  detail(event) {
    return JSON.parse(this.events.get(event).text);
  }

  ask(what, about, event) {
    const left = fire(this.video, "vitrine:" + ASKS[what], this.detail(event));
    this.dispatch(ASKED + 2 * what + !left, about, event);
  }

  call(request, event) {
    const { cart } = this.options;
    const text = (value) => typeof value == "string" ? value : undefined;
    const answer = (data) => {
      const href = isWeb(data?.checkout_url) ? data.checkout_url : undefined;
      this.dispatch(CART, request, this.note({ reason: text(data?.reason), href }), (data?.ok === true) * 2 + (href != null));
    };
    if (cart) {
      new Promise((resolve) => resolve(cart(this.detail(event)))).then(answer, (error) => {
        console.warn("vitrine: the cart callback failed.", error);
        answer();
      });
    } else {
      console.warn("vitrine: nobody took the cart event. Call preventDefault() in a listener of vitrine:add-to-cart and vitrine:buy-now, or give attach() a cart callback.");
      this.dispatch(CART, request, 0);
    }
  }

  // Keeps the page's own words.
  note(words) {
    return this.notes.push(words) - 1;
  }

  // A hotspot's link in a new tab, or the address of a note in this one.
  open(hotspot, note) {
    const { raw, products } = this.hotspots[hotspot] || {};
    if (raw) window.open(said(raw.action.url) || this.products[products[0]].raw.link, "_blank", "noopener");
    else location.assign(this.notes[note].href);
  }

  // Stopping is reported through the media events, and so is a refusal to start.
  play(on) {
    on ? this.video.play().catch(() => {}) : this.video.pause();
  }

  seek(time) {
    this.video.currentTime = time;
  }

  report(text, fatal) {
    const detail = problems(text);
    // Makes the page's call throw: an exception must not pass through WebAssembly.
    if (fatal) this.failure = Object.assign(new Error("vitrine: " + detail.message), { problems: detail.problems });
    else {
      fire(this.video, "vitrine:error", detail);
      console.warn("vitrine: " + detail.message);
    }
  }

  // One timer; NaN for none.
  wake(milliseconds) {
    clearTimeout(this.timer);
    if (milliseconds == milliseconds) this.timer = setTimeout(() => this.dispatch(WAKE, 0, 0), milliseconds + 1);
  }

  random() {
    return Math.random();
  }

  // Who watches. Storage may be switched off, full or forbidden; then an id lasts as long as the page.
  identify(consent) {
    for (const name of ["viewer", "session"]) {
      const key = "vitrine:" + name, before = visitor[name] ||= uuid(Date.now());
      try {
        const storage = name == "viewer" ? localStorage : sessionStorage;
        if (consent == GRANTED) storage.setItem(key, visitor[name] = storage.getItem(key) || before);
        if (consent == DENIED) storage.removeItem(key);
      } catch {}
      // What was held until the viewer agreed is the remembered viewer's too.
      if (before.length == visitor[name].length) {
        for (const event of this.events.values()) event.text = event.text.replace(`"${before}"`, `"${visitor[name]}"`);
      }
    }
  }

  // Writes a batch up to its first event; returns the bytes of a batch without events.
  envelope(consent) {
    const { campaign } = this;
    this.head = JSON.stringify({ schema: "vitrine/1", sent_at: new Date().toISOString(), context: {
      page_url: location.href, referrer: document.referrer, campaign, locale: document.documentElement.lang || navigator.language,
      viewport: [innerWidth, innerHeight], consent: CONSENTS[consent] }, events: [] }).slice(0, -2);
    return new TextEncoder().encode(this.head).length + 2;
  }

  // By fetch (0), fetch that outlives the page (1), or beacon (2): whether the browser took it.
  send([request, way, ...events]) {
    const body = this.head + events.map((number) => this.events.get(number).text) + "]}";
    if (way == 2) {
      try {
        return navigator.sendBeacon(this.collector, body);
      } catch {
        return false;
      }
    }
    fetch(this.collector, { method: "POST", body, keepalive: !!way, headers: { "content-type": "text/plain" },
      credentials: "omit", signal: AbortSignal.timeout(3e4) })
      .then((response) => response.status, () => 0)
      .then((status) => {
        if ((status < 200 || status > 299) && !this.warned) {
          this.warned = true;
          console.warn(`vitrine: the collector ${this.collector} ${status ? "answered " + status : "did not answer"}. Events are kept and sent again. Check data-collector, and its CORS if it is on another origin.`);
        }
        this.dispatch(SENT, request, status);
      });
    return true;
  }

  // Texts of events before this one have arrived.
  keep(oldest) {
    for (const number of this.events.keys()) if (number < oldest) this.events.delete(number);
  }

  unwatch() {
    this.abort.abort();
    this.sizes.disconnect();
    this.sights.disconnect();
    this.homes.disconnect();
    const { video, frameCallback } = this;
    video.cancelVideoFrameCallback ? video.cancelVideoFrameCallback(frameCallback) : cancelAnimationFrame(frameCallback);
    this.anchor.remove();
  }

  destroy() {
    this.unwatch();
    clearTimeout(this.timer);
    this.dispatch = () => {};
  }
}
