// `schema.org/Product` in the page's JSON-LD, as search engines read it: https://schema.org/Product, ProductGroup, Offer.
import { availability, full, link, price, prices, text } from "./words.js";

const list = (value) => value == null ? [] : Array.isArray(value) ? value : [value];
const isObject = (value) => value !== null && typeof value == "object";
// `Product`, `schema:Product`, `http://schema.org/Product`.
const is = (node, type) => list(node["@type"]).some((one) => typeof one == "string" && one.replace(/^.*[/#:]/, "") == type);
const name = (value) => text(isObject(value) ? value.name ?? value.value : value);
const OPTIONS = ["color", "size", "material", "pattern"];
// Pages that nest deeper than this say nothing about a product there.
const DEEPEST = 12;

// Every object of the page's blocks, and those of them that are named, as others refer to them by `@id`.
const gather = (blocks, problems) => {
  const nodes = [], named = new Map();
  const walk = (value, depth) => {
    if (!isObject(value) || depth > DEEPEST) return;
    if (Array.isArray(value)) return value.forEach((one) => walk(one, depth + 1));
    nodes.push(value);
    const id = value["@id"];
    if (typeof id == "string" && Object.keys(value).length > 1) named.set(id, { ...named.get(id), ...value });
    Object.values(value).forEach((one) => walk(one, depth + 1));
  };
  blocks.forEach((block, index) => {
    try {
      walk(JSON.parse(block), 0);
    } catch (error) {
      problems.push(`block ${index + 1} of the page's JSON-LD is not JSON (${error.message}). Mend it`);
    }
  });
  return { nodes, find: (node) => isObject(node) && typeof node["@id"] == "string" && named.get(node["@id"]) || node };
};

const offersOf = (node, find) => list(node.offers).map(find).filter(isObject).flatMap((offer) =>
  list(offer.offers).length && list(offer.offers).map(find).filter(isObject) || [offer]);

// What an offer asks now, and what it asked before where it says so.
const priced = (offer, find) => {
  const specs = list(offer.priceSpecification).map(find).filter(isObject);
  const of = (spec) => price(spec.price ?? spec.minPrice, spec.priceCurrency ?? offer.priceCurrency);
  const isListed = (spec) => /(ListPrice|StrikethroughPrice|SRP|MSRP)$/.test(spec.priceType ?? "");
  const now = price(offer.price ?? offer.lowPrice, offer.priceCurrency) ?? specs.filter((spec) => !isListed(spec)).map(of).find(Boolean);
  return prices(specs.filter(isListed).map(of).find(Boolean) ?? now, now);
};

// The cheapest that can be bought, else the cheapest.
const sold = (offers, find) => {
  const all = offers.map((offer) => ({ ...priced(offer, find), availability: availability(offer.availability) }));
  const cost = (one) => parseFloat(one.sale_price ?? one.price ?? "Infinity");
  const buyable = all.filter((one) => one.availability != "out_of_stock"), from = buyable.length ? buyable : all;
  return full(from.reduce((best, one) => !best || cost(one) < cost(best) ? one : best, undefined) || {});
};

const idsOf = (node) => [node.sku, node.productID, node.productGroupID, node.mpn, node.gtin, node.gtin13, node.gtin12, node.gtin14, node.gtin8, node["@id"], node.url].map(text).filter(Boolean);

const picture = (node, find, base) => list(node.image).map(find).map((one) => link(isObject(one) ? one.contentUrl ?? one.url : one, base)).find(Boolean);

const optionsOf = (node) => {
  const options = {};
  for (const key of OPTIONS) if (name(node[key])) options[key] = name(node[key]);
  for (const one of list(node.additionalProperty).filter(isObject)) if (text(one.name) && text(one.value)) options[text(one.name)] ??= text(one.value);
  return Object.keys(options).length ? options : undefined;
};

const variantOf = (node, find, base) => {
  const id = idsOf(node)[0];
  return id && full({ id, options: optionsOf(node) ?? (name(node) ? { option: name(node) } : undefined), image_link: picture(node, find, base), ...sold(offersOf(node, find), find) });
};

// Each offer of its own SKU is a variant, as themes of before `ProductGroup` have them.
const offered = (offers, find, base) => {
  const skus = offers.map((offer) => text(offer.sku));
  return offers.length > 1 && skus.every(Boolean) && new Set(skus).size == skus.length ? offers.map((offer, index) =>
    full({ id: skus[index], options: optionsOf(offer) ?? (name(offer) ? { option: name(offer) } : undefined), ...sold([offer], find) })) : [];
};

// The products of JSON-LD blocks: each with all `ids` that it may be named by.
export const parse = (blocks, base) => {
  const problems = [], { nodes, find } = gather(blocks, problems), products = [], seen = new Set();
  const groups = nodes.map(find).filter((node) => is(node, "ProductGroup")), goods = nodes.map(find).filter((node) => is(node, "Product"));
  const isOf = (node, group) => list(node.isVariantOf).map(find).includes(group) || group.productGroupID != null && node.inProductGroupWithID == group.productGroupID;
  const variantsOf = (node) => [...new Set([...list(node.hasVariant).map(find), ...goods.filter((one) => isOf(one, node))])].filter(isObject);
  for (const node of new Set([...groups, ...goods])) {
    const ids = idsOf(node), title = name(node);
    if (!title || !ids.length) {
      // A mention, such as in a review.
      if (node.offers) problems.push(`a Product of the page's JSON-LD has no ${title ? "sku" : "name"}, so no hotspot can show it. Add it`);
      continue;
    }
    const offers = offersOf(node, find), own = sold(offers, find), inner = variantsOf(node), rating = isObject(node.aggregateRating) && find(node.aggregateRating);
    const variants = inner.length ? inner.map((one) => variantOf(one, find, base)).filter(Boolean) : offered(offers, find, base);
    const told = own.price ? own : sold(inner.flatMap((one) => offersOf(one, find)), find);
    for (const one of offers) if (one.price != null && !priced(one, find).price) problems.push(`the price of "${ids[0]}" in the page's JSON-LD is ${JSON.stringify(one.price)} ${JSON.stringify(one.priceCurrency)}. Use a price with a decimal point, and priceCurrency with an ISO 4217 code`);
    if (seen.has(ids[0])) continue;
    seen.add(ids[0]);
    products.push({ ids, product: full({ title, description: text(node.description), brand: name(node.brand), link: link(node.url ?? offers[0]?.url, base), image_link: picture(node, find, base) ?? inner.map((one) => picture(one, find, base)).find(Boolean),
      ...told, variants: variants.length ? variants : undefined,
      rating: rating && Number(rating.ratingValue) > 0 ? full({ value: Number(rating.ratingValue), best: Number(rating.bestRating) || 5, count: Number(rating.reviewCount ?? rating.ratingCount) || undefined }) : undefined }) });
  }
  return { products, problems };
};

// What the page has now; it may still be coming.
export default async () => {
  if (document.readyState == "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  const blocks = [...document.querySelectorAll('script[type^="application/ld+json" i]')].map((block) => block.textContent);
  const found = parse(blocks, document.baseURI);
  if (!blocks.length) found.problems.push('this page has no JSON-LD. Add a <script type="application/ld+json"> with its schema.org/Product');
  return found;
};
