// Every language says everything that English says, with the same blanks to fill, and in each of its plurals.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import test from "node:test";

const www = new URL("../../www/", import.meta.url);
const files = (await readdir(new URL("strings/", www))).filter((name) => /^\w\w\.js$/.test(name));
const languages = Object.fromEntries(await Promise.all(files.map(async (name) =>
  [name.slice(0, -3), (await import(new URL("strings/" + name, www))).default])));
// What only some pages load.
Object.assign(languages, { en: { ...languages.en, ...(await import(new URL("strings/later.js", www))).default } });
const isPlural = (key) => key.startsWith("count_");
const blanks = (text) => [...text.matchAll(/\{\w+\}/g)].join();

test("the languages that are promised are there", () => {
  assert.deepEqual(Object.keys(languages).sort(), ["ar", "de", "en", "es", "fr", "nl"]);
});

for (const [tag, words] of Object.entries(languages)) {
  test(`${tag} has the keys that English has`, () => {
    const plain = (object) => Object.keys(object).filter((key) => !isPlural(key)).sort();
    assert.deepEqual(plain(words), plain(languages.en));
    for (const key of plain(words)) {
      assert.ok(words[key].trim(), key);
      assert.equal(blanks(words[key]), blanks(languages.en[key]), key);
    }
  });

  test(`${tag} has each plural of the language, with its number`, () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    assert.deepEqual(Object.keys(words).filter(isPlural).sort(), pluralCategories.map((form) => "count_" + form).sort());
    for (const key of Object.keys(words).filter(isPlural)) assert.equal(blanks(words[key]), "{n}", key);
  });

  if (tag != "en") test(`${tag} is no copy of English`, () => {
    // Some words are the same in both.
    const same = Object.keys(words).filter((key) => words[key] == languages.en[key]);
    assert.ok(same.length < 3, same.join());
  });
}

test("the shop names every language but its own", async () => {
  const shop = await readFile(new URL("shop.mjs", www), "utf8");
  for (const tag of Object.keys(languages).filter((tag) => tag != "en")) {
    assert.match(shop, new RegExp(`${tag}: \\(\\) => import\\("./strings/${tag}.mjs"\\)`));
  }
});

test("docs/embedding.md lists every key", async () => {
  const docs = await readFile(new URL("../docs/embedding.md", www), "utf8");
  const keys = Object.keys(languages.en).filter((key) => !isPlural(key));
  assert.deepEqual(keys.filter((key) => !docs.includes("`" + key + "`")), []);
  assert.ok(docs.includes("`count_"));
});

for (const module of ["card-words", "cart-words"]) {
  const all = (await import(new URL(module + ".js", www))).default;
  test(`${module} says the same in every language`, () => {
    assert.deepEqual(Object.keys(all).sort(), Object.keys(languages).sort());
    for (const [tag, words] of Object.entries(all)) {
      assert.deepEqual(Object.keys(words).sort(), Object.keys(all.en).sort(), tag);
      for (const key of Object.keys(words)) {
        assert.ok(words[key].trim(), key);
        assert.deepEqual([...words[key].matchAll(/\{\w+\}/g)].join(), [...all.en[key].matchAll(/\{\w+\}/g)].join(), `${tag} ${key}`);
        assert.ok(!(key in languages.en), `${key} would replace another word`);
      }
      if (tag != "en") assert.ok(Object.keys(words).filter((key) => words[key] == all.en[key]).length < 3, tag);
    }
  });
}
