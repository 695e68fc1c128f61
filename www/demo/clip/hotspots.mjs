// Writes where the products are into ../spring.hotspots.json, and ../media/spring.truth.json from the clip's own scene.
//   node hotspots.mjs            (--check: only compare, and fail when they differ)
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { DURATION, box, truth } from "./scene.js";

/** The farthest a hotspot may be from its product, in percent of the picture. */
const TOLERANCE = 0.3;

// What the hotspots share with the picture is only the product's name in scene.js.
const hotspots = [
  { id: "bag", product: "bag", start: 1, end: 9.6, shape: "polygon", interpolation: "catmull-rom",
    points: [[7, 2], [93, 2], [97, 60], [99, 88], [87, 99], [13, 99], [1, 88], [3, 60]] },
  { id: "sunglasses", product: "sunglasses", start: 6, end: 9.6, shape: "point", interpolation: "linear" },
  { id: "lamp", product: "lamp", start: 9.6, end: 18, shape: "rect", interpolation: "catmull-rom" },
  { id: "vase", product: "vase", start: 12, end: 18, shape: "ellipse", interpolation: "linear" },
  { id: "mug", product: "mug", start: 18, end: 23.9, shape: "ellipse", interpolation: "catmull-rom" },
];

const round = (value, digits) => Number(value.toFixed(digits));
/** A little before a cut, so that a keyframe on it does not belong to the next scene. */
const EARLIER = 1e-9;

function keyframes(hotspot, step) {
  const times = [];
  const count = Math.max(1, Math.round((hotspot.end - hotspot.start) / step));
  for (let i = 0; i <= count; i++) times.push(i === count ? hotspot.end : round(hotspot.start + i * step, 3));
  return times.map((time) => {
    const { x, y, w, h } = box(hotspot.product, time - (time === hotspot.end ? EARLIER : 0));
    const place = { time, x: round(x, 2), y: round(y, 2) };
    return hotspot.shape === "point" ? place : { ...place, w: round(w, 2), h: round(h, 2) };
  });
}

/** The place at `t`, by the overlay's rules: tangents over the neighbours' times, ends repeated. */
function placeAt(frames, interpolation, t) {
  const next = frames.findIndex((frame) => frame.time > t);
  if (next === 0) return frames[0];
  if (next < 0) return frames[frames.length - 1];
  const [p, q] = [frames[next - 1], frames[next]];
  const [o, r] = [frames[next - 2] ?? p, frames[next + 1] ?? q];
  const span = q.time - p.time;
  const u = (t - p.time) / span;
  const value = (key) => {
    if (interpolation === "linear") return p[key] + (q[key] - p[key]) * u;
    const leave = ((q[key] - o[key]) / (q.time - o.time)) * span;
    const arrive = ((r[key] - p[key]) / (r.time - p.time)) * span;
    return (2 * u ** 3 - 3 * u ** 2 + 1) * p[key] + (u ** 3 - 2 * u ** 2 + u) * leave + (3 * u ** 2 - 2 * u ** 3) * q[key] + (u ** 3 - u ** 2) * arrive;
  };
  return { x: value("x"), y: value("y"), w: value("w"), h: value("h") };
}

function worst(hotspot, frames) {
  let error = 0;
  for (let t = hotspot.start; t < hotspot.end - EARLIER; t += 0.004) {
    const real = box(hotspot.product, t);
    const shown = placeAt(frames, hotspot.interpolation, t);
    for (const key of hotspot.shape === "point" ? ["x", "y"] : ["x", "y", "w", "h"]) {
      error = Math.max(error, Math.abs(real[key] - shown[key]));
    }
  }
  return error;
}

const tracked = hotspots.map((hotspot) => {
  for (const step of [1, 0.8, 0.6, 0.4, 0.2, 0.12, 0.08, 0.04]) {
    const frames = keyframes(hotspot, step);
    const error = worst(hotspot, frames);
    if (error < TOLERANCE) {
      console.log(`${hotspot.id}: ${frames.length} keyframes, never more than ${error.toFixed(3)} % off`);
      return {
        id: hotspot.id,
        start: hotspot.start,
        end: hotspot.end,
        shape: hotspot.shape,
        ...(hotspot.points && { points: hotspot.points }),
        interpolation: hotspot.interpolation,
        keyframes: frames,
      };
    }
  }
  throw new Error(`${hotspot.id}: no spacing of keyframes stays within ${TOLERANCE} % of the picture`);
});

const demo = join(dirname(fileURLToPath(import.meta.url)), "..");
const read = async (path) => JSON.parse(await readFile(join(demo, path), "utf8"));
// Products, actions and all that does not move stand in the file itself.
const marked = await read("spring.hotspots.json");
const config = { ...marked, video: { ...marked.video, duration: DURATION },
  hotspots: marked.hotspots.map((hotspot) => ({ ...hotspot, ...tracked.find(({ id }) => id === hotspot.id) })) };

// The truth: at a couple of dozen times, each a frame's own, the box of every product on screen, by its
// hotspot's id.
const facts = [];
for (let tenth = 12; tenth < 240; tenth += 8) {
  const time = tenth / 10;
  const shown = Object.entries(truth(time)).flatMap(([product, { x, y, w, h }]) => {
    const hotspot = hotspots.find((candidate) => candidate.product === product);
    if (time < hotspot.start || time >= hotspot.end) return [];
    return [[hotspot.id, { product: `${product}-01`, x: round(x, 3), y: round(y, 3), w: round(w, 3), h: round(h, 3) }]];
  });
  if (shown.length) facts.push({ time, products: Object.fromEntries(shown) });
}

/** JSON with the small objects of numbers on one line each. */
const text = (value) => `${JSON.stringify(value, null, 2)
  .replace(/\{[^{}[\]]*?"(?:time|x|color)"[^{}[\]]*?\}/g, (small) => small.replace(/\s+/g, " "))
  .replace(/\[\s+(-?[\d.]+),\s+(-?[\d.]+)\s+\]/g, "[$1, $2]")}\n`;

for (const [path, value] of [["spring.hotspots.json", config], ["media/spring.truth.json", facts]]) {
  const same = isDeepStrictEqual(await read(path), JSON.parse(JSON.stringify(value)));
  if (same) continue;
  if (process.argv.includes("--check")) throw new Error(`${path} is not what the scene says: run node hotspots.mjs`);
  await writeFile(join(demo, path), text(value));
}
