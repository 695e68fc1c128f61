// What a choice on the card means, and how many can be bought at once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fit } from "../../www/card-fits.js";
import { choices, clamp, dateAhead, limitsOf, optionsOf } from "../../www/card-options.js";

// `tan/S` can be bought, `tan/M!` is sold out.
const made = (...names) => names.map((name) => {
  const [color, size] = name.replace("!", "").split("/");
  return { raw: { options: size ? { color, size } : { color } }, available: !name.endsWith("!") };
});
const shown = (variants, chosen, product = {}) => choices(optionsOf(product, variants), variants, chosen)
  .map(({ name, values }) => name + ": " + values.map(({ label, variant, exists, chosen }) =>
    label + (chosen ? "*" : "") + (variant >= 0 ? variant : exists ? "!" : "-")).join(" "));

test("a value keeps what is chosen after it, where that can be bought", () => {
  const all = made("tan/S", "tan/M", "ink/S", "ink/M");
  assert.deepEqual(shown(all, 1), ["color: tan*1 ink3", "size: S0 M*1"]);
});

test("what is sold out for the options before it cannot be chosen", () => {
  const all = made("tan/S", "tan/M!", "ink/S!", "ink/M");
  // The other colour leads to the size that it has; the size of this colour that is sold out leads nowhere.
  assert.deepEqual(shown(all, 0), ["color: tan*0 ink3", "size: S*0 M!"]);
  assert.deepEqual(shown(all, 3), ["color: tan0 ink*3", "size: S! M*3"]);
});

test("a combination that the shop does not have is told from one that is sold out", () => {
  assert.deepEqual(shown(made("tan/S", "ink/M", "moss/S!"), 0), ["color: tan*0 ink1 moss!", "size: S*0 M-"]);
});

test("from every variant every other one that can be bought is reached", () => {
  // All patterns of what is sold out among three colours, two sizes.
  const names = ["a/S", "a/M", "b/S", "b/M", "c/S", "c/M"];
  for (let pattern = 1; pattern < 64; pattern++) {
    const all = made(...names.map((name, index) => name + (pattern >> index & 1 ? "" : "!")));
    const open = all.flatMap(({ available }, index) => available ? [index] : []);
    for (const start of open) {
      const reached = new Set([start]);
      for (const from of reached) {
        for (const { values } of choices(optionsOf({}, all), all, from)) for (const { variant } of values) if (variant >= 0) reached.add(variant);
      }
      assert.deepEqual([...reached].sort(), open, `${pattern} from ${start}`);
    }
  }
});

test("where all is sold out, nothing can be chosen", () => {
  assert.deepEqual(shown(made("tan!", "ink!"), 0), ["color: tan*! ink!"]);
});

test("a product gives its options their order, names and swatches", () => {
  const variants = made("tan/S", "ink/S");
  const product = { options: [{ name: "size", label: "Size", values: ["XL", "S"] },
    { name: "color", values: [{ value: "ink", label: "Ink blue", swatch: "#123" }, null, 7, { swatch: "red" }] }, { values: ["x"] }, null, { name: "length", values: ["long"] }] };
  // Neither a size nor an option that no variant has; a colour that only a variant names comes last.
  assert.deepEqual(JSON.parse(JSON.stringify(optionsOf(product, variants))), [
    { name: "size", label: "Size", values: [{ value: "S", label: "S" }] },
    { name: "color", label: "color", values: [{ value: "ink", label: "Ink blue", swatch: "#123" }, { value: "tan", label: "tan" }] },
  ]);
  for (const odd of [7, "x", {}, [7], [{ name: "a", values: 7 }]]) assert.equal(optionsOf({ options: odd }, variants).length, 2);
  assert.deepEqual(optionsOf({}, [{ raw: {} }, { raw: { options: { color: 7, size: " " } } }]), []);
});

test("a quantity is brought within the shop's limits", () => {
  const limits = (quantity, own) => limitsOf({ quantity }, own && { quantity: own });
  assert.deepEqual(limits(), { min: 1, step: 1, max: 999 });
  assert.deepEqual(limits({ min: 2, max: 9, step: 3 }), { min: 2, step: 3, max: 8 });
  assert.deepEqual(limits({ step: 6, max: 20 }), { min: 6, step: 6, max: 18 });
  assert.deepEqual(limits({ min: 5, max: 2 }), { min: 5, step: 1, max: 5 });
  assert.deepEqual(limits({ min: 0, max: 4.5, step: "2" }), { min: 1, step: 1, max: 999 });
  assert.deepEqual(limits({ min: 2, max: 9 }, { max: 3 }), { min: 2, step: 1, max: 3 });
  const by3 = { min: 2, step: 3, max: 8 };
  assert.deepEqual([-5, 0, 2, 3, 3.5, 3.6, 4, 5, 6.6, 8, 99, NaN, Infinity].map((wanted) => clamp(by3, wanted)), [2, 2, 2, 2, 2, 5, 5, 5, 8, 8, 8, 2, 2]);
});

test("a date is told until it has come", () => {
  const now = Date.parse("2026-05-04T09:00:00Z"), told = (text) => dateAhead(text, now)?.toISOString();
  assert.deepEqual([told("2026-05-12"), told("2026-05-04T10:00:00+00:00"), told("2026-05-04T08:00Z"), told("2026-05-03"), told("soon"), told("2026-02-31x"), told(7), told()],
    ["2026-05-12T00:00:00.000Z", "2026-05-04T10:00:00.000Z", undefined, undefined, undefined, undefined, undefined, undefined]);
});

test("what the card takes is what the decoder says is right", () => {
  const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
  const put = (file, pointer, value) => {
    const keys = pointer.split("/").slice(1), last = keys.pop(), parent = keys.reduce((one, key) => one?.[key], file);
    if (parent) value === undefined ? delete parent[last] : parent[last] = value;
  };
  // Fields that the core reads, and says itself.
  const core = /^products\[\d+\](\.(id|title|description|link|image_link|price|sale_price|availability|brand|item_group_id|platform_id|from)|(\.variants(\[\d+\](\.(id|options|price|sale_price|image_link|availability|platform_id).*)?)?))?$/;
  let seen = 0;
  for (const { name, file, set, remove, problems, others } of read("../config/table.json")) {
    const whole = file ?? read("../config/base.json");
    if (others || !whole || typeof whole != "object") continue;
    for (const pointer of file ? [] : remove || []) put(whole, pointer);
    for (const [pointer, value] of Object.entries(file ? {} : set || {})) put(whole, pointer, value);
    const wrong = problems.filter(([, path, words]) => path.startsWith("products[") && (!core.test(path) || /does not list/.test(words)) || path == "cart.wishlist");
    if (wrong.length || Object.keys(set || {}).some((pointer) => /products/.test(pointer))) seen++;
    assert.equal(fit(whole), !wrong.length, name + " " + wrong);
  }
  assert.ok(seen > 20, seen);
});
