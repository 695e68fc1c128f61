// `vitrine-card.mjs`: the complete card, loaded by pages whose products have more than the plain one shows.
import css from "./card-full.css";
import card from "./card.js";

export default card(css);
