// The complete card: options, quantity, pictures, rating, badge, when it is back, wishlist. `www/shop.js` draws the card and
// asks this what more to put into it.

import { fit } from "./card-fits.js";
import { choices, clamp, dateAhead, labelOf, limitsOf, optionsOf } from "./card-options.js";
import WORDS from "./card-words.js";
import choicesOf from "./choices.js";
import { aloud, icon } from "./tree.js";
import { texts } from "./words.js";

const TRACK = 15;
// As in src/event.rs.
const ADD = 14, BUY = 15, OUTCOME = 16, CHECKOUT = 17;
// Of the video's picture, in pixels: from there on the card has a large one.
const LARGE = 600;
const BACK = "m15 18-6-6 6-6", ON = "m9 18 6-6-6-6", LESS = "M5 12h14", MORE = "M5 12h14M12 5v14",
  HEART = "M19 14c1.49-1.46 3-3.21 3-5.5A5.5 5.5 0 0 0 16.5 3c-1.76 0-3 .5-4.5 2-1.5-1.5-2.74-2-4.5-2A5.5 5.5 0 0 0 2 8.5c0 2.3 1.5 4.05 3 5.5l7 7Z",
  STAR = "M11.5 2.3a.53.53 0 0 1 .95 0l2.31 4.68a2.12 2.12 0 0 0 1.6 1.16l5.16.75a.53.53 0 0 1 .3.91l-3.74 3.64a2.12 2.12 0 0 0-.61 1.88l.88 5.14a.53.53 0 0 1-.77.56l-4.62-2.43a2.12 2.12 0 0 0-1.97 0L6.4 21a.53.53 0 0 1-.77-.56l.88-5.14a2.12 2.12 0 0 0-.61-1.88L2.16 9.8a.53.53 0 0 1 .29-.9l5.17-.76a2.12 2.12 0 0 0 1.6-1.16z";

const isPicture = (address) => {
  try {
    return /^https?:$/.test(new URL(address, document.baseURI).protocol);
  } catch {}
};

export default (css) => (host, parts) => {
  const { button, fire, patch, said } = parts, { root, abort: { signal } } = host;
  const sheet = new root.ownerDocument.defaultView.CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);

  // How many of each product the viewer wants, and how many each event asked for.
  let wanted = new Map(), asked = new Map();
  const kept = choicesOf(() => host.line.state?.()), isSaved = (id) => kept.get("wish " + id) != null;
  // Which picture is shown, of which.
  let slide = 0, shownPictures = "";
  let refused = "";

  const pictureOf = (text) => said(text) && isPicture(text) ? said(text) : undefined;
  const number = (value, digits = 1) => new Intl.NumberFormat(host.tag, { maximumFractionDigits: digits }).format(value);
  const redraw = () => host.drawn?.length && host.layer.querySelector("[part=card]") && host.card(0, ...host.drawn);

  class Full extends Object.getPrototypeOf(host).constructor {
    adopt(...file) {
      super.adopt(...file);
      wanted = new Map();
      Promise.resolve().then(() => fit(this.config) || this.blame());
    }

    // What the words are in the overlay's language.
    phrase(name, blanks = {}) {
      const words = { ...WORDS.en, ...WORDS[this.tag.split("-")[0]], ...texts(this.config.strings) };
      return words[name].replace(/\{(\w+)\}/g, (all, key) => blanks[key] ?? all);
    }

    amount(product, variant) {
      const { raw, variants } = this.products[product];
      return clamp(limitsOf(raw, variants[variant]?.raw), wanted.get(product) ?? 1);
    }

    emit(event, what, ...rest) {
      const [, , cause, , , , , , product, variant] = rest;
      if (what == ADD || what == BUY) asked.set(event, this.times = product >= 0 ? this.amount(product, variant) : 1);
      else if (what == OUTCOME || what == CHECKOUT) asked.set(event, this.times = asked.get(cause) || 1);
      super.emit(event, what, ...rest);
      this.times = 1;
    }

    card(focus, ...view) {
      if (!view.length) refused = "";
      super.card(focus, ...view);
      const strip = this.layer.querySelector(".strip"), input = this.layer.querySelector(".count");
      if (strip && strip.dataset.of != shownPictures) {
        shownPictures = strip.dataset.of;
        strip.scrollTo({ left: slide = 0, behavior: "instant" });
      }
      if (input && input.value != input.getAttribute("value") && !input.matches(":focus")) input.value = input.getAttribute("value");
    }

    more(product, variant, products, shown) {
      const { raw, variants } = this.products[product], own = variants[variant]?.raw || raw;
      return {
        chooser: products.length > 1 && this.chooser(products, shown), gallery: this.gallery(raw, own),
        badge: said(raw.badge) && ["p", { part: "badge", class: "badge" }, said(raw.badge)],
        rating: this.rating(raw.rating), options: this.optionGroups(raw, variants, variant), note: this.restock(raw, own),
        quantity: this.stepper(product, raw, own), wish: this.wish(product, variant),
      };
    }

    // The products behind the hotspot, with picture and price.
    chooser(products, shown) {
      return ["div", { class: "several", role: "radiogroup", "aria-label": this.words.products }, ...products.map((product, index) => {
        const { raw } = this.products[product], { price } = this.good(product), picture = pictureOf(raw.image_link);
        return button("product", "product", { part: "choice product" + (index == shown ? " chosen" : ""), role: "radio", "data-arg": index,
          "aria-checked": "" + (index == shown), tabindex: index == shown ? 0 : -1 },
          picture && ["img", { src: picture, alt: "" }], ["span", { class: "name" }, raw.title, price && aloud(",")], price && ["span", { class: "cost" }, price]);
      })];
    }

    gallery(raw, own) {
      const list = (one) => Array.isArray(one?.additional_image_link) ? one.additional_image_link : [];
      const more = list(own).length ? list(own) : list(raw);
      const pictures = [...new Set([own.image_link || raw.image_link, ...more].map(pictureOf).filter(Boolean))];
      if (pictures.length < 2) return;
      const of = pictures.join(" "), at = of == shownPictures ? Math.min(slide, pictures.length - 1) : 0;
      const turn = (which, by, path, name, end) => ["button", { class: "turn " + name, type: "button", ...which, "data-turn": by, "aria-disabled": end && "true", "aria-label": this.phrase(name + "_picture") }, icon(path)];
      // Where there is no room for a large picture, what is for sale comes first.
      const large = this.box.offsetHeight >= LARGE && this.box.offsetWidth >= LARGE;
      return ["div", { class: large ? "gallery large" : "gallery", part: "gallery", role: "group", "aria-label": this.phrase("pictures") },
        ["div", { class: "strip", tabindex: 0, role: "group", "aria-label": this.phrase("picture", { n: number(at + 1), count: number(pictures.length) }), "data-of": of },
          ...pictures.map((src, index) => ["img", { part: "picture", src, alt: this.phrase("picture", { n: number(index + 1), count: number(pictures.length) }), loading: index > 1 && "lazy", draggable: "false" }])],
        turn({ part: "previous" }, -1, BACK, "previous", !at), turn({ part: "next" }, 1, ON, "next", at == pictures.length - 1),
        ["span", { class: "place", "aria-hidden": "true" }, `${number(at + 1)} / ${number(pictures.length)}`]];
    }

    rating(rating) {
      const { value, count, best = 5 } = rating || {};
      if (!(value >= 0 && value <= best)) return;
      return ["p", { part: "rating", class: "rating" }, icon(STAR), aloud(this.phrase("rating", { value: number(value), best: number(best) })),
        ["span", { "aria-hidden": "true" }, number(value)], count >= 0 && ["span", { class: "of" }, aloud(this.phrase("ratings", { n: number(count) })),
          ["span", { "aria-hidden": "true" }, `(${number(count)})`]]];
    }

    optionGroups(raw, variants, variant) {
      const options = choices(optionsOf(raw, variants), variants, variant);
      return options.length > 0 && ["div", { class: "options" }, ...options.map((option, index) => {
        const chosen = option.values.findIndex((one) => one.chosen), first = chosen < 0 ? 0 : chosen;
        return ["div", { class: "option" },
          ["p", { class: "legend", id: "option-" + index }, option.label],
          ["div", { class: "chips", role: "radiogroup", "aria-labelledby": "option-" + index },
            ...option.values.map((one, place) => this.optionValue(one, place == first))]];
      })];
    }

    optionValue({ label, swatch, image_link, variant, exists, chosen }, reached) {
      const open = variant >= 0, picture = pictureOf(image_link);
      return button("choice" + (open ? "" : " out"), open && "variant", { part: "choice" + (chosen ? " chosen" : "") + (open ? "" : " sold-out"), role: "radio", "data-arg": open && variant,
        "aria-checked": "" + chosen, "aria-disabled": !open && "true", tabindex: reached ? 0 : -1 },
        picture ? ["img", { class: "swatch", part: "swatch", src: picture, alt: "" }]
          : swatch && CSS.supports("color", swatch) && ["span", { class: "swatch", part: "swatch", style: `background:${swatch}` }],
        ["span", { class: "name" }, label, !open && aloud(",")],
        !open && ["span", { class: "why" }, exists ? this.words.sold_out : this.phrase("not_offered")]);
    }

    // When what is shown is back or ships, and when the variants are that cannot be chosen.
    restock(raw, own) {
      const line = (one, name) => {
        const availability = one.availability || raw.availability, date = dateAhead(one.availability_date ?? (one.availability ? undefined : raw.availability_date), Date.now());
        const day = date && new Intl.DateTimeFormat(this.tag, { dateStyle: "long", ...(/T/.test(one.availability_date || raw.availability_date) ? {} : { timeZone: "UTC" }) }).format(date);
        const words = said(one.availability_note) || !name && said(raw.availability_note) || day && /^(out_of_stock|preorder|backorder)$/.test(availability) &&
          this.phrase(availability == "out_of_stock" ? "back_on" : "ships_on", { date: day });
        return words && (name ? name + ": " : "") + words;
      };
      const others = (raw.variants || []).filter((one) => one && one != own && one.availability == "out_of_stock")
        .map((one) => line(one, Object.entries(texts(one.options)).map(([name, value]) => labelOf(raw, name, value)).join(" / ")));
      const lines = [line(own, ""), ...others].filter(Boolean);
      return lines.length > 0 && ["div", { class: "restock", part: "restock" }, ...lines.map((text) => ["p", {}, text])];
    }

    stepper(product, raw, own) {
      if (!raw.quantity && !own.quantity) return;
      const limits = limitsOf(raw, own), { min, max, step } = limits, now = clamp(limits, wanted.get(product) ?? 1);
      const hint = now == max && max > min ? this.phrase("at_most", { n: number(max) }) : step > 1 ? this.phrase("in_steps", { n: number(step) }) : min > 1 && now == min ? this.phrase("at_least", { n: number(min) }) : "";
      const by = (which, change, path, name, end) => ["button", { class: "by", type: "button", ...which, "data-by": change, "aria-label": this.phrase(name), "aria-disabled": end && "true" }, icon(path)];
      return ["div", { class: "amount", part: "quantity", role: "group", "aria-labelledby": "amount" },
        ["label", { class: "legend", id: "amount", for: "count" }, this.phrase("quantity")],
        ["div", { class: "steps" }, by({ part: "fewer" }, -step, LESS, "fewer", now == min),
          ["input", { class: "count", id: "count", type: "number", inputmode: "numeric", min, max, step, value: now, "data-of": product, "aria-describedby": hint && "limit" }],
          by({ part: "more" }, step, MORE, "more", now == max)],
        ["p", { class: "limit", id: "limit", role: "status" }, hint]];
    }

    wish(product, variant) {
      if (!this.options.wishlist && !this.config.cart?.wishlist) return;
      const on = isSaved(this.products[product].raw.id);
      return ["button", { class: "link wish", type: "button", part: "wishlist" + (on ? " saved" : ""), "data-wish": product, "data-variant": variant, "aria-pressed": "" + on },
        icon(HEART), ["span", {}, this.phrase(on ? "wished" : "wish")], refused && ["span", { class: "refused", role: "alert" }, refused]];
    }
  }

  const setAmount = (product, count) => {
    const [, , variant] = host.drawn, { raw, variants } = host.products[product];
    wanted.set(product, clamp(limitsOf(raw, variants[variant]?.raw), count));
    redraw();
  };

  const save = async (product, variant) => {
    const { raw } = host.products[product], { id } = raw, on = !isSaved(id), item = host.item(product, variant);
    const [hotspot] = host.drawn, seen = [...host.details.values()].map(JSON.parse).findLast(({ type, items }) => type == "view_item" && items?.[0].item_id == id);
    host.dispatch(TRACK, host.note({ type: on ? "add_to_wishlist" : "remove_from_wishlist", hotspot_id: host.hotspots[hotspot].raw.id, items: [item],
      value: item.price, currency: item.currency, cause: seen?.id }), 0);
    const event = host.detail(Math.max(...host.details.keys())), toggle = (on) => {
      kept.set("wish " + id, on ? "saved" : undefined);
      redraw();
    };
    refused = "";
    toggle(on);
    const left = fire(host.video, `vitrine:${on ? "add-to" : "remove-from"}-wishlist`, event);
    if (!left || !host.options.wishlist) return;
    try {
      const answer = await host.options.wishlist(event);
      if (answer?.ok !== false) return;
      refused = said(answer.reason) || host.phrase("wish_failed");
    } catch (error) {
      console.warn("vitrine: the wishlist failed.", error);
      refused = host.phrase("wish_failed");
    }
    toggle(!on);
  };

  const go = (strip, to) => {
    const slides = strip.children, index = Math.max(0, Math.min(slides.length - 1, to));
    strip.scrollTo({ left: slides[index].offsetLeft - slides[0].offsetLeft, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  };

  // Within a group of radios the arrow keys move, and choose what can be chosen: https://www.w3.org/WAI/ARIA/apg/patterns/radio/
  const along = (event, radio) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: host.box.dir == "rtl" ? -1 : 1, ArrowLeft: host.box.dir == "rtl" ? 1 : -1 }[event.key];
    if (!step && event.key != " ") return;
    event.preventDefault();
    const all = [...radio.parentNode.children], next = step ? all.at((all.indexOf(radio) + step) % all.length) : radio;
    next.focus();
    if (next.getAttribute("aria-checked") == "false") next.click();
  };

  const on = (type, listener, options) => root.addEventListener(type, listener, { signal, ...options });
  on("click", ({ target }) => {
    const control = target.closest("[data-turn],[data-by],[data-wish]");
    if (!control || control.getAttribute("aria-disabled")) return;
    const { turn, by, wish, variant } = control.dataset;
    if (turn) go(control.parentNode.querySelector(".strip"), slide + +turn);
    else if (by) {
      const { dataset, value } = control.parentNode.querySelector(".count");
      setAmount(+dataset.of, +value + +by);
    } else save(+wish, +(variant ?? -1));
  });
  on("change", ({ target }) => {
    if (!target.matches(".count")) return;
    setAmount(+target.dataset.of, target.valueAsNumber);
    // What was typed may be none of them.
    target.value = target.getAttribute("value");
  });
  on("keydown", (event) => {
    const radio = event.target.closest("[role=radio]"), strip = event.target.closest(".strip");
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (radio) along(event, radio);
    if (!strip) return;
    const forth = host.box.dir == "rtl" ? "ArrowLeft" : "ArrowRight", back = host.box.dir == "rtl" ? "ArrowRight" : "ArrowLeft";
    const to = { [forth]: slide + 1, [back]: slide - 1, Home: 0, End: strip.children.length - 1 }[event.key];
    if (to == null) return;
    event.preventDefault();
    go(strip, to);
  });
  // It does not bubble.
  on("scroll", ({ target }) => {
    if (!target.matches?.(".strip")) return;
    const near = Math.round(Math.abs(target.scrollLeft) / target.clientWidth);
    if (near == slide) return;
    slide = near;
    redraw();
  }, { capture: true, passive: true });

  Object.setPrototypeOf(host, Full.prototype);
  fit(host.config) || host.blame();
  redraw();
};
