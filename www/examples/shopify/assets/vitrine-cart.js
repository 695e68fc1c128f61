// Attaches Vitrine to the video of its section, and sells into the shop's cart by Shopify's Ajax API:
// https://shopify.dev/docs/api/ajax/reference/cart
(() => {
  const video = document.currentScript.parentElement.querySelector("video");
  const { vitrine, hotspots, collector, cartAdd, checkout } = video.dataset;

  const cart = async ({ type, items }) => {
    const response = await fetch(cartAdd, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ items: items.map(({ platform_id, quantity }) => ({ id: platform_id, quantity })) }),
    });
    const answer = await response.json();
    // Shopify says in the shop's language why not: sold out, most often.
    if (!response.ok) return { ok: false, reason: answer.description };
    // Here a theme also refreshes its cart drawer and the number on its cart icon.
    return { ok: true, checkout_url: type === "buy_now" ? checkout : undefined };
  };

  const start = async () => {
    try {
      const folder = new URL(vitrine.replace(/\/?$/, "/"), document.baseURI);
      const { attach } = await import(new URL("vitrine.mjs", folder).href);
      await attach(video, { config: hotspots, collector, cart });
    } catch (error) {
      // The video plays on without products.
      console.warn(error.message);
    }
  };

  // Nothing is fetched before the viewer comes near.
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    start();
  }, { rootMargin: "50%" });
  near.observe(video);
})();
