// Whether what the complete card shows of products is as the decoder's table (src/config/table.rs) has it. What is wrong, and
// what to use instead, is said by `vitrine-check.mjs`, which is loaded then.
const text = (value) => typeof value == "string" && value.length <= 5000;
const full = (value) => text(value) && value.trim() != "";
const link = (value) => text(value) && (!value.trim() || !/[\u0000-\u001f\u007f\\]/.test(value.trim()) && !/^(?!https?:)[a-z][a-z\d+.-]*:/i.test(value.trim()));
const object = (value) => value !== null && typeof value == "object" && !Array.isArray(value);
const own = (key) => /^(\$|x[_-])/.test(key);
const list = (most, fits) => (value) => Array.isArray(value) && value.length <= most && value.every(fits);
const all = (kinds, needed = []) => (value) => object(value) && needed.every((key) => value[key] != null && kinds[key](value[key])) &&
  Object.entries(value).every(([key, one]) => own(key) || Object.hasOwn(kinds, key) && (one === null || kinds[key](one)));
const number = (least) => (value) => Number.isFinite(value) && value >= least;
const whole = (value) => Number.isSafeInteger(value) && value >= 1;

// Read by the core, which has said what is wrong with them.
const said = (names) => Object.fromEntries(names.split(" ").map((name) => [name, () => true]));
const both = { additional_image_link: list(10, (one) => full(one) && link(one)), availability_date: text, availability_note: text, quantity: all({ min: whole, max: whole, step: whole }) };
const value = (one) => full(one) || all({ value: full, label: text, swatch: text, image_link: link }, ["value"])(one);
const product = all({ ...said("id title description link image_link price sale_price availability brand item_group_id platform_id from"), ...both, badge: text, rating: all({ value: number(0), count: number(0), best: whole }, ["value"]),
  options: list(10, all({ name: full, label: text, values: (values) => list(1000, value)(values) && values.length > 0 }, ["name", "values"])),
  variants: (list) => !Array.isArray(list) || list.every((one) => !object(one) || all({ ...said("id options price sale_price image_link availability platform_id"), ...both })(one)) });

const filled = (value) => typeof value == "string" && value.trim() ? value : undefined, array = (value) => Array.isArray(value) ? value : [];
// Whether variants have the options that their product lists, as src/config/choices.rs has it.
const agrees = ({ options, variants }) => array(options).every((option) => {
  const own = array(variants).map((one) => one?.options).filter(object), used = own.map((one) => filled(one[option?.name])).filter(Boolean);
  const values = array(option?.values).map((one) => filled(one?.value ?? one)).filter(Boolean);
  return !filled(option?.name) || !own.some((one) => Object.keys(one).length) || used.length > 0 && (!values.length || used.every((value) => values.includes(value)));
});

export const fit = ({ products, cart }) => (!Array.isArray(products) || products.every((one) => !object(one) || product(one) && agrees(one))) &&
  (cart?.wishlist == null || typeof cart.wishlist == "boolean");
