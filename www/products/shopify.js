// A product of the theme's shop: https://shopify.dev/docs/api/ajax/reference/product. Prices are hundredths, whatever the currency.
import { full, link, price, prices, text } from "./words.js";

const HUNDREDTHS = 2;

const optionsOf = (product, variant) => {
  const names = (product.options || []).map((option) => text(option?.name ?? option)?.toLowerCase());
  const values = [variant.option1, variant.option2, variant.option3], options = {};
  names.forEach((name, index) => {
    if (name && text(values[index]) && !(name == "title" && values[index] == "Default Title")) options[name] = text(values[index]);
  });
  return Object.keys(options).length ? options : undefined;
};

const cost = (one, currency) => prices(price(Math.max(one.price, one.compare_at_price || 0), currency, HUNDREDTHS), price(one.price, currency, HUNDREDTHS));
const stock = ({ available }) => available === false ? "out_of_stock" : available === true ? "in_stock" : undefined;

// A product of `products/{handle}.js`, which has no currency of its own.
export const parse = (data, currency, base) => {
  const problems = [], title = text(data?.title);
  if (!title) return { products: [], problems: ["it is no product of Shopify's products/{handle}.js. Check the handle"] };
  const image = (one) => link(typeof one == "string" ? one : one?.src, base), all = Array.isArray(data.variants) ? data.variants.filter((one) => one && one.id != null) : [];
  const variants = all.map((one) => full({ id: text(one.sku) && all.filter(({ sku }) => sku == one.sku).length == 1 ? text(one.sku) : String(one.id), options: optionsOf(data, one), ...cost(one, currency),
    image_link: image(one.featured_image), availability: stock(one), platform_id: String(one.id) }));
  const own = cost(all.filter(({ available }) => available !== false).sort((a, b) => a.price - b.price)[0] || data, currency);
  if (!own.price) problems.push(currency ? `its price ${JSON.stringify(data.price)} is none in ${currency}` : "no currency is known for it. Set Shopify.currency.active on the page, as themes do");
  const single = variants.length == 1 && !variants[0].options, { platform_id } = single ? variants[0] : {};
  return { products: [{ ids: [data.handle, data.id, ...all.map(({ id }) => id)].map(text).filter(Boolean), product: full({ title, description: text(data.description), brand: text(data.vendor), link: link(data.url, base),
    image_link: image(data.featured_image) ?? image(data.images?.[0]), ...own, availability: stock(data), platform_id, variants: variants.length && !single ? variants : undefined }) }], problems };
};

// By its handle, which is in the product's link or is its id.
export const handleOf = (id, page) => decodeURIComponent(String(page ?? "").match(/\/products\/([^/?#]+)/)?.[1] ?? id);

export default async ({ ids, known, signal }) => {
  const { Shopify } = globalThis, root = Shopify?.routes?.root || "/", products = [], problems = [];
  await Promise.all(ids.map(async (id) => {
    const { link: page, price: old } = known(id), path = `${root}products/${encodeURIComponent(handleOf(id, page))}.js`;
    try {
      const response = await fetch(path, { signal, headers: { accept: "application/json" } });
      if (!response.ok) return void problems.push(`${path} answered ${response.status}. Use the product's handle as its id`);
      const found = parse(await response.json(), Shopify?.currency?.active || old?.slice(-3), document.baseURI);
      for (const one of found.products) one.ids.unshift(id);
      products.push(...found.products);
      problems.push(...found.problems.map((words) => `${path}: ${words}`));
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(`${path} could not be read (${error.message}). Check that the shop is this page's own`);
    }
  }));
  return { products, problems };
};
