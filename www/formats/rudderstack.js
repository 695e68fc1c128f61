// RudderStack takes what Segment does.
export { default } from "./segment.js";
