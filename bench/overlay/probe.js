// What both pages are measured with. It knows how either library marks a hotspot, and nothing else.
{
  // The peer's markers fade out after they have left: then they count as gone.
  const HOTSPOT = "button.hotspot, .ci-video-hotspot-marker:not(.ci-video-hotspot-marker--exiting)";
  const roots = [document];
  const hotspots = () => roots.flatMap((root) => [...root.querySelectorAll(HOTSPOT)]);
  const number = ({ dataset }) => +(dataset.hotspot ?? dataset.hotspotId).slice(1);
  const video = () => document.querySelector("video");

  let began, show, shown;
  const painted = new Promise((resolve) => {
    show = resolve;
  });
  const longTasks = [];
  let updates = 0;
  const memories = [];

  // How often either library looks where its hotspots should be: the peer asks for animation frames, Vitrine for the video's.
  const { requestAnimationFrame: animationFrame } = window, { requestVideoFrameCallback: videoFrame } = HTMLVideoElement.prototype;
  const counted = (callback) => (...values) => {
    updates++;
    callback(...values);
  };
  window.requestAnimationFrame = (callback) => animationFrame(counted(callback));
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
    return videoFrame.call(this, counted(callback));
  };

  // The first hotspot in the document may still lie in a box without a size: it counts once a click would meet it.
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    const met = element.getRootNode().elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return met.some((other) => element.contains(other));
  };
  const frame = () => {
    const [first] = hotspots();
    if (!first || !visible(first)) return void animationFrame(frame);
    shown = performance.now() - began;
    // A message posted in a frame's callback comes after that frame was painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => show(performance.now() - began);
    port2.postMessage(0);
  };
  const mutations = new MutationObserver(() => {
    if (!hotspots().length) return;
    mutations.disconnect();
    animationFrame(frame);
  });
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    roots.push(root);
    mutations.observe(root, { childList: true, subtree: true });
    return root;
  };
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...values) => {
    const started = await instantiate.apply(WebAssembly, values);
    memories.push(...Object.values(started.instance.exports).filter((value) => value instanceof WebAssembly.Memory));
    return started;
  };

  window.bench = {
    painted,
    longTasks,
    // Right before the library's script tag.
    begin() {
      new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime - began, duration])))
        .observe({ type: "longtask" });
      mutations.observe(document, { childList: true, subtree: true });
      began = performance.now();
    },
    wasmBytes: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
    frames: () => video().getVideoPlaybackQuality().totalVideoFrames - video().getVideoPlaybackQuality().droppedVideoFrames,
    // Script and WebAssembly that came over the network: name, when it was asked for, bytes as they were sent.
    files: () => performance.getEntriesByType("resource").filter(({ name }) => /\/lib\//.test(name))
      .map(({ name, startTime, encodedBodySize }) => [name, startTime - began, encodedBodySize]),
    updates: () => updates,
    // When the frame with the first hotspot began to be painted.
    shown: () => shown,
    // For so many seconds, at each new frame of the video: its time, the number of frames put on screen so far, the hotspots that
    // are painted with it, and where some of these are, in percent of the picture's width.
    watch: (seconds) => new Promise((resolve) => {
      const rows = [], until = performance.now() + seconds * 1000;
      videoFrame.call(video(), function next(now, { mediaTime, presentedFrames }) {
        if (now < until) videoFrame.call(video(), next);
        else setTimeout(resolve, 0, rows);
        // After everybody's callbacks for this frame, right before it is painted.
        animationFrame(() => {
          const { x, width } = video().getBoundingClientRect(), all = hotspots();
          const at = all.slice(0, 4).map((element) => {
            const box = element.getBoundingClientRect();
            return [number(element), (box.x + box.width / 2 - x) / width * 100];
          });
          rows.push([mediaTime, presentedFrames, all.map(number), at]);
        });
      });
    }),
  };
}
