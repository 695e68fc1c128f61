// A Google Merchant feed: RSS 2.0 or Atom with Google's namespace, or tab-separated text
// (https://support.google.com/merchants/answer/7052112). No parser of the browser's: a strict page forbids it, and entities of its own are how XML is attacked.
import { decoded } from "../cart/text.js";
import { availability, full, link, prices, text, written } from "./words.js";

const OPTIONS = ["color", "size", "material", "pattern", "age_group", "gender"];
// Larger ones make a page wait for what it does not show.
const MOST = 32e6;
const TOKENS = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[!?][^>]*>|<(\/?)([^\s<>/]+)((?:"[^"]*"|'[^']*'|[^<>"'])*?)(\/?)>|([^<]+)/g;

// The items of XML: each a map of names, without their prefix, to texts. What is nested in a field, such as the price of its
// shipping, is not the item's own.
const itemsOfXml = (xml) => {
  const items = [];
  let item, field, depth = 0, words = "";
  for (const [, raw, close, name, attributes, empty, plain] of xml.matchAll(TOKENS)) {
    if (raw != null || plain != null) {
      if (field && depth == 1) words += raw ?? plain;
    } else if (!name) continue;
    else if (!item) {
      if (!close && !empty && /^(\w+:)?(item|entry)$/.test(name)) item = {};
    } else if (close) {
      if (depth == 0) {
        items.push(item);
        item = field = undefined;
      } else if (--depth == 0) {
        // Google's own fields go before RSS's of the same name.
        if (!(field.name in item) || field.google) item[field.name] ??= words;
        if (field.google) item[field.name] = words;
        field = undefined;
      }
    } else {
      if (depth == 0) {
        field = { name: name.replace(/^.*:/, ""), google: name.includes(":") };
        words = "";
        const [, href] = attributes.match(/\bhref\s*=\s*["']([^"']*)["']/) || [];
        if (field.name == "link" && href) words = href;
      }
      if (!empty) depth++;
      else if (depth == 0) {
        if (words) item[field.name] ??= words;
        field = undefined;
      }
    }
  }
  return items.map((item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, decoded(value)])));
};

// A field in quotes may have tabs, line breaks and doubled quotes in it.
const itemsOfText = (body) => {
  const rows = [[""]];
  let quoted = false;
  for (const [part] of body.replace(/^\ufeff/, "").matchAll(/"|\t|\r?\n|[^"\t\r\n]+|\r/g)) {
    const row = rows.at(-1), cell = row.length - 1;
    if (part == '"') {
      // Inches are no quotes.
      if (!quoted && row[cell] && !row.ended) row[cell] += part;
      else {
        if (!quoted && row.ended) row[cell] += part;
        quoted = !quoted;
        row.ended = !quoted;
      }
    } else if (quoted) row[cell] += part;
    else if (part == "\t") {
      row.push("");
      row.ended = false;
    } else if (/\n/.test(part)) rows.push([""]);
    else row[cell] += part;
  }
  const names = rows[0].map((name) => name.trim().toLowerCase().replace(/^g:/, "").replaceAll(" ", "_"));
  return names.includes("id") ? rows.slice(1).filter((row) => row.some((cell) => cell.trim())).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""]))) : undefined;
};

// `2026-05-01T09:00+0100/2026-05-08T23:59+0100`; without it a sale is always on.
const isOn = (span, now) => {
  const [from, to] = String(span || "").split("/").map((one) => Date.parse(one.trim().replace(/([+-]\d\d)(\d\d)$/, "$1:$2")));
  return !(from > now || to < now);
};

const goods = (item, base, now, problems) => {
  const regular = written(item.price), sale = isOn(item.sale_price_effective_date, now) ? written(item.sale_price) : undefined;
  if (item.price && !regular) problems.push(`the price of "${item.id}" is ${JSON.stringify(item.price)}. Use an amount and its currency, like "129.00 EUR"`);
  return { ...prices(regular, sale), ...full({ availability: availability(item.availability), image_link: link(item.image_link, base) }) };
};

const optionsOf = (item) => {
  const options = Object.fromEntries(OPTIONS.filter((key) => text(item[key])).map((key) => [key, text(item[key])]));
  return Object.keys(options).length ? options : undefined;
};

// The products of a feed: each with all `ids` that it may be named by; those of one group are variants of a product of the group's id.
export const parse = (body, base, now = Date.now()) => {
  const problems = [], items = /^\s*(\ufeff\s*)?</.test(body) ? itemsOfXml(body) : itemsOfText(body);
  if (!items) return { products: [], problems: ['its first line has no column "id". Export it as RSS 2.0, Atom, or tab-separated text'] };
  if (!items.length) return { products: [], problems: ["it has no products. Export it with <item> or <entry>, or one line each"] };
  const products = [], groups = new Map(), left = { id: 0, title: 0 };
  for (const item of items) {
    const id = text(item.id), title = text(item.title);
    if (!id || !title) {
      left[id ? "title" : "id"]++;
      continue;
    }
    const own = goods({ ...item, id }, base, now, problems), group = text(item.item_group_id);
    const product = full({ title, description: text(item.description), brand: text(item.brand), link: link(item.link, base), item_group_id: group, ...own });
    products.push({ ids: [id, item.mpn, item.gtin].map(text).filter(Boolean), product });
    if (!group) continue;
    if (!groups.has(group)) groups.set(group, { ...product, variants: [] });
    groups.get(group).variants.push(full({ id, options: optionsOf(item), ...own }));
  }
  for (const key of ["id", "title"]) if (left[key]) problems.push(`${left[key]} of its products have no ${key}. Add it`);
  const taken = new Set(products.flatMap(({ ids }) => ids));
  for (const [group, product] of groups) {
    const cheapest = product.variants.filter(({ availability }) => availability != "out_of_stock").sort((a, b) => parseFloat(a.sale_price ?? a.price) - parseFloat(b.sale_price ?? b.price))[0];
    const { sale_price, ...rest } = product, { price = rest.price, availability = product.availability } = cheapest || {};
    if (!taken.has(group)) products.push({ ids: [group], product: full({ ...rest, price, sale_price: cheapest ? cheapest.sale_price : sale_price, availability }) });
  }
  return { products, problems };
};

export default async ({ from, signal }) => {
  const url = new URL(from, document.baseURI);
  const response = await fetch(url, { signal, credentials: "same-origin" });
  if (!response.ok) return { products: [], problems: [`it answered ${response.status}. Check its address: "from" is "json-ld", "shopify", or where a feed is`] };
  const size = +response.headers.get("content-length");
  const body = size > MOST ? "" : await response.text();
  if (size > MOST || body.length > MOST) return { products: [], problems: [`it is larger than ${MOST / 1e6} MB. Name a feed with the products of your videos alone`] };
  return parse(body, url.href);
};
