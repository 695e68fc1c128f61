// `vitrine-shop.mjs`: what of an overlay is not needed before its first hotspot.
import css from "./card.css";
import shop from "./shop.js";

export default (Host, parts) => shop(Host, parts, css);
