// What a viewer chose, from page to page and from tab to tab.
import assert from "node:assert/strict";
import test from "node:test";

const KEY = "vitrine:choices";
let stored, full = false, forbidden = false;
globalThis.localStorage = {
  getItem: (key) => {
    if (forbidden) throw new Error("SecurityError");
    return key == KEY ? stored ?? null : null;
  },
  setItem: (key, text) => {
    if (full) throw new Error("QuotaExceededError");
    stored = text;
  },
};

// A page has a module of its own.
let pages = 0;
const page = async (state) => (await import(`../../www/choices.js?${++pages}`)).default(() => state());
const at = (value) => () => value;

test("what was chosen is known on the next page, where the viewer agrees", async () => {
  for (const [state, wanted] of [["granted", "steel"], ["required", undefined], ["denied", undefined], [undefined, undefined]]) {
    stored = undefined;
    const first = await page(at(state));
    first.set("poll a", "steel");
    assert.equal(first.get("poll a"), "steel", `${state}: on its own page`);
    assert.equal((await page(at("granted"))).get("poll a"), wanted, `${state}: on the next`);
  }
});

test("who agrees later has kept what was chosen before", async () => {
  stored = undefined;
  let state = "required";
  const first = await page(() => state);
  first.set("wish lamp", "saved");
  assert.equal(stored, undefined);
  state = "granted";
  first.get("anything");
  assert.equal((await page(at("granted"))).get("wish lamp"), "saved");
});

test("another tab's word is not undone", async () => {
  stored = undefined;
  const [one, other] = [await page(at("granted")), await page(at("granted"))];
  one.set("wish lamp", "saved");
  other.set("wish lamp", undefined);
  one.set("wish mug", "saved");
  assert.deepEqual([one.get("wish lamp"), other.get("wish mug")], [undefined, "saved"]);
});

test("storage that is broken, full or forbidden costs no more than the memory", async () => {
  for (const text of ["", "{", "null", "{}", "[1]", "[null]", "[[]]", "[[1,2]]", '["ab"]', '[["a","b","c"]]']) {
    stored = text;
    const first = await page(at("granted"));
    assert.equal(first.get("a"), undefined, text);
    first.set("b", "c");
    assert.deepEqual(JSON.parse(stored), [["b", "c"]], text);
  }
  full = true;
  const first = await page(at("granted"));
  first.set("d", "e");
  assert.equal(first.get("b"), "c");
  assert.equal(first.get("d"), "e");
  full = false;
  forbidden = true;
  const second = await page(at("granted"));
  second.set("d", "e");
  assert.equal(second.get("d"), "e");
  forbidden = false;
});

test("it never grows beyond its limit, and drops the oldest", async () => {
  stored = undefined;
  const first = await page(at("granted"));
  for (let index = 0; index < 300; index++) first.set("wish " + index, "saved");
  assert.equal(JSON.parse(stored).length, 200);
  assert.deepEqual([first.get("wish 99"), first.get("wish 100"), first.get("wish 299")], [undefined, "saved", "saved"]);
});
