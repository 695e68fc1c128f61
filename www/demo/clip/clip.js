// Plays the scene on a canvas. With ?render it draws every frame once and posts the raw pixels to
// render.mjs; with ?at=SECONDS it draws that one frame; with ?picture=NAME one product picture.
import { DURATION, FPS, HEIGHT, WIDTH } from "./scene.js";
import { PICTURES, drawFrame, drawPicture } from "./draw.js";

const query = new URLSearchParams(location.search);
const canvas = document.querySelector("#picture");
const context = canvas.getContext("2d", { willReadFrequently: true });

const post = async (path, body) => {
  const answer = await fetch(path, { method: "POST", body });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
};

const png = (target) => new Promise((done) => target.toBlob(done, "image/png"));

async function render() {
  for (const name of PICTURES) {
    const square = Object.assign(document.createElement("canvas"), { width: 640, height: 640 });
    drawPicture(square.getContext("2d"), name);
    await post(`/picture/${name}`, await png(square));
  }
  const times = query.get("render");
  const frames = times ? times.split(",").map((t) => Math.round(t * FPS)) : Array.from({ length: DURATION * FPS }, (_, i) => i);
  for (const frame of frames) {
    drawFrame(context, frame / FPS);
    if (times) await post(`/still/${(frame / FPS).toFixed(2)}`, await png(canvas));
    else await post("/frame", context.getImageData(0, 0, WIDTH, HEIGHT).data);
  }
  await post("/done", "");
}

if (query.has("render")) {
  render().catch((error) => post("/failed", String(error.stack ?? error)));
} else if (query.has("picture")) {
  canvas.width = canvas.height = 640;
  drawPicture(context, query.get("picture"));
} else if (query.has("at")) {
  drawFrame(context, Number(query.get("at")));
} else {
  const begun = performance.now();
  const play = () => {
    drawFrame(context, ((performance.now() - begun) / 1000) % DURATION);
    requestAnimationFrame(play);
  };
  play();
}
