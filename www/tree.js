// Pieces of trees as `patch` in `www/host.js` takes them. The icons are Lucide's (ISC).
export const icon = (d) => ["svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": true }, ["path", { d }]];
export const CROSS = "M18 6 6 18M6 6l12 12", CHECK = "M20 6 9 17l-5-5",
  BAG = "M6 2 3 6v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V6l-3-4ZM3 6h18M16 10a4 4 0 0 1-8 0";

// For the ears alone.
export const aloud = (text) => ["span", { class: "sr" }, text + " "];
