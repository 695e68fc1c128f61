import { useEffect, useRef } from "react";
import { attach } from "vitrine";
// The bundler says where it puts the WebAssembly.
import wasm from "vitrine/vitrine_bg.wasm?url";

/**
 * A video with an overlay. `onAdd(items)` puts products into the cart, and may return a promise of the cart's answer.
 * Keep `config` the same object (or a URL) between renderings: another one is another hotspot file.
 */
export function ShoppableVideo({ config, collector, onAdd, ...attributes }) {
  const video = useRef(null);

  // The newest one is called, without attaching anew for it.
  const add = useRef(onAdd);
  useEffect(() => {
    add.current = onAdd;
  });

  useEffect(() => {
    const end = new AbortController();
    attach(video.current, {
      config,
      collector,
      wasm,
      signal: end.signal,
      cart: async (event) => (await add.current(event.items)) ?? { ok: true },
    }).catch((error) => {
      // The video plays on without products.
      if (!end.signal.aborted) console.warn(error.message);
    });
    return () => end.abort();
  }, [config, collector]);

  // The box is the overlay's too: it is drawn beside the video.
  return (
    <div className="player">
      <video ref={video} muted playsInline controls preload="auto" {...attributes} />
    </div>
  );
}
