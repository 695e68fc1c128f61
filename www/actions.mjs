// `vitrine-actions.mjs`: what hotspots do other than sell; loaded by files that have such.
import css from "./actions.css";
import actions from "./actions.js";

export default actions(css);
