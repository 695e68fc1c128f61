// `vitrine-fullscreen.mjs`: an overlay whose video leaves the page. Loaded when one does.
import css from "./fullscreen.css";
import follow from "./fullscreen.js";
import init, { topmost } from "./fullscreen/vitrine-fullscreen.js";

let ready;

// `last` returns what the video did last.
export default async (host, last) => {
  await (ready ||= init().catch((error) => {
    ready = 0;
    throw error;
  }));
  if (!host.abort.signal.aborted) follow(host, css, topmost, last());
};
