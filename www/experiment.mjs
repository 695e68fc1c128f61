// `vitrine-experiment.mjs`: what a file with variants, or with products from elsewhere, is for this viewer; loaded before it is decoded.
import { resolve } from "./experiment.js";
import { uuid } from "./uuid.js";

const VIEWER = "vitrine:viewer", VARIANTS = "vitrine:variants";

// The file as this viewer shall see it, with its products.
export default async (file, video, options) => {
  const own = file.experiment?.variants ? draw(file, video, options) : file;
  return own.products?.from ? (await import("./vitrine-products.mjs")).resolve(own, options.signal) : own;
};

// The variant's file; the video has its source from here on.
const draw = (file, video, { consent }) => {
  const isKept = consent ? consent == "granted" : !navigator.globalPrivacyControl;
  let viewer, kept = {};
  try {
    if (consent != "denied") {
      viewer = localStorage.getItem(VIEWER);
      kept = JSON.parse(localStorage.getItem(VARIANTS)) || {};
    }
  } catch {}
  viewer ||= uuid(Date.now());
  const { id } = file.experiment, { file: own, variant, src } = resolve(file, viewer, kept[id]);
  if (!variant) return file;
  try {
    if (isKept) {
      localStorage.setItem(VIEWER, viewer);
      localStorage.setItem(VARIANTS, JSON.stringify({ ...kept, [id]: variant }));
    }
  } catch {}
  // The id that it was drawn for is the one that events have.
  own.experiment.x_viewer = viewer;
  if (src) {
    const plays = !video.paused;
    video.src = src;
    if (plays) video.play().catch(() => {});
  }
  return own;
};
