// `vitrine-cart.mjs`: the mini cart, loaded once something was added.
import css from "./cart.css";
import drawer from "./list.css";
import cart from "./cart.js";

export default cart(drawer + css);
