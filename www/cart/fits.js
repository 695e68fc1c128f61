// Whether the settings are what the decoder's table (src/config/table.rs) has for them. What is wrong, and what to use
// instead, is said by `vitrine-check.mjs`, which is loaded then.
const text = (value) => typeof value == "string" && value.length <= 5000;
const full = (value) => text(value) && value.trim() != "";
const link = (value) => text(value) && (!value.trim() || full(value) && !/[\u0000-\u001f\u007f\\]/.test(value.trim()) && !/^(?!https?:)[a-z][a-z\d+.-]*:/i.test(value.trim()));
const flag = (value) => typeof value == "boolean";
const object = (value) => value !== null && typeof value == "object" && !Array.isArray(value);
const texts = (value) => object(value) && Object.values(value).every((one) => one === null || text(one));
const own = (key) => /^(\$|x[_-])/.test(key);
const all = (kinds, needed = []) => (value) => object(value) && needed.every((key) => value[key] != null && kinds[key](value[key])) &&
  Object.entries(value).every(([key, one]) => own(key) || Object.hasOwn(kinds, key) && (one === null || kinds[key](one)));

const answer = all({ success: text, message: text, code: text, quantity: text, count: text, lines: text, line_id: text, line_product: text, line_quantity: text });
const request = (value) => all({ url: link, method: text, headers: texts, body: () => true, token_header: text, answer }, ["url"])(value) && full(value.url);
const platform = (value) => /^(page|shopify|woocommerce|http|bigcommerce|magento)$/.test(value);

export default (settings) => all({ platform, add: request, read: request, remove: request, update: request, url: link, checkout: link, headers: texts, token: text, sections: text, wishlist: flag, mini_cart: flag },
  settings?.platform == "http" ? ["add"] : [])(settings);
