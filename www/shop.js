// What of an overlay is not needed before its first hotspot: the card, the events in words, what the
// page's cart is asked. `www/host.js` loads it then and becomes it.

import { orderFault, trackFault } from "./order.js";
import place from "./place.js";
import { CHECK, CROSS, aloud, icon } from "./tree.js";
import { uuid } from "./uuid.js";
import { texts } from "./words.js";

// As in src/event.rs: a kind of event, its field, that field's words.
const KINDS = "impression experiment_exposure play pause seek:from progress:percent buffer:duration_ms end segment_enter hotspot_exposure:duration_ms hotspot_click view_item_list select_item:target:product_page view_item add_to_cart buy_now cart_outcome:outcome:confirmed:handed_over:failed:partial begin_checkout card_close:reason:button:escape:replaced purchase dropped view_end track"
  .split(" ").map((kind) => kind.split(":"));
// In the order of `Ask` in src/session/effect.rs.
const ASKS = ["hotspot-click", "add-to-cart", "buy-now", "purchase"];
// What `dispatch` reports, as src/web/dispatch.rs numbers it.
// So many events are kept in words, for what the page is asked about them.
const KEPT = 64;
// A shop that has not answered for so many milliseconds is slow.
const SLOW_MS = 300;
// Those that have a module in `www/cart/`.
// By literal addresses, so that bundlers find them.
const SHOPS = new Map([
  ["shopify", () => import("./cart/shopify.mjs")],
  ["woocommerce", () => import("./cart/woocommerce.mjs")],
  ["bigcommerce", () => import("./cart/bigcommerce.mjs")],
  ["magento", () => import("./cart/magento.mjs")],
  ["http", () => import("./cart/http.mjs")],
]);
// What tells that a video leaves the page, or is back.
const AWAY = "fullscreenchange enterpictureinpicture leavepictureinpicture webkitbeginfullscreen webkitendfullscreen".split(" ");
// Fields of products that the plain card shows, or nobody. What has others, or several options, is shown by `www/card.js`.
const PLAIN = /^(id|title|description|link|image_link|price|sale_price|availability|brand|item_group_id|platform_id|variants|options|from|\$.*|x[_-].*)$/;
const DROPPED = 9, CART = 10, SLOW = 12, LEAVE = 7, TRACK = 15, PURCHASE = 16, ASKED = 20;

// Whether a page can go there: `javascript:` is no place to pay.
const isWeb = (address) => {
  try {
    return typeof address == "string" && /^https?:/.test(new URL(address, document.baseURI).href);
  } catch {
    return false;
  }
};

const round = (number) => Math.round(number * 1e3) / 1e3;
// Cut here and not by its height: larger letters must not hide more of it.
const brief = (text) => text.length > 160 ? text.slice(0, 160).replace(/\s+\S*$/, "") + "…" : text;

export default (Core, parts, css) => {
  const { button, fire, patch, said } = parts, Host = place(Core, parts);

  return class extends Host {
    // Right after the host became this. `open` is that of `www/outbox/`, unless it could not be loaded: then
    // events are DOM events alone.
    async furnish(open) {
      const sheet = new this.root.ownerDocument.defaultView.CSSStyleSheet();
      sheet.replaceSync(css);
      this.root.adoptedStyleSheets.push(sheet);
      // Ids of all events, and those not arrived yet, by number.
      this.ids = [];
      // What stops a slow shop, by the hotspot that it was asked for.
      this.waits = Object.create(null);
      // How many of a product an event is about.
      this.times = 1;
      // The last of them in words.
      this.details = new Map();
      this.views = [];
      this.name();
      const list = (collectors) => [collectors || []].flat().map((collector) =>
        typeof collector == "string" ? { url: collector } : collector);
      const { collector, collectors } = this.config, own = list(this.options.collector);
      const nothing = () => {};
      this.line = open ? await open({
        collectors: own.length ? own : [...list(collector), ...list(collectors)],
        consent: this.options.consent,
        anonymous: this.options.anonymous,
        viewer: this.config.experiment?.x_viewer,
        context: () => ({ page_url: location.href, referrer: document.referrer, campaign: texts(this.config.campaign),
          locale: document.documentElement.lang || navigator.language, viewport: [innerWidth, innerHeight] }),
        dropped: (data) => this.dispatch(DROPPED, this.note(data)),
        renew: () => {
          this.dispatch(LEAVE, 0, 0);
          this.start();
        },
        warn: (text) => console.warn("vitrine: " + text),
      }) : { time: (when) => Date.now() - performance.now() + when, ids: { viewer: uuid(Date.now()), session: uuid(Date.now()) }, add: nothing, leave: nothing, flush: nothing,
        consent: nothing, close: nothing };
      // A link's page opens at once, so its address is made ready before.
      if (this.kept() || /[?&]vitrine=/.test(location.search) || this.hotspots.some(({ raw }) => raw.action?.type == "link")) await this.travel();
      await this.extend();
      if (!this.abort.signal.aborted) this.settle();
      this.connect();
      const { root, video, abort: { signal } } = this;
      root.addEventListener("click", ({ target }) => this.waits[target.closest("[part=cancel]")?.dataset.waits]?.abort(), { signal });
      root.addEventListener("click", (event) => this.press = event.target.closest("[part~=hotspot]") && this.spotted(event), { signal, capture: true });
      video.addEventListener("click", (event) => {
        const at = this.spotted(event);
        if (at) this.dispatch(TRACK, this.note({ type: "video_click", ...at }), 0);
      }, { signal });
    }

    // Where on the picture the viewer clicked, in percent of it. A key clicks nowhere, and a control is no picture.
    spotted({ clientX, clientY, detail }) {
      const { box, free: [across, down, left, top] } = this, { x, y, width, height } = box.getBoundingClientRect(), below = parseFloat(box.style.getPropertyValue("--safe").split(" ")[2]);
      const share = (at, size, whole, free, from) => Math.round(1e3 * (at * whole / size - from) / (whole - free)) / 10;
      const at = { x: share(clientX - x, width, box.offsetWidth, across, left), y: share(clientY - y, height, box.offsetHeight, down, top) };
      return detail && Math.abs(at.x - 50) <= 50 && Math.abs(at.y - 50) <= 50 && y + height - clientY >= below ? at : 0;
    }

    // The adapter of the shop that the hotspot file names, so that it is there at the first click.
    connect(again = "") {
      const { cart } = this.config, name = cart?.platform ?? "page";
      this.selling = 0;
      if (this.options.cart || name == "page") return;
      if (!SHOPS.has(name)) return this.blame();
      const load = again ? () => import(new URL("cart/" + name + ".mjs" + again, import.meta.url)) : SHOPS.get(name);
      const selling = this.selling = load().then(({ default: open, line }) => ({ line, ...open(cart, this) }));
      selling.catch((error) => {
        console.warn(`vitrine: cart/${name}.mjs could not be used. Deploy all of dist/.`, error);
        if (this.selling == selling) this.selling = 1;
      });
    }

    // What few hotspot files have a use for, in a module of its own each.
    async extend() {
      // Each import has its address in full: so bundlers find the file.
      const add = (name, load) => this[name] ||= load().then(({ default: extend }) => extend(this, parts)).catch((error) =>
        console.warn(`vitrine: ${name}.mjs could not be used. Deploy all of dist/.`, error));
      const more = ({ raw }) => Object.keys(raw).some((key) => !PLAIN.test(key)), { options, products } = this;
      if (options.wishlist || this.config.cart?.wishlist || products.some((product) => more(product) || product.raw.options || product.variants.length > 8 ||
        product.variants.some((variant) => more(variant) || Object.keys(variant.raw.options || {}).length > 1))) await add("vitrine-card", () => import("./vitrine-card.mjs"));
      if (options.products || products.some(({ raw }) => raw.from)) await add("vitrine-products", () => import("./vitrine-products.mjs"));
      if (this.hotspots.some(({ raw }) => /^(coupon|lead|poll)$/.test(raw.action?.type))) await add("vitrine-actions", () => import("./vitrine-actions.mjs"));
    }

    // The mini cart, once there is something in it.
    async bag(event) {
      try {
        (await (this.bagging ||= import("./vitrine-cart.mjs").then((cart) => cart.default(this, parts)))).add(event);
      } catch (error) {
        console.warn("vitrine: vitrine-cart.mjs could not be used, so there is no mini cart. Deploy all of dist/.", error);
      }
    }

    kept() {
      try {
        return localStorage.getItem("vitrine:journey") || "";
      } catch {
        return "";
      }
    }

    // What outlives the page, `www/journey.mjs`: few viewers need it before they press something.
    travel() {
      return this.journey ||= import("./vitrine-journey.mjs").then((journey) => journey.default(this)).catch((error) =>
        console.warn("vitrine: orders cannot be told from where they came.", error));
    }

    async identify(...key) {
      // By then it is the journey's.
      if (await this.travel()) this.identify(...key);
    }

    // What few viewers do is loaded once they do it: `www/fullscreen.js`, which then listens for itself.
    settle() {
      super.settle();
      const { video, abort: { signal } } = this;
      let loading, last;
      const load = async ({ type }) => {
        last = type;
        if (loading || type == AWAY[0] && !video.matches(":fullscreen")) return;
        loading = true;
        try {
          await (await import("./vitrine-fullscreen.mjs")).default(this, () => last);
        } catch (error) {
          loading = false;
          console.warn("vitrine: no hotspots in fullscreen.", error);
        }
      };
      for (const type of AWAY) video.addEventListener(type, load, { signal });
      load({ type: AWAY[+(video.ownerDocument.pictureInPictureElement == video)] });
    }

    leave() {
      this.line.leave();
    }

    flush() {
      this.line.flush();
    }

    consent(state) {
      if (/^(granted|required|denied)$/.test(state)) this.line.consent(state);
      else this.take('consent: use "granted", "required" or "denied".');
    }

    close() {
      this.line.close();
    }

    track(type, data) {
      this.take(trackFault(type), TRACK, { type, data });
    }

    purchase({ order_id, items, value, currency, coupon } = {}) {
      const order = { order_id, items, value, currency, coupon }, fault = orderFault(order);
      const products = fault ? [] : (Array.isArray(items) ? items : []).map((item) => this.products.findIndex(({ raw }) => raw.id == item.item_id));
      // A page that is left while that is loaded never gets it, but must not tell an order twice.
      if (!fault && this.kept().includes(`"order_id":${JSON.stringify(order_id)}`)) return;
      this.take(fault, PURCHASE, order, products);
      this.travel();
    }

    // What the page tells by itself, unless something is wrong with it.
    take(fault, what, words, data) {
      if (!fault) return this.dispatch(what, this.note(words), 0, data);
      fire(this.video, "vitrine:error", { message: fault, problems: [] });
      console.warn("vitrine: " + fault);
    }

    // What depends on the hotspot file: the words, in `www/access.js`.
    adopt(...file) {
      super.adopt(...file);
      this.name();
      this.verdict = 0;
      // After the core has told what it found.
      Promise.resolve().then(() => this.connect());
      this.extend();
    }

    card(focus, ...view) {
      const { layer } = this, waited = layer.querySelector("[part=cancel]:focus");
      patch(layer, (this.drawn = view).length ? [this.cardTree(...view)] : []);
      this.fit();
      if (focus) layer.firstChild.focus({ preventScroll: true });
      else if (waited && !waited.isConnected) layer.querySelector(".primary")?.focus({ preventScroll: true });
    }

    // Where the picture goes beyond the window, what is open moves to the part of it that does not, and
    // is a sheet if that is too low.
    fit() {
      const { layer } = this, open = layer.firstChild;
      if (!open || open.matches(".sheet")) return;
      const box = open.getBoundingClientRect(), room = layer.getBoundingClientRect();
      const down = Math.max(0, room.top) + 12 - box.top;
      const up = Math.min(open.ownerDocument.defaultView.innerHeight, room.bottom) - 12 - box.bottom;
      if (down > up + 1) {
        open.className = open.classList[0] + " sheet";
        open.style.cssText = "";
      } else open.style.setProperty("--shift", Math.max(down, Math.min(0, up)) + "px");
    }

    cardTree(hotspot, shown, variant, available, state, note, side, left, top, rise) {
      const { words } = this, { products } = this.hotspots[hotspot], product = products[shown];
      const { raw, variants } = this.products[product], { price, before, raw: own } = this.good(product, variant);
      const picture = said(own.image_link) || said(raw.image_link), more = this.more?.(product, variant, products, shown) || {};
      const disabled = (!available || state == 1) && "true", added = available == 1 && state == 2;
      const { id } = this.hotspots[hotspot].raw, slow = state == 1 && this.waits[id] && id;
      const choices = (act, label, names, chosen) => names.length > 0 && ["div", { class: "chips", role: "group", "aria-label": label },
        ...names.map(([name, sold], index) => button("choice", act, { part: "choice" + (index == chosen ? " chosen" : ""), "data-arg": index, disabled: sold && "",
          "aria-pressed": "" + (index == chosen) }, name))];
      return ["div", { part: "card", role: "dialog", "aria-labelledby": "title", tabindex: -1,
        class: "card " + ["sheet", "l", "r", "n"][side],
        style: side ? `left:${left}px;top:${top}px;--rise:${rise}%` : "" },
        ["div", { class: "body" },
        button("close", "close", { part: "close", "aria-label": words.close }, icon(CROSS)),
        more.chooser || products.length > 1 && choices("product", words.products, products.map((index) => [this.products[index].raw.title]), shown),
        ["div", { class: "head" },
          more.gallery || picture && ["img", { part: "picture", src: picture, alt: "", width: 96, height: 96 }],
          ["div", { class: "words" },
            more.badge,
            said(raw.brand) && ["p", { part: "brand", class: "brand" }, raw.brand],
            ["h2", { part: "title", class: "title", id: "title" }, raw.title],
            more.rating,
            price && ["p", { part: "price", class: "price" }, before && aloud(words.price_now), ["b", {}, price], " ",
              before && aloud(words.price_before), before && ["s", {}, before]]]],
        said(raw.description) && ["p", { part: "description", class: "description" }, brief(raw.description)],
        more.options || choices("variant", words.variants, variants.map((v) =>
          [Object.values(v.raw.options || {}).join(" / ") || v.raw.id, !v.available]), variant),
        more.note,
        more.quantity,
        ["div", { class: "buttons" },
          // Not `disabled`: a disabled button would lose the focus it has.
          button(available ? "primary" : "primary out", "add", { part: "add-to-cart", "aria-disabled": disabled, "aria-busy": slow && "true" }, added && icon(CHECK),
            words[!available ? "sold_out" : state == 1 ? "adding" : state == 2 ? "added" : "add_to_cart"]),
          available && button("secondary", "buy", { part: "buy-now", "aria-disabled": disabled }, words.buy_now),
          more.wish,
          said(raw.link) && ["a", { class: "link", part: "view-product", href: raw.link, target: "_blank", rel: "noopener",
            "data-act": "view" }, words.view_product],
          added && this.offer?.(),
          // Last, so that no other button becomes it.
          slow && ["button", { class: "link", type: "button", part: "cancel", "data-waits": slow }, words.cancel]],
        ["p", { part: "status", class: "status", role: "status" },
          state == 3 ? this.refusal(this.notes[note]) : state == 4 ? words.cart_missing
          : added && aloud(words.added_aloud)]]];
    }

    // The shop's own words, or ours.
    refusal({ reason, failure, quantity }) {
      const { words } = this;
      return reason || (words["cart_" + (quantity ? "partial" : failure)] || words[failure] || words.cart_failed).replace("{n}", quantity);
    }

    // The hotspot may have left the screen meanwhile.
    focusSpot(index) {
      (this.spots.get(index) || this.video).focus({ preventScroll: true });
    }

    // Writes an event; `docs/events.md` has the fields.
    emit(number, what, seq, view, cause, when, elapsed, time, segment, hotspot, product, variant, note, value, ...rest) {
      const [kind, key, ...words] = KINDS[what], epoch = this.line.time(when);
      // What the list holds, and which of a hotspot's products was chosen in it, is only known here.
      if (kind == "select_item" && product < 0 && this.picked >= 0) product = this.picked;
      const { video: { id, segments }, experiment } = this.config, goods = product >= 0 ? [product]
        : this.hotspots[hotspot]?.products || kind == "view_item_list" && this.listed;
      const { currency, now } = this.good(product, variant), priced = now >= 0;
      const event = {
        id: this.ids[number] = uuid(epoch), seq, type: kind, time: new Date(epoch).toISOString(), elapsed_ms: Math.floor(elapsed),
        viewer_id: this.line.ids.viewer, session_id: this.line.ids.session, view_id: this.views[view] ||= uuid(epoch), video_id: id,
        media_time: round(time), hotspot_id: this.hotspots[hotspot]?.raw.id,
        items: goods?.length ? goods.map((index) => this.item(index, variant)) : undefined,
        value: priced ? now * this.times : undefined, currency: priced ? currency : undefined, segment_id: segments?.[segment]?.id,
        experiment: said(experiment?.id) && said(experiment.variant) && { id: experiment.id, variant: experiment.variant }, cause: this.ids[cause],
        ...(value == value && { [key]: words[value] || round(value) }), ...(kind == "hotspot_click" && this.press), ...this.notes[note] };
      if (kind == "view_end") {
        const [count, ...numbers] = rest, pairs = [];
        while (numbers.length) pairs.push(numbers.splice(0, 2).map(round));
        event.watched = pairs.splice(0, count);
        event.exposures = pairs.map(([index, dwell_ms]) => ({ hotspot_id: this.hotspots[index].raw.id, dwell_ms: Math.floor(dwell_ms) }));
      }
      if (kind == "hotspot_click" || kind == "progress") this.travel();
      if (kind == "cart_outcome" && event.outcome != "failed" && (this.config.cart?.mini_cart ?? this.selling)) this.bag(event);
      this.line.add(event);
      // The page's own copy, so that what it does to it changes nothing.
      this.details.set(number, JSON.stringify(event));
      this.details.delete(number - KEPT);
      fire(this.video, "vitrine:event", this.detail(number));
    }

    item(product, variant) {
      const { raw } = this.products[product], { now, currency, raw: own } = this.good(product, variant), priced = now >= 0;
      return { item_id: raw.id, item_name: raw.title, item_brand: raw.brand, item_variant: own != raw ? own.id : undefined,
        platform_id: own.platform_id ?? raw.platform_id, price: priced ? now : undefined, currency: priced ? currency : undefined, quantity: this.times };
    }

    detail(event) {
      return JSON.parse(this.details.get(event));
    }

    ask(what, about, event) {
      const left = fire(this.video, "vitrine:" + ASKS[what], this.detail(event));
      // An order asks nothing.
      if (what < 3) this.dispatch(ASKED + 2 * what + !left, about, event);
    }

    // The core does not look at the cart: what is wrong with it is told now, unless it was told with the rest.
    blame() {
      this.verdict || this.flawed(false);
    }

    // Asks the page's callback, else the shop; it has one answer, however long it takes.
    call(request, event) {
      const { cart } = this.options, detail = this.detail(event), { hotspot_id } = detail, waits = new AbortController();
      const text = (value) => typeof value == "string" ? value : undefined, number = (value) => Number.isFinite(value) ? value : undefined;
      const timer = setTimeout(() => {
        this.waits[hotspot_id] = waits;
        this.dispatch(SLOW, request, 0);
      }, SLOW_MS);
      const answer = (data) => {
        clearTimeout(timer);
        delete this.waits[hotspot_id];
        const { ok, partial, failure, reason, quantity, requested, checkout_url } = data || {}, { lines, cart_count } = !cart && data || {};
        const href = isWeb(checkout_url) ? checkout_url : undefined;
        if (lines) fire(this.video, "vitrine:cart", this.basket = data.cart);
        this.dispatch(CART, request, this.note({ failure: text(failure), reason: text(reason), quantity: number(quantity), requested: number(requested), lines, cart_count, href }),
          partial === true ? 4 : (ok === true) * 2 + (href != null));
      };
      if (cart || this.selling) {
        new Promise((resolve, reject) => {
          waits.signal.addEventListener("abort", () => resolve({ failure: "cancelled" }));
          (cart ? Promise.resolve().then(() => cart(detail, { signal: waits.signal })) : this.sell(detail, waits.signal)).then(resolve, reject);
        }).then(answer, (error) => {
          console.warn("vitrine: the cart failed.", error);
          answer(cart ? undefined : { failure: navigator.onLine ? "network" : "offline" });
        });
      } else {
        clearTimeout(timer);
        console.warn("vitrine: nobody took the cart event. Name the shop by cart.platform in the hotspot file, call preventDefault() in a listener of vitrine:add-to-cart and vitrine:buy-now, or give attach() a cart callback.");
        this.dispatch(CART, request, 0);
      }
    }

    async sell(event, signal) {
      if (this.selling == 1) this.connect("?" + Date.now());
      const { add, line } = await this.selling;
      return add(event.items.map((item) => line(item, event, this.config.products)), event.type == "buy_now", signal);
    }

    // A hotspot's link in a new tab, or the address of a note in this one.
    go(hotspot, note) {
      const { raw, products } = this.hotspots[hotspot] || {};
      if (raw) window.open(said(raw.action.url) || this.products[products[0]].raw.link, "_blank", "noopener");
      else location.assign(this.notes[note].href);
    }
  };
};
