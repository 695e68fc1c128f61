// What a shop's developer writes. `cargo xtask test package` checks that `tsc --strict` takes it.
import { attach, type CartAnswer, type HotspotFile, type Overlay, type VitrineEvent } from "vitrine";

const video = document.querySelector<HTMLVideoElement>("video#look");
if (!video) throw new Error("this page has no video");

const config: HotspotFile = {
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
};

async function cart(event: VitrineEvent): Promise<CartAnswer> {
  const answer = await fetch("/cart", { method: "POST", body: JSON.stringify(event.items ?? []) });
  return answer.ok ? { ok: true } : { ok: false, reason: answer.statusText };
}

const overlay: Overlay = await attach(video, {
  config,
  cart,
  products: async (ids, { signal }) => (signal.aborted ? [] : ids.map((id) => ({ id, price: "119.00 EUR", availability: "in_stock" as const }))),
  collector: ["https://collect.example/events", { format: "dataLayer" }],
  consent: "tcf",
});

video.addEventListener("vitrine:ready", () => overlay.track("newsletter_open", { source: "card" }));
video.addEventListener("vitrine:hotspot-click", (event) => {
  const id: string | undefined = event.detail.hotspot_id;
  const seconds: number = event.detail.media_time;
  console.log(id, seconds.toFixed(3));
});
video.addEventListener("vitrine:add-to-cart", (event) => {
  if (event.detail.currency !== "EUR") event.preventDefault();
});
video.addEventListener("vitrine:error", (event) => {
  for (const problem of event.detail.problems) console.warn(problem.path, problem.allowed);
});

overlay.consent("granted");
overlay.setConfig(config);
overlay.purchase({ order_id: "1001", value: 9900, currency: "EUR", items: [{ item_id: "bag-01" }] });
overlay.identify("ana@example.com");
window.vitrineOrder?.push({ checkout_step: "payment_shown" });
overlay.flush();
overlay.destroy();

// The script tag's users, before and after the module has loaded; and a config by its URL.
(window.vitrine ||= []).push((vitrine) => vitrine.purchase({ order_id: "1001", value: 9900, currency: "EUR" }));
await attach("#look", { config: "/spring.hotspots.json", signal: AbortSignal.timeout(1000) });
document.querySelector("vitrine-overlay")?.overlay?.flush();

// What must not pass: a wrong word, a missing config, a method that is not there.
// @ts-expect-error
overlay.consent("perhaps");
// @ts-expect-error
await attach(video, { collector: "https://collect.example/events" });
// @ts-expect-error
overlay.detach();
