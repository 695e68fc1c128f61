// The language of an overlay, and what of a hotspot file is text.

// What of an object of a hotspot file is text; a blank one counts as absent.
export const texts = (object) => Object.fromEntries(Object.entries(object || {}).filter(([, text]) =>
  typeof text == "string" && text.trim()));

const canonical = (tag) => {
  try {
    // `de_DE` is what content management systems often write.
    return Intl.getCanonicalLocales(tag.replaceAll("_", "-"))[0];
  } catch {}
};

// The hotspot file's language, else the nearest that the page names around its video, else English.
export const language = (config, video) => {
  let tag = canonical(config.locale);
  for (let node = video; node && !tag; node = node.parentNode || node.host) tag = node.lang && canonical(node.lang);
  return tag || "en";
};

// Languages that are written from the right. `Intl.Locale` knows, but not in Firefox:
// https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Intl/Locale/getTextInfo
export const isFromRight = (tag) => /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(tag);

// One of the plural forms of a text, with its number.
export const plural = (words, name, number, tag) =>
  (words[name + "_" + new Intl.PluralRules(tag).select(number)] || words[name + "_other"])
    .replace("{n}", () => new Intl.NumberFormat(tag).format(number));
