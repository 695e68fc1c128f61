// `vitrine-products.mjs`: products that a hotspot file names by where they come from, and prices and stock as they are when a card opens.
import ENGLISH from "./strings/later.js";
import { availability, full, link, prices, text, written } from "./products/words.js";

// Milliseconds for a file's products to come, for fresh prices to come, and until they are asked for again.
const PATIENCE = 10e3, BRIEF = 5e3, STALE = 60e3;
// Who adds to the cart by one press waits no longer than this for the price.
const SOON = 1500;
// A card waits no longer than this for what it shows: a viewer takes it for at once.
const GLANCE = 250;
// As src/web/dispatch.rs numbers it.
const SET_CONFIG = 18;
// The first of `ASKS` in `www/shop.js`.
const CLICK = 0;
// Names in a line of the console.
const SOME = 8;

const warn = (words) => console.warn("vitrine: " + words);
// A page's JSON-LD is read at each look; what is wrong with it is said once.
const said = new Set();

// What a source said, and when; shared by all videos of a page.
const kept = new Map();

// Ends what takes longer than that, and with what `outer` ends.
const bounded = async (time, outer, work) => {
  const abort = new AbortController(), { signal } = abort, end = () => abort.abort(outer.reason);
  const timer = setTimeout(() => abort.abort(new Error(`it took longer than ${time / 1e3} seconds`)), time);
  outer?.aborted ? end() : outer?.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work(signal), new Promise((_, reject) => {
      const stop = () => reject(signal.reason);
      signal.aborted ? stop() : signal.addEventListener("abort", stop, { once: true });
    })]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", end);
  }
};

// The products of a source by all ids that it has for them.
const load = async (from, ids, known, signal) => {
  // Each address in full: so bundlers find the file.
  const { default: source } = await (from == "json-ld" ? import("./products/json-ld.mjs") : from == "shopify" ? import("./products/shopify.mjs") : import("./products/merchant.mjs"));
  const { products, problems } = await source({ from, ids, known, signal }), found = new Map();
  for (const { ids, product } of products) for (const id of ids) if (!found.has(id)) found.set(id, product);
  found.names = products.map(({ ids }) => ids[0]);
  problems.slice(0, SOME).forEach((words) => said.has(words) || said.add(words) && warn(`products from ${from}: ${words}.`));
  if (problems.length > SOME) warn(`products from ${from}: ${problems.length - SOME} problems more.`);
  return found;
};

// The same, at most once a minute; the page itself is read each time. Shopify is asked for one product at a time.
const read = async (from, ids, known, time, outer) => {
  const key = from == "shopify" ? from + " " + ids : from, last = kept.get(key);
  if (last && from != "json-ld" && performance.now() - last.at < STALE) return last.found;
  const found = bounded(time, outer, (signal) => load(from, ids, known, signal)), entry = { at: performance.now(), found };
  kept.set(key, entry);
  found.catch(() => outer?.aborted && kept.get(key) == entry && kept.delete(key));
  return found;
};

// The file with the products that its hotspots name, in place of where they come from.
export const resolve = async (file, signal) => {
  const from = text(file.products.from) || "", named = (Array.isArray(file.hotspots) ? file.hotspots : []).flatMap((hotspot) => hotspot?.products || []);
  const ids = [...new Set(named)].filter((id) => typeof id == "string");
  let found = new Map();
  try {
    found = await read(from, ids, () => ({}), PATIENCE, signal);
    const lost = ids.filter((id) => !found.has(id)), has = found.names.slice(0, SOME);
    if (lost.length) warn(`products from ${from}: no ${lost.slice(0, SOME).map((id) => JSON.stringify(id)).join(", ")}, which hotspots name. It has ${has.map((id) => JSON.stringify(id)).join(", ") || "none"}.`);
  } catch (error) {
    if (signal?.aborted) throw error;
    warn(`products from ${from} could not be read (${error.message}), so hotspots that need them are left out. Check the address, and CORS and the CSP's connect-src if it is on another origin.`);
  }
  return { ...file, products: ids.filter((id) => found.has(id)).map((id) => ({ id, ...found.get(id), from })) };
};

// What may change between the file and the sale, in the words of a hotspot file.
export const fresh = (told) => told && full({ ...(written(told.price) && prices(written(told.price), written(told.sale_price))), availability: availability(told.availability),
  variants: Array.isArray(told.variants) ? new Map(told.variants.filter(Boolean).flatMap((one) => [[String(one.platform_id), fresh(one)], [String(one.id), fresh(one)]])) : undefined });

const units = (price) => price ? Number(price.slice(0, -4).replace(".", "")) : NaN;
// As src/session/goods.rs: a variant's own price goes before the product's, and then the product's sale does not count.
export const goods = (product, variant = {}) => {
  const own = variant.price || variant.sale_price ? { price: variant.price || product.price, sale_price: variant.sale_price } : product;
  const now = own.sale_price || own.price;
  return { now: units(now), before: own.sale_price ? units(own.price) : NaN, digits: now?.match(/\.(\d+)/)?.[1].length ?? 0,
    available: +((variant.availability || product.availability) != "out_of_stock") };
};

// A product, or a variant, with what is told of it now. A source that tells a price tells whether it is reduced.
export const renewed = (raw, told) => ({ ...raw, ...(told.price && { price: told.price, sale_price: told.sale_price }), ...(told.availability && { availability: told.availability }) });

// What is told of a variant, by its id or the shop's.
const newsOf = ({ variants }, raw) => variants?.get(String(raw?.id)) || raw?.platform_id != null && variants?.get(String(raw.platform_id));

// Keeps what an open card shows fresh; `host` is the overlay's, as `www/shop.js` makes it.
export default (host) => {
  const { adopt, card, ask: pass } = host, told = new Map(), asked = new Map();
  let view, abort;

  const apply = (index) => {
    const goodsOf = host.products[index], news = told.get(goodsOf.raw.id);
    if (!news) return;
    const raw = renewed(goodsOf.raw, news);
    const variants = goodsOf.variants.map((one) => {
      const own = renewed(one.raw, newsOf(news, one.raw) || {});
      return { raw: own, ...goods(raw, own) };
    });
    host.products[index] = { ...goods(raw), raw, variants };
    // On the picture, too.
    host.spots.forEach((spot, hotspot) => {
      const price = spot.lastChild.lastElementChild;
      if (host.hotspots[hotspot].products[0] != index || !price) return;
      price.textContent = host.good(index).price;
      spot.setAttribute("aria-label", spot.lastChild.firstChild.data + ", " + price.textContent);
    });
  };

  const known = (id) => host.products.find(({ raw }) => raw.id == id)?.raw || {};
  const ask = ({ id, from }, signal) => {
    const { products } = host.options, last = asked.get(id);
    if (!products) return read(from, [id], known, BRIEF, signal).then((found) => found.get(id) || {});
    if (last && performance.now() - last.at < STALE) return last.answer;
    const answer = bounded(BRIEF, signal, (signal) => products([id], { signal })).then((list) => (Array.isArray(list) ? list : []).find((one) => one?.id == id) || {});
    asked.set(id, { at: performance.now(), answer });
    answer.catch(() => signal.aborted && asked.delete(id));
    return answer;
  };

  // What a viewer has not asked for yet fails without a word.
  const hasSource = (index) => host.options.products || host.products[index].raw.from;
  const look = async (index, signal, quiet) => {
    const { raw } = host.products[index], { id } = raw, warn = (words) => quiet || console.warn("vitrine: " + words);
    if (!hasSource(index)) return;
    try {
      const answer = await ask(raw, signal), news = fresh(answer);
      if (!news || signal.aborted || host.products[index]?.raw.id != id) return;
      if (!Object.keys(news).length) return warn(`the price of "${id}" is not in ${host.options.products ? "what products() gives" : raw.from}, so the card shows what the hotspot file has.`);
      told.set(id, news);
      const variant = view?.[2], old = host.good(index, variant);
      apply(index);
      const now = host.good(index, variant);
      if (host.listing) host.touch();
      if (!view || host.hotspots[view[0]].products[view[1]] != index) return;
      host.card(0, ...view);
      if (old.available && !now.available) host.say(host.words.sold_out);
      else if (old.price != now.price) host.say((host.words.price_changed || ENGLISH.price_changed).replace("{price}", () => now.price));
    } catch (error) {
      if (!signal.aborted) warn(`the price of "${id}" could not be refreshed (${error.message}), so the card shows what the hotspot file has.`);
    }
  };

  // What of a product can be bought, its variants too; first as the core has it.
  const stock = () => new Map(host.products.map(({ raw, available, variants }) => [raw.id, [available, ...variants.map((one) => one.available)]]));
  let listed;
  const learn = () => {
    listed = stock();
    host.products.forEach((_, index) => apply(index));
  };

  // What came back in stock is sold from the next card on: the core takes it with the file. What went, where there is no card.
  const restock = (isNew = (now, before) => now && !before) => {
    if (![...stock()].some(([id, now]) => now.some((available, index) => isNew(available, listed.get(id)[index])))) return;
    const update = (raw, news) => news ? renewed(raw, news) : raw;
    host.next = { ...host.next, products: host.next.products.map((raw) => {
      const news = told.get(raw?.id), { variants } = raw || {};
      return news ? { ...update(raw, news), ...(Array.isArray(variants) && { variants: variants.map((own) => update(own, newsOf(news, own))) }) } : raw;
    }) };
    host.dispatch(SET_CONFIG, 0, 0, host.next);
  };

  // Hotspots that add to the cart at once have no card that asks: their products are asked for beforehand.
  const quick = ({ raw }) => raw.action?.type == "add_to_cart";
  const prepare = () => {
    learn();
    for (const index of new Set(host.hotspots.filter(quick).map(({ products }) => products[0]))) look(index, host.abort.signal);
  };
  // The card and its `view_item` have the price of now, if that comes at a glance.
  const opens = ({ raw, products }) => (raw.action?.type ?? "card") == "card" && products.some(hasSource);
  const waiting = new Set();
  host.ask = async (what, about, event) => {
    const hotspot = host.hotspots[about], { signal } = host.abort, adds = hotspot && quick(hotspot);
    // From the list of products, an entry opens the card.
    if (what != CLICK || !hotspot || !adds && !opens(hotspot) || host.picked >= 0) return pass.call(host, what, about, event);
    const { id } = hotspot.raw;
    if (waiting.has(id)) return;
    waiting.add(id);
    await Promise.race([Promise.all(hotspot.products.map((index) => look(index, signal, !adds))), new Promise((done) => setTimeout(done, adds ? SOON : GLANCE))]);
    waiting.delete(id);
    if (signal.aborted || host.hotspots[about]?.raw.id != id) return;
    restock(adds ? (now, before) => now != before : undefined);
    pass.call(host, what, about, event);
  };
  // Who points at it may press it.
  const glance = ({ target }) => {
    const { act, arg, list } = target.closest?.("[data-act=hotspot],[data-list]")?.dataset || {};
    const products = act ? host.hotspots[arg]?.products : host.products[list] && [+list];
    products?.forEach((index) => look(index, host.abort.signal, true));
  };
  for (const type of ["pointerover", "focusin"]) host.root.addEventListener(type, glance, { signal: host.abort.signal });
  host.adopt = (...file) => {
    adopt.apply(host, file);
    prepare();
  };
  host.card = (focus, ...drawn) => {
    const before = view, index = host.hotspots[drawn[0]]?.products[drawn[1]];
    view = drawn.length ? drawn : undefined;
    if (!view) {
      abort?.abort();
      abort = undefined;
    } else {
      // The core has the file's word for it.
      if (!host.good(index, drawn[2]).available) drawn[3] = 0;
      if (!before || before[0] != drawn[0] || before[1] != drawn[1]) {
        abort ||= new AbortController();
        look(index, abort.signal);
      }
    }
    card.call(host, focus, ...drawn);
    if (!view && before) Promise.resolve().then(() => restock());
  };
  // A button that is disabled in words alone.
  host.root.addEventListener("click", (event) => event.target.closest("[part=add-to-cart][aria-disabled=true]") && event.stopPropagation(), true);
  prepare();
};
