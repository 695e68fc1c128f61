// What moves in the clip, and where: pure functions of the time, no drawing.
// The picture (draw.js), the hotspot file and the truth for the tests (hotspots.mjs) all come from here.

export const WIDTH = 1280;
export const HEIGHT = 720;
export const FPS = 30;
export const DURATION = 26;

/** The three scenes, cut hard from one to the next, on whole frames. */
export const SCENES = [
  { id: "morning", start: 0, end: 9.6 },
  { id: "dusk", start: 9.6, end: 18 },
  { id: "table", start: 18, end: 26 },
];

export const sceneAt = (t) => SCENES.find((scene) => t < scene.end) ?? SCENES[SCENES.length - 1];

const clamp = (x, low = 0, high = 1) => Math.min(high, Math.max(low, x));
const mix = (a, b, u) => a + (b - a) * u;
/** 0 to 1 with no speed at either end. */
export const smooth = (from, to, t) => {
  const u = clamp((t - from) / (to - from));
  return u * u * u * (u * (u * 6 - 15) + 10);
};
const ease = (u) => 0.5 - Math.cos(Math.PI * clamp(u)) / 2;

/** The camera at `t`: how far it has moved sideways and how close it is. */
export function camera(t) {
  const scene = sceneAt(t);
  const u = (t - scene.start) / (scene.end - scene.start);
  if (scene.id === "morning") {
    return { x: mix(-215, 170, mix(u, ease(u), 0.7)), y: 0, zoom: 1.02 };
  }
  if (scene.id === "dusk") {
    return { x: mix(46, -40, mix(u, ease(u), 0.5)), y: mix(-6, 14, u), zoom: mix(1, 1.14, mix(u, ease(u), 0.6)) };
  }
  return { x: 0, y: mix(10, -6, u), zoom: mix(1.1, 1.03, ease(u)) };
}

/** The transform of a layer: things at `depth` 1 move with the camera, nearer ones more, farther ones less. */
export function layer(t, depth = 1) {
  const { x, y, zoom } = camera(t);
  const k = 1 + (zoom - 1) * depth;
  return { k, dx: WIDTH / 2 - (WIDTH / 2 + x * depth) * k, dy: HEIGHT / 2 - (HEIGHT / 2 + y * depth) * k };
}

// The bag hangs from a peg and swings; the angle dies away slowly.
export const BAG = { peg: { x: 745, y: 128 }, drop: 346, scale: 1.12, half: { w: 150, h: 112 } };
export const bagAngle = (t) => (0.075 * Math.exp(-t / 9) + 0.012) * Math.sin((2 * Math.PI * (t + 0.35)) / 3.3);

// The bag's outline about its own centre (draw.js draws the same one).
export const BAG_OUTLINE = [
  [-128, -112], [128, -112], [141, -98], [150, 62], [146, 92], [112, 112], [-112, 112], [-146, 92], [-150, 62], [-141, -98],
];

export const GLASSES = { x: 1128, y: 458, scale: 1.14, depth: 1.12, half: { w: 104, h: 42 } };

export const LAMP = { x: 452, y: 378, scale: 1.12, depth: 1, half: { w: 130, h: 150 } };
/** How far the lamp is lit. */
export const lampLight = (t) => smooth(12.2, 13.9, t);

export const VASE = { y: 428, scale: 1.12, depth: 1.1, half: { w: 76, h: 118 } };
/** The vase's slab glides in from the right and comes to rest, then moves on by a little. */
export const vaseX = (t) => mix(1490, 872, smooth(9.7, 13.4, t)) - 34 * smooth(14.6, 17.6, t);

// The turntable, and the mug on it.
export const TABLE = { x: 640, y: 486, rx: 366, ry: 112, depth: 1 };
export const TURN = { start: 18, from: (196 * Math.PI) / 180, speed: (-27 * Math.PI) / 180 };
export const turn = (t) => TURN.from + TURN.speed * (t - TURN.start);
export const MUG = { radius: 0.7, rx: 66, ry: 18, height: 116, scale: 1.24, handle: { from: 56, out: 48, half: 36, y: 4, line: 15 } };

/** Where a thing on the turntable stands (its foot's centre), and its size there. */
export function onTable(angle, radius = MUG.radius) {
  return {
    x: TABLE.x + Math.cos(angle) * TABLE.rx * radius,
    y: TABLE.y + Math.sin(angle) * TABLE.ry * radius,
    scale: 1 + 0.13 * Math.sin(angle),
  };
}
/** The direction of the mug's handle, 0 to the right, a quarter turn towards us. */
export const mugSpin = (t) => turn(t) + 1.6;

/** How far a thing of the mug's handle sticks out, at `s` from its upper end (0) to its lower (1). */
export function mugHandle(spin, s) {
  const { from, out, half, y } = MUG.handle;
  const r = from + out * Math.sin(Math.PI * s) ** 0.62;
  return { x: r * Math.cos(spin), y: y - half + 2 * half * s + (r * Math.sin(spin) * MUG.ry) / MUG.rx };
}

/** The end card covers the picture from here on. */
export const endCard = (t) => smooth(23.9, 24.9, t);

function bounds(points) {
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function onScreen(t, depth, [left, top, right, bottom]) {
  const { k, dx, dy } = layer(t, depth);
  const percent = (low, high, all) => [((low + high) / 2 / all) * 100, ((high - low) / all) * 100];
  const [x, w] = percent(left * k + dx, right * k + dx, WIDTH);
  const [y, h] = percent(top * k + dy, bottom * k + dy, HEIGHT);
  return { x, y, w, h };
}

const upright = (at, half, depth) => (t) =>
  onScreen(t, depth, [at(t).x - half.w, at(t).y - half.h, at(t).x + half.w, at(t).y + half.h]);
const scaled = ({ half, scale }) => ({ w: half.w * scale, h: half.h * scale });

const BOXES = {
  bag(t) {
    const angle = bagAngle(t);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const { peg, drop, scale } = BAG;
    return onScreen(t, 1, bounds(BAG_OUTLINE.map(([x, y]) => {
      const [px, py] = [x * scale, y * scale + drop];
      return [peg.x + px * cos - py * sin, peg.y + px * sin + py * cos];
    })));
  },
  sunglasses: upright(() => GLASSES, scaled(GLASSES), GLASSES.depth),
  lamp: upright(() => LAMP, scaled(LAMP), LAMP.depth),
  vase: upright((t) => ({ x: vaseX(t), y: VASE.y }), scaled(VASE), VASE.depth),
  mug(t) {
    const foot = onTable(turn(t));
    const scale = foot.scale * MUG.scale;
    const line = MUG.handle.line / 2;
    const points = [[-MUG.rx, -MUG.height - MUG.ry], [MUG.rx, MUG.ry * 0.82]];
    for (let s = 0; s <= 1; s += 0.05) {
      const { x, y } = mugHandle(mugSpin(t), s);
      points.push([x - line, y - MUG.height / 2 - line], [x + line, y - MUG.height / 2 + line]);
    }
    const [left, top, right, bottom] = bounds(points);
    return onScreen(t, TABLE.depth, [foot.x + left * scale, foot.y + top * scale, foot.x + right * scale, foot.y + bottom * scale]);
  },
};

/** Which products the scene of `t` has. */
const CAST = { morning: ["bag", "sunglasses"], dusk: ["lamp", "vase"], table: ["mug"] };

/** The box of one product at `t`: its centre and size in percent of the picture. */
export const box = (product, t) => BOXES[product](t);

/** All products whose centre is in the picture at `t`, by name. */
export function truth(t) {
  const all = {};
  for (const product of CAST[sceneAt(t).id]) {
    const place = box(product, t);
    if (place.x > 0 && place.x < 100 && endCard(t) === 0) all[product] = place;
  }
  return all;
}
