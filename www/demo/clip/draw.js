// Draws the clip's pictures and the products, on Canvas2D only.
import {
  WIDTH, HEIGHT, BAG, GLASSES, LAMP, VASE, TABLE, MUG, BAG_OUTLINE,
  sceneAt, layer, bagAngle, lampLight, vaseX, turn, onTable, mugSpin, mugHandle, endCard, smooth,
} from "./scene.js";

const TAU = Math.PI * 2;

// ---- small tools -----------------------------------------------------------------------------

const sheet = (w, h) => Object.assign(document.createElement("canvas"), { width: w, height: h });

/** The same "random" numbers in every run. */
function randomFrom(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let x = Math.imul(s ^ (s >>> 15), 1 | s);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const linear = (c, x0, y0, x1, y1, ...stops) => fill(c.createLinearGradient(x0, y0, x1, y1), stops);
const radial = (c, x, y, r0, r1, ...stops) => fill(c.createRadialGradient(x, y, r0, x, y, r1), stops);
function fill(gradient, stops) {
  stops.forEach((stop, i) => (Array.isArray(stop) ? gradient.addColorStop(...stop) : gradient.addColorStop(i / (stops.length - 1), stop)));
  return gradient;
}

function saved(c, work) {
  c.save();
  work();
  c.restore();
}

function ellipse(c, x, y, rx, ry, style) {
  c.beginPath();
  c.ellipse(x, y, Math.abs(rx), Math.abs(ry), 0, 0, TAU);
  c.fillStyle = style;
  c.fill();
}

/** A soft shadow on the ground. */
function pool(c, x, y, rx, ry, colour, alpha) {
  saved(c, () => {
    c.translate(x, y);
    c.scale(rx, ry);
    c.fillStyle = radial(c, 0, 0, 0, 1, [0, `rgba(${colour},${alpha})`], [0.35, `rgba(${colour},${alpha * 0.72})`], [0.7, `rgba(${colour},${alpha * 0.22})`], [1, `rgba(${colour},0)`]);
    c.fillRect(-1, -1, 2, 2);
  });
}

const once = new Map();
function kept(key, make) {
  if (!once.has(key)) once.set(key, make());
  return once.get(key);
}

/** Fine plaster or paper. */
const grain = (size, strength, seed) => kept(`grain${size},${strength},${seed}`, () => {
  const paper = sheet(size, size);
  const c = paper.getContext("2d");
  const image = c.createImageData(size, size);
  const random = randomFrom(seed);
  for (let i = 0; i < image.data.length; i += 4) {
    const v = random() + random() - 1;
    image.data[i] = image.data[i + 1] = image.data[i + 2] = v > 0 ? 255 : 0;
    image.data[i + 3] = Math.abs(v) * strength * 255;
  }
  c.putImageData(image, 0, 0);
  return paper;
});

function textured(c, strength, seed, x, y, w, h) {
  saved(c, () => {
    c.fillStyle = c.createPattern(grain(384, strength, seed), "repeat");
    c.fillRect(x, y, w, h);
  });
}

function world(c, t, depth, work) {
  const { k, dx, dy } = layer(t, depth);
  saved(c, () => {
    c.transform(k, 0, 0, k, dx, dy);
    work();
  });
}

/** A sprig: a bent stem with leaves in pairs, from (0,0) upwards. */
function sprig(c, { length, bend, pairs, leaf, width, stem, light, dark, sway = 0, flat = false }) {
  const at = (u) => [bend * length * u * u + sway * length * u * u, -length * u];
  saved(c, () => {
    c.lineCap = "round";
    c.strokeStyle = stem;
    c.lineWidth = Math.max(1.6, length * 0.012);
    c.beginPath();
    for (let u = 0; u <= 1.001; u += 0.05) c.lineTo(...at(u));
    c.stroke();
    for (let i = 0; i <= pairs; i++) {
      const u = 0.2 + (0.8 * i) / pairs;
      const [x, y] = at(u);
      const lean = Math.atan2(2 * (bend + sway) * u, 1);
      for (const side of i === pairs ? [0] : [-1, 1]) {
        saved(c, () => {
          c.translate(x, y + side * length * 0.012);
          c.rotate(lean + side * (1.02 - 0.42 * u) + sway * 2.4 * side);
          const l = leaf * (1.08 - 0.42 * u);
          const w = width * (1.08 - 0.34 * u);
          c.beginPath();
          c.moveTo(0, 0);
          c.bezierCurveTo(-w, -l * 0.3, -w * 0.8, -l * 0.8, 0, -l);
          c.bezierCurveTo(w * 0.8, -l * 0.8, w, -l * 0.3, 0, 0);
          c.fillStyle = flat ? dark : linear(c, -w, 0, w, -l * 0.4, light, dark);
          c.fill();
          if (!flat) {
            c.strokeStyle = "rgba(255,255,255,.2)";
            c.lineWidth = 0.9;
            c.beginPath();
            c.moveTo(0, -l * 0.05);
            c.lineTo(0, -l * 0.9);
            c.stroke();
          }
        });
      }
    }
  });
}

/** Sunlight through a window with leaves before it: a shade to multiply over the wall, drawn small and so soft. */
function gobo(c, t, { shade, panes, x, y, w, h, skew, leaves, area }) {
  const SMALL = 5;
  const [ax, ay, aw, ah] = area;
  const small = kept(`gobo${shade}${x}`, () => sheet(Math.ceil(aw / SMALL), Math.ceil(ah / SMALL)));
  const g = small.getContext("2d");
  g.setTransform(1, 0, 0, 1, 0, 0);
  g.globalCompositeOperation = "source-over";
  g.filter = "none";
  g.clearRect(0, 0, small.width, small.height);
  g.fillStyle = shade;
  g.fillRect(0, 0, small.width, small.height);
  g.setTransform(1 / SMALL, 0, 0, 1 / SMALL, -ax / SMALL, -ay / SMALL);
  g.globalCompositeOperation = "destination-out";
  g.filter = "blur(2.2px)";
  g.fillStyle = "#000";
  const [cols, rows] = panes;
  g.beginPath();
  for (let i = 0; i < cols; i++) {
    for (let j = 0; j < rows; j++) {
      const [pw, ph] = [w / cols, h / rows];
      const corner = (u, v) => [x + (i + u) * pw + ((j + v) / rows) * skew * 0.5, y + (j + v) * ph + ((i + u) / cols) * skew * 0.34];
      [corner(0.055, 0.05), corner(0.945, 0.05), corner(0.945, 0.95), corner(0.055, 0.95)].forEach((p, n) => (n ? g.lineTo(...p) : g.moveTo(...p)));
      g.closePath();
    }
  }
  g.fill();
  g.filter = "blur(1.5px)";
  g.globalCompositeOperation = "source-over";
  for (const [lx, ly, turned, length, phase] of leaves) {
    saved(g, () => {
      g.translate(lx, ly);
      g.rotate(turned + 0.02 * Math.sin(t * 0.7 + phase));
      g.globalAlpha = 0.82;
      sprig(g, { length, bend: 0.18, pairs: 7, leaf: length * 0.24, width: length * 0.035, stem: shade, dark: shade, sway: 0.03 * Math.sin(t * 0.9 + phase), flat: true });
    });
  }
  saved(c, () => {
    c.globalCompositeOperation = "multiply";
    c.imageSmoothingQuality = "high";
    c.drawImage(small, ax, ay, aw, ah);
  });
}

/** A thing drawn once as one flat, blurred colour. */
const silhouette = (key, w, h, blur, colour, paint) => kept(`s${key}`, () => {
  const flat = sheet(w, h);
  const f = flat.getContext("2d");
  f.translate(w / 2, h / 2);
  paint(f);
  f.setTransform(1, 0, 0, 1, 0, 0);
  f.globalCompositeOperation = "source-in";
  f.fillStyle = colour;
  f.fillRect(0, 0, w, h);
  const soft = sheet(w, h);
  const s = soft.getContext("2d");
  s.filter = `blur(${blur}px)`;
  s.drawImage(flat, 0, 0);
  return soft;
});

// ---- the products, each about its own centre -------------------------------------------------

const LEATHER = {
  tan: { light: "#cf8a52", mid: "#b06a37", dark: "#7c4522", deep: "#5a2f15", thread: "#efcf9f" },
  moss: { light: "#8c9071", mid: "#686d4e", dark: "#454a33", deep: "#2e3222", thread: "#d8d6b4" },
  ink: { light: "#55565e", mid: "#383941", dark: "#232329", deep: "#131317", thread: "#8d8e97" },
};
const BRASS = ["#f6e3ad", "#d3a955", "#8f6a2a"];

function rounded(c, points, radii) {
  c.beginPath();
  const n = points.length;
  points.forEach((p, i) => {
    const before = points[(i + n - 1) % n];
    if (!i) c.moveTo((before[0] + p[0]) / 2, (before[1] + p[1]) / 2);
    c.arcTo(p[0], p[1], points[(i + 1) % n][0], points[(i + 1) % n][1], radii[i]);
  });
  c.closePath();
}

const bagBody = (c) => rounded(c, [[-131, -112], [131, -112], [152, 112], [-152, 112]], [20, 20, 46, 46]);
function bagFlap(c, inset = 0) {
  c.beginPath();
  c.moveTo(-130 + inset, -112 + inset);
  c.lineTo(130 - inset, -112 + inset);
  c.quadraticCurveTo(141 - inset, -110 + inset, 141 - inset, -96 + inset);
  c.bezierCurveTo(147 - inset, -14, 118 - inset, 42 - inset, 0, 44 - inset);
  c.bezierCurveTo(-118 + inset, 42 - inset, -147 + inset, -14, -141 + inset, -96 + inset);
  c.quadraticCurveTo(-141 + inset, -110 + inset, -130 + inset, -112 + inset);
  c.closePath();
}

export function drawBag(c, colour = "tan") {
  const skin = LEATHER[colour];
  saved(c, () => {
    bagBody(c);
    c.fillStyle = linear(c, -150, -40, 160, 90, skin.light, skin.mid, skin.dark);
    c.fill();
    c.clip();
    c.fillStyle = linear(c, 0, 20, 0, 116, [0, "rgba(0,0,0,0)"], [0.7, "rgba(20,8,0,.16)"], [1, "rgba(20,8,0,.48)"]);
    c.fillRect(-160, -120, 320, 240);
    // The gussets at both sides.
    c.fillStyle = linear(c, 150, 0, 118, 0, "rgba(20,8,0,.5)", "rgba(20,8,0,0)");
    c.fillRect(110, -120, 50, 240);
    c.fillStyle = linear(c, -152, 0, -136, 0, "rgba(255,236,205,.38)", "rgba(255,236,205,0)");
    c.fillRect(-156, -120, 30, 240);
    // The flap's shadow.
    c.filter = "blur(7px)";
    saved(c, () => {
      c.translate(4, 13);
      bagFlap(c);
      c.fillStyle = "rgba(25,9,0,.62)";
      c.fill();
    });
  });
  saved(c, () => {
    // A seam along the foot.
    bagBody(c);
    c.clip();
    c.strokeStyle = skin.thread;
    c.globalAlpha = 0.55;
    c.lineWidth = 1.5;
    c.setLineDash([6, 4.6]);
    rounded(c, [[-121, -100], [121, -100], [141, 102], [-141, 102]], [16, 16, 38, 38]);
    c.stroke();
  });
  saved(c, () => {
    bagFlap(c);
    c.fillStyle = linear(c, -130, -112, 96, 60, [0, skin.light], [0.42, skin.mid], [1, skin.dark]);
    c.fill();
    c.clip();
    // Light that rolls over the top edge, and the sheen of the hide.
    c.fillStyle = linear(c, 0, -112, 0, -78, "rgba(255,238,214,.44)", "rgba(255,238,214,0)");
    c.fillRect(-160, -120, 320, 50);
    c.fillStyle = radial(c, -62, -52, 0, 130, "rgba(255,232,200,.26)", "rgba(255,232,200,0)");
    c.fillRect(-160, -120, 320, 200);
    textured(c, 0.13, 5, -160, -120, 320, 240);
    bagFlap(c);
    c.lineWidth = 5;
    c.strokeStyle = skin.deep;
    c.globalAlpha = 0.5;
    c.stroke();
    c.globalAlpha = 0.72;
    c.lineWidth = 1.6;
    c.setLineDash([6, 4.6]);
    c.strokeStyle = skin.thread;
    bagFlap(c, 10);
    c.stroke();
  });
  // The clasp: a tab of leather and a turn of brass.
  saved(c, () => {
    c.shadowColor = "rgba(20,6,0,.5)";
    c.shadowBlur = 7;
    c.shadowOffsetY = 3;
    c.beginPath();
    c.roundRect(-25, 8, 50, 66, [8, 8, 24, 24]);
    c.fillStyle = linear(c, -25, 8, 25, 74, skin.light, skin.dark);
    c.fill();
  });
  saved(c, () => {
    c.beginPath();
    c.roundRect(-20, 13, 40, 56, [6, 6, 20, 20]);
    c.strokeStyle = skin.thread;
    c.globalAlpha = 0.6;
    c.lineWidth = 1.3;
    c.setLineDash([5, 4]);
    c.stroke();
  });
  saved(c, () => {
    c.shadowColor = "rgba(20,6,0,.6)";
    c.shadowBlur = 5;
    c.shadowOffsetY = 2;
    ellipse(c, 0, 43, 13, 13, linear(c, -12, 30, 12, 56, ...BRASS));
    c.shadowColor = "transparent";
    ellipse(c, 0, 43, 9.5, 9.5, linear(c, -9, 52, 9, 33, ...BRASS));
    c.beginPath();
    c.roundRect(-3.4, 33.5, 6.8, 19, 3.4);
    c.fillStyle = linear(c, -3, 34, 4, 52, ...BRASS);
    c.fill();
  });
  for (const side of [-1, 1]) {
    saved(c, () => {
      c.translate(side * 119, -112);
      c.beginPath();
      c.roundRect(-11, -5, 22, 26, [3, 3, 9, 9]);
      c.fillStyle = linear(c, -11, 0, 11, 20, skin.mid, skin.dark);
      c.fill();
      c.lineWidth = 4.4;
      c.strokeStyle = linear(c, -10, -16, 10, 4, ...BRASS);
      c.beginPath();
      c.ellipse(0, -7, 9, 10, 0, 0, TAU);
      c.stroke();
    });
  }
}

/** The strap, from both rings up to `(0, top)`: pulled to a point by a peg, or standing in an arch. */
export function drawStrap(c, top, colour = "tan", arch = false) {
  const spread = 13;
  const skin = LEATHER[colour];
  if (arch) {
    c.lineCap = "round";
    for (const [width, style] of [[14, skin.deep], [11.4, linear(c, -119, top, 119, top + 60, skin.light, skin.mid, skin.dark)]]) {
      c.beginPath();
      c.moveTo(-119, -124);
      c.bezierCurveTo(-119, top - 30, 119, top - 30, 119, -124);
      c.lineWidth = width;
      c.strokeStyle = style;
      c.stroke();
    }
    return;
  }
  for (const side of [1, -1]) {
    c.lineCap = "round";
    for (const [width, style] of [[13, skin.deep], [10.5, linear(c, 0, top, 0, -112, side < 0 ? skin.light : skin.mid, side < 0 ? skin.mid : skin.dark)]]) {
      c.beginPath();
      c.moveTo(side * 119, -124);
      c.bezierCurveTo(side * 112, -210, side * (spread + 16), top + 80, side * spread, top + 8);
      c.quadraticCurveTo(side * spread * 0.9, top - 3, 0, top - 4);
      c.lineWidth = width;
      c.strokeStyle = style;
      c.stroke();
    }
  }
}

export function drawGlasses(c) {
  const lens = (side) => {
    c.beginPath();
    c.moveTo(side * 16, -20);
    c.bezierCurveTo(side * 26, -36, side * 78, -38, side * 93, -27);
    c.bezierCurveTo(side * 101, -10, side * 92, 34, side * 56, 35);
    c.bezierCurveTo(side * 26, 35, side * 12, 8, side * 16, -20);
    c.closePath();
  };
  // The folded temples behind.
  saved(c, () => {
    c.lineCap = "round";
    for (const [y, shade] of [[-15, "#4b2813"], [-9, "#6d3d1c"]]) {
      c.strokeStyle = shade;
      c.lineWidth = 6;
      c.beginPath();
      c.moveTo(-88, y - 6);
      c.quadraticCurveTo(0, y + 8, 86, y + 10);
      c.stroke();
    }
  });
  for (const side of [-1, 1]) {
    saved(c, () => {
      lens(side);
      c.fillStyle = linear(c, 0, -34, 0, 36, "rgba(44,48,36,.95)", "rgba(92,88,58,.9)", "rgba(168,148,98,.8)");
      c.fill();
      c.clip();
      c.fillStyle = linear(c, side * 54 - 44, -34, side * 54 + 30, 34, [0, "rgba(255,255,255,0)"], [0.3, "rgba(255,250,235,.05)"], [0.31, "rgba(255,250,235,.34)"], [0.43, "rgba(255,250,235,.26)"], [0.44, "rgba(255,250,235,0)"], [0.5, "rgba(255,250,235,.2)"], [0.54, "rgba(255,250,235,0)"]);
      c.fillRect(-110, -50, 220, 100);
    });
  }
  // The frame: tortoise, with a rim of light on its upper edge.
  const tortoise = kept("tortoise", () => {
    const paper = sheet(256, 128);
    const p = paper.getContext("2d");
    p.fillStyle = "#8a4f22";
    p.fillRect(0, 0, 256, 128);
    const random = randomFrom(21);
    p.filter = "blur(2px)";
    for (let i = 0; i < 90; i++) {
      ellipse(p, random() * 256, random() * 128, 5 + random() * 14, 3 + random() * 7, ["#3a1c0c", "#4f2810", "#b9752f", "#c98a3f"][i & 3]);
    }
    return paper;
  });
  saved(c, () => {
    c.lineJoin = "round";
    const frame = (width, style) => {
      c.lineWidth = width;
      c.strokeStyle = style;
      for (const side of [-1, 1]) {
        lens(side);
        c.stroke();
      }
      c.beginPath();
      c.moveTo(-17, -15);
      c.quadraticCurveTo(0, -26, 17, -15);
      c.stroke();
      for (const side of [-1, 1]) {
        c.beginPath();
        c.moveTo(side * 90, -27);
        c.lineTo(side * 100, -30);
        c.stroke();
      }
    };
    c.lineCap = "round";
    frame(12, "#2c1508");
    const pattern = c.createPattern(tortoise, "repeat");
    frame(9.5, pattern);
    c.translate(-0.8, -2.4);
    frame(1.5, "rgba(255,226,180,.55)");
  });
  for (const side of [-1, 1]) ellipse(c, side * 98, -29.5, 2.6, 2.1, BRASS[0]);
}

export function drawLamp(c, lit) {
  const warm = (cold, hot) => mixed(cold, hot, lit);
  // Foot and stem: turned ash, or painted; here a soft clay.
  saved(c, () => {
    c.beginPath();
    c.moveTo(-24, -52);
    c.bezierCurveTo(-26, 40, -34, 82, -82, 128);
    c.bezierCurveTo(-92, 140, -66, 150, 0, 150);
    c.bezierCurveTo(66, 150, 92, 140, 82, 128);
    c.bezierCurveTo(34, 82, 26, 40, 24, -52);
    c.closePath();
    c.fillStyle = linear(c, -70, 0, 80, 0, [0, warm("#d9cbb4", "#a08060")], [0.32, warm("#f6efe2", "#d0a878")], [0.58, warm("#e2d5c0", "#a87c54")], [1, warm("#a3937c", "#5d4330")]);
    c.fill();
    c.clip();
    c.fillStyle = linear(c, 0, -60, 0, 60, `rgba(${lit > 0.05 ? "255,196,120" : "70,52,36"},${0.34 + 0.3 * lit})`, "rgba(70,52,36,0)");
    c.fillRect(-100, -60, 200, 140);
    c.fillStyle = linear(c, 0, 118, 0, 152, "rgba(60,40,24,0)", "rgba(60,40,24,.36)");
    c.fillRect(-100, 110, 200, 50);
  });
  // The shade's inside, seen from a little below its edge.
  ellipse(c, 0, -44, 129, 21, linear(c, 0, -64, 0, -22, warm("#b9ad9a", "#ffdf9f"), warm("#9b8f7d", "#ffc46f")));
  saved(c, () => {
    c.beginPath();
    c.moveTo(-130, -46);
    c.bezierCurveTo(-130, -112, -76, -150, 0, -150);
    c.bezierCurveTo(76, -150, 130, -112, 130, -46);
    c.bezierCurveTo(122, -27, 60, -25, 0, -25);
    c.bezierCurveTo(-60, -25, -122, -27, -130, -46);
    c.closePath();
    c.fillStyle = linear(c, -120, -130, 126, -30, [0, warm("#fffdf8", "#ffe9bf")], [0.34, warm("#f7f0e4", "#fff0cf")], [0.66, warm("#e2d7c6", "#ffdca0")], [1, warm("#b4a690", "#eea758")]);
    c.fill();
    c.clip();
    if (lit > 0) {
      c.globalAlpha = lit;
      c.fillStyle = radial(c, 0, -66, 6, 120, "rgba(255,252,236,1)", "rgba(255,236,186,.7)", "rgba(255,206,132,0)");
      c.fillRect(-140, -160, 280, 150);
      c.globalAlpha = 1;
    }
    c.fillStyle = linear(c, 0, -58, 0, -24, "rgba(94,74,52,0)", `rgba(94,74,52,${0.26 - 0.14 * lit})`);
    c.fillRect(-140, -60, 280, 40);
    saved(c, () => {
      c.translate(-62, -108);
      c.rotate(-0.52);
      c.filter = "blur(5px)";
      ellipse(c, 0, 0, 40, 9, `rgba(255,255,255,${0.85 - 0.45 * lit})`);
    });
  });
  c.lineCap = "round";
  c.lineWidth = 2;
  c.strokeStyle = `rgba(255,255,255,${0.5 - 0.2 * lit})`;
  c.beginPath();
  c.moveTo(-128, -62);
  c.bezierCurveTo(-120, -116, -74, -148, 0, -148.6);
  c.stroke();
}

function mixed(a, b, u) {
  const rgb = (s) => [1, 3, 5].map((i) => parseInt(s.slice(i, i + 2), 16));
  const [p, q] = [rgb(a), rgb(b)];
  return `rgb(${p.map((v, i) => Math.round(v + (q[i] - v) * u)).join(",")})`;
}

function vasePath(c) {
  c.beginPath();
  c.moveTo(-25, -112);
  c.bezierCurveTo(-20, -92, -19, -74, -26, -56);
  c.bezierCurveTo(-40, -26, -76, -6, -76, 42);
  c.bezierCurveTo(-76, 84, -54, 112, -38, 115);
  c.quadraticCurveTo(0, 121, 38, 115);
  c.bezierCurveTo(54, 112, 76, 84, 76, 42);
  c.bezierCurveTo(76, -6, 40, -26, 26, -56);
  c.bezierCurveTo(19, -74, 20, -92, 25, -112);
  c.quadraticCurveTo(0, -122, -25, -112);
  c.closePath();
}

export function drawVase(c) {
  saved(c, () => {
    vasePath(c);
    c.fillStyle = linear(c, -76, 0, 78, 0, [0, "#cdbda3"], [0.28, "#f1e6d3"], [0.6, "#d5c4a9"], [1, "#8d7c64"]);
    c.fill();
    c.clip();
    // The glaze runs down in a tide line.
    c.beginPath();
    c.moveTo(-90, -130);
    c.lineTo(90, -130);
    c.lineTo(90, 26);
    c.bezierCurveTo(60, 14, 44, 52, 16, 46);
    c.bezierCurveTo(-8, 40, -22, 62, -44, 56);
    c.bezierCurveTo(-62, 52, -74, 34, -90, 40);
    c.closePath();
    c.fillStyle = linear(c, -76, 0, 78, 0, [0, "#40707a"], [0.27, "#8fb9b8"], [0.52, "#4b7d85"], [1, "#17343f"]);
    c.fill();
    c.lineWidth = 3;
    c.strokeStyle = "rgba(226,238,228,.5)";
    c.stroke();
    c.fillStyle = linear(c, 0, -20, 0, 60, "rgba(12,40,54,0)", "rgba(12,40,54,.34)");
    c.fill();
    const random = randomFrom(9);
    for (let i = 0; i < 150; i++) {
      const x = (random() * 2 - 1) * 72;
      const y = random() * 230 - 112;
      ellipse(c, x, y, 0.7 + random() * 0.9, 0.7 + random() * 0.7, y > 44 ? "rgba(92,64,38,.42)" : "rgba(226,240,232,.3)");
    }
    c.fillStyle = linear(c, 0, 70, 0, 120, "rgba(40,26,14,0)", "rgba(40,26,14,.42)");
    c.fillRect(-80, 60, 160, 70);
    saved(c, () => {
      c.filter = "blur(4px)";
      c.translate(-40, 16);
      c.rotate(0.3);
      ellipse(c, 0, 0, 7.5, 32, "rgba(255,255,255,.62)");
    });
    c.lineWidth = 3;
    c.strokeStyle = "rgba(255,255,255,.2)";
    vasePath(c);
    c.stroke();
  });
  ellipse(c, 0, -113, 25, 5.4, "#5f939a");
  ellipse(c, 0, -112.6, 20, 3.8, "#10272f");
}

const GLAZE = {
  oat: { light: "#f7efe0", mid: "#e5d8c2", dark: "#a8967b", speck: "rgba(98,70,44,.55)", inside: ["#cbbb9f", "#efe4d0"] },
  ink: { light: "#5d7388", mid: "#354a5f", dark: "#16222f", speck: "rgba(210,224,236,.5)", inside: ["#16222f", "#46596c"] },
};

/** A mug whose foot's centre is at (0,0), its handle turned to `spin`. */
export function drawMug(c, spin, glaze = "oat") {
  const { rx, ry, height } = MUG;
  const skin = GLAZE[glaze];
  const front = Math.sin(spin) > 0;
  const handle = () => saved(c, () => {
    c.translate(0, -height / 2);
    c.lineCap = "round";
    c.lineJoin = "round";
    const side = Math.cos(spin);
    const stroke = (width, style, dx = 0, dy = 0) => {
      c.lineWidth = width;
      c.strokeStyle = style;
      c.beginPath();
      for (let s = 0; s <= 1.001; s += 0.025) {
        const { x, y } = mugHandle(spin, Math.min(1, s));
        c.lineTo(x + dx, y + dy);
      }
      c.stroke();
    };
    stroke(MUG.handle.line, side > 0.2 ? skin.dark : mixed(skin.mid, skin.dark, 0.55));
    stroke(MUG.handle.line - 4.5, side > 0.2 ? mixed(skin.mid, skin.dark, 0.42) : skin.mid, -1, -1);
    stroke(2.6, "rgba(255,255,255,.42)", -3.2, -3);
  });
  if (!front) handle();
  const body = () => {
    c.beginPath();
    c.moveTo(-rx, -height);
    c.lineTo(-rx, -18);
    c.bezierCurveTo(-rx, 4, -rx * 0.72, ry * 0.8, 0, ry * 0.82);
    c.bezierCurveTo(rx * 0.72, ry * 0.8, rx, 4, rx, -18);
    c.lineTo(rx, -height);
    c.ellipse(0, -height, rx, ry, 0, 0, Math.PI);
    c.closePath();
  };
  saved(c, () => {
    body();
    c.fillStyle = linear(c, -rx, 0, rx, 0, [0, skin.mid], [0.24, skin.light], [0.55, skin.mid], [1, skin.dark]);
    c.fill();
    c.clip();
    // Bare clay at the foot, under a wavy edge that turns with the mug.
    c.beginPath();
    c.moveTo(-rx - 4, 40);
    for (let i = -20; i <= 20; i++) {
      const a = Math.asin(i / 20);
      const edge = Math.sin(3 * (a - spin)) * 2.6 + Math.sin(5 * (a - spin) + 1) * 1.6;
      c.lineTo((i / 20) * (rx + 1), -27 + Math.cos(a) * ry * 0.86 + edge);
    }
    c.lineTo(rx + 4, 40);
    c.closePath();
    c.fillStyle = linear(c, -rx, 0, rx, 0, [0, "#a86f4c"], [0.25, "#cf966c"], [0.6, "#a56b47"], [1, "#5e3720"]);
    c.fill();
    const random = randomFrom(4);
    for (let i = 0; i < 120; i++) {
      const a = random() * TAU + spin;
      const y = -height + 12 + random() * (height - 44);
      const size = 0.8 + random() * 1.3;
      if (Math.sin(a) > 0.05) ellipse(c, Math.cos(a) * rx, y + Math.sin(a) * ry, size * Math.max(0.25, Math.sin(a)), size, skin.speck);
    }
    c.fillStyle = linear(c, 0, -20, 0, ry, "rgba(40,20,8,0)", "rgba(40,20,8,.34)");
    c.fillRect(-80, -20, 160, 50);
    saved(c, () => {
      c.filter = "blur(3px)";
      ellipse(c, -rx * 0.56, -height * 0.54, 5, 30, "rgba(255,255,255,.55)");
    });
  });
  ellipse(c, 0, -height, rx, ry, linear(c, -rx, 0, rx, 0, skin.mid, skin.light, skin.mid));
  ellipse(c, 0, -height + 0.8, rx - 5, ry - 3.2, linear(c, -rx, 0, rx, 0, skin.inside[0], skin.inside[1]));
  saved(c, () => {
    c.beginPath();
    c.ellipse(0, -height + 0.8, rx - 5, ry - 3.2, 0, 0, TAU);
    c.clip();
    ellipse(c, 0, -height + 11, rx - 8, ry - 4, linear(c, -40, -height, 50, -height + 10, "#6a4327", "#4b2c18"));
    ellipse(c, -18, -height + 8, 22, 3, "rgba(255,222,180,.2)");
  });
  if (front) handle();
}

// ---- furniture -------------------------------------------------------------------------------

function cylinder(c, x, top, rx, ry, height, [light, mid, dark], face) {
  c.beginPath();
  c.moveTo(x - rx, top);
  c.lineTo(x - rx, top + height);
  c.ellipse(x, top + height, rx, ry, 0, Math.PI, 0, true);
  c.lineTo(x + rx, top);
  c.closePath();
  c.fillStyle = linear(c, x - rx, 0, x + rx, 0, [0, mid], [0.2, light], [0.52, mid], [1, dark]);
  c.fill();
  ellipse(c, x, top, rx, ry, face);
  c.lineWidth = 1.6;
  c.strokeStyle = "rgba(255,255,255,.36)";
  c.beginPath();
  c.ellipse(x, top + 0.5, rx - 0.5, ry, 0, 0.25, Math.PI - 0.1);
  c.stroke();
}

function ball(c, x, y, r, light, mid, dark) {
  const g = c.createRadialGradient(x - r * 0.38, y - r * 0.42, r * 0.06, x, y, r * 1.06);
  fill(g, [light, mid, dark]);
  ellipse(c, x, y, r, r, g);
}

// ---- the scenes ------------------------------------------------------------------------------

function morning(c, t) {
  world(c, t, 0.72, () => {
    c.fillStyle = linear(c, -300, 0, 1600, 500, "#f1e4d1", "#e8d5bc", "#d9bf9f");
    c.fillRect(-500, -100, 2400, 900);
    // An arched niche, lit from the left.
    const arch = (x, y, w, h) => {
      c.beginPath();
      c.moveTo(x - w / 2, y + h);
      c.lineTo(x - w / 2, y + w / 2);
      c.arc(x, y + w / 2, w / 2, Math.PI, 0);
      c.lineTo(x + w / 2, y + h);
      c.closePath();
    };
    saved(c, () => {
      arch(1080, 176, 330, 470);
      c.fillStyle = linear(c, 915, 0, 1245, 0, "#b08d68", "#cfae88", "#dcc09c");
      c.fill();
      c.clip();
      c.filter = "blur(12px)";
      c.translate(34, 18);
      arch(1080, 176, 330, 520);
      c.lineWidth = 70;
      c.strokeStyle = "rgba(104,68,40,.28)";
      c.stroke();
    });
    textured(c, 0.055, 2, -500, -100, 2400, 760);
    gobo(c, t, {
      shade: "#dcc6ac", panes: [3, 2], x: 170 + t * 3.4, y: 40, w: 640, h: 500, skew: 150, area: [-320, -60, 1700, 720],
      leaves: [[830 + t * 3.4, 640, -0.62, 560, 0], [230 + t * 3.4, 20, 2.3, 380, 1.4], [560 + t * 3.4, 690, -0.28, 420, 2.6]],
    });
  });
  // The peg rail.
  world(c, t, 1, () => {
    saved(c, () => {
      c.filter = "blur(6px)";
      c.fillStyle = "rgba(96,60,32,.34)";
      c.fillRect(-500, 150, 2400, 14);
    });
    c.fillStyle = linear(c, 0, 106, 0, 152, "#d9ab77", "#c08d58", "#a3713f");
    c.fillRect(-500, 106, 2400, 46);
    c.fillStyle = "rgba(255,240,214,.5)";
    c.fillRect(-500, 106, 2400, 1.6);
    saved(c, () => {
      c.beginPath();
      c.rect(-500, 107, 2400, 44);
      c.clip();
      c.lineWidth = 1;
      for (let i = 0; i < 9; i++) {
        c.strokeStyle = `rgba(112,70,34,${0.1 + (i % 3) * 0.05})`;
        c.beginPath();
        for (let x = -500; x <= 1900; x += 40) c.lineTo(x, 111 + i * 5 + Math.sin(x * 0.004 + i * 1.7) * 2.4);
        c.stroke();
      }
    });
  });
  // A linen cloth on the left peg.
  world(c, t, 1, () => {
    saved(c, () => {
      const sway = Math.sin(t * 0.8) * 4;
      const cloth = () => {
        c.beginPath();
        c.moveTo(330, 132);
        c.bezierCurveTo(300, 190, 262, 280, 250 + sway, 560);
        c.bezierCurveTo(290 + sway, 578, 340 + sway, 556, 372 + sway, 572);
        c.bezierCurveTo(404 + sway, 584, 426 + sway, 566, 442 + sway, 570);
        c.bezierCurveTo(424, 300, 380, 190, 352, 132);
        c.closePath();
      };
      saved(c, () => {
        c.filter = "blur(14px)";
        c.translate(34, 22);
        cloth();
        c.fillStyle = "rgba(96,62,36,.3)";
        c.fill();
      });
      cloth();
      c.fillStyle = linear(c, 250, 0, 446, 0, "#fbf5ea", "#efe4d2", "#dccbb2");
      c.fill();
      c.clip();
      for (const [x, top, w, a] of [[288, 8, 20, 0.2], [322, 2, 15, 0.28], [362, -4, 24, 0.22], [404, -12, 16, 0.3]]) {
        saved(c, () => {
          c.filter = "blur(5px)";
          c.beginPath();
          c.moveTo(341 + top * 0.3, 140);
          c.quadraticCurveTo(x + 6, 260, x + sway - w / 2, 590);
          c.lineTo(x + sway + w / 2, 590);
          c.quadraticCurveTo(x + 16, 260, 343 + top * 0.3, 140);
          c.fillStyle = `rgba(134,100,66,${a})`;
          c.fill();
        });
      }
    });
  });
  // The ledge.
  world(c, t, 0.9, () => {
    c.fillStyle = linear(c, 0, 622, 0, 760, "#dcbc95", "#c69d70");
    c.fillRect(-500, 622, 2500, 200);
    c.fillStyle = linear(c, 0, 604, 0, 622, "rgba(110,72,40,0)", "rgba(110,72,40,.3)");
    c.fillRect(-500, 600, 2500, 22);
    c.fillStyle = "rgba(255,240,214,.55)";
    c.fillRect(-500, 622, 2500, 1.6);
  });
  // The bag.
  world(c, t, 1, () => {
    const { peg, drop, scale } = BAG;
    const cast = silhouette("bag", 460, 700, 11, "#5b371c", (f) => {
      f.translate(0, 120);
      drawStrap(f, -drop / scale + 6);
      drawBag(f);
    });
    saved(c, () => {
      c.globalCompositeOperation = "multiply";
      c.globalAlpha = 0.42;
      c.translate(peg.x + 46, peg.y + 30);
      c.rotate(bagAngle(t) * 0.94);
      c.translate(0, drop);
      c.scale(scale, scale);
      c.drawImage(cast, -230, -350 - 120);
    });
    pool(c, peg.x + 70 - bagAngle(t) * 300, 664, 190, 20, "84,50,24", 0.3);
    const strap = () => {
      c.translate(peg.x, peg.y);
      c.rotate(bagAngle(t));
      c.translate(0, drop);
      c.scale(scale, scale);
    };
    const peg_ = (x) => saved(c, () => {
      c.shadowColor = "rgba(80,44,16,.5)";
      c.shadowBlur = 8;
      c.shadowOffsetX = 5;
      c.shadowOffsetY = 6;
      ball(c, x, peg.y, 15, "#f2cf9c", "#c58f57", "#8a5b2c");
    });
    saved(c, () => {
      strap();
      drawStrap(c, -drop / scale + 6);
      drawBag(c);
    });
    for (const x of [341, peg.x, 1149, 1553]) peg_(x);
  });
  // The plinth with the sunglasses.
  world(c, t, GLASSES.depth, () => {
    const { x, y, scale } = GLASSES;
    pool(c, x + 74, 690, 250, 40, "84,50,24", 0.5);
    cylinder(c, x, 516, 152, 26, 190, ["#fbf3e6", "#e6d5be", "#a88c6b"], linear(c, x - 150, 500, x + 150, 540, "#fffaf0", "#ecdcc6"));
    textured(c, 0.04, 7, x - 152, 500, 304, 220);
    ball(c, x + 196, 664, 40, "#f6c7a2", "#cd8158", "#85452a");
    pool(c, x + 206, 706, 56, 10, "84,50,24", 0.5);
    pool(c, x + 26, y + 54, 140, 17, "92,56,26", 0.55);
    pool(c, x, y + 44, 96, 6, "60,30,10", 0.6);
    saved(c, () => {
      c.translate(x, y);
      c.scale(scale, scale);
      drawGlasses(c);
    });
  });
  foreground(c, t, 1.75, [[-160, 800, 0.42, 470, 0], [1560, 810, -0.34, 520, 2]], ["#7d8a5e", "#4a5636"]);
}

/** Leaves out of focus, close to the lens. */
function foreground(c, t, depth, places, [light, dark]) {
  world(c, t, depth, () => {
    for (const [x, y, turned, length, phase] of places) {
      const leaf = kept(`fg${length}${dark}`, () => {
        const sharp = sheet(length * 1.2, length * 1.3);
        const s = sharp.getContext("2d");
        s.filter = "blur(7px)";
        s.translate(length * 0.5, length * 1.18);
        sprig(s, { length, bend: 0.12, pairs: 7, leaf: length * 0.26, width: length * 0.045, stem: dark, light, dark });
        return sharp;
      });
      saved(c, () => {
        c.translate(x, y);
        c.rotate(turned + 0.022 * Math.sin(t * 0.9 + phase));
        c.globalAlpha = 0.9;
        c.drawImage(leaf, -length * 0.5, -length * 1.18);
      });
    }
  });
}

function dusk(c, t) {
  const lit = lampLight(t);
  const late = smooth(11.4, 14.2, t);
  world(c, t, 0.6, () => {
    c.fillStyle = linear(c, -100, -50, 1400, 640, mixed("#b3bfa6", "#56685a", late), mixed("#98a88d", "#43564b", late), mixed("#7b8d75", "#30423a", late));
    c.fillRect(-300, -100, 1900, 900);
    // Panels on the wall.
    for (const [x, y, w, h] of [[-60, 36, 380, 470], [372, 36, 560, 470], [984, 36, 380, 470]]) {
      saved(c, () => {
        c.lineWidth = 10;
        c.strokeStyle = `rgba(20,34,26,${0.1 + 0.05 * late})`;
        c.strokeRect(x + 3, y + 3, w, h);
        c.lineWidth = 3;
        c.strokeStyle = `rgba(255,255,240,${0.26 - 0.16 * late})`;
        c.strokeRect(x, y, w, h);
      });
    }
    textured(c, 0.05, 3, -300, -100, 1900, 760);
    if (late < 1) {
      saved(c, () => {
        c.globalAlpha = 1 - late;
        gobo(c, t, {
          shade: "#9fae98", panes: [2, 2], x: 560 + (t - 9.6) * 7, y: 6, w: 520, h: 470, skew: 170, area: [-300, -80, 1900, 700],
          leaves: [[1120 + (t - 9.6) * 7, 600, -0.7, 520, 0.6], [520 + (t - 9.6) * 7, 0, 2.5, 360, 2]],
        });
      });
    }
    if (lit > 0) {
      saved(c, () => {
        c.globalCompositeOperation = "soft-light";
        c.fillStyle = radial(c, LAMP.x + 34, 356, 20, 720, `rgba(255,206,128,${0.96 * lit})`, `rgba(255,186,104,${0.6 * lit})`, `rgba(255,176,92,${0.22 * lit})`, "rgba(255,170,90,0)");
        c.fillRect(-300, -100, 1900, 900);
        c.globalCompositeOperation = "screen";
        c.fillStyle = radial(c, LAMP.x + 34, 330, 10, 430, `rgba(214,140,60,${0.62 * lit})`, `rgba(160,92,34,${0.3 * lit})`, "rgba(120,70,20,0)");
        c.fillRect(-300, -100, 1900, 900);
      });
    }
  });
  world(c, t, 1, () => {
    // The sideboard.
    const top = 520;
    c.fillStyle = linear(c, 0, top, 0, top + 96, mixed("#e6cda6", "#8a6746", late), mixed("#d2b285", "#6a4a30", late));
    c.fillRect(-300, top, 1900, 100);
    c.fillStyle = linear(c, 0, top + 96, 0, 800, mixed("#b98f60", "#4a3120", late), mixed("#94693f", "#2e1d13", late));
    c.fillRect(-300, top + 96, 1900, 220);
    c.fillStyle = `rgba(255,244,222,${0.5 - 0.25 * late})`;
    c.fillRect(-300, top + 95, 1900, 2);
    c.fillStyle = linear(c, 0, top - 26, 0, top, "rgba(20,30,22,0)", "rgba(20,30,22,.34)");
    c.fillRect(-300, top - 26, 1900, 26);
    saved(c, () => {
      c.beginPath();
      c.rect(-300, top, 1900, 95);
      c.clip();
      for (let i = 0; i < 15; i++) {
        c.strokeStyle = `rgba(92,56,26,${0.07 + (i % 4) * 0.035})`;
        c.lineWidth = 1 + (i % 2) * 0.6;
        c.beginPath();
        for (let x = -300; x <= 1600; x += 50) c.lineTo(x, top + 4 + i * 6.4 + Math.sin(x * 0.003 + i * 2.1) * 3);
        c.stroke();
      }
    });
    if (lit > 0) {
      saved(c, () => {
        c.globalCompositeOperation = "screen";
        c.translate(LAMP.x, 556);
        c.scale(1, 0.2);
        c.fillStyle = radial(c, 0, 0, 10, 460, `rgba(255,186,98,${0.62 * lit})`, `rgba(200,126,56,${0.26 * lit})`, "rgba(120,70,20,0)");
        c.fillRect(-500, -500, 1000, 1000);
      });
    }
    // Two books under nothing but a small bowl.
    const book = (x, y, w, h, colours) => {
      c.beginPath();
      c.roundRect(x, y, w, h, 4);
      c.fillStyle = linear(c, 0, y, 0, y + h, ...colours);
      c.fill();
    };
    pool(c, 190, 566, 170, 16, "40,24,10", 0.5);
    book(74, 536, 214, 28, [mixed("#d98f6d", "#8f5238", late), mixed("#b4694a", "#5c3020", late)]);
    book(92, 512, 190, 24, [mixed("#f2e7d2", "#a18460", late), mixed("#d6c6a8", "#7c6042", late)]);
    c.fillStyle = linear(c, 200, 0, 300, 0, "rgba(255,196,112,0)", `rgba(255,196,112,${0.5 * lit})`);
    c.fillRect(200, 513, 84, 50);

    pool(c, LAMP.x + 50, 550, 178, 24, "46,28,12", 0.5 - 0.25 * lit);
    pool(c, LAMP.x, 545, 110, 12, "30,16,6", 0.62);
    saved(c, () => {
      c.translate(LAMP.x, LAMP.y);
      c.scale(LAMP.scale, LAMP.scale);
      drawLamp(c, lit);
    });
    if (lit > 0) {
      saved(c, () => {
        c.globalCompositeOperation = "screen";
        c.fillStyle = radial(c, LAMP.x, LAMP.y - 90, 30, 330, `rgba(255,206,134,${0.5 * lit})`, `rgba(255,176,92,${0.16 * lit})`, "rgba(255,160,70,0)");
        c.fillRect(-200, -200, 1400, 900);
      });
    }
  });
  world(c, t, VASE.depth, () => {
    const x = vaseX(t);
    pool(c, x + 26 + 40 * lit, 590, 230, 26, "34,20,8", 0.6);
    cylinder(c, x, 556, 164, 20, 22, [mixed("#f7f1e6", "#d8b58a", late), mixed("#e2d8c8", "#a17d58", late), mixed("#a79a86", "#44301f", late)], linear(c, x - 164, 0, x + 164, 0, mixed("#f4ede1", "#e9c595", late), mixed("#dcd0bf", "#8b6a4b", late)));
    pool(c, x + 40, 560, 120, 13, "34,20,8", 0.5);
    for (const [dx, turned, length, phase] of [[-6, -0.44, 300, 0], [2, 0.02, 350, 1.1], [8, 0.46, 290, 2.3]]) {
      saved(c, () => {
        c.translate(x + dx, VASE.y - 112 * VASE.scale + 26);
        const glide = 0.16 * (vaseX(t + 0.04) - vaseX(t)) / 9;
        c.rotate(turned + 0.012 * Math.sin(t * 1.1 + phase) - glide);
        sprig(c, { length, bend: turned * 0.34, pairs: 8, leaf: 66, width: 15, stem: mixed("#6d7448", "#3c4530", late), light: mixed("#a9bd8a", "#7d8a60", late), dark: mixed("#5f7a4e", "#2c4030", late), sway: 0.02 * Math.sin(t * 1.2 + phase) - glide * 0.6 });
      });
    }
    saved(c, () => {
      c.translate(x, VASE.y);
      c.scale(VASE.scale, VASE.scale);
      drawVase(c);
      vasePath(c);
      c.clip();
      c.fillStyle = linear(c, -60, 0, 76, 0, `rgba(16,22,20,${0.1 * late})`, `rgba(10,14,14,${0.6 * late})`);
      c.fillRect(-80, -130, 160, 260);
      c.fillStyle = linear(c, -76, 0, -28, 0, `rgba(255,196,112,${0.62 * lit})`, "rgba(255,196,112,0)");
      c.fillRect(-80, -130, 160, 260);
    });
  });
  if (late > 0) {
    c.fillStyle = radial(c, 470, 330, 260, 980, "rgba(8,14,12,0)", `rgba(8,14,12,${0.5 * late})`);
    c.fillRect(0, 0, WIDTH, HEIGHT);
  }
}

function table(c, t) {
  world(c, t, 0.5, () => {
    c.fillStyle = linear(c, 0, -60, 300, 700, "#efc4a8", "#e3a686", "#cd8767");
    c.fillRect(-200, -100, 1700, 900);
    // Paper hills and a low sun.
    ellipse(c, 812, 250, 186, 186, linear(c, 700, 80, 900, 430, "#fff0d8", "#fbd6ac"));
    c.fillStyle = linear(c, 0, 250, 0, 560, "#da9877", "#c98062");
    c.beginPath();
    c.moveTo(-200, 420);
    c.bezierCurveTo(80, 260, 320, 270, 560, 370);
    c.bezierCurveTo(760, 450, 980, 390, 1500, 270);
    c.lineTo(1500, 800);
    c.lineTo(-200, 800);
    c.fill();
    saved(c, () => {
      c.shadowColor = "rgba(104,44,22,.34)";
      c.shadowBlur = 34;
      c.shadowOffsetY = -6;
      c.fillStyle = linear(c, 0, 330, 0, 560, "#bf7253", "#a85c40");
      c.beginPath();
      c.moveTo(-200, 330);
      c.bezierCurveTo(60, 380, 210, 450, 480, 440);
      c.bezierCurveTo(820, 420, 1040, 330, 1500, 430);
      c.lineTo(1500, 800);
      c.lineTo(-200, 800);
      c.fill();
    });
    textured(c, 0.05, 4, -200, -100, 1700, 760);
  });
  world(c, t, 1, () => {
    saved(c, () => {
      c.shadowColor = "rgba(80,30,14,.4)";
      c.shadowBlur = 40;
      c.shadowOffsetY = -8;
      c.fillStyle = linear(c, 0, 440, 0, 760, "#f0dcc2", "#dcbd9a");
      c.fillRect(-300, 446, 1900, 400);
    });
    c.fillStyle = "rgba(255,250,238,.6)";
    c.fillRect(-300, 446, 1900, 2);
    textured(c, 0.04, 6, -300, 446, 1900, 300);
    const { x, y, rx, ry } = TABLE;
    pool(c, x + 60, y + 66, rx + 120, ry + 36, "92,50,22", 0.62);
    cylinder(c, x, y, rx, ry, 30, ["#d9a873", "#b98350", "#71451f"], linear(c, x - rx, y - ry, x + rx, y + ry, "#e9c292", "#cf9e68", "#b98350"));
    // Rings of the turned wood, and knots that show it turning.
    saved(c, () => {
      c.beginPath();
      c.ellipse(x, y, rx, ry, 0, 0, TAU);
      c.clip();
      for (let i = 1; i < 12; i++) {
        c.lineWidth = 1 + (i % 3) * 0.7;
        c.strokeStyle = `rgba(110,66,28,${0.1 + (i % 4) * 0.035})`;
        c.beginPath();
        for (let a = 0; a <= TAU + 0.01; a += TAU / 90) {
          const r = (i / 11.6) * (1 + 0.035 * Math.sin(2 * (a - turn(t)) + i * 0.5) + 0.018 * Math.sin(5 * (a - turn(t)) + i));
          c.lineTo(x + Math.cos(a) * rx * r, y + Math.sin(a) * ry * r);
        }
        c.stroke();
      }
      c.lineWidth = 5;
      c.strokeStyle = "rgba(255,240,214,.3)";
      c.beginPath();
      c.ellipse(x, y + 2, rx - 8, ry - 3, 0, 0, TAU);
      c.stroke();
    });
    const things = [
      [turn(t), (scale) => {
        pool(c, 46 * scale, -1, 124 * scale, 22 * scale, "78,38,14", 0.55);
        pool(c, 0, 4, 84 * scale, 18 * scale, "60,26,8", 0.5);
        c.scale(MUG.scale * scale, MUG.scale * scale);
        drawMug(c, mugSpin(t));
      }, 0.7],
      [turn(t) + 2.2, (scale) => {
        pool(c, 40 * scale, 2, 96 * scale, 18 * scale, "78,38,14", 0.55);
        c.scale(scale, scale);
        pear(c);
      }, 0.66],
      [turn(t) + 3.05, (scale) => {
        pool(c, 34 * scale, 2, 70 * scale, 14 * scale, "78,38,14", 0.5);
        c.scale(scale, scale);
        ball(c, 0, -40, 44, "#ffdca0", "#ee9a4c", "#a8491d");
        ellipse(c, -4, -77, 7, 2.6, "rgba(96,40,14,.5)");
      }, 0.6],
      [turn(t) + 4.25, (scale) => {
        pool(c, 30 * scale, 2, 80 * scale, 16 * scale, "78,38,14", 0.5);
        c.scale(scale, scale);
        bowl(c);
      }, 0.7],
    ].map(([angle, paint, radius]) => ({ ...onTable(angle, radius), paint }));
    for (const { x: px, y: py, scale, paint } of things.sort((a, b) => a.y - b.y)) {
      saved(c, () => {
        c.translate(px, py);
        paint(scale);
      });
    }
    steam(c, t);
  });
  const shown = endCard(t);
  if (shown > 0) {
    c.fillStyle = `rgba(244,236,224,${shown})`;
    c.fillRect(0, 0, WIDTH, HEIGHT);
    saved(c, () => {
      c.globalAlpha = smooth(24.4, 25.2, t);
      c.fillStyle = "#3a2a1f";
      c.textAlign = "center";
      c.textBaseline = "middle";
      c.font = '300 54px "Inter Display", "Helvetica Neue", Arial, sans-serif';
      c.letterSpacing = "15px";
      c.fillText("MAISON ONDINE", WIDTH / 2 + 7, HEIGHT / 2 - 10);
      c.font = '400 20px "Inter Display", "Helvetica Neue", Arial, sans-serif';
      c.letterSpacing = "2px";
      c.fillStyle = "#8a6f58";
      c.fillText("Objects for slow days", WIDTH / 2, HEIGHT / 2 + 50);
    });
  }
}

function pear(c) {
  c.beginPath();
  c.moveTo(0, 0);
  c.bezierCurveTo(-62, 2, -64, -66, -34, -92);
  c.bezierCurveTo(-20, -106, -24, -142, 4, -144);
  c.bezierCurveTo(30, -142, 22, -106, 36, -90);
  c.bezierCurveTo(66, -62, 60, 2, 0, 0);
  const g = c.createRadialGradient(-20, -66, 4, 0, -54, 92);
  c.fillStyle = fill(g, ["#eee39a", "#c9c164", "#8d8b35", "#5c5a1e"]);
  c.fill();
  c.lineCap = "round";
  c.lineWidth = 5;
  c.strokeStyle = "#5a3a1c";
  c.beginPath();
  c.moveTo(4, -142);
  c.quadraticCurveTo(6, -160, 16, -168);
  c.stroke();
}

function bowl(c) {
  c.beginPath();
  c.moveTo(-72, -50);
  c.bezierCurveTo(-66, -10, -36, 6, 0, 6);
  c.bezierCurveTo(36, 6, 66, -10, 72, -50);
  c.closePath();
  c.fillStyle = linear(c, -72, 0, 72, 0, [0, "#40707a"], [0.25, "#8fb9b8"], [0.55, "#4b7d85"], [1, "#17343f"]);
  c.fill();
  ellipse(c, 0, -50, 72, 17, "#6d9ea2");
  ellipse(c, 0, -49, 66, 13.6, linear(c, -66, 0, 66, 0, "#173843", "#4b7d85"));
}

function steam(c, t) {
  const foot = onTable(turn(t));
  saved(c, () => {
    c.translate(foot.x, foot.y - MUG.height * MUG.scale * foot.scale - 8);
    c.filter = "blur(9px)";
    c.lineCap = "round";
    for (let i = 0; i < 2; i++) {
      c.beginPath();
      for (let u = 0; u <= 1.001; u += 0.1) {
        c.lineTo((i ? 16 : -16) + Math.sin(u * 5 - t * 1.5 + i * 2) * 16 * u + u * 18, -u * 130);
      }
      c.lineWidth = 16;
      c.strokeStyle = linear(c, 0, 0, 0, -130, "rgba(255,250,240,0)", "rgba(255,250,240,.3)", "rgba(255,250,240,0)");
      c.stroke();
    }
  });
}

const PAINT = { morning, dusk, table };

/** Draws the picture at `t` seconds. */
export function drawFrame(c, t) {
  c.setTransform(1, 0, 0, 1, 0, 0);
  PAINT[sceneAt(t).id](c, t);
  if (endCard(t) < 1) {
    c.fillStyle = kept("vignette", () => radial(c, 640, 340, 420, 900, "rgba(50,26,10,0)", "rgba(50,26,10,.2)"));
    c.globalAlpha = 1 - endCard(t);
    c.fillRect(0, 0, WIDTH, HEIGHT);
    c.globalAlpha = 1;
  }
}

// ---- the shop's product pictures -------------------------------------------------------------

const STILLS = {
  bag: ["#f2e9dd", "#dccbb5", (c) => still(c, 1.34, 388, 520, 236, () => { drawStrap(c, -232, "tan", true); drawBag(c, "tan"); })],
  "bag-moss": ["#f0ece1", "#d6d2bf", (c) => still(c, 1.34, 388, 520, 236, () => { drawStrap(c, -232, "moss", true); drawBag(c, "moss"); })],
  "bag-ink": ["#efebe6", "#d3cdc5", (c) => still(c, 1.34, 388, 520, 236, () => { drawStrap(c, -232, "ink", true); drawBag(c, "ink"); })],
  sunglasses: ["#f3e7db", "#e0c7b0", (c) => still(c, 2.25, 338, 420, 250, () => drawGlasses(c))],
  lamp: ["#e4e8dc", "#c3ccb8", (c) => {
    c.fillStyle = radial(c, 320, 270, 20, 380, "rgba(255,224,164,.62)", "rgba(255,224,164,0)");
    c.fillRect(0, 0, 640, 640);
    still(c, 1.5, 326, 548, 190, () => drawLamp(c, 0.85));
  }],
  vase: ["#eceae0", "#cfd2c5", (c) => still(c, 1.98, 334, 556, 190, () => drawVase(c))],
  mug: ["#f5e3d5", "#e3bda3", (c) => still(c, 2.5, 468, 476, 250, () => drawMug(c, 0.32, "oat"), -18)],
  "mug-ink": ["#ecebe6", "#ccd0d2", (c) => still(c, 2.5, 468, 476, 250, () => drawMug(c, 0.32, "ink"), -18)],
};

function still(c, scale, y, ground, spread, paint, shift = 0) {
  pool(c, 362, ground + 8, spread, 26, "70,44,22", 0.34);
  pool(c, 326, ground + 4, spread * 0.72, 13, "50,28,12", 0.42);
  saved(c, () => {
    c.translate(320 + shift, y);
    c.scale(scale, scale);
    paint();
  });
}

export const PICTURES = Object.keys(STILLS);

/** Draws a product's square picture, 640 by 640. */
export function drawPicture(c, name) {
  const [light, dark, paint] = STILLS[name];
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.fillStyle = linear(c, 0, 0, 420, 640, light, dark);
  c.fillRect(0, 0, 640, 640);
  paint(c);
}
