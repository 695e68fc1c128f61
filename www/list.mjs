// `vitrine-list.mjs`: the list of products, loaded when a viewer first reaches for it.
import css from "./list.css";
import list from "./list.js";

export default list(css);
