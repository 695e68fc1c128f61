// Renders the clip: a headless Chromium draws each frame, ffmpeg encodes them.
//   node render.mjs                 the clip, its poster and the product pictures, into ../media
//   node render.mjs --stills 1,12.5 only these seconds and the pictures, as PNG, into --out DIR
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { FPS, HEIGHT, WIDTH } from "./scene.js";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const stills = option("stills");
const media = option("out") ?? join(here, "..", "media");
const work = await mkdtemp(join(tmpdir(), "vitrine-clip-"));
const master = join(work, "master.mkv");

function run(command, ...args) {
  const child = spawn(command, args, { stdio: ["pipe", "inherit", "inherit"] });
  const ended = new Promise((done, failed) => {
    child.on("error", (error) => failed(new Error(`${command}: ${error.message}`)));
    child.on("exit", (code) => (code ? failed(new Error(`${command} ended with ${code}`)) : done()));
  });
  return { child, ended };
}
const ffmpeg = (...args) => {
  const { child, ended } = run("ffmpeg", "-y", "-hide_banner", "-loglevel", "error", ...args);
  child.stdin.end();
  return ended;
};

await mkdir(media, { recursive: true });
const recorder = stills === undefined
  ? run("ffmpeg", "-y", "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${WIDTH}x${HEIGHT}`, "-r", `${FPS}`, "-i", "-",
      "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "4", "-pix_fmt", "yuv444p", master)
  : undefined;

const TYPES = { html: "text/html", js: "text/javascript", css: "text/css" };
let finish, fail;
const drawn = new Promise((done, failed) => ([finish, fail] = [done, failed]));
let frames = 0;

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  try {
    if (request.method === "GET") {
      const name = pathname === "/" ? "index.html" : normalize(pathname).slice(1);
      const body = await readFile(join(here, name));
      response.writeHead(200, { "content-type": TYPES[name.split(".").pop()] ?? "application/octet-stream" }).end(body);
      return;
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const [, kind, name] = pathname.split("/");
    if (kind === "frame") {
      if (!recorder.child.stdin.write(body)) await once(recorder.child.stdin, "drain");
      if (++frames % 50 === 0) console.log(`${frames} frames`);
    } else if (kind === "picture" || kind === "still") {
      await writeFile(join(stills === undefined ? work : media, `${name}.png`), body);
    } else if (kind === "done") {
      finish();
    } else if (kind === "failed") {
      fail(new Error(body.toString()));
    }
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(404).end();
    if (request.method === "POST") fail(error);
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const chromium = run(process.env.CHROMIUM ?? "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--log-level=3",
  `--user-data-dir=${join(work, "profile")}`, "--remote-debugging-port=0",
  `http://127.0.0.1:${server.address().port}/?render=${stills ?? ""}`);
chromium.ended.catch(fail);

try {
  await drawn;
} finally {
  chromium.child.kill();
  await chromium.ended.catch(() => {});
  server.close();
  server.closeAllConnections();
}

if (recorder) {
  recorder.child.stdin.end();
  await recorder.ended;
  const colours = ["-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"];
  const second = ["-g", `${FPS}`, "-keyint_min", `${FPS}`];
  const [mp4, webm, poster] = ["spring.mp4", "spring.webm", "poster.webp"].map((name) => join(media, name));
  await ffmpeg("-i", master, "-an", "-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-crf", "29", "-bf", "0", ...second,
    "-profile:v", "high", ...colours, "-movflags", "+faststart", mp4);
  for (const pass of ["1", "2"]) {
    await ffmpeg("-i", master, "-an", "-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "40", "-deadline", "good", "-cpu-used", pass === "1" ? "4" : "2",
      "-row-mt", "1", "-tile-columns", "1", "-auto-alt-ref", "1", "-lag-in-frames", "25", ...second, ...colours,
      "-pass", pass, "-passlogfile", join(work, "vp9"), ...(pass === "1" ? ["-f", "null", "/dev/null"] : [webm]));
  }
  await ffmpeg("-ss", "7", "-i", master, "-frames:v", "1", "-c:v", "libwebp", "-quality", "80", poster);
  for (const name of (await readdir(work)).filter((name) => name.endsWith(".png"))) {
    await ffmpeg("-i", join(work, name), "-c:v", "libwebp", "-quality", "84", join(media, name.replace(".png", ".webp")));
  }
  for (const path of [mp4, webm, poster]) console.log(path, (await stat(path)).size);
}
await rm(work, { recursive: true, force: true, maxRetries: 20 });
