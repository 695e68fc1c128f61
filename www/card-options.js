// Which variant a viewer's choice of options means, and what can be chosen. Pure: `variants` are those of the overlay, each
// `{ raw, available }`, as `www/host.js` keeps them.

const text = (value) => typeof value == "string" && value.trim() ? value : undefined;
const list = (value) => Array.isArray(value) ? value : [];
const valueOf = (variant, name) => text(variant.raw.options?.[name]);

// The options of a product, `[{ name, label, values: [{ value, label, swatch, image_link }] }]`, in the order that it names
// them; then those that only its variants name. What no variant has is left out.
export const optionsOf = (product, variants) => {
  const options = new Map();
  const add = (name, label) => options.get(name) || options.set(name, { name, label: label || name, values: new Map() }).get(name);
  for (const option of list(product.options)) {
    const name = text(option?.name);
    if (!name) continue;
    const { values } = add(name, text(option.label));
    for (const one of list(option.values)) {
      const { value, ...more } = typeof one == "string" ? { value: one } : one || {};
      if (text(value) && !values.has(value)) values.set(value, { value, label: text(more.label) || value, swatch: text(more.swatch), image_link: text(more.image_link) });
    }
  }
  const used = new Set();
  for (const variant of variants) {
    for (const name of Object.keys(variant.raw.options || {})) {
      const value = valueOf(variant, name);
      if (!value) continue;
      const { values } = add(name);
      if (!values.has(value)) values.set(value, { value, label: value });
      used.add(JSON.stringify([name, value]));
    }
  }
  return [...options.values()].map(({ name, values, ...rest }) => ({ name, ...rest,
    values: [...values.values()].filter(({ value }) => used.has(JSON.stringify([name, value]))) })).filter(({ values }) => values.length);
};

// What each value of each option stands for, given the variant that is chosen. The options before it hold, those after it give way,
// so that every variant can be reached: a value means the variant that can be bought and keeps the most of what is chosen after it.
// `variant` is -1 where none can be bought; `exists` tells whether the shop has one at all.
export const choices = (options, variants, chosen) => options.map((option, depth) => {
  const current = variants[chosen];
  const fits = (variant) => options.slice(0, depth).every(({ name }) => !current || valueOf(variant, name) == valueOf(current, name));
  return { ...option, values: option.values.map((one) => {
    const same = variants.map((variant, index) => [variant, index]).filter(([variant]) => valueOf(variant, option.name) == one.value && fits(variant));
    const kept = (variant) => options.slice(depth + 1).map(({ name }) => current && valueOf(variant, name) == valueOf(current, name) ? "1" : "0").join("");
    const [best] = same.filter(([{ available }]) => available).sort(([a], [b]) => kept(a) < kept(b) ? 1 : kept(a) > kept(b) ? -1 : 0);
    return { ...one, exists: same.length > 0, variant: best ? best[1] : -1, chosen: !!current && valueOf(current, option.name) == one.value };
  }) };
});

// How many may be bought at once: `min`, then in steps of `step` up to `max`.
export const limitsOf = (product, variant) => {
  const whole = (value, least) => Number.isSafeInteger(value) && value >= least ? value : undefined;
  const pick = (key, least) => whole(variant?.quantity?.[key], least) ?? whole(product.quantity?.[key], least);
  const step = pick("step", 1) ?? 1, min = pick("min", 1) ?? step, most = Math.max(min, pick("max", 1) ?? 999);
  return { min, step, max: min + Math.floor((most - min) / step) * step };
};

// The nearest number that the limits allow; of two the smaller one.
export const clamp = ({ min, max, step }, wanted) => {
  if (!Number.isFinite(wanted)) return min;
  const steps = Math.ceil((wanted - min) / step - 0.5);
  return Math.min(max, Math.max(min, min + steps * step));
};

// When a product is back, or ships; nothing once that has passed. Google Merchant's form: ISO 8601.
export const dateAhead = (text, now) => {
  const date = new Date(typeof text == "string" && /^\d{4}-\d\d-\d\d(T[\d:.+Z-]+)?$/.test(text) ? text : NaN);
  return date > now ? date : undefined;
};

// How a product names the value of an option.
export const labelOf = (product, name, value) => {
  const option = list(product.options).find((one) => one?.name == name);
  return text(list(option?.values).find((one) => one?.value == value)?.label) || value;
};
