// What makes an overlay everyone's: words in the viewer's language, the list of products as an equal
// way to what moves on the picture, a focus that is never lost, and new hotspots said aloud.

import ENGLISH from "./strings/en.js";
import { BAG, icon } from "./tree.js";
import { isFromRight, language, plural, texts } from "./words.js";

// At least so many milliseconds are between two announcements.
const QUIET = 5e3;

// `load` has what imports the words of a language, by its tag, and `www/list.js`.
export default (Shop, parts, load) => {
  const { patch } = parts;

  return class extends Shop {
    async furnish(open) {
      const { box, root, stage, spots } = this, { signal } = this.abort;
      const on = (type, listener) => root.addEventListener(type, listener, { signal });
      // Before the hotspots: Tab comes to it first.
      stage.before(this.bar = document.createElement("div"));
      box.append(this.live = document.createElement("p"));
      this.bar.className = "bar";
      this.live.className = "sr";
      this.live.setAttribute("role", "status");
      stage.tabIndex = -1;
      // Hotspots that were announced, and those that wait for it.
      this.told = new Set();
      this.fresh = new Set(spots.keys());
      this.heard = -QUIET;
      on("click", ({ target }) => {
        const act = target.closest("[data-list]")?.dataset.list;
        if (act == "open") this.openList();
        else if (act == "close") this.shutList(true);
        else if (act) this.list.pick(+act);
      });
      on("keydown", (event) => {
        if (!this.listing || event.key != "Escape") return;
        event.stopPropagation();
        this.shutList(true);
      });
      on("focusin", ({ target }) => {
        if (this.bar.contains(target)) this.drawer();
        // The drawer would lie over what has the focus now.
        else if (stage.contains(target)) this.shutList();
      });
      await super.furnish(open);
      await this.speaking;
      // They were drawn before the language was known.
      spots.forEach((spot, index) => {
        const chip = spot.lastChild, price = chip.lastElementChild;
        if (!price) return;
        price.textContent = this.good(this.hotspots[index].products[0]).price;
        spot.setAttribute("aria-label", chip.firstChild.data + ", " + price.textContent);
      });
      this.touch();
    }

    // The words and the direction of the hotspot file's language; again once that is loaded.
    name() {
      const raw = this.config, tag = language(raw, this.video), own = texts(raw.strings);
      const config = this.config = { ...raw, locale: tag }, words = load.words[tag.split("-")[0]];
      this.tag = words || own.count_other ? tag : "en";
      this.box.lang = tag;
      this.box.dir = isFromRight(tag) ? "rtl" : raw.locale ? "ltr" : getComputedStyle(this.anchor).direction;
      const speak = (words) => {
        if (this.config != config) return;
        this.words = { ...ENGLISH, ...words, ...own };
        this.stage.setAttribute("aria-label", this.words.overlay);
        this.drawPill();
      };
      speak();
      this.speaking = words?.().then((module) => speak(module.default), () =>
        console.warn(`vitrine: the words for "${tag}" could not be loaded, so they are English. Deploy all of dist/.`));
      this.told.clear();
      this.shutList(this.root.activeElement);
    }

    drawPill() {
      const { bar, hotspots, options, words } = this, count = new Set(hotspots.flatMap(({ products }) => products)).size;
      const off = !count || /^(off|false)$/.test(options.list), held = bar.firstChild?.matches(":focus");
      patch(bar, [!off && ["button", { class: "pill", type: "button", part: "product-list", "data-list": "open", "aria-haspopup": "dialog",
        "aria-label": plural(words, "count", count, this.tag), hidden: this.listing ? "" : null },
        icon(BAG), ["span", {}, new Intl.NumberFormat(this.tag).format(count)]], this.pill?.()]);
      if (off && held) this.rescue();
    }

    // The list is loaded where it is first asked for.
    drawer() {
      return this.drawing ||= load.list(this.failures).then(({ default: list }) => this.list = list(this, parts), () => {
        console.warn("vitrine: vitrine-list.mjs could not be loaded. Deploy all of dist/.");
        this.failures = (this.failures || 0) + 1;
        this.drawing = 0;
      });
    }

    // Opens the list of products, or of those that these hotspots have. Where the viewer did not ask for
    // it, the focus stays where it is, and it is said aloud.
    async openList(only) {
      const list = await this.drawer();
      if (!this.abort.signal.aborted) list?.open(only);
    }

    shutList(focus) {
      if (!this.listing) return;
      this.listing = false;
      patch(this.layer, []);
      this.drawPill();
      if (focus) this.rescue();
      this.touch();
    }

    card(focus, ...view) {
      // The card is not drawn yet or any more.
      if (this.listing && !view.length) return;
      this.shutList();
      this.held = this.root.activeElement;
      super.card(focus, ...view);
      this.touch();
    }

    // Not where the page has the focus: it may change the hotspot file while the viewer types.
    focusSpot(index) {
      if (this.held) this.rescue(this.spots.get(index));
    }

    // The focus of what leaves goes on to one that can take it. On nothing it would be as good as lost: the next
    // Tab would start at the top of the page, and a screen reader would read from there.
    rescue(spot) {
      for (const place of [spot, this.bar.firstChild, this.video, this.stage]) {
        place?.focus({ preventScroll: true });
        if (place?.matches(":focus")) break;
      }
    }

    show(index, before) {
      super.show(index, before);
      if (!this.told.has(index)) this.fresh.add(index);
      this.touch();
    }

    hide(index) {
      const spot = this.spots.get(index);
      if (spot.matches(":focus")) this.rescue(spot.parentNode.nextElementSibling?.firstChild);
      super.hide(index);
      this.fresh.delete(index);
      this.touch();
    }

    frame(...box) {
      super.frame(...box);
      this.touch();
    }

    // What is on screen changed: once for all that changes with it.
    touch() {
      this.touched ||= Promise.resolve().then(() => {
        this.touched = 0;
        if (this.listing) this.list.draw();
        this.announce();
      });
    }

    // Several in one sentence, and nothing while the viewer reads the card or the list. Each once: a film
    // that runs in a loop would never be quiet.
    announce() {
      const { fresh, spots, words } = this;
      clearTimeout(this.telling);
      if (!fresh.size || this.layer.firstChild || this.abort.signal.aborted) return;
      this.telling = setTimeout(() => {
        const names = new Set([...fresh].sort((a, b) => a - b).map((index) => spots.get(index).lastChild.firstChild.data));
        this.say(words.appeared.replace("{names}", () => new Intl.ListFormat(this.config.locale).format(names)));
        fresh.forEach((index) => this.told.add(index));
        fresh.clear();
      }, this.heard + QUIET - performance.now());
    }

    say(text) {
      this.heard = performance.now();
      this.live.textContent = text;
    }

    destroy() {
      super.destroy();
      clearTimeout(this.telling);
    }
  };
};
