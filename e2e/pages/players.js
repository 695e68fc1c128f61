// What the tests of players ask a page. It comes after probe.js.
"use strict";

const players = window.players = {
  // Where the clip's box is at a time, in shares of the picture; as ffmpeg drew it.
  truth: (time) => [(88 + 74 * time) / 640, (156 + 40 * Math.sin(2 * time)) / 360],
  // How far the hotspot `box` is from the clip's box, in shares of the picture's width. The picture
  // fills its video or, where `natural`, has its own size in the middle of it, or is as large as fits.
  off(time, video = probe.video(), natural = false) {
    const spot = probe.spot("box", video)?.getBoundingClientRect();
    if (!spot) return 9;
    const box = video.getBoundingClientRect(), [x, y] = players.truth(time);
    const own = [video.videoWidth, video.videoHeight], fit = Math.min(box.width / own[0], box.height / own[1]);
    const size = natural === "contain" ? own.map((side) => side * fit) : natural ? own : [box.width, box.height];
    return Math.hypot(spot.x + spot.width / 2 - box.x - box.width / 2 - (x - 0.5) * size[0],
      spot.y + spot.height / 2 - box.y - box.height / 2 - (y - 0.5) * size[1]) / size[0];
  },
  // Notes `off` for every frame drawn, and the picture's size in it.
  record(video = probe.video(), natural = false) {
    const rows = players.rows = [];
    const note = (_, { mediaTime, width }) => {
      rows.push([players.off(mediaTime, video, natural), width]);
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  },
  // The innermost element at a place, in shadow roots too.
  at(x, y) {
    let element = document.elementFromPoint(x, y);
    while (element?.shadowRoot?.elementFromPoint(x, y) && element.shadowRoot.elementFromPoint(x, y) !== element) {
      element = element.shadowRoot.elementFromPoint(x, y);
    }
    return element;
  },
  // Which of these elements a click at their centre would not reach.
  covered(elements) {
    return [...elements].filter((element) => element.getClientRects().length).filter((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      let reached = players.at(x + width / 2, y + height / 2);
      while (reached && !element.contains(reached)) reached = reached.getRootNode().host;
      return !reached;
    }).map((element) => element.className || element.localName);
  },
};
