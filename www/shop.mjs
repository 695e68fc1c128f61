// `vitrine-shop.mjs`: what of an overlay is not needed before its first hotspot.
import access from "./access.js";
import css from "./card.css";
import shop from "./shop.js";

const load = {
  // A browser may remember that an import failed, so each further try has an address of its own.
  list: (tries) => tries ? import(new URL("vitrine-list.mjs?" + tries, import.meta.url)) : import("./vitrine-list.mjs"),
  // Named one by one: bundlers follow only literals.
  words: {
    ar: () => import("./strings/ar.mjs"),
    de: () => import("./strings/de.mjs"),
    es: () => import("./strings/es.mjs"),
    fr: () => import("./strings/fr.mjs"),
    nl: () => import("./strings/nl.mjs"),
    en: async () => ({}),
  },
};

export default (Host, parts) => access(shop(Host, parts, css), parts, load);
