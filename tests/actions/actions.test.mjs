// What dialogs of actions decide without a browser: whether an action fits, where its dialog is, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { place } from "../../www/actions.js";
import fits, { ACTIONS } from "../../www/actions/fits.js";
import words from "../../www/actions/words.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

test("an action fits where the decoder has no error", () => {
  const cases = JSON.parse(read("../config/table.json")).flatMap(({ name, set, problems }) => {
    const [[key, action] = []] = Object.entries(set || {}).filter(([key, value]) => /action$/.test(key) && ACTIONS.test(value?.type));
    const path = key?.slice(1).replace(/\/(\d+)/g, "[$1]").replaceAll("/", ".");
    return key ? [[name, action, !problems.some(([severity, at]) => severity == "error" && at.startsWith(path))]] : [];
  });
  assert.ok(cases.length >= 15, `${cases.length} cases`);
  for (const [name, action, right] of cases) assert.equal(fits(action), right, name);
});

test("a dialog is beside its hotspot, and never off the picture", () => {
  const room = { width: 960, height: 540 }, spot = (left, top) => ({ left, top, right: left + 90, bottom: top + 60 });
  assert.deepEqual(place(spot(100, 240), room), { class: "l", style: "left:202px;top:270px;--rise:50%" });
  assert.equal(place(spot(800, 240), room).class, "r");
  assert.equal(place(spot(440, 240), room, true).class, "r");
  assert.equal(place(spot(250, 240), { width: 600, height: 340 }).class, "n");
  assert.equal(place(undefined, room).class, "n");
  assert.equal(place(spot(100, 100), { width: 360, height: 200 }).class, "sheet");
  assert.equal(place(spot(100, 100), { width: 640, height: 360 }, false, 440).class, "sheet");
  for (const top of [-500, 0, 500, 2000]) {
    const [, y, rise] = place(spot(100, top), room).style.match(/top:([\d.]+)px;--rise:([\d.]+)%/).map(Number);
    assert.ok(y >= 0 && y <= room.height && rise >= 0 && rise <= 100, `${top}: ${y}, ${rise}`);
  }
});

test("every language says everything, and nothing of another's", () => {
  assert.deepEqual(Object.keys(words).sort(), ["ar", "de", "en", "es", "fr", "nl"]);
  const keys = Object.keys(words.en).sort(), docs = read("../../docs/embedding.md");
  for (const [tag, said] of Object.entries(words)) {
    assert.deepEqual(Object.keys(said).sort(), keys, tag);
    if (tag != "en") assert.deepEqual(keys.filter((key) => said[key] == words.en[key] || !said[key].trim()), [], tag);
  }
  assert.deepEqual(keys.filter((key) => !docs.includes("`" + key + "`")), []);
});
