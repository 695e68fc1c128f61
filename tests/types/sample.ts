// What a shop's developer writes. `cargo xtask test package` checks that `tsc --strict` takes it.
import { attach } from "vitrine";

const video = document.querySelector<HTMLVideoElement>("#look");
if (!video) throw new Error("no video");

const overlay = await attach(video, {
  config: {
    version: 1,
    video: { id: "spring-look", duration: 42 },
    products: [{ id: "bag-01", title: "Leather bag", price: "129.00 EUR", availability: "in_stock" }],
    hotspots: [
      {
        id: "bag",
        label: "Leather bag",
        products: ["bag-01"],
        start: 2,
        end: "00:14.500",
        shape: "ellipse",
        interpolation: "catmull-rom",
        keyframes: [{ time: 2, x: 41.2, y: 55, w: 12, h: 18 }],
        action: { type: "card" },
        pause: true,
      },
    ],
  },
  collector: "https://collect.example/events",
  cart: async (line) => {
    const answer = await fetch("/cart", { method: "POST", body: JSON.stringify(line) });
    return answer.ok ? { ok: true } : { ok: false, reason: answer.statusText };
  },
});

video.addEventListener("vitrine:hotspot-click", (event) => console.log(event.detail));
video.addEventListener("vitrine:add-to-cart", (event) => event.preventDefault());
video.addEventListener("vitrine:error", (event) => console.warn(event.detail));

overlay.track("newsletter_open", { source: "card" });
overlay.consent("granted");
await overlay.setConfig("/autumn.hotspots.json");
await overlay.flush();
overlay.destroy();

// @ts-expect-error: there is no such method.
overlay.detach();
// @ts-expect-error: an overlay needs a video.
await attach("#look", { config: "/spring.hotspots.json" });
